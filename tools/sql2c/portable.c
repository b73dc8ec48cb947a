/*
 * The common language of SQLite and PostgreSQL. What only one of them understands, or what both understand
 * differently, is refused here with what to write instead; README.md has the list for people.
 */
#include "tools/sql2c/sql2c.h"

struct refusal {
	const char *word, *instead;
};

static const struct refusal words[] = {
	{ "REPLACE", "write INSERT … ON CONFLICT (…) DO UPDATE" },
	{ "IGNORE", "write ON CONFLICT DO NOTHING" },
	{ "LIKE", "compare a range: token >= :from AND token < :to" },
	{ "ILIKE", "compare a range over a folded column" },
	{ "GLOB", "compare a range: token >= :from AND token < :to" },
	{ "REGEXP", "match in C" },
	{ "MATCH", "search by tokens of our own" },
	{ "ISNULL", "write IS NULL" },
	{ "NOTNULL", "write IS NOT NULL" },
	{ "COLLATE", "sort by a key column (utf8_sort_key)" },
	{ "ROWID", "use the ID column" },
	{ "_ROWID_", "use the ID column" },
	{ "OID", "use the ID column" },
	{ "CURRENT_TIMESTAMP", "pass the request's instant" },
	{ "CURRENT_DATE", "pass the request's date" },
	{ "CURRENT_TIME", "pass the request's instant" },
	{ "INDEXED", "the planner chooses" },
	{ "PRAGMA", "src/data sets those" },
	{ "ATTACH", "one database a municipality" },
	{ "VACUUM", "maintenance is src/data's" },
	{ "BEGIN", "the writer holds the transactions" },
	{ "COMMIT", "the writer holds the transactions" },
	{ "ROLLBACK", "return an error from the commit" },
	{ "SAVEPOINT", "the writer holds the transactions" },
	{ "ILIKE", "compare folded text" },
	{ "LATERAL", "SQLite has no LATERAL" },
	{ "NATURAL", "name the columns: JOIN … ON" },
	{ "RIGHT", "turn the join round: LEFT JOIN" },
	{ "FULL", "SQLite and PostgreSQL differ: two queries" },
	{ "CASCADE", "delete what refers to it by a query of its own" },
};

/* Functions that mean the same on both. The rest is computed in C. */
static const char *const functions[] = { "count", "sum", "min", "max", "coalesce", "nullif", "abs", "length",
	"substr", "replace", "trim", "ltrim", "rtrim", "row_number", "rank", "dense_rank", "lag", "lead",
	"first_value", "last_value", "string_agg", NULL };

/* Words that may stand before a bracket without calling anything. */
static const char *const before_bracket[] = { "IN", "VALUES", "AND", "OR", "NOT", "EXISTS", "AS", "ON",
	"CASE", "WHEN", "THEN", "ELSE", "OVER", "FILTER", "CONFLICT", "USING", "SELECT", "FROM", "JOIN", "WHERE",
	"HAVING", "BY", "SET", "UNION", "ALL", "EXCEPT", "INTERSECT", "RETURNING", "LIMIT", "OFFSET", "BETWEEN",
	"IS", "DISTINCT", "CHECK", "UNIQUE", "KEY", "REFERENCES", "CAST", "MATERIALIZED", "PARTITION", "DEFAULT",
	NULL };

/* Neither engine's keywords that matter nor C's can name anything. */
static const char *const reserved[] = { "all", "analyse", "analyze", "and", "any", "array", "as", "asc",
	"asymmetric", "both", "case", "cast", "check", "collate", "column", "constraint", "create",
	"current_date", "current_time", "current_timestamp", "current_user", "default", "deferrable", "desc",
	"distinct", "do", "else", "end", "except", "exists", "false", "fetch", "for", "foreign", "from", "grant",
	"group", "having", "in", "index", "initially", "insert", "intersect", "into", "is", "isnull", "join",
	"lateral", "leading", "left", "like", "limit", "localtimestamp", "not", "notnull", "null", "offset", "on",
	"only", "or", "order", "placing", "primary", "references", "returning", "right", "select", "session_user",
	"set", "some", "symmetric", "table", "then", "to", "trailing", "true", "union", "unique", "update",
	"user", "using", "values", "variadic", "when", "where", "window", "with", "excluded", "rowid", "oid",
	"ctid", "xmin", "xmax", "auto", "break", "char", "const", "continue", "double", "enum", "extern", "float",
	"goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof",
	"static", "struct", "switch", "typedef", "unsigned", "void", "volatile", "while", "bool", "typeof", "asm",
	"scope", "scope_staff", NULL };

bool sql_is_reserved(struct str word)
{
	for (const char *const *r = reserved; *r; r++) {
		if (str_eq_ci(word, str_of(*r))) return true;
	}
	return false;
}

