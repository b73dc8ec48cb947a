/*
 * Types of SQL expressions, as far as they can be read off the tokens: column references, literals, the
 * shared functions, CASE, comparisons, arithmetic among equals. What stays unclear gets a hint from the
 * author; a guess here would become a wrong C type.
 */
#include "tools/sql2c/sql2c.h"

struct sql_value *sql_value_find(struct sql_value *list, struct str name, bool is_param)
{
	for (; list; list = list->next) {
		if (str_eq(list->name, name) && list->is_param == is_param) return list;
	}
	return NULL;
}

static enum column_type plain_type(enum column_type t) { return t == COL_ID ? COL_INT : t; }

/* The unqualified name in all tables of the query; NULL when the types differ. */
static const struct sql_column *resolve_bare(const struct sql_query *q, struct str name,
	const struct sql_alias **ret_alias)
{
	const struct sql_column *found = NULL;
	for (const struct sql_alias *a = q->aliases; a; a = a->next) {
		const struct sql_column *c = sql_column_find(a->table, name);
		if (!c) continue;
		if (found && plain_type(found->type) != plain_type(c->type)) return NULL;
		if (!found || !c->not_null) {
			found = c;
			*ret_alias = a;
		}
	}
	return found;
}

const struct sql_column *sql_resolve(const struct sql_query *q, size_t at, size_t end,
	const struct sql_alias **ret_alias)
{
	const struct sql_token *t = q->tokens.items;
	const struct sql_alias *alias = NULL;
	const struct sql_column *found = NULL;
	if (at >= end || t[at].kind != SQL_WORD) return NULL;
	if (at + 2 < end && sql_is(t[at + 1], ".")) {
		bool excluded = sql_is(t[at], "excluded");
		for (alias = q->aliases; alias; alias = alias->next) {
			if (excluded ? alias->target : str_eq(alias->name, t[at].text)) break;
		}
		if (alias) found = sql_column_find(alias->table, t[at + 2].text);
	} else {
		found = resolve_bare(q, t[at].text, &alias);
	}
	if (found && ret_alias) *ret_alias = alias;
	return found;
}

bool sql_is_column_ref(const struct sql_query *q, size_t from, size_t to)
{
	const struct sql_token *t = q->tokens.items;
	static const char *const literals[] = { "NULL", "TRUE", "FALSE", NULL };
	if (to == from + 1) return t[from].kind == SQL_WORD && !sql_is_any(t[from], literals);
	return to == from + 3 && t[from].kind == SQL_WORD && sql_is(t[from + 1], ".") &&
		t[from + 2].kind == SQL_WORD;
}

static bool give(struct sql_value *ret, enum column_type type, bool nullable)
{
	ret->type = plain_type(type);
	ret->nullable = nullable;
	ret->typed = true;
	return true;
}

static bool infer_atom(struct sql_query *q, size_t from, size_t to, struct sql_value *ret)
{
	struct sql_token t = q->tokens.items[from];
	if (sql_is_column_ref(q, from, to)) {
		const struct sql_alias *alias = NULL;
		const struct sql_column *c = sql_resolve(q, from, to, &alias);
		return c && give(ret, c->type, !c->not_null || alias->outer);
	}
	if (sql_is(t, "-") && to == from + 2)
		t = q->tokens.items[from + 1];
	else if (to != from + 1)
		return false;
	if (t.kind == SQL_NUMBER) return str_find_char(t.text, '.') < 0 && give(ret, COL_INT, false);
	if (t.kind == SQL_STRING) return give(ret, COL_TEXT, false);
	if (sql_is(t, "TRUE") || sql_is(t, "FALSE")) return give(ret, COL_BOOL, false);
	if (t.kind != SQL_PARAM) return false;
	const struct sql_value *param = sql_value_find(q->params, t.text, true);
	return param && param->typed && give(ret, param->type, param->nullable);
}

/* --- lists of operands ---------------------------------------------------------------------------------- */

/* End of the operand that starts at `from`: the next of `separators` at this depth, or `to`. */
static size_t operand_end(const struct sql_query *q, size_t from, size_t to, const char *const *separators)
{
	int depth = 0, cases = 0;
	for (size_t i = from; i < to; i++) {
		struct sql_token t = q->tokens.items[i];
		if (sql_is(t, "("))
			depth++;
		else if (sql_is(t, ")"))
			depth--;
		else if (sql_is(t, "CASE"))
			cases++;
		else if (sql_is(t, "END"))
			cases--;
		else if (depth == 0 && cases == 0 && i > from && sql_is_any(t, separators))
			return i;
	}
	return to;
}

