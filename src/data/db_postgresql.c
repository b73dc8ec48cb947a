/*
 * PostgreSQL behind db_engine.h: statements. They are prepared once a connection, bound and read in binary,
 * and read row by row; what a write returns is read at once. Connections and transactions:
 * db_postgresql_connection.c, db_postgresql_transaction.c.
 */
#include <endian.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "data/db_postgresql.h"

enum { ABSORB_MAX_BYTES = 256 * 1024 * 1024 };

static struct postgresql_db *db_of(struct stmt *s) { return (struct postgresql_db *)s->db; }

static struct postgresql_stmt *stmt_of(struct stmt *s) { return (struct postgresql_stmt *)s; }

/* --- opening -------------------------------------------------------------------------------------------- */

static struct err *postgresql_open(struct db *db, struct arena *a, struct str place)
{
	struct postgresql_db *own = (struct postgresql_db *)db;
	unsigned long long dice[2];
	must(getentropy(dice, sizeof dice) == 0);
	snprintf(own->writer, sizeof own->writer, "%016llx%016llx", dice[0], dice[1]);
	own->url = arena_printf(db->arena, "postgresql:%.*s", STR_FMT(place)).p;
	return postgresql_ready(own, a);
}

static void postgresql_close(struct db *db) { postgresql_drop((struct postgresql_db *)db); }

static struct err *postgresql_script(struct db *db, struct arena *a, const char *sql)
{
	struct postgresql_db *own = (struct postgresql_db *)db;
	TRY(postgresql_ready(own, a));
	TRY(postgresql_absorb(own, a));
	return postgresql_query(own, a, "script", sql, NULL);
}

/* --- rows ----------------------------------------------------------------------------------------------- */

/* Adds the one row of `from` to `to`. */
static bool row_add(PGresult *to, const PGresult *from)
{
	int row = PQntuples(to);
	for (int column = 0; column < PQnfields(from); column++) {
		char *value = PQgetisnull(from, 0, column) ? NULL : PQgetvalue(from, 0, column);
		if (!PQsetvalue(to, row, column, value, value ? PQgetlength(from, 0, column) : -1)) return false;
	}
	return true;
}

struct err *postgresql_absorb(struct postgresql_db *own, struct arena *a)
{
	struct postgresql_stmt *s = own->streaming;
	PGresult *r;
	bool fits = true;
	while (own->streaming) {
		TRY(postgresql_wait(own, a, &r));
		if (!r) {
			own->streaming = NULL;
		} else if (PQresultStatus(r) != PGRES_SINGLE_TUPLE) {
			PQclear(s->end ? r : NULL); /* the first says why */
			s->end = s->end ? s->end : r;
		} else {
			if (!s->rest) s->rest = PQcopyResult(r, PG_COPYRES_ATTRS);
			fits = fits && s->rest && row_add(s->rest, r) && PQresultMemorySize(s->rest) < ABSORB_MAX_BYTES;
			PQclear(r);
		}
	}
	return fits ? NULL
				: ERR(a, ERR_TOO_LARGE, NULL, "%s: too many rows for another statement in between",
					  s->stmt.query->name);
}

static void rows_clear(struct postgresql_stmt *own)
{
	PQclear(own->now);
	PQclear(own->rest);
	PQclear(own->end);
	own->now = own->rest = own->end = NULL;
}

/* The statement's end, from `end`. What a write returned is its rows. */
static struct err *stmt_end(struct stmt *s, struct arena *a, bool *ret_row)
{
	struct postgresql_stmt *own = stmt_of(s);
	ExecStatusType status = PQresultStatus(own->end);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		const char *state = PQresultErrorField(own->end, PG_DIAG_SQLSTATE);
		if (state && (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0)) own->generation = 0;
		struct err *e = postgresql_error(db_of(s), a, s->query->name, own->end);
		rows_clear(own);
		postgresql_recover(db_of(s), a);
		return e;
	}
	/* COMMIT of a failed transaction succeeds as "ROLLBACK". */
	bool was_undone = strcmp(s->query->postgresql, "COMMIT") == 0 &&
		strcmp(PQcmdStatus(own->end), "COMMIT") != 0;
	if (was_undone) return ERR(a, ERR_UNAVAILABLE, NULL, "the transaction was rolled back");
	const char *tuples = PQcmdTuples(own->end);
	int64_t changes = 0;
	if (s->query->writes && str_to_int64(str_of(tuples), 0, INT64_MAX, &changes)) own->changes = changes;
	own->now = own->end;
	own->end = NULL;
	own->row = 0;
	*ret_row = PQntuples(own->now) > 0;
	return NULL;
}

