/* What sql2c reads off a query: types, NULL, what it touches; and what it writes. */
#include "tools/sql2c/test_support.h"

/* "name TYPE, name TYPE?" of a list. */
static struct str list(struct test *t, const struct sql_value *v)
{
	struct buf out = buf_new(t->arena, 4096);
	for (; v; v = v->next) {
		if (buf_str(&out).n) buf_add(&out, STR(", "));
		buf_printf(&out, "%.*s %s%s", STR_FMT(v->name), sql_type_name(v->type), v->nullable ? "?" : "");
	}
	return buf_str(&out);
}

static void types(struct test *t, int line, const char *sql, const char *params, const char *columns)
{
	struct str text = arena_printf(t->arena, "-- name: a :each\n-- system: the types are the test\n%s;", sql);
	struct sql_query *q = sql_test_query(t, text.p);
	if (!q) return;
	struct str p = list(t, q->params), c = list(t, q->columns);
	if (!str_eq(p, str_of(params)))
		test_fail(t, "called from a test", line, "parameters of %s are %.*s", sql, STR_FMT(p));
	if (!str_eq(c, str_of(columns)))
		test_fail(t, "called from a test", line, "columns of %s are %.*s", sql, STR_FMT(c));
}
#define TYPES(sql, params, columns) types(t, __LINE__, (sql), (params), (columns))

TEST(sql2c_columns_of_every_type)
{
	TYPES("SELECT id, number, assignee_id, fee, is_open, filed_at, due_on, answers, hash FROM cases", "",
		"id INT, number TEXT, assignee_id INT?, fee MONEY?, is_open BOOL, filed_at INSTANT, due_on DATE?, answers JSON?, "
		"hash BYTES?");
}

TEST(sql2c_columns_of_joins)
{
	TYPES("SELECT n.id, c.number, c.fee FROM note n JOIN cases c ON c.id = n.case_id", "",
		"id INT, number TEXT, fee MONEY?");
	TYPES("SELECT c.id, n.text, n.id AS note_id FROM cases c LEFT JOIN note n ON n.case_id = c.id", "",
		"id INT, text TEXT?, note_id INT?");
	TYPES("SELECT c.id, (SELECT n.text FROM note n WHERE n.case_id = c.id LIMIT 1) AS first FROM cases c", "",
		"id INT, first TEXT?");
	TYPES("WITH few AS (SELECT id, text FROM note LIMIT 3) SELECT f.id, f.text FROM few f", "",
		"id INT, text TEXT");
	TYPES("SELECT id, text FROM note UNION ALL SELECT id, number FROM cases", "", "id INT, text TEXT");
}

TEST(sql2c_columns_of_expressions)
{
	TYPES("SELECT count(*) AS n, sum(cost) AS s, max(read_at) AS m FROM note", "",
		"n INT, s MONEY?, m INSTANT?");
	TYPES("SELECT coalesce(sum(cost), 0) AS s FROM note", "", "s MONEY");
	TYPES("SELECT coalesce(read_at, 0) AS r, length(text) AS l FROM note", "", "r INSTANT, l INT");
	TYPES("SELECT read_at IS NULL AS unread, id = case_id AS odd, TRUE AS yes FROM note", "",
		"unread BOOL, odd BOOL, yes BOOL");
	TYPES("SELECT EXISTS (SELECT 1 FROM note n WHERE n.case_id = c.id) AS noted FROM cases c", "",
		"noted BOOL");
	TYPES(
		"SELECT CASE WHEN is_open THEN 'open' ELSE number END AS a, CASE WHEN is_open THEN id END AS b FROM cases",
		"", "a TEXT, b INT?");
	TYPES("SELECT cost + cost AS a, cost * 2 AS b, id + 1 AS c, 'x' || text AS d FROM note", "",
		"a MONEY, b MONEY, c INT, d TEXT");
	TYPES("SELECT row_number() OVER (ORDER BY id) AS place FROM note", "", "place INT");
	TYPES("SELECT (SELECT count(*) FROM note) AS n, CAST(id AS TEXT) AS t FROM cases", "", "n INT, t TEXT");
	TYPES("DELETE FROM note WHERE id = :id RETURNING text, read_at", "id INT", "text TEXT, read_at INSTANT?");
}

