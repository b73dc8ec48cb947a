/* Forward only, each once, all or none; a database that went another way is refused. */
#include "data/test_support.h"

#define TABLE(columns) "CREATE TABLE " columns " STRICT;", "CREATE TABLE " columns ";"
#define TABLE_TWO                                                                                            \
	"CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT; INSERT INTO two (id) VALUES (7);",                    \
		"CREATE TABLE two (id INTEGER PRIMARY KEY); INSERT INTO two (id) VALUES (7);"
#define COLUMN_X "ALTER TABLE one ADD COLUMN x TEXT;", "ALTER TABLE one ADD COLUMN x TEXT;"

static const struct migration first[] = {
	{ "u/a", "001_one", TABLE("one (id INTEGER PRIMARY KEY)"), "a1" },
	{ "u/b", "001_two", TABLE_TWO, "b1" },
	{ 0 },
};
static const struct migration grown[] = {
	{ "u/a", "001_one", TABLE("one (id INTEGER PRIMARY KEY)"), "a1" },
	{ "u/a", "002_more", COLUMN_X, "a2" },
	{ "u/b", "001_two", TABLE_TWO, "b1" },
	{ "u/c", "001_three", TABLE("three (id INTEGER PRIMARY KEY)"), "c1" },
	{ 0 },
};
static const struct migration changed[] = {
	{ "u/a", "001_one", TABLE("one (id INTEGER PRIMARY KEY, y TEXT)"), "a1x" },
	{ "u/b", "001_two", TABLE("two (id INTEGER PRIMARY KEY)"), "b1" },
	{ 0 },
};
static const struct migration slipped_in[] = {
	{ "u/a", "000_before", TABLE("before (id INTEGER PRIMARY KEY)"), "a0" },
	{ "u/a", "001_one", TABLE("one (id INTEGER PRIMARY KEY)"), "a1" },
	{ "u/b", "001_two", TABLE("two (id INTEGER PRIMARY KEY)"), "b1" },
	{ 0 },
};
static const struct migration broken[] = {
	{ "u/a", "001_one", TABLE("one (id INTEGER PRIMARY KEY)"), "a1" },
	{ "u/a", "002_more", TABLE("more (id INTEGER PRIMARY KEY)"), "a2" },
	{ "u/a", "003_broken", TABLE("more (id INTEGER PRIMARY KEY)"), "a3" },
	{ "u/b", "001_two", TABLE_TWO, "b1" },
	{ 0 },
};

TEST(migrate_applies_once_and_then_the_rest)
{
	struct db *db;
	int n = -1;
	CHECK_OK(db_open(t->arena, support_empty_database(t), DB_WRITE, &db));
	CHECK_ERR(migrate_check(db, t->arena, first), ERR_UNAVAILABLE);
	CHECK_OK(migrate_apply(db, t->arena, first, (struct instant){ 5 }, &n));
	CHECK_INT(n, 2);
	CHECK_OK(migrate_check(db, t->arena, first));
	CHECK_OK(migrate_apply(db, t->arena, first, (struct instant){ 6 }, &n));
	CHECK_INT(n, 0);
	CHECK_ERR(migrate_check(db, t->arena, grown), ERR_UNAVAILABLE);
	CHECK_OK(migrate_apply(db, t->arena, grown, (struct instant){ 7 }, &n));
	CHECK_INT(n, 2);
	CHECK_OK(migrate_check(db, t->arena, grown));
	db_close(db);
}

TEST(migrate_refuses_a_newer_database)
{
	struct db *db;
	int n = -1;
	CHECK_OK(db_open(t->arena, support_empty_database(t), DB_WRITE, &db));
	CHECK_OK(migrate_apply(db, t->arena, grown, (struct instant){ 5 }, &n));
	n = -1;
	CHECK_ERR(migrate_apply(db, t->arena, first, (struct instant){ 6 }, &n), ERR_CONFLICT);
	CHECK_ERR(migrate_check(db, t->arena, first), ERR_CONFLICT);
	CHECK_INT(n, -1);
	db_close(db);
}

TEST(migrate_refuses_a_changed_text)
{
	struct db *db;
	int n;
	CHECK_OK(db_open(t->arena, support_empty_database(t), DB_WRITE, &db));
	CHECK_OK(migrate_apply(db, t->arena, first, (struct instant){ 5 }, &n));
	CHECK_ERR(migrate_apply(db, t->arena, changed, (struct instant){ 6 }, &n), ERR_CONFLICT);
	CHECK_ERR(migrate_check(db, t->arena, changed), ERR_CONFLICT);
	db_close(db);
}

TEST(migrate_refuses_one_slipped_in_before)
{
	struct db *db;
	int n;
	CHECK_OK(db_open(t->arena, support_empty_database(t), DB_WRITE, &db));
	CHECK_OK(migrate_apply(db, t->arena, first, (struct instant){ 5 }, &n));
	CHECK_ERR(migrate_apply(db, t->arena, slipped_in, (struct instant){ 6 }, &n), ERR_CONFLICT);
	db_close(db);
}

/* A failed upgrade leaves the database as it was: the old program goes on with it. */
TEST(migrate_fails_as_a_whole)
{
	static const struct query more = { .name = "more",
		.index = 401,
		.columns = 1,
		.sqlite = "SELECT count(*) FROM sqlite_schema WHERE name = 'more'",
		.postgresql =
			"SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'more'" };
	struct db *db;
	struct stmt *s;
	bool row;
	int n;
	CHECK_OK(db_open(t->arena, support_empty_database(t), DB_WRITE, &db));
	CHECK_OK(migrate_apply(db, t->arena, first, (struct instant){ 5 }, &n));
	struct err *e = migrate_apply(db, t->arena, broken, (struct instant){ 6 }, &n);
	CHECK(e && str_find(err_describe(t->arena, e), STR("003_broken")) >= 0);
	CHECK_OK(db_statement(db, t->arena, &more, &s));
	CHECK_OK(stmt_step(s, t->arena, &row));
	CHECK_INT(stmt_int(s, 0), 0);
	stmt_done(s);
	CHECK_OK(migrate_check(db, t->arena, first));
	db_close(db);
}

/* A reader asks at each start whether the database fits, and changes nothing by asking. */
TEST(migrate_check_on_an_empty_database)
{
	struct str url = support_empty_database(t);
	struct db *db, *reader;
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &db));
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	CHECK_ERR(migrate_check(reader, t->arena, first), ERR_UNAVAILABLE);
	db_close(reader);
	db_close(db);
}
