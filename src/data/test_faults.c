/*
 * The disk fails: the n-th write or sync goes wrong, for every n of a batch, or the n-th read. Whatever happens, an
 * answer is true: who was told 'durable' is in the database when it is opened again, and who was told otherwise is not.
 */
#include "data/test_support.h"
#include "data/test_vfs.h"

enum { COMMITS = 3 };

/* The tests of a binary run one after another on one thread; each sets these anew. */
static struct {
	int countdown; /* to the failing call; 0: none fails */
	int lasting;   /* calls that fail from then on */
	int calls;
	int code;
	bool is_on_reads; /* else on writes and syncs */
} fault;

static bool fails_now(void)
{
	fault.calls++;
	if (fault.countdown > 0 && --fault.countdown == 0) fault.lasting = fault.lasting ? fault.lasting : 1;
	if (fault.countdown != 0 || fault.lasting == 0) return false;
	fault.lasting--;
	return true;
}

static int on_write(const char *path, const void *from, int n, sqlite3_int64 at)
{
	(void)path, (void)from, (void)n, (void)at;
	return !fault.is_on_reads && fails_now() ? fault.code : SQLITE_OK;
}

static int on_sync(const char *path)
{
	(void)path;
	return !fault.is_on_reads && fails_now() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int on_read(const char *path)
{
	(void)path;
	return fault.is_on_reads && fails_now() ? fault.code : SQLITE_OK;
}

static const struct test_vfs_watcher failing = { .write = on_write, .sync = on_sync, .read = on_read };

/* --- the batch under test ------------------------------------------------------------------------------- */

struct member {
	struct commit commit;
	int number;
	int told;
};

/* A batch of them is more than the log takes in one write. */
static struct err *member_commit(struct tx *tx, void *input)
{
	const struct member *m = input;
	for (int step = 0; step < 2; step++)
		TRY(note_insert(tx->db, tx->arena, m->number, step,
			arena_printf(tx->arena, "%d.%d %030000d", m->number, step, 0)));
	return NULL;
}

static void member_done(struct commit *c) { ((struct member *)c->input)->told++; }

/* Each answer against what a new connection finds. */
static void answers_check(struct test *t, struct str url, const struct member *members)
{
	struct db *reader;
	int64_t rows;
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	for (int i = 0; i < COMMITS; i++) {
		CHECK_INT(members[i].told, 1);
		CHECK_OK(note_count(reader, t->arena, members[i].number, &rows));
		CHECK_INT(rows, members[i].commit.err ? 0 : 2);
		if (members[i].commit.err) CHECK_ERR(members[i].commit.err, ERR_UNAVAILABLE);
	}
	db_close(reader);
}

/* One batch in which the `at`-th call fails; then the disk is well again and a second batch must pass. Returns
 * how many calls there were. */
static int one_fault(struct test *t, int at, int lasting, int code)
{
	struct member members[2][COMMITS];
	struct str url = support_sqlite_database(t);
	struct batcher *b = support_batcher(t, url);
	must(b);
	int calls = 0;
	for (int round = 0; round < 2; round++) {
		struct commit *list[COMMITS];
		for (int i = 0; i < COMMITS; i++) {
			struct member *m = &members[round][i];
			*m = (struct member){ .number = round * COMMITS + i };
			m->commit = (struct commit){ .run = member_commit,
				.input = m,
				.arena = t->arena,
				.done = member_done };
			list[i] = &m->commit;
		}
		fault.calls = 0;
		fault.countdown = round ? 0 : at;
		fault.lasting = round ? 0 : lasting;
		fault.code = code;
		for (size_t done = 0; done < COMMITS;)
			done += batch_run(b, list + done, COMMITS - done);
		fault.countdown = fault.lasting = 0;
		if (!round) calls = fault.calls;
		answers_check(t, url, members[round]);
		for (int i = 0; round && i < COMMITS; i++)
			if (members[1][i].commit.err)
				test_fail(t, __FILE__, __LINE__, "not well again: %s", members[1][i].commit.err->detail);
	}
	return calls;
}

/* `least`: so many calls there must be, otherwise this tests nothing. */
static void every_call(struct test *t, int lasting, int code, int least)
{
	test_vfs_install(&failing);
	int calls = one_fault(t, 0, 0, code);
	for (int at = 1; at <= calls && !t->failed; at++) {
		one_fault(t, at, lasting, code);
		if (t->failed) printf("  (call %d of %d)\n", at, calls);
	}
	test_vfs_remove();
	CHECK(calls >= least);
}

/* Pieces of the log and its sync. */
TEST(faults_one_write_fails) { every_call(t, 1, SQLITE_IOERR_WRITE, 4); }

TEST(faults_disk_full_once) { every_call(t, 1, SQLITE_FULL, 4); }

TEST(faults_disk_gone_for_a_while) { every_call(t, 6, SQLITE_IOERR_WRITE, 4); }

static void every_read(struct test *t, int lasting, int code)
{
	fault.is_on_reads = true;
	every_call(t, lasting, code, 1);
	fault.is_on_reads = false;
}

TEST(faults_one_read_of_a_commit_fails) { every_read(t, 1, SQLITE_IOERR_READ); }

TEST(faults_reads_of_commits_fail_for_a_while) { every_read(t, 6, SQLITE_IOERR_READ); }

/* A page that reads: told that it cannot be had now, never something else; and the next one has it. */
TEST(faults_one_read_of_a_reader_fails)
{
	test_vfs_install(&failing);
	struct str url = support_sqlite_database(t);
	struct db *db;
	int64_t rows;
	int refused = 0;
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &db));
	for (int i = 0; i < COMMITS; i++)
		CHECK_OK(note_insert(db, t->arena, 1, i, arena_printf(t->arena, "%d", i)));
	db_close(db);
	fault.is_on_reads = true;
	fault.code = SQLITE_IOERR_READ;
	for (int at = 1; at == 1 || fault.countdown == 0; at++) {
		CHECK_OK(db_open(t->arena, url, DB_READ, &db));
		fault.countdown = at;
		struct err *e = note_count(db, t->arena, 1, &rows);
		refused += e != NULL;
		if (e) CHECK_ERR(e, ERR_UNAVAILABLE);
		bool is_past = fault.countdown > 0;
		fault.countdown = fault.lasting = 0;
		CHECK_OK(note_count(db, t->arena, 1, &rows));
		CHECK_INT(rows, COMMITS);
		db_close(db);
		if (is_past) break;
	}
	fault.is_on_reads = false;
	test_vfs_remove();
	CHECK(refused > 0);
}
