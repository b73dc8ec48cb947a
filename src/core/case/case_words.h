/*
 * The words that find a case: of its numbers, its applicant and its place, folded so that "García", "GARCIA" and
 * "garcia" are one (base/utf8.h). case_find.h looks for them.
 */
#pragma once
#include "core/case/case.h"
#include "core/codes/number.h"

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

/* The next word of folded text; STR_NONE at the end. A letter alone ("C. P.", an initial) finds nothing that anyone
 * looks for, and stands in every case: it is no word. */
struct str case_word_next(struct str *rest);
/* A number stands under a word that no folded text has, nor begins with: "#an-2026-2614". */
struct str case_word_of_number(struct arena *a, const struct number *n);
/* Is the word, or a word that begins with it, among words that a space parts? */
bool case_words_have(struct str words, struct str word, bool is_beginning);
