#include "base/utf8.h"
#include "core/case/case_words.h"

enum { QUERY_WORDS_MAX = 3, PAGE = 50 };

/* The next word of folded text; STR_NONE at the end. */
static struct str next_word(struct str *rest)
{
	while (!str_is_none(*rest)) {
		struct str word = str_cut(rest, ' ');
		if (word.n > 0) return str_slice(word, 0, CASE_WORD_BYTES);
	}
	return STR_NONE;
}

struct err *case_words_write(struct tx *tx, int64_t case_id, int64_t department_id, struct str compartment,
	const struct str *texts, size_t count)
{
	TRY(case_word_forget(tx->db, tx->arena, &(struct case_word_forget_in){ .case_id = case_id }, NULL));
	int written = 0;
	for (size_t i = 0; i < count; i++) {
		struct str rest = utf8_search_fold(tx->arena, texts[i]);
		for (struct str word = next_word(&rest); !str_is_none(word) && written < CASE_WORDS_MAX;
			 word = next_word(&rest)) {
			TRY(case_word_insert(tx->db, tx->arena,
				&(struct case_word_insert_in){ .case_id = case_id,
					.department_id = department_id,
					.compartment = compartment,
					.word = word },
				NULL));
			written++;
		}
	}
	return NULL;
}

struct terms {
	struct str words[QUERY_WORDS_MAX];
	size_t count;
};

static struct terms terms_of(struct arena *a, struct str typed)
{
	struct terms terms = { .count = 0 };
	struct str rest = utf8_search_fold(a, utf8_cut(typed, 200));
	for (struct str word = next_word(&rest); !str_is_none(word) && terms.count < QUERY_WORDS_MAX;
		 word = next_word(&rest))
		terms.words[terms.count++] = word;
	return terms;
}

/* A range that holds the word alone, or every word that begins with it. All bytes of a folded word lie below
 * 0xff, and U+10FFFF sorts after them in both engines. */
static struct str range_end(struct arena *a, struct str word, bool is_beginning)
{
	return arena_printf(a, is_beginning ? "%.*s\xf4\x8f\xbf\xbf" : "%.*s ", STR_FMT(word));
}

/* The word to start from is the rarest: a common one would be walked for long when the others rarely meet it.
 * The last one typed may be unfinished; nobody's whole word, it is used only as a beginning. */
static struct err *driver_of(struct db *db, struct arena *a, const struct terms *terms,
	const struct case_search_in *in, size_t *ret)
{
	size_t best = 0;
	int64_t least = INT64_MAX;
	for (size_t i = 0; i < terms->count; i++) {
		struct case_word_count_row row;
		bool found;
		TRY(case_word_count(db, a,
			&(struct case_word_count_in){ .department_id = in->department_id,
				.compartment = in->compartment,
				.word = terms->words[i] },
			&row, &found));
		bool is_unfinished = i > 0 && i + 1 == terms->count && row.total == 0;
		if (!is_unfinished && row.total < least) {
			best = i;
			least = row.total;
		}
	}
	*ret = best;
	return NULL;
}

static struct err *find_words(struct db *db, struct arena *a, const struct terms *terms,
	struct case_search_in *in, struct case_search_rows *ret)
{
	size_t driver;
	TRY(driver_of(db, a, terms, in, &driver));
	in->word = terms->words[driver];
	struct str *from[] = { &in->second_from, &in->third_from };
	struct str *to[] = { &in->second_to, &in->third_to };
	size_t used = 0;
	for (size_t i = 0; i < terms->count; i++) {
		if (i == driver) continue;
		*from[used] = terms->words[i];
		*to[used] = range_end(a, terms->words[i], i + 1 == terms->count);
		used++;
	}
	for (; used < 2; used++) { /* left out: the driver again, which is always true and one look-up */
		*from[used] = in->word;
		*to[used] = range_end(a, in->word, false);
	}
	return case_search(db, a, in, ret);
}

/* One word that is nobody's whole word: whoever has a word that begins so. */
static struct err *find_beginning(struct db *db, struct arena *a, const struct case_search_in *in,
	struct str word, struct case_hits *ret)
{
	struct case_search_beginning_rows rows;
	TRY(case_search_beginning(db, a,
		&(struct case_search_beginning_in){ .department_id = in->department_id,
			.compartment = in->compartment,
			.word_from = word,
			.word_to = range_end(a, word, true),
			.scope = in->scope },
		&rows));
	ret->items = ARENA_ARRAY(a, struct case_list_row, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		bool is_repeated = false; /* a case stands once for each of its words */
		for (size_t k = 0; k < ret->count; k++)
			is_repeated |= ret->items[k].id == rows.items[i].id;
		if (!is_repeated) ret->items[ret->count++] = rows.items[i];
	}
	return NULL;
}

struct err *case_words_find(struct db *db, struct arena *a, struct scope scope, int64_t department_id,
	struct str compartment, struct str typed, int64_t before_id, struct case_hits *ret)
{
	struct case_hits hits = { 0 };
	struct terms terms = terms_of(a, typed);
	if (terms.count > 0) {
		struct case_search_in in = { .department_id = department_id,
			.compartment = compartment,
			.before_id = before_id,
			.scope = scope };
		struct case_search_rows rows;
		TRY(find_words(db, a, &terms, &in, &rows));
		hits = (struct case_hits){ rows.items, rows.count, rows.count > PAGE };
		hits.count = hits.has_more ? PAGE : hits.count;
		if (rows.count == 0 && terms.count == 1 && terms.words[0].n >= 2 && before_id == INT64_MAX)
			TRY(find_beginning(db, a, &in, terms.words[0], &hits));
	}
	*ret = hits;
	return NULL;
}
