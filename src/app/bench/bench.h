/*
 * What `ventanilla bench` does besides serving: towns of any size, and papers printed and sealed by the second.
 *
 * A town is made through the program's own code: the same filing commit, the same steps, many to a commit. The load
 * itself comes from outside (tests/bench), which reads what to ask for in DIR/bench.json.
 */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "core/town/town.h"

struct bench_fill {
	struct str data;  /* a folder without installation */
	struct str packs; /* holds leon/ */
	int port;         /* in the public address */
	int64_t cases;
	int64_t files;   /* sent beforehand, for that many attachments of applications by the API */
	bool keeps_jobs; /* receipts wait to be printed; otherwise their jobs are ended unrun */
};
/* Writes how fast it went to `out`. */
MUST_USE struct err *bench_fill(struct arena *a, const struct bench_fill *options, struct buf *out);

/* A file with this text, replaced when there is one. */
MUST_USE struct err *bench_write(struct arena *a, struct str path, struct str text);

/* Papers a second on this thread: laid out alone, and laid out and sealed. */
struct bench_papers {
	double layouts, sealed;
	struct str pdf; /* one of them, sealed */
};
/* Decides a case of its own in the town of a bench, and prints its permit again and again for `seconds` each way. */
MUST_USE struct err *bench_papers(struct town *t, struct arena *a, double seconds, struct bench_papers *ret);

/* bench_cases.c: files cases until the town has as many as were asked for. */
struct bench_cases {
	struct town *town;
	struct arena *arena;
	int64_t count;
	int64_t clerk_id; /* takes one in ten */
	bool keeps_jobs;
	struct instant from, to; /* of the simulated time in which they are filed */
	/* Out: numbers of cases from everywhere in the list, for screens to be asked for. */
	struct str *numbers;
	size_t number_count;
};
enum { BENCH_NUMBERS = 1000 };
MUST_USE struct err *bench_cases_file(struct bench_cases *b);
