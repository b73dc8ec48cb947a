/*
 * Writes UNIT/queries.h and UNIT/queries.c: for each query its input struct, its row struct, its prototype
 * with the sentence from the source, and a body of a dozen lines that a person can read and step through.
 */
#include "tools/sql2c/sql2c.h"

enum { EMIT_MAX_BYTES = 4 * 1024 * 1024, LINE_MAX_WIDTH = 110 };

void sql_emit_literal(struct buf *out, struct str s)
{
	if (s.n == 0) buf_add(out, STR("\n\t\t\"\""));
	struct str rest = s.n ? s : STR_NONE;
	while (!str_is_none(rest)) {
		struct str line = str_cut(&rest, '\n');
		buf_add(out, STR("\n\t\t\""));
		for (size_t i = 0; i < line.n; i++) {
			char c = line.p[i];
			if (c == '"' || c == '\\') buf_add_char(out, '\\');
			if (c == '\t')
				buf_add(out, STR("\\t"));
			else if ((unsigned char)c < ' ')
				buf_printf(out, "\\%03o", (unsigned)(unsigned char)c);
			else
				buf_add_char(out, c);
		}
		if (!str_is_none(rest)) buf_add(out, STR("\\n"));
		buf_add_char(out, '"');
	}
}

/* --- structs -------------------------------------------------------------------------------------------- */

static void field_write(struct buf *out, const struct sql_value *v)
{
	if (v->nullable && sql_type_needs_flag(v->type)) buf_printf(out, "\tbool has_%.*s;\n", STR_FMT(v->name));
	const char *type = sql_type_c(v->type);
	buf_printf(out, "\t%s %.*s;\n", type, STR_FMT(v->name));
}

static bool is_scope(const struct sql_value *v) { return str_eq(v->name, STR("scope_staff")); }

static void in_struct_write(struct buf *out, const struct sql_query *q)
{
	if (!q->params) return;
	buf_printf(out, "struct %.*s_in {\n", STR_FMT(q->name));
	for (const struct sql_value *v = q->params; v; v = v->next) {
		if (is_scope(v))
			buf_add(out, STR("\tstruct scope scope;\n"));
		else
			field_write(out, v);
	}
	buf_add(out, STR("};\n"));
}

static struct str row_name(struct sql_program *p, const struct sql_query *q)
{
	return q->row_name.n ? q->row_name : arena_printf(p->arena, "%.*s_row", STR_FMT(q->name));
}

/* A shared row is written where it is first used. */
static bool row_is_written(struct sql_program *p, const struct sql_unit *u, const struct sql_query *q)
{
	for (const struct sql_query *o = u->queries; o != q; o = o->next) {
		if (o->kind != SQL_EXEC && o->kind != SQL_ID && str_eq(row_name(p, o), row_name(p, q))) return true;
	}
	return false;
}

static void row_struct_write(struct sql_program *p, struct buf *out, const struct sql_unit *u,
	const struct sql_query *q)
{
	if (q->kind == SQL_EXEC || q->kind == SQL_ID) return;
	struct str row = row_name(p, q);
	if (!row_is_written(p, u, q)) {
		buf_printf(out, "struct %.*s {\n", STR_FMT(row));
		for (const struct sql_value *v = q->columns; v; v = v->next)
			field_write(out, v);
		buf_add(out, STR("};\n"));
	}
	if (q->kind == SQL_MANY)
		buf_printf(out, "struct %.*s_rows {\n\tstruct %.*s *items;\n\tsize_t count;\n};\n", STR_FMT(q->name),
			STR_FMT(row));
}

/* --- prototypes ----------------------------------------------------------------------------------------- */

