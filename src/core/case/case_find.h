/*
 * Finding a case: by a number as people type it, else by the words of case_words.h. All typed words must be there; the
 * last one may be unfinished. The newest cases come first, in keyset pages, the same on both engines.
 *
 * A page reads at most CASE_FIND_ROWS entries of the index (each statement counts as sixteen; the stride under way is read
 * to its end, and some thousand say where to begin) and the words of CASE_FIND_TEXTS cases, however many cases there are.
 * Where that did not suffice for a full page it ends early, perhaps with nothing, and says where the next one goes on:
 * all pages together are exact. Nothing is counted.
 */
#pragma once
#include "core/case/case.h"

enum { CASE_FIND_PAGE = 50, CASE_FIND_ROWS = 40000, CASE_FIND_TEXTS = 4000 };

struct case_find {
	struct scope scope; /* who looks */
	int64_t department_id;
	struct str compartment;
	struct str typed;
	int64_t before_id; /* case_hits.next of the page before; INT64_MAX: from the start */
	int64_t rows;      /* at most so many entries; 0: CASE_FIND_ROWS */
};
struct case_hits {
	struct case_list_row *items;
	size_t count; /* at most CASE_FIND_PAGE */
	int64_t next; /* 0: that was all */
};
/* Nothing to search for gives no hits. */
MUST_USE struct err *case_find(struct db *db, struct arena *a, const struct case_find *ask,
	struct case_hits *ret);
