/*
 * Asking a ClamAV daemon about bytes, over its local socket (its INSTREAM command). The daemon is the only part
 * that may read a file in quarantine.
 */
#pragma once
#include "data/files.h"

enum clamd_verdict { CLAMD_CLEAN, CLAMD_INFECTED };
/* `socket_path`: the daemon's Unix socket. ERR_UNAVAILABLE when it does not answer within a minute, or answers
 * anything but a verdict. *ret_name: of what was found. */
MUST_USE struct err *clamd_scan(struct arena *a, struct str socket_path, struct file_reader *file,
	int64_t bytes, enum clamd_verdict *ret, struct str *ret_name);
