/*
 * Any text as a migration, or as queries.sql: read without a crash, and every problem names a line of it. The
 * first byte says which. What it means is not run: SQL that is accepted may take as long as it likes.
 */
#include "tools/sql2c/sql2c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int lines_of(struct str s)
{
	int n = 1;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

static void queries_read(struct sql_program *p, struct str text)
{
	sql_program_add(p, STR("core/a/queries.sql"), text);
	for (struct sql_unit *u = p->units; u; u = u->next) {
		for (struct sql_query *q = u->queries; q; q = q->next) {
			sql_aliases_find(p, q);
			sql_scope_expand(p, q);
			sql_portable(p, q->path, q->tokens.items, q->tokens.count);
			sql_params_collect(p, q);
			sql_params_infer(p, q);
			sql_text(p, q, false, NULL);
			sql_text(p, q, true, NULL);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char table[] = "-- scoped\nCREATE TABLE cases (id ID, -- none\n department_id INT, -- none\n"
								"compartment TEXT, -- none\n fee MONEY -- none\n);";
	if (size == 0 || size > 16 * 1024) return 0;
	struct arena *a = arena_new(1024 * 1024 * 1024);
	struct str text = { (const char *)data + 1, size - 1 };
	struct sql_program *p = sql_program_new(a);
	struct sql_migration m = { .unit = STR("core/a"),
		.name = STR("001_a"),
		.path = STR("core/a/migrations/001_a.sql"),
		.text = data[0] & 1 ? text : str_of(table) };
	sql_migration_parse(p, &m);
	if (!(data[0] & 1)) queries_read(p, text);
	for (const struct sql_problem *q = p->problems; q; q = q->next)
		must(q->line >= 1 && q->line <= lines_of(text) + 6);
	sql_program_close(p);
	arena_free(a);
	return 0;
}
