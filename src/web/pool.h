/*
 * A bounded pool of worker threads for what may take longer than the loop's millisecond: password hashing,
 * uploads, routes marked slow. Jobs are intrusive, so submitting allocates nothing; first in, first out.
 */
#pragma once
#include "base/err.h"

struct pool;

struct pool_job {
	/* On a worker; `thread_state` is what thread_open made. The job may be reused or freed inside. */
	void (*run)(struct pool_job *job, void *thread_state);
	struct pool_job *next; /* the pool's */
	int64_t queued_us;     /* the pool's */
};

struct pool_options {
	const char *name; /* of the threads, at most 12 characters, and of the metrics */
	int threads;      /* at least 1 */
	int queue_max;    /* waiting jobs; at least 1 */
	/* What each thread keeps for itself (a read connection). May be NULL. */
	struct err *(*thread_open)(void *state, struct arena *a, void **ret_thread_state);
	void (*thread_close)(void *state, void *thread_state);
	void *state;
};

/* Returns when every thread has its state, or the first error. */
MUST_USE struct err *pool_start(struct arena *a, const struct pool_options *options, struct pool **ret);
/* Never blocks. False when the queue is full or the pool stops: the caller answers ERR_UNAVAILABLE. */
MUST_USE bool pool_submit(struct pool *p, struct pool_job *job);
/* Finishes what is queued, then joins the threads. NULL is fine. */
void pool_stop(struct pool *p);

struct pool_stats {
	int64_t queued, running, done, refused;
	int64_t max_wait_us; /* the longest wait of a job since the last call */
};
struct pool_stats pool_stats(struct pool *p);
