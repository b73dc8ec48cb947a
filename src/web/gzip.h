/*
 * Compression of text answers. One `struct gzip` a loop: its tables are large and used again for every
 * answer.
 */
#pragma once
#include "base/arena.h"

struct gzip;

enum { GZIP_MIN_BYTES = 1000, GZIP_MAX_BYTES = 256 * 1024 }; /* past it a loop would be kept too long */

struct gzip *gzip_new(struct arena *a);
/* False when the bytes are out of bounds or do not shrink. The result lives in `a`. */
bool gzip_bytes(struct gzip *g, struct arena *a, struct str bytes, struct str *ret);

bool gzip_is_accepted(struct str accept_encoding); /* the header; none accepts nothing */
bool gzip_suits(struct str content_type);          /* text of some kind */
