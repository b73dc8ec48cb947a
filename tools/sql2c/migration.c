/*
 * Reads one migrations/NNN_name.sql and writes its statements for both engines. Six statements exist:
 * CREATE TABLE, CREATE [UNIQUE] INDEX, ALTER TABLE … ADD COLUMN, DROP TABLE, INSERT INTO, UPDATE. Tables and columns
 * go into the program's model; every column must say in a comment on its line what it holds.
 */
#include "tools/sql2c/sql2c.h"

enum { DDL_MAX_BYTES = 256 * 1024 };

struct reader {
	struct sql_program *p;
	struct sql_migration *m;
	struct sql_tokens all; /* with comments */
	struct sql_token *t;   /* without */
	size_t count, at;
	struct buf sqlite, postgresql;
	bool failed; /* the statement under way */
};

static struct sql_token here(const struct reader *r) { return r->t[r->at]; }

static struct sql_token take(struct reader *r)
{
	struct sql_token t = r->t[r->at];
	if (r->at < r->count) r->at++;
	return t;
}

static void fail(struct reader *r, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void fail(struct reader *r, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str text = arena_vprintf(r->p->arena, format, args);
	va_end(args);
	if (!r->failed) sql_problem_add(r->p, r->m->path, line, "%.*s", STR_FMT(text));
	r->failed = true;
}

static bool accept(struct reader *r, const char *word)
{
	if (r->failed || !sql_is(here(r), word)) return false;
	take(r);
	return true;
}

static void expect(struct reader *r, const char *word)
{
	if (r->failed || accept(r, word)) return;
	struct sql_token t = here(r);
	fail(r, t.line, "expected %s before \"%.*s\"", word, STR_FMT(str_slice(t.text, 0, 40)));
}

static struct str take_name(struct reader *r, const char *what)
{
	struct sql_token t = take(r);
	if (t.kind != SQL_WORD || !sql_is_name(t.text))
		fail(r, t.line, "\"%.*s\" cannot be the name of %s: lower case letters, digits and _",
			STR_FMT(str_slice(t.text, 0, 40)), what);
	else if (sql_is_reserved(t.text))
		fail(r, t.line, "\"%.*s\" cannot be the name of %s: it is a keyword", STR_FMT(t.text), what);
	return t.text;
}

static void both(struct reader *r, const char *text)
{
	buf_add(&r->sqlite, str_of(text));
	buf_add(&r->postgresql, str_of(text));
}

static void both_str(struct reader *r, struct str text)
{
	buf_add(&r->sqlite, text);
	buf_add(&r->postgresql, text);
}

/* Copies tokens [from, to) to both engines. */
static void both_tokens(struct reader *r, size_t from, size_t to)
{
	sql_text_tokens(&r->sqlite, r->t, from, to, false);
	sql_text_tokens(&r->postgresql, r->t, from, to, true);
}

/* Copies a bracket and what it holds; the reader stands at "(". Returns the index after it. */
static void both_bracket(struct reader *r)
{
	if (!sql_is(here(r), "(")) expect(r, "(");
	if (r->failed) return;
	size_t close = sql_closing(r->t, r->at, r->count);
	if (close == r->count) {
		fail(r, here(r).line, "this bracket is never closed");
		return;
	}
	both_tokens(r, r->at, close + 1);
	r->at = close + 1;
}

/* --- column declarations -------------------------------------------------------------------------------- */

static struct str cut_word(struct str *rest)
{
	*rest = str_trim(*rest);
	size_t n = 0;
	while (n < rest->n &&
		((rest->p[n] >= 'a' && rest->p[n] <= 'z') || (rest->p[n] >= '0' && rest->p[n] <= '9') ||
			rest->p[n] == '_' || rest->p[n] == '-'))
		n++;
	struct str word = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->n);
	return word;
}

