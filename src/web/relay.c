/*
 * Runners, the watcher and the mark of a loop. The mark is even while the runner has the loop's own work in hand and odd
 * inside a step; each step begins with one addition and ends with another, made by whoever gets there first: the runner,
 * or the watcher, who then has the loop. It never returns to an earlier value.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "base/log.h"
#include "web/loop.h"

enum {
	LOOKS_IDLE = 100, /* looks without a change before the watcher sleeps for good */
	RUNNER_ARENA_MAX = 64 * 1024 * 1024,
};

/* A thread that drives a loop, did so until its hook took too long, or is ready to. */
struct runner {
	struct relay *relay;
	pthread_t thread;
	struct arena *arena;
	void *state; /* core's: what thread_open made */
	struct gzip *gzip;
	struct loop *loop;   /* to be served; NULL: none */
	struct runner *next; /* among the spare ones */
};

/* What the watcher saw of a loop. */
struct watched {
	uint64_t mark;
	int64_t since_us;      /* when it first saw this mark */
	uint64_t refused_mark; /* of the hook for which there was no spare */
};

struct relay {
	struct server *server;
	struct runner *runners;
	int count, most, opening;
	int over; /* loops that ended */
	struct runner *spare;
	struct err *failed; /* the first thread_open that did */
	struct watched *watched;
	pthread_t watcher;
	pthread_mutex_t lock;   /* of all above and `stops`, but for `watched` */
	pthread_cond_t called;  /* runners wait for a loop */
	pthread_cond_t looks;   /* the watcher waits for the next look */
	pthread_cond_t told;    /* the server waits for runners */
	bool stops, is_watched; /* is_watched: the watcher was started */
	_Atomic bool is_asleep; /* the watcher: a step that begins has to wake it */
	struct metric *handed_over, *not_handed_over, *stuck;
};

/* The flight whose step this thread is in. */
static _Thread_local const struct flight *inside;

bool relay_is_inside(const struct flight *f) { return inside == f; }

/* --- steps ---------------------------------------------------------------------------------------------- */

static void wake_watcher(struct relay *r)
{
	pthread_mutex_lock(&r->lock);
	r->is_asleep = false;
	pthread_cond_signal(&r->looks);
	pthread_mutex_unlock(&r->lock);
}

bool relay_run(struct flight *f, relay_step *step)
{
	struct loop *loop = f->x.loop;
	struct relay *r = loop->server->relay;
	const struct runner *me = loop->runner;
	uint64_t mark = atomic_load_explicit(&loop->mark, memory_order_relaxed) + 1;
	f->x.thread_state = me->state;
	loop->in_step = f;
	atomic_store(&loop->mark, mark);
	/* The watcher says that it sleeps and then looks at the marks once more; here it is the other way round. */
	if (atomic_load(&r->is_asleep)) wake_watcher(r);
	inside = f;
	step(f, me->gzip);
	inside = NULL;
	if (atomic_compare_exchange_strong(&loop->mark, &mark, mark + 1)) {
		loop->in_step = NULL;
		return true;
	}
	metric_add(r->stuck, -1);
	loop_give_back(loop, f);
	return false;
}

/* --- runners -------------------------------------------------------------------------------------------- */

/* From here on the loop is this runner's. The one before it is in the step of a flight, if there was one. */
static void adopt(struct runner *me, struct loop *loop)
{
	struct flight *f = loop->in_step;
	loop->runner = me;
	loop->in_step = NULL;
	if (!f) return;
	loop_lost(loop, f);
	/* What `begin` decides is not to be read while it does. */
	const struct route *route = f->stage == STAGE_HEAD ? NULL : f->x.request.route;
	log_event(LOG_WARN, "http.handed_over", LOG_I("loop", loop->index), LOG_S("request", f->x.request.id),
		LOG_S("route", route ? str_of(route->path) : STR("")));
}

static void open_runner(struct runner *me)
{
	struct relay *r = me->relay;
	const struct server_hooks *hooks = &r->server->options.hooks;
	struct err *failed = NULL;
	me->gzip = gzip_new(me->arena);
	if (hooks->thread_open) failed = hooks->thread_open(hooks->state, me->arena, &me->state);
	if (failed) log_error("http.thread", failed, STR(""));
	pthread_mutex_lock(&r->lock);
	r->opening--;
	if (failed) {
		if (!r->failed) r->failed = failed;
	} else {
		me->next = r->spare;
		r->spare = me;
	}
	pthread_cond_broadcast(&r->told);
	pthread_cond_signal(&r->looks); /* a loop may be waiting for it */
	pthread_mutex_unlock(&r->lock);
}

