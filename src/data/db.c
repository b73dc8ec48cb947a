/*
 * The part of a connection that both engines share: opening by URL, the statement cache, conversions of the
 * small type vocabulary, transactions and what they refuse. Engines: db_sqlite.c, db_postgresql.c.
 */
#include <stdio.h>

#include "data/db_engine.h"

enum {
	CONNECTION_MAX_BYTES = 16 * 1024 * 1024,
	SCRATCH_MAX_BYTES = 1024 * 1024,
	CACHE_ROOM_FIRST = 64, /* a power of two */
};

static const struct db_engine *const engines[] = { &db_sqlite, &db_postgresql };

/* "sqlite:/path" gives the engine and the rest. */
static const struct db_engine *engine_of(struct str url, struct str *ret_place)
{
	for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
		struct str scheme = str_of(engines[i]->scheme);
		if (!str_starts_with(url, scheme) || url.n <= scheme.n || url.p[scheme.n] != ':') continue;
		*ret_place = str_slice(url, scheme.n + 1, url.n);
		return engines[i];
	}
	return NULL;
}

struct err *db_open(struct arena *a, struct str url, enum db_mode mode, struct db **ret)
{
	struct str place;
	const struct db_engine *engine = engine_of(url, &place);
	if (!engine) return ERR(a, ERR_USAGE, NULL, "a database's address begins with sqlite: or postgresql:");
	struct arena *own = arena_new(CONNECTION_MAX_BYTES);
	struct db *db = arena_alloc(own, engine->db_bytes);
	db->engine = engine;
	db->arena = own;
	db->scratch = arena_new(SCRATCH_MAX_BYTES);
	db->mode = mode;
	db->monotonic = monotonic_us;
	db->cache_room = CACHE_ROOM_FIRST;
	db->cache = ARENA_ARRAY(own, struct stmt *, db->cache_room);
	struct err *e = engine->open(db, a, place);
	if (e) {
		db_close(db);
		return e;
	}
	*ret = db;
	return NULL;
}

void db_close(struct db *db)
{
	if (!db) return;
	db_rollback(db);
	for (size_t i = 0; i < db->cache_room; i++) {
		if (db->cache[i]) db->engine->finalize(db->cache[i]);
	}
	db->engine->close(db);
	arena_free(db->scratch);
	arena_free(db->arena);
}

void db_set_deadline(struct db *db, int64_t monotonic_us) { db->deadline_us = monotonic_us; }

/* --- the statement cache -------------------------------------------------------------------------------- */

/* Where the query's statement is or belongs. */
static struct stmt **cache_slot(struct db *db, const struct query *q)
{
	size_t i = (size_t)(unsigned)q->index & (db->cache_room - 1);
	while (db->cache[i] && db->cache[i]->query != q)
		i = (i + 1) & (db->cache_room - 1);
	return &db->cache[i];
}

static void cache_grow(struct db *db)
{
	struct stmt **old = db->cache;
	size_t old_room = db->cache_room;
	db->cache_room *= 2;
	db->cache = ARENA_ARRAY(db->arena, struct stmt *, db->cache_room);
	for (size_t i = 0; i < old_room; i++) {
		if (old[i]) *cache_slot(db, old[i]->query) = old[i];
	}
}

/* A statement of `q` that is not busy: the cached one, or one made in `a` for this once (a query that runs
 * inside its own :each). */
static struct err *statement_get(struct db *db, struct arena *a, const struct query *q, struct stmt **ret)
{
	struct stmt *known = *cache_slot(db, q);
	struct stmt *s = known;
	if (!known || known->busy) {
		struct arena *own = known ? a : db->arena;
		s = arena_alloc(own, db->engine->stmt_bytes);
		s->arena = own;
		s->db = db;
		s->query = q;
		TRY(db->engine->prepare(s, a));
		s->cached = !known;
	}
	if (!known) {
		*cache_slot(db, q) = s;
		if (++db->cache_used * 2 > db->cache_room) cache_grow(db);
	}
	s->busy = true;
	s->bind_failed = false;
	*ret = s;
	return NULL;
}

/* --- transactions --------------------------------------------------------------------------------------- */

static const struct query commit_query = { .name = "commit",
	.sqlite = "COMMIT",
	.postgresql = "COMMIT",
	.index = 1 };
