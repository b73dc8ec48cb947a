/*
 * Jobs: what a commit leaves to be done afterwards, outside the database: rendering, scanning, sending.
 *
 * job_add() writes a row inside the commit, so a job exists exactly when what asked for it does. The runner's
 * threads take due jobs, run their kind's function (core/module.h) and retry with growing pauses; after the
 * last try the job is 'dead' and stands in the staff's list until someone retries it; what repeats is never given
 * up. One that was taken and not ended within JOB_ABANDONED_S, because its node died, waits again. A job that finds in
 * `effects` that an earlier try already did something outside does not do it again.
 */
#pragma once
#include "base/json.h"
#include "core/module.h"
#include "core/town/town.h"

struct jobs;

enum { JOB_ABANDONED_S = 600 }; /* longer than any job takes */

struct job_context {
	struct arena *arena;
	struct town *town;
	struct db *db; /* a read connection; no snapshot is held */
	int64_t id, case_id;
	struct instant now;
	const struct json *input;
	const struct json *effects;
	int attempt; /* from 1 */
};

/* Inside a commit. The same `unique_key` again is no second job. `input` is JSON text without personal data. */
MUST_USE struct err *job_add(struct tx *tx, struct str kind, struct str unique_key, int64_t case_id,
	struct str input, struct instant run_at);

/* Inside a commit: what waits is over without being run. For towns that are made to be measured, not to be used. */
MUST_USE struct err *jobs_skip(struct tx *tx);

/* Inside a commit: a job that failed, or waits for its next try, is due at once, with all its tries before it.
 * ERR_CONFLICT when it is neither. */
MUST_USE struct err *job_retry_now(struct tx *tx, int64_t id);

/* As the row says it; none: JOB_LANE_OWN. */
struct str job_lane_name(enum job_lane lane);

/* From a job: remembers an effect (JSON text, replaces the former) durably before going on. */
MUST_USE struct err *job_remember(struct job_context *j, struct str effects);
MUST_USE struct err *job_commit(struct job_context *j, commit_fn *run, void *input);

/* `threads` run jobs of the town until jobs_stop(); each lane that waits for others (core/module.h) has its own.
 * Interrupted ones of a former life start again. */
MUST_USE struct err *jobs_start(struct arena *a, struct town *t, int threads, struct jobs **ret);
void jobs_stop(struct jobs *j); /* waits for the running ones; NULL is fine */
/* For a job that waits for somebody else's machine: the program is to end, leave off. NULL: false. */
bool jobs_are_stopping(struct jobs *j);
void jobs_wake(struct jobs *j); /* after a commit that may have added one; NULL is fine */
/* Runs everything that is due now, on this thread, and returns how many ran (demo, tests, the bench). */
MUST_USE struct err *jobs_drain(struct town *t, struct arena *a, int *ret_ran);
