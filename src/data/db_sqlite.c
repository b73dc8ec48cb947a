/*
 * SQLite behind db_engine.h: WAL, synchronous FULL (a commit is durable when COMMIT returns; db_sqlite_log.h
 * counts on it), foreign keys on, readers query_only, schema not trusted. A deadline is kept by the progress handler.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <unistd.h>

#include "data/db_engine.h"
#include "data/db_sqlite_log.h"

enum {
	WRITER_BUSY_MS = 5000,   /* another process writes: the command line, a backup */
	READER_BUSY_MS = 250,    /* WAL readers wait only for a recovery; their thread has others to serve */
	PROGRESS_OPCODES = 1000, /* some ten microseconds of work between two looks at the clock */
};

struct sqlite_db {
	struct db db;
	sqlite3 *handle;
	sqlite3_stmt *begin[2]; /* of a snapshot, of a batch: by mode, compiled once */
};

struct sqlite_stmt {
	struct stmt stmt;
	sqlite3_stmt *handle;
	int64_t changes;
};

static sqlite3 *handle_of(struct db *db) { return ((struct sqlite_db *)db)->handle; }

static sqlite3_stmt *stmt_handle(struct stmt *s) { return ((struct sqlite_stmt *)s)->handle; }

static enum err_code code_of(int extended)
{
	switch (extended) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY: return ERR_CONFLICT;
	case SQLITE_CONSTRAINT_TRIGGER:
		return ERR_UNAVAILABLE; /* the only triggers: copy.c's, of a closed database */
	default: break;
	}
	switch (extended & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_NOMEM:
	case SQLITE_INTERRUPT:
	case SQLITE_CANTOPEN:
	case SQLITE_PROTOCOL: return ERR_UNAVAILABLE;
	case SQLITE_TOOBIG: return ERR_TOO_LARGE;
	default: return ERR_INTERNAL;
	}
}

/* SQLite's messages name tables and columns, never values. */
static struct err *error(struct db *db, struct arena *a, const char *what)
{
	sqlite3 *h = handle_of(db);
	int extended = sqlite3_extended_errcode(h);
	return ERR(a, code_of(extended), NULL, "%s: %s (sqlite %d)", what, sqlite3_errmsg(h), extended);
}

/* --- opening -------------------------------------------------------------------------------------------- */

static int on_progress(void *state)
{
	struct db *db = state;
	return db->deadline_us != 0 && db->monotonic() > db->deadline_us;
}

/* A new database is readable by its user alone, and so are the WAL files, which take over its mode. Only ever
 * when new: closing a second descriptor of an open database would drop this process's locks on it. */
static struct err *file_make(struct arena *a, const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST)
		return ERR(a, ERR_UNAVAILABLE, NULL, "cannot make the database: %s", strerror(errno));
	return NULL;
}

static struct err *sqlite_script(struct db *db, struct arena *a, const char *sql)
{
	if (sqlite3_exec(handle_of(db), sql, NULL, NULL, NULL) == SQLITE_OK) return NULL;
	return error(db, a, "script");
}

static struct err *settings(struct db *db, struct arena *a)
{
	sqlite3 *h = handle_of(db);
	sqlite3_extended_result_codes(h, 1);
	sqlite3_busy_timeout(h, db->mode == DB_WRITE ? WRITER_BUSY_MS : READER_BUSY_MS);
	sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_progress_handler(h, PROGRESS_OPCODES, on_progress, db);
	if (db->mode == DB_WRITE) TRY(sqlite_script(db, a, "PRAGMA journal_mode = WAL"));
	/* The log is written back when it reaches 62 MB: batches change the same pages again and again, and each is written
	 * back once. It is then written anew from its beginning, in a file that is not made shorter. */
	TRY(sqlite_script(db, a,
		"PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY;"
		"PRAGMA wal_autocheckpoint = 16000; PRAGMA journal_size_limit = 67108864"));
	/* The one writer comes back to the pages that it changed in the batches before; it has them only once it wrote. */
	return sqlite_script(db, a,
		db->mode == DB_READ ? "PRAGMA cache_size = -8000; PRAGMA query_only = ON"
							: "PRAGMA cache_size = -32000");
}

/* Nobody asks SQLite how much memory it uses, and counting it takes a lock at each allocation. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	must(sqlite3_initialize() == SQLITE_OK);
	sqlite_log_register();
}

static struct err *sqlite_open(struct db *db, struct arena *a, struct str place)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, configure);
	struct sqlite_db *own = (struct sqlite_db *)db;
	const char *path = arena_cz(a, place);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	if (db->mode == DB_WRITE) TRY(file_make(a, path));
	if (sqlite3_open_v2(path, &own->handle, flags, SQLITE_LOG_VFS) != SQLITE_OK)
		return own->handle ? error(db, a, "open") : ERR(a, ERR_UNAVAILABLE, NULL, "open: out of memory");
	return settings(db, a);
}

static void sqlite_close(struct db *db)
{
	for (int i = 0; i < 2; i++)
		sqlite3_finalize(((struct sqlite_db *)db)->begin[i]);
	sqlite3_close_v2(handle_of(db));
}

/* --- transactions --------------------------------------------------------------------------------------- */

