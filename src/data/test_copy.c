/* Rows move to another database and back, or not at all. */
#include "data/copy.h"
#include "data/register_clock.h"
#include "data/test_support.h"

static const struct column_register columns[] = {
	{ "note", "id", COL_ID, "none", NULL, NULL },
	{ "note", "commit_no", COL_INT, "none", NULL, NULL },
	{ "note", "step", COL_INT, "none", NULL, NULL },
	{ "note", "text", COL_TEXT, "none", NULL, NULL },
	{ "promise", "note_id", COL_INT, "none", NULL, NULL },
	{ 0 },
};

static struct err *copy_to(struct test *t, struct db *source, struct str url,
	const struct migration *migrations, struct copied *ret)
{
	struct db *target;
	struct copy_options options = { .migrations = migrations,
		.columns = columns,
		.target_name = STR("elsewhere"),
		.now = { 5 } };
	TRY(db_open(t->arena, url, DB_WRITE, &target));
	struct err *e = copy_database(t->arena, source, target, &options, ret);
	db_close(target);
	return e;
}

static struct db *filled(struct test *t, int notes)
{
	struct db *db = NULL;
	if (db_open(t->arena, support_database(t), DB_WRITE, &db)) return NULL;
	arena_defer(t->arena, (void (*)(void *))db_close, db);
	for (int i = 0; i < notes; i++)
		if (note_insert(db, t->arena, i, -i, arena_printf(t->arena, "ñandú %d\t'\\", i))) return NULL;
	return db;
}

TEST(copy_moves_every_row_and_closes_what_it_leaves)
{
	struct db *source = filled(t, 2500), *target;
	struct copied copied;
	struct str moved;
	int64_t count;
	CHECK(source != NULL);
	CHECK_OK(register_clock_make(source, t->arena));
	CHECK_OK(register_clock_advance(source, t->arena, (struct instant){ 777 }));
	struct str url = arena_printf(t->arena, "sqlite:%.*s", STR_FMT(support_file(t, "target.db")));
	CHECK_OK(copy_to(t, source, url, support_migrations, &copied));
	CHECK_INT(copied.rows, 2500);
	CHECK_INT(copied.tables, 2);

	/* Nobody can write to what was left, and it says so; what is read there is as it was. */
	CHECK_ERR(note_insert(source, t->arena, 1, 1, STR("late")), ERR_UNAVAILABLE);
	CHECK_OK(note_count(source, t->arena, -1, &count));
	CHECK_INT(count, 2500);
	CHECK_OK(copy_moved_to(source, t->arena, &moved));
	CHECK_STR(moved, "elsewhere");
	CHECK_ERR(copy_to(t, source, url, support_migrations, &copied), ERR_CONFLICT);

	/* New rows get new ids, and the copy can be moved on, to the other engine too. */
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &target));
	arena_defer(t->arena, (void (*)(void *))db_close, target);
	CHECK_OK(copy_moved_to(target, t->arena, &moved));
	CHECK(str_is_none(moved));
	struct instant clock;
	CHECK_OK(register_clock_read(target, t->arena, &clock));
	CHECK_INT(clock.ms, 777);
	CHECK_OK(note_insert(target, t->arena, 9, 9, STR("new")));
	struct str back = support_empty_database(t);
	CHECK_OK(copy_to(t, target, back, support_migrations, &copied));
	CHECK_INT(copied.rows, 2501);
	CHECK_OK(db_open(t->arena, back, DB_WRITE, &target));
	arena_defer(t->arena, (void (*)(void *))db_close, target);
	CHECK_OK(note_insert(target, t->arena, 9, 9, STR("newer")));
	CHECK_OK(note_count(target, t->arena, -1, &count));
	CHECK_INT(count, 2502);
}

TEST(copy_refuses_a_target_that_holds_something)
{
	struct db *source = filled(t, 3);
	struct copied copied;
	CHECK(source != NULL);
	CHECK_ERR(copy_to(t, source, support_database(t), support_migrations, &copied), ERR_CONFLICT);
	CHECK_OK(note_insert(source, t->arena, 1, 1, STR("goes on")));
}

/* A target that changes what it is given, as a wrong encoding or a trigger would. */
TEST(copy_compares_what_arrived)
{
	struct migration spoiling[4] = { support_migrations[0], support_migrations[1],
		{ "test/note", "003_spoil",
			"CREATE TRIGGER spoil AFTER INSERT ON note WHEN NEW.commit_no = 2 BEGIN UPDATE note SET text = 'x' "
			"WHERE id = NEW.id; END;",
			"", "cc" } };
	struct db *source = filled(t, 3), *target;
	struct copied copied;
	int64_t count;
	int applied;
	CHECK(source != NULL);
	CHECK_OK(db_script(source, t->arena, "SELECT 1", "SELECT 1"));
	CHECK_OK(migrate_apply(source, t->arena,
		(const struct migration[]){ spoiling[0], spoiling[1],
			{ "test/note", "003_spoil", "SELECT 1", "SELECT 1", "cc" }, { 0 } },
		(struct instant){ 0 }, &applied));
	struct str url = arena_printf(t->arena, "sqlite:%.*s", STR_FMT(support_file(t, "target.db")));
	CHECK_ERR(copy_to(t, source, url, spoiling, &copied), ERR_INVALID);
	CHECK_OK(note_insert(source, t->arena, 1, 1, STR("goes on")));
	CHECK_OK(db_open(t->arena, url, DB_READ, &target));
	CHECK_OK(note_count(target, t->arena, -1, &count));
	CHECK_INT(count, 0);
	db_close(target);
}