/* "-- none", "-- personal: party, case"; prose may follow after ';' or in brackets. */
static bool class_parse(struct str comment, struct sql_column *c)
{
	struct str rest = str_trim(str_slice(comment, 2, comment.n));
	struct str class = cut_word(&rest);
	rest = str_trim(rest);
	if (str_eq(class, STR("none"))) {
		c->class = "none";
		return rest.n == 0 || strchr(":;,.(", rest.p[0]) != NULL;
	}
	c->class = str_eq(class, STR("personal")) ? "personal"
		: str_eq(class, STR("sensitive"))     ? "sensitive"
											  : NULL;
	if (!c->class || rest.n == 0 || rest.p[0] != ':') return false;
	rest = str_slice(rest, 1, rest.n);
	c->subject = cut_word(&rest);
	rest = str_trim(rest);
	if (c->subject.n == 0 || rest.n == 0 || rest.p[0] != ',') return false;
	rest = str_slice(rest, 1, rest.n);
	c->retention = cut_word(&rest);
	rest = str_trim(rest);
	return c->retention.n > 0 && (rest.n == 0 || rest.p[0] == ';' || rest.p[0] == '(');
}

/* The declaration is the last comment that stands on one of the column's lines. */
static void class_find(struct reader *r, struct sql_column *c, int last_line)
{
	const struct sql_token *found = NULL;
	for (size_t i = 0; i < r->all.count; i++) {
		const struct sql_token *t = &r->all.items[i];
		if (t->kind == SQL_COMMENT && t->line >= c->line && t->line <= last_line) found = t;
	}
	struct sql_column class = { 0 };
	if (found && class_parse(found->text, &class)) {
		c->class = class.class;
		c->subject = class.subject;
		c->retention = class.retention;
		return;
	}
	c->class = "none";
	sql_problem_add(r->p, r->m->path, last_line,
		found
			? "column %.*s: \"%.*s\" is no declaration: write -- none, -- personal: subject, retention or "
			  "-- sensitive: subject, retention"
			: "column %.*s does not say what it holds%.*s: end its line with -- none, -- personal: subject, retention "
			  "or -- sensitive: subject, retention",
		STR_FMT(c->name), STR_FMT(found ? str_slice(found->text, 0, 60) : STR("")));
}

static void read_references(struct reader *r)
{
	struct sql_token t = here(r);
	struct sql_need *n = ARENA_NEW(r->p->arena, struct sql_need);
	n->name = take_name(r, "a table");
	n->path = r->m->path;
	n->line = t.line;
	expect(r, "(");
	n->column = take_name(r, "a column");
	expect(r, ")");
	if (r->failed) return;
	n->next = r->p->references;
	r->p->references = n;
	both(r, " REFERENCES ");
	both_str(r, n->name);
	both(r, " (");
	both_str(r, n->column);
	both(r, ")");
}

static void read_default(struct reader *r, const struct sql_column *c)
{
	size_t from = r->at;
	accept(r, "-");
	struct sql_token t = take(r);
	static const char *const words[] = { "TRUE", "FALSE", "NULL", NULL };
	bool fits = t.kind == SQL_NUMBER || t.kind == SQL_STRING || sql_is_any(t, words);
	if (fits && c->type == COL_BOOL) fits = sql_is_any(t, words);
	if (fits && c->type != COL_BOOL) fits = !sql_is(t, "TRUE") && !sql_is(t, "FALSE");
	if (!fits) {
		fail(r, t.line, "DEFAULT takes a literal of type %s", sql_type_name(c->type));
		return;
	}
	both(r, " DEFAULT ");
	both_tokens(r, from, r->at);
}

static void read_constraint(struct reader *r, struct sql_column *c)
{
	if (accept(r, "NOT")) {
		expect(r, "NULL");
		c->not_null = true;
		if (c->type != COL_ID) both(r, " NOT NULL");
	} else if (accept(r, "PRIMARY")) {
		expect(r, "KEY");
		c->not_null = true;
		if (c->type != COL_ID) both(r, " PRIMARY KEY");
	} else if (accept(r, "UNIQUE")) {
		both(r, " UNIQUE");
	} else if (accept(r, "REFERENCES")) {
		read_references(r);
	} else if (accept(r, "CHECK")) {
		both(r, " CHECK ");
		both_bracket(r);
	} else if (accept(r, "DEFAULT")) {
		read_default(r, c);
	} else {
		fail(r, here(r).line,
			"\"%.*s\" is not in the vocabulary of columns: NOT NULL, UNIQUE, PRIMARY KEY, "
			"REFERENCES t(c), CHECK (…), DEFAULT literal",
			STR_FMT(str_slice(here(r).text, 0, 40)));
	}
}

