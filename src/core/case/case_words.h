/*
 * The words that find a case: of its numbers, its applicant and its place, folded so that "García", "GARCIA" and
 * "garcia" are one (base/utf8.h). Search compares whole words, and the last one typed also as a beginning.
 */
#pragma once
#include "core/case/case.h"

enum { CASE_WORDS_MAX = 40, CASE_WORD_BYTES = 40 };

struct case_words {
	struct str *items; /* each once */
	size_t count;
	struct str text; /* all, parted by spaces: what `cases.words` holds */
};
/* Of a case's numbers, and of these texts (none is skipped). */
struct case_words case_words_of(struct arena *a, const struct case_by_id_row *row, const struct str *texts,
	size_t count);
/* Adds a case that was inserted with `words->text` to the index. */
MUST_USE struct err *case_words_insert(struct tx *tx, const struct case_by_id_row *row,
	const struct case_words *words);
/* Index and row of a case that has other words now. */
MUST_USE struct err *case_words_change(struct tx *tx, const struct case_by_id_row *row,
	const struct case_words *words);

struct case_hits {
	struct case_list_row *items;
	size_t count;
	bool has_more;
};
/* By a number as people type it, else by words: the newest cases of a department, within the caller's scope, that have all the words of `typed`; `before_id`
 * goes on after the last hit (INT64_MAX: from the start). Nothing to search for gives no hits. */
MUST_USE struct err *case_words_find(struct db *db, struct arena *a, struct scope scope,
	int64_t department_id, struct str compartment, struct str typed, int64_t before_id,
	struct case_hits *ret);
