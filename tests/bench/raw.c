/*
 * The ceilings of filing: what this disk and SQLite give when nothing else is done. One JSON object a line on standard
 * output.
 *
 *   raw fsync FOLDER            how long 4 KiB appended and made durable take
 *   raw rows FOLDER S BATCH KB  rows of KB KiB a second for S seconds, BATCH to a transaction, with the settings that
 *                               the program uses: WAL, synchronous FULL, automatic checkpoints
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SYNCS = 400, BLOCK = 4096, PATH_BYTES = 4096, ROW_MAX = 1024 * 1024 };

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
	for (int i = 0; i < SYNCS; i++) {
		double begun = now_us();
		if (write(fd, block, BLOCK) != BLOCK || fdatasync(fd) != 0) give_up("the disk refuses");
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

static sqlite3 *open_new(const char *path)
{
	sqlite3 *db;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
		SQLITE_OK)
		give_up("the database cannot be made");
	run(db,
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8000; "
		"PRAGMA wal_autocheckpoint = 1000; PRAGMA mmap_size = 268435456; "
		"CREATE TABLE filing (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT");
	return db;
}

static void insert(sqlite3_stmt *s, const char *body, int bytes, long n)
{
	char number[32];
	int length = snprintf(number, sizeof(number), "AN-2026-%09ld", n);
	sqlite3_bind_text(s, 1, number, length, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, body, bytes, SQLITE_STATIC);
	if (sqlite3_step(s) != SQLITE_DONE) give_up("a row was refused");
	sqlite3_reset(s);
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

static void measure_rows(const char *folder, double seconds, int batch, int bytes)
{
	char path[PATH_BYTES], *body = calloc(1, ROW_MAX);
	snprintf(path, sizeof(path), "%s/raw.db", folder);
	remove_all(path);
	sqlite3 *db = open_new(path);
	sqlite3_stmt *s;
	if (!body ||
		sqlite3_prepare_v2(db, "INSERT INTO filing (number, body) VALUES (?1, ?2)", -1, &s, NULL) !=
			SQLITE_OK)
		give_up("the statement");
	for (int i = 0; i < bytes; i++)
		body[i] = (char)('a' + i % 26);
	double begun = now_us(), end = begun + seconds * 1e6;
	long rows = 0;
	while (now_us() < end) {
		run(db, "BEGIN IMMEDIATE");
		for (int i = 0; i < batch; i++)
			insert(s, body, bytes, rows++);
		run(db, "COMMIT");
	}
	printf("{\"rows\":%ld,\"rate\":%.1f}\n", rows, (double)rows / (now_us() - begun) * 1e6);
	sqlite3_finalize(s);
	sqlite3_close(db);
	remove_all(path);
	free(body);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "fsync") == 0) {
		measure_fsync(argv[2]);
	} else if (argc == 6 && strcmp(argv[1], "rows") == 0) {
		int bytes = atoi(argv[5]) * 1024;
		if (bytes < 1 || bytes > ROW_MAX) give_up("rows of 1 to 1024 KiB");
		measure_rows(argv[2], atof(argv[3]), atoi(argv[4]), bytes);
	} else {
		fprintf(stderr, "usage: raw fsync FOLDER | raw rows FOLDER SECONDS BATCH KIB\n");
		return 64;
	}
	return 0;
}