/* The next result from the socket: a row, or the end. */
static struct err *stmt_receive(struct stmt *s, struct arena *a, bool *ret_row)
{
	struct postgresql_stmt *own = stmt_of(s);
	struct postgresql_db *db = db_of(s);
	PGresult *r;
	TRY(postgresql_wait(db, a, &r));
	if (r && PQresultStatus(r) == PGRES_SINGLE_TUPLE) {
		own->now = r;
		own->row = 0;
		*ret_row = true;
		return NULL;
	}
	own->end = r;
	TRY(postgresql_absorb(db, a));
	return stmt_end(s, a, ret_row);
}

static struct err *stmt_next(struct stmt *s, struct arena *a, bool *ret_row)
{
	struct postgresql_stmt *own = stmt_of(s);
	if (own->now && ++own->row < PQntuples(own->now)) {
		*ret_row = true;
		return NULL;
	}
	bool was_end = own->now && PQresultStatus(own->now) != PGRES_SINGLE_TUPLE && !own->end;
	PQclear(own->now);
	own->now = own->rest;
	own->rest = NULL;
	own->row = 0;
	*ret_row = own->now != NULL;
	if (own->now) return NULL;
	if (own->end) return stmt_end(s, a, ret_row);
	if (db_of(s)->streaming == own) return stmt_receive(s, a, ret_row);
	if (was_end) return NULL;
	return ERR(a, ERR_UNAVAILABLE, NULL, "%s: the connection was lost", s->query->name);
}

/* --- running -------------------------------------------------------------------------------------------- */

static struct err *postgresql_prepare(struct stmt *s, struct arena *a)
{
	struct postgresql_stmt *own = stmt_of(s);
	size_t count = (size_t)s->query->params;
	(void)a; /* the server is asked at the first step, once a connection */
	own->params = ARENA_ARRAY(s->arena, struct postgresql_param, count);
	own->values = ARENA_ARRAY(s->arena, const char *, count);
	own->lengths = ARENA_ARRAY(s->arena, int, count);
	own->formats = ARENA_ARRAY(s->arena, int, count);
	return NULL;
}

static struct err *make_known(struct stmt *s, struct arena *a)
{
	struct postgresql_stmt *own = stmt_of(s);
	struct postgresql_db *db = db_of(s);
	if (own->generation == db->generation) return NULL;
	snprintf(own->name, sizeof own->name, "q%u", ++db->names);
	if (!PQsendPrepare(db->connection, own->name, s->query->postgresql, 0, NULL))
		return postgresql_lost(db, a, s->query->name);
	struct err *e = postgresql_finish(db, a, s->query->name, NULL);
	if (!e)
		own->generation = db->generation;
	else
		postgresql_recover(db, a);
	return e;
}

/* What has neither parameters nor rows (the transaction's own statements) needs no preparation; a statement for
 * this once has no name to clean up. */
static bool send(struct stmt *s)
{
	struct postgresql_stmt *own = stmt_of(s);
	PGconn *connection = db_of(s)->connection;
	int count = s->query->params;
	for (int i = 0; i < count; i++) {
		own->values[i] = own->params[i].value;
		own->lengths[i] = own->params[i].bytes;
		own->formats[i] = 1;
	}
	if (count == 0 && s->query->columns == 0) return PQsendQuery(connection, s->query->postgresql);
	if (!s->cached)
		return PQsendQueryParams(connection, s->query->postgresql, count, NULL, own->values, own->lengths,
			own->formats, 1);
	return PQsendQueryPrepared(connection, own->name, count, own->values, own->lengths, own->formats, 1);
}

static struct err *stmt_start(struct stmt *s, struct arena *a)
{
	struct postgresql_stmt *own = stmt_of(s);
	struct postgresql_db *db = db_of(s);
	if (postgresql_is_past(s->db))
		return ERR(a, ERR_UNAVAILABLE, NULL, "%s: past its deadline", s->query->name);
	TRY(postgresql_ready(db, a));
	TRY(postgresql_absorb(db, a));
	db->cancelled = false;
	if (s->cached && (s->query->params || s->query->columns)) TRY(make_known(s, a));
	if (!send(s)) return postgresql_lost(db, a, s->query->name);
	if (s->query->columns && !s->query->writes) PQsetSingleRowMode(db->connection);
	db->streaming = own;
	own->started = true;
	own->changes = 0;
	return NULL;
}

