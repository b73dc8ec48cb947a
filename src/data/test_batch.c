/*
 * One batch, step by step and without a thread: the n-th statement of the k-th commit fails, for every n and
 * k and in every way that a statement can fail. What must hold each time: the failing commit leaves nothing,
 * every other one is whole, each is told once, and nobody is told before it is durable.
 */
#include <time.h>

#include "data/test_support.h"

enum { COMMITS = 4, STEPS = 3 };

enum failure {
	FAIL_CONFLICT,       /* UNIQUE: the statement alone is undone by the engine */
	FAIL_RETURN,         /* the function itself says no */
	FAIL_OVERLOOKED,     /* a conflict that the function does not pass on */
	FAIL_ROLLBACK,       /* the engine drops the whole transaction */
	FAIL_ROLLBACK_QUIET, /* the same, and the function does not pass it on */
	FAIL_ENDLESS_WRITE,  /* interrupted: the engine drops the whole transaction */
	FAIL_ENDLESS_READ,   /* interrupted: it does not */
	FAIL_FULL,           /* no room in the database */
	FAIL_AT_COMMIT,      /* accepted, and refused by COMMIT */
	FAIL_MAX,
};

struct member {
	struct commit commit;
	struct db *reader; /* sees only what is durable */
	int number, runs, told;
	int fails_at; /* step, or -1 */
	enum failure failure;
	int64_t seen; /* rows of this commit when it was told */
	int order;    /* in which it was told */
};

static int told_count; /* reset by each batch */

static const struct query drop_query = { .name = "drop_all",
	.sqlite = "INSERT INTO note (commit_no, step, text) "
			  "VALUES (-7, 0, 'bomb')",
	.postgresql = "SELECT pg_terminate_backend(pg_backend_pid())",
	.index = 201,
	.columns = 1,
	.writes = true };
static const struct query huge_query = { .name = "huge",
	.sqlite = "INSERT INTO note (commit_no, step, text) "
			  "SELECT -8, 0, hex(zeroblob(4000000))",
	.postgresql = "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''53100''; END'",
	.index = 202,
	.writes = true };
static const struct query promise_query = { .name = "promise",
	.sqlite = "INSERT INTO promise (note_id) VALUES (999999)",
	.postgresql = "INSERT INTO promise (note_id) VALUES (999999)",
	.index = 203,
	.writes = true };

static struct err *fail_now(struct tx *tx, struct member *m, int step)
{
	struct err *e;
	switch (m->failure) {
	case FAIL_CONFLICT: return note_insert(tx->db, tx->arena, m->number, step, STR("taken"));
	case FAIL_RETURN: return ERR(tx->arena, ERR_INVALID, NULL, "no");
	case FAIL_OVERLOOKED:
		e = note_insert(tx->db, tx->arena, m->number, step, STR("taken"));
		return e ? NULL : ERR(tx->arena, ERR_INTERNAL, NULL, "it did not fail");
	case FAIL_ROLLBACK: return support_run(tx->db, tx->arena, &drop_query);
	case FAIL_ROLLBACK_QUIET:
		e = support_run(tx->db, tx->arena, &drop_query);
		return e ? NULL : ERR(tx->arena, ERR_INTERNAL, NULL, "it did not fail");
	case FAIL_ENDLESS_WRITE: return support_run(tx->db, tx->arena, &endless_write);
	case FAIL_ENDLESS_READ: return support_run(tx->db, tx->arena, &endless_read);
	case FAIL_FULL: return support_run(tx->db, tx->arena, &huge_query);
	case FAIL_AT_COMMIT: return support_run(tx->db, tx->arena, &promise_query);
	case FAIL_MAX: break;
	}
	return NULL;
}

static struct err *member_commit(struct tx *tx, void *input)
{
	struct member *m = input;
	m->runs++;
	for (int step = 0; step < STEPS; step++) {
		if (step == m->fails_at) TRY(fail_now(tx, m, step));
		struct str text = arena_printf(tx->arena, "%d.%d", m->number, step);
		struct err *e = note_insert(tx->db, tx->arena, m->number, step, text);
		bool overlooks = m->failure == FAIL_OVERLOOKED || m->failure == FAIL_ROLLBACK_QUIET;
		if (e && !(overlooks && m->fails_at >= 0)) return e;
	}
	return NULL;
}

static void member_done(struct commit *c)
{
	struct member *m = c->input;
	m->told++;
	m->order = told_count++;
	struct arena *a = arena_new(1024 * 1024);
	if (note_count(m->reader, a, m->number, &m->seen)) m->seen = -1;
	arena_free(a);
}

static void members_make(struct test *t, struct db *reader, struct member *members, struct commit **list,
	int k, int n, enum failure failure)
{
	told_count = 0;
	for (int i = 0; i < COMMITS; i++) {
		members[i] = (struct member){ .number = i,
			.reader = reader,
			.fails_at = i == k ? n : -1,
			.failure = failure };
		members[i].commit = (struct commit){ .run = member_commit,
			.input = &members[i],
			.arena = t->arena,
			.done = member_done };
		list[i] = &members[i].commit;
	}
}

