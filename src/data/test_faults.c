/*
 * The disk fails: the n-th write or sync goes wrong, for every n of a batch, or the n-th read. Whatever happens, an
 * answer is true: who was told 'durable' is in the database when it is opened again, and in what a power cut would leave
 * of it; who was told otherwise is not in the first, and in the second whole or not at all (the log may have all of a
 * batch whose sync failed).
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

enum { STEPS = 2 };

/* A batch of them is more than the log takes in one write. With a small cache the pages of one step are written before
 * the next one's are changed, and read again from the log. */
static struct err *member_commit(struct tx *tx, void *input)
{
	const struct member *m = input;
	int64_t rows;
	for (int step = 0; step < STEPS; step++) {
		TRY(note_insert(tx->db, tx->arena, m->number, step,
			arena_printf(tx->arena, "%d.%d %030000d", m->number, step, 0)));
		TRY(note_count(tx->db, tx->arena, m->number, &rows));
		must(rows == step + 1);
	}
	return NULL;
}

static void member_done(struct commit *c) { ((struct member *)c->input)->told++; }

/* Each answer against what a new connection finds. */
static void answers_check(struct test *t, struct str url, const struct member *members, bool is_cut)
{
	struct db *reader;
	int64_t rows;
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	for (int i = 0; i < COMMITS; i++) {
		CHECK_INT(members[i].told, 1);
		CHECK_OK(note_count(reader, t->arena, members[i].number, &rows));
		if (!(is_cut && members[i].commit.err && rows == STEPS))
			CHECK_INT(rows, members[i].commit.err ? 0 : STEPS);
		if (members[i].commit.err) CHECK_ERR(members[i].commit.err, ERR_UNAVAILABLE);
	}
	db_close(reader);
}

static void file_copy(struct str from, struct str to, const char *suffix)
{
	char bytes[65536], path[2][4096];
	FILE *in, *out;
	snprintf(path[0], sizeof path[0], "%.*s%s", STR_FMT(from), suffix);
	snprintf(path[1], sizeof path[1], "%.*s%s", STR_FMT(to), suffix);
	must((in = fopen(path[0], "rb")) && (out = fopen(path[1], "wb")));
	for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
		must(fwrite(bytes, 1, n, out) == n);
	fclose(in);
	must(fclose(out) == 0);
}

/* What a power cut leaves: the database and its log, without the index of the log that lies in memory. */
static struct str after_power_cut(struct test *t, struct str url)
{
	struct str own = support_file(t, "left.db"), path = str_slice(url, sizeof "sqlite:" - 1, url.n);
	file_copy(path, own, "");
	file_copy(path, own, "-wal");
	return arena_printf(t->arena, "sqlite:%.*s", STR_FMT(own));
}

/* One batch in which the `at`-th call fails; then the disk is well again and a second batch must pass. Returns
 * how many calls there were. */
static int one_fault(struct test *t, int at, int lasting, int code, int cache_pages)
{
	struct member members[2][COMMITS];
	struct str url = support_sqlite_database(t);
	struct batcher *b = support_batcher(t, url);
	must(b);
	int calls = 0;
	must(!db_script(b->db, t->arena, arena_printf(t->arena, "PRAGMA cache_size = %d", cache_pages).p, ""));
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
		answers_check(t, url, members[round], false);
		answers_check(t, after_power_cut(t, url), members[round], true);
		for (int i = 0; round && i < COMMITS; i++)
			if (members[1][i].commit.err)
				test_fail(t, __FILE__, __LINE__, "not well again: %s", members[1][i].commit.err->detail);
	}
	return calls;
}

/* `least`: so many calls there must be, otherwise this tests nothing. */
static void every_call(struct test *t, int lasting, int code, int least)
{
	static const int caches[] = { 1000, 5 }; /* pages */
	test_vfs_install(&failing);
	for (size_t i = 0; i < 2; i++) {
		int calls = one_fault(t, 0, 0, code, caches[i]);
		for (int at = 1; at <= calls && !t->failed; at++) {
			one_fault(t, at, lasting, code, caches[i]);
			if (t->failed) printf("  (call %d of %d, %d pages)\n", at, calls, caches[i]);
		}
		CHECK(calls >= least);
	}
	test_vfs_remove();
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
