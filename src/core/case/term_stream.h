/*
 * The cases that have a word, the newest first, as a stream that can be told to skip: what search intersects
 * (case_find.c). It reads the index alone, a stride at a time. The stride grows where most of it is used, and shrinks
 * where most is skipped, so that meeting a common word with a rare one costs about what the rare one has.
 *
 * Reading is paid from a purse, a unit an entry and TERM_STATEMENT a statement; who is asked may look into it and stop.
 */
#pragma once
#include "data/db.h"

enum { TERM_STRIDE_MIN = 16, TERM_STRIDE_MAX = 512, TERM_STATEMENT = 16, TERM_BEGINNING_MAX = 16384 };

/* Where words are looked for. `scratch` is reset by each reading. */
struct term_place {
	struct db *db;
	struct arena *scratch;
	int64_t department_id;
	struct str compartment;
	int64_t purse; /* goes below zero by one stride at most, or by one term_beginning() */
};

struct term_stream {
	struct str word;
	const int64_t *ids; /* falling */
	int64_t *room;      /* of TERM_STRIDE_MAX; NULL: ids were given */
	size_t count, at, stride;
	size_t landed;    /* how many of them were asked for */
	bool is_complete; /* there is nothing after ids */
};

/* The first `stride` cases before `before_id` are read at once: is_complete says whether these are all. */
MUST_USE struct err *term_stream_open(struct term_place *p, struct arena *a, struct str word,
	int64_t before_id, size_t stride, struct term_stream *ret);
/* Over falling ids that are known already. */
struct term_stream term_stream_of(const int64_t *ids, size_t count);
/* The newest case up to `most`, which never rises from call to call; 0 when there is none. */
MUST_USE struct err *term_stream_seek(struct term_place *p, struct term_stream *s, int64_t most,
	int64_t *ret);

/* A beginning of words: the cases that have one, in the order of the words, a case once for each of them. At most `most` entries
 * (≤ TERM_BEGINNING_MAX) are read. */
struct term_ids {
	int64_t *items;
	size_t count;
	bool is_complete;
};
MUST_USE struct err *term_beginning(struct term_place *p, struct arena *a, struct str beginning, size_t most,
	struct term_ids *ret);
/* The same without the word that is nothing more than the beginning. */
MUST_USE struct err *term_longer(struct term_place *p, struct arena *a, struct str beginning, size_t most,
	struct term_ids *ret);
/* The words that begin so, in order: at most `most` of them, into ret; they live in `a`. */
MUST_USE struct err *term_words(struct term_place *p, struct arena *a, struct str beginning, struct str *ret,
	size_t most, size_t *ret_count);
