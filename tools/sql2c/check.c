/*
 * Checks one query against the in-memory database: it is prepared there, the authorizer lists what it reads
 * and writes, and from that follow the rules of ownership, needs and scope. A hot query must not scan.
 */
#include "tools/sql2c/sql2c.h"

struct watch {
	struct sql_program *p;
	struct sql_query *q;
};

static void touch_add(struct watch *w, const char *table, const char *column, bool write)
{
	struct sql_table *t = sql_table_find(w->p, str_of(table));
	if (!t) return; /* the engine's own */
	struct sql_touch touch = { .table = t->name, .column = arena_cstr(w->p->arena, column), .write = write };
	struct sql_touch **at = &w->q->touches;
	for (; *at; at = &(*at)->next) {
		int order = (*at)->write != write ? (write ? -1 : 1) : str_cmp((*at)->table, touch.table);
		if (order == 0) order = str_cmp((*at)->column, touch.column);
		if (order == 0) return;
		if (order > 0) break;
	}
	touch.next = *at;
	*at = ARENA_NEW(w->p->arena, struct sql_touch);
	**at = touch;
}

static int authorize(void *state, int action, const char *first, const char *second, const char *database,
	const char *trigger)
{
	struct watch *w = state;
	(void)database;
	(void)trigger;
	if (!first) return SQLITE_OK;
	if (action == SQLITE_READ) touch_add(w, first, second && *second ? second : "*", false);
	if (action == SQLITE_INSERT || action == SQLITE_DELETE) touch_add(w, first, "*", true);
	if (action == SQLITE_UPDATE) touch_add(w, first, second ? second : "*", true);
	return SQLITE_OK;
}

/* --- the engine's verdict ------------------------------------------------------------------------------- */

/* What "no such column: c.numbr" and its like name; STR_NONE for other messages. */
static struct str named_in(struct str message, bool *ret_table)
{
	static const char *const texts[] = { "no such table: ", "no such column: ", "has no column named " };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		ptrdiff_t at = str_find(message, str_of(texts[i]));
		if (at < 0) continue;
		struct str name = str_slice(message, (size_t)at + strlen(texts[i]), message.n);
		ptrdiff_t dot = str_find_char(name, '.');
		*ret_table = i == 0;
		return str_slice(name, dot < 0 ? 0 : (size_t)dot + 1, name.n);
	}
	return STR_NONE;
}

/* The engine's offset into its text, where it gives one; else where the name stands; else the last line. */
static int line_of(const struct sql_query *q, const size_t *offsets, int offset, struct str name)
{
	const struct sql_token *t = q->tokens.items;
	for (size_t i = 0; i < q->tokens.count; i++) {
		bool here = offset >= 0 ? offsets[i + 1] > (size_t)offset
								: !str_is_none(name) && str_eq(t[i].text, name);
		if (here) return t[i].line;
	}
	return q->tokens.count ? t[q->tokens.count - 1].line : q->line;
}

static sqlite3_stmt *prepare(struct sql_program *p, struct sql_query *q)
{
	size_t *offsets;
	struct str text = sql_text(p, q, false, &offsets);
	struct watch w = { p, q };
	sqlite3_stmt *s = NULL;
	sqlite3_set_authorizer(p->db, authorize, &w);
	int rc = sqlite3_prepare_v2(p->db, text.p, -1, &s, NULL);
	sqlite3_set_authorizer(p->db, NULL, NULL);
	if (rc == SQLITE_OK && s) return s;
	bool is_table = false;
	struct str message = arena_cstr(p->arena, sqlite3_errmsg(p->db)), name = named_in(message, &is_table);
	struct str hint = is_table ? sql_table_hint(p, name) : sql_column_hint(p, q, name);
	sql_problem_add(p, q->path, line_of(q, offsets, sqlite3_error_offset(p->db), name), "%.*s: %.*s%.*s",
		STR_FMT(q->name), STR_FMT(message), STR_FMT(str_is_none(name) ? STR("") : hint));
	return NULL;
}

/* --- rules ---------------------------------------------------------------------------------------------- */

