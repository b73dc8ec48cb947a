/* The command line: words to options, refusals with a hint, and a table in which no row is broken. */
#include "app/help.h"
#include "app/options.h"
#include "base/testing.h"

static const struct command_option options[] = {
	{ "data", "DIR", "a folder", true },
	{ "port", "N", "a port", false },
	{ "quiet", NULL, "says less", false },
	{ 0 },
};
static const struct command command = { "serve", "FILE…", 0, 2, "A command", NULL, options, NULL };

static struct err *parse(struct test *t, struct command_call *ret, int count, const char *const *words)
{
	return options_parse(t->arena, &command, count, (char **)words, ret);
}
#define PARSE(ret, ...)                                                                                      \
	parse(t, (ret), (int)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)),                    \
		(const char *const[]){ __VA_ARGS__ })

TEST(options_are_read_in_both_forms)
{
	struct command_call call;
	int64_t port;
	CHECK_OK(PARSE(&call, "--data", "/srv/v", "--port=9000", "--quiet", "one"));
	CHECK_STR(call_option(&call, "data"), "/srv/v");
	CHECK_OK(call_number(&call, "port", 0, 65535, 1, &port));
	CHECK_INT(port, 9000);
	CHECK(call_has(&call, "quiet"));
	CHECK_INT(call.argument_count, 1);
	CHECK_STR(call.arguments[0], "one");
}

TEST(options_end_at_two_dashes)
{
	struct command_call call;
	CHECK_OK(PARSE(&call, "--data", "d", "--", "--quiet"));
	CHECK(!call_has(&call, "quiet"));
	CHECK_STR(call.arguments[0], "--quiet");
}

static bool refuses(const struct err *e, const char *part)
{
	return e && e->code == ERR_USAGE && str_find(str_of(e->detail), str_of(part)) >= 0;
}

TEST(options_refuse_with_what_was_expected)
{
	struct command_call call;
	CHECK(refuses(PARSE(&call, "--dat", "x"), "did you mean 'data'"));
	CHECK(refuses(PARSE(&call, "--port", "1"), "needs --data DIR"));
	CHECK(refuses(PARSE(&call, "--data"), "needs its DIR"));
	CHECK(refuses(PARSE(&call, "--data", "a", "--data", "b"), "twice"));
	CHECK(refuses(PARSE(&call, "--data", "a", "--quiet=yes"), "takes no value"));
	CHECK(refuses(PARSE(&call, "--data", "a", "-q"), "written out"));
	CHECK(refuses(PARSE(&call, "--data", "a", "1", "2", "3"), "does not take '3'"));
}

TEST(options_numbers_have_a_range)
{
	struct command_call call;
	int64_t port = -1;
	CHECK_OK(PARSE(&call, "--data", "d", "--port", "65536"));
	CHECK_ERR(call_number(&call, "port", 0, 65535, 1, &port), ERR_USAGE);
	CHECK_INT(port, -1);
	CHECK_OK(PARSE(&call, "--data", "d"));
	CHECK_OK(call_number(&call, "port", 0, 65535, 8080, &port));
	CHECK_INT(port, 8080);
}

TEST(commands_of_two_words_come_first)
{
	char *words[] = { "pack", "check", "packs/leon" };
	int used;
	const struct command *found = options_command(3, words, &used);
	CHECK(found != NULL);
	CHECK_STR(str_of(found->name), "pack check");
	CHECK_INT(used, 2);
	CHECK(options_command(1, words, &used) == NULL);
	CHECK(str_find(options_command_hint(t->arena, "serv"), STR("serve")) >= 0);
}

/* Every row says what it is and is reachable; no option is told twice. */
TEST(commands_are_whole)
{
	for (const struct command *const *table = command_tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			struct str rest = str_of(c->name);
			struct str first = str_cut(&rest, ' ');
			char *words[] = { (char *)arena_cz(t->arena, first), (char *)arena_cz(t->arena, rest) };
			int used;
			CHECK(options_command(str_is_none(rest) ? 1 : 2, words, &used) == c);
			CHECK(c->run && c->about && c->about[strlen(c->about) - 1] != '.');
			CHECK((c->arguments != NULL) == (c->arguments_max > 0));
			for (const struct command_option *o = c->options; o && o->name; o++) {
				CHECK(o->about[strlen(o->about) - 1] != '.');
				for (const struct command_option *other = o + 1; other->name; other++)
					CHECK(strcmp(o->name, other->name) != 0);
			}
			struct str help = help_command(t->arena, c);
			CHECK(str_find(help, str_of(c->about)) >= 0);
		}
	}
	CHECK(str_find(help_manual(t->arena), STR(".SH EXIT STATUS")) >= 0);
}