/* "struct err *name(struct db *db, …)", broken at 110 columns. */
static void prototype_write(struct sql_program *p, struct buf *out, const struct sql_query *q)
{
	struct str row = row_name(p, q), name = q->name;
	struct str in = q->params ? arena_printf(p->arena, ", const struct %.*s_in *in", STR_FMT(name)) : STR("");
	struct str outs;
	switch (q->kind) {
	case SQL_ONE: outs = arena_printf(p->arena, ", struct %.*s *ret, bool *ret_found", STR_FMT(row)); break;
	case SQL_MANY: outs = arena_printf(p->arena, ", struct %.*s_rows *ret", STR_FMT(name)); break;
	case SQL_EACH:
		outs = arena_printf(p->arena,
			",\n\tstruct err *(*each)(void *state, const struct %.*s *row), void *state", STR_FMT(row));
		break;
	case SQL_EXEC: outs = STR(", int64_t *ret_changed"); break;
	case SQL_ID: outs = STR(", int64_t *ret_id"); break;
	}
	struct str head = arena_printf(p->arena, "struct err *%.*s(struct db *db, struct arena *a",
		STR_FMT(name));
	buf_add(out, head);
	bool wide = head.n + in.n + outs.n + 2 > LINE_MAX_WIDTH && q->kind != SQL_EACH;
	size_t skip = wide ? 2 : 0;
	if (wide && in.n) {
		buf_printf(out, ",\n\t%.*s%.*s)", STR_FMT(str_slice(in, skip, in.n)), STR_FMT(outs));
	} else if (wide) {
		buf_printf(out, ",\n\t%.*s)", STR_FMT(str_slice(outs, skip, outs.n)));
	} else {
		buf_printf(out, "%.*s%.*s)", STR_FMT(in), STR_FMT(outs));
	}
}

static void about_write(struct buf *out, const struct sql_query *q)
{
	buf_printf(out, "\n/* %.*s:%d", STR_FMT(q->path), q->line);
	struct str rest = q->about.n ? q->about : STR_NONE;
	while (!str_is_none(rest)) {
		struct str line = str_cut(&rest, '\n');
		buf_add(out, STR("\n * "));
		for (size_t i = 0; i < line.n; i++) { /* no end of comment within the comment */
			buf_add_char(out, line.p[i]);
			if (line.p[i] == '*' && i + 1 < line.n && line.p[i + 1] == '/') buf_add_char(out, ' ');
		}
	}
	buf_add(out, STR(" */\n"));
}

struct str sql_emit_header(struct sql_program *p, const struct sql_unit *u)
{
	struct buf out = buf_new(p->arena, EMIT_MAX_BYTES);
	buf_printf(&out,
		"/* Made by tools/sql2c from src/%.*s/queries.sql: change that. */\n#pragma once\n"
		"#include \"data/db.h\"\n#include \"data/scope.h\"\n",
		STR_FMT(u->name));
	for (const struct sql_query *q = u->queries; q; q = q->next) {
		about_write(&out, q);
		in_struct_write(&out, q);
		row_struct_write(p, &out, u, q);
		buf_add(&out, STR("MUST_USE "));
		prototype_write(p, &out, q);
		buf_add(&out, STR(";\n"));
	}
	must(!buf_overflowed(&out));
	return buf_str(&out);
}

/* --- bodies --------------------------------------------------------------------------------------------- */

/* The names of the type's stmt_bind_… and stmt_… functions. */
static const char *type_verb(enum column_type t)
{
	static const char *const verbs[] = { [COL_ID] = "int",
		[COL_INT] = "int",
		[COL_BOOL] = "bool",
		[COL_TEXT] = "text",
		[COL_BYTES] = "bytes",
		[COL_INSTANT] = "instant",
		[COL_DATE] = "date",
		[COL_MONEY] = "money",
		[COL_JSON] = "text" };
	return verbs[t];
}

/* The number within the type, where that is a struct of one. */
static const char *type_number(enum column_type t)
{
	static const char *const numbers
		[] = { [COL_INSTANT] = ".ms", [COL_DATE] = ".days", [COL_MONEY] = ".cents", [COL_JSON] = NULL };
	return numbers[t] ? numbers[t] : "";
}