static const struct query rollback_query = { .name = "rollback",
	.sqlite = "ROLLBACK",
	.postgresql = "ROLLBACK",
	.index = 2 };
static const struct query savepoint_query = { .name = "savepoint",
	.sqlite = "SAVEPOINT member",
	.postgresql = "SAVEPOINT member",
	.index = 3 };
static const struct query release_query = { .name = "release",
	.sqlite = "RELEASE member",
	.postgresql = "RELEASE SAVEPOINT member",
	.index = 4 };
static const struct query rollback_to_query = { .name = "rollback_to",
	.sqlite = "ROLLBACK TO member",
	.postgresql = "ROLLBACK TO SAVEPOINT member",
	.index = 5 };

/* Transaction control must not be stopped by the deadline of the work that it ends. */
static struct err *control(struct db *db, struct arena *a, const struct query *q)
{
	int64_t deadline = db->deadline_us;
	bool row;
	struct stmt *s;
	TRY(statement_get(db, a, q, &s));
	db->deadline_us = 0;
	struct err *e = db->engine->step(s, a, &row);
	db->deadline_us = deadline;
	stmt_done(s);
	return e;
}

struct err *db_begin(struct db *db, struct arena *a)
{
	must(!db->in_transaction && db->mode == DB_WRITE);
	db->is_uncertain = false;
	TRY(db->engine->begin(db, a, DB_WRITE));
	db->in_transaction = true;
	db->failed = false;
	return NULL;
}

struct err *db_commit(struct db *db, struct arena *a)
{
	must(db->in_transaction);
	struct err *e;
	if (db_is_lost(db)) {
		e = ERR(a, ERR_UNAVAILABLE, NULL, "the engine dropped the transaction");
	} else {
		e = control(db, a, &commit_query);
		if (e && db->engine->settle) e = db->engine->settle(db, a, e);
	}
	if (e) db_rollback(db);
	db->in_transaction = false;
	return e;
}

void db_rollback(struct db *db)
{
	if (db->in_transaction && db->engine->in_transaction(db)) {
		arena_reset(db->scratch);
		/* An error leaves nothing to do: a broken connection has no transaction any more. */
		if (control(db, db->scratch, &rollback_query)) arena_reset(db->scratch);
	}
	db->in_transaction = false;
	db->failed = false;
}

struct err *db_savepoint(struct db *db, struct arena *a)
{
	db->failed = false;
	return control(db, a, &savepoint_query);
}

struct err *db_release(struct db *db, struct arena *a) { return control(db, a, &release_query); }

struct err *db_rollback_to(struct db *db, struct arena *a)
{
	TRY(control(db, a, &rollback_to_query));
	db->failed = false;
	return control(db, a, &release_query);
}

bool db_is_lost(struct db *db) { return db->in_transaction && !db->engine->in_transaction(db); }

struct err *db_script(struct db *db, struct arena *a, const char *sqlite, const char *postgresql)
{
	return db->engine->script(db, a, db->engine == &db_sqlite ? sqlite : postgresql);
}

struct err *db_snapshot_begin(struct db *db)
{
	must(!db->in_transaction);
	arena_reset(db->scratch);
	TRY(db->engine->begin(db, db->scratch, DB_READ));
	db->in_transaction = true;
	db->failed = false;
	return NULL;
}

void db_snapshot_end(struct db *db) { db_rollback(db); }

/* --- statements ----------------------------------------------------------------------------------------- */

/* A commit that overlooked an error gets no further: its transaction may be gone already, and then what it
 * writes would be kept one by one. */
static struct err *usable(struct db *db, struct arena *a, const struct query *q)
{
	if (db->mode != DB_WRITE || !db->in_transaction || !db->failed) return NULL;
	return ERR(a, db->failed_code, NULL, "%s: an earlier statement of this commit failed", q->name);
}

static struct err *noticed(struct db *db, struct err *e)
{
	if (e && !db->failed) {
		db->failed = true;
		db->failed_code = e->code;
	}
	return e;
}

struct err *db_statement(struct db *db, struct arena *a, const struct query *q, struct stmt **ret)
{
	TRY(usable(db, a, q));
	return noticed(db, statement_get(db, a, q, ret));
}

