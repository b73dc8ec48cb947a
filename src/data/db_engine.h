/*
 * What an engine (SQLite, PostgreSQL) does for db.c, and the transactions that the writer and the migrations
 * hold. Private to src/data: everybody else uses db.h and generated queries.
 *
 * A commit is all or nothing, equally on both engines: after a statement failed inside a transaction, every
 * further statement fails too until the savepoint or the transaction is rolled back (PostgreSQL refuses them
 * itself; for SQLite, db.c does). So a commit function cannot go on half-done by overlooking an error.
 */
#pragma once
#include "data/db.h"

struct db_engine;

struct db {
	const struct db_engine *engine;
	struct arena *arena;   /* the connection's own memory: statements, cache */
	struct arena *scratch; /* errors of calls that have no arena */
	enum db_mode mode;
	int64_t deadline_us;        /* on `monotonic`; 0: none */
	int64_t (*monotonic)(void); /* monotonic_us; tests put a counter here */
	bool in_transaction;        /* db_begin was called: the engine must not have dropped it */
	bool failed;                /* a statement failed since the last begin, savepoint or rollback */
	enum err_code failed_code;
	bool is_uncertain;   /* whether the last db_commit kept anything is not known */
	struct stmt **cache; /* open addressing by query->index */
	size_t cache_room, cache_used;
};

/* An engine's own struct begins with this one. */
struct stmt {
	struct db *db;
	const struct query *query;
	struct arena *arena; /* in which it was made */
	bool cached, busy;
	bool bind_failed;
	enum err_code bind_code; /* why */
};

struct db_engine {
	const char *scheme; /* of the URL, before ':' */
	int patience; /* how much longer a commit may take than in this process: trips, and a server's other work */
	size_t db_bytes, stmt_bytes; /* of the structs that begin with struct db and struct stmt */
	struct err *(*open)(struct db *db, struct arena *a, struct str place);
	void (*close)(struct db *db);
	struct err *(*begin)(struct db *db, struct arena *a, enum db_mode mode);
	bool (*in_transaction)(struct db *db);
	/* COMMIT ended with `e`. NULL: it was kept all the same. Sets is_uncertain when that cannot be found out.
	 * No function: an error means no. */
	struct err *(*settle)(struct db *db, struct arena *a, struct err *e);
	/* Several statements without parameters and results. */
	struct err *(*script)(struct db *db, struct arena *a, const char *sql);
	struct err *(*prepare)(struct stmt *s, struct arena *a);
	void (*finalize)(struct stmt *s);
	void (*reset)(struct stmt *s); /* and forgets the bindings */
	struct err *(*step)(struct stmt *s, struct arena *a, bool *ret_row);
	int64_t (*changes)(struct stmt *s);
	/* Rows changed since the connection was opened. No function: every commit runs under a savepoint. */
	int64_t (*total_changes)(struct db *db);
	bool (*bind_null)(struct stmt *s, int at);
	bool (*bind_int)(struct stmt *s, int at, int64_t v);
	bool (*bind_bool)(struct stmt *s, int at, bool v);
	bool (*bind_text)(struct stmt *s, int at, struct str v, bool copy);
	bool (*bind_bytes)(struct stmt *s, int at, struct str v);
	bool (*is_null)(struct stmt *s, int at);
	int64_t (*column_int)(struct stmt *s, int at);
	bool (*column_bool)(struct stmt *s, int at);
	struct str (*column_text)(struct stmt *s, int at); /* a view until the next step; bytes too */
};
extern const struct db_engine db_sqlite, db_postgresql;

/* Transactions. db_begin takes the write lock at once. */
MUST_USE struct err *db_begin(struct db *db, struct arena *a);
MUST_USE struct err *db_commit(struct db *db, struct arena *a); /* on error nothing is committed */
void db_rollback(struct db *db);                                /* fine when there is none */
MUST_USE struct err *db_savepoint(struct db *db, struct arena *a);
MUST_USE struct err *db_release(struct db *db, struct arena *a);
MUST_USE struct err *db_rollback_to(struct db *db, struct arena *a);
/* The engine dropped the transaction by itself (full disk, I/O error, interrupt, out of memory). */
bool db_is_lost(struct db *db);
MUST_USE struct err *db_script(struct db *db, struct arena *a, const char *sqlite, const char *postgresql);