static bool has_any(const struct sql_query *q, size_t from, size_t to, const char *const *words)
{
	return operand_end(q, from, to, words) < to;
}

static bool any_nullable(struct sql_query *q, size_t from, size_t to, const char *const *separators)
{
	for (size_t i = from; i < to;) {
		size_t end = operand_end(q, i, to, separators);
		struct sql_value v = { 0 };
		if (!sql_expression_infer(q, i, end, &v) || v.nullable) return true;
		i = end + 1;
	}
	return false;
}

static bool infer_arithmetic(struct sql_query *q, size_t from, size_t to, struct sql_value *ret)
{
	static const char *const signs[] = { "+", "-", "*", "/", "%", NULL };
	static const char *const products[] = { "*", "/", "%", NULL };
	bool money = false, other = false, nullable = false, product = has_any(q, from, to, products);
	for (size_t i = from; i < to;) {
		size_t end = operand_end(q, i, to, signs);
		struct sql_value v = { 0 };
		if (!sql_expression_infer(q, i, end, &v)) return false;
		if (v.type == COL_MONEY)
			money = true;
		else if (v.type == COL_INT)
			other = true;
		else
			return false;
		nullable = nullable || v.nullable;
		i = end + 1;
	}
	if (money && other && !product) return false;
	return give(ret, money ? COL_MONEY : COL_INT, nullable);
}

static bool infer_operators(struct sql_query *q, size_t from, size_t to, struct sql_value *ret)
{
	static const char *const junctions[] = { "AND", "OR", NULL };
	static const char *const tests[] = { "IS", NULL };
	static const char *const comparisons[] = { "=", "<>", "!=", "<", ">", "<=", ">=", NULL };
	static const char *const sets[] = { "IN", "BETWEEN", NULL };
	static const char *const joins[] = { "||", NULL };
	static const char *const signs[] = { "+", "-", "*", "/", "%", NULL };
	if (has_any(q, from, to, junctions)) return give(ret, COL_BOOL, any_nullable(q, from, to, junctions));
	if (sql_is(q->tokens.items[from], "NOT")) {
		struct sql_value v = { 0 };
		return sql_expression_infer(q, from + 1, to, &v) && give(ret, COL_BOOL, v.nullable);
	}
	if (has_any(q, from, to, tests)) return give(ret, COL_BOOL, false);
	if (has_any(q, from, to, comparisons)) return give(ret, COL_BOOL, any_nullable(q, from, to, comparisons));
	if (has_any(q, from, to, sets)) return give(ret, COL_BOOL, true);
	if (has_any(q, from, to, joins)) return give(ret, COL_TEXT, any_nullable(q, from, to, joins));
	if (operand_end(q, from, to, signs) < to) return infer_arithmetic(q, from, to, ret);
	return false;
}

/* --- functions, CASE, subqueries ------------------------------------------------------------------------ */

static bool infer_coalesce(struct sql_query *q, size_t from, size_t to, struct sql_value *ret)
{
	static const char *const comma[] = { ",", NULL };
	bool typed = false, nullable = true;
	for (size_t i = from; i < to;) {
		size_t end = operand_end(q, i, to, comma);
		struct sql_value v = { 0 };
		if (sql_expression_infer(q, i, end, &v)) {
			if (!typed) give(ret, v.type, true);
			typed = true;
			nullable = nullable && v.nullable;
		}
		i = end + 1;
	}
	return typed && give(ret, ret->type, nullable);
}

/* CAST(x AS INTEGER | BIGINT | TEXT) */
static bool infer_cast(struct sql_query *q, size_t from, size_t to, struct sql_value *ret)
{
	static const char *const integers[] = { "INTEGER", "BIGINT", NULL };
	if (to < from + 3 || !sql_is(q->tokens.items[to - 2], "AS")) return false;
	struct sql_value v = { .nullable = true };
	sql_expression_infer(q, from, to - 2, &v);
	if (sql_is_any(q->tokens.items[to - 1], integers)) return give(ret, COL_INT, v.nullable);
	return sql_is(q->tokens.items[to - 1], "TEXT") && give(ret, COL_TEXT, v.nullable);
}