/* A value without its flag is a flag forgotten: it would be written as NULL, and lost. */
static void optional_bind_write(struct buf *out, const struct sql_value *v, int at)
{
	buf_printf(out, "\tmust(in->has_%.*s || !in->%.*s%s);\n", STR_FMT(v->name), STR_FMT(v->name),
		type_number(v->type));
	buf_printf(out, "\tif (!in->has_%.*s) stmt_bind_null(s, %d);\n\telse ", STR_FMT(v->name), at);
}

static void binds_write(struct buf *out, const struct sql_query *q)
{
	int at = 1;
	for (const struct sql_value *v = q->params; v; v = v->next, at++) {
		if (is_scope(v)) {
			buf_printf(out, "\tstmt_bind_int(s, %d, in->scope.staff_id);\n", at);
			continue;
		}
		if (v->nullable && sql_type_needs_flag(v->type))
			optional_bind_write(out, v, at);
		else
			buf_add_char(out, '\t');
		buf_printf(out, "stmt_bind_%s(s, %d, in->%.*s);\n", type_verb(v->type), at, STR_FMT(v->name));
	}
}

/* "*to = (struct x_row){ .id = stmt_int(s, 0), … };" */
static void row_read_write(struct sql_program *p, struct buf *out, const struct sql_query *q,
	const char *indent, const char *to, const char *arena)
{
	buf_printf(out, "%s%s = (struct %.*s){\n", indent, to, STR_FMT(row_name(p, q)));
	int at = 0;
	for (const struct sql_value *v = q->columns; v; v = v->next, at++) {
		const char *verb = type_verb(v->type);
		bool text = v->type == COL_TEXT || v->type == COL_JSON || v->type == COL_BYTES;
		if (v->nullable && sql_type_needs_flag(v->type))
			buf_printf(out, "%s\t.has_%.*s = !stmt_is_null(s, %d),\n", indent, STR_FMT(v->name), at);
		if (text)
			buf_printf(out, "%s\t.%.*s = stmt_text(s, %s, %d),\n", indent, STR_FMT(v->name), arena, at);
		else
			buf_printf(out, "%s\t.%.*s = stmt_%s(s, %d),\n", indent, STR_FMT(v->name), verb, at);
	}
	buf_printf(out, "%s};\n", indent);
}

static void one_write(struct sql_program *p, struct buf *out, const struct sql_query *q)
{
	buf_add(out, STR("\tbool row = false;\n\tstruct err *e = stmt_step(s, a, &row);\n\tif (!e && row) {\n"));
	row_read_write(p, out, q, "\t\t", "*ret", "a");
	buf_add(out, STR("\t}\n\tif (!e) *ret_found = row;\n\tstmt_done(s);\n\treturn e;\n"));
}

static void many_write(struct sql_program *p, struct buf *out, const struct sql_query *q)
{
	buf_printf(out,
		"\tstruct %.*s_rows rows = { 0 };\n\tsize_t room = 0;\n\tbool row = false;\n\tstruct err *e;\n",
		STR_FMT(q->name));
	buf_add(out, STR("\twhile (!(e = stmt_step(s, a, &row)) && row) {\n"));
	buf_printf(out, "\t\tif (rows.count == %lld) {\n", (long long)q->limit);
	if (!q->has_limit)
		buf_printf(out, "\t\t\te = stmt_too_many(a, &%.*s_query, %lld);\n", STR_FMT(q->name),
			(long long)q->limit);
	buf_add(out,
		STR("\t\t\tbreak;\n\t\t}\n"
			"\t\trows.items = stmt_room(a, rows.items, rows.count, &room, sizeof *rows.items);\n"));
	row_read_write(p, out, q, "\t\t", "rows.items[rows.count++]", "a");
	buf_add(out, STR("\t}\n\tif (!e) *ret = rows;\n\tstmt_done(s);\n\treturn e;\n"));
}