/* name TYPE constraints… up to ',' or ')' or ';'. */
static struct sql_column *read_column(struct reader *r)
{
	struct sql_column *c = ARENA_NEW(r->p->arena, struct sql_column);
	c->line = here(r).line;
	c->name = take_name(r, "a column");
	struct sql_token type = take(r);
	if (!r->failed && !sql_type_parse(type.text, &c->type))
		fail(r, type.line, "\"%.*s\" is no type: ID, INT, BOOL, TEXT, BYTES, INSTANT, DATE, MONEY, JSON",
			STR_FMT(str_slice(type.text, 0, 40)));
	if (r->failed) return c;
	buf_printf(&r->sqlite, "%.*s %s", STR_FMT(c->name), sql_type_sqlite(c->type));
	buf_printf(&r->postgresql, "%.*s %s", STR_FMT(c->name), sql_type_postgresql(c->type));
	c->not_null = c->type == COL_ID;
	static const char *const ends[] = { ",", ")", ";", NULL };
	while (!r->failed && r->at < r->count && !sql_is_any(here(r), ends))
		read_constraint(r, c);
	if (!r->failed) class_find(r, c, r->t[r->at - 1].line);
	return c;
}

static void column_add(struct reader *r, struct sql_table *t, struct sql_column *c)
{
	struct sql_column **at = &t->columns;
	for (; *at; at = &(*at)->next) {
		if (str_eq((*at)->name, c->name))
			fail(r, c->line, "table %.*s has a column %.*s already", STR_FMT(t->name), STR_FMT(c->name));
	}
	*at = c;
}

/* --- statements ----------------------------------------------------------------------------------------- */

/* UNIQUE (…), PRIMARY KEY (…) and CHECK (…) of the whole table. */
static bool read_table_constraint(struct reader *r, struct sql_table *t)
{
	static const char *const heads[] = { "UNIQUE", "PRIMARY", "CHECK", NULL };
	if (!sql_is_any(here(r), heads)) return false;
	bool primary = sql_is(here(r), "PRIMARY");
	t->keyed = t->keyed || primary;
	size_t from = r->at;
	take(r);
	if (primary) expect(r, "KEY");
	both_tokens(r, from, r->at);
	both(r, " ");
	size_t open = r->at;
	both_bracket(r);
	for (size_t i = open; primary && i < r->at; i++) {
		struct sql_column *c = sql_column_find(t, r->t[i].text);
		if (c) c->not_null = true;
	}
	return true;
}

/* "-- scoped" or "-- scoped: as its case" on the line above CREATE. */
static void scoped_find(const struct reader *r, struct sql_table *table, int line)
{
	for (size_t i = 0; i < r->all.count; i++) {
		const struct sql_token *t = &r->all.items[i];
		if (t->kind != SQL_COMMENT || t->line != line - 1) continue;
		struct str text = str_trim(str_slice(t->text, 2, t->text.n));
		table->as_its_case = str_eq(text, STR("scoped: as its case"));
		table->scoped = table->as_its_case || str_eq(text, STR("scoped"));
		if (!table->scoped && str_starts_with(text, STR("scoped")))
			sql_problem_add(r->p, r->m->path, t->line, "write -- scoped, or -- scoped: as its case");
	}
}

static void scoped_check(struct reader *r, const struct sql_table *t, int line)
{
	const struct sql_column *department = sql_column_find(t, STR("department_id"));
	const struct sql_column *compartment = sql_column_find(t, STR("compartment"));
	bool key = sql_column_find(t, str_eq(t->name, STR("cases")) ? STR("id") : STR("case_id")) != NULL;
	if (!department || department->type != COL_INT || !compartment || compartment->type != COL_TEXT || !key)
		fail(r, line, "a scoped table has department_id INT, compartment TEXT and case_id (cases: id)");
}

