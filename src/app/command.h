/*
 * The command line as tables: what commands there are, what each takes, and what is said about it.
 *
 * A command file (cmd_*.c) ends with its rows; main.c lists the files' rows. From the same rows come the parsing
 * (options.c), `--help` and the man page (help.c), so that none can say something else than the others.
 */
#pragma once
#include "base/buf.h"
#include "base/err.h"

struct command_option {
	const char *name;  /* "data", typed as --data */
	const char *value; /* "DIR": what stands after it; NULL: a switch */
	const char *about; /* one sentence without full stop */
	bool is_required;
};

struct command_call;
typedef struct err *command_fn(struct command_call *call);

struct command {
	const char *name;      /* "serve", "pack check" */
	const char *arguments; /* "FILE…" after the options, as help shows it; NULL: none */
	int arguments_min, arguments_max;
	const char *about; /* one line */
	const char *more;  /* further sentences for the command's help and the man page; may be NULL */
	const struct command_option *options; /* ends with name NULL; may be NULL */
	command_fn *run;
};

enum { COMMAND_OPTIONS_MAX = 12, COMMAND_ARGUMENTS_MAX = 16 };

/* One invocation. */
struct command_call {
	struct arena *arena;
	const struct command *command;
	struct str
		values[COMMAND_OPTIONS_MAX]; /* by the option's place; STR_NONE: not given; a switch gives "" */
	struct str arguments[COMMAND_ARGUMENTS_MAX];
	int argument_count;
};

/* STR_NONE when it was not given. A name that the command's table lacks is a bug. */
struct str call_option(const struct command_call *call, const char *name);
bool call_has(const struct command_call *call, const char *name);
/* ERR_USAGE when it is no number of that range; `missing` when it was not given. */
MUST_USE struct err *call_number(const struct command_call *call, const char *name, int64_t min, int64_t max,
	int64_t missing, int64_t *ret);
/* Prints to standard output. */
void call_print(struct str text);
void call_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The rows of each file; all end with name NULL. */
extern const struct command serve_commands[], init_commands[], pack_commands[], keys_commands[],
	staff_commands[], verify_commands[], list_commands[], demo_commands[], doctor_commands[],
	bench_commands[], copy_commands[];
