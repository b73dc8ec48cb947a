/*
 * Types of :parameters, from where they stand: the column they are inserted into, set to or compared with,
 * a LIMIT, arithmetic with a column; else a column of the same name. Nullable is only what may be NULL with
 * a meaning: a value stored in a nullable column, or one that the query tests with IS NULL.
 */
#include "tools/sql2c/sql2c.h"

static const char *const comparisons[] = { "=", "<>", "!=", "<", ">", "<=", ">=", NULL };

void sql_params_collect(struct sql_program *p, struct sql_query *q)
{
	struct sql_value **end = &q->params;
	for (size_t i = 0; i < q->tokens.count; i++) {
		struct sql_token t = q->tokens.items[i];
		if (t.kind != SQL_PARAM || sql_value_find(q->params, t.text, true)) continue;
		bool scope = str_eq(t.text, STR("scope_staff"));
		if (!sql_is_name(t.text) || (sql_is_reserved(t.text) && !(scope && q->uses_scope)))
			sql_problem_add(p, q->path, t.line, "%.*s: :%.*s cannot be the name of a parameter",
				STR_FMT(q->name), STR_FMT(t.text));
		struct sql_value *v = ARENA_NEW(p->arena, struct sql_value);
		*v = (struct sql_value){ .name = t.text, .is_param = true };
		if (scope) {
			v->type = COL_INT;
			v->typed = v->hinted = true;
		}
		*end = v;
		end = &v->next;
	}
}

bool sql_insert_find(struct sql_program *p, const struct sql_query *q, struct sql_insert *ret)
{
	const struct sql_token *t = q->tokens.items;
	for (size_t i = 0; i + 3 < q->tokens.count; i++) {
		if (!sql_is(t[i], "INSERT") || !sql_is(t[i + 1], "INTO")) continue;
		const struct sql_table *table = sql_table_find(p, t[i + 2].text);
		size_t open = sql_is(t[i + 3], "AS") ? i + 5 : i + 3;
		if (!table || open >= q->tokens.count || !sql_is(t[open], "(")) return false;
		*ret = (struct sql_insert){ table, open, sql_closing(t, open, q->tokens.count) };
		return true;
	}
	return false;
}

static void give(struct sql_value *v, enum column_type type, bool nullable)
{
	v->type = type == COL_ID ? COL_INT : type;
	v->nullable = nullable;
	v->typed = true;
}

/* --- INSERT and SET ------------------------------------------------------------------------------------- */

static const struct sql_column *insert_column(const struct sql_query *q, const struct sql_insert *insert,
	size_t at)
{
	for (size_t i = insert->open + 1; i < insert->close; i += 2) {
		if (at-- == 0) return sql_column_find(insert->table, q->tokens.items[i].text);
	}
	return NULL;
}

/* The value whose list holds token `at`: its position, and whether it is that token alone. */
static bool inserted_as(struct sql_program *p, struct sql_query *q, size_t at, struct sql_value *ret)
{
	struct sql_insert insert;
	const struct sql_token *t = q->tokens.items;
	if (!sql_insert_find(p, q, &insert) || at < insert.close) return false;
	size_t from = insert.close + 1;
	while (from < at && !sql_is(t[from], "VALUES") && !sql_is(t[from], "SELECT"))
		from++;
	bool values = sql_is(t[from++], "VALUES");
	while (from < at) {
		struct sql_items items = sql_items_split(p->arena, q, values ? from + 1 : from);
		for (size_t i = 0; i < items.count; i++) {
			struct sql_item item = items.items[i];
			if (at < item.from || at >= item.to) continue;
			const struct sql_column *c = insert_column(q, &insert, i);
			if (c) give(ret, c->type, !c->not_null && item.to == item.from + 1);
			return c != NULL;
		}
		if (!values || !sql_is(t[from], "(")) return false;
		from = sql_closing(t, from, q->tokens.count) + 2; /* past "), " to the next tuple */
		if (!sql_is(t[from - 1], ",")) return false;
	}
	return false;
}

/* "SET column = …:x…": the assignment that token `at` is in. */
static bool assigned_to(const struct sql_query *q, size_t at, struct sql_value *ret)
{
	static const char *const ends[] = { ",", "WHERE", "FROM", "RETURNING", NULL };
	static const char *const others[] = { "WHERE", "SELECT", "FROM", "VALUES", "RETURNING", NULL };
	const struct sql_token *t = q->tokens.items;
	size_t start = 0;
	int depth = 0;
	for (size_t i = at; i-- > 0;) {
		if (sql_is(t[i], ")"))
			depth++;
		else if (sql_is(t[i], "("))
			depth--;
		if (depth > 0) continue;
		if (sql_is_any(t[i], others)) return false;
		if (depth < 0) {
			depth = 0; /* out of the brackets around it */
			start = 0;
		} else if (!start && sql_is(t[i], ",")) {
			start = i + 1;
		}
		if (!sql_is(t[i], "SET")) continue;
		if (!start) start = i + 1;
		break;
	}
	if (!start || t[start].kind != SQL_WORD || !sql_is(t[start + 1], "=") || start + 1 >= at) return false;
	for (const struct sql_alias *a = q->aliases; a; a = a->next) {
		const struct sql_column *c = a->target ? sql_column_find(a->table, t[start].text) : NULL;
		if (!c) continue;
		bool whole = at == start + 2 && (t[at + 1].kind == SQL_END || sql_is_any(t[at + 1], ends));
		give(ret, c->type, whole && !c->not_null);
		return true;
	}
	return false;
}

