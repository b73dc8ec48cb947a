#include <stdarg.h>
#include <unistd.h>

#include "app/options.h"
#include "core/definition/finding.h"

/* --- what a command reads ------------------------------------------------------------------------------ */

static int option_place(const struct command *command, struct str name)
{
	for (int i = 0; command->options && command->options[i].name; i++) {
		if (str_eq(name, str_of(command->options[i].name))) return i;
	}
	return -1;
}

struct str call_option(const struct command_call *call, const char *name)
{
	int place = option_place(call->command, str_of(name));
	must(place >= 0);
	return call->values[place];
}

bool call_has(const struct command_call *call, const char *name)
{
	return !str_is_none(call_option(call, name));
}

struct err *call_number(const struct command_call *call, const char *name, int64_t min, int64_t max,
	int64_t missing, int64_t *ret)
{
	struct str text = call_option(call, name);
	if (str_is_none(text)) {
		*ret = missing;
		return NULL;
	}
	if (!str_to_int64(text, min, max, ret))
		return ERR(call->arena, ERR_USAGE, NULL, "--%s takes a number from %lld to %lld, not '%.*s'", name,
			(long long)min, (long long)max, STR_FMT(text));
	return NULL;
}

void call_print(struct str text) { fwrite(text.p, 1, text.n, stdout); }

void call_printf(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
}

/* --- finding the command ------------------------------------------------------------------------------- */

static const struct command *command_named(struct str name)
{
	for (const struct command *const *table = command_tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			if (str_eq(name, str_of(c->name))) return c;
		}
	}
	return NULL;
}

const struct command *options_command(int count, char **words, int *ret_words)
{
	char two[64];
	if (count >= 2 && snprintf(two, sizeof(two), "%s %s", words[0], words[1]) < (int)sizeof(two)) {
		const struct command *command = command_named(str_of(two));
		if (command) {
			*ret_words = 2;
			return command;
		}
	}
	*ret_words = 1;
	return count >= 1 ? command_named(str_of(words[0])) : NULL;
}

struct str options_command_hint(struct arena *a, const char *word)
{
	struct near near = near_start(str_of(word));
	for (const struct command *const *table = command_tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++)
			near_try(&near, str_of(c->name));
	}
	return near_hint(a, &near);
}

/* --- reading its options ------------------------------------------------------------------------------- */

struct reading {
	struct arena *arena;
	struct command_call *call;
	char **words;
	int count, at;
};

static struct err *unknown_option(const struct reading *r, struct str name)
{
	struct near near = near_start(name);
	for (const struct command_option *o = r->call->command->options; o && o->name; o++)
		near_try(&near, str_of(o->name));
	struct str hint = near_hint(r->arena, &near);
	return ERR(r->arena, ERR_USAGE, NULL, "'%s' has no option --%.*s%.*s", r->call->command->name,
		STR_FMT(name), STR_FMT(hint));
}

/* "--name=value", "--name value" or, for a switch, "--name". */
static struct err *read_option(struct reading *r)
{
	struct str value = str_of(r->words[r->at] + 2);
	struct str name = str_cut(&value, '=');
	int place = option_place(r->call->command, name);
	if (place < 0) return unknown_option(r, name);
	const struct command_option *option = &r->call->command->options[place];
	if (!str_is_none(r->call->values[place]))
		return ERR(r->arena, ERR_USAGE, NULL, "--%s is given twice", option->name);
	if (!option->value && !str_is_none(value))
		return ERR(r->arena, ERR_USAGE, NULL, "--%s takes no value", option->name);
	if (option->value && str_is_none(value)) {
		if (++r->at >= r->count)
			return ERR(r->arena, ERR_USAGE, NULL, "--%s needs its %s", option->name, option->value);
		value = str_of(r->words[r->at]);
	}
	r->call->values[place] = option->value ? value : STR("");
	return NULL;
}

static struct err *read_words(struct reading *r)
{
	bool only_arguments = false;
	for (; r->at < r->count; r->at++) {
		const char *word = r->words[r->at];
		if (!only_arguments && strcmp(word, "--") == 0) {
			only_arguments = true;
		} else if (!only_arguments && word[0] == '-' && word[1] == '-') {
			TRY(read_option(r));
		} else if (!only_arguments && word[0] == '-' && word[1] != '\0') {
			return ERR(r->arena, ERR_USAGE, NULL, "'%s': options are written out, as --data", word);
		} else if (r->call->argument_count >= r->call->command->arguments_max) {
			return ERR(r->arena, ERR_USAGE, NULL, "'%s' does not take '%s'", r->call->command->name, word);
		} else {
			r->call->arguments[r->call->argument_count++] = str_of(word);
		}
	}
	return NULL;
}

struct err *options_parse(struct arena *a, const struct command *command, int count, char **words,
	struct command_call *ret)
{
	struct command_call call = { .arena = a, .command = command };
	for (int i = 0; i < COMMAND_OPTIONS_MAX; i++)
		call.values[i] = STR_NONE;
	must(command->arguments_max <= COMMAND_ARGUMENTS_MAX);
	struct reading reading = { a, &call, words, count, 0 };
	TRY(read_words(&reading));
	for (int i = 0; command->options && command->options[i].name; i++) {
		must(i < COMMAND_OPTIONS_MAX);
		if (command->options[i].is_required && str_is_none(call.values[i]))
			return ERR(a, ERR_USAGE, NULL, "'%s' needs --%s %s", command->name, command->options[i].name,
				command->options[i].value);
	}
	if (call.argument_count < command->arguments_min)
		return ERR(a, ERR_USAGE, NULL, "'%s' needs %s", command->name, command->arguments);
	*ret = call;
	return NULL;
}
