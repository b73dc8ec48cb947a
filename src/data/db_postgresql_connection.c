/*
 * A connection to PostgreSQL: what is asked of the database and the session, waiting with a deadline, and
 * what the server's errors become. Of a message only the part without values is kept: its details name rows.
 */
#include <poll.h>
#include <stdio.h>

#include "data/db_postgresql.h"

enum {
	VERSION_MIN = 130000,    /* pg_current_xact_id */
	REFUSED_US = 250 * 1000, /* not asked again so soon after a refusal */
	CANCEL_POLL_MS = 10,
	DEADLINE_MAX_US = 60 * 1000 * 1000, /* looked at so often at least */
	CANCEL_GRACE_US = 2 * 1000 * 1000,  /* for a server to obey; then the connection is given up */
};

/* --- errors --------------------------------------------------------------------------------------------- */

struct state_code {
	const char *state; /* a SQLSTATE or its first two characters */
	enum err_code code;
};

/* https://www.postgresql.org/docs/current/errcodes-appendix.html; the first that fits. */
static const struct state_code state_codes[] = {
	{ "23505", ERR_CONFLICT },    /* unique_violation */
	{ "22021", ERR_INVALID },     /* character_not_in_repertoire: not UTF-8, or a NUL */
	{ "54", ERR_TOO_LARGE },      /* program limit: an index entry too long */
	{ "08", ERR_UNAVAILABLE },    /* connection */
	{ "53", ERR_UNAVAILABLE },    /* disk, memory or connections exhausted */
	{ "57", ERR_UNAVAILABLE },    /* cancelled, shutting down, starting up */
	{ "58", ERR_UNAVAILABLE },    /* I/O */
	{ "40", ERR_UNAVAILABLE },    /* serialization, deadlock */
	{ "55P03", ERR_UNAVAILABLE }, /* lock_not_available: another node holds it */
	{ "25P02", ERR_UNAVAILABLE }, /* in a failed transaction */
	{ "25P03", ERR_UNAVAILABLE }, /* idle in a transaction for too long */
	{ "26000", ERR_UNAVAILABLE }, /* a prepared statement is gone: prepared again at its next use */
	{ "0A000", ERR_UNAVAILABLE }, /* a cached plan's result changed: the same */
	{ NULL, ERR_INTERNAL },
};

static enum err_code code_of(const char *state)
{
	const struct state_code *c = state_codes;
	while (c->state && strncmp(c->state, state, strlen(c->state)) != 0)
		c++;
	return c->code;
}

static struct err *connection_error(struct arena *a, const char *what, const char *message)
{
	struct str text = str_trim(str_of(message));
	return ERR(a, ERR_UNAVAILABLE, NULL, "%s: %.*s", what, STR_FMT(text));
}

void postgresql_drop(struct postgresql_db *own)
{
	PQfinish(own->connection);
	own->connection = NULL;
	own->streaming = NULL;
}

struct err *postgresql_lost(struct postgresql_db *own, struct arena *a, const char *what)
{
	struct err *e = connection_error(a, what, PQerrorMessage(own->connection));
	if (PQstatus(own->connection) == CONNECTION_BAD) postgresql_drop(own);
	return e;
}

struct err *postgresql_error(struct postgresql_db *own, struct arena *a, const char *what,
	const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (!state) return postgresql_lost(own, a, what);
	/* Class 22 is about values, and its messages show them. */
	bool shows_values = strncmp(state, "22", 2) == 0;
	struct err *e = ERR(a, code_of(state), NULL, "%s: %s (postgresql %s)", what,
		shows_values || !message ? "a value" : message, state);
	if (severity && strcmp(severity, "ERROR") != 0) postgresql_drop(own); /* FATAL: the server hangs up */
	return e;
}

/* --- waiting -------------------------------------------------------------------------------------------- */

bool postgresql_is_past(struct db *db) { return db->deadline_us != 0 && db->monotonic() > db->deadline_us; }

/* Waits for the server to have taken note, so that it cannot hit a later statement. */
static void cancel(struct postgresql_db *own)
{
	char why[256];
	PGcancel *request = PQgetCancel(own->connection);
	if (request) PQcancel(request, why, sizeof why);
	PQfreeCancel(request);
	own->cancelled = true;
}

/* How long to wait before the clock is looked at again; negative: for ever. Cancels what is past its deadline. */
static int patience_ms(struct postgresql_db *own)
{
	if (own->db.deadline_us == 0 && !own->cancelled) return -1;
	int64_t left_us = own->cancelled ? 0 : own->db.deadline_us - own->db.monotonic();
	if (left_us < 0) cancel(own);
	if (own->cancelled) return CANCEL_POLL_MS;
	return left_us > DEADLINE_MAX_US ? (int)(DEADLINE_MAX_US / 1000) : (int)(left_us / 1000) + 1;
}

struct err *postgresql_wait(struct postgresql_db *own, struct arena *a, PGresult **ret)
{
	int64_t given_up_us = 0;
	if (!own->connection) return ERR(a, ERR_UNAVAILABLE, NULL, "the connection was lost");
	while (PQisBusy(own->connection)) {
		int wait_ms = patience_ms(own);
		if (own->cancelled && !given_up_us) given_up_us = monotonic_us() + CANCEL_GRACE_US;
		if (own->cancelled && monotonic_us() > given_up_us) {
			postgresql_drop(own);
			return ERR(a, ERR_UNAVAILABLE, NULL, "the server did not end a statement past its deadline");
		}
		struct pollfd ready = { .fd = PQsocket(own->connection), .events = POLLIN };
		poll(&ready, 1, wait_ms);
		if (!PQconsumeInput(own->connection)) return postgresql_lost(own, a, "connection");
	}
	*ret = PQgetResult(own->connection);
	return NULL;
}

