/* Every rule of sql2c, broken once: each is a problem with its file and line. */
#include "tools/sql2c/test_support.h"

static struct sql_program *migration(struct test *t, const char *text)
{
	const struct sql_file files[] = { { "core/a/migrations/001_create.sql", text }, { 0 } };
	return sql_test_run(t, files);
}

/* A unit of its own beside the small schema. */
static struct sql_program *other_unit(struct test *t, const char *queries)
{
	const struct sql_file files[] = { { "core/case/migrations/001_create.sql", sql_test_cases },
		{ "core/staff/migrations/001_create.sql", sql_test_staff }, { "mod/other/queries.sql", queries },
		{ 0 } };
	return sql_test_run(t, files);
}

#define A_MIGRATION "core/a/migrations/001_create.sql:"
#define QUERIES "core/case/queries.sql:"

TEST(sql2c_small_schema_is_fine) { CHECK_STR(sql_test_problems(t, sql_test_queries(t, "")), ""); }

/* --- migrations ----------------------------------------------------------------------------------------- */

TEST(sql2c_undeclared_column)
{
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (\n\tid ID, -- none\n\tname TEXT NOT NULL\n);\n"),
		A_MIGRATION "3: ", "column name does not say what it holds");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (\n\tid ID,\n\tname TEXT -- none\n);\n"),
		A_MIGRATION "2: ", "column id");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID -- personal: party\n);"),
		A_MIGRATION "1: ", "is no declaration");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID -- nonesuch\n);"),
		A_MIGRATION "1: ", "is no declaration");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID -- secret: party, case\n);"),
		A_MIGRATION "1: ", "is no declaration");
	CHECK_STR(sql_test_problems(t,
				  migration(t, "CREATE TABLE a (id ID -- none; the folio of the treasury\n);")),
		"");
	CHECK_STR(sql_test_problems(t,
				  migration(t, "CREATE TABLE a (x INT -- sensitive: party, case (health)\n);")),
		"");
}

TEST(sql2c_vocabulary_of_migrations)
{
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (\n\tid BIGINT -- none\n);"),
		A_MIGRATION "2: ", "is no type");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID, -- none\n\tx INT COLLATE NOCASE -- none\n);"),
		A_MIGRATION "2: ", "COLLATE");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (x INT REFERENCES b(id) ON DELETE CASCADE -- none\n);"),
		A_MIGRATION "1: ", "CASCADE");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID -- none\n);\nDELETE FROM a;"),
		A_MIGRATION "3: ", "DELETE");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID -- none\n);\nDROP INDEX a;"),
		A_MIGRATION "3: ", "expected TABLE");
	EXPECT_PROBLEM(migration(t, "DROP TABLE b;"), A_MIGRATION "1: ", "there is no table b");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID -- none\n);\nUPDATE a WHERE id = 1;"),
		A_MIGRATION "3: ", "expected SET");
	EXPECT_PROBLEM(migration(t, "CREATE VIEW a AS SELECT 1;"), A_MIGRATION "1: ", "CREATE takes");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (Name TEXT -- none\n);"),
		A_MIGRATION "1: ", "cannot be the name");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE user (id ID -- none\n);"), A_MIGRATION "1: ", "keyword");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (x INT, -- none\n x TEXT -- none\n);"),
		A_MIGRATION "2: ", "has a column x already");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (x BOOL DEFAULT 1 -- none\n);"),
		A_MIGRATION "1: ", "DEFAULT takes");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID -- none\n)"), A_MIGRATION "2: ", "expected ;");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (id ID, x INT -- none\n);\nINSERT INTO a (id) VALUES (1);"),
		A_MIGRATION "3: ", "the engine gives it");
	EXPECT_PROBLEM(migration(t, "CREATE TABLE a (x INT -- none\n);\nCREATE INDEX i ON a (y);"),
		A_MIGRATION "3: ", "no such column");
}