/* --- neighbours ----------------------------------------------------------------------------------------- */

/* Start of the operand that ends before `end`: a.b, a literal, f(…) or (…). */
static size_t operand_start(const struct sql_query *q, size_t end)
{
	const struct sql_token *t = q->tokens.items;
	size_t i = end - 1;
	if (sql_is(t[i], ")")) {
		int depth = 1;
		while (i > 0 && depth > 0) {
			i--;
			depth += sql_is(t[i], ")") - sql_is(t[i], "(");
		}
		return i > 0 && t[i - 1].kind == SQL_WORD && !sql_is_reserved(t[i - 1].text) ? i - 1 : i;
	}
	return i >= 2 && sql_is(t[i - 1], ".") ? i - 2 : i;
}

static size_t operand_end(const struct sql_query *q, size_t from)
{
	const struct sql_token *t = q->tokens.items;
	if (sql_is(t[from], "(")) return sql_closing(t, from, q->tokens.count) + 1;
	if (from + 1 < q->tokens.count && sql_is(t[from + 1], "("))
		return sql_closing(t, from + 1, q->tokens.count) + 1;
	if (from + 2 < q->tokens.count && sql_is(t[from + 1], ".")) return from + 3;
	return from + 1;
}

static bool left_of(struct sql_query *q, size_t sign, struct sql_value *ret)
{
	return sign > 0 && sql_expression_infer(q, operand_start(q, sign), sign, ret);
}

static bool right_of(struct sql_query *q, size_t sign, struct sql_value *ret)
{
	if (sign + 1 >= q->tokens.count) return false;
	size_t end = operand_end(q, sign + 1);
	return end <= q->tokens.count && sql_expression_infer(q, sign + 1, end, ret);
}

/* The bracket that encloses token `at`, and how many commas of its level stand between. */
static bool bracket_of(const struct sql_query *q, size_t at, size_t *ret_open, size_t *ret_position)
{
	size_t commas = 0;
	int depth = 0;
	for (size_t i = at; i-- > 0;) {
		if (sql_is(q->tokens.items[i], ")"))
			depth++;
		else if (sql_is(q->tokens.items[i], "(") && depth-- == 0) {
			*ret_open = i;
			*ret_position = commas;
			return true;
		} else if (depth == 0 && sql_is(q->tokens.items[i], ","))
			commas++;
	}
	return false;
}

/* (a, b) < (:a, :b), x IN (:a, :b), coalesce(:a, x) */
static bool in_bracket(struct sql_program *p, struct sql_query *q, size_t at, struct sql_value *ret)
{
	const struct sql_token *t = q->tokens.items;
	size_t open, position;
	if (!bracket_of(q, at, &open, &position) || open == 0) return false;
	if (sql_is(t[open - 1], "IN")) {
		bool found = left_of(q, open - (open > 1 && sql_is(t[open - 2], "NOT") ? 2 : 1), ret);
		ret->nullable = false;
		return found;
	}
	struct sql_items items;
	if (sql_is(t[open - 1], "coalesce") || sql_is(t[open - 1], "nullif")) {
		items = sql_items_split(p->arena, q, open + 1);
		for (size_t i = 0; i < items.count && !ret->typed; i++) {
			if (i != position) sql_expression_infer(q, items.items[i].from, items.items[i].to, ret);
		}
		ret->nullable = position + 1 < items.count && sql_is(t[open - 1], "coalesce");
		return ret->typed;
	}
	if (!sql_is_any(t[open - 1], comparisons) || open < 2 || !sql_is(t[open - 2], ")")) return false;
	items = sql_items_split(p->arena, q, operand_start(q, open - 1) + 1);
	if (position >= items.count) return false;
	if (!sql_expression_infer(q, items.items[position].from, items.items[position].to, ret)) return false;
	ret->nullable = false;
	return true;
}

static bool in_between(struct sql_query *q, size_t at, struct sql_value *ret)
{
	const struct sql_token *t = q->tokens.items;
	size_t between = 0;
	if (at > 1 && sql_is(t[at - 1], "BETWEEN")) between = at - 1;
	if (at > 3 && sql_is(t[at - 1], "AND")) {
		size_t before = operand_start(q, at - 1);
		if (before > 1 && sql_is(t[before - 1], "BETWEEN")) between = before - 1;
	}
	return between && left_of(q, between - (sql_is(t[between - 1], "NOT") ? 1 : 0), ret);
}