/* NULL: the end. */
static struct loop *await_loop(struct runner *me)
{
	struct relay *r = me->relay;
	pthread_mutex_lock(&r->lock);
	while (!me->loop && !r->stops)
		pthread_cond_wait(&r->called, &r->lock);
	struct loop *loop = me->loop;
	pthread_mutex_unlock(&r->lock);
	return loop;
}

/* The loop is over, or somebody else's. */
static void let_go(struct runner *me, bool is_over)
{
	struct relay *r = me->relay;
	pthread_mutex_lock(&r->lock);
	r->over += is_over;
	me->loop = NULL;
	me->next = r->spare;
	r->spare = me;
	pthread_cond_broadcast(&r->told);
	pthread_cond_signal(&r->looks);
	pthread_mutex_unlock(&r->lock);
}

static void *run(void *runner)
{
	struct runner *me = runner;
	const struct server_hooks *hooks = &me->relay->server->options.hooks;
	open_runner(me);
	for (struct loop *loop; (loop = await_loop(me));) {
		adopt(me, loop);
		let_go(me, loop_serve(loop));
	}
	if (me->state && hooks->thread_close) hooks->thread_close(hooks->state, me->state);
	return NULL;
}

/* Signals are the main thread's: these have them all blocked (SIGPIPE too, which the library relies on). */
static bool start_thread(pthread_t *thread, const char *name, void *(*main)(void *), void *argument)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	bool is_started = pthread_create(thread, NULL, main, argument) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (is_started) pthread_setname_np(*thread, name);
	return is_started;
}

/* Under the lock. False: no thread was to be had. */
static bool start_runner(struct relay *r)
{
	struct runner *w = &r->runners[r->count];
	char name[16];
	snprintf(name, sizeof name, "loop-%d", r->count & 0xff);
	*w = (struct runner){ .relay = r, .arena = arena_new(RUNNER_ARENA_MAX) };
	if (!start_thread(&w->thread, name, run, w)) {
		arena_free(w->arena);
		return false;
	}
	r->count++;
	r->opening++;
	return true;
}

/* Under the lock: the first of the spare ones gets this loop. */
static void call(struct relay *r, struct loop *loop)
{
	struct runner *next = r->spare;
	r->spare = next->next;
	next->loop = loop;
	pthread_cond_broadcast(&r->called);
}

/* --- the watcher ---------------------------------------------------------------------------------------- */

/* Once for each hook that would have been left behind. */
static void refuse(struct relay *r, struct watched *seen)
{
	if (seen->refused_mark == seen->mark) return;
	seen->refused_mark = seen->mark;
	log_event(LOG_WARN, "http.stuck", LOG_I("threads", r->count), LOG_I("most", r->most));
	metric_add(r->not_handed_over, 1);
}

/* Under the lock. Without a spare at hand the loop stays where it is, and the next look finds it again. */
static void take_away(struct relay *r, struct loop *loop, struct watched *seen)
{
	uint64_t mark = seen->mark;
	if (!r->spare) {
		bool is_coming = r->opening > 0 || (r->count < r->most && start_runner(r));
		if (!is_coming) refuse(r, seen);
		return;
	}
	if (!atomic_compare_exchange_strong(&loop->mark, &mark, mark + 1)) return; /* it came back by itself */
	metric_add(r->handed_over, 1);
	metric_add(r->stuck, 1);
	call(r, loop);
}

/* Under the lock. Whether the loop has done anything since the last look, or is in a step. */
static bool look_at(struct relay *r, struct loop *loop, struct watched *seen, int64_t now_us)
{
	uint64_t mark = atomic_load(&loop->mark);
	if (mark != seen->mark) {
		seen->mark = mark;
		seen->since_us = now_us;
		return true;
	}
	if ((mark & 1) == 0) return false;
	int64_t hold_us = atomic_load(&loop->is_behind) ? RELAY_LOOK_US : RELAY_HOLD_US;
	if (now_us - seen->since_us >= hold_us) take_away(r, loop, seen);
	return true;
}

static bool look_at_all(struct relay *r)
{
	int64_t now_us = monotonic_us();
	bool is_busy = false;
	for (int i = 0; i < r->server->loop_count; i++)
		is_busy |= look_at(r, &r->server->loops[i], &r->watched[i], now_us);
	return is_busy;
}

static struct timespec time_of(int64_t monotonic)
{
	return (struct timespec){ monotonic / 1000000, monotonic % 1000000 * 1000 };
}

