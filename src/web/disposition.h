/*
 * Content-Disposition both ways: read from the parts of a form (RFC 7578, as browsers really write it),
 * written on downloads (RFC 6266). Also the one parameter reader for such headers.
 */
#pragma once
#include "base/err.h"

enum { DISPOSITION_NAME_MAX = 200 };

struct disposition {
	struct str name;
	bool is_file;
	struct str file_name; /* no path, plain text, NFC, at most DISPOSITION_NAME_MAX bytes; may be empty */
};

/* `headers`: a part's header lines, each ended by CRLF. ERR_MALFORMED unless there is exactly one form-data
 * disposition with a sound name. */
MUST_USE struct err *disposition_read(struct arena *a, struct str headers, struct disposition *ret);

/* `key` in "key=value; other=\"va;lue\"", unquoted; STR_NONE when absent. False when broken or there
 * twice. */
bool disposition_parameter(struct arena *a, struct str parameters, struct str key, struct str *ret);

/* The header's value for a download. */
struct str disposition_write(struct arena *a, bool is_inline, struct str file_name);
/* What a browser called the file, made harmless. */
struct str disposition_clean(struct arena *a, struct str file_name);
