/*
 * Whole-table tests: what must hold for every route, job, menu entry, query and column of the program, whoever adds
 * one. tests/http checks the same tables from outside.
 */
#include <sqlite3.h>

#include "base/buf.h"
#include "base/testing.h"
#include "core/module.h"
#include "core/session/session.h"
#include "data/schema.h"

enum { EXPLAIN_MAX = 64 * 1024 };

/* --- routes -------------------------------------------------------------------------------------------------------- */

static bool route_is_sound(struct test *t, const struct module *m, const struct route *r)
{
	const char *fault = NULL;
	bool is_post = r->method == METHOD_POST;
	if (r->permission <= PERM_UNSET || r->permission >= PERMISSION_MAX)
		fault = "has no permission";
	else if (is_post ? r->page != NULL || !r->answer : !r->page || r->commit || r->prepare)
		fault = "has the wrong handlers";
	else if (!is_post && (r->flags & (ROUTE_UPLOAD | ROUTE_NO_CSRF)))
		fault = "is a GET with a POST's flags";
	else if (r->flags & ROUTE_STREAM &&
		(is_post || r->flags & ROUTE_TOKEN || r->shows != SHOWS_NOTHING ||
			!str_starts_with(str_of(r->path), STR("/novedades/"))))
		fault = "is a stream that shows data, takes a token, or lies outside of /novedades/";
	else if (r->api && !(r->flags & ROUTE_TOKEN))
		fault = "describes an API but takes no token";
	else if (r->shows != SHOWS_NOTHING && r->permission == PERM_PUBLIC && !r->rule)
		fault = "shows people's data to everyone";
	if (fault) test_fail(t, __FILE__, __LINE__, "%s: %s %s", m->name, r->path, fault);
	return !fault;
}

TEST(tables_every_route_says_who_may_enter)
{
	int count = 0;
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct route *r = (*m)->routes; r && r->path; r++, count++) {
			if (!route_is_sound(t, *m, r)) return;
		}
	}
	CHECK(count > 0);
}

TEST(tables_router_takes_them_all)
{
	const struct route *tables[256];
	size_t count = 0;
	for (const struct module *const *m = modules; *m; m++) {
		CHECK(count + 1 < 256);
		if ((*m)->routes) tables[count++] = (*m)->routes;
	}
	tables[count] = NULL;
	struct router *router;
	CHECK_OK(router_new(t->arena, tables, &router));
}

/* A permission that a route asks for and no role has locks everyone out. */
TEST(tables_every_permission_asked_for_is_given)
{
	uint64_t asked = 0, given = who_anonymous.permissions;
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct route *r = (*m)->routes; r && r->path; r++)
			asked |= UINT64_C(1) << r->permission;
	}
	for (const struct role *r = roles; r->name; r++)
		given |= r->permissions;
	for (int p = PERM_PUBLIC; p < PERMISSION_MAX; p++) {
		if (!(asked >> p & 1) || given >> p & 1) continue;
		test_fail(t, __FILE__, __LINE__, "%s is given to no role", permission_name((enum permission)p));
		return;
	}
}

TEST(tables_modules_need_what_is_there)
{
	for (const struct module *const *m = modules; *m; m++) {
		CHECK((*m)->name && (*m)->name[0]);
		for (const struct module *const *other = m + 1; *other; other++)
			CHECK(strcmp((*m)->name, (*other)->name) != 0);
		for (const char *const *need = (*m)->needs; need && *need; need++) {
			bool is_there = false;
			for (const struct module *const *other = modules; *other; other++)
				is_there |= strcmp((*other)->name, *need) == 0;
			CHECK(is_there);
		}
		for (const struct menu_entry *e = (*m)->menu; e && e->key; e++)
			CHECK(e->path && e->icon && e->group && e->permission > PERM_UNSET &&
				e->permission < PERMISSION_MAX);
	}
}

