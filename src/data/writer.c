/*
 * The writer's thread and its two queues: citizens' commits first, long work (waits_for_citizens) when none
 * of them waits. What a batch does is in writer_batch.c.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "data/writer_batch.h"

enum {
	BATCH_ARENA_BYTES = 1024 * 1024,
	IDLE_YIELD_US = 5, /* a yield that took no longer gave the core to nobody */
};

struct queue {
	struct commit *first, **end;
	int64_t count;
};

struct writer {
	struct batcher batcher;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t work;
	struct queue citizens, patient;
	bool stopping;
	int64_t refused;
};

static void queue_add(struct queue *q, struct commit *c)
{
	c->next = NULL;
	*q->end = c;
	q->end = &c->next;
	q->count++;
}

static struct commit *queue_take(struct queue *q)
{
	struct commit *c = q->first;
	if (!c) return NULL;
	q->first = c->next;
	if (!q->first) q->end = &q->first;
	q->count--;
	return c;
}

static struct instant machine_clock(void *state)
{
	(void)state;
	return instant_of_machine();
}

/* Fills `members` with what waits: citizens', or one patient commit when there are none. */
static size_t members_take(struct writer *w, struct commit **members)
{
	size_t n = 0;
	while (n < WRITER_BATCH_MAX && w->citizens.first)
		members[n++] = queue_take(&w->citizens);
	if (n == 0 && w->patient.first) members[n++] = queue_take(&w->patient);
	return n;
}

/* Who wants this core goes first: on a machine with few of them, the loops that answer the last batch and take in the
 * next applications. These come along then, and fewer batches change the same pages less often. A core that nobody
 * wants is back at once, and then nobody is waited for. */
static void yield_to_loops(int64_t batch_us)
{
	int64_t now = monotonic_us(), end = now + batch_us / 2;
	for (int64_t before = 0; now - before > IDLE_YIELD_US && now < end; now = monotonic_us()) {
		before = now;
		sched_yield();
	}
}

static void *writer_main(void *state)
{
	struct writer *w = state;
	struct commit *members[WRITER_BATCH_MAX];
	pthread_mutex_lock(&w->lock);
	for (;;) {
		size_t n = members_take(w, members);
		if (n == 0 && w->stopping) break;
		if (n == 0) {
			pthread_cond_wait(&w->work, &w->lock);
			continue;
		}
		pthread_mutex_unlock(&w->lock);
		int64_t begun = monotonic_us();
		for (size_t at = 0; at < n;)
			at += batch_run(&w->batcher, members + at, n - at);
		if (n > 1) yield_to_loops(monotonic_us() - begun);
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* Lives in the caller's arena: whoever submits after the stop still finds a writer that refuses. */
static struct writer *writer_new(struct arena *a, const struct writer_options *options)
{
	struct writer *w = ARENA_NEW(a, struct writer);
	w->citizens.end = &w->citizens.first;
	w->patient.end = &w->patient.first;
	w->batcher.arena = arena_new(BATCH_ARENA_BYTES);
	w->batcher.writer = w;
	w->batcher.clock = options->clock ? options->clock : machine_clock;
	w->batcher.clock_state = options->clock_state;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->work, NULL);
	return w;
}

static void writer_close(struct writer *w)
{
	db_close(w->batcher.db);
	arena_free(w->batcher.arena);
}

/* Signals are the main thread's. */
static int thread_start(struct writer *w)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int rc = pthread_create(&w->thread, NULL, writer_main, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

struct err *writer_start(struct arena *a, const struct writer_options *options, struct writer **ret)
{
	struct writer *w = writer_new(a, options);
	struct err *e = db_open(a, options->url, DB_WRITE, &w->batcher.db);
	if (!e) e = batch_prepare(&w->batcher, a);
	if (!e && thread_start(w) != 0) e = ERR(a, ERR_UNAVAILABLE, NULL, "no thread for the writer");
	if (e) {
		writer_close(w);
		return e;
	}
	*ret = w;
	return NULL;
}

void writer_stop(struct writer *w)
{
	if (!w) return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	writer_close(w);
}

void writer_submit(struct writer *w, struct commit *c)
{
	struct queue *q = c->waits_for_citizens ? &w->patient : &w->citizens;
	c->err = NULL;
	pthread_mutex_lock(&w->lock);
	bool stopping = w->stopping, taken = !stopping && q->count < WRITER_QUEUE_MAX;
	if (taken) {
		queue_add(q, c);
		pthread_cond_signal(&w->work);
	} else {
		w->refused++;
	}
	pthread_mutex_unlock(&w->lock);
	if (!taken) batch_refuse(c, stopping ? "the writer is stopping" : "the writer's queue is full");
}

struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool is_done;
	struct commit commit;
};

static void waiter_done(struct commit *c)
{
	struct waiter *waiter = (struct waiter *)((char *)c - offsetof(struct waiter, commit));
	pthread_mutex_lock(&waiter->lock);
	waiter->is_done = true;
	pthread_cond_signal(&waiter->ended);
	pthread_mutex_unlock(&waiter->lock);
}

struct err *writer_run(struct writer *w, struct arena *a, commit_fn *run, void *input)
{
	struct waiter waiter = { .commit = { .run = run, .input = input, .arena = a, .done = waiter_done } };
	pthread_mutex_init(&waiter.lock, NULL);
	pthread_cond_init(&waiter.ended, NULL);
	writer_submit(w, &waiter.commit);
	pthread_mutex_lock(&waiter.lock);
	while (!waiter.is_done)
		pthread_cond_wait(&waiter.ended, &waiter.lock);
	pthread_mutex_unlock(&waiter.lock);
	pthread_cond_destroy(&waiter.ended);
	pthread_mutex_destroy(&waiter.lock);
	return waiter.commit.err;
}

struct instant writer_time(const struct writer *w)
{
	return (struct instant){ atomic_load(&w->batcher.last_ms) };
}

struct writer_stats writer_stats(struct writer *w)
{
	struct batcher *b = &w->batcher;
	struct writer_stats stats = { .commits = atomic_load(&b->commits),
		.batches = atomic_load(&b->batches),
		.retried = atomic_load(&b->retried),
		.max_batch = atomic_load(&b->max_batch),
		.max_commit_us = atomic_load(&b->max_commit_us) };
	pthread_mutex_lock(&w->lock);
	stats.refused = w->refused;
	stats.queued = w->citizens.count + w->patient.count;
	pthread_mutex_unlock(&w->lock);
	return stats;
}
