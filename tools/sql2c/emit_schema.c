/*
 * Writes data/schema.c: the migrations of all units in the order of needs, the register of columns with
 * what they hold, and the register of queries with what they touch.
 */
#include <openssl/evp.h>

#include "tools/sql2c/sql2c.h"

enum { SCHEMA_MAX_BYTES = 16 * 1024 * 1024 };

static struct str sha256_hex(struct arena *a, struct str s)
{
	unsigned char digest[32];
	must(EVP_Digest(s.p ? s.p : "", s.n, digest, NULL, EVP_sha256(), NULL) == 1);
	struct buf out = buf_new(a, 64);
	for (size_t i = 0; i < sizeof digest; i++)
		buf_printf(&out, "%02x", digest[i]);
	return buf_str(&out);
}

static void statements_write(struct sql_program *p, struct buf *out, const struct sql_migration *m,
	bool postgresql)
{
	struct buf sql = buf_new(p->arena, SCHEMA_MAX_BYTES);
	for (const struct sql_statement *s = m->statements; s; s = s->next) {
		buf_add(&sql, postgresql ? s->postgresql : s->sqlite);
		buf_add(&sql, s->next ? STR(";\n") : STR(";"));
	}
	sql_emit_literal(out, buf_str(&sql));
}

static void migrations_write(struct sql_program *p, struct buf *out)
{
	buf_add(out, STR("\nconst struct migration schema_migrations[] = {\n"));
	for (const struct sql_unit *u = p->units; u; u = u->next) {
		for (const struct sql_migration *m = u->migrations; m; m = m->next) {
			buf_printf(out, "\t{ /* src/%.*s */\n\t\t.unit = \"%.*s\",\n\t\t.name = \"%.*s\",\n\t\t.sqlite =",
				STR_FMT(m->path), STR_FMT(m->unit), STR_FMT(m->name));
			statements_write(p, out, m, false);
			buf_add(out, STR(",\n\t\t.postgresql ="));
			statements_write(p, out, m, true);
			buf_printf(out, ",\n\t\t.checksum = \"%.*s\",\n\t},\n", STR_FMT(sha256_hex(p->arena, m->text)));
		}
	}
	buf_add(out, STR("\t{ 0 },\n};\n"));
}

static void columns_write(struct sql_program *p, struct buf *out)
{
	buf_add(out, STR("\nconst struct column_register schema_columns[] = {\n"));
	for (const struct sql_table *t = p->tables; t; t = t->next) {
		for (const struct sql_column *c = t->columns; c; c = c->next) {
			buf_printf(out, "\t{ \"%.*s\", \"%.*s\", COL_%s, \"%s\", ", STR_FMT(t->name), STR_FMT(c->name),
				sql_type_name(c->type), c->class);
			if (c->subject.n)
				buf_printf(out, "\"%.*s\", \"%.*s\" },\n", STR_FMT(c->subject), STR_FMT(c->retention));
			else
				buf_add(out, STR("NULL, NULL },\n"));
		}
	}
	buf_add(out, STR("\t{ 0 },\n};\n"));
}

static void touches_write(struct buf *out, const struct sql_query *q, bool write)
{
	buf_printf(out, ",\n\t\t.%s = (const char *const[]){", write ? "writes" : "reads");
	for (const struct sql_touch *t = q->touches; t; t = t->next) {
		if (t->write == write) buf_printf(out, " \"%.*s.%.*s\",", STR_FMT(t->table), STR_FMT(t->column));
	}
	buf_add(out, STR(" NULL }"));
}

static void query_write(struct buf *out, const struct sql_query *q)
{
	static const char *const kinds[] = { [SQL_ONE] = "one",
		[SQL_MANY] = "many",
		[SQL_EACH] = "each",
		[SQL_EXEC] = "exec",
		[SQL_ID] = "id" };
	buf_printf(out,
		"\t{\n\t\t.name = \"%.*s\",\n\t\t.unit = \"%.*s\",\n\t\t.place = \"%.*s:%d\",\n\t\t.about =",
		STR_FMT(q->name), STR_FMT(q->unit), STR_FMT(q->path), q->line);
	sql_emit_literal(out, q->about);
	buf_printf(out, ",\n\t\t.kind = \"%s\",\n\t\t.sqlite =", kinds[q->kind]);
	sql_emit_literal(out, q->sqlite);
	buf_add(out, STR(",\n\t\t.postgresql ="));
	sql_emit_literal(out, q->postgresql);
	buf_printf(out, ",\n\t\t.hot = %s,\n\t\t.scoped = %s,\n\t\t.system =", q->hot ? "true" : "false",
		q->uses_scope ? "true" : "false");
	if (q->system.n)
		sql_emit_literal(out, q->system);
	else
		buf_add(out, STR(" NULL"));
	touches_write(out, q, false);
	touches_write(out, q, true);
	buf_add(out, STR(",\n\t},\n"));
}

struct str sql_emit_schema(struct sql_program *p)
{
	struct buf out = buf_new(p->arena, SCHEMA_MAX_BYTES);
	buf_add(&out,
		STR("/* Made by tools/sql2c from all migrations and queries: change those. */\n#include \"data/schema.h\"\n"));
	migrations_write(p, &out);
	columns_write(p, &out);
	buf_add(&out, STR("\nconst struct query_register schema_queries[] = {\n"));
	for (const struct sql_unit *u = p->units; u; u = u->next) {
		for (const struct sql_query *q = u->queries; q; q = q->next)
			query_write(&out, q);
	}
	buf_add(&out, STR("\t{ 0 },\n};\n"));
	must(!buf_overflowed(&out));
	return buf_str(&out);
}
