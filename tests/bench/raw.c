/*
 * The ceilings of filing: what this disk and SQLite give when nothing else is done. One JSON object a line on standard
 * output.
 *
 *   raw fsync FOLDER            how long 4 KiB take until they are durable, written over old ones as SQLite's log does
 *   raw rows FOLDER S BATCH KB  rows of KB KiB a second for S seconds, BATCH to a transaction, with the settings that
 *                               the program uses: WAL, synchronous FULL, automatic checkpoints
 *   raw cases FOLDER S BATCH DB the same with all that an application leaves in the town's tables: every row of the
 *                               cases at the end of DB, again and again under fresh ids, numbers and hashes
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	SYNCS = 400,
	BLOCK = 4096,
	PATH_BYTES = 4096,
	ROW_MAX = 1024 * 1024,
	CHECKPOINT_PAGES = 16000, /* as db_sqlite.c has it */
	WARM_BATCH = 64,
};

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void give_up(const char *what)
{
	fprintf(stderr, "raw: %s\n", what);
	exit(1);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void measure_fsync(const char *folder)
{
	static double took[SYNCS];
	static char block[BLOCK];
	char path[PATH_BYTES];
	snprintf(path, sizeof(path), "%s/raw-fsync", folder);
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0) give_up("the folder cannot be written");
	for (int i = 0; i < SYNCS; i++)
		if (write(fd, block, BLOCK) != BLOCK) give_up("the disk is full");
	if (fsync(fd) != 0) give_up("the disk refuses");
	for (int i = 0; i < SYNCS; i++) {
		double begun = now_us();
		if (pwrite(fd, block, BLOCK, (off_t)i * BLOCK) != BLOCK || fdatasync(fd) != 0)
			give_up("the disk refuses");
		took[i] = now_us() - begun;
	}
	close(fd);
	unlink(path);
	qsort(took, SYNCS, sizeof(took[0]), by_size);
	printf("{\"p50_us\":%.0f,\"p99_us\":%.0f}\n", took[SYNCS / 2], took[SYNCS * 99 / 100]);
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) give_up(sqlite3_errmsg(db));
}

static void remove_all(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	for (int i = 0; i < 3; i++) {
		char file[PATH_BYTES + 8];
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		unlink(file);
	}
}

/* With the settings of src/data/db_sqlite.c. */
static sqlite3 *open_new(const char *path)
{
	sqlite3 *db;
	remove_all(path);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
		SQLITE_OK)
		give_up("the database cannot be made");
	run(db,
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8000; "
		"PRAGMA wal_autocheckpoint = 16000; PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY");
	return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) give_up(sqlite3_errmsg(db));
	return s;
}

static void step(sqlite3 *db, sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE) give_up(sqlite3_errmsg(db));
	sqlite3_reset(s);
}

typedef void one_fn(sqlite3 *db, void *state, long n);

static void commit_some(sqlite3 *db, int batch, one_fn *one, void *state, long *count)
{
	run(db, "BEGIN IMMEDIATE");
	for (int i = 0; i < batch; i++)
		one(db, state, (*count)++);
	run(db, "COMMIT");
}

static off_t log_bytes(const char *path)
{
	char log[PATH_BYTES + 8];
	struct stat about;
	snprintf(log, sizeof(log), "%s-wal", path);
	return stat(log, &about) == 0 ? about.st_size : 0;
}

/* Until the log was written full and begins again, as in a program that has run for a minute: a log that still grows
 * costs the disk a second write at every commit. */
static void warm_up(sqlite3 *db, const char *path, one_fn *one, void *state, long *count)
{
	off_t before = -1, now = log_bytes(path);
	while (now != before || now < (off_t)CHECKPOINT_PAGES * BLOCK) {
		before = now;
		commit_some(db, WARM_BATCH, one, state, count);
		now = log_bytes(path);
	}
}

static void measure(sqlite3 *db, const char *path, double seconds, int batch, one_fn *one, void *state)
{
	long count = 0;
	warm_up(db, path, one, state, &count);
	long first = count;
	double begun = now_us(), end = begun + seconds * 1e6;
	while (now_us() < end)
		commit_some(db, batch, one, state, &count);
	printf("{\"rows\":%ld,\"rate\":%.1f}\n", count - first, (double)(count - first) / (now_us() - begun) * 1e6);
	remove_all(path);
}

/* --- one row an application ----------------------------------------------------------------------------------------- */

struct row {
	sqlite3_stmt *insert;
	const char *body;
	int bytes;
};

static void insert_row(sqlite3 *db, void *state, long n)
{
	const struct row *row = state;
	char number[32];
	int length = snprintf(number, sizeof(number), "AN-2026-%09ld", n);
	sqlite3_bind_text(row->insert, 1, number, length, SQLITE_STATIC);
	sqlite3_bind_text(row->insert, 2, row->body, row->bytes, SQLITE_STATIC);
	step(db, row->insert);
}

