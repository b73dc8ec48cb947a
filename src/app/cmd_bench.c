/* `ventanilla bench …`: what measuring needs of the program itself. The measuring is done by tests/bench. */
#include <unistd.h>

#include "app/bench/bench.h"
#include "app/service.h"

enum { OUT_MAX = 4096, CASES_MAX = 20 * 1000 * 1000, FILES_MAX = 20 * 1000 * 1000 };

static struct err *run_fill(struct command_call *call)
{
	struct bench_fill options = { .data = call_option(call, "data"),
		.packs = call_has(call, "packs") ? call_option(call, "packs") : STR("packs"),
		.keeps_jobs = call_has(call, "jobs") };
	int64_t port;
	TRY(call_number(call, "cases", 1, CASES_MAX, 10000, &options.cases));
	TRY(call_number(call, "files", 0, FILES_MAX, 0, &options.files));
	TRY(call_number(call, "port", 1, 65535, 8080, &port));
	options.port = (int)port;
	struct buf out = buf_new(call->arena, OUT_MAX);
	TRY(bench_fill(call->arena, &options, &out));
	call_print(buf_str(&out));
	return NULL;
}

static struct err *print_papers(struct command_call *call, struct town *t, double seconds)
{
	struct bench_papers papers = { 0 };
	TRY(bench_papers(t, call->arena, seconds, &papers));
	call_printf("{\"layouts\":%.1f,\"sealed\":%.1f,\"bytes\":%zu}\n", papers.layouts, papers.sealed,
		papers.pdf.n);
	if (call_has(call, "out")) return bench_write(call->arena, call_option(call, "out"), papers.pdf);
	return NULL;
}

static struct err *run_permits(struct command_call *call)
{
	struct installation in;
	struct press *press;
	struct town *town;
	int64_t seconds;
	TRY(call_number(call, "seconds", 1, 600, 3, &seconds));
	TRY(service_installation(call, &in));
	TRY(installation_press(&in, call->arena, &press));
	struct town_options options = installation_town_options(&in, 0, press);
	TRY(town_open(call->arena, &options, &town));
	struct err *e = print_papers(call, town, (double)seconds);
	town_close(town);
	return e;
}

static const struct command_option permit_options[] = {
	OPTION_DATA,
	{ "seconds", "N", "how long each way; 3 when left out", false },
	{ "out", "FILE", "keeps the last one there", false },
	{ 0 },
};

static const struct command_option fill_options[] = {
	OPTION_DATA,
	{ "cases", "N", "how many cases; 10000 when left out", false },
	{ "files", "N", "as many files sent beforehand, for applications by the API to name; none when left out",
		false },
	{ "jobs", NULL,
		"leaves the receipts' jobs waiting; otherwise they are ended unrun, and no paper is printed", false },
	{ "packs", "FOLDER", "where the pack leon lies; packs when left out", false },
	{ "port", "N", "the port in public addresses; 8080 when left out", false },
	{ 0 },
};

const struct command bench_commands[] = {
	{ "bench fill", NULL, 0, 0, "Makes a simulated municipality with any number of cases, for measuring",
		"The cases are filed through the program's own code, many to a commit. DIR/bench.json names a token, a session "
		"and some of their numbers.",
		fill_options, run_fill },
	{ "bench permits", NULL, 0, 0, "Prints one permit again and again, and says how many a second",
		"Once laid out alone and once laid out and sealed, on one thread; the answer is JSON. DIR was made by 'bench fill'.",
		permit_options, run_permits },
	{ 0 },
};
