/*
 * A SQLite VFS for tests: passes everything on to the real one, and shows a watcher each change of a file before it
 * happens, and each read. What the watcher answers instead of SQLITE_OK is what SQLite gets, and nothing happens.
 *
 * The default of all connections that are opened between test_vfs_install() and test_vfs_remove(); those may be
 * closed later.
 */
#pragma once
#include <sqlite3.h>

struct test_vfs_watcher {
	void (*open)(const char *path); /* may be NULL */
	int (*write)(const char *path, const void *from, int n, sqlite3_int64 at);
	int (*truncate)(const char *path, sqlite3_int64 n); /* may be NULL */
	int (*sync)(const char *path);
	int (*read)(const char *path); /* may be NULL */
};
void test_vfs_install(const struct test_vfs_watcher *watcher);
void test_vfs_remove(void);