/* Under the lock. A step that begins from here on finds the watcher asleep and wakes it; one that has begun is seen. */
static void sleep_long(struct relay *r)
{
	r->is_asleep = true;
	if (look_at_all(r)) r->is_asleep = false;
	while (r->is_asleep && !r->stops)
		pthread_cond_wait(&r->looks, &r->lock);
}

static void *watch(void *relay)
{
	struct relay *r = relay;
	int idle = 0;
	pthread_mutex_lock(&r->lock);
	while (!r->stops) {
		idle = look_at_all(r) ? 0 : idle + 1;
		struct timespec next = time_of(monotonic_us() + RELAY_LOOK_US);
		if (idle >= LOOKS_IDLE) {
			sleep_long(r);
			idle = 0;
		} else {
			pthread_cond_timedwait(&r->looks, &r->lock, &next);
		}
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* --- start and end -------------------------------------------------------------------------------------- */

static void add_metrics(struct relay *r, struct metrics *m)
{
	if (!m) return;
	r->handed_over = metrics_add(m, METRIC_COUNTER, "http_loops_handed_over_total",
		"Loops taken from a handler that took too long", NULL);
	r->not_handed_over = metrics_add(m, METRIC_COUNTER, "http_loops_not_handed_over_total",
		"Handlers that took too long when no spare thread was left", NULL);
	r->stuck = metrics_add(m, METRIC_GAUGE, "http_threads_stuck", "Threads in a handler that lost their loop",
		NULL);
}

static void make_locks(struct relay *r)
{
	pthread_condattr_t monotonic;
	must(pthread_condattr_init(&monotonic) == 0 &&
		pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
	must(pthread_mutex_init(&r->lock, NULL) == 0 && pthread_cond_init(&r->called, NULL) == 0 &&
		pthread_cond_init(&r->looks, &monotonic) == 0 && pthread_cond_init(&r->told, &monotonic) == 0);
	pthread_condattr_destroy(&monotonic);
}

/* The loops are given out when all runners are ready. */
static struct err *start_all(struct arena *a, struct relay *r)
{
	bool is_started = start_thread(&r->watcher, "loop-watch", watch, r);
	r->is_watched = is_started;
	pthread_mutex_lock(&r->lock);
	for (int i = 0; i < r->server->loop_count && is_started; i++)
		is_started = start_runner(r);
	while (r->opening > 0)
		pthread_cond_wait(&r->told, &r->lock);
	bool serves = is_started && !r->failed;
	for (int i = 0; i < r->server->loop_count && serves; i++)
		call(r, &r->server->loops[i]);
	pthread_mutex_unlock(&r->lock);
	if (!is_started) return ERR(a, ERR_UNAVAILABLE, NULL, "no threads are to be had");
	return r->failed ? err_copy(a, r->failed) : NULL;
}

struct err *relay_start(struct arena *a, struct server *server, struct relay **ret)
{
	struct relay *r = ARENA_NEW(a, struct relay);
	r->server = server;
	r->most = server->loop_count + server->options.spare_threads;
	r->runners = ARENA_ARRAY(a, struct runner, (size_t)r->most);
	r->watched = ARENA_ARRAY(a, struct watched, (size_t)server->loop_count);
	r->is_asleep = false;
	server->relay = r;
	add_metrics(r, server->options.metrics);
	make_locks(r);
	struct err *failed = start_all(a, r);
	if (failed) {
		relay_stop(r);
		return failed;
	}
	*ret = r;
	return NULL;
}

bool relay_wait(struct relay *r, int64_t until_us)
{
	struct timespec until = time_of(until_us);
	pthread_mutex_lock(&r->lock);
	while (r->over < r->server->loop_count && monotonic_us() < until_us)
		pthread_cond_timedwait(&r->told, &r->lock, &until);
	bool is_over = r->over == r->server->loop_count;
	pthread_mutex_unlock(&r->lock);
	return is_over;
}

void relay_stop(struct relay *r)
{
	if (!r) return;
	pthread_mutex_lock(&r->lock);
	r->stops = true;
	pthread_cond_broadcast(&r->called);
	pthread_cond_broadcast(&r->looks);
	pthread_mutex_unlock(&r->lock);
	if (r->is_watched) pthread_join(r->watcher, NULL);
	for (int i = 0; i < r->count; i++) {
		pthread_join(r->runners[i].thread, NULL);
		arena_free(r->runners[i].arena);
	}
	pthread_cond_destroy(&r->told);
	pthread_cond_destroy(&r->looks);
	pthread_cond_destroy(&r->called);
	pthread_mutex_destroy(&r->lock);
}