static void read_create_table(struct reader *r, int line)
{
	struct sql_table *t = ARENA_NEW(r->p->arena, struct sql_table);
	t->name = take_name(r, "a table");
	t->unit = r->m->unit;
	scoped_find(r, t, line);
	const struct sql_table *other = sql_table_find(r->p, t->name);
	if (other && !r->failed)
		fail(r, line, "table %.*s belongs to %.*s already", STR_FMT(t->name), STR_FMT(other->unit));
	expect(r, "(");
	both(r, "CREATE TABLE ");
	both_str(r, t->name);
	both(r, " (\n\t");
	while (!r->failed) {
		if (!read_table_constraint(r, t)) column_add(r, t, read_column(r));
		if (!accept(r, ",")) break;
		both(r, ",\n\t");
	}
	expect(r, ")");
	/* SQLite then keeps the rows in the order of the key; as an index beside them the key would be there twice. */
	buf_add(&r->sqlite, t->keyed ? STR("\n) STRICT, WITHOUT ROWID") : STR("\n) STRICT"));
	buf_add(&r->postgresql, STR("\n)"));
	if (r->failed) return;
	if (t->scoped) scoped_check(r, t, line);
	struct sql_table **at = &r->p->tables;
	while (*at)
		at = &(*at)->next;
	*at = t;
}

static struct sql_table *take_own_table(struct reader *r)
{
	struct sql_token token = here(r);
	struct str name = take_name(r, "a table");
	if (r->failed) return NULL;
	struct sql_table *t = sql_table_find(r->p, name);
	if (!t)
		fail(r, token.line, "there is no table %.*s before this%.*s", STR_FMT(name),
			STR_FMT(sql_table_hint(r->p, name)));
	else if (!str_eq(t->unit, r->m->unit))
		fail(r, token.line, "table %.*s belongs to %.*s: only that unit changes it", STR_FMT(name),
			STR_FMT(t->unit));
	return r->failed ? NULL : t;
}

static void read_alter_table(struct reader *r)
{
	struct sql_table *t = take_own_table(r);
	expect(r, "ADD");
	expect(r, "COLUMN");
	if (r->failed) return;
	buf_printf(&r->sqlite, "ALTER TABLE %.*s ADD COLUMN ", STR_FMT(t->name));
	buf_printf(&r->postgresql, "ALTER TABLE %.*s ADD COLUMN ", STR_FMT(t->name));
	struct sql_column *c = read_column(r);
	if (r->failed) return;
	if (c->type == COL_ID)
		fail(r, c->line, "an ID column comes with its table");
	else
		column_add(r, t, c);
}

static void read_drop_table(struct reader *r)
{
	const struct sql_table *t = take_own_table(r);
	if (r->failed) return;
	both(r, "DROP TABLE ");
	both_str(r, t->name);
	struct sql_table **at = &r->p->tables;
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
}