static void measure_rows(const char *path, double seconds, int batch, int bytes)
{
	char *body = calloc(1, ROW_MAX);
	if (!body) give_up("no memory");
	for (int i = 0; i < bytes; i++)
		body[i] = (char)('a' + i % 26);
	sqlite3 *db = open_new(path);
	run(db,
		"CREATE TABLE filing (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT");
	struct row row = { prepare(db, "INSERT INTO filing (number, body) VALUES (?1, ?2)"), body, bytes };
	measure(db, path, seconds, batch, insert_row, &row);
}

/* --- all rows of an application --------------------------------------------------------------------------------------- */

/* Where an application leaves rows, and which of them are one case's. */
static const struct {
	const char *table, *of_case;
} tables[] = {
	{ "party", "id = (SELECT applicant_id FROM cases WHERE id = ?1)" },
	{ "log_leaf", "leaf_index = (SELECT leaf_index FROM registry_entry WHERE case_id = ?1)" },
	{ "log_hash", "level = 1 AND position = ?1 / 2 AND ?1 % 2 = 0" },
	{ "registry_entry", "case_id = ?1" },
	{ "cases", "id = ?1" },
	{ "case_party", "case_id = ?1" },
	{ "attachment", "case_id = ?1" },
	{ "case_term", "case_id = ?1" },
	{ "event", "case_id = ?1" },
	{ "document", "case_id = ?1" },
	{ "job", "case_id = ?1" },
};
enum { TABLES = sizeof(tables) / sizeof(tables[0]), COLUMNS_MAX = 40, KEPT = 500, ROWS_MAX = 64 };

/* What becomes of a column's value in the n-th copy. */
enum change { CHANGE_NOT, CHANGE_NULL, CHANGE_CASE, CHANGE_PLUS, CHANGE_TEXT, CHANGE_RANDOM };

struct table {
	sqlite3_stmt *insert;
	int columns;
	enum change changes[COLUMNS_MAX];
};
struct kept_row {
	int table;
	sqlite3_value *values[COLUMNS_MAX];
};
struct kept_case {
	struct kept_row rows[ROWS_MAX];
	int count;
};
struct copying {
	struct table tables[TABLES];
	struct kept_case *cases;
	int count;
};

static int is_one_of(const char *name, const char *words)
{
	const char *found = strstr(words, name);
	size_t n = strlen(name);
	return found && found[-1] == ' ' && found[n] == ' ';
}

static enum change change_of(const char *column, const char *type)
{
	if (strcmp(column, "id") == 0) return CHANGE_NULL;
	if (is_one_of(column, " case_id party_id applicant_id ")) return CHANGE_CASE;
	if (is_one_of(column, " leaf_index position ")) return CHANGE_PLUS;
	if (is_one_of(column, " number name unique_key ") && strcmp(type, "TEXT") == 0) return CHANGE_TEXT;
	if (is_one_of(column, " number ")) return CHANGE_PLUS;
	return is_one_of(column, " status_code_hash key_hash commitment salt ") ? CHANGE_RANDOM : CHANGE_NOT;
}

static void take_table(sqlite3 *source, sqlite3 *db, int at, struct table *ret)
{
	char sql[256], insert[1024];
	snprintf(sql, sizeof(sql), "PRAGMA table_info(%s)", tables[at].table);
	sqlite3_stmt *s = prepare(source, sql);
	int n = snprintf(insert, sizeof(insert), "INSERT INTO %s VALUES (", tables[at].table);
	while (sqlite3_step(s) == SQLITE_ROW && ret->columns < COLUMNS_MAX) {
		ret->changes[ret->columns++] = change_of((const char *)sqlite3_column_text(s, 1),
			(const char *)sqlite3_column_text(s, 2));
		n += snprintf(insert + n, sizeof(insert) - (size_t)n, ret->columns == 1 ? "?" : ",?");
	}
	sqlite3_finalize(s);
	snprintf(insert + n, sizeof(insert) - (size_t)n, ")");
	ret->insert = prepare(db, insert);
}

static void take_case(sqlite3_int64 id, struct kept_case *c, sqlite3_stmt *const *selects)
{
	for (int t = 0; t < TABLES; t++) {
		sqlite3_bind_int64(selects[t], 1, id);
		while (sqlite3_step(selects[t]) == SQLITE_ROW && c->count < ROWS_MAX) {
			struct kept_row *row = &c->rows[c->count++];
			row->table = t;
			for (int i = 0; i < sqlite3_column_count(selects[t]) && i < COLUMNS_MAX; i++)
				row->values[i] = sqlite3_value_dup(sqlite3_column_value(selects[t], i));
		}
		sqlite3_reset(selects[t]);
	}
}

