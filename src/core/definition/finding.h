/*
 * Findings: what is wrong in a file, each with its place, so that one run tells its author everything. They
 * are for those who write packs, hence in English and with file:line:column; citizens never see one.
 */
#pragma once
#include "base/buf.h"

struct finding {
	struct str file;
	int line, column; /* from 1; column in characters */
	bool is_warning;
	struct str text; /* what is wrong, what was expected, what it might have meant */
};

struct findings {
	struct arena *arena;
	struct str file; /* the file being read: what finding_add() notes */
	struct finding *items;
	size_t count, capacity;
	int errors, warnings;
};

enum { FINDINGS_MAX = 500 }; /* the rest is counted, not kept */

struct findings findings_new(struct arena *a);
void finding_add(struct findings *f, int line, int column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void finding_warn(struct findings *f, int line, int column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void findings_sort(struct findings *f); /* by file, line, column */
/* "procedures/x.yaml:65:9: error: …", a line each. */
void findings_print(const struct findings *f, struct buf *out);

/* The candidate nearest to `word` when it is near enough to be a slip; STR_NONE otherwise. */
struct near {
	struct str word, best;
	size_t distance;
};
struct near near_start(struct str word);
void near_try(struct near *n, struct str candidate);
/* "; did you mean 'x'?" or "" */
struct str near_hint(struct arena *a, const struct near *n);