/* word(…) with arguments [from, to). */
static bool infer_call(struct sql_query *q, struct sql_token word, size_t from, size_t to,
	struct sql_value *ret)
{
	static const char *const counts[] = { "count", "row_number", "rank", "dense_rank", NULL };
	static const char *const picks[] = { "min", "max", "sum", "lag", "lead", "first_value", "last_value",
		"nullif", NULL };
	static const char *const texts[] = { "substr", "replace", "trim", "ltrim", "rtrim", NULL };
	static const char *const comma[] = { ",", NULL };
	if (sql_is(word, "EXISTS")) return give(ret, COL_BOOL, false);
	if (sql_is_any(word, counts)) return give(ret, COL_INT, false);
	if (sql_is(word, "coalesce")) return infer_coalesce(q, from, to, ret);
	if (sql_is(word, "CAST")) return infer_cast(q, from, to, ret);
	struct sql_value v = { .nullable = true };
	if (!sql_expression_infer(q, from, operand_end(q, from, to, comma), &v)) return false;
	if (sql_is(word, "length")) return give(ret, COL_INT, v.nullable);
	if (sql_is(word, "abs")) return give(ret, v.type, v.nullable);
	if (sql_is_any(word, texts)) return give(ret, COL_TEXT, v.nullable);
	return sql_is_any(word, picks) && give(ret, v.type, true);
}

/* All branches agree; without ELSE the value may be NULL. [from, to) is what CASE … END encloses. */
static bool infer_case(struct sql_query *q, size_t from, size_t to, struct sql_value *ret)
{
	static const char *const marks[] = { "WHEN", "THEN", "ELSE", NULL };
	bool typed = false, nullable = false, has_else = false;
	size_t i = sql_is_any(q->tokens.items[from], marks) ? from : operand_end(q, from, to, marks);
	while (i < to) {
		size_t end = operand_end(q, i + 1, to, marks);
		has_else = has_else || sql_is(q->tokens.items[i], "ELSE");
		if (!sql_is(q->tokens.items[i], "WHEN")) {
			struct sql_value v = { 0 };
			if (i + 2 == end && sql_is(q->tokens.items[i + 1], "NULL"))
				nullable = true;
			else if (!sql_expression_infer(q, i + 1, end, &v) || (typed && v.type != ret->type))
				return false;
			else
				typed = give(ret, v.type, true);
			nullable = nullable || v.nullable;
		}
		i = end;
	}
	return typed && give(ret, ret->type, nullable || !has_else);
}

static bool infer_subquery(struct sql_query *q, size_t from, size_t to, struct sql_value *ret)
{
	static const char *const ends[] = { "FROM", ",", NULL };
	bool count = sql_is(q->tokens.items[from + 1], "count");
	struct sql_value v = { 0 };
	if (!sql_expression_infer(q, from + 1, operand_end(q, from + 1, to, ends), &v)) return false;
	return give(ret, v.type, !count);
}

bool sql_expression_infer(struct sql_query *q, size_t from, size_t to, struct sql_value *ret)
{
	const struct sql_token *t = q->tokens.items;
	while (to > from + 1 && sql_is(t[from], "(") && sql_closing(t, from, to) == to - 1) {
		from++;
		to--;
	}
	if (from >= to) return false;
	if (infer_atom(q, from, to, ret)) return true;
	if (sql_is(t[from], "SELECT") && from + 1 < to) return infer_subquery(q, from, to, ret);
	if (sql_is(t[from], "CASE") && from + 2 < to) {
		int open = 0;
		size_t i = from;
		do
			open += sql_is(t[i], "CASE") - sql_is(t[i], "END");
		while (++i < to && open > 0);
		if (i == to) return infer_case(q, from + 1, to - 1, ret);
	}
	if (t[from].kind == SQL_WORD && from + 1 < to && sql_is(t[from + 1], "(")) {
		size_t close = sql_closing(t, from + 1, to);
		static const char *const windows[] = { "OVER", "FILTER", NULL };
		if (close < to && (close == to - 1 || sql_is_any(t[close + 1], windows)) && !sql_is(t[from], "NOT"))
			return infer_call(q, t[from], from + 2, close, ret);
	}
	return infer_operators(q, from, to, ret);
}