/* Terms lie in the order of words: those of the newest cases are put aside once, under the same name. */
static void take_terms(sqlite3 *source)
{
	run(source,
		"CREATE TEMP TABLE case_term AS SELECT * FROM main.case_term "
		"WHERE case_id > (SELECT max(id) FROM cases) - 1000; CREATE INDEX temp.case_term_of ON case_term (case_id)");
}

/* The schema, and the newest cases. */
static void take_all(sqlite3 *source, sqlite3 *db, struct copying *c)
{
	take_terms(source);
	sqlite3_stmt *selects[TABLES],
		*s = prepare(source, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL");
	while (sqlite3_step(s) == SQLITE_ROW)
		run(db, (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	for (int t = 0; t < TABLES; t++) {
		char sql[256];
		snprintf(sql, sizeof(sql), "SELECT * FROM %s WHERE %s", tables[t].table, tables[t].of_case);
		selects[t] = prepare(source, sql);
		take_table(source, db, t, &c->tables[t]);
	}
	c->cases = calloc(KEPT, sizeof(*c->cases));
	if (!c->cases) give_up("no memory");
	s = prepare(source, "SELECT id FROM cases ORDER BY id DESC LIMIT 500");
	while (sqlite3_step(s) == SQLITE_ROW && c->count < KEPT)
		take_case(sqlite3_column_int64(s, 0), &c->cases[c->count++], selects);
	sqlite3_finalize(s);
	for (int t = 0; t < TABLES; t++)
		sqlite3_finalize(selects[t]);
	if (c->count == 0) give_up("the database has no cases");
}

static uint64_t chance(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	return z ^ (z >> 27);
}

static void bind_changed(sqlite3_stmt *s, int at, enum change change, sqlite3_value *value, long n)
{
	static uint64_t state = 1576;
	char text[64];
	uint64_t random[4];
	switch (change) {
	case CHANGE_NULL: sqlite3_bind_null(s, at); return;
	case CHANGE_CASE: sqlite3_bind_int64(s, at, 1 + n); return;
	case CHANGE_PLUS: sqlite3_bind_int64(s, at, 1 + n); return;
	case CHANGE_TEXT:
		snprintf(text, sizeof(text), "%.20s-%09ld", (const char *)sqlite3_value_text(value), n);
		sqlite3_bind_text(s, at, text, -1, SQLITE_TRANSIENT);
		return;
	case CHANGE_RANDOM:
		for (int i = 0; i < 4; i++)
			random[i] = chance(&state);
		sqlite3_bind_blob(s, at, random, sizeof(random), SQLITE_TRANSIENT);
		return;
	case CHANGE_NOT: sqlite3_bind_value(s, at, value); return;
	}
}

static void insert_case(sqlite3 *db, void *state, long n)
{
	const struct copying *c = state;
	const struct kept_case *one = &c->cases[n % c->count];
	for (int r = 0; r < one->count; r++) {
		const struct table *t = &c->tables[one->rows[r].table];
		for (int i = 0; i < t->columns; i++)
			bind_changed(t->insert, i + 1, t->changes[i], one->rows[r].values[i], n);
		step(db, t->insert);
	}
}

static void measure_cases(const char *path, double seconds, int batch, const char *from)
{
	static struct copying c;
	sqlite3 *source;
	if (sqlite3_open_v2(from, &source, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		give_up("the town's database");
	sqlite3 *db = open_new(path);
	run(db, "PRAGMA foreign_keys = OFF");
	take_all(source, db, &c);
	sqlite3_close(source);
	measure(db, path, seconds, batch, insert_case, &c);
}

int main(int argc, char **argv)
{
	char path[PATH_BYTES];
	if (argc == 3 && strcmp(argv[1], "fsync") == 0) {
		measure_fsync(argv[2]);
	} else if (argc == 6 && strcmp(argv[1], "rows") == 0) {
		int bytes = atoi(argv[5]) * 1024;
		if (bytes < 1 || bytes > ROW_MAX) give_up("rows of 1 to 1024 KiB");
		snprintf(path, sizeof(path), "%s/raw.db", argv[2]);
		measure_rows(path, atof(argv[3]), atoi(argv[4]), bytes);
	} else if (argc == 6 && strcmp(argv[1], "cases") == 0) {
		snprintf(path, sizeof(path), "%s/raw.db", argv[2]);
		measure_cases(path, atof(argv[3]), atoi(argv[4]), argv[5]);
	} else {
		fprintf(stderr,
			"usage: raw fsync FOLDER | raw rows FOLDER SECONDS BATCH KIB | raw cases FOLDER SECONDS BATCH DB\n");
		return 64;
	}
	return 0;
}