TEST(tables_every_job_ends)
{
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct job_kind *k = (*m)->jobs; k && k->name; k++) {
			CHECK(k->run && k->max_attempts > 0 && k->backoff_s > 0 && k->every_s >= 0);
			CHECK(module_job(str_of(k->name)) == k); /* no other module has one of that name */
		}
	}
}

/* --- the database -------------------------------------------------------------------------------------------------- */

static bool open_empty(struct test *t, sqlite3 **ret)
{
	sqlite3 *db;
	if (sqlite3_open(":memory:", &db) != SQLITE_OK) return false;
	for (const struct migration *m = schema_migrations; m->unit; m++) {
		if (sqlite3_exec(db, m->sqlite, NULL, NULL, NULL) == SQLITE_OK) continue;
		test_fail(t, __FILE__, __LINE__, "%s/%s: %s", m->unit, m->name, sqlite3_errmsg(db));
		sqlite3_close(db);
		return false;
	}
	*ret = db;
	return true;
}

/* A step of the plan that reads a whole table. Neither a row of constants is one, nor what the query made itself
 * (`made`: the names of its subqueries, which the plan tells before). */
static bool is_scan(struct str step, struct str made)
{
	if (!str_starts_with(step, STR("SCAN ")) || str_find(step, STR("CONSTANT ROW")) >= 0) return false;
	struct str rest = str_slice(step, 5, step.n);
	struct str name = str_cut(&rest, ' ');
	return str_find(step, STR(" USING ")) < 0 && str_find(made, name) < 0;
}

static bool plan_uses_indexes(struct test *t, sqlite3 *db, const struct query_register *q)
{
	sqlite3_stmt *plan;
	struct str sql = arena_printf(t->arena, "EXPLAIN QUERY PLAN %s", q->sqlite);
	if (sqlite3_prepare_v2(db, sql.p, -1, &plan, NULL) != SQLITE_OK) {
		test_fail(t, __FILE__, __LINE__, "%s: %s", q->place, sqlite3_errmsg(db));
		return false;
	}
	bool is_good = true;
	struct buf made = buf_new(t->arena, EXPLAIN_MAX);
	while (is_good && sqlite3_step(plan) == SQLITE_ROW) {
		struct str step = str_of((const char *)sqlite3_column_text(plan, 3));
		if (str_starts_with(step, STR("CO-ROUTINE ")) || str_starts_with(step, STR("MATERIALIZE ")))
			buf_add(&made, step);
		if (!is_scan(step, buf_str(&made))) continue;
		test_fail(t, __FILE__, __LINE__, "%s: %s: %.*s", q->place, q->name, STR_FMT(step));
		is_good = false;
	}
	sqlite3_finalize(plan);
	return is_good;
}

TEST(tables_hot_queries_never_read_a_whole_table)
{
	sqlite3 *db;
	int hot = 0;
	if (!open_empty(t, &db)) return;
	bool is_good = true;
	for (const struct query_register *q = schema_queries; is_good && q->name; q++) {
		if (!q->hot) continue;
		hot++;
		is_good = plan_uses_indexes(t, db, q);
	}
	sqlite3_close(db);
	if (is_good) CHECK(hot > 20);
}

/* Without the caller's scope only with a reason that a person can read. */
TEST(tables_queries_without_scope_say_why)
{
	for (const struct query_register *q = schema_queries; q->name; q++) {
		if (!q->system) continue;
		CHECK(strlen(q->system) > 15);
		CHECK(!q->scoped);
	}
}

TEST(tables_every_column_is_declared)
{
	for (const struct column_register *c = schema_columns; c->table; c++) {
		bool is_none = strcmp(c->class, "none") == 0;
		CHECK(is_none || strcmp(c->class, "personal") == 0 || strcmp(c->class, "sensitive") == 0);
		CHECK(is_none == (c->subject == NULL) && is_none == (c->retention == NULL));
	}
}