TEST(sql2c_hints)
{
	struct sql_query *q = sql_test_query(t,
		"-- name: a :one\n-- type: :what DATE?, more MONEY\n-- type: less INT?\n"
		"SELECT cost + 1 AS more, cost - 1 AS less FROM note WHERE :what = '';");
	CHECK(q);
	CHECK_STR(list(t, q->params), "what DATE?");
	CHECK_STR(list(t, q->columns), "more MONEY, less INT?");
}

TEST(sql2c_params_of_comparisons)
{
	TYPES("SELECT id FROM cases WHERE number = :a AND :b < filed_at AND is_open = :c AND fee >= :d",
		"a TEXT, b INSTANT, c BOOL, d MONEY", "id INT");
	TYPES("SELECT id FROM cases WHERE id IN (:a, :b) AND due_on NOT IN (:c) AND fee BETWEEN :d AND :e",
		"a INT, b INT, c DATE, d MONEY, e MONEY", "id INT");
	TYPES(
		"SELECT id FROM cases c WHERE (c.number, c.id) > (:number, :last) ORDER BY c.number, c.id LIMIT :n OFFSET :m",
		"number TEXT, last INT, n INT, m INT", "id INT");
	TYPES("SELECT id FROM cases WHERE coalesce(assignee_id, 0) = :who", "who INT", "id INT");
	TYPES("SELECT id FROM cases WHERE assignee_id IS NOT DISTINCT FROM :who", "who INT?", "id INT");
	TYPES("SELECT id FROM cases WHERE hash = :hash", "hash BYTES", "id INT");
}

/* Optional filters: NULL has a meaning only where the query says so. */
TEST(sql2c_params_that_may_be_null)
{
	TYPES("SELECT id FROM cases WHERE (:who IS NULL OR assignee_id = :who) AND fee = :fee",
		"who INT?, fee MONEY", "id INT");
	TYPES(
		"UPDATE cases SET assignee_id = :who, fee = fee + :more, number = :number WHERE id = :id RETURNING id",
		"who INT?, more MONEY, number TEXT, id INT", "id INT");
	TYPES("UPDATE cases SET fee = coalesce(:fee, fee) WHERE id = 1 RETURNING id", "fee MONEY?", "id INT");
	TYPES(
		"INSERT INTO cases (number, department_id, compartment, assignee_id, is_open, filed_at, due_on) VALUES (:a, :b, "
		"'x', :c, TRUE, :d, :e) RETURNING id",
		"a TEXT, b INT, c INT?, d INSTANT, e DATE?", "id INT");
	TYPES(
		"INSERT INTO note (case_id, text, read_at) SELECT id, :words, :at FROM cases WHERE number = :number RETURNING id",
		"words TEXT, at INSTANT?, number TEXT", "id INT");
	TYPES("INSERT INTO note (case_id, text) VALUES (:a, 'x'), (:b, :c) RETURNING id", "a INT, b INT, c TEXT",
		"id INT");
}

TEST(sql2c_upsert)
{
	struct sql_query *q = sql_test_query(t,
		"-- name: a :exec\n-- system: only types here\n"
		"INSERT INTO cases (number, department_id, compartment, is_open, filed_at) VALUES (:number, 1, 'x', TRUE, :at)\n"
		"ON CONFLICT (number) DO UPDATE SET filed_at = excluded.filed_at, fee = :fee WHERE cases.is_open = :was;");
	CHECK(q);
	CHECK_STR(list(t, q->params), "number TEXT, at INSTANT, fee MONEY?, was BOOL");
	CHECK(q->writes);
}

/* --- what a query touches ------------------------------------------------------------------------------- */

TEST(sql2c_register_of_what_is_touched)
{
	struct sql_query *q = sql_test_query(t,
		"-- name: a :exec\nUPDATE note SET text = :text WHERE case_id = :case_id AND read_at IS NULL;");
	CHECK(q);
	struct buf out = buf_new(t->arena, 1024);
	for (const struct sql_touch *touch = q->touches; touch; touch = touch->next)
		buf_printf(&out, "%s%.*s.%.*s ", touch->write ? "!" : "", STR_FMT(touch->table),
			STR_FMT(touch->column));
	CHECK_STR(buf_str(&out), "note.case_id note.read_at !note.text ");
}

/* --- what is written ------------------------------------------------------------------------------------ */