struct err *postgresql_finish(struct postgresql_db *own, struct arena *a, const char *what,
	PGresult **ret_last)
{
	struct err *first = NULL;
	PGresult *last = NULL, *result;
	for (;;) {
		struct err *e = postgresql_wait(own, a, &result);
		if (e || !result) {
			first = first ? first : e;
			break;
		}
		ExecStatusType status = PQresultStatus(result);
		bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
		if (!good && !first) first = postgresql_error(own, a, what, result);
		PQclear(good ? last : result);
		if (good) last = result;
	}
	if (first || !ret_last)
		PQclear(last);
	else
		*ret_last = last;
	return first;
}

struct err *postgresql_query(struct postgresql_db *own, struct arena *a, const char *what, const char *sql,
	PGresult **ret_last)
{
	own->cancelled = false;
	if (!own->connection || !PQsendQuery(own->connection, sql)) return postgresql_lost(own, a, what);
	return postgresql_finish(own, a, what, ret_last);
}

/* --- connecting ----------------------------------------------------------------------------------------- */

/* Durable means durable, whatever the server's default; a plan must not be compiled for a page. */
#define SESSION                                                                                              \
	"SET client_min_messages = warning; SET jit = off; "                                                     \
	"SELECT set_config('synchronous_commit', 'on', false) "                                                  \
	"WHERE current_setting('synchronous_commit') IN ('off', 'local'); "

/* A statement of a program that died must not go on for ever, nor a lock of one that hangs. */
static const char session_14[] = "SET client_connection_check_interval = '1s'";
static const char session_read[] = SESSION "SET default_transaction_read_only = on";
static const char session_write[] = SESSION
	"SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'";

/* Sorting and comparing by bytes is what both engines and the generators rest on. datlocprovider is there
 * from version 15 on. */
static const char database_check[] =
	"SELECT current_setting('server_encoding') = 'UTF8', "
	"coalesce(to_jsonb(d)->>'datlocprovider', 'c') = 'c' AND d.datcollate IN ('C', 'POSIX'), d.datcollate "
	"FROM pg_database d WHERE d.datname = current_database()";

static struct err *check_database(struct postgresql_db *own, struct arena *a)
{
	PGresult *r = NULL;
	struct err *e = NULL;
	if (PQserverVersion(own->connection) < VERSION_MIN)
		return ERR(a, ERR_USAGE, NULL, "PostgreSQL 13 or newer is needed, and this is %d",
			PQserverVersion(own->connection));
	TRY(postgresql_query(own, a, "database check", database_check, &r));
	if (PQntuples(r) != 1 || strcmp(PQgetvalue(r, 0, 0), "t") != 0)
		e = ERR(a, ERR_USAGE, NULL, "the database's encoding is not UTF8");
	else if (strcmp(PQgetvalue(r, 0, 1), "t") != 0)
		e = ERR(a, ERR_USAGE, NULL,
			"the database's collation is %s; make it with LOCALE 'C' TEMPLATE template0: order must be the "
			"bytes'",
			PQgetvalue(r, 0, 2));
	PQclear(r);
	return e;
}

static struct err *session_begin(struct postgresql_db *own, struct arena *a)
{
	TRY(check_database(own, a));
	if (PQserverVersion(own->connection) >= 140000)
		TRY(postgresql_query(own, a, "session", session_14, NULL));
	if (own->db.mode == DB_READ) return postgresql_query(own, a, "session", session_read, NULL);
	TRY(postgresql_query(own, a, "session", session_write, NULL));
	return postgresql_marks_make(own, a);
}

/* What stands before dbname may be changed by the URL; what follows it may not. A server that is gone without
 * a word is noticed within some ten seconds. Of several servers the one that takes writes is used, for reading too:
 * another may lag behind what was acknowledged. */
static struct err *connect_now(struct postgresql_db *own, struct arena *a)
{
	static const char *const names[] = { "connect_timeout", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "tcp_user_timeout", "gssencmode", "target_session_attrs",
		"fallback_application_name", "dbname", "client_encoding", NULL };
	const char *values[] = { "5", "5", "2", "3", "10000", "disable", "read-write", "ventanilla", own->url,
		"UTF8", NULL };
	own->connection = PQconnectdbParams(names, values, 1);
	if (PQstatus(own->connection) != CONNECTION_OK) {
		struct err *e = connection_error(a, "connect", PQerrorMessage(own->connection));
		postgresql_drop(own);
		return e;
	}
	own->generation++;
	own->names = 0;
	int64_t deadline = own->db.deadline_us;
	own->db.deadline_us = 0;
	struct err *e = session_begin(own, a);
	own->db.deadline_us = deadline;
	if (e) postgresql_drop(own);
	return e;
}

/* An idle connection that the server closed has that in its socket. */
static bool is_alive(struct postgresql_db *own)
{
	if (PQstatus(own->connection) != CONNECTION_OK) return false;
	struct pollfd ready = { .fd = PQsocket(own->connection), .events = POLLIN };
	while (PQtransactionStatus(own->connection) == PQTRANS_IDLE && poll(&ready, 1, 0) > 0) {
		if (!PQconsumeInput(own->connection)) return false;
	}
	return true;
}

struct err *postgresql_ready(struct postgresql_db *own, struct arena *a)
{
	if (own->connection && is_alive(own)) return NULL;
	if (own->db.in_transaction) return postgresql_lost(own, a, "connection");
	postgresql_drop(own);
	if (own->refused_us && monotonic_us() - own->refused_us < REFUSED_US)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the database was not there a moment ago");
	struct err *e = connect_now(own, a);
	own->refused_us = e ? monotonic_us() : 0;
	return e;
}
