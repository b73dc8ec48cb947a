/*
 * SQLite's log (WAL), written in large pieces. SQLite writes each changed page of a commit in two small writes, its
 * head and the page; an application changes some fifteen pages, so a batch makes a thousand calls of the system. Under
 * this VFS what is written to the log one after another is gathered, and reaches the file before anybody needs it: at
 * the sync of the commit, and before the log is read, measured, cut or closed.
 *
 * It holds only with synchronous = FULL, where every commit syncs the log before it is visible to anyone: then nothing
 * that another connection may look for is ever still here. A full disk is met at the sync instead of the write; to
 * SQLite both are the same failed commit. All files but the log are the VFS's beneath, untouched.
 */
#pragma once

/* Registered once a process; for sqlite3_open_v2(). What lies beneath is the default VFS at each opening. */
#define SQLITE_LOG_VFS "ventanilla"
void sqlite_log_register(void);
