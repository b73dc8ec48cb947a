/*
 * sql2c --source src --out GEN: reads every UNIT/queries.sql and UNIT/migrations/NNN_name.sql below src, writes
 * GEN/UNIT/queries.h and .c and GEN/data/schema.c. Files that would not change are left alone, so that make
 * rebuilds only what did. Exit 1 with "file:line: error: …" lines when something is wrong; then nothing is
 * written.
 */
#include "tools/lib/tree.h"
#include "tools/sql2c/sql2c.h"

enum { ARENA_MAX_BYTES = 512 * 1024 * 1024 };

static bool problems_print(const struct sql_program *p, const char *source)
{
	for (const struct sql_problem *q = p->problems; q; q = q->next)
		fprintf(stderr, "%s/%.*s:%d: error: %.*s\n", source, STR_FMT(q->path), q->line, STR_FMT(q->text));
	if (p->problem_count) fprintf(stderr, "sql2c: %d problems\n", p->problem_count);
	return p->problem_count > 0;
}

static struct err *unit_write(struct sql_program *p, const struct sql_unit *u, struct str out)
{
	bool changed;
	struct str header = sql_emit_header(p, u), code = sql_emit_code(p, u);
	if (p->problems) return NULL;
	TRY(tree_write(p->arena, out, arena_printf(p->arena, "%.*s/queries.h", STR_FMT(u->name)), header,
		&changed));
	return tree_write(p->arena, out, arena_printf(p->arena, "%.*s/queries.c", STR_FMT(u->name)), code,
		&changed);
}

static struct err *run(struct sql_program *p, const char *source, const char *out)
{
	struct tree_files files;
	TRY(tree_read(p->arena, str_of(source), (const char *const[]){ ".sql", NULL }, &files));
	for (size_t i = 0; i < files.count; i++)
		sql_program_add(p, files.items[i].path, files.items[i].text);
	if (!sql_program_check(p)) return NULL;
	bool changed;
	TRY(tree_write(p->arena, str_of(out), STR("data/schema.c"), sql_emit_schema(p), &changed));
	for (const struct sql_unit *u = p->units; u; u = u->next) {
		if (u->has_queries_file) TRY(unit_write(p, u, str_of(out)));
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const char *source = NULL, *out = NULL;
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--source") == 0)
			source = argv[i + 1];
		else if (strcmp(argv[i], "--out") == 0)
			out = argv[i + 1];
	}
	if (!source || !out || argc != 5) {
		fputs("usage: sql2c --source SRC --out GEN\n", stderr);
		return 64;
	}
	struct arena *a = arena_new(ARENA_MAX_BYTES);
	struct sql_program *p = sql_program_new(a);
	struct err *e = run(p, source, out);
	if (e) fprintf(stderr, "sql2c: %s\n", e->detail);
	bool failed = problems_print(p, source) || e;
	sql_program_close(p);
	arena_free(a);
	return failed ? 1 : 0;
}
