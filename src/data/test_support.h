/*
 * What the tests of src/data share: a folder that goes with the test, and a small database with two tables.
 * Its SQL stands in C because sql2c and the program's schema belong to the layers above.
 *
 * The databases are SQLite's, or schemas of the PostgreSQL database that VENTANILLA_TEST_PG names
 * (`tests/pg/cluster run` makes one): the same tests run on both.
 */
#pragma once
#include "base/testing.h"
#include "data/migrate.h"
#include "data/writer_batch.h"

/* A fresh folder (mode 0700), removed with the test's arena. */
struct str support_folder(struct test *t);
struct str support_file(struct test *t, const char *name); /* FOLDER/name */

extern const struct migration support_migrations[];
/* An empty database, and a migrated one: the URL. STR_NONE after a failure, which fails the test. */
struct str support_empty_database(struct test *t);
struct str support_database(struct test *t);
/* The same on SQLite, whatever the others are on: for what only SQLite has. */
struct str support_sqlite_database(struct test *t);
bool support_is_postgresql(void);

/* note(id, commit_no, step, text UNIQUE); `text` must be new. */
MUST_USE struct err *note_insert(struct db *db, struct arena *a, int64_t commit_no, int64_t step,
	struct str text);
/* Rows of one commit; -1 counts all. */
MUST_USE struct err *note_count(struct db *db, struct arena *a, int64_t commit_no, int64_t *ret);
/* Any statement without parameters, stepped once. */
MUST_USE struct err *support_run(struct db *db, struct arena *a, const struct query *q);

/* A query that never ends by itself: a write (its interruption drops the transaction) and a read (not so). */
extern const struct query endless_write, endless_read;
/* A clock on which a look costs a millisecond, so that a deadline of 20 ms ends after 20 looks. Looks are
 * counted in fake_looks. */
int64_t fake_monotonic(void);
/* Gives it to a connection; on PostgreSQL, where waiting is real, the clock stays the machine's. */
void support_fake_clock(struct db *db);
extern int64_t fake_looks;

/* A batcher on its own connection, closed with the test's arena; NULL after a failure. */
struct batcher *support_batcher(struct test *t, struct str url);
