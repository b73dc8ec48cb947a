/* Connections: what readers may, snapshots, the statement cache, every type there and back. */
#include <sys/stat.h>

#include "data/test_support.h"

static const struct query all_types_table = { .name = "all_types_table",
	.index = 301,
	.writes = true,
	.sqlite =
		"CREATE TABLE every (i INTEGER, b INTEGER, t TEXT, x BLOB, at INTEGER, d TEXT, m INTEGER) STRICT",
	.postgresql = "CREATE TABLE every (i bigint, b boolean, t text, x bytea, at bigint, d text, m bigint)" };
static const struct query all_types_insert = { .name = "all_types_insert",
	.index = 302,
	.params = 7,
	.writes = true,
	.sqlite = "INSERT INTO every VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	.postgresql = "INSERT INTO every VALUES ($1::bigint, $2::boolean, $3::text, $4::bytea, $5::bigint, "
				  "$6::text, $7::bigint)" };
static const struct query all_types_select = { .name = "all_types_select",
	.index = 303,
	.columns = 7,
	.sqlite = "SELECT i, b, t, x, at, d, m FROM every ORDER BY rowid",
	.postgresql = "SELECT i, b, t, x, at, d, m FROM every ORDER BY ctid" };

struct every {
	int64_t i;
	bool b, i_is_null;
	struct str t, x;
	struct instant at;
	struct date d;
	struct money m;
};

static struct err *every_insert(struct db *db, struct arena *a, const struct every *v)
{
	struct stmt *s;
	bool row;
	TRY(db_statement(db, a, &all_types_insert, &s));
	if (v->i_is_null)
		stmt_bind_null(s, 1);
	else
		stmt_bind_int(s, 1, v->i);
	stmt_bind_bool(s, 2, v->b);
	stmt_bind_text(s, 3, v->t);
	stmt_bind_bytes(s, 4, v->x);
	stmt_bind_instant(s, 5, v->at);
	stmt_bind_date(s, 6, v->d);
	stmt_bind_money(s, 7, v->m);
	struct err *e = stmt_step(s, a, &row);
	stmt_done(s);
	return e;
}

static void every_read(struct stmt *s, struct arena *a, struct every *ret)
{
	*ret = (struct every){ .i = stmt_int(s, 0),
		.i_is_null = stmt_is_null(s, 0),
		.b = stmt_bool(s, 1),
		.t = stmt_text(s, a, 2),
		.x = stmt_text(s, a, 3),
		.at = stmt_instant(s, 4),
		.d = stmt_date(s, 5),
		.m = stmt_money(s, 6) };
}

TEST(db_types_there_and_back)
{
	struct db *db;
	struct date leap;
	CHECK(date_of_ymd(2024, 2, 29, &leap));
	struct every rows[] = {
		{ INT64_MIN, true, false, STR("García\n'x'"), { "\0\xff\x01", 3 }, { INT64_MAX }, leap, { -5 } },
		{ 0, false, true, STR_NONE, STR_NONE, INSTANT_NONE, DATE_NONE, { INT64_MAX } },
		{ INT64_MAX, false, false, STR(""), STR(""), { -1 }, { 0 }, { 0 } },
	};
	CHECK_OK(db_open(t->arena, support_database(t), DB_WRITE, &db));
	CHECK_OK(support_run(db, t->arena, &all_types_table));
	for (size_t i = 0; i < 3; i++)
		CHECK_OK(every_insert(db, t->arena, &rows[i]));
	struct stmt *s;
	bool row;
	CHECK_OK(db_statement(db, t->arena, &all_types_select, &s));
	for (size_t i = 0; i < 3; i++) {
		struct every got;
		CHECK_OK(stmt_step(s, t->arena, &row));
		CHECK(row);
		every_read(s, t->arena, &got);
		CHECK_INT(got.i, rows[i].i);
		CHECK_INT(got.i_is_null, rows[i].i_is_null);
		CHECK_INT(got.b, rows[i].b);
		CHECK(str_eq(got.t, rows[i].t) && str_is_none(got.t) == str_is_none(rows[i].t));
		CHECK(str_eq(got.x, rows[i].x) && str_is_none(got.x) == str_is_none(rows[i].x));
		CHECK_INT(got.at.ms, rows[i].at.ms);
		CHECK_INT(got.d.days, rows[i].d.days);
		CHECK_INT(got.m.cents, rows[i].m.cents);
	}
	CHECK_OK(stmt_step(s, t->arena, &row));
	CHECK(!row);
	stmt_done(s);
	db_close(db);
}

/* A text with a NUL cannot be kept on PostgreSQL, so it is nowhere; bytes may be anything. */
TEST(db_refuses_a_nul_in_a_text)
{
	struct db *db;
	CHECK_OK(db_open(t->arena, support_database(t), DB_WRITE, &db));
	CHECK_ERR(note_insert(db, t->arena, 1, 1, (struct str){ "a\0b", 3 }), ERR_INVALID);
	CHECK_OK(note_insert(db, t->arena, 1, 1, STR("ab")));
	db_close(db);
}

TEST(db_reader_cannot_write)
{
	struct db *db;
	CHECK_OK(db_open(t->arena, support_database(t), DB_READ, &db));
	CHECK_ERR(note_insert(db, t->arena, 1, 1, STR("x")), ERR_INTERNAL);
	db_close(db);
}

TEST(db_snapshot_sees_one_state)
{
	struct str url = support_database(t);
	struct db *reader, *writer;
	int64_t before, during, after;
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &writer));
	CHECK_OK(db_snapshot_begin(reader));
	CHECK_OK(note_count(reader, t->arena, -1, &before));
	CHECK_OK(note_insert(writer, t->arena, 1, 1, STR("x")));
	CHECK_OK(note_count(reader, t->arena, -1, &during));
	db_snapshot_end(reader);
	CHECK_OK(note_count(reader, t->arena, -1, &after));
	CHECK_INT(during, before);
	CHECK_INT(after, before + 1);
	db_close(reader);
	db_close(writer);
}

