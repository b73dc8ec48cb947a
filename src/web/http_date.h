/*
 * Dates as HTTP writes them (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT". The two obsolete
 * forms, which no browser sends, are not read.
 */
#pragma once
#include "base/instant.h"

struct str http_date(struct arena *a, struct instant t);
/* False, and *ret untouched, for anything that is not exactly such a date. */
bool http_date_parse(struct str s, struct instant *ret);