TEST(sql2c_scoped_tables_have_what_scope_needs)
{
	EXPECT_PROBLEM(migration(t, "-- scoped\nCREATE TABLE a (id ID, case_id INT -- none\n);"),
		A_MIGRATION "2: ", "a scoped table has department_id");
	EXPECT_PROBLEM(migration(t, "-- scoped: perhaps\nCREATE TABLE a (id ID -- none\n);"),
		A_MIGRATION "1: ", "write -- scoped");
}

TEST(sql2c_units_and_needs)
{
	const struct sql_file foreign[] = {
		{ "core/a/migrations/001_a.sql", "CREATE TABLE a (id ID -- none\n);" },
		{ "core/b/migrations/001_b.sql", "CREATE TABLE b (\n\ta_id INT REFERENCES a(id) -- none\n);" }, { 0 }
	};
	EXPECT_PROBLEM(sql_test_run(t, foreign), "core/b/migrations/001_b.sql:2: ", "does not need");
	const struct sql_file cycle[] = { { "core/a/migrations/001_a.sql",
										  "-- needs: core/b\nCREATE TABLE a (id ID -- none\n);" },
		{ "core/b/migrations/001_b.sql", "-- needs: core/a\nCREATE TABLE b (id ID -- none\n);" }, { 0 } };
	EXPECT_PROBLEM(sql_test_run(t, cycle), "core/b/migrations/001_b.sql:1: ", "need each other");
	EXPECT_PROBLEM(migration(t, "-- needs: core/zzz\nCREATE TABLE a (id ID -- none\n);"),
		A_MIGRATION "1: ", "there is no unit core/zzz");
	const struct sql_file twice[] = { { "core/a/migrations/001_a.sql", "CREATE TABLE a (id ID -- none\n);" },
		{ "core/a/migrations/001_b.sql", "CREATE TABLE b (id ID -- none\n);" },
		{ "core/a/migrations/x.sql", "" }, { 0 } };
	EXPECT_PROBLEM(sql_test_run(t, twice), "core/a/migrations/001_b.sql:1: ", "001 is taken");
	EXPECT_PROBLEM(sql_test_run(t, twice), "core/a/migrations/x.sql:1: ", "NNN_name.sql");
	const struct sql_file alter[] = { { "core/a/migrations/001_a.sql", "CREATE TABLE a (id ID -- none\n);" },
		{ "core/b/migrations/001_b.sql", "-- needs: core/a\nALTER TABLE a ADD COLUMN x INT; -- none" },
		{ 0 } };
	EXPECT_PROBLEM(sql_test_run(t, alter), "core/b/migrations/001_b.sql:2: ", "belongs to core/a");
	const struct sql_file drop[] = { { "core/a/migrations/001_a.sql", "CREATE TABLE a (id ID -- none\n);" },
		{ "core/b/migrations/001_b.sql", "-- needs: core/a\nDROP TABLE a;" }, { 0 } };
	EXPECT_PROBLEM(sql_test_run(t, drop), "core/b/migrations/001_b.sql:2: ", "belongs to core/a");
}

/* --- queries -------------------------------------------------------------------------------------------- */

TEST(sql2c_unknown_names_with_near_ones)
{
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :one\n-- system: a reason\nSELECT n.id\nFROM note n\nWHERE n.txet = 'a';"),
		QUERIES "5: ", "did you mean text?");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT id FROM notes;"),
		QUERIES "2: ", "did you mean note?");
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :exec\nINSERT INTO note (case_id, texts) VALUES (:case_id, 'x');"),
		QUERIES "2: ", "did you mean text?");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT id FROM note WHERE ;"),
		QUERIES "2: ", "incomplete input");
}