static void each_write(struct sql_program *p, struct buf *out, const struct sql_query *q)
{
	buf_add(out,
		STR("\tstruct arena *row_arena = arena_new(STMT_EACH_ROW_BYTES);\n\tbool row = false;\n\tstruct err *e;\n"
			"\twhile (!(e = stmt_step(s, a, &row)) && row) {\n"));
	buf_printf(out, "\t\tstruct %.*s item;\n", STR_FMT(row_name(p, q)));
	row_read_write(p, out, q, "\t\t", "item", "row_arena");
	buf_add(out,
		STR("\t\te = each(state, &item);\n\t\tif (e) break;\n\t\tarena_reset(row_arena);\n\t}\n"
			"\te = err_copy(a, e);\n\tarena_free(row_arena);\n\tstmt_done(s);\n\treturn e;\n"));
}

static void exec_write(struct buf *out)
{
	buf_add(out,
		STR("\tbool row;\n\tstruct err *e = stmt_step(s, a, &row);\n"
			"\tif (!e && ret_changed) *ret_changed = stmt_changes(s);\n\tstmt_done(s);\n\treturn e;\n"));
}

static void id_write(struct buf *out)
{
	buf_add(out,
		STR("\tbool row = false;\n\tstruct err *e = stmt_step(s, a, &row);\n\tmust(e || row);\n"
			"\tif (!e) *ret_id = stmt_int(s, 0);\n\tstmt_done(s);\n\treturn e;\n"));
}

/* FNV-1a, 31 bits: stays the same while other queries come and go, so that only changed files are rebuilt. */
static int index_of(struct str name)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.p[i]) * 16777619u;
	return (int)(h & 0x7fffffffu);
}

static int list_length(const struct sql_value *v)
{
	int n = 0;
	for (; v; v = v->next)
		n++;
	return n;
}

/* SQLite knows the id of the row it has just inserted; RETURNING makes it build a table for it first. */
static bool gives_id(const struct sql_query *q, struct str *ret_sqlite)
{
	static const char returning[] = "RETURNING id";
	if (q->kind != SQL_ID || !str_ends_with(q->sqlite, STR("RETURNING id"))) return false;
	if (str_find(q->sqlite, STR("CONFLICT")) >= 0) return false;
	*ret_sqlite = str_trim(str_slice(q->sqlite, 0, q->sqlite.n - (sizeof(returning) - 1)));
	return true;
}

static void query_write(struct sql_program *p, struct buf *out, const struct sql_query *q)
{
	struct str sqlite = q->sqlite;
	bool is_id = gives_id(q, &sqlite);
	about_write(out, q);
	buf_printf(out,
		"static const struct query %.*s_query = {\n\t.name = \"%.*s\",\n\t.sqlite =", STR_FMT(q->name),
		STR_FMT(q->name));
	sql_emit_literal(out, sqlite);
	buf_add(out, STR(",\n\t.postgresql ="));
	sql_emit_literal(out, q->postgresql);
	buf_printf(out, ",\n\t.index = %d, .params = %d, .columns = %d, .writes = %s, .gives_id = %s,\n};\n\n",
		index_of(q->name), list_length(q->params), list_length(q->columns), q->writes ? "true" : "false",
		is_id ? "true" : "false");
	prototype_write(p, out, q);
	buf_printf(out, "\n{\n\tstruct stmt *s;\n\tTRY(db_statement(db, a, &%.*s_query, &s));\n",
		STR_FMT(q->name));
	binds_write(out, q);
	switch (q->kind) {
	case SQL_ONE: one_write(p, out, q); break;
	case SQL_MANY: many_write(p, out, q); break;
	case SQL_EACH: each_write(p, out, q); break;
	case SQL_EXEC: exec_write(out); break;
	case SQL_ID: id_write(out); break;
	}
	buf_add(out, STR("}\n"));
}

struct str sql_emit_code(struct sql_program *p, const struct sql_unit *u)
{
	struct buf out = buf_new(p->arena, EMIT_MAX_BYTES);
	buf_printf(&out,
		"/* Made by tools/sql2c from src/%.*s/queries.sql: change that. */\n#include \"%.*s/queries.h\"\n",
		STR_FMT(u->name), STR_FMT(u->name));
	for (const struct sql_query *q = u->queries; q; q = q->next)
		query_write(p, &out, q);
	must(!buf_overflowed(&out));
	return buf_str(&out);
}
