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
/* Every write transaction leaves its mark beside those of other writers, for postgresql_settle(). */
#define BEGIN_WRITE                                                                                          \
	"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; " LOCK                                                 \
	"; INSERT INTO commit_mark (writer, mark) VALUES ('%s', %lld) "                                          \
	"ON CONFLICT (writer) DO UPDATE SET mark = excluded.mark, at = now()"

struct err *postgresql_marks_make(struct postgresql_db *own, struct arena *a)
{
	return postgresql_query(own, a, "marks",
		"BEGIN; " LOCK "; CREATE TABLE IF NOT EXISTS commit_mark (writer TEXT PRIMARY KEY, "
		"mark BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL DEFAULT now()); "
		"DELETE FROM commit_mark WHERE at < now() - interval '7 days'; COMMIT",
		NULL);
}

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
	const char *sql = begin_read;
	TRY(postgresql_ready(own, a));
	TRY(postgresql_absorb(own, a));
	own->is_snapshot = mode == DB_READ;
	if (mode == DB_WRITE) sql = arena_printf(a, BEGIN_WRITE, own->writer, (long long)++own->mark).p;
	struct err *e = postgresql_query(own, a, "begin", sql, NULL);
	if (e) abandon(own, a);
	return e;
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

/* Behind the lock the old transaction has ended one way or the other, and what it kept is there: its mark. A number
 * of the server's own would not do: after a crash, or on the server that took over, the same xid may be another's. */
static struct err *look_once(struct postgresql_db *own, struct arena *a, bool *ret_kept)
{
	PGresult *r;
	TRY(postgresql_ready(own, a));
	TRY(postgresql_query(own, a, "settle", "BEGIN; " LOCK, NULL));
	struct str ask = arena_printf(a, "SELECT 1 FROM commit_mark WHERE writer = '%s' AND mark = %lld",
		own->writer, (long long)own->mark);
	TRY(postgresql_query(own, a, "settle", ask.p, &r));
	*ret_kept = PQntuples(r) == 1;
	PQclear(r);
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
