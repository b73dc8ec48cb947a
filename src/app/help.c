#include "app/help.h"
#include "app/options.h"

enum { HELP_MAX = 256 * 1024, NAME_WIDTH = 14, OPTION_WIDTH = 24 };

static const char about_program[] =
	"the town hall's counter: receives, decides and proves what citizens ask for";

struct str help_program(struct arena *a)
{
	struct buf out = buf_new(a, HELP_MAX);
	buf_printf(&out, "ventanilla: %s\n\nusage: ventanilla COMMAND [OPTION…] [ARGUMENT…]\n\n", about_program);
	for (const struct command *const *table = command_tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++)
			buf_printf(&out, "  %-*s %s\n", NAME_WIDTH, c->name, c->about);
	}
	buf_add(&out, STR("\n'ventanilla COMMAND --help' tells what a command takes.\n"));
	return buf_str(&out);
}

static void add_usage(struct buf *out, const struct command *c)
{
	buf_add(out, str_of(c->name));
	for (const struct command_option *o = c->options; o && o->name; o++) {
		buf_printf(out, o->is_required ? " --%s" : " [--%s", o->name);
		if (o->value) buf_printf(out, " %s", o->value);
		if (!o->is_required) buf_add_char(out, ']');
	}
	if (c->arguments) buf_printf(out, " %s", c->arguments);
}

struct str help_command(struct arena *a, const struct command *c)
{
	struct buf out = buf_new(a, HELP_MAX);
	buf_add(&out, STR("usage: ventanilla "));
	add_usage(&out, c);
	buf_printf(&out, "\n\n%s.\n", c->about);
	if (c->more) buf_printf(&out, "%s\n", c->more);
	if (c->options) buf_add_char(&out, '\n');
	for (const struct command_option *o = c->options; o && o->name; o++) {
		struct str typed = arena_printf(a, "--%s%s%s", o->name, o->value ? " " : "",
			o->value ? o->value : "");
		buf_printf(&out, "  %-*s %s\n", OPTION_WIDTH, typed.p, o->about);
	}
	return buf_str(&out);
}

/* --- the man page ---------------------------------------------------------------------------------------- */

/* Text for roff: a hyphen that is typed stays one, a line never begins with a control character. */
static void add_roff(struct buf *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '\\')
			buf_add(out, STR("\\e"));
		else if (*c == '-')
			buf_add(out, STR("\\-"));
		else if ((*c == '.' || *c == '\'') && (c == text || c[-1] == '\n'))
			buf_printf(out, "\\&%c", *c);
		else
			buf_add_char(out, *c);
	}
}

static void add_command(struct buf *out, const struct command *c)
{
	struct buf usage = buf_new(out->arena, HELP_MAX);
	add_usage(&usage, c);
	buf_add(out, STR(".SS "));
	add_roff(out, buf_str(&usage).p);
	buf_add_char(out, '\n');
	add_roff(out, c->about);
	buf_add(out, STR(".\n"));
	if (c->more) {
		add_roff(out, c->more);
		buf_add_char(out, '\n');
	}
	for (const struct command_option *o = c->options; o && o->name; o++) {
		buf_add(out, STR(".TP\n.B \\-\\-"));
		add_roff(out, o->name);
		if (o->value) buf_printf(out, " \\fI%s\\fP", o->value);
		buf_add_char(out, '\n');
		add_roff(out, o->about);
		buf_add(out, STR(".\n"));
	}
}

static void add_exit_codes(struct buf *out)
{
	buf_add(out,
		STR(".SH EXIT STATUS\n0 when all went well; otherwise by the kind of failure, as sysexits.h has them.\n"));
	bool is_told[256] = { false };
	for (int code = 0; code < ERR_CODE_MAX; code++) {
		struct err e = { .code = (enum err_code)code };
		int exit_code = err_exit_code(&e) & 0xff;
		if (is_told[exit_code]) continue;
		is_told[exit_code] = true;
		buf_printf(out, ".TP\n.B %d\n", exit_code);
		const char *separator = "";
		for (int other = code; other < ERR_CODE_MAX; other++) {
			struct err same = { .code = (enum err_code)other };
			if ((err_exit_code(&same) & 0xff) != exit_code) continue;
			buf_add(out, str_of(separator));
			add_roff(out, err_code_name((enum err_code)other));
			separator = ", ";
		}
		buf_add_char(out, '\n');
	}
}

struct str help_manual(struct arena *a)
{
	struct buf out = buf_new(a, HELP_MAX);
	buf_add(&out,
		STR(".\\\" Written by 'ventanilla manual' from the tables of src/app; do not edit.\n"
			".TH VENTANILLA 1\n.SH NAME\nventanilla \\- "));
	add_roff(&out, about_program);
	buf_add(&out,
		STR("\n.SH SYNOPSIS\n.B ventanilla\n.I command\n[\\fIoption\\fP ...] [\\fIargument\\fP ...]\n"
			".SH DESCRIPTION\nOne program serves one or more municipalities from a data folder, which holds "
			"installation.yaml and a folder for each of them. "
			"An option may be written --name value or --name=value; -- ends the options. "
			"Every command tells about itself with --help.\n.SH COMMANDS\n"));
	for (const struct command *const *table = command_tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++)
			add_command(&out, c);
	}
	add_exit_codes(&out);
	buf_add(&out,
		STR(".SH SIGNALS\n.TP\n.B SIGTERM, SIGINT\nA server takes no new connections, finishes what is in "
			"flight, and ends; after twenty seconds also without a request that does not end, with status 69.\n"
			".TP\n.B SIGHUP\nA server reads the TLS certificate and key again.\n"
			".SH FILES\n.TP\n.I DIR/installation.yaml\naddresses, hosts and folders of the installation; "
			"docs/configuration.md has every key.\n.TP\n.I DIR/correo/*/*.eml\nThe mails of the demonstration's "
			"municipalities, which are kept instead of sent.\n.TP\n.I DIR/TOWN/\ntown.db, files/ and keys/ of one "
			"municipality.\n"));
	return buf_str(&out);
}
