/*
 * One API over SQLite and PostgreSQL.
 *
 * A `struct db` is one connection, confined to one thread at a time. Nobody writes SQL in C: statements come
 * from queries.sql files, which tools/sql2c turns into typed functions (see tools/sql2c/README.md); those
 * functions call the lower half of this header. Handlers call db_snapshot_begin/end never: the dispatcher
 * holds one snapshot per GET, and the writer holds the transactions (writer.h).
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"
#include "base/money.h"

struct db;
struct stmt;

enum db_mode {
	DB_READ,  /* query only: a write is refused by the engine */
	DB_WRITE, /* the writer, migrations and maintenance */
};

/* `url`: "sqlite:/path/town.db" or "postgresql://…" (libpq's; encoding UTF8 and collation C, or ERR_USAGE). The
 * connection is closed by db_close(). One that was lost is made again by its next snapshot or transaction. */
MUST_USE struct err *db_open(struct arena *a, struct str url, enum db_mode mode, struct db **ret);
void db_close(struct db *db); /* NULL is fine */

/* One consistent view for everything read in between. Nestable is not supported. */
MUST_USE struct err *db_snapshot_begin(struct db *db);
void db_snapshot_end(struct db *db);

/* Bounds the work of the statements that follow (0: no bound). A statement past it ends with
 * ERR_UNAVAILABLE; on SQLite by the progress handler, on PostgreSQL by a request to cancel it. */
void db_set_deadline(struct db *db, int64_t monotonic_us);

/* --- the half that generated code uses ------------------------------------------------------------- */

/* The small type vocabulary of migrations, the same on both engines. */
enum column_type {
	COL_ID,      /* int64 key, given by the engine */
	COL_INT,     /* int64 */
	COL_BOOL,    /* bool */
	COL_TEXT,    /* struct str, NFC UTF-8 */
	COL_BYTES,   /* struct str */
	COL_INSTANT, /* struct instant; stored as UTC milliseconds */
	COL_DATE,    /* struct date; stored as ISO text */
	COL_MONEY,   /* struct money; stored as cents */
	COL_JSON,    /* struct str holding JSON text */
};

struct query {
	const char *name;       /* the function's name, for errors and metrics */
	const char *sqlite;     /* text with ?1 … ?n */
	const char *postgresql; /* text with $1 … $n */
	int index; /* unique in the program (sql2c takes a hash of the name): the statement cache's key */
	int params, columns;
	bool writes;
	bool
		gives_id; /* inserts one row; its id is the one column, though SQLite's text does not say RETURNING */
};

/* From the cache, reset and without bindings. */
MUST_USE struct err *db_statement(struct db *db, struct arena *a, const struct query *q, struct stmt **ret);
/* Parameters count from 1, columns from 0. A failed bind is reported by the next step. */
void stmt_bind_null(struct stmt *s, int at);
void stmt_bind_int(struct stmt *s, int at, int64_t v);
void stmt_bind_bool(struct stmt *s, int at, bool v);
/* None binds NULL. The bytes of texts must live until stmt_done. A text with a NUL is refused: ERR_INVALID. */
void stmt_bind_text(struct stmt *s, int at, struct str v);
void stmt_bind_bytes(struct stmt *s, int at, struct str v);
void stmt_bind_instant(struct stmt *s, int at, struct instant v); /* INSTANT_NONE binds NULL */
void stmt_bind_date(struct stmt *s, int at, struct date v);
void stmt_bind_money(struct stmt *s, int at, struct money v);
MUST_USE struct err *stmt_step(struct stmt *s, struct arena *a, bool *ret_row);
bool stmt_is_null(struct stmt *s, int at);
int64_t stmt_int(struct stmt *s, int at);
bool stmt_bool(struct stmt *s, int at);
struct str stmt_text(struct stmt *s, struct arena *a, int at); /* copied into `a` */
struct instant stmt_instant(struct stmt *s, int at);
struct date stmt_date(struct stmt *s, int at);
struct money stmt_money(struct stmt *s, int at);
int64_t stmt_changes(struct stmt *s); /* rows changed by the step that ended it */
void stmt_done(struct stmt *s);       /* gives it back; NULL is fine */

/* For the array of a :many query: makes room for one more item after `count`; *room is what there is. */
void *stmt_room(struct arena *a, void *items, size_t count, size_t *room, size_t item_bytes);
/* The error of a :many query that has more than its literal limit. */
struct err *stmt_too_many(struct arena *a, const struct query *q, size_t limit);
enum { STMT_EACH_ROW_BYTES = 64 * 1024 * 1024 }; /* the most that one row of an :each query may hold */
