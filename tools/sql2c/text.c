/*
 * Writes SQL from tokens: tidy (one space where the source had white space, the source's line breaks), with
 * ?n for SQLite and, for PostgreSQL, $n and result expressions each with a cast, because its own inference
 * sees neither how a parameter is used in C nor which integer a sum should be.
 */
#include "tools/sql2c/sql2c.h"

enum { SQL_TEXT_MAX = 256 * 1024 };

static const char *const casts[] = { [COL_ID] = "bigint",
	[COL_INT] = "bigint",
	[COL_BOOL] = "boolean",
	[COL_TEXT] = "text",
	[COL_BYTES] = "bytea",
	[COL_INSTANT] = "bigint",
	[COL_DATE] = "text",
	[COL_MONEY] = "bigint",
	[COL_JSON] = "text" };

static void token_write(struct buf *out, struct sql_token t, bool postgresql)
{
	if (t.kind == SQL_PARAM) buf_add_char(out, ':');
	bool is_agg = !postgresql && sql_is(t, "string_agg"); /* SQLite knows that name since 3.44 */
	buf_add(out, is_agg ? STR("group_concat") : t.text);
}

void sql_text_tokens(struct buf *out, const struct sql_token *t, size_t from, size_t to, bool postgresql)
{
	for (size_t i = from; i < to; i++) {
		if (i > from && t[i].spaced) buf_add_char(out, ' ');
		token_write(out, t[i], postgresql);
	}
}

static void param_write(struct buf *out, const struct sql_query *q, struct str name, bool postgresql)
{
	int at = 1;
	const struct sql_value *v = q->params;
	for (; v && !str_eq(v->name, name); v = v->next)
		at++;
	must(v);
	if (postgresql)
		buf_printf(out, "$%d::%s", at, casts[v->type]);
	else
		buf_printf(out, "?%d", at);
}

/* What PostgreSQL needs around the expressions of the result. */
struct wrap {
	const char *type; /* of the item that starts here */
	bool starts;
	const char *closes;
};

static struct wrap *wraps_find(struct sql_program *p, const struct sql_query *q)
{
	struct wrap *wraps = ARENA_ARRAY(p->arena, struct wrap, q->tokens.count + 1);
	struct sql_items items;
	for (int arm = 0; sql_items_find(p->arena, q, arm, &items); arm++) {
		const struct sql_value *c = q->columns;
		for (size_t i = 0; i < items.count && c; i++, c = c->next) {
			if (items.items[i].from >= items.items[i].to) continue;
			if (sql_is_column_ref(q, items.items[i].from, items.items[i].to)) continue;
			wraps[items.items[i].from].starts = true;
			wraps[items.items[i].to - 1].closes = casts[c->type];
		}
	}
	return wraps;
}

struct str sql_text(struct sql_program *p, const struct sql_query *q, bool postgresql, size_t **ret_offsets)
{
	struct buf out = buf_new(p->arena, SQL_TEXT_MAX);
	struct wrap *wraps = postgresql ? wraps_find(p, q) : NULL;
	size_t *offsets = ARENA_ARRAY(p->arena, size_t, q->tokens.count + 1);
	const struct sql_token *t = q->tokens.items;
	for (size_t i = 0; i < q->tokens.count; i++) {
		if (i > 0 && t[i].line > t[i - 1].line)
			buf_add_char(&out, '\n');
		else if (i > 0 && t[i].spaced)
			buf_add_char(&out, ' ');
		offsets[i] = buf_str(&out).n;
		if (wraps && wraps[i].starts) buf_add_char(&out, '(');
		if (t[i].kind == SQL_PARAM)
			param_write(&out, q, t[i].text, postgresql);
		else
			token_write(&out, t[i], postgresql);
		if (wraps && wraps[i].closes) buf_printf(&out, ")::%s", wraps[i].closes);
	}
	offsets[q->tokens.count] = buf_str(&out).n;
	if (buf_overflowed(&out))
		sql_problem_add(p, q->path, q->line, "the query is longer than %d bytes", SQL_TEXT_MAX);
	if (ret_offsets) *ret_offsets = offsets;
	return buf_str(&out);
}

/* --- result items --------------------------------------------------------------------------------------- */

/* Index of the first token of the arm's list, or tokens.count. */
static size_t list_start(const struct sql_query *q, int arm)
{
	const struct sql_token *t = q->tokens.items;
	int depth = 0;
	bool reads = true;
	size_t returning = q->tokens.count;
	static const char *const writers[] = { "INSERT", "UPDATE", "DELETE", NULL };
	for (size_t i = 0; i < q->tokens.count; i++) {
		if (sql_is(t[i], "("))
			depth++;
		else if (sql_is(t[i], ")"))
			depth--;
		if (depth != 0) continue;
		if (sql_is_any(t[i], writers)) reads = false;
		if (sql_is(t[i], "RETURNING")) returning = i + 1;
	}
	if (!reads) return arm == 0 ? returning : q->tokens.count;
	depth = 0;
	for (size_t i = 0; i < q->tokens.count; i++) {
		if (sql_is(t[i], "("))
			depth++;
		else if (sql_is(t[i], ")"))
			depth--;
		if (depth == 0 && sql_is(t[i], "SELECT") && arm-- == 0) return i + 1;
	}
	return q->tokens.count;
}

static void item_add(struct sql_items *to, const struct sql_query *q, size_t from, size_t end)
{
	const struct sql_token *t = q->tokens.items;
	if (end >= from + 3 && sql_is(t[end - 2], "AS")) end -= 2;
	to->items[to->count++] = (struct sql_item){ from, end };
}

struct sql_items sql_items_split(struct arena *a, const struct sql_query *q, size_t from)
{
	static const char *const enders[] = { "FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "UNION", "EXCEPT",
		"INTERSECT", "HAVING", "WINDOW", "OFFSET", "ON", "RETURNING", NULL };
	const struct sql_token *t = q->tokens.items;
	if (sql_is(t[from], "DISTINCT") || sql_is(t[from], "ALL")) from++;
	struct sql_items items = { .items = ARENA_ARRAY(a, struct sql_item, q->tokens.count + 1) };
	size_t i = from;
	int depth = 0;
	for (; i < q->tokens.count; i++) {
		if (sql_is(t[i], "("))
			depth++;
		else if (sql_is(t[i], ")") && depth-- == 0)
			break;
		else if (depth == 0 && sql_is_any(t[i], enders))
			break;
		else if (depth == 0 && sql_is(t[i], ",")) {
			item_add(&items, q, from, i);
			from = i + 1;
		}
	}
	item_add(&items, q, from, i);
	return items;
}

bool sql_items_find(struct arena *a, const struct sql_query *q, int arm, struct sql_items *ret)
{
	size_t from = list_start(q, arm);
	if (from >= q->tokens.count) return false;
	*ret = sql_items_split(a, q, from);
	return true;
}
