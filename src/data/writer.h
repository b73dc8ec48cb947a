/*
 * The single writer of a municipality: commits run one after another, a batch at a time.
 *
 * A commit is a function that changes the database and nothing else. The writer runs the waiting ones in one
 * transaction, each under its own savepoint, makes the batch durable with one fsync and only then reports
 * each as done (group commit). A commit that returns an error is undone alone. When the engine drops the
 * whole transaction (full disk, I/O error, interrupt) the members run again, each in its own transaction, and
 * the culprit gets ERR_UNAVAILABLE. So a commit function MAY RUN MORE THAN ONCE: it reads only the database
 * and its input, and takes time, ids and randomness from `tx`; it touches no file, socket or clock, and has
 * WRITER_COMMIT_MS of writer time: computing counts whole, waiting a tenth (many times that on PostgreSQL, whose trips
 * and first plans count).
 */
#pragma once
#include "data/db.h"

struct writer;

enum { WRITER_BATCH_MAX = 64, WRITER_COMMIT_MS = 20, WRITER_QUEUE_MAX = 4096 };

/* What a commit sees. */
struct tx {
	struct db *db;
	struct arena *arena; /* the request's or job's: results allocated here outlive the commit */
	struct instant now;  /* register time: never goes back, the same for the whole commit */
	struct writer *writer;
};

/* `n` random bytes. The same commit run again gets other bytes. */
struct str tx_random(struct tx *tx, size_t n);

/* A commit owns its request or job while it runs: nobody else touches `input` or the arena meanwhile. Once one
 * of its statements failed, the commit has failed (on both engines): further statements are refused, and one
 * that returns NULL all the same gets ERR_INTERNAL. So do not try and see: use ON CONFLICT DO NOTHING. */
typedef struct err *commit_fn(struct tx *tx, void *input);

struct commit {
	commit_fn *run;
	void *input;
	struct arena *arena;
	/* On the writer's thread, after the fsync (a refusal: on the submitter's). Must not block. */
	void (*done)(struct commit *c);
	struct err *err;         /* the outcome, in `arena`; NULL is durable */
	bool waits_for_citizens; /* long work: runs, alone, only when no other commit is waiting */
	struct commit *next;     /* the writer's */
};

struct writer_options {
	struct str url;
	/* The register's clock; NULL is the machine's. A simulated municipality has its own. */
	struct instant (*clock)(void *clock_state);
	void *clock_state;
};
MUST_USE struct err *writer_start(struct arena *a, const struct writer_options *options, struct writer **ret);
/* Finishes what is queued, then stops. Later submissions end with ERR_UNAVAILABLE, as long as the arena of
 * writer_start lives. NULL is fine. */
void writer_stop(struct writer *w);

/* Never blocks. A full queue ends the commit at once with ERR_UNAVAILABLE (done is still called). */
void writer_submit(struct writer *w, struct commit *c);
/* Submits and waits: for jobs, the command line and tests. */
MUST_USE struct err *writer_run(struct writer *w, struct arena *a, commit_fn *run, void *input);

/* The register's newest time. It may be ahead of the clock, which can be set back; commits are never before it, and
 * what they ask for "at once" is due by it. */
struct instant writer_time(const struct writer *w);

struct writer_stats {
	int64_t commits, batches, retried, refused, queued, max_batch, max_commit_us;
};
struct writer_stats writer_stats(struct writer *w);