static void ownership_check(struct sql_program *p, const struct sql_query *q, const struct sql_unit *u)
{
	for (const struct sql_touch *t = q->touches; t; t = t->next) {
		const struct sql_table *table = sql_table_find(p, t->table);
		if (t->next && str_eq(t->next->table, t->table) && t->next->write == t->write)
			continue; /* once a table */
		if (t->write && !str_eq(table->unit, q->unit))
			sql_problem_add(p, q->path, q->line,
				"%.*s writes table %.*s, which belongs to %.*s: call a query of that unit", STR_FMT(q->name),
				STR_FMT(t->table), STR_FMT(table->unit));
		bool of_scope = q->uses_scope &&
			(str_eq(t->table, STR("scope_grant")) || str_eq(t->table, STR("scope_exclusion")));
		if (!t->write && !of_scope && !sql_unit_needs(u, table->unit))
			sql_problem_add(p, q->path, q->line,
				"%.*s reads table %.*s of %.*s, which this unit does not need: add it to "
				"-- needs:",
				STR_FMT(q->name), STR_FMT(t->table), STR_FMT(table->unit));
	}
}

static bool is_case_key(const struct sql_alias *a, struct sql_token alias, struct sql_token column)
{
	const char *key = str_eq(a->table->name, STR("cases")) ? "id" : "case_id";
	return str_eq(alias.text, a->name) && sql_is(column, key);
}

/* "a.case_id = b.id", either way round. */
static bool are_tied(const struct sql_query *q, const struct sql_alias *a, const struct sql_alias *b)
{
	const struct sql_token *t = q->tokens.items;
	for (size_t i = 0; i + 6 < q->tokens.count; i++) {
		if (!sql_is(t[i + 1], ".") || !sql_is(t[i + 3], "=") || !sql_is(t[i + 5], ".")) continue;
		if (is_case_key(a, t[i], t[i + 2]) && is_case_key(b, t[i + 4], t[i + 6])) return true;
		if (is_case_key(b, t[i], t[i + 2]) && is_case_key(a, t[i + 4], t[i + 6])) return true;
	}
	return false;
}

/* A row that is always in its case's compartment may be seen with the case. */
static void scope_spread(const struct sql_query *q)
{
	bool changed = true;
	while (changed) {
		changed = false;
		for (struct sql_alias *a = q->aliases; a; a = a->next) {
			for (const struct sql_alias *b = q->aliases; b && a->table->as_its_case && !a->scoped;
				 b = b->next)
				a->scoped = changed = b != a && b->scoped && are_tied(q, a, b);
		}
	}
}

static void scope_check(struct sql_program *p, const struct sql_query *q)
{
	if (!str_is_none(q->system)) return;
	scope_spread(q);
	for (const struct sql_touch *t = q->touches; t; t = t->next) {
		const struct sql_table *table = sql_table_find(p, t->table);
		if (!table->scoped) continue;
		bool scoped = false;
		const struct sql_alias *open = NULL;
		for (const struct sql_alias *a = q->aliases; a; a = a->next) {
			if (a->table != table) continue;
			scoped = scoped || a->scoped;
			if (!a->scoped) open = a;
		}
		if (scoped && !open) continue;
		sql_problem_add(p, q->path, open ? open->line : q->line,
			"%.*s touches the scoped table %.*s: add AND @scope(%.*s), or say why not in a line -- system: reason "
			"(a table -- scoped: as its case may be tied by case_id to one that has it)",
			STR_FMT(q->name), STR_FMT(table->name), STR_FMT(open ? open->name : table->name));
		return;
	}
}

/* The engine would give the id that is written here once more (PostgreSQL's identity does not look). */
static void id_check(struct sql_program *p, const struct sql_query *q)
{
	struct sql_insert insert;
	if (!sql_insert_find(p, q, &insert)) return;
	for (size_t i = insert.open; i < insert.close; i++) {
		struct sql_token t = q->tokens.items[i];
		const struct sql_column *c = t.kind == SQL_WORD ? sql_column_find(insert.table, t.text) : NULL;
		if (c && c->type == COL_ID)
			sql_problem_add(p, q->path, t.line, "%.*s: column %.*s is an ID, which the engine gives",
				STR_FMT(q->name), STR_FMT(c->name));
	}
}

static void kind_check(struct sql_program *p, struct sql_query *q, int columns)
{
	const struct sql_token *t = q->tokens.items;
	bool insert = q->tokens.count > 0 && sql_is(t[0], "INSERT");
	for (size_t i = 0; i < q->tokens.count; i++) {
		if (sql_is(t[i], "LIMIT")) q->has_limit = true;
		if (q->kind == SQL_ID && sql_is(t[i], "NOTHING"))
			sql_problem_add(p, q->path, t[i].line, "%.*s: with DO NOTHING there may be no id: use :one",
				STR_FMT(q->name));
	}
	if (q->kind == SQL_EXEC && columns > 0)
		sql_problem_add(p, q->path, q->line, "%.*s returns columns: :exec is for statements that do not",
			STR_FMT(q->name));
	if (q->kind == SQL_EXEC && !q->writes)
		sql_problem_add(p, q->path, q->line, "%.*s changes nothing: :exec is for writes", STR_FMT(q->name));
	if (q->kind == SQL_ID && (!insert || columns != 1))
		sql_problem_add(p, q->path, q->line, "%.*s: :id is for INSERT … RETURNING id", STR_FMT(q->name));
	if (q->kind != SQL_EXEC && columns == 0)
		sql_problem_add(p, q->path, q->line, "%.*s returns no columns: use :exec, or RETURNING",
			STR_FMT(q->name));
}