static void run_all(struct batcher *b, struct commit **list, size_t count)
{
	for (size_t at = 0; at < count;)
		at += batch_run(b, list + at, count - at);
}

static enum err_code expected(enum failure failure)
{
	switch (failure) {
	case FAIL_CONFLICT: return ERR_CONFLICT;
	case FAIL_RETURN: return ERR_INVALID;
	case FAIL_OVERLOOKED: return ERR_INTERNAL;
	default: return ERR_UNAVAILABLE;
	}
}

/* After the batch each is as it should be, in the database and to the one who asked. */
static void members_check(struct test *t, struct db *reader, const struct member *members, int k,
	enum failure failure)
{
	int64_t rows;
	for (int i = 0; i < COMMITS; i++) {
		const struct member *m = &members[i];
		CHECK_INT(m->told, 1);
		if (i != k)
			CHECK_OK(m->commit.err);
		else
			CHECK_ERR(m->commit.err, expected(failure));
		CHECK_OK(note_count(reader, t->arena, i, &rows));
		CHECK_INT(rows, i == k ? 0 : STEPS);
		CHECK_INT(m->seen, i == k ? 0 : STEPS);
	}
	CHECK_OK(note_count(reader, t->arena, -1, &rows));
	CHECK_INT(rows, (COMMITS - 1) * STEPS + 1); /* and "taken" */
}

/* PostgreSQL needs no help to lose a connection, and has its disk full by the error's code. */
static const struct query setup_queries[] = {
	{ .name = "taken",
		.sqlite = "INSERT INTO note (commit_no, step, text) VALUES (-1000, 0, 'taken')",
		.postgresql = "INSERT INTO note (commit_no, step, text) VALUES (-1000, 0, 'taken')",
		.index = 211 },
	{ .name = "bomb",
		.sqlite = "CREATE TRIGGER bomb BEFORE INSERT ON note WHEN NEW.commit_no = -7 "
				  "BEGIN SELECT RAISE(ROLLBACK, 'bomb'); END",
		.index = 212 },
	{ .name = "small_disk", .sqlite = "PRAGMA max_page_count = 200", .index = 213 },
};
static const struct query forget_query = { .name = "forget",
	.sqlite = "DELETE FROM note WHERE commit_no >= 0",
	.postgresql = "DELETE FROM note WHERE commit_no >= 0",
	.index = 214,
	.writes = true };

static struct err *setup(struct db *db, struct arena *a, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (setup_queries[i].postgresql || !support_is_postgresql())
			TRY(support_run(db, a, &setup_queries[i]));
	}
	return NULL;
}

static void every_statement_of_every_commit(struct test *t, enum failure failure)
{
	struct str url = support_database(t);
	struct batcher *b = support_batcher(t, url);
	struct db *reader;
	struct member members[COMMITS];
	struct commit *list[COMMITS];
	CHECK(b);
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	CHECK_OK(setup(b->db, t->arena, sizeof setup_queries / sizeof *setup_queries));
	support_fake_clock(b->db);
	for (int k = 0; k < COMMITS; k++) {
		for (int n = 0; n < STEPS; n++) {
			members_make(t, reader, members, list, k, n, failure);
			run_all(b, list, COMMITS);
			members_check(t, reader, members, k, failure);
			CHECK_OK(support_run(b->db, t->arena, &forget_query));
			if (!t->failed) continue;
			printf("  (failure %d, commit %d, statement %d)\n", (int)failure, k, n);
			db_close(reader);
			return;
		}
	}
	db_close(reader);
}

TEST(batch_statement_conflicts) { every_statement_of_every_commit(t, FAIL_CONFLICT); }

TEST(batch_function_says_no) { every_statement_of_every_commit(t, FAIL_RETURN); }

TEST(batch_function_overlooks_a_conflict) { every_statement_of_every_commit(t, FAIL_OVERLOOKED); }

TEST(batch_engine_drops_the_transaction) { every_statement_of_every_commit(t, FAIL_ROLLBACK); }

TEST(batch_function_overlooks_the_dropped_transaction)
{
	every_statement_of_every_commit(t, FAIL_ROLLBACK_QUIET);
}

TEST(batch_endless_write_is_interrupted) { every_statement_of_every_commit(t, FAIL_ENDLESS_WRITE); }

TEST(batch_endless_read_is_interrupted) { every_statement_of_every_commit(t, FAIL_ENDLESS_READ); }

TEST(batch_disk_is_full) { every_statement_of_every_commit(t, FAIL_FULL); }

TEST(batch_commit_itself_fails) { every_statement_of_every_commit(t, FAIL_AT_COMMIT); }

