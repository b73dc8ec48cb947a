/* The worker pool: one queue, one lock, threads that wait on it. */
#include <pthread.h>
#include <signal.h>

#include "base/instant.h"
#include "web/pool.h"

struct worker {
	struct pool *pool;
	struct arena *arena;
	void *state;
	pthread_t thread;
};

struct pool {
	struct pool_options options;
	pthread_mutex_t lock;
	pthread_cond_t work, ready;
	struct pool_job *first, **end;
	struct worker *workers;
	int started, opened;
	struct err *failed; /* the first thread_open that did */
	bool stops;
	struct pool_stats stats;
};

/* `has_run`: this worker ends one job with the question for the next. */
static struct pool_job *next_job(struct pool *p, bool has_run)
{
	struct pool_job *job;
	pthread_mutex_lock(&p->lock);
	p->stats.running -= has_run;
	p->stats.done += has_run;
	while (!p->first && !p->stops)
		pthread_cond_wait(&p->work, &p->lock);
	job = p->first;
	if (job) {
		int64_t waited = monotonic_us() - job->queued_us;
		p->first = job->next;
		if (!p->first) p->end = &p->first;
		p->stats.queued--;
		p->stats.running++;
		if (waited > p->stats.max_wait_us) p->stats.max_wait_us = waited;
	}
	pthread_mutex_unlock(&p->lock);
	return job;
}

static void open_state(struct worker *w)
{
	struct pool *p = w->pool;
	struct err *failed = NULL;
	if (p->options.thread_open) failed = p->options.thread_open(p->options.state, w->arena, &w->state);
	pthread_mutex_lock(&p->lock);
	if (failed && !p->failed) p->failed = failed;
	p->opened++;
	pthread_cond_signal(&p->ready);
	pthread_mutex_unlock(&p->lock);
}

static void *work(void *worker)
{
	struct worker *w = worker;
	struct pool *p = w->pool;
	struct pool_job *job;
	open_state(w);
	for (bool has_run = false; (job = next_job(p, has_run)); has_run = true)
		job->run(job, w->state);
	if (p->options.thread_close && w->state) p->options.thread_close(p->options.state, w->state);
	return NULL;
}

static void start_worker(struct pool *p, struct worker *w)
{
	char name[16];
	w->pool = p;
	w->arena = arena_new(64 * 1024 * 1024);
	must(pthread_create(&w->thread, NULL, work, w) == 0);
	snprintf(name, sizeof name, "%.12s-%d", p->options.name, p->started);
	pthread_setname_np(w->thread, name);
	p->started++;
}

struct err *pool_start(struct arena *a, const struct pool_options *options, struct pool **ret)
{
	struct pool *p = ARENA_NEW(a, struct pool);
	sigset_t all, before;
	must(options->threads > 0 && options->queue_max > 0);
	p->options = *options;
	p->end = &p->first;
	p->workers = ARENA_ARRAY(a, struct worker, (size_t)options->threads);
	must(pthread_mutex_init(&p->lock, NULL) == 0 && pthread_cond_init(&p->work, NULL) == 0 &&
		pthread_cond_init(&p->ready, NULL) == 0);

	sigfillset(&all); /* signals are the main thread's */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (int i = 0; i < options->threads; i++)
		start_worker(p, &p->workers[i]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);

	pthread_mutex_lock(&p->lock);
	while (p->opened < p->started)
		pthread_cond_wait(&p->ready, &p->lock);
	pthread_mutex_unlock(&p->lock);
	if (p->failed) {
		struct err *failed = err_copy(a, p->failed);
		pool_stop(p);
		return failed;
	}
	*ret = p;
	return NULL;
}

bool pool_submit(struct pool *p, struct pool_job *job)
{
	job->next = NULL;
	job->queued_us = monotonic_us();
	pthread_mutex_lock(&p->lock);
	bool takes = !p->stops && p->stats.queued < p->options.queue_max;
	if (takes) {
		*p->end = job;
		p->end = &job->next;
		p->stats.queued++;
		pthread_cond_signal(&p->work);
	} else {
		p->stats.refused++;
	}
	pthread_mutex_unlock(&p->lock);
	return takes;
}

void pool_stop(struct pool *p)
{
	if (!p) return;
	pthread_mutex_lock(&p->lock);
	p->stops = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->started; i++) {
		pthread_join(p->workers[i].thread, NULL);
		arena_free(p->workers[i].arena);
	}
	pthread_cond_destroy(&p->ready);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
}

struct pool_stats pool_stats(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	struct pool_stats stats = p->stats;
	p->stats.max_wait_us = 0;
	pthread_mutex_unlock(&p->lock);
	return stats;
}