static void read_create_index(struct reader *r, bool unique)
{
	struct str name = take_name(r, "an index");
	expect(r, "ON");
	struct sql_table *t = take_own_table(r);
	if (r->failed) return;
	both(r, unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	both_str(r, name);
	both(r, " ON ");
	both_str(r, t->name);
	both(r, " ");
	both_bracket(r);
	if (accept(r, "WHERE")) {
		size_t from = r->at;
		while (r->at < r->count && !sql_is(here(r), ";"))
			take(r);
		both(r, " WHERE ");
		both_tokens(r, from, r->at);
	}
}

static void read_insert(struct reader *r)
{
	size_t from = r->at - 1;
	expect(r, "INTO");
	struct sql_table *t = take_own_table(r);
	if (!r->failed && !sql_is(here(r), "(")) expect(r, "(");
	if (r->failed) return;
	size_t close = sql_closing(r->t, r->at, r->count);
	for (size_t i = r->at; i < close; i++) {
		const struct sql_column *c = r->t[i].kind == SQL_WORD ? sql_column_find(t, r->t[i].text) : NULL;
		if (c && c->type == COL_ID)
			fail(r, r->t[i].line,
				"column %.*s is an ID: the engine gives it (PostgreSQL would give it twice)",
				STR_FMT(c->name));
	}
	while (r->at < r->count && !sql_is(here(r), ";"))
		take(r);
	both_tokens(r, from, r->at);
}

/* UPDATE t SET …: what rows hold of before, in a column's or table's new form. */
static void read_update(struct reader *r)
{
	size_t from = r->at - 1;
	take_own_table(r);
	if (!r->failed && !sql_is(here(r), "SET")) expect(r, "SET");
	while (r->at < r->count && !sql_is(here(r), ";"))
		take(r);
	both_tokens(r, from, r->at);
}

static void statement_add(struct reader *r, int line)
{
	struct sql_statement *s = ARENA_NEW(r->p->arena, struct sql_statement);
	s->line = line;
	s->sqlite = arena_str(r->p->arena, buf_str(&r->sqlite));
	s->postgresql = arena_str(r->p->arena, buf_str(&r->postgresql));
	struct sql_statement **at = &r->m->statements;
	while (*at)
		at = &(*at)->next;
	*at = s;
}

static void read_statement(struct reader *r)
{
	int line = here(r).line;
	r->failed = false;
	buf_clear(&r->sqlite);
	buf_clear(&r->postgresql);
	if (accept(r, "CREATE")) {
		bool unique = accept(r, "UNIQUE");
		if (accept(r, "INDEX"))
			read_create_index(r, unique);
		else if (!unique && accept(r, "TABLE"))
			read_create_table(r, line);
		else
			fail(r, line, "CREATE takes TABLE, INDEX or UNIQUE INDEX here");
	} else if (accept(r, "ALTER")) {
		expect(r, "TABLE");
		if (!r->failed) read_alter_table(r);
	} else if (accept(r, "DROP")) {
		expect(r, "TABLE");
		if (!r->failed) read_drop_table(r);
	} else if (accept(r, "INSERT")) {
		read_insert(r);
	} else if (accept(r, "UPDATE")) {
		read_update(r);
	} else {
		fail(r, line,
			"\"%.*s\": a migration takes CREATE TABLE, CREATE INDEX, ALTER TABLE … ADD COLUMN, DROP TABLE, "
			"INSERT INTO, UPDATE",
			STR_FMT(str_slice(here(r).text, 0, 40)));
	}
	expect(r, ";");
	if (!r->failed) statement_add(r, line);
	while (r->failed && r->at < r->count && !sql_is(take(r), ";"))
		continue;
}

/* "-- needs: core/party core/case", on any comment line before the first statement. */
void sql_migration_needs(struct sql_program *p, const struct sql_migration *m)
{
	struct sql_tokens all = sql_lex(p->arena, m->text, 1, true);
	for (size_t i = 0; i < all.count && all.items[i].kind == SQL_COMMENT; i++) {
		struct str line = str_trim(str_slice(all.items[i].text, 2, all.items[i].text.n));
		if (str_starts_with(line, STR("needs:")))
			sql_needs_parse(p, m->path, all.items[i].line, str_slice(line, 6, line.n));
	}
}

void sql_migration_parse(struct sql_program *p, struct sql_migration *m)
{
	struct sql_tokens plain = sql_lex(p->arena, m->text, 1, false);
	struct reader r = { .p = p,
		.m = m,
		.all = sql_lex(p->arena, m->text, 1, true),
		.t = plain.items,
		.count = plain.count,
		.sqlite = buf_new(p->arena, DDL_MAX_BYTES),
		.postgresql = buf_new(p->arena, DDL_MAX_BYTES) };
	sql_portable(p, m->path, r.t, r.count);
	while (r.at < r.count)
		read_statement(&r);
	if (buf_overflowed(&r.sqlite) || buf_overflowed(&r.postgresql))
		sql_problem_add(p, m->path, 1, "a statement of this migration is longer than %d bytes",
			DDL_MAX_BYTES);
}
