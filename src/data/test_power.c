/*
 * The power is cut: what was written and not yet synced is lost, wholly, in part, or in any sector of it. At every
 * write and sync of some batches, checkpoints among them, the disk is imagined as it might be found afterwards, in
 * several ways, and opened: whoever had been told 'durable' by then is there, everybody wholly or not at all, and the
 * database is sound.
 */
#include <stdio.h>

#include "data/test_support.h"
#include "data/test_vfs.h"

enum {
	BATCHES = 6,
	COMMITS = 3,
	STEPS = 4,        /* rows of a commit */
	FILES_MAX = 4,    /* database, log, journal */
	WRITES_MAX = 512, /* of a file between two syncs */
	SECTOR = 512,
	WAYS = 4, /* nothing of it was kept, all of it, any sectors, other ones */
	FILE_MAX = 512 * 1024,
};

struct write {
	sqlite3_int64 at; /* of a truncation: the new length */
	int n;            /* -1: a truncation */
	char *bytes;
};
struct file {
	char path[300];
	char *bytes; /* as it is on the disk for sure: FILE_MAX of room */
	sqlite3_int64 n;
	struct write writes[WRITES_MAX]; /* since the last sync */
	int count;
};
struct member {
	struct commit commit;
	int number;
	bool promised;
};

/* The tests of a binary run one after another on one thread; each begins anew. */
static struct {
	struct test *t;
	struct file files[FILES_MAX];
	int file_count;
	struct member members[BATCHES * COMMITS];
	struct str after; /* folder in which the disk is as it may be found */
	uint64_t dice;
	int cuts, kept;
} power;

static uint64_t roll(void) /* xorshift64 */
{
	power.dice ^= power.dice << 13;
	power.dice ^= power.dice >> 7;
	power.dice ^= power.dice << 17;
	return power.dice;
}

/* --- what the disk holds ---------------------------------------------------------------------------------- */

static struct file *file_of(const char *path)
{
	for (int i = 0; i < power.file_count; i++)
		if (strcmp(power.files[i].path, path) == 0) return &power.files[i];
	return NULL;
}

static void on_open(const char *path)
{
	if (file_of(path)) return;
	must(power.file_count < FILES_MAX);
	struct file *f = &power.files[power.file_count++];
	snprintf(f->path, sizeof f->path, "%s", path);
	f->bytes = arena_alloc(power.t->arena, FILE_MAX);
	f->n = f->count = 0;
	FILE *in = fopen(path, "rb"); /* what was there before is on the disk */
	if (in) f->n = (sqlite3_int64)fread(f->bytes, 1, FILE_MAX, in);
	if (in) fclose(in);
}

static void apply(char *bytes, sqlite3_int64 *n, const struct write *w, sqlite3_int64 from, sqlite3_int64 to)
{
	sqlite3_int64 end = w->at + to;
	if (w->n < 0) {
		*n = w->at;
		return;
	}
	must(end <= FILE_MAX);
	if (end > *n) memset(bytes + *n, 0, (size_t)(end - *n));
	memcpy(bytes + w->at + from, w->bytes + from, (size_t)(to - from));
	if (end > *n) *n = end;
}

/* One of the ways in which a write may have reached the disk. */
static void apply_some(char *bytes, sqlite3_int64 *n, const struct write *w, int way)
{
	if (way == 0 || (w->n < 0 && way > 1 && roll() % 2)) return;
	if (way == 1 || w->n < 0) {
		apply(bytes, n, w, 0, w->n);
		return;
	}
	for (sqlite3_int64 from = 0; from < w->n; from += SECTOR)
		if (roll() % 2) apply(bytes, n, w, from, from + SECTOR < w->n ? from + SECTOR : w->n);
}

static void leave_disk(int way)
{
	static char bytes[FILE_MAX];
	for (int i = 0; i < power.file_count; i++) {
		const struct file *f = &power.files[i];
		const char *name = strrchr(f->path, '/');
		sqlite3_int64 n = f->n;
		memcpy(bytes, f->bytes, (size_t)n);
		for (int k = 0; k < f->count; k++)
			apply_some(bytes, &n, &f->writes[k], way);
		FILE *out = fopen(arena_cz(power.t->arena,
							  arena_printf(power.t->arena, "%.*s%s", STR_FMT(power.after), name)),
			"wb");
		must(out && fwrite(bytes, 1, (size_t)n, out) == (size_t)n && fclose(out) == 0);
	}
}

/* --- what is found afterwards ------------------------------------------------------------------------------ */

static int number_in(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;
	int n = -1;
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return n;
}

