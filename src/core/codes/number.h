/*
 * Public numbers: "AN-2026-002614" (a case), "E-2026-018342" (a registry entry). They count without gaps
 * within series and year, are guessable, and open nothing.
 */
#pragma once
#include "base/err.h"

enum { NUMBER_SERIES_MAX = 6, NUMBER_DIGITS = 6 };

struct number {
	struct str series; /* 1 to 6 of A–Z */
	int year;          /* 1900 to 9999 */
	int64_t n;         /* 1 to 999 999 999 999; at least six digits are written */
};
/* The parts must be valid: a bug otherwise. */
struct str number_format(struct arena *a, const struct number *n);
/* Reads what people type: lower case, spaces around and instead of the hyphens, dashes of all lengths, leading
 * zeros left out. False for anything else. `series` lives in `a`. */
bool number_parse(struct arena *a, struct str text, struct number *ret);
bool number_series_is_valid(struct str series);
