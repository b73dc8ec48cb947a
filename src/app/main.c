/*
 * The program: finds the command that was typed, runs it, and ends with its exit code. What commands there are:
 * commands.c; what they do: cmd_*.c.
 */
#include <malloc.h>
#include <signal.h>

#include "app/help.h"
#include "app/options.h"
#include "core/document/printer.h"

enum { MAIN_ARENA_MAX = 1024 * 1024 * 1024, KEPT_BYTES = 2 * 1024 * 1024, LARGE_BYTES = 1024 * 1024 };

static bool asks_for_help(int count, char **words)
{
	for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
		if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0) return true;
	}
	return false;
}

static struct err *run(struct arena *a, int count, char **words)
{
	int used;
	const struct command *command = options_command(count, words, &used);
	if (count == 0 || (!command && asks_for_help(count, words))) {
		call_print(help_program(a));
		return count == 0 ? ERR(a, ERR_USAGE, NULL, "a command is missing") : NULL;
	}
	if (!command) {
		struct str hint = options_command_hint(a, words[0]);
		return ERR(a, ERR_USAGE, NULL, "there is no command '%s'%.*s", words[0], STR_FMT(hint));
	}
	if (asks_for_help(count - used, words + used)) {
		call_print(help_command(a, command));
		return NULL;
	}
	struct command_call call;
	TRY(options_parse(a, command, count - used, words + used, &call));
	return command->run(&call);
}

static void print_error(const struct err *e)
{
	fputs("ventanilla", stderr);
	for (; e; e = e->cause)
		fprintf(stderr, ": %s", e->detail ? e->detail : err_code_name(e->code));
	fputs("\n", stderr);
}

/* Memory of a request that ended stays with its thread, up to a bound: given back to the system and asked for again, it
 * cost every application three calls and the pages' zeroes. */
static void keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
}

int main(int argc, char **argv)
{
	keep_memory();
	signal(SIGPIPE, SIG_IGN);
	/* Not a command for people: the confined printer, started by `serve` with its end of a socket as descriptor 3. */
	if (argc == 4 && strcmp(argv[1], "printer") == 0)
		return printer_child_run(str_of(argv[3]), PRINTER_CHILD_FD);
	struct arena *a = arena_new(MAIN_ARENA_MAX);
	struct err *e = run(a, argc - 1, argv + 1);
	int code = err_exit_code(e);
	if (e) print_error(e);
	if (fflush(stdout) != 0 && code == 0) code = 74; /* EX_IOERR: what was asked for could not be written */
	arena_free(a);
	return code;
}