/* Two different commits fail at once, one of them by dropping the transaction. */
TEST(batch_two_fail_together)
{
	struct str url = support_database(t);
	struct batcher *b = support_batcher(t, url);
	struct db *reader;
	struct member members[COMMITS];
	struct commit *list[COMMITS];
	int64_t rows;
	CHECK(b);
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	CHECK_OK(setup(b->db, t->arena, 2));
	members_make(t, reader, members, list, 2, 1, FAIL_ROLLBACK);
	members[0].fails_at = 2;
	members[0].failure = FAIL_CONFLICT;
	run_all(b, list, COMMITS);
	CHECK_ERR(members[0].commit.err, ERR_CONFLICT);
	CHECK_OK(members[1].commit.err);
	CHECK_ERR(members[2].commit.err, ERR_UNAVAILABLE);
	CHECK_OK(members[3].commit.err);
	CHECK_OK(note_count(reader, t->arena, -1, &rows));
	CHECK_INT(rows, 2 * STEPS + 1);
	db_close(reader);
}

/* An endless commit is stopped after 20 ms of the clock, twice at most, and told last: whoever shares its batch
 * waits for one such stop at most, which with the others' own work stays below 50 ms. */
TEST(batch_endless_commit_delays_others_once)
{
	struct str url = support_database(t);
	struct batcher *b = support_batcher(t, url);
	struct db *reader;
	struct member members[COMMITS];
	struct commit *list[COMMITS];
	CHECK(b);
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	support_fake_clock(b->db);
	members_make(t, reader, members, list, 0, 1, FAIL_ENDLESS_WRITE);
	fake_looks = 0;
	run_all(b, list, COMMITS);
	CHECK(
		fake_looks < 2 * (WRITER_COMMIT_MS + COMMITS + 8)); /* each commit looks once for its own deadline */
	bool is_dropped = !support_is_postgresql(); /* there an interruption is an error as any other */
	CHECK_INT(members[0].runs, is_dropped ? 2 : 1);
	CHECK_INT(members[0].order, is_dropped ? COMMITS - 1 : 0);
	for (int i = 1; i < COMMITS; i++)
		CHECK_INT(members[i].order, is_dropped ? i - 1 : i);
	db_close(reader);
}

/* Without a failure: once each, one batch, in order. */
static const struct query counting_query = { .name = "counting",
	.sqlite =
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT count(*) FROM n",
	.index = 204,
	.columns = 1 };

/* The machine does something else for three times as long as a commit may compute. */
static struct err *waiting_commit(struct tx *tx, void *input)
{
	const struct timespec pause = { .tv_nsec = 3 * WRITER_COMMIT_MS * 1000000L };
	(void)input;
	nanosleep(&pause, NULL);
	TRY(support_run(tx->db, tx->arena, &counting_query)); /* looks at the clock */
	return note_insert(tx->db, tx->arena, 1, 0, STR("late, and not to blame"));
}

TEST(batch_waiting_is_not_computing)
{
	struct str url = support_sqlite_database(t);
	struct batcher *b = support_batcher(t, url);
	struct commit waiting = { .run = waiting_commit, .arena = t->arena }, *list[] = { &waiting };
	CHECK(b);
	CHECK_INT((int64_t)batch_run(b, list, 1), 1);
	CHECK_OK(waiting.err);
}

TEST(batch_runs_together)
{
	struct str url = support_database(t);
	struct batcher *b = support_batcher(t, url);
	struct db *reader;
	struct member members[COMMITS];
	struct commit *list[COMMITS];
	CHECK(b);
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	support_fake_clock(b->db);
	members_make(t, reader, members, list, -1, -1, FAIL_MAX);
	run_all(b, list, COMMITS);
	for (int i = 0; i < COMMITS; i++) {
		CHECK_OK(members[i].commit.err);
		CHECK_INT(members[i].runs, 1);
		CHECK_INT(members[i].order, i);
		CHECK_INT(members[i].seen, STEPS);
	}
	CHECK_INT(b->commits, COMMITS);
	CHECK_INT(b->retried, 0);
	db_close(reader);
}

/* Another process holds the database: everybody is refused, nobody runs. */
TEST(batch_refused_when_no_transaction_begins)
{
	struct str url = support_database(t);
	struct batcher *b = support_batcher(t, url);
	struct db *other;
	struct member members[COMMITS];
	struct commit *list[COMMITS];
	CHECK(b);
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &other));
	CHECK_OK(db_begin(other, t->arena));
	CHECK_OK(db_script(b->db, t->arena, "PRAGMA busy_timeout = 1", "SET lock_timeout = 1"));
	members_make(t, other, members, list, -1, -1, FAIL_MAX);
	CHECK_INT(batch_run(b, list, COMMITS), COMMITS);
	for (int i = 0; i < COMMITS; i++) {
		CHECK_ERR(members[i].commit.err, ERR_UNAVAILABLE);
		CHECK_INT(members[i].runs, 0);
		CHECK_INT(members[i].told, 1);
	}
	db_rollback(other);
	run_all(b, list, COMMITS);
	for (int i = 0; i < COMMITS; i++)
		CHECK_OK(members[i].commit.err);
	db_close(other);
}
