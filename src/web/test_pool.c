/* The pool: order, bound, and an end that loses nothing. */
#include <pthread.h>

#include "base/testing.h"
#include "web/pool.h"

struct yard {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_open;
	int order[10], done, states;
};

struct task {
	struct pool_job job;
	struct yard *yard;
	int number;
};

static void run_task(struct pool_job *job, void *thread_state)
{
	struct task *task = (struct task *)job;
	struct yard *y = task->yard;
	must(thread_state == y);
	pthread_mutex_lock(&y->lock);
	while (!y->is_open)
		pthread_cond_wait(&y->changed, &y->lock);
	y->order[y->done++] = task->number;
	pthread_cond_broadcast(&y->changed);
	pthread_mutex_unlock(&y->lock);
}

static struct err *open_state(void *state, struct arena *a, void **ret_thread_state)
{
	struct yard *y = state;
	(void)a;
	pthread_mutex_lock(&y->lock);
	y->states++;
	pthread_mutex_unlock(&y->lock);
	*ret_thread_state = y;
	return NULL;
}

static struct err *fail_to_open(void *state, struct arena *a, void **ret_thread_state)
{
	(void)state;
	(void)ret_thread_state;
	return ERR(a, ERR_UNAVAILABLE, NULL, "no connection");
}

static void close_state(void *state, void *thread_state)
{
	struct yard *y = state;
	must(thread_state == y);
	pthread_mutex_lock(&y->lock);
	y->states--;
	pthread_mutex_unlock(&y->lock);
}

static void open_gate(struct yard *y)
{
	pthread_mutex_lock(&y->lock);
	y->is_open = true;
	pthread_cond_broadcast(&y->changed);
	pthread_mutex_unlock(&y->lock);
}

TEST(pool_is_bounded_and_runs_in_order)
{
	struct yard y = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
	struct pool_options options = { "test", 1, 3, open_state, close_state, &y };
	struct task tasks[6];
	struct pool *p;
	CHECK_OK(pool_start(t->arena, &options, &p));
	CHECK_INT(y.states, 1);
	int taken = 0;
	for (int i = 0; i < 6; i++) {
		tasks[i] = (struct task){ { .run = run_task }, &y, i };
		taken += pool_submit(p, &tasks[i].job);
	}
	/* Three wait; a fourth may be running already. */
	CHECK(taken == 3 || taken == 4);
	CHECK_INT(pool_stats(p).refused, 6 - taken);
	open_gate(&y);
	pool_stop(p); /* finishes what is queued */
	CHECK_INT(y.done, taken);
	for (int i = 0; i < taken; i++)
		CHECK_INT(y.order[i], i);
	CHECK_INT(y.states, 0);
}

TEST(pool_does_not_start_without_its_threads_state)
{
	struct pool_options options = { .name = "test",
		.threads = 3,
		.queue_max = 1,
		.thread_open = fail_to_open };
	struct pool *p;
	CHECK_ERR(pool_start(t->arena, &options, &p), ERR_UNAVAILABLE);
}
