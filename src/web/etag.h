/*
 * Entity tags: the version of an answer's bytes, so that a browser that has them is told 304 instead.
 */
#pragma once
#include "base/arena.h"

/* "\"…\"" over the bytes: SHA-256, shortened to 128 bits. `suffix` ("gz") tells encodings of them apart. */
struct str etag_of(struct arena *a, struct str bytes);
struct str etag_with(struct arena *a, struct str etag, struct str suffix);
/* Whether an If-None-Match list names it, by weak comparison; "*" names everything. */
bool etag_is_listed(struct str list, struct str etag);
/* Whether If-Range names exactly this version, by strong comparison. */
bool etag_is_strongly(struct str header, struct str etag);