TEST(sql2c_texts_for_both_engines)
{
	struct sql_query *q = sql_test_query(t,
		"-- name: a :one\n-- system: texts only\nSELECT c.id, count(*) AS n -- how many\nFROM cases c\n"
		"WHERE c.is_open = :open AND (:who IS NULL OR c.assignee_id = :who) AND c.number = 'it''s :not'\nGROUP BY c.id;");
	CHECK(q);
	CHECK_STR(q->sqlite,
		"SELECT c.id, count(*) AS n\nFROM cases c\n"
		"WHERE c.is_open = ?1 AND (?2 IS NULL OR c.assignee_id = ?2) AND c.number = 'it''s :not'\n"
		"GROUP BY c.id");
	CHECK_STR(q->postgresql,
		"SELECT c.id, (count(*))::bigint AS n\nFROM cases c\n"
		"WHERE c.is_open = $1::boolean AND ($2::bigint IS NULL OR c.assignee_id = $2::bigint) AND c.number = 'it''s "
		":not'\nGROUP BY c.id");
}

TEST(sql2c_scope_is_written_out)
{
	struct sql_query *q = sql_test_query(t,
		"-- name: a :one\nSELECT c.id FROM cases c WHERE c.number = :number AND @scope(c);");
	CHECK(q);
	CHECK(q->uses_scope);
	CHECK(str_find(q->sqlite, STR("scope_g.staff_id = ?2")) > 0);
	CHECK(str_find(q->sqlite, STR("scope_x.case_id = c.id")) > 0);
	CHECK(str_find(q->postgresql, STR("scope_g.staff_id = $2::bigint")) > 0);
}

/* All other places of the two files that name it. */
static struct str emitted(struct test *t, const char *text, bool header)
{
	struct sql_program *p = sql_test_queries(t, text);
	const struct sql_unit *u = p->units;
	while (!u->has_queries_file)
		u = u->next;
	return header ? sql_emit_header(p, u) : sql_emit_code(p, u);
}

TEST(sql2c_header)
{
	struct str h = emitted(t,
		"-- name: note_of_case :many 50\n-- The notes on a case.\n"
		"SELECT id, text, read_at, cost FROM note WHERE case_id = :case_id AND (:most IS NULL OR cost < :most);",
		true);
	CHECK(
		str_find(h,
			STR("/* core/case/queries.sql:1\n * The notes on a case. */\nstruct note_of_case_in {\n\tint64_t "
				"case_id;\n\tbool has_most;\n\tstruct money most;\n};\nstruct note_of_case_row {\n\tint64_t id;\n\tstruct "
				"str text;\n\tstruct instant read_at;\n\tstruct money cost;\n};\n")) > 0);
	CHECK(str_find(h,
			  STR("struct note_of_case_rows {\n\tstruct note_of_case_row *items;\n\tsize_t count;\n};")) > 0);
	CHECK(str_find(h, STR("MUST_USE struct err *note_of_case(struct db *db, struct arena *a,")) > 0);
}

TEST(sql2c_a_forgotten_flag_is_found)
{
	struct str c = emitted(t,
		"-- name: cheap :many 50\nSELECT id FROM note WHERE (:most IS NULL OR cost < :most) AND (:id IS NULL OR id = :id);",
		false);
	CHECK(
		str_find(c,
			STR("\tmust(in->has_most || !in->most.cents);\n\tif (!in->has_most) stmt_bind_null(s, 1);")) > 0);
	CHECK(str_find(c, STR("\tmust(in->has_id || !in->id);")) > 0);
}

TEST(sql2c_no_parameters_no_input)
{
	struct str h = emitted(t, "-- name: note_all :each\nSELECT id FROM note;", true);
	CHECK(str_find(h, STR("_in")) < 0);
	CHECK(str_find(h,
			  STR("struct err *(*each)(void *state, const struct note_all_row *row), void *state);")) > 0);
}

TEST(sql2c_code_guards_the_limit)
{
	const char *open = "-- name: a :many 7\nSELECT id FROM note;",
			   *own = "-- name: a :many 7\nSELECT id FROM note LIMIT 7;";
	CHECK(str_find(emitted(t, open, false), STR("e = stmt_too_many(a, &a_query, 7);")) > 0);
	CHECK(str_find(emitted(t, own, false), STR("stmt_too_many")) < 0);
}