struct err *stmt_step(struct stmt *s, struct arena *a, bool *ret_row)
{
	TRY(usable(s->db, a, s->query));
	if (s->bind_failed)
		return noticed(s->db, ERR(a, s->bind_code, NULL, "%s: a value cannot be bound", s->query->name));
	return noticed(s->db, s->db->engine->step(s, a, ret_row));
}

void stmt_done(struct stmt *s)
{
	if (!s) return;
	if (!s->cached) {
		s->db->engine->finalize(s);
		return;
	}
	s->db->engine->reset(s);
	s->busy = false;
}

int64_t stmt_changes(struct stmt *s) { return s->db->engine->changes(s); }

static void bound(struct stmt *s, bool good)
{
	if (good) return;
	s->bind_failed = true;
	s->bind_code = ERR_TOO_LARGE;
}

void stmt_bind_null(struct stmt *s, int at) { bound(s, s->db->engine->bind_null(s, at)); }

void stmt_bind_int(struct stmt *s, int at, int64_t v) { bound(s, s->db->engine->bind_int(s, at, v)); }

void stmt_bind_bool(struct stmt *s, int at, bool v) { bound(s, s->db->engine->bind_bool(s, at, v)); }

void stmt_bind_text(struct stmt *s, int at, struct str v)
{
	if (str_is_none(v)) {
		stmt_bind_null(s, at);
	} else if (v.n > 0 && memchr(v.p, 0, v.n)) { /* PostgreSQL has no such text */
		s->bind_failed = true;
		s->bind_code = ERR_INVALID;
	} else {
		bound(s, s->db->engine->bind_text(s, at, v, false));
	}
}

void stmt_bind_bytes(struct stmt *s, int at, struct str v)
{
	if (str_is_none(v))
		stmt_bind_null(s, at);
	else
		bound(s, s->db->engine->bind_bytes(s, at, v));
}

void stmt_bind_instant(struct stmt *s, int at, struct instant v)
{
	if (instant_is_none(v))
		stmt_bind_null(s, at);
	else
		stmt_bind_int(s, at, v.ms);
}

void stmt_bind_date(struct stmt *s, int at, struct date v)
{
	if (date_is_none(v)) {
		stmt_bind_null(s, at);
		return;
	}
	int year, month, day;
	char iso[32];
	date_to_ymd(v, &year, &month, &day);
	int n = snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
	bound(s, s->db->engine->bind_text(s, at, (struct str){ iso, (size_t)n }, true));
}

void stmt_bind_money(struct stmt *s, int at, struct money v) { stmt_bind_int(s, at, v.cents); }

bool stmt_is_null(struct stmt *s, int at) { return s->db->engine->is_null(s, at); }

int64_t stmt_int(struct stmt *s, int at) { return s->db->engine->column_int(s, at); }

bool stmt_bool(struct stmt *s, int at) { return s->db->engine->column_bool(s, at); }

struct str stmt_text(struct stmt *s, struct arena *a, int at)
{
	return arena_str(a, s->db->engine->column_text(s, at));
}

struct instant stmt_instant(struct stmt *s, int at)
{
	return stmt_is_null(s, at) ? INSTANT_NONE : (struct instant){ stmt_int(s, at) };
}

/* Only stmt_bind_date writes such columns, so what is no date is none. */
struct date stmt_date(struct stmt *s, int at)
{
	struct date d = DATE_NONE;
	struct str text = s->db->engine->column_text(s, at);
	return !str_is_none(text) && date_parse(text, &d) ? d : DATE_NONE;
}

struct money stmt_money(struct stmt *s, int at) { return money_of_cents(stmt_int(s, at)); }

/* --- what generated code shares ------------------------------------------------------------------------- */

void *stmt_room(struct arena *a, void *items, size_t count, size_t *room, size_t item_bytes)
{
	if (count < *room) return items;
	size_t more = *room ? *room * 2 : 8;
	void *grown = arena_alloc_array(a, more, item_bytes);
	if (count) memcpy(grown, items, count * item_bytes);
	*room = more;
	return grown;
}

struct err *stmt_too_many(struct arena *a, const struct query *q, size_t limit)
{
	return ERR(a, ERR_INTERNAL, NULL, "%s: more than %zu rows", q->name, limit);
}
