#include "data/db_sqlite_log.h"

#include <sqlite3.h>
#include <string.h>

#include "base/err.h"

enum {
	GATHERED_MAX = 64 * 1024, /* remains in the processor's cache until the system has taken it over */
	ROOM_BENEATH = 256,       /* how much larger another VFS's file may be than the first one's */
};

struct log_file {
	sqlite3_file base;
	sqlite3_file *real; /* stands behind this struct */
	sqlite3_int64 at;   /* where the gathered bytes belong */
	int n;
	char *gathered;
};

static struct log_file *log_of(sqlite3_file *f) { return (struct log_file *)f; }

static sqlite3_file *real_of(sqlite3_file *f) { return log_of(f)->real; }

/* What could not be written stays gathered: that reading failed fails one statement, and what the transaction wrote
 * before must still come to lie beneath its commit. */
static int write_gathered(struct log_file *f)
{
	int rc = f->n == 0 ? SQLITE_OK : f->real->pMethods->xWrite(f->real, f->gathered, f->n, f->at);
	if (rc == SQLITE_OK) f->n = 0;
	return rc;
}

/* Of a write or sync that fails SQLite makes a transaction that fails: it goes back to where that began and writes anew,
 * so nothing of it may come later. */
static int write_or_drop(struct log_file *f)
{
	int rc = write_gathered(f);
	f->n = 0;
	return rc;
}

static int on_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
	struct log_file *f = log_of(file);
	if (f->n > 0 && (at != f->at + f->n || n > GATHERED_MAX - f->n)) {
		int rc = write_or_drop(f);
		if (rc != SQLITE_OK) return rc;
	}
	if (n > GATHERED_MAX) return f->real->pMethods->xWrite(f->real, from, n, at);
	if (f->n == 0) f->at = at;
	memcpy(f->gathered + f->n, from, (size_t)n);
	f->n += n;
	return SQLITE_OK;
}

static int on_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	int rc = write_gathered(log_of(f));
	return rc ? rc : real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	int rc = write_gathered(log_of(f));
	return rc ? rc : real_of(f)->pMethods->xTruncate(real_of(f), n);
}

static int on_sync(sqlite3_file *f, int flags)
{
	int rc = write_or_drop(log_of(f));
	return rc ? rc : real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	int rc = write_gathered(log_of(f));
	return rc ? rc : real_of(f)->pMethods->xFileSize(real_of(f), ret);
}

/* What is gathered still was never committed. */
static int on_close(sqlite3_file *f)
{
	int rc = real_of(f)->pMethods->xClose(real_of(f));
	sqlite3_free(log_of(f)->gathered);
	return rc;
}

static int on_lock(sqlite3_file *f, int level) { return real_of(f)->pMethods->xLock(real_of(f), level); }

static int on_unlock(sqlite3_file *f, int level) { return real_of(f)->pMethods->xUnlock(real_of(f), level); }

static int on_check_lock(sqlite3_file *f, int *ret)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), ret);
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int on_sector(sqlite3_file *f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); }

static int on_traits(sqlite3_file *f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); }

static int open_log(sqlite3_vfs *beneath, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
	static const sqlite3_io_methods methods = { 1, on_close, on_read, on_write, on_truncate, on_sync, on_size,
		on_lock, on_unlock, on_check_lock, on_control, on_sector, on_traits, NULL, NULL, NULL, NULL, NULL,
		NULL };
	struct log_file *f = log_of(file);
	*f = (struct log_file){ .real = (sqlite3_file *)(f + 1), .gathered = sqlite3_malloc(GATHERED_MAX) };
	if (!f->gathered) return SQLITE_NOMEM;
	int rc = beneath->xOpen(beneath, path, f->real, flags, ret_flags);
	if (rc == SQLITE_OK)
		f->base.pMethods = &methods;
	else
		sqlite3_free(f->gathered);
	return rc;
}

static int on_open(sqlite3_vfs *own, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
	sqlite3_vfs *beneath = sqlite3_vfs_find(NULL);
	must(beneath != own && sizeof(struct log_file) + (size_t)beneath->szOsFile <= (size_t)own->szOsFile);
	file->pMethods = NULL;
	return flags & SQLITE_OPEN_WAL ? open_log(beneath, path, file, flags, ret_flags)
								   : beneath->xOpen(beneath, path, file, flags, ret_flags);
}

void sqlite_log_register(void)
{
	static sqlite3_vfs own;
	own = *sqlite3_vfs_find(NULL);
	own.zName = SQLITE_LOG_VFS;
	own.szOsFile += (int)sizeof(struct log_file) + ROOM_BENEATH;
	own.xOpen = on_open;
	must(sqlite3_vfs_register(&own, 0) == SQLITE_OK);
}
