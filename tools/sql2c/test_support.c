#include "tools/sql2c/test_support.h"

const char sql_test_staff[] = "CREATE TABLE staff (\n"
							  "	id ID, -- none\n"
							  "	login TEXT NOT NULL UNIQUE -- personal: staff, employment\n"
							  ");\n"
							  "CREATE TABLE scope_grant (\n"
							  "	staff_id INT NOT NULL REFERENCES staff(id), -- none\n"
							  "	department_id INT NOT NULL, -- none\n"
							  "	compartment TEXT NOT NULL, -- none\n"
							  "	PRIMARY KEY (staff_id, compartment, department_id)\n"
							  ");\n"
							  "CREATE TABLE scope_exclusion (\n"
							  "	staff_id INT NOT NULL, -- none\n"
							  "	case_id INT NOT NULL, -- none\n"
							  "	PRIMARY KEY (staff_id, case_id)\n"
							  ");\n";

const char sql_test_cases[] = "-- needs: core/staff\n"
							  "-- scoped\n"
							  "CREATE TABLE cases (\n"
							  "	id ID, -- none\n"
							  "	number TEXT NOT NULL UNIQUE, -- none\n"
							  "	department_id INT NOT NULL, -- none\n"
							  "	compartment TEXT NOT NULL, -- none\n"
							  "	assignee_id INT REFERENCES staff(id), -- none\n"
							  "	fee MONEY, -- none\n"
							  "	is_open BOOL NOT NULL, -- none\n"
							  "	filed_at INSTANT NOT NULL, -- none\n"
							  "	due_on DATE, -- none\n"
							  "	answers JSON, -- personal: party, case\n"
							  "	hash BYTES -- none\n"
							  ");\n"
							  "CREATE INDEX cases_open ON cases (is_open, id) WHERE is_open = TRUE;\n"
							  "-- scoped: as its case\n"
							  "CREATE TABLE case_word (\n"
							  "	case_id INT NOT NULL REFERENCES cases(id), -- none\n"
							  "	department_id INT NOT NULL, -- none\n"
							  "	compartment TEXT NOT NULL, -- none\n"
							  "	word TEXT NOT NULL -- personal: party, case\n"
							  ");\n"
							  "CREATE INDEX case_word_find ON case_word (word, case_id);\n"
							  "CREATE TABLE note (\n"
							  "	id ID, -- none\n"
							  "	case_id INT NOT NULL REFERENCES cases(id), -- none\n"
							  "	text TEXT NOT NULL, -- sensitive: party, case\n"
							  "	cost MONEY NOT NULL DEFAULT 0, -- none\n"
							  "	read_at INSTANT -- none\n"
							  ");\n";

static void close_program(void *p) { sql_program_close(p); }

struct sql_program *sql_test_run(struct test *t, const struct sql_file *files)
{
	struct sql_program *p = sql_program_new(t->arena);
	for (; files->path; files++)
		sql_program_add(p, str_of(files->path), str_of(files->text));
	sql_program_check(p);
	arena_defer(t->arena, close_program, p);
	return p;
}

struct sql_program *sql_test_queries(struct test *t, const char *text)
{
	const struct sql_file files[] = { { "core/case/migrations/001_create.sql", sql_test_cases },
		{ "core/case/queries.sql", text }, { "core/staff/migrations/001_create.sql", sql_test_staff },
		{ 0 } };
	return sql_test_run(t, files);
}

struct str sql_test_problems(struct test *t, const struct sql_program *p)
{
	struct buf out = buf_new(t->arena, 1024 * 1024);
	for (const struct sql_problem *q = p->problems; q; q = q->next)
		buf_printf(&out, "%.*s:%d: %.*s\n", STR_FMT(q->path), q->line, STR_FMT(q->text));
	return buf_str(&out);
}

struct sql_query *sql_test_query(struct test *t, const char *text)
{
	struct sql_program *p = sql_test_queries(t, text);
	if (p->problems) {
		test_fail(t, __FILE__, __LINE__, "%.*s", STR_FMT(sql_test_problems(t, p)));
		return NULL;
	}
	struct sql_unit *u = p->units;
	while (u && !u->queries)
		u = u->next;
	return u ? u->queries : NULL;
}

void sql_test_expect(struct test *t, int line, const struct sql_program *p, const char *place,
	const char *words)
{
	for (const struct sql_problem *q = p->problems; q; q = q->next) {
		struct str text = arena_printf(t->arena, "%.*s:%d: %.*s", STR_FMT(q->path), q->line,
			STR_FMT(q->text));
		if (str_starts_with(text, str_of(place)) && str_find(text, str_of(words)) >= 0) return;
	}
	test_fail(t, "called from a test", line, "no problem at %s with \"%s\" in:\n%.*s", place, words,
		STR_FMT(sql_test_problems(t, p)));
}