TEST(sql2c_foreign_write)
{
	struct sql_program *p = other_unit(t,
		"-- needs: core/case\n\n-- name: a :exec\nUPDATE note SET text = :text;");
	EXPECT_PROBLEM(p, "mod/other/queries.sql:3: ", "a writes table note, which belongs to core/case");
	p = other_unit(t, "-- name: a :many 5\nSELECT id FROM note LIMIT 5;");
	EXPECT_PROBLEM(p, "mod/other/queries.sql:1: ", "does not need");
	p = other_unit(t, "-- needs: core/case\n-- name: a :many 5\nSELECT id FROM note LIMIT 5;");
	CHECK_STR(sql_test_problems(t, p), "");
}

TEST(sql2c_missing_scope)
{
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :one\nSELECT c.id\nFROM cases c WHERE c.number = :number;"),
		QUERIES "3: ", "a touches the scoped table cases: add AND @scope(c)");
	/* One of two uses is not enough. */
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :many 9\nSELECT c.id FROM cases c\nJOIN cases d ON d.number = c.number\n"
					   "WHERE @scope(c);"),
		QUERIES "3: ", "@scope(d)");
	/* Nor may it hide in a subquery or a write. */
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :many 9\nSELECT id FROM note WHERE case_id IN (SELECT id FROM cases);"),
		QUERIES "2: ", "scoped table cases");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :exec\nDELETE FROM cases WHERE id = :id;"),
		QUERIES "2: ", "scoped table cases");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT n.id FROM note n WHERE @scope(n);"),
		QUERIES "2: ", "not declared -- scoped");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT n.id FROM note n WHERE @scope(z);"),
		QUERIES "2: ", "no table has this alias");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\n-- system: why\nSELECT id FROM cases;"),
		QUERIES "2: ", "takes a reason");
}

/* A word of a case may be found through the case that is in scope, and only when tied to it. */
TEST(sql2c_scope_as_its_case)
{
	CHECK(sql_test_query(t,
		"-- name: a :many 9\nSELECT c.id FROM case_word w JOIN cases c ON c.id = w.case_id\nWHERE w.word = :word AND "
		"@scope(c)\nAND EXISTS (SELECT 1 FROM case_word x WHERE x.case_id = w.case_id AND x.word = 'y');"));
	EXPECT_PROBLEM(
		sql_test_queries(t,
			"-- name: a :many 9\nSELECT c.id FROM cases c, case_word w WHERE w.word = c.number AND @scope(c);"),
		QUERIES "2: ", "@scope(w)");
	/* Cases themselves are not seen through a word. */
	EXPECT_PROBLEM(
		sql_test_queries(t,
			"-- name: a :many 9\nSELECT c.id FROM cases c JOIN case_word w ON w.case_id = c.id WHERE @scope(w);"),
		QUERIES "2: ", "@scope(c)");
}

TEST(sql2c_many_needs_its_limit)
{
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :many\nSELECT id FROM note;"),
		QUERIES "1: ", ":many takes its limit");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :many 0\nSELECT id FROM note;"), QUERIES "1: ", "limit");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :several\nSELECT id FROM note;"),
		QUERIES "1: ", "no kind of query");
}

TEST(sql2c_kind_fits_the_statement)
{
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :exec\nSELECT id FROM note;"),
		QUERIES "1: ", "changes nothing");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nDELETE FROM note;"),
		QUERIES "1: ", "returns no columns");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :id\nDELETE FROM note RETURNING id;"),
		QUERIES "1: ", ":id is for");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :exec\nDELETE FROM note RETURNING id;"),
		QUERIES "1: ", "returns columns");
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :exec\nINSERT INTO note (id, case_id, text) VALUES (:id, 1, 'x');"),
		QUERIES "2: ", "column id is an ID");
}

TEST(sql2c_shape_of_queries_files)
{
	EXPECT_PROBLEM(sql_test_queries(t, "SELECT 1;\n-- name: a :one\nSELECT id FROM note;"),
		QUERIES "1: ", "before the first");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT id FROM note"),
		QUERIES "1: ", "does not end with ;");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT id FROM note;\nDELETE FROM note;"),
		QUERIES "3: ", "one statement a name");
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :one\nSELECT id FROM note;\n-- name: a :one\nSELECT id FROM note;"),
		QUERIES "3: ", "too");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: int :one\nSELECT id FROM note;"),
		QUERIES "1: ", "cannot be the name");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\n-- type: total WHAT\nSELECT id FROM note;"),
		QUERIES "2: ", "is no hint");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\n-- type: total INT\nSELECT id FROM note;"),
		QUERIES "1: ", "fits nothing");
}