static void check_members(sqlite3 *db, int way)
{
	for (int i = 0; i < BATCHES * COMMITS; i++) {
		char sql[100];
		snprintf(sql, sizeof sql, "SELECT count(*) FROM note WHERE commit_no = %d", i);
		int rows = number_in(db, sql);
		bool is_right = rows == STEPS || (rows == 0 && !power.members[i].promised);
		power.kept += rows == STEPS;
		if (!is_right)
			test_fail(power.t, __FILE__, __LINE__, "cut %d, way %d: commit %d has %d of %d rows%s",
				power.cuts, way, i, rows, STEPS, power.members[i].promised ? ", and was promised" : "");
	}
}

static void look_afterwards(int way)
{
	sqlite3 *db;
	struct arena *a = power.t->arena;
	const char *path = arena_cz(a,
		arena_printf(a, "%.*s/%s", STR_FMT(power.after), strrchr(power.files[0].path, '/') + 1));
	remove(arena_cz(a, arena_printf(a, "%s-shm", path)));
	must(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix") == SQLITE_OK);
	must(sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL) == SQLITE_OK); /* only looking */
	if (number_in(db, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") != 1)
		test_fail(power.t, __FILE__, __LINE__, "cut %d, way %d: the database is damaged", power.cuts, way);
	check_members(db, way);
	sqlite3_close(db);
}

/* Imagines the power to be cut now. */
static void cut(void)
{
	if (power.t->failed) return;
	power.cuts++;
	for (int way = 0; way < WAYS; way++) {
		leave_disk(way);
		look_afterwards(way);
	}
}

static int on_write(const char *path, const void *from, int n, sqlite3_int64 at)
{
	struct file *f = file_of(path);
	cut();
	must(f->count < WRITES_MAX);
	struct str copy = arena_str(power.t->arena, (struct str){ from, (size_t)(n < 0 ? 0 : n) });
	f->writes[f->count++] = (struct write){ at, n, (char *)(uintptr_t)copy.p };
	return SQLITE_OK;
}

static int on_truncate(const char *path, sqlite3_int64 n) { return on_write(path, "", -1, n); }

static int on_sync(const char *path)
{
	struct file *f = file_of(path);
	cut();
	for (int k = 0; k < f->count; k++)
		apply(f->bytes, &f->n, &f->writes[k], 0, f->writes[k].n);
	f->count = 0;
	return SQLITE_OK;
}

static const struct test_vfs_watcher watcher = { .open = on_open,
	.write = on_write,
	.truncate = on_truncate,
	.sync = on_sync };

/* --- the batches ---------------------------------------------------------------------------------------------- */

static struct err *member_commit(struct tx *tx, void *input)
{
	const struct member *m = input;
	for (int step = 0; step < STEPS; step++)
		TRY(note_insert(tx->db, tx->arena, m->number, step,
			arena_printf(tx->arena, "%d.%d %0900d", m->number, step, 0))); /* pages fill */
	return NULL;
}

static void member_done(struct commit *c)
{
	struct member *m = c->input;
	m->promised = !c->err;
}

static void run_batch(struct batcher *b, int batch)
{
	struct commit *list[COMMITS];
	for (int i = 0; i < COMMITS; i++) {
		struct member *m = &power.members[batch * COMMITS + i];
		m->commit = (struct commit){ .run = member_commit,
			.input = m,
			.arena = power.t->arena,
			.done = member_done };
		list[i] = &m->commit;
	}
	for (size_t done = 0; done < COMMITS;)
		done += batch_run(b, list + done, COMMITS - done);
}

TEST(power_cut_loses_nothing_that_was_promised)
{
	struct str url = support_sqlite_database(t);
	memset(&power, 0, sizeof power);
	power.t = t;
	power.dice = 0x9e3779b97f4a7c15u;
	power.after = support_folder(t);
	for (int i = 0; i < BATCHES * COMMITS; i++)
		power.members[i].number = i;
	test_vfs_install(&watcher);
	struct batcher *b = support_batcher(t, url);
	must(b);
	/* The log is written back every few pages, and begun again. */
	CHECK_OK(db_script(b->db, t->arena, "PRAGMA wal_autocheckpoint = 30", ""));
	for (int batch = 0; batch < BATCHES; batch++)
		run_batch(b, batch);
	cut();
	test_vfs_remove();
	for (int i = 0; i < BATCHES * COMMITS; i++)
		CHECK(power.members[i].promised);
	CHECK(power.cuts > 50 &&
		power.kept > 0); /* writes and syncs of log and database: otherwise this tests nothing */
}
