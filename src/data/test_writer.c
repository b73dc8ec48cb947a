/* The writer as callers see it: thread, queues, order, clock, stopping. */
#include <pthread.h>

#include "data/test_support.h"

/* A door that holds the writer's thread inside a commit until the test has queued what it wants. */
struct door {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool entered, open;
};

static void door_init(struct door *d)
{
	*d = (struct door){ 0 };
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->changed, NULL);
}

static struct err *door_commit(struct tx *tx, void *input)
{
	struct door *d = input;
	(void)tx;
	pthread_mutex_lock(&d->lock);
	d->entered = true;
	pthread_cond_broadcast(&d->changed);
	while (!d->open)
		pthread_cond_wait(&d->changed, &d->lock);
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

static void door_wait_entered(struct door *d)
{
	pthread_mutex_lock(&d->lock);
	while (!d->entered)
		pthread_cond_wait(&d->changed, &d->lock);
	pthread_mutex_unlock(&d->lock);
}

static void door_open(struct door *d)
{
	pthread_mutex_lock(&d->lock);
	d->open = true;
	pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

/* Each commit has its own arena, as requests have. */
struct work {
	struct commit commit;
	int number;
	int ran_at;      /* its place among all that ran */
	int64_t durable; /* rows that a reader saw when it was told */
	struct db *reader;
	bool told;
};

static _Atomic int ran; /* set to 0 by each test before its writer starts */

static struct err *work_commit(struct tx *tx, void *input)
{
	struct work *w = input;
	w->ran_at = atomic_fetch_add(&ran, 1);
	return note_insert(tx->db, tx->arena, w->number, 0, arena_printf(tx->arena, "note %d", w->number));
}

static void work_done(struct commit *c)
{
	struct work *w = c->input;
	if (w->reader && note_count(w->reader, c->arena, w->number, &w->durable)) w->durable = -1;
	w->told = true;
}

static struct work *work_new(struct test *t, int number, struct db *reader)
{
	struct work *w = ARENA_NEW(t->arena, struct work);
	w->number = number;
	w->reader = reader;
	w->commit = (struct commit){ .run = work_commit,
		.input = w,
		.arena = arena_new(1024 * 1024),
		.done = work_done };
	arena_defer(t->arena, (void (*)(void *))arena_free, w->commit.arena);
	return w;
}

static struct commit door_submit(struct test *t, struct door *d)
{
	door_init(d);
	return (struct commit){ .run = door_commit, .input = d, .arena = t->arena };
}

TEST(writer_groups_what_waits_and_tells_after_the_commit)
{
	enum { COUNT = 10 };
	struct str url = support_database(t);
	struct writer *w;
	struct db *reader;
	struct door door;
	struct work *works[COUNT];
	atomic_store(&ran, 0);
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	CHECK_OK(writer_start(t->arena, &(struct writer_options){ .url = url }, &w));
	struct commit hold = door_submit(t, &door);
	writer_submit(w, &hold);
	door_wait_entered(&door);
	for (int i = 0; i < COUNT; i++) {
		works[i] = work_new(t, i, reader);
		writer_submit(w, &works[i]->commit);
	}
	CHECK_INT(writer_stats(w).queued, COUNT);
	door_open(&door);
	writer_stop(w);
	for (int i = 0; i < COUNT; i++) {
		CHECK(works[i]->told);
		CHECK_OK(works[i]->commit.err);
		CHECK_INT(works[i]->durable, 1);
	}
	struct writer_stats stats = writer_stats(w);
	CHECK_INT(stats.max_batch, COUNT);
	CHECK_INT(stats.batches, 2);
	CHECK_INT(stats.commits, COUNT + 1);
	CHECK_INT(stats.retried, 0);
	CHECK_INT(stats.queued, 0);
	db_close(reader);
}

TEST(writer_lets_citizens_pass_before_long_work)
{
	struct str url = support_database(t);
	struct writer *w;
	struct door door;
	struct work *works[4];
	atomic_store(&ran, 0);
	CHECK_OK(writer_start(t->arena, &(struct writer_options){ .url = url }, &w));
	struct commit hold = door_submit(t, &door);
	writer_submit(w, &hold);
	door_wait_entered(&door);
	for (int i = 0; i < 4; i++) {
		works[i] = work_new(t, i, NULL);
		works[i]->commit.waits_for_citizens = i < 2;
		writer_submit(w, &works[i]->commit);
	}
	door_open(&door);
	writer_stop(w);
	CHECK_INT(works[2]->ran_at, 0);
	CHECK_INT(works[3]->ran_at, 1);
	CHECK_INT(works[0]->ran_at, 2);
	CHECK_INT(works[1]->ran_at, 3);
}

TEST(writer_refuses_when_full_and_when_stopped)
{
	struct str url = support_database(t);
	struct writer *w;
	struct door door;
	atomic_store(&ran, 0);
	CHECK_OK(writer_start(t->arena, &(struct writer_options){ .url = url }, &w));
	struct commit hold = door_submit(t, &door);
	writer_submit(w, &hold);
	door_wait_entered(&door);
	struct work *works = ARENA_ARRAY(t->arena, struct work, WRITER_QUEUE_MAX + 1);
	for (int i = 0; i <= WRITER_QUEUE_MAX; i++) {
		works[i].number = i;
		works[i].commit = (struct commit){ .run = work_commit,
			.input = &works[i],
			.arena = t->arena,
			.done = work_done };
		writer_submit(w, &works[i].commit);
	}
	CHECK(works[WRITER_QUEUE_MAX].told);
	CHECK_ERR(works[WRITER_QUEUE_MAX].commit.err, ERR_UNAVAILABLE);
	CHECK(!works[0].told);
	CHECK_INT(writer_stats(w).refused, 1);
	/* Long work has a queue of its own: it cannot shut citizens out, nor they it. */
	struct work *patient = work_new(t, -2, NULL);
	patient->commit.waits_for_citizens = true;
	writer_submit(w, &patient->commit);
	CHECK(!patient->told);
	door_open(&door);
	writer_stop(w);
	for (int i = 0; i < WRITER_QUEUE_MAX; i++)
		CHECK_OK(works[i].commit.err);
	CHECK_OK(patient->commit.err);
	CHECK(writer_stats(w).max_batch <= WRITER_BATCH_MAX);
	struct work *late = work_new(t, 5, NULL);
	writer_submit(w, &late->commit);
	CHECK(late->told);
	CHECK_ERR(late->commit.err, ERR_UNAVAILABLE);
	CHECK_ERR(writer_run(w, t->arena, work_commit, late), ERR_UNAVAILABLE);
}

/* --- the register's clock ------------------------------------------------------------------------------- */

static struct instant list_clock(void *state)
{
	const struct instant **next = state;
	return *(*next)++;
}

static struct err *now_commit(struct tx *tx, void *input)
{
	static int notes; /* one writer at a time runs it, and each note's text is new */
	*(struct instant *)input = tx->now;
	return note_insert(tx->db, tx->arena, 0, 0, arena_printf(tx->arena, "now %d", ++notes));
}

TEST(writer_clock_never_goes_back)
{
	struct str url = support_database(t);
	struct instant times[] = { { 1000 }, { 400 }, { 1500 } }, later[] = { { 200 }, { 1501 } }, now;
	const struct instant *next = times;
	struct writer *w;
	CHECK_OK(writer_start(t->arena, &(struct writer_options){ url, list_clock, &next }, &w));
	CHECK_OK(writer_run(w, t->arena, now_commit, &now));
	CHECK_INT(now.ms, 1000);
	CHECK_OK(writer_run(w, t->arena, now_commit, &now));
	CHECK_INT(now.ms, 1000);
	CHECK_OK(writer_run(w, t->arena, now_commit, &now));
	CHECK_INT(now.ms, 1500);
	writer_stop(w);
	next = later;
	CHECK_OK(writer_start(t->arena, &(struct writer_options){ url, list_clock, &next }, &w));
	CHECK_OK(writer_run(w, t->arena, now_commit, &now));
	CHECK_INT(now.ms, 1500);
	CHECK_INT(writer_time(w).ms, 1500); /* the clock itself says 200 */
	CHECK_OK(writer_run(w, t->arena, now_commit, &now));
	CHECK_INT(now.ms, 1501);
	CHECK_INT(writer_time(w).ms, 1501);
	writer_stop(w);
}

static struct err *random_commit(struct tx *tx, void *input)
{
	struct str *two = input;
	two[0] = tx_random(tx, 32);
	two[1] = tx_random(tx, 32);
	return NULL;
}

TEST(writer_random_differs)
{
	struct writer *w;
	struct str two[2], again[2];
	CHECK_OK(writer_start(t->arena, &(struct writer_options){ .url = support_database(t) }, &w));
	CHECK_OK(writer_run(w, t->arena, random_commit, two));
	CHECK_OK(writer_run(w, t->arena, random_commit, again));
	writer_stop(w);
	CHECK_INT(two[0].n, 32);
	CHECK(!str_eq(two[0], two[1]));
	CHECK(!str_eq(two[0], again[0]));
}

TEST(writer_does_not_start_without_its_database)
{
	struct writer *w = NULL;
	struct str url = arena_printf(t->arena, "sqlite:%.*s/none/town.db", STR_FMT(support_folder(t)));
	CHECK_ERR(writer_start(t->arena, &(struct writer_options){ .url = url }, &w), ERR_UNAVAILABLE);
	CHECK(!w);
	writer_stop(NULL);
}

/* Many threads, some of whose commits fail: each gets its own answer. */
struct caller {
	pthread_t thread;
	struct writer *writer;
	int number, good, bad;
};

enum { CALLERS = 8, CALLS = 100 };

static struct err *caller_commit(struct tx *tx, void *input)
{
	const int *number = input;
	if (*number % 10 == 9) return note_insert(tx->db, tx->arena, 1, 1, STR("the same"));
	return note_insert(tx->db, tx->arena, *number, 0, arena_printf(tx->arena, "call %d", *number));
}

static void *caller_main(void *state)
{
	struct caller *c = state;
	for (int i = 0; i < CALLS; i++) {
		struct arena *a = arena_new(1024 * 1024);
		int number = c->number * CALLS + i;
		struct err *e = writer_run(c->writer, a, caller_commit, &number);
		c->good += !e;
		c->bad += e && e->code == ERR_CONFLICT;
		arena_free(a);
	}
	return NULL;
}

TEST(writer_serves_many_threads)
{
	struct writer *w;
	struct caller callers[CALLERS];
	int good = 0, bad = 0;
	CHECK_OK(writer_start(t->arena, &(struct writer_options){ .url = support_database(t) }, &w));
	for (int i = 0; i < CALLERS; i++) {
		callers[i] = (struct caller){ .writer = w, .number = i };
		CHECK_INT(pthread_create(&callers[i].thread, NULL, caller_main, &callers[i]), 0);
	}
	for (int i = 0; i < CALLERS; i++) {
		pthread_join(callers[i].thread, NULL);
		good += callers[i].good;
		bad += callers[i].bad;
	}
	writer_stop(w);
	CHECK_INT(good, CALLERS * CALLS * 9 / 10 + 1); /* the first of the same is accepted */
	CHECK_INT(bad, CALLERS * CALLS / 10 - 1);
	CHECK_INT(writer_stats(w).commits, good);
}
