/*
 * PostgreSQL behind db_engine.h, private to its files: db_postgresql.c (statements and their rows),
 * db_postgresql_connection.c (connecting, waiting, errors), db_postgresql_transaction.c (snapshots, the
 * writer's lock, what became of a COMMIT whose answer was lost).
 *
 * libpq is used without its own waiting: postgresql_wait() keeps the deadline, and cancels what runs past it.
 * One statement at a time may have rows in the socket (`streaming`); another one's start takes them into memory.
 */
#pragma once
#include <libpq-fe.h>

#include "data/db_engine.h"

struct postgresql_stmt;

struct postgresql_db {
	struct db db;
	const char *url;
	PGconn *connection;                /* NULL: lost, and made again by the next use */
	unsigned generation;               /* counts connections: statements are prepared in one */
	unsigned names;                    /* of prepared statements */
	struct postgresql_stmt *streaming; /* whose rows are not all read */
	bool cancelled;                    /* the running statement was asked to end */
	bool is_snapshot;                  /* the transaction is db_snapshot_begin's */
	int64_t refused_us;                /* when connecting failed last */
	char writer[33];                   /* a name of this connection's own, drawn when it was opened */
	int64_t mark;                      /* of the write transaction: counts them */
};

struct postgresql_param {
	const char *value; /* NULL: null */
	int bytes;
	char own[32]; /* of small values */
};

struct postgresql_stmt {
	struct stmt stmt;
	struct postgresql_param *params;
	const char **values; /* as libpq takes them */
	int *lengths, *formats;
	unsigned generation; /* of the connection that knows `name`; 0: none does */
	char name[16];
	bool started;
	PGresult *now; /* the current row is `row` of it */
	int row;
	PGresult *rest; /* rows after it that were taken into memory */
	PGresult *end;  /* how it ended, when that is known before `rest` is read */
	int64_t changes;
};

/* A connection to use: makes it anew when it was lost, which inside a transaction it cannot be. */
MUST_USE struct err *postgresql_ready(struct postgresql_db *own, struct arena *a);
void postgresql_drop(struct postgresql_db *own);
/* The next result of what was sent; *ret NULL: it has ended. */
MUST_USE struct err *postgresql_wait(struct postgresql_db *own, struct arena *a, PGresult **ret);
/* Reads to the end of what was sent. *ret_last, to be cleared by the caller, is the last result that is no
 * error; without ret_last it is thrown away. The first error is returned. */
MUST_USE struct err *postgresql_finish(struct postgresql_db *own, struct arena *a, const char *what,
	PGresult **ret_last);
/* Several statements without parameters, to their end. */
MUST_USE struct err *postgresql_query(struct postgresql_db *own, struct arena *a, const char *what,
	const char *sql, PGresult **ret_last);
/* Sending failed, or `result` is an error. */
MUST_USE struct err *postgresql_lost(struct postgresql_db *own, struct arena *a, const char *what);
MUST_USE struct err *postgresql_error(struct postgresql_db *own, struct arena *a, const char *what,
	const PGresult *result);
bool postgresql_is_past(struct db *db); /* the deadline */

/* Takes the rows that are still in the socket into memory, for another statement to run. */
MUST_USE struct err *postgresql_absorb(struct postgresql_db *own, struct arena *a);
/* A failed read ends neither the snapshot nor what follows in it, as on SQLite. */
void postgresql_recover(struct postgresql_db *own, struct arena *a);

/* The table of marks: what each writer committed last. It belongs to this engine alone, is copied nowhere and holds
 * nothing of people. */
MUST_USE struct err *postgresql_marks_make(struct postgresql_db *own, struct arena *a);
MUST_USE struct err *postgresql_begin(struct db *db, struct arena *a, enum db_mode mode);
bool postgresql_in_transaction(struct db *db);
MUST_USE struct err *postgresql_settle(struct db *db, struct arena *a, struct err *e);
