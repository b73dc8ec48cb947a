/*
 * sql2c: migrations and named queries in, typed C out. README.md is the manual.
 *
 * The stages, each a file: lex.c cuts SQL into tokens; migration.c and query.c read the two kinds of source
 * file; portable.c refuses what only one engine understands; schema.c keeps the tables and applies the
 * migrations to an in-memory SQLite; check.c prepares each query there and asks the authorizer what it
 * touches; expression.c and param.c find the types; text.c writes each engine's SQL; emit.c and emit_schema.c write C. All
 * problems of a run are collected, none stops it. main.c alone touches files: tests hand texts in and take
 * texts out.
 */
#pragma once
#include <sqlite3.h>

#include "base/buf.h"
#include "data/db.h"

/* --- tokens (lex.c) ---------------------------------------------------------------------------------- */

enum sql_kind { SQL_END, SQL_WORD, SQL_NUMBER, SQL_STRING, SQL_PARAM, SQL_SIGN, SQL_COMMENT, SQL_BROKEN };

struct sql_token {
	enum sql_kind kind;
	struct str text; /* a view of the source; for SQL_PARAM without the ':' */
	int line;
	bool spaced; /* white space (or a comment) stands before it */
};
struct sql_tokens {
	struct sql_token *items; /* ends with an SQL_END that count leaves out */
	size_t count;
};

struct sql_tokens sql_lex(struct arena *a, struct str text, int first_line, bool keep_comments);
bool sql_is(struct sql_token t, const char *word); /* a word, in any case, or a sign */
bool sql_is_any(struct sql_token t, const char *const *words);
/* Index of the bracket that closes the one at `open`; `end` when none does. */
size_t sql_closing(const struct sql_token *t, size_t open, size_t end);
/* [a-z][a-z0-9_]*, at most 60 characters. */
bool sql_is_name(struct str s);
/* The candidate nearest to `wanted`, or STR_NONE when none is near. */
struct str sql_nearest(struct str wanted, const struct str *candidates, size_t count);

/* --- the model --------------------------------------------------------------------------------------- */

struct sql_problem {
	struct str path, text;
	int line;
	struct sql_problem *next;
};

struct sql_column {
	struct str name;
	enum column_type type;
	bool not_null;
	const char *class; /* "none", "personal", "sensitive" */
	struct str subject, retention;
	int line;
	struct sql_column *next;
};

struct sql_table {
	struct str name, unit;
	bool scoped;
	bool keyed;       /* has PRIMARY KEY (…) over columns of its own */
	bool as_its_case; /* scoped, and its rows are always in their case's department and compartment */
	struct sql_column *columns;
	struct sql_table *next;
};

struct sql_statement {
	int line;
	struct str sqlite, postgresql;
	struct sql_statement *next;
};

struct sql_migration {
	struct str unit, name, path, text;
	struct sql_statement *statements;
	struct sql_migration *next;
};

/* Something a statement refers to and the place to blame when it is not there. */
struct sql_need {
	struct str name, path; /* a unit, or for references the table */
	struct str column;
	int line;
	struct sql_need *next;
};

/* A type with its place: of a hint, a parameter or a result column. */
struct sql_value {
	struct str name;
	enum column_type type;
	bool typed, nullable, hinted;
	bool is_param; /* of a hint: ":name" */
	struct sql_value *next;
};

/* "FROM cases c": what an alias stands for. */
struct sql_alias {
	struct str name;
	struct sql_table *table;
	bool scoped; /* @scope(name) was seen; or it is tied by its case's id to an alias that has it */
	bool outer;  /* it stands right of a LEFT JOIN: its columns may be NULL */
	bool target; /* of the INSERT, UPDATE or DELETE */
	int line;
	struct sql_alias *next;
};

struct sql_touch {
	struct str table, column;
	bool write;
	struct sql_touch *next;
};

enum sql_query_kind { SQL_ONE, SQL_MANY, SQL_EACH, SQL_EXEC, SQL_ID };

struct sql_query {
	struct str name, unit, path, about, system, row_name;
	enum sql_query_kind kind;
	int64_t limit; /* of SQL_MANY */
	bool hot, uses_scope, has_limit, writes;
	int line;
	struct sql_tokens tokens; /* with @scope already replaced */
	struct sql_value *hints, *params, *columns;
	struct sql_alias *aliases;
	struct sql_touch *touches; /* sorted, without doubles */
	struct str sqlite, postgresql;
	struct sql_query *next;
};

struct sql_unit {
	struct str name;
	struct sql_need *needs;
	struct sql_migration *migrations; /* sorted by name */
	struct sql_query *queries;
	bool has_queries_file;
	int visit; /* of the sort: 0 new, 1 under way, 2 done */
	struct sql_unit *next;
};