static bool is_list_name(const struct sql_token *t, size_t at, size_t end)
{
	/* INSERT INTO t (…), REFERENCES t(…), CREATE TABLE t (…), CREATE INDEX i ON t (…), WITH t (…) AS (…). */
	static const char *const heads[] = { "INTO", "REFERENCES", "TABLE", NULL };
	if (at > 0 && sql_is_any(t[at - 1], heads)) return true;
	if (at > 2 && sql_is(t[at - 1], "ON") && sql_is(t[at - 3], "INDEX")) return true;
	size_t close = sql_closing(t, at + 1, end);
	return close + 1 < end && sql_is(t[close + 1], "AS") && close + 2 < end && sql_is(t[close + 2], "(");
}

/* min(a, b) is one row's lesser value in SQLite and an error in PostgreSQL. */
static void aggregate_check(struct sql_program *p, struct str path, const struct sql_token *t, size_t at,
	size_t end)
{
	size_t close = sql_closing(t, at + 1, end);
	int depth = 0;
	for (size_t i = at + 1; i < close; i++) {
		if (sql_is(t[i], "("))
			depth++;
		else if (sql_is(t[i], ")"))
			depth--;
		else if (sql_is(t[i], ",") && depth == 1) {
			sql_problem_add(p, path, t[at].line, "%.*s() takes one argument on PostgreSQL; write CASE",
				STR_FMT(t[at].text));
			return;
		}
	}
}

static void call_check(struct sql_program *p, struct str path, const struct sql_token *t, size_t at,
	size_t end)
{
	if (at + 1 >= end || !sql_is(t[at + 1], "(") || sql_is_any(t[at], before_bracket)) return;
	if (is_list_name(t, at, end)) return;
	if (sql_is_any(t[at], functions)) {
		if (sql_is(t[at], "min") || sql_is(t[at], "max")) aggregate_check(p, path, t, at, end);
		return;
	}
	sql_problem_add(p, path, t[at].line,
		"%.*s() is not one of the functions that both engines share: do it in C", STR_FMT(t[at].text));
}

static void word_check(struct sql_program *p, struct str path, const struct sql_token *t, size_t at,
	size_t end)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!sql_is(t[at], words[i].word)) continue;
		if (at + 1 < end && sql_is(t[at + 1], "(") && sql_is(t[at], "REPLACE")) continue; /* the function */
		sql_problem_add(p, path, t[at].line, "%s is not portable: %s", words[i].word, words[i].instead);
		return;
	}
	if (sql_is(t[at], "IS") && at + 1 < end) {
		static const char *const after[] = { "NULL", "NOT", "TRUE", "FALSE", "DISTINCT", NULL };
		if (!sql_is_any(t[at + 1], after))
			sql_problem_add(p, path, t[at].line, "IS takes NULL, TRUE, FALSE or NOT DISTINCT FROM");
	}
	if (sql_is(t[at], "AS") && at + 1 < end && t[at + 1].kind == SQL_WORD && !sql_is(t[at + 1], "NOT") &&
		sql_is_reserved(t[at + 1].text))
		sql_problem_add(p, path, t[at].line, "AS %.*s: that is a keyword", STR_FMT(t[at + 1].text));
	call_check(p, path, t, at, end);
}

/* LIMIT 10, 20 */
static void limit_check(struct sql_program *p, struct str path, const struct sql_token *t, size_t at,
	size_t end)
{
	if (sql_is(t[at], "LIMIT") && at + 2 < end && sql_is(t[at + 2], ","))
		sql_problem_add(p, path, t[at].line, "LIMIT a, b is SQLite's: write LIMIT b OFFSET a");
}

static void sign_check(struct sql_program *p, struct str path, struct sql_token t)
{
	if (sql_is(t, "==")) sql_problem_add(p, path, t.line, "== is SQLite's: write =");
	if (sql_is(t, "::")) sql_problem_add(p, path, t.line, ":: is PostgreSQL's: the tool adds the casts");
	if (sql_is(t, "->")) sql_problem_add(p, path, t.line, "JSON is read in C, not in SQL");
	if (sql_is(t, "@")) sql_problem_add(p, path, t.line, "@ begins only @scope(alias)");
}

void sql_portable(struct sql_program *p, struct str path, const struct sql_token *t, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		if (t[i].kind == SQL_BROKEN)
			sql_problem_add(p, path, t[i].line,
				"%.*s is no SQL that both engines read (strings take single quotes)",
				STR_FMT(str_slice(t[i].text, 0, 20)));
		else if (t[i].kind == SQL_SIGN)
			sign_check(p, path, t[i]);
		else if (t[i].kind == SQL_WORD) {
			word_check(p, path, t, i, end);
			limit_check(p, path, t, i, end);
		}
	}
}
