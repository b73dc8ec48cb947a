/* All commands of the program, in the order of the help. */
#include "app/help.h"
#include "app/options.h"

static struct err *run_help(struct command_call *call)
{
	call_print(help_program(call->arena));
	return NULL;
}

static struct err *run_manual(struct command_call *call)
{
	call_print(help_manual(call->arena));
	return NULL;
}

static const struct command self_commands[] = {
	{ "help", NULL, 0, 0, "Prints this list of commands", NULL, NULL, run_help },
	{ "manual", NULL, 0, 0, "Prints the man page", NULL, NULL, run_manual },
	{ 0 },
};

const struct command *const command_tables[] = { serve_commands, init_commands, demo_commands, pack_commands,
	keys_commands, staff_commands, verify_commands, doctor_commands, copy_commands, bench_commands,
	list_commands, self_commands, NULL };