static bool in_arithmetic(struct sql_query *q, size_t at, struct sql_value *ret)
{
	static const char *const signs[] = { "+", "-", "*", "/", "%", "||", NULL };
	const struct sql_token *t = q->tokens.items;
	bool after = at > 1 && sql_is_any(t[at - 1], signs);
	if (!after && !sql_is_any(t[at + 1], signs)) return false;
	struct sql_token sign = after ? t[at - 1] : t[at + 1];
	if (sql_is(sign, "||"))
		give(ret, COL_TEXT, false);
	else if (!(after ? left_of(q, at - 1, ret) : right_of(q, at + 1, ret)))
		return false;
	else if (ret->type != COL_MONEY || sql_is(sign, "*") || sql_is(sign, "/"))
		give(ret, COL_INT, false);
	return true;
}

/* What the occurrence at token `at` says of the parameter. */
static bool use_infer(struct sql_program *p, struct sql_query *q, size_t at, struct sql_value *ret)
{
	const struct sql_token *t = q->tokens.items;
	struct sql_value target = { 0 };
	bool stored = inserted_as(p, q, at, &target) || assigned_to(q, at, &target);
	if (stored && target.nullable) {
		*ret = target;
		return true;
	}
	bool found = false;
	if (at > 0 && (sql_is(t[at - 1], "LIMIT") || sql_is(t[at - 1], "OFFSET"))) {
		give(ret, COL_INT, false);
		return true;
	}
	if (at > 1 && sql_is_any(t[at - 1], comparisons)) found = left_of(q, at - 1, ret);
	if (!found && sql_is_any(t[at + 1], comparisons)) found = right_of(q, at + 1, ret);
	if (!found && at > 3 && sql_is(t[at - 1], "FROM") && sql_is(t[at - 2], "DISTINCT")) {
		found = left_of(q, at - (sql_is(t[at - 3], "NOT") ? 4 : 3), ret);
		ret->nullable = true;
		if (found) return true;
	}
	if (found) ret->nullable = false;
	if (!found) found = in_bracket(p, q, at, ret);
	if (!found && (in_between(q, at, ret) || in_arithmetic(q, at, ret))) {
		ret->nullable = false;
		found = true;
	}
	if (!found && stored) *ret = target;
	return found || stored;
}

/* --- all together --------------------------------------------------------------------------------------- */

static bool same_type(enum column_type a, enum column_type b)
{
	bool texts = (a == COL_TEXT || a == COL_JSON) && (b == COL_TEXT || b == COL_JSON);
	return a == b || texts;
}

static void param_infer(struct sql_program *p, struct sql_query *q, struct sql_value *v)
{
	const struct sql_value *hint = sql_value_find(q->hints, v->name, true);
	if (hint) {
		give(v, hint->type, hint->nullable);
		v->hinted = true;
	}
	for (size_t i = 0; i < q->tokens.count && !v->hinted; i++) {
		struct sql_token t = q->tokens.items[i];
		if (t.kind != SQL_PARAM || !str_eq(t.text, v->name)) continue;
		struct sql_value use = { 0 };
		if (sql_is(q->tokens.items[i + 1], "IS"))
			use.nullable = true;
		else if (use_infer(p, q, i, &use)) {
			if (v->typed && !same_type(v->type, use.type)) {
				sql_problem_add(p, q->path, t.line,
					"%.*s: :%.*s is used as %s and as %s: add -- type: :%.*s TYPE", STR_FMT(q->name),
					STR_FMT(v->name), sql_type_name(v->type), sql_type_name(use.type), STR_FMT(v->name));
				return;
			}
			v->type = use.type;
			v->typed = true;
		}
		v->nullable = v->nullable || use.nullable;
	}
}

/* A column of the same name in one of the query's tables. */
static void param_by_name(struct sql_query *q, struct sql_value *v)
{
	for (const struct sql_alias *a = q->aliases; a && !v->typed; a = a->next) {
		const struct sql_column *c = sql_column_find(a->table, v->name);
		if (c) give(v, c->type, v->nullable);
	}
}

void sql_params_infer(struct sql_program *p, struct sql_query *q)
{
	for (struct sql_value *v = q->params; v; v = v->next) {
		int before = p->problem_count;
		param_infer(p, q, v);
		if (!v->typed) param_by_name(q, v);
		if (!v->typed && p->problem_count == before)
			sql_problem_add(p, q->path, q->line,
				"%.*s: the type of :%.*s cannot be read: add -- type: :%.*s INT (or another; ? when "
				"it may be NULL)",
				STR_FMT(q->name), STR_FMT(v->name), STR_FMT(v->name));
	}
}
