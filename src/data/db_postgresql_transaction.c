/*
 * Transactions on PostgreSQL. A snapshot is REPEATABLE READ READ ONLY. A write transaction first takes the
 * municipality's advisory lock, so that the writers of several nodes take turns (the lock's queue is fair),
 * and only then its first snapshot: READ COMMITTED behind one lock is as good as serial.
 */
#include <stdio.h>
#include <time.h>

#include "data/db_postgresql.h"

enum { SETTLE_US = 10 * 1000 * 1000, SETTLE_PAUSE_MS = 100 };

/* The savepoint is what a failed read goes back to. */
static const char begin_read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SAVEPOINT readable";
/* A municipality is a database, or a schema of one: the lock is of both. Its first half is "VENT". */
#define LOCK "SELECT pg_advisory_xact_lock(1447382612, hashtext(coalesce(current_schema(), '')))"
static const char begin_write[] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; " LOCK
								  "; SELECT pg_current_xact_id()::text";

bool postgresql_in_transaction(struct db *db)
{
	struct postgresql_db *own = (struct postgresql_db *)db;
	if (!own->connection || PQstatus(own->connection) != CONNECTION_OK) return false;
	PGTransactionStatusType status = PQtransactionStatus(own->connection);
	return status == PQTRANS_ACTIVE || status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

/* Ends what a failed begin or a look at an old transaction left open. */
static void abandon(struct postgresql_db *own, struct arena *a)
{
	if (postgresql_in_transaction(&own->db) && postgresql_query(own, a, "abandon", "ROLLBACK", NULL))
		postgresql_drop(own);
}

static struct err *begin_once(struct postgresql_db *own, struct arena *a, enum db_mode mode)
{
	PGresult *r;
	TRY(postgresql_ready(own, a));
	TRY(postgresql_absorb(own, a));
	own->is_snapshot = mode == DB_READ;
	struct err *e = postgresql_query(own, a, "begin", mode == DB_READ ? begin_read : begin_write, &r);
	if (e) {
		abandon(own, a);
		return e;
	}
	if (mode == DB_WRITE) snprintf(own->xid, sizeof own->xid, "%s", PQgetvalue(r, 0, 0));
	PQclear(r);
	return NULL;
}

struct err *postgresql_begin(struct db *db, struct arena *a, enum db_mode mode)
{
	struct postgresql_db *own = (struct postgresql_db *)db;
	bool was_connected = own->connection != NULL;
	struct err *e = begin_once(own, a, mode);
	/* The connection went between two uses, and nothing had been done on it. */
	if (e && was_connected && !own->connection) e = begin_once(own, a, mode);
	return e;
}

void postgresql_recover(struct postgresql_db *own, struct arena *a)
{
	if (!own->is_snapshot || PQtransactionStatus(own->connection) != PQTRANS_INERROR) return;
	int64_t deadline = own->db.deadline_us;
	own->db.deadline_us = 0;
	if (postgresql_query(own, a, "recover", "ROLLBACK TO SAVEPOINT readable", NULL)) postgresql_drop(own);
	own->db.deadline_us = deadline;
}

/* --- a COMMIT without an answer --------------------------------------------------------------------------- */

/* Behind the lock the old transaction has ended one way or the other. One that the server does not know (it is
 * another server now) was not kept: an error of the question itself means no. */
static struct err *look_once(struct postgresql_db *own, struct arena *a, bool *ret_kept)
{
	PGresult *r;
	TRY(postgresql_ready(own, a));
	TRY(postgresql_query(own, a, "settle", "BEGIN; " LOCK, NULL));
	struct str ask = arena_printf(a, "SELECT pg_xact_status('%s'::xid8) = 'committed'", own->xid);
	struct err *e = postgresql_query(own, a, "settle", ask.p, &r);
	if (e && !own->connection) return e;
	*ret_kept = !e && PQntuples(r) == 1 && strcmp(PQgetvalue(r, 0, 0), "t") == 0;
	if (!e) PQclear(r);
	abandon(own, a);
	return NULL;
}

struct err *postgresql_settle(struct db *db, struct arena *a, struct err *e)
{
	struct postgresql_db *own = (struct postgresql_db *)db;
	if (own->connection && PQstatus(own->connection) == CONNECTION_OK) return e; /* the server said no */
	int64_t until = monotonic_us() + SETTLE_US;
	bool kept;
	db->in_transaction = false;
	while (monotonic_us() < until) {
		struct timespec pause = { .tv_nsec = SETTLE_PAUSE_MS * 1000000L };
		if (!look_once(own, a, &kept)) return kept ? NULL : e;
		abandon(own, a);
		nanosleep(&pause, NULL);
	}
	db->is_uncertain = true;
	return err_wrap(a, e, "whether it was kept is not known");
}
