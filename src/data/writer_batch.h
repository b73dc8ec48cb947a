/*
 * Runs one batch of commits on one connection; writer.c is the thread and the queue around it. Private to
 * src/data. Everything here happens on the thread that owns the connection, the counters excepted.
 */
#pragma once
#include <stdatomic.h>

#include "data/db_engine.h"
#include "data/writer.h"

enum { BATCH_MAX_MS = 25 }; /* the first of a batch waits for the last */

struct batcher {
	struct db *db;
	struct arena *arena; /* of the batch: reset after each */
	struct writer *writer;
	struct instant (*clock)(void *state);
	void *clock_state;
	struct instant last;     /* the register's time of the newest commit */
	_Atomic int64_t last_ms; /* the same, for other threads */
	_Atomic int64_t commits, batches, retried, max_batch, max_commit_us;
};

/* Makes the register's clock on first use. */
MUST_USE struct err *batch_prepare(struct batcher *b, struct arena *a);
/* Runs members, makes them durable, then calls done on each. Stops after a member that fills the batch's time
 * (BATCH_MAX_MS); returns how many it ran, at least one. */
size_t batch_run(struct batcher *b, struct commit **members, size_t count);
/* Gives the commit its outcome without running it. */
void batch_refuse(struct commit *c, const char *why);