static void plan_check(struct sql_program *p, const struct sql_query *q)
{
	struct str text = arena_printf(p->arena, "EXPLAIN QUERY PLAN %.*s", STR_FMT(q->sqlite));
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(p->db, text.p, -1, &s, NULL) != SQLITE_OK) return;
	while (sqlite3_step(s) == SQLITE_ROW) {
		struct str detail = arena_cstr(p->arena, (const char *)sqlite3_column_text(s, 3));
		if (!str_starts_with(detail, STR("SCAN "))) continue;
		struct str rest = str_slice(detail, 5, detail.n);
		struct str name = str_cut(&rest, ' ');
		for (const struct sql_alias *a = q->aliases; a; a = a->next) {
			if (!str_eq(a->name, name)) continue;
			sql_problem_add(p, q->path, a->line,
				"%.*s is hot but would read the whole table %.*s (%.*s): it needs an index", STR_FMT(q->name),
				STR_FMT(a->table->name), STR_FMT(detail));
		}
	}
	sqlite3_finalize(s);
}

/* --- result columns ------------------------------------------------------------------------------------- */

static bool is_plain_end(struct sql_token t)
{
	return t.kind == SQL_STRING || t.kind == SQL_NUMBER || t.kind == SQL_PARAM || sql_is(t, ")") ||
		(t.kind == SQL_WORD && sql_is_name(t.text) && !sql_is_reserved(t.text));
}

static bool items_are_tidy(struct sql_program *p, const struct sql_query *q, const struct sql_items *items)
{
	const struct sql_token *t = q->tokens.items;
	for (size_t i = 0; i < items->count; i++) {
		size_t from = items->items[i].from, to = items->items[i].to;
		if (from >= to) continue;
		if (sql_is(t[to - 1], "*") && (to == from + 1 || sql_is(t[to - 2], "."))) {
			sql_problem_add(p, q->path, t[from].line, "%.*s: name the columns; * would change with the table",
				STR_FMT(q->name));
			return false;
		}
		if (to > from + 1 && t[to - 1].kind == SQL_WORD && is_plain_end(t[to - 1]) &&
			is_plain_end(t[to - 2])) {
			sql_problem_add(p, q->path, t[to - 1].line, "%.*s: write AS before %.*s", STR_FMT(q->name),
				STR_FMT(t[to - 1].text));
			return false;
		}
	}
	return true;
}

static void column_name_check(struct sql_program *p, const struct sql_query *q, const struct sql_value *c,
	int at)
{
	if (!sql_is_name(c->name) || sql_is_reserved(c->name)) {
		sql_problem_add(p, q->path, q->line,
			"%.*s: result column %d cannot be called \"%.*s\": give it a name with AS", STR_FMT(q->name),
			at + 1, STR_FMT(str_slice(c->name, 0, 40)));
		return;
	}
	for (const struct sql_value *other = q->columns; other != c; other = other->next) {
		if (str_eq(other->name, c->name))
			sql_problem_add(p, q->path, q->line, "%.*s: two result columns are called %.*s", STR_FMT(q->name),
				STR_FMT(c->name));
	}
}

static bool any_outer(const struct sql_query *q, const struct sql_table *t)
{
	for (const struct sql_alias *a = q->aliases; a; a = a->next) {
		if (a->table == t && a->outer) return true;
	}
	return false;
}

/* The type of column `at`: from a hint, from the reference as written, from the engine's origin, or from the
 * expression. */
