/* The log's gathered writes: few, in order, and there for whoever reads. That nothing promised is lost with them is
 * asked by test_power.c, test_faults.c and test_crash.c. */
#include "data/db_sqlite_log.h"
#include "data/test_support.h"
#include "data/test_vfs.h"

enum { ROWS = 300, WIDE = 3000 };

static struct {
	int writes, others; /* to the log; between two of its writes that do not join */
	sqlite3_int64 end;  /* of the last write to the log */
} seen;

static int on_write(const char *path, const void *from, int n, sqlite3_int64 at)
{
	(void)from;
	if (!str_ends_with(str_of(path), STR("-wal"))) return SQLITE_OK;
	seen.writes++;
	seen.others += at != seen.end;
	seen.end = at + n;
	return SQLITE_OK;
}

static int on_sync(const char *path)
{
	(void)path;
	return SQLITE_OK;
}

static struct err *insert_rows(struct db *db, struct arena *a)
{
	for (int i = 0; i < ROWS; i++)
		TRY(note_insert(db, a, 1, i, arena_printf(a, "%0*d", WIDE, i)));
	return NULL;
}

TEST(sqlite_log_is_written_in_large_pieces)
{
	static const struct test_vfs_watcher watcher = { .write = on_write, .sync = on_sync };
	struct db *db;
	struct str url = support_sqlite_database(t);
	memset(&seen, 0, sizeof seen);
	test_vfs_install(&watcher);
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &db));
	CHECK_OK(db_begin(db, t->arena));
	CHECK_OK(insert_rows(db, t->arena));
	CHECK_OK(db_commit(db, t->arena));
	test_vfs_remove();
	CHECK(seen.end > (sqlite3_int64)ROWS * WIDE && seen.writes < ROWS / 4);
	CHECK(seen.others <= 1); /* its beginning */
	db_close(db);
}

/* Pages that the cache has no room for go to the log before the commit, and come back from there. */
TEST(sqlite_log_gives_back_what_was_gathered)
{
	struct db *db, *reader;
	int64_t rows;
	struct str url = support_sqlite_database(t);
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &db));
	CHECK_OK(db_script(db, t->arena, "PRAGMA cache_size = 10", ""));
	CHECK_OK(db_begin(db, t->arena));
	CHECK_OK(insert_rows(db, t->arena));
	CHECK_OK(note_count(db, t->arena, 1, &rows));
	CHECK_INT(rows, ROWS);
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	CHECK_OK(note_count(reader, t->arena, 1, &rows));
	CHECK_INT(rows, 0);
	CHECK_OK(db_commit(db, t->arena));
	CHECK_OK(note_count(reader, t->arena, 1, &rows));
	CHECK_INT(rows, ROWS);
	db_close(reader);
	db_close(db);
}

/* A log that was cut is begun anew, and holds what comes next. */
TEST(sqlite_log_is_cut_and_begun_anew)
{
	struct db *db, *reader;
	int64_t rows;
	struct str url = support_sqlite_database(t);
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &db));
	for (int commit = 0; commit < 2; commit++) {
		CHECK_OK(db_begin(db, t->arena));
		CHECK_OK(note_insert(db, t->arena, commit, 0, arena_printf(t->arena, "%d", commit)));
		CHECK_OK(db_commit(db, t->arena));
		if (commit == 0) CHECK_OK(db_script(db, t->arena, "PRAGMA wal_checkpoint(TRUNCATE)", ""));
	}
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	CHECK_OK(note_count(reader, t->arena, -1, &rows));
	CHECK_INT(rows, 2);
	db_close(reader);
	db_close(db);
}

static int failing_once;

static int on_write_once(const char *path, const void *from, int n, sqlite3_int64 at)
{
	(void)path, (void)from, (void)n, (void)at;
	return failing_once-- > 0 ? SQLITE_FULL : SQLITE_OK;
}

/* A read that found the disk full fails one statement; a later commit stands on what was written before it. */
TEST(sqlite_log_keeps_what_a_read_could_not_write)
{
	static const struct test_vfs_watcher watcher = { .write = on_write_once, .sync = on_sync };
	struct db *db;
	char got[10] = { 0 };
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
	struct str url = support_sqlite_database(t);
	const char *path = arena_printf(t->arena, "%.*s-wal", (int)url.n - 7, url.p + 7).p; /* behind "sqlite:" */
	CHECK_OK(db_open(t->arena, url, DB_READ, &db)); /* registers the log's VFS */
	test_vfs_install(&watcher);
	sqlite3_vfs *vfs = sqlite3_vfs_find(SQLITE_LOG_VFS);
	sqlite3_file *file = arena_alloc(t->arena, (size_t)vfs->szOsFile);
	CHECK_INT(vfs->xOpen(vfs, path, file, flags, NULL), SQLITE_OK);
	CHECK_INT(file->pMethods->xWrite(file, "first", 5, 0), SQLITE_OK);
	failing_once = 1;
	CHECK_INT(file->pMethods->xRead(file, got, 5, 0), SQLITE_FULL);
	CHECK_INT(file->pMethods->xWrite(file, "later", 5, 5), SQLITE_OK);
	CHECK_INT(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), SQLITE_OK);
	CHECK_INT(file->pMethods->xRead(file, got, 10, 0), SQLITE_OK);
	CHECK(memcmp(got, "firstlater", 10) == 0);
	CHECK_INT(file->pMethods->xClose(file), SQLITE_OK);
	test_vfs_remove();
	db_close(db);
}
