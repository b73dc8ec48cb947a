/*
 * Percent-decoding (RFC 3986), strict: a broken escape, a NUL or invalid UTF-8 is an error, never kept as it
 * is.
 */
#pragma once
#include "base/arena.h"

/* `plus_is_space`: as forms and queries write it. The result is `s` itself when nothing was escaped. */
bool percent_decode(struct arena *a, struct str s, bool plus_is_space, struct str *ret);