static struct err *postgresql_step(struct stmt *s, struct arena *a, bool *ret_row)
{
	if (!stmt_of(s)->started) TRY(stmt_start(s, a));
	return stmt_next(s, a, ret_row);
}

/* Rows that nobody wants are read all the same: to cancel would undo the transaction. */
static void postgresql_reset(struct stmt *s)
{
	struct postgresql_stmt *own = stmt_of(s);
	struct postgresql_db *db = db_of(s);
	if (db->streaming == own) {
		arena_reset(s->db->scratch);
		db->streaming = NULL;
		struct err *e = postgresql_finish(db, s->db->scratch, s->query->name, NULL);
		if (e && !s->db->failed) {
			s->db->failed = true;
			s->db->failed_code = e->code;
		}
		if (e) postgresql_recover(db, s->db->scratch);
	}
	rows_clear(own);
	own->started = false;
	for (int i = 0; i < s->query->params; i++)
		own->params[i].value = NULL;
}

static void postgresql_finalize(struct stmt *s) { postgresql_reset(s); }

static int64_t postgresql_changes(struct stmt *s) { return stmt_of(s)->changes; }

/* --- values --------------------------------------------------------------------------------------------- */

static bool bind(struct stmt *s, int at, const char *p, size_t n, bool copy)
{
	struct postgresql_param *param = &stmt_of(s)->params[at - 1];
	if (at < 1 || at > s->query->params || n > INT_MAX || (copy && n > sizeof param->own)) return false;
	if (copy) memcpy(param->own, p, n);
	param->value = copy ? param->own : p;
	param->bytes = (int)n;
	return true;
}

static bool postgresql_bind_null(struct stmt *s, int at) { return bind(s, at, NULL, 0, false); }

static bool postgresql_bind_int(struct stmt *s, int at, int64_t v)
{
	uint64_t wire = htobe64((uint64_t)v);
	return bind(s, at, (const char *)&wire, sizeof wire, true);
}

static bool postgresql_bind_bool(struct stmt *s, int at, bool v)
{
	return bind(s, at, v ? "\1" : "\0", 1, true);
}

static bool postgresql_bind_text(struct stmt *s, int at, struct str v, bool copy)
{
	return bind(s, at, v.p, v.n, copy);
}

static bool postgresql_bind_bytes(struct stmt *s, int at, struct str v)
{
	return bind(s, at, v.p, v.n, false);
}

static bool postgresql_is_null(struct stmt *s, int at)
{
	return PQgetisnull(stmt_of(s)->now, stmt_of(s)->row, at);
}

/* bigint, and what else the engine counts in; `make check-pg` knows that no query gives anything else. */
static int64_t postgresql_column_int(struct stmt *s, int at)
{
	struct postgresql_stmt *own = stmt_of(s);
	const unsigned char *p = (const unsigned char *)PQgetvalue(own->now, own->row, at);
	int bytes = PQgetlength(own->now, own->row, at);
	if (PQgetisnull(own->now, own->row, at)) return 0;
	must(bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8);
	uint64_t v = p[0] & 0x80 && bytes > 1 ? UINT64_MAX : 0;
	for (int i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

static bool postgresql_column_bool(struct stmt *s, int at) { return postgresql_column_int(s, at) != 0; }

static struct str postgresql_column_text(struct stmt *s, int at)
{
	struct postgresql_stmt *own = stmt_of(s);
	if (PQgetisnull(own->now, own->row, at)) return STR_NONE;
	return (struct str){ PQgetvalue(own->now, own->row, at), (size_t)PQgetlength(own->now, own->row, at) };
}

const struct db_engine db_postgresql = {
	.scheme = "postgresql",
	.patience = 25,
	.db_bytes = sizeof(struct postgresql_db),
	.stmt_bytes = sizeof(struct postgresql_stmt),
	.open = postgresql_open,
	.close = postgresql_close,
	.begin = postgresql_begin,
	.in_transaction = postgresql_in_transaction,
	.settle = postgresql_settle,
	.script = postgresql_script,
	.prepare = postgresql_prepare,
	.finalize = postgresql_finalize,
	.reset = postgresql_reset,
	.step = postgresql_step,
	.changes = postgresql_changes,
	.bind_null = postgresql_bind_null,
	.bind_int = postgresql_bind_int,
	.bind_bool = postgresql_bind_bool,
	.bind_text = postgresql_bind_text,
	.bind_bytes = postgresql_bind_bytes,
	.is_null = postgresql_is_null,
	.column_int = postgresql_column_int,
	.column_bool = postgresql_column_bool,
	.column_text = postgresql_column_text,
};
