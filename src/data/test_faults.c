/*
 * The disk fails: a VFS that passes everything on to the real one, but lets the n-th write or sync go wrong, for
 * every n of a batch. Whatever happens, an answer is true: who was told 'durable' is in the database when it
 * is opened again, and who was told otherwise is not.
 */
#include <sqlite3.h>

#include "data/test_support.h"

enum { COMMITS = 3 };

/* The tests of a binary run one after another on one thread; each sets these anew. */
static struct {
	sqlite3_vfs *real, own; /* connections that a test's end closes still use it */
	int countdown;          /* to the failing call; 0: none fails */
	int lasting;            /* calls that fail from then on */
	int calls;
	int code;
} fault;

struct fault_file {
	sqlite3_file base;
	sqlite3_file *real; /* stands behind this struct */
};

static sqlite3_file *real_of(sqlite3_file *f) { return ((struct fault_file *)f)->real; }

static bool fails_now(void)
{
	fault.calls++;
	if (fault.countdown > 0 && --fault.countdown == 0) fault.lasting = fault.lasting ? fault.lasting : 1;
	if (fault.countdown != 0 || fault.lasting == 0) return false;
	fault.lasting--;
	return true;
}

static int on_close(sqlite3_file *f) { return real_of(f)->pMethods->xClose(real_of(f)); }

static int on_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int on_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	return fails_now() ? fault.code : real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	return real_of(f)->pMethods->xTruncate(real_of(f), n);
}

static int on_sync(sqlite3_file *f, int flags)
{
	return fails_now() ? SQLITE_IOERR_FSYNC : real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), ret);
}

static int on_lock(sqlite3_file *f, int level) { return real_of(f)->pMethods->xLock(real_of(f), level); }

static int on_unlock(sqlite3_file *f, int level) { return real_of(f)->pMethods->xUnlock(real_of(f), level); }

static int on_check_lock(sqlite3_file *f, int *ret)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), ret);
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int on_sector(sqlite3_file *f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); }

static int on_traits(sqlite3_file *f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); }

static int on_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, ret);
}

static int on_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void on_shm_barrier(sqlite3_file *f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); }

static int on_shm_unmap(sqlite3_file *f, int remove)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
	static const sqlite3_io_methods methods = { 2, on_close, on_read, on_write, on_truncate, on_sync, on_size,
		on_lock, on_unlock, on_check_lock, on_control, on_sector, on_traits, on_shm_map, on_shm_lock,
		on_shm_barrier, on_shm_unmap, NULL, NULL };
	struct fault_file *own = (struct fault_file *)f;
	(void)vfs;
	own->real = (sqlite3_file *)(own + 1);
	int rc = fault.real->xOpen(fault.real, name, own->real, flags, ret_flags);
	own->base.pMethods = rc == SQLITE_OK ? &methods : NULL;
	return rc;
}

/* Becomes the default for the connections that are opened until vfs_remove. */
static void vfs_install(void)
{
	sqlite3_vfs *vfs = &fault.own;
	fault.real = sqlite3_vfs_find(NULL);
	*vfs = *fault.real;
	vfs->zName = "fault";
	vfs->szOsFile = (int)sizeof(struct fault_file) + fault.real->szOsFile;
	vfs->xOpen = on_open;
	sqlite3_vfs_register(vfs, 1);
}

static void vfs_remove(void) { sqlite3_vfs_unregister(&fault.own); }

/* --- the batch under test ------------------------------------------------------------------------------- */

struct member {
	struct commit commit;
	int number;
	int told;
};

static struct err *member_commit(struct tx *tx, void *input)
{
	const struct member *m = input;
	for (int step = 0; step < 2; step++)
		TRY(note_insert(tx->db, tx->arena, m->number, step,
			arena_printf(tx->arena, "%d.%d", m->number, step)));
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

static void every_call(struct test *t, int lasting, int code)
{
	vfs_install();
	int calls = one_fault(t, 0, 0, code);
	for (int at = 1; at <= calls && !t->failed; at++) {
		one_fault(t, at, lasting, code);
		if (t->failed) printf("  (call %d of %d)\n", at, calls);
	}
	vfs_remove();
	CHECK(calls >= 4); /* pages of the log and its sync: otherwise this tests nothing */
}

TEST(faults_one_write_fails) { every_call(t, 1, SQLITE_IOERR_WRITE); }

TEST(faults_disk_full_once) { every_call(t, 1, SQLITE_FULL); }

TEST(faults_disk_gone_for_a_while) { every_call(t, 6, SQLITE_IOERR_WRITE); }