struct sql_program {
	struct arena *arena;
	struct sql_unit *units; /* sorted by name; after sql_program_check in the order of needs */
	struct sql_table *tables;
	struct sql_need *references;
	struct sql_problem *problems;
	int problem_count;
	sqlite3 *db;
};

/* --- the stages -------------------------------------------------------------------------------------- */

struct sql_program *sql_program_new(struct arena *a);
void sql_program_close(struct sql_program *p);
/* `path` below the source folder: "core/case/queries.sql" or "core/case/migrations/001_create.sql". */
void sql_program_add(struct sql_program *p, struct str path, struct str text);
/* Orders units, applies migrations, checks and types every query. True without problems. */
bool sql_program_check(struct sql_program *p);

void sql_problem_add(struct sql_program *p, struct str path, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
struct sql_unit *sql_unit_get(struct sql_program *p, struct str name); /* made when new */
bool sql_unit_needs(const struct sql_unit *u, struct str other);
struct sql_table *sql_table_find(struct sql_program *p, struct str name);
struct sql_column *sql_column_find(const struct sql_table *t, struct str name);
/* "" or "; did you mean x?" */
struct str sql_table_hint(struct sql_program *p, struct str name);
struct str sql_column_hint(struct sql_program *p, const struct sql_query *q, struct str name);

bool sql_type_parse(struct str word, enum column_type *ret);
const char *sql_type_name(enum column_type t);
const char *sql_type_sqlite(enum column_type t);
const char *sql_type_postgresql(enum column_type t);
const char *sql_type_c(enum column_type t);
/* In C a value of this type has no own "none", so that has_x stands beside x. */
bool sql_type_needs_flag(enum column_type t);

void sql_needs_parse(struct sql_program *p, struct str path, int line, struct str rest);
void sql_migration_needs(struct sql_program *p, const struct sql_migration *m);
void sql_migration_parse(struct sql_program *p, struct sql_migration *m);
void sql_queries_parse(struct sql_program *p, struct str path, struct str unit, struct str text);
/* Reports what the two engines do not share. `end` bounds the tokens. */
void sql_portable(struct sql_program *p, struct str path, const struct sql_token *t, size_t end);
/* True when the word cannot name a column, table or parameter in SQL or in C. */
bool sql_is_reserved(struct str word);

void sql_aliases_find(struct sql_program *p, struct sql_query *q);
void sql_scope_expand(struct sql_program *p, struct sql_query *q);
void sql_query_check(struct sql_program *p, struct sql_query *q);
void sql_params_collect(struct sql_program *p, struct sql_query *q);
void sql_params_infer(struct sql_program *p, struct sql_query *q);
/* The type of a result column whose expression is tokens [from, to); false when it needs a hint. */
bool sql_expression_infer(struct sql_query *q, size_t from, size_t to, struct sql_value *ret);
/* Resolves [alias.]column at token `at`, which ends before `end`: NULL when it is no known column.
 * ret_alias may be NULL. */
const struct sql_column *sql_resolve(const struct sql_query *q, size_t at, size_t end,
	const struct sql_alias **ret_alias);
bool sql_is_column_ref(const struct sql_query *q, size_t from, size_t to);
struct sql_value *sql_value_find(struct sql_value *list, struct str name, bool is_param);

/* The items of the `arm`-th top-level SELECT (or of RETURNING); each [from, to) without its AS name. */
struct sql_item {
	size_t from, to;
};
struct sql_items {
	struct sql_item *items;
	size_t count;
};
bool sql_items_find(struct arena *a, const struct sql_query *q, int arm, struct sql_items *ret);
/* The same for the list that starts at token `from`. */
struct sql_items sql_items_split(struct arena *a, const struct sql_query *q, size_t from);

/* "INSERT INTO table (columns)": false when the query holds none. [open, close] are the list's brackets. */
struct sql_insert {
	const struct sql_table *table;
	size_t open, close;
};
bool sql_insert_find(struct sql_program *p, const struct sql_query *q, struct sql_insert *ret);

/* The query for one engine; ret_offsets[i] is where token i starts in it (may be NULL). */
struct str sql_text(struct sql_program *p, const struct sql_query *q, bool postgresql, size_t **ret_offsets);
/* Tokens as one line of SQL. */
void sql_text_tokens(struct buf *out, const struct sql_token *t, size_t from, size_t to, bool postgresql);

struct str sql_emit_header(struct sql_program *p, const struct sql_unit *u);
struct str sql_emit_code(struct sql_program *p, const struct sql_unit *u);
struct str sql_emit_schema(struct sql_program *p);
/* A C string literal, one line of source a line, indented by two tabs. */
void sql_emit_literal(struct buf *out, struct str s);
