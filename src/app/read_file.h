/* A file named on the command line, read whole. */
#pragma once
#include "base/err.h"

enum { READ_FILE_MAX = 64 * 1024 * 1024 };

/* ERR_NOT_FOUND, ERR_MALFORMED when it is no regular file, ERR_TOO_LARGE; the error names it. */
MUST_USE struct err *read_file(struct arena *a, struct str path, struct str *ret);
