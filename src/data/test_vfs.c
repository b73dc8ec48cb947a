#include "data/test_vfs.h"

#include <stdio.h>

/* The tests of a binary run one after another on one thread; each installs anew. */
static struct {
	sqlite3_vfs *real, own; /* connections that a test's end closes still use it */
	const struct test_vfs_watcher *watcher;
} vfs;

struct vfs_file {
	sqlite3_file base;
	const char *path;
	sqlite3_file *real; /* stands behind this struct */
};

static sqlite3_file *real_of(sqlite3_file *f) { return ((struct vfs_file *)f)->real; }

static const char *path_of(sqlite3_file *f) { return ((struct vfs_file *)f)->path; }

static int on_close(sqlite3_file *f) { return real_of(f)->pMethods->xClose(real_of(f)); }

static int on_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	int rc = vfs.watcher->read ? vfs.watcher->read(path_of(f)) : SQLITE_OK;
	return rc ? rc : real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int on_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	int rc = vfs.watcher->write(path_of(f), from, n, at);
	return rc ? rc : real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	int rc = vfs.watcher->truncate ? vfs.watcher->truncate(path_of(f), n) : SQLITE_OK;
	return rc ? rc : real_of(f)->pMethods->xTruncate(real_of(f), n);
}

static int on_sync(sqlite3_file *f, int flags)
{
	int rc = vfs.watcher->sync(path_of(f));
	return rc ? rc : real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), ret);
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

static int on_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, ret);
}

static int on_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void on_shm_barrier(sqlite3_file *f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); }

static int on_shm_unmap(sqlite3_file *f, int remove)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

static int on_open(sqlite3_vfs *own_vfs, const char *path, sqlite3_file *f, int flags, int *ret_flags)
{
	static const sqlite3_io_methods methods = { 2, on_close, on_read, on_write, on_truncate, on_sync, on_size,
		on_lock, on_unlock, on_check_lock, on_control, on_sector, on_traits, on_shm_map, on_shm_lock,
		on_shm_barrier, on_shm_unmap, NULL, NULL };
	struct vfs_file *own = (struct vfs_file *)f;
	(void)own_vfs;
	own->path = path ? path : "";
	own->real = (sqlite3_file *)(own + 1);
	if (vfs.watcher->open) vfs.watcher->open(own->path);
	int rc = vfs.real->xOpen(vfs.real, path, own->real, flags, ret_flags);
	own->base.pMethods = rc == SQLITE_OK ? &methods : NULL;
	return rc;
}

void test_vfs_install(const struct test_vfs_watcher *watcher)
{
	vfs.watcher = watcher;
	vfs.real = sqlite3_vfs_find(NULL);
	vfs.own = *vfs.real;
	vfs.own.zName = "watched";
	vfs.own.szOsFile = (int)sizeof(struct vfs_file) + vfs.real->szOsFile;
	vfs.own.xOpen = on_open;
	sqlite3_vfs_register(&vfs.own, 1);
}

void test_vfs_remove(void)
{
	sqlite3_vfs_unregister(&vfs.own);
	sqlite3_vfs_register(vfs.real, 1); /* else any other that is registered may become the default */
}
