/* `ventanilla demo`: makes the demonstration's two towns with their cases. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/demo/demo.h"
#include "app/service.h"

enum { OUT_MAX = 64 * 1024, CASES_MAX = 5000 };

/* As given, or where the program was built from, or here. */
static struct str packs_folder(const struct command_call *call)
{
	if (call_has(call, "packs")) return call_option(call, "packs");
	char program[4096];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program));
	while (n > 0 && program[n - 1] != '/')
		n--;
	struct str beside = arena_printf(call->arena, "%.*s../../packs", n > 0 ? (int)n : 0, program);
	return access(beside.p, R_OK) == 0 ? beside : STR("packs");
}

static struct err *run_demo(struct command_call *call)
{
	struct demo_options options = { .data = call_option(call, "data"), .packs = packs_folder(call) };
	int64_t port, cases;
	TRY(call_number(call, "port", 1, 65535, 8080, &port));
	TRY(call_number(call, "cases", 1, CASES_MAX, 300, &cases));
	options.port = (int)port;
	options.cases = (int)cases;
	if (mkdir(arena_cz(call->arena, options.data), 0700) != 0 && errno != EEXIST)
		return ERR(call->arena, ERR_UNAVAILABLE, NULL, "%.*s: %s", STR_FMT(options.data), strerror(errno));
	struct buf out = buf_new(call->arena, OUT_MAX);
	TRY(demo_make(call->arena, &options, &out));
	call_print(buf_str(&out));
	return NULL;
}

static const struct command_option demo_command_options[] = {
	OPTION_DATA,
	{ "port", "N", "the port in public addresses; 8080 when left out", false },
	{ "cases", "N", "how many are filed in the first town; 300 when left out", false },
	{ "packs", "FOLDER", "where the packs lie; those of the source tree when left out", false },
	{ 0 },
};

const struct command demo_commands[] = {
	{ "demo", NULL, 0, 0,
		"Makes two simulated municipalities with half a year of cases, and prints the accounts",
		"Everything in it is invented, and every page and document of it says so.", demo_command_options,
		run_demo },
	{ 0 },
};
