/*
 * Reads queries.sql: blocks of a "-- name:" line, directives and prose, and one statement that ends with ';'.
 * Also finds what each alias stands for and writes @scope(alias) out. Types and tables are checked later.
 */
#include "tools/sql2c/sql2c.h"

struct block {
	struct sql_program *p;
	struct str path, unit;
	struct sql_query *q; /* NULL before the first name and after a broken one */
	struct str sql;      /* the lines from the first that is no comment */
	int sql_line;
};

static void problem(struct block *b, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void problem(struct block *b, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str text = arena_vprintf(b->p->arena, format, args);
	va_end(args);
	sql_problem_add(b->p, b->path, line, "%.*s", STR_FMT(text));
}

static struct str cut_word(struct str *rest)
{
	*rest = str_trim(*rest);
	size_t n = 0;
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
		n++;
	struct str word = str_slice(*rest, 0, n);
	*rest = str_trim(str_slice(*rest, n, rest->n));
	return word;
}

/* ":one", ":many 50", … after the name. */
static bool kind_parse(struct block *b, struct sql_query *q, struct str rest)
{
	static const char *const kinds[] = { [SQL_ONE] = ":one",
		[SQL_MANY] = ":many",
		[SQL_EACH] = ":each",
		[SQL_EXEC] = ":exec",
		[SQL_ID] = ":id" };
	struct str word = cut_word(&rest);
	size_t k = 0;
	while (k <= SQL_ID && !str_eq(word, str_of(kinds[k])))
		k++;
	if (k > SQL_ID) {
		problem(b, q->line, "\"%.*s\" is no kind of query: :one, :many N, :each, :exec, :id", STR_FMT(word));
		return false;
	}
	q->kind = (enum sql_query_kind)k;
	if (q->kind == SQL_MANY && !str_to_int64(rest, 1, 100000, &q->limit)) {
		problem(b, q->line, ":many takes its limit, a literal number up to 100000");
		return false;
	}
	if (q->kind != SQL_MANY && rest.n) problem(b, q->line, "\"%.*s\" after the kind", STR_FMT(rest));
	return true;
}

static void query_begin(struct block *b, struct str rest, int line)
{
	struct sql_query *q = ARENA_NEW(b->p->arena, struct sql_query);
	*q = (struct sql_query){ .unit = b->unit, .path = b->path, .line = line, .about = STR("") };
	q->name = cut_word(&rest);
	if (!sql_is_name(q->name) || sql_is_reserved(q->name))
		problem(b, line, "\"%.*s\" cannot be the name of a query: lower case letters, digits and _",
			STR_FMT(q->name));
	else if (kind_parse(b, q, rest))
		b->q = q;
}

/* ":limit INT, total INT?" */
static void types_parse(struct block *b, struct str rest, int line)
{
	while (!str_is_none(rest)) {
		struct str part = str_trim(str_cut(&rest, ','));
		struct sql_value *v = ARENA_NEW(b->p->arena, struct sql_value);
		struct str name = cut_word(&part);
		v->is_param = str_starts_with(name, STR(":"));
		v->name = str_slice(name, v->is_param ? 1 : 0, name.n);
		v->nullable = str_ends_with(part, STR("?"));
		v->typed = v->hinted = true;
		if (!sql_is_name(v->name) || !sql_type_parse(str_slice(part, 0, part.n - v->nullable), &v->type)) {
			problem(b, line, "\"%.*s\" is no hint: -- type: :param TYPE, column TYPE?", STR_FMT(name));
			continue;
		}
		v->next = b->q->hints;
		b->q->hints = v;
	}
}

static void directive_parse(struct block *b, struct str text, int line)
{
	struct sql_query *q = b->q;
	if (str_eq(text, STR("hot"))) {
		q->hot = true;
	} else if (str_starts_with(text, STR("system:"))) {
		q->system = str_trim(str_slice(text, 7, text.n));
		if (q->system.n < 8) problem(b, line, "system: takes a reason, in words");
	} else if (str_starts_with(text, STR("type:"))) {
		types_parse(b, str_slice(text, 5, text.n), line);
	} else if (str_starts_with(text, STR("row:"))) {
		q->row_name = str_trim(str_slice(text, 4, text.n));
		if (!sql_is_name(q->row_name)) problem(b, line, "\"%.*s\" cannot name a row", STR_FMT(q->row_name));
	} else if (str_starts_with(text, STR("needs:"))) {
		sql_needs_parse(b->p, b->path, line, str_slice(text, 6, text.n));
	} else if (text.n) {
		q->about = q->about.n ? arena_printf(b->p->arena, "%.*s\n%.*s", STR_FMT(q->about), STR_FMT(text))
							  : text;
	}
}

static void query_end(struct block *b)
{
	struct sql_query *q = b->q;
	b->q = NULL;
	if (!q) return;
	struct sql_tokens t = sql_lex(b->p->arena, b->sql, b->sql_line, false);
	size_t end = 0;
	while (end < t.count && !sql_is(t.items[end], ";"))
		end++;
	if (t.count == 0 || end == t.count) {
		problem(b, q->line, "the query %.*s does not end with ;", STR_FMT(q->name));
		return;
	}
	if (end + 1 < t.count) {
		problem(b, t.items[end + 1].line, "\"%.*s\" stands between two queries: one statement a name",
			STR_FMT(t.items[end + 1].text));
		return;
	}
	t.items[end].kind = SQL_END;
	t.items[end].text = STR("");
	t.count = end;
	q->tokens = t;
	struct sql_query **at = &sql_unit_get(b->p, b->unit)->queries;
	while (*at)
		at = &(*at)->next;
	*at = q;
}

static void line_parse(struct block *b, struct str line, int number)
{
	struct str text = str_trim(line);
	bool comment = str_starts_with(text, STR("--"));
	struct str words = comment ? str_trim(str_slice(text, 2, text.n)) : STR("");
	if (comment && str_starts_with(words, STR("name:"))) {
		query_end(b);
		b->sql = STR_NONE;
		query_begin(b, str_slice(words, 5, words.n), number);
	} else if (b->q && (!str_is_none(b->sql) || (!comment && text.n))) {
		if (str_is_none(b->sql)) b->sql_line = number;
		const char *from = str_is_none(b->sql) ? line.p : b->sql.p;
		b->sql = (struct str){ from, (size_t)(line.p + line.n - from) };
	} else if (b->q && comment) {
		directive_parse(b, words, number);
	} else if (comment && str_starts_with(words, STR("needs:"))) {
		sql_needs_parse(b->p, b->path, number, str_slice(words, 6, words.n));
	} else if (!b->q && !comment && text.n && str_is_none(b->sql)) {
		problem(b, number, "\"%.*s\" stands before the first -- name: line", STR_FMT(text));
		b->sql = text; /* once a file is enough */
	}
}

void sql_queries_parse(struct sql_program *p, struct str path, struct str unit, struct str text)
{
	struct block b = { .p = p, .path = path, .unit = unit };
	struct str rest = text;
	for (int line = 1; !str_is_none(rest); line++)
		line_parse(&b, str_cut(&rest, '\n'), line);
	query_end(&b);
}

/* --- aliases -------------------------------------------------------------------------------------------- */

static void alias_add(struct sql_program *p, struct sql_query *q, size_t at, struct sql_table *t)
{
	const struct sql_token *token = q->tokens.items;
	size_t name = at;
	if (sql_is(token[at + 1], "AS") && token[at + 2].kind == SQL_WORD)
		name = at + 2;
	else if (token[at + 1].kind == SQL_WORD && !sql_is_reserved(token[at + 1].text) &&
		sql_is_name(token[at + 1].text))
		name = at + 1;
	static const char *const not_alias[] = { "cross", "inner", NULL };
	if (name == at + 1 && sql_is_any(token[name], not_alias)) name = at;
	bool join = at > 0 && sql_is(token[at - 1], "JOIN");
	size_t left = at > 1 && sql_is(token[at - 2], "OUTER") ? 3 : 2;
	struct sql_alias *alias = ARENA_NEW(p->arena, struct sql_alias);
	*alias = (struct sql_alias){ .name = token[name].text,
		.table = t,
		.line = token[at].line,
		.outer = join && at >= left && sql_is(token[at - left], "LEFT") };
	alias->target = at > 0 &&
		(sql_is(token[at - 1], "INTO") ||
			(sql_is(token[at - 1], "UPDATE") && !(at > 1 && sql_is(token[at - 2], "DO"))) ||
			(at > 1 && sql_is(token[at - 2], "DELETE")));
	struct sql_alias **end = &q->aliases;
	for (; *end; end = &(*end)->next) {
		if (str_eq((*end)->name, alias->name) && (*end)->table != t)
			sql_problem_add(p, q->path, alias->line, "%.*s names two tables in this query",
				STR_FMT(alias->name));
	}
	*end = alias;
}

/* A table's name stands after FROM, JOIN, UPDATE, INTO, or after a comma of a FROM list. */
void sql_aliases_find(struct sql_program *p, struct sql_query *q)
{
	static const char *const heads[] = { "FROM", "JOIN", "UPDATE", "INTO", NULL };
	static const char *const enders[] = { "WHERE", "SELECT", "GROUP", "ORDER", "SET", "VALUES", "RETURNING",
		"LIMIT", "UNION", "ON", NULL };
	bool in_from[64] = { false };
	size_t depth = 0;
	const struct sql_token *t = q->tokens.items;
	for (size_t i = 0; i < q->tokens.count; i++) {
		if (sql_is(t[i], "(") && depth < 63)
			in_from[++depth] = false;
		else if (sql_is(t[i], ")") && depth > 0)
			depth--;
		else if (sql_is(t[i], "FROM"))
			in_from[depth] = true;
		else if (sql_is_any(t[i], enders))
			in_from[depth] = false;
		if (t[i].kind != SQL_WORD || i == 0) continue;
		bool place = sql_is_any(t[i - 1], heads) || (sql_is(t[i - 1], ",") && in_from[depth]);
		struct sql_table *table = place ? sql_table_find(p, t[i].text) : NULL;
		if (table) alias_add(p, q, i, table);
	}
}

/* --- scope ---------------------------------------------------------------------------------------------- */

static struct sql_alias *alias_find(struct sql_query *q, struct str name)
{
	for (struct sql_alias *a = q->aliases; a; a = a->next) {
		if (str_eq(a->name, name)) return a;
	}
	return NULL;
}

/* The predicate of one alias. Its own aliases are long, so that no query's alias hides a table of it. */
static struct sql_tokens scope_tokens(struct sql_program *p, const struct sql_alias *alias, int line)
{
	struct str name = alias->name;
	const char *key = str_eq(alias->table->name, STR("cases")) ? "id" : "case_id";
	struct str text = arena_printf(p->arena,
		"(EXISTS (SELECT 1 FROM scope_grant scope_g WHERE scope_g.staff_id = :scope_staff"
		" AND scope_g.compartment = %.*s.compartment"
		" AND (scope_g.department_id = %.*s.department_id OR scope_g.department_id = 0))"
		" AND NOT EXISTS (SELECT 1 FROM scope_exclusion scope_x WHERE scope_x.staff_id = :scope_staff"
		" AND scope_x.case_id = %.*s.%s))",
		STR_FMT(name), STR_FMT(name), STR_FMT(name), key);
	struct sql_tokens t = sql_lex(p->arena, text, line, false);
	if (t.count) t.items[0].spaced = true;
	return t;
}

/* True when token i begins "@scope(alias)". */
static bool is_scope(const struct sql_query *q, size_t i)
{
	const struct sql_token *t = q->tokens.items;
	return i + 4 < q->tokens.count + 1 && sql_is(t[i], "@") && sql_is(t[i + 1], "scope") &&
		sql_is(t[i + 2], "(") && t[i + 3].kind == SQL_WORD && sql_is(t[i + 4], ")");
}

void sql_scope_expand(struct sql_program *p, struct sql_query *q)
{
	size_t uses = 0;
	for (size_t i = 0; i < q->tokens.count; i++)
		uses += is_scope(q, i);
	if (uses == 0) return;
	enum { PREDICATE_TOKENS = 80 };
	struct sql_token *out = ARENA_ARRAY(p->arena, struct sql_token,
		q->tokens.count + uses * PREDICATE_TOKENS + 1);
	size_t n = 0;
	for (size_t i = 0; i <= q->tokens.count; i++) {
		if (!is_scope(q, i)) {
			out[n++] = q->tokens.items[i];
			continue;
		}
		struct sql_token name = q->tokens.items[i + 3];
		struct sql_alias *alias = alias_find(q, name.text);
		i += 4;
		if (!alias || !alias->table->scoped) {
			sql_problem_add(p, q->path, name.line,
				alias ? "table %.*s is not declared -- scoped" : "@scope(%.*s): no table has this alias",
				STR_FMT(alias ? alias->table->name : name.text));
			continue;
		}
		alias->scoped = q->uses_scope = true;
		struct sql_tokens predicate = scope_tokens(p, alias, name.line);
		must(predicate.count <= PREDICATE_TOKENS);
		memcpy(out + n, predicate.items, predicate.count * sizeof *out);
		n += predicate.count;
	}
	q->tokens = (struct sql_tokens){ out, n - 1 };
}