/* A reader that runs into its deadline can go on reading. */
TEST(db_deadline_stops_a_read)
{
	struct db *db;
	int64_t count;
	CHECK_OK(db_open(t->arena, support_database(t), DB_READ, &db));
	support_fake_clock(db);
	CHECK_OK(db_snapshot_begin(db));
	fake_looks = 0;
	db_set_deadline(db, db->monotonic() + 20 * 1000);
	CHECK_ERR(support_run(db, t->arena, &endless_read), ERR_UNAVAILABLE);
	CHECK(fake_looks <= 25);
	db_set_deadline(db, 0);
	CHECK_OK(note_count(db, t->arena, -1, &count));
	db_snapshot_end(db);
	db_close(db);
}

/* A query used while its own rows are being read gets a statement of its own. */
TEST(db_query_inside_itself)
{
	static const struct query two = { .name = "two",
		.sqlite = "SELECT 1 UNION ALL SELECT 2",
		.postgresql = "SELECT 1 UNION ALL SELECT 2",
		.index = 304,
		.columns = 1 };
	struct db *db;
	struct stmt *outer, *inner;
	bool row;
	CHECK_OK(db_open(t->arena, support_database(t), DB_READ, &db));
	CHECK_OK(db_statement(db, t->arena, &two, &outer));
	CHECK_OK(stmt_step(outer, t->arena, &row));
	CHECK_OK(db_statement(db, t->arena, &two, &inner));
	CHECK(inner != outer);
	CHECK_OK(stmt_step(inner, t->arena, &row));
	CHECK_INT(stmt_int(inner, 0), 1);
	stmt_done(inner);
	CHECK_OK(stmt_step(outer, t->arena, &row));
	CHECK_INT(stmt_int(outer, 0), 2);
	stmt_done(outer);
	struct stmt *again;
	CHECK_OK(db_statement(db, t->arena, &two, &again));
	CHECK(again == outer);
	stmt_done(again);
	db_close(db);
}

/* More queries than the cache begins with, with colliding indexes. */
TEST(db_cache_grows)
{
	enum { COUNT = 300 };
	struct db *db;
	struct query *queries = ARENA_ARRAY(t->arena, struct query, COUNT);
	CHECK_OK(db_open(t->arena, support_database(t), DB_READ, &db));
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < COUNT; i++) {
			struct str text = arena_printf(t->arena, "SELECT %d", i);
			if (!round)
				queries[i] = (struct query){ .name = "n",
					.sqlite = text.p,
					.postgresql = text.p,
					.index = 1000 + i % 7,
					.columns = 1 };
			struct stmt *s;
			bool row;
			CHECK_OK(db_statement(db, t->arena, &queries[i], &s));
			CHECK_OK(stmt_step(s, t->arena, &row));
			CHECK_INT(stmt_int(s, 0), i);
			stmt_done(s);
		}
	}
	db_close(db);
}

TEST(db_file_is_private)
{
	struct stat st;
	struct str url = support_sqlite_database(t);
	CHECK_INT(stat(url.p + strlen("sqlite:"), &st), 0);
	CHECK_INT(st.st_mode & 0777, 0600);
}

TEST(db_unknown_addresses)
{
	struct db *db = NULL;
	CHECK_ERR(db_open(t->arena, STR("oracle:town"), DB_READ, &db), ERR_USAGE);
	CHECK_ERR(db_open(t->arena, STR("sqlite"), DB_READ, &db), ERR_USAGE);
	CHECK_ERR(db_open(t->arena, STR("sqlite:/nonexistent/town.db"), DB_READ, &db), ERR_UNAVAILABLE);
	CHECK(!db);
	db_close(NULL);
}

/* The settings on which durability and the law of references rest. */
TEST(db_settings)
{
	static const struct query queries[] = {
		{ .name = "wal", .sqlite = "SELECT journal_mode = 'wal' FROM pragma_journal_mode", .index = 311 },
		{ .name = "full", .sqlite = "SELECT synchronous = 2 FROM pragma_synchronous", .index = 312 },
		{ .name = "keys", .sqlite = "SELECT foreign_keys = 1 FROM pragma_foreign_keys", .index = 313 },
		{ .name = "trust", .sqlite = "SELECT trusted_schema = 0 FROM pragma_trusted_schema", .index = 314 },
	};
	struct db *db;
	CHECK_OK(db_open(t->arena, support_sqlite_database(t), DB_WRITE, &db));
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		struct stmt *s;
		bool row;
		CHECK_OK(db_statement(db, t->arena, &queries[i], &s));
		CHECK_OK(stmt_step(s, t->arena, &row));
		if (!row || stmt_int(s, 0) != 1) test_fail(t, __FILE__, __LINE__, "%s", queries[i].name);
		stmt_done(s);
	}
	db_close(db);
}