static void column_type_find(struct sql_program *p, struct sql_query *q, sqlite3_stmt *s, struct sql_value *c,
	int at, struct sql_item item)
{
	const struct sql_value *hint = sql_value_find(q->hints, c->name, false);
	if (hint) {
		c->type = hint->type;
		c->nullable = hint->nullable;
		c->typed = c->hinted = true;
		return;
	}
	const char *table = sqlite3_column_table_name(s, at), *column = sqlite3_column_origin_name(s, at);
	struct sql_table *t = table ? sql_table_find(p, str_of(table)) : NULL;
	const struct sql_column *origin = t && column ? sql_column_find(t, str_of(column)) : NULL;
	bool plain = sql_is_column_ref(q, item.from, item.to);
	if (!(plain && sql_expression_infer(q, item.from, item.to, c)) && origin) {
		c->type = origin->type == COL_ID ? COL_INT : origin->type;
		c->nullable = !plain || !origin->not_null || any_outer(q, t);
		c->typed = true;
	} else if (!c->typed) {
		sql_expression_infer(q, item.from, item.to, c);
	}
	if (!c->typed)
		sql_problem_add(p, q->path, q->line,
			"%.*s: the type of result column %.*s cannot be read: add -- type: %.*s INT (or "
			"another; ? when it may be NULL)",
			STR_FMT(q->name), STR_FMT(c->name), STR_FMT(c->name));
}

static void columns_find(struct sql_program *p, struct sql_query *q, sqlite3_stmt *s)
{
	int count = sqlite3_column_count(s);
	kind_check(p, q, count);
	if (count == 0) return;
	struct sql_items items;
	if (!sql_items_find(p->arena, q, 0, &items)) {
		sql_problem_add(p, q->path, q->line, "%.*s: cannot find the list of its results", STR_FMT(q->name));
		return;
	}
	if (!items_are_tidy(p, q, &items)) return;
	if (items.count != (size_t)count) {
		sql_problem_add(p, q->path, q->line, "%.*s: cannot match the list of its results", STR_FMT(q->name));
		return;
	}
	struct sql_value **end = &q->columns;
	for (int i = 0; i < count; i++) {
		struct sql_value *c = ARENA_NEW(p->arena, struct sql_value);
		c->name = arena_cstr(p->arena, sqlite3_column_name(s, i));
		*end = c;
		end = &c->next;
		column_name_check(p, q, c, i);
		column_type_find(p, q, s, c, i, items.items[i]);
	}
}

static void hints_check(struct sql_program *p, const struct sql_query *q)
{
	for (const struct sql_value *h = q->hints; h; h = h->next) {
		if (!sql_value_find(h->is_param ? q->params : q->columns, h->name, h->is_param))
			sql_problem_add(p, q->path, q->line, "%.*s: the hint for %s%.*s fits nothing in the query",
				STR_FMT(q->name), h->is_param ? ":" : "", STR_FMT(h->name));
	}
}

static bool same_rows(const struct sql_value *a, const struct sql_value *b)
{
	for (; a && b; a = a->next, b = b->next) {
		if (!str_eq(a->name, b->name) || a->type != b->type || a->nullable != b->nullable) return false;
	}
	return !a && !b;
}

/* "-- row: case_row": all queries of the unit that name it have the same columns. */
static void row_check(struct sql_program *p, const struct sql_query *q, const struct sql_unit *u)
{
	if (!q->row_name.n) return;
	for (const struct sql_query *o = u->queries; o != q; o = o->next) {
		if (!str_eq(o->row_name, q->row_name) || same_rows(o->columns, q->columns)) continue;
		sql_problem_add(p, q->path, q->line,
			"%.*s: its columns differ from those of %.*s, with which it shares the row %.*s",
			STR_FMT(q->name), STR_FMT(o->name), STR_FMT(q->row_name));
		return;
	}
}

static const struct sql_unit *unit_of(const struct sql_program *p, const struct sql_query *q)
{
	const struct sql_unit *u = p->units;
	while (!str_eq(u->name, q->unit))
		u = u->next;
	return u;
}

void sql_query_check(struct sql_program *p, struct sql_query *q)
{
	int before = p->problem_count;
	sql_aliases_find(p, q);
	sql_scope_expand(p, q);
	sql_portable(p, q->path, q->tokens.items, q->tokens.count);
	sql_params_collect(p, q);
	if (p->problem_count > before) return;
	sqlite3_stmt *s = prepare(p, q);
	if (!s) return;
	sql_params_infer(p, q);
	q->writes = !sqlite3_stmt_readonly(s);
	columns_find(p, q, s);
	sqlite3_finalize(s);
	ownership_check(p, q, unit_of(p, q));
	scope_check(p, q);
	id_check(p, q);
	hints_check(p, q);
	row_check(p, q, unit_of(p, q));
	if (p->problem_count > before) return;
	q->sqlite = sql_text(p, q, false, NULL);
	q->postgresql = sql_text(p, q, true, NULL);
	if (q->hot) plan_check(p, q);
}