TEST(sql2c_hot_must_not_scan)
{
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :many 9\n-- hot\nSELECT n.id\nFROM note n WHERE n.text = :text LIMIT 9;"),
		QUERIES "4: ", "a is hot but would read the whole table note");
	CHECK(sql_test_query(t, "-- name: a :one\n-- hot\nSELECT n.text FROM note n WHERE n.id = :id;"));
}

TEST(sql2c_only_what_both_engines_share)
{
	static const char *const refused[][2] = {
		{ "SELECT id FROM note WHERE text LIKE 'a%'", "LIKE" },
		{ "SELECT strftime('%s', 'now') AS x", "strftime" },
		{ "SELECT id FROM note WHERE text = \"a\"", "no SQL" },
		{ "SELECT id FROM note WHERE text == 'a'", "==" },
		{ "SELECT id FROM note WHERE rowid = 1", "ROWID" },
		{ "SELECT text -> 'a' AS x FROM note", "JSON" },
		{ "SELECT json_extract(text, '$') AS x FROM note", "json_extract" },
		{ "SELECT id FROM note LIMIT 1, 2", "LIMIT a, b" },
		{ "SELECT max(id, case_id) AS x FROM note", "takes one argument" },
		{ "SELECT id FROM note WHERE read_at IS cost", "IS takes" },
		{ "SELECT id FROM note WHERE id = ?", "no SQL" },
		{ "SELECT id FROM note WHERE id = $1", "no SQL" },
		{ "SELECT n.id FROM note n ORDER BY n.text COLLATE NOCASE", "COLLATE" },
		{ "SELECT id FROM (SELECT id FROM note) AS some", "AS some" },
		{ "INSERT OR REPLACE INTO note (case_id, text) VALUES (1, 'x') RETURNING id", "REPLACE" },
		{ "SELECT lower(text) AS x FROM note", "lower" },
		{ "SELECT CURRENT_TIMESTAMP AS x", "CURRENT_TIMESTAMP" },
	};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct str text = arena_printf(t->arena, "-- name: a :one\n%s;", refused[i][0]);
		EXPECT_PROBLEM(sql_test_queries(t, text.p), QUERIES "2: ", refused[i][1]);
	}
}

TEST(sql2c_types_that_cannot_be_read)
{
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT id FROM note WHERE :what = :ever;"),
		QUERIES "1: ", "the type of :what");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT cost + 1 AS more FROM note;"),
		QUERIES "1: ", "the type of result column more");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT id FROM note WHERE id = :x AND text = :x;"),
		QUERIES "2: ", ":x is used as INT and as TEXT");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT n.* FROM note n;"),
		QUERIES "2: ", "name the columns");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT count(*) FROM note;"),
		QUERIES "1: ", "name with AS");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT count(*) total FROM note;"),
		QUERIES "2: ", "write AS before total");
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :one\nSELECT n.id, m.id FROM note n JOIN note m ON m.id = n.id;"),
		QUERIES "1: ", "two result columns are called id");
	EXPECT_PROBLEM(sql_test_queries(t, "-- name: a :one\nSELECT text AS register FROM note;"),
		QUERIES "2: ", "AS register: that is a keyword");
}

TEST(sql2c_shared_rows_are_alike)
{
	EXPECT_PROBLEM(sql_test_queries(t,
					   "-- name: a :one\n-- row: note_row\nSELECT id, text FROM note;\n"
					   "-- name: b :one\n-- row: note_row\nSELECT id, cost FROM note;"),
		QUERIES "4: ", "shares the row note_row");
}
