/*
 * A string view: pointer and length, passed by value.
 *
 * Every text in the program is a `struct str`. It never owns its bytes: they live in an arena, in a
 * literal, or in the connection's buffer, and the view is valid as long as they are. Strings that an
 * arena made are also NUL-terminated, so `.p` may be handed to a library that wants a C string; a view
 * cut out of another string is not.
 *
 * "No value" is `.p == NULL` (STR_NONE, SQL NULL); it compares equal to "" with str_eq() but
 * str_is_none() tells them apart. Bytes that are not text use the same type under the name `struct str`:
 * nothing here assumes UTF-8 unless it says so (utf8.h does).
 */
#pragma once
#include "base/banned.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *p;
	size_t n;
};

#define STR_NONE ((struct str){ NULL, 0 })
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* For printf("%.*s", STR_FMT(s)). Lengths over INT_MAX are cut. */
#define STR_FMT(s) ((s).n > 0x7fffffff ? 0x7fffffff : (int)(s).n), ((s).p ? (s).p : "")

struct str str_of(const char *cstr); /* NULL gives STR_NONE */

static inline bool str_is_none(struct str s) { return s.p == NULL; }
static inline bool str_is_empty(struct str s) { return s.n == 0; }
bool str_eq(struct str a, struct str b);
bool str_eq_ci(struct str a, struct str b); /* ASCII letters only */
int str_cmp(struct str a, struct str b);    /* by bytes, shorter first: -1, 0, 1 */
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);

/* Position of the first occurrence, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_char(struct str s, char c);

/* The bytes [from, to), both clamped to the string. */
struct str str_slice(struct str s, size_t from, size_t to);
struct str str_trim(struct str s); /* ASCII white space at both ends */

/* Cuts `*rest` at the first `separator`: returns what stood before it and leaves what stands after.
 * Without a separator returns all of it and leaves STR_NONE, so that a loop reads
 * `while (!str_is_none(rest)) { part = str_cut(&rest, ','); … }`. */
struct str str_cut(struct str *rest, char separator);

/* Decimal integer, optional '-', nothing else around it. False (and *ret untouched) when the text is not
 * such a number or lies outside [min, max]. */
bool str_to_int64(struct str s, int64_t min, int64_t max, int64_t *ret);

/* Writes the last `width` decimal digits of `n`, which is not negative. */
void str_put_digits(char *to, int width, int64_t n);

/* Compares secrets in time that depends on the lengths only. */
bool str_eq_secret(struct str a, struct str b);
