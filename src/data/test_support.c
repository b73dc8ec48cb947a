#include <ftw.h>
#include <unistd.h>

#include "data/test_support.h"

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static void folder_remove(void *path) { nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

struct str support_folder(struct test *t)
{
	const char *temp = getenv("TMPDIR");
	struct str folder = arena_printf(t->arena, "%s/ventanilla-data-XXXXXX", temp ? temp : "/tmp");
	char *path = (char *)arena_cz(t->arena, folder);
	must(mkdtemp(path));
	arena_defer(t->arena, folder_remove, path);
	return str_of(path);
}

struct str support_file(struct test *t, const char *name)
{
	return arena_printf(t->arena, "%.*s/%s", STR_FMT(support_folder(t)), name);
}

const struct migration support_migrations[] = {
	{ "test/note", "001_create",
		"CREATE TABLE note (id INTEGER PRIMARY KEY, commit_no INTEGER NOT NULL, step INTEGER NOT NULL,"
		" text TEXT NOT NULL UNIQUE) STRICT; CREATE INDEX note_by_commit ON note (commit_no);",
		"", "aa" },
	/* The database is made at COMMIT to refuse what was accepted before: a reference checked at the end. */
	{ "test/note", "002_promise",
		"CREATE TABLE promise (note_id INTEGER NOT NULL REFERENCES note(id) DEFERRABLE INITIALLY DEFERRED) STRICT;",
		"", "bb" },
	{ 0 },
};

struct str support_database(struct test *t)
{
	struct str url = arena_printf(t->arena, "sqlite:%.*s", STR_FMT(support_file(t, "town.db")));
	struct db *db = NULL;
	int applied;
	struct err *e = db_open(t->arena, url, DB_WRITE, &db);
	if (!e) e = migrate_apply(db, t->arena, support_migrations, (struct instant){ 1 }, &applied);
	db_close(db);
	if (!e) return url;
	test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	return STR_NONE;
}

static const struct query insert_query = { .name = "note_insert",
	.sqlite = "INSERT INTO note (commit_no, step, text) VALUES (?1, ?2, ?3)",
	.index = 101,
	.params = 3,
	.writes = true };
static const struct query count_query = { .name = "note_count",
	.sqlite = "SELECT count(*) FROM note WHERE ?1 = -1 OR commit_no = ?1",
	.index = 102,
	.params = 1,
	.columns = 1 };

struct err *note_insert(struct db *db, struct arena *a, int64_t commit_no, int64_t step, struct str text)
{
	struct stmt *s;
	bool row;
	TRY(db_statement(db, a, &insert_query, &s));
	stmt_bind_int(s, 1, commit_no);
	stmt_bind_int(s, 2, step);
	stmt_bind_text(s, 3, text);
	struct err *e = stmt_step(s, a, &row);
	stmt_done(s);
	return e;
}

struct err *note_count(struct db *db, struct arena *a, int64_t commit_no, int64_t *ret)
{
	struct stmt *s;
	bool row;
	TRY(db_statement(db, a, &count_query, &s));
	stmt_bind_int(s, 1, commit_no);
	struct err *e = stmt_step(s, a, &row);
	if (!e) *ret = stmt_int(s, 0);
	stmt_done(s);
	return e;
}

struct err *support_run(struct db *db, struct arena *a, const struct query *q)
{
	struct stmt *s;
	bool row;
	TRY(db_statement(db, a, q, &s));
	struct err *e = stmt_step(s, a, &row);
	stmt_done(s);
	return e;
}

const struct query endless_write = { .name = "endless_write",
	.sqlite = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
			  "INSERT INTO note (commit_no, step, text) SELECT 0, 0, 'n' || x FROM n WHERE x < 0",
	.index = 103,
	.writes = true };
const struct query endless_read = { .name = "endless_read",
	.sqlite = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
	.index = 104,
	.columns = 1 };

int64_t fake_looks;

int64_t fake_monotonic(void) { return 1000 * ++fake_looks; }

static void batcher_close(void *resource)
{
	struct batcher *b = resource;
	db_close(b->db);
	arena_free(b->arena);
}

static struct instant fixed_clock(void *state)
{
	(void)state;
	return (struct instant){ 1000 };
}

struct batcher *support_batcher(struct test *t, struct str url)
{
	struct batcher *b = ARENA_NEW(t->arena, struct batcher);
	b->arena = arena_new(1024 * 1024);
	b->clock = fixed_clock;
	struct err *e = db_open(t->arena, url, DB_WRITE, &b->db);
	if (!e) {
		arena_defer(t->arena, batcher_close, b);
		e = batch_prepare(b, t->arena);
	}
	if (!e) return b;
	test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	return NULL;
}
