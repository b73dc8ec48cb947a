/*
 * A bounded builder for bytes. A maximum is compulsory: the piece that would pass it and all after it are
 * dropped and the builder remembers (`buf_overflowed`), so that a loop over hostile input ends in one check,
 * not in many.
 * Grows inside its arena.
 */
#pragma once
#include "base/arena.h"

struct buf {
	struct arena *arena;
	char *p; /* NUL-terminated once something was written */
	size_t n, capacity, max;
	bool overflowed;
};

struct buf buf_new(struct arena *a, size_t max_bytes);
void buf_add(struct buf *b, struct str s);
void buf_add_char(struct buf *b, char c);
void buf_add_int(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Forgets what was written; the memory and the limit stay. */
void buf_clear(struct buf *b);
/* What was written so far; valid until the next write. Never none: an empty builder gives "". */
struct str buf_str(const struct buf *b);
static inline bool buf_overflowed(const struct buf *b) { return b->overflowed; }
