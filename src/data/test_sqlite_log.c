/* The log's gathered writes: few, in order, and there for whoever reads. That nothing promised is lost with them is
 * asked by test_power.c, test_faults.c and test_crash.c. */
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