static struct err *sqlite_begin(struct db *db, struct arena *a, enum db_mode mode)
{
	sqlite3_stmt **s = &((struct sqlite_db *)db)->begin[mode == DB_WRITE];
	const char *sql = mode == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN";
	if (!*s && sqlite3_prepare_v3(handle_of(db), sql, -1, SQLITE_PREPARE_PERSISTENT, s, NULL) != SQLITE_OK)
		return error(db, a, "begin");
	struct err *e = sqlite3_step(*s) == SQLITE_DONE ? NULL : error(db, a, "begin");
	sqlite3_reset(*s);
	return e;
}

static bool sqlite_in_transaction(struct db *db)
{
	return handle_of(db) && !sqlite3_get_autocommit(handle_of(db));
}

/* --- statements ----------------------------------------------------------------------------------------- */

static struct err *sqlite_prepare(struct stmt *s, struct arena *a)
{
	struct sqlite_stmt *own = (struct sqlite_stmt *)s;
	int rc = sqlite3_prepare_v3(handle_of(s->db), s->query->sqlite, -1, SQLITE_PREPARE_PERSISTENT,
		&own->handle, NULL);
	return rc == SQLITE_OK ? NULL : error(s->db, a, s->query->name);
}

static void sqlite_finalize(struct stmt *s) { sqlite3_finalize(stmt_handle(s)); }

static void sqlite_reset(struct stmt *s)
{
	sqlite3_reset(stmt_handle(s));
	sqlite3_clear_bindings(stmt_handle(s));
}

static struct err *sqlite_step(struct stmt *s, struct arena *a, bool *ret_row)
{
	int rc = sqlite3_step(stmt_handle(s));
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) return error(s->db, a, s->query->name);
	((struct sqlite_stmt *)s)->changes = sqlite3_changes64(handle_of(s->db));
	bool inserted = s->query->gives_id && rc == SQLITE_DONE && ((struct sqlite_stmt *)s)->changes == 1;
	*ret_row = rc == SQLITE_ROW || inserted;
	return NULL;
}

static int64_t sqlite_changes(struct stmt *s) { return ((struct sqlite_stmt *)s)->changes; }

static int64_t sqlite_total_changes(struct db *db) { return sqlite3_total_changes64(handle_of(db)); }

static bool sqlite_bind_null(struct stmt *s, int at)
{
	return sqlite3_bind_null(stmt_handle(s), at) == SQLITE_OK;
}

static bool sqlite_bind_int(struct stmt *s, int at, int64_t v)
{
	return sqlite3_bind_int64(stmt_handle(s), at, v) == SQLITE_OK;
}

static bool sqlite_bind_bool(struct stmt *s, int at, bool v)
{
	return sqlite3_bind_int64(stmt_handle(s), at, v) == SQLITE_OK;
}

static bool sqlite_bind_text(struct stmt *s, int at, struct str v, bool copy)
{
	return sqlite3_bind_text64(stmt_handle(s), at, v.p, v.n, copy ? SQLITE_TRANSIENT : SQLITE_STATIC,
			   SQLITE_UTF8) == SQLITE_OK;
}

static bool sqlite_bind_bytes(struct stmt *s, int at, struct str v)
{
	return sqlite3_bind_blob64(stmt_handle(s), at, v.p, v.n, SQLITE_STATIC) == SQLITE_OK;
}

static bool sqlite_is_null(struct stmt *s, int at)
{
	return sqlite3_column_type(stmt_handle(s), at) == SQLITE_NULL;
}

static int64_t sqlite_column_int(struct stmt *s, int at)
{
	if (s->query->gives_id) return sqlite3_last_insert_rowid(handle_of(s->db));
	return sqlite3_column_int64(stmt_handle(s), at);
}

static bool sqlite_column_bool(struct stmt *s, int at)
{
	return sqlite3_column_int64(stmt_handle(s), at) != 0;
}

static struct str sqlite_column_text(struct stmt *s, int at)
{
	sqlite3_stmt *h = stmt_handle(s);
	int type = sqlite3_column_type(h, at);
	if (type == SQLITE_NULL) return STR_NONE;
	const void *p = type == SQLITE_BLOB ? sqlite3_column_blob(h, at) : sqlite3_column_text(h, at);
	size_t n = (size_t)sqlite3_column_bytes(h, at);
	return p ? (struct str){ p, n } : STR(""); /* a blob without bytes has no address */
}

const struct db_engine db_sqlite = {
	.scheme = "sqlite",
	.patience = 1,
	.db_bytes = sizeof(struct sqlite_db),
	.stmt_bytes = sizeof(struct sqlite_stmt),
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.in_transaction = sqlite_in_transaction,
	.script = sqlite_script,
	.prepare = sqlite_prepare,
	.finalize = sqlite_finalize,
	.reset = sqlite_reset,
	.step = sqlite_step,
	.changes = sqlite_changes,
	.total_changes = sqlite_total_changes,
	.bind_null = sqlite_bind_null,
	.bind_int = sqlite_bind_int,
	.bind_bool = sqlite_bind_bool,
	.bind_text = sqlite_bind_text,
	.bind_bytes = sqlite_bind_bytes,
	.is_null = sqlite_is_null,
	.column_int = sqlite_column_int,
	.column_bool = sqlite_column_bool,
	.column_text = sqlite_column_text,
};