TEST(sql2c_shared_row_is_written_once)
{
	struct str h = emitted(t,
		"-- name: a :one\n-- row: note_row\nSELECT id, text FROM note WHERE id = :id;\n"
		"-- name: b :many 9\n-- row: note_row\nSELECT id, text FROM note WHERE case_id = :case_id;",
		true);
	ptrdiff_t first = str_find(h, STR("struct note_row {"));
	CHECK(first > 0);
	CHECK(str_find(str_slice(h, (size_t)first + 1, h.n), STR("struct note_row {")) < 0);
	CHECK(str_find(h, STR("struct b_rows {\n\tstruct note_row *items;")) > 0);
}

TEST(sql2c_schema_in_order_with_registers)
{
	struct sql_program *p = sql_test_queries(t,
		"-- name: a :one\n-- hot\nSELECT text FROM note WHERE id = :id;");
	struct str s = sql_emit_schema(p);
	ptrdiff_t staff = str_find(s, STR(".unit = \"core/staff\"")),
			  cases = str_find(s, STR(".unit = \"core/case\""));
	CHECK(staff > 0 && cases > staff); /* by need, against the alphabet */
	CHECK(str_find(s, STR("\\tid bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,")) > 0);
	CHECK(str_find(s, STR("\\tid INTEGER PRIMARY KEY,")) > 0);
	CHECK(str_find(s, STR("{ \"note\", \"text\", COL_TEXT, \"sensitive\", \"party\", \"case\" },")) > 0);
	CHECK(str_find(s, STR("{ \"note\", \"id\", COL_ID, \"none\", NULL, NULL },")) > 0);
	CHECK(str_find(s, STR(".hot = true,")) > 0);
	CHECK(str_find(s, STR(".reads = (const char *const[]){ \"note.id\", \"note.text\", NULL }")) > 0);
}

/* What a table's rows were goes into its successor, in each engine's words, and queries know the successor only. */
TEST(sql2c_table_takes_the_place_of_another)
{
	const struct sql_file files[] = {
		{ "core/a/migrations/001_old.sql",
			"CREATE TABLE old (\n\tone INT NOT NULL, -- none\n\tword TEXT NOT NULL -- none\n);" },
		{ "core/a/migrations/002_new.sql",
			"CREATE TABLE new (\n\tone INT NOT NULL, -- none\n\twords TEXT NOT NULL, -- none\n\tPRIMARY KEY (one, words)\n);\n"
			"INSERT INTO new (one, words) SELECT one, string_agg(word, ' ') FROM old GROUP BY one;\n"
			"UPDATE new SET words = trim(words);\nDROP TABLE old;" },
		{ "core/a/queries.sql", "-- name: a :many 5\nSELECT words FROM new WHERE one = :one LIMIT 5;" }, { 0 }
	};
	struct sql_program *p = sql_test_run(t, files);
	CHECK_STR(sql_test_problems(t, p), "");
	struct str s = sql_emit_schema(p);
	CHECK(str_find(s, STR(") STRICT, WITHOUT ROWID;")) > 0);
	CHECK(str_find(s, STR("SELECT one, group_concat(word, ' ') FROM old")) > 0);
	CHECK(str_find(s, STR("SELECT one, string_agg(word, ' ') FROM old")) > 0);
	CHECK(str_find(s, STR("UPDATE new SET words = trim(words);")) > 0);
	CHECK(str_find(s, STR("{ \"old\", \"word\"")) < 0); /* nor does the register name it any more */
	CHECK(str_find(s, STR("{ \"new\", \"words\"")) > 0);
}

/* printf '' | sha256sum */
TEST(sql2c_checksum_is_of_the_source)
{
	const struct sql_file files[] = { { "core/a/migrations/001_empty.sql", "" }, { 0 } };
	struct str s = sql_emit_schema(sql_test_run(t, files));
	CHECK(str_find(s, STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")) > 0);
}

TEST(sql2c_literals)
{
	struct buf out = buf_new(t->arena, 1024);
	sql_emit_literal(&out, STR("a \"b\" \\\n\tñ\x01"));
	CHECK_STR(buf_str(&out), "\n\t\t\"a \\\"b\\\" \\\\\\n\"\n\t\t\"\\tñ\\001\"");
}

TEST(sql2c_nearest)
{
	struct str names[] = { STR("number"), STR("name"), STR("due_on") };
	CHECK_STR(sql_nearest(STR("numbr"), names, 3), "number");
	CHECK_STR(sql_nearest(STR("nmae"), names, 3), "name");
	CHECK(str_is_none(sql_nearest(STR("zebra"), names, 3)));
}
