#include "base/utf8.h"
#include "core/case/case_words.h"
#include "core/codes/number.h"

enum { QUERY_WORDS_MAX = 3, PAGE = 50, COMMON = 200 /* case_word_count counts no further */ };

/* The next word of folded text; STR_NONE at the end. */
static struct str next_word(struct str *rest)
{
	while (!str_is_none(*rest)) {
		struct str word = str_cut(rest, ' ');
		if (word.n > 0) return str_slice(word, 0, CASE_WORD_BYTES);
	}
	return STR_NONE;
}

/* A folded word has no such signs: a number is no word, and begins none. "#an-2026-2614" */
static struct str number_word(struct arena *a, const struct number *n)
{
	return arena_printf(a, "#%.*s-%d-%lld", STR_FMT(n->series), n->year, (long long)n->n);
}

static struct err *add_word(struct tx *tx, const struct case_by_id_row *row, struct str word)
{
	return case_word_insert(tx->db, tx->arena,
		&(struct case_word_insert_in){ .case_id = row->id,
			.department_id = row->department_id,
			.compartment = row->compartment,
			.word = word },
		NULL);
}

/* A whole number, and its last part, which is what people remember of it. */
static struct err *add_number(struct tx *tx, const struct case_by_id_row *row, struct str text)
{
	struct number number;
	if (!number_parse(tx->arena, text, &number)) return NULL;
	TRY(add_word(tx, row, number_word(tx->arena, &number)));
	return add_word(tx, row, arena_printf(tx->arena, "%lld", (long long)number.n));
}

struct err *case_words_forget(struct tx *tx, int64_t case_id)
{
	return case_word_forget(tx->db, tx->arena, &(struct case_word_forget_in){ .case_id = case_id }, NULL);
}

struct err *case_words_write(struct tx *tx, const struct case_by_id_row *row, const struct str *texts,
	size_t count)
{
	TRY(add_number(tx, row, row->number));
	TRY(add_number(tx, row, row->registry_number));
	int written = 0;
	for (size_t i = 0; i < count; i++) {
		if (str_is_empty(texts[i])) continue;
		struct str rest = utf8_search_fold(tx->arena, texts[i]);
		for (struct str word = next_word(&rest); !str_is_none(word) && written < CASE_WORDS_MAX;
			 word = next_word(&rest), written++)
			TRY(add_word(tx, row, word));
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

/* How many have the word, counted to COMMON at most. */
static struct err *count_of(struct db *db, struct arena *a, const struct case_search_in *in, struct str word,
	int64_t *ret)
{
	struct case_word_count_row row;
	bool found;
	TRY(case_word_count(db, a,
		&(struct case_word_count_in){ .department_id = in->department_id,
			.compartment = in->compartment,
			.word = word },
		&row, &found));
	*ret = row.total;
	return NULL;
}

/* The word to start from is the rarest: a common one would be walked for long when the others rarely meet it. The
 * last one typed may be unfinished, and starting from it finds only those that have it whole: that is done when
 * there is no other, or all others are common. */
static struct err *driver_of(struct db *db, struct arena *a, const struct terms *terms,
	const struct case_search_in *in, size_t *ret)
{
	size_t best = 0, last = terms->count - 1;
	int64_t least = INT64_MAX, count;
	for (size_t i = 0; i < terms->count; i++) {
		if (i == last && least < COMMON) break;
		TRY(count_of(db, a, in, terms->words[i], &count));
		bool is_unfinished = i == last && i > 0 && count == 0;
		if (is_unfinished || count >= least) continue;
		best = i;
		least = count;
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

static struct err *find_terms(struct db *db, struct arena *a, const struct terms *terms,
	struct case_search_in *in, struct case_hits *ret)
{
	struct case_search_rows rows;
	bool is_first = in->before_id == INT64_MAX;
	TRY(find_words(db, a, terms, in, &rows));
	*ret = (struct case_hits){ rows.items, rows.count, rows.count > PAGE };
	if (ret->has_more) ret->count = PAGE;
	if (rows.count == 0 && terms->count == 1 && terms->words[0].n >= 2 && is_first)
		TRY(find_beginning(db, a, in, terms->words[0], ret));
	return NULL;
}

struct err *case_words_find(struct db *db, struct arena *a, struct scope scope, int64_t department_id,
	struct str compartment, struct str typed, int64_t before_id, struct case_hits *ret)
{
	struct case_hits hits = { 0 };
	struct case_search_in in = { .department_id = department_id,
		.compartment = compartment,
		.before_id = before_id,
		.scope = scope };
	struct terms terms = { .count = 1 };
	struct number number;
	if (number_parse(a, typed, &number)) {
		terms.words[0] = number_word(a, &number);
		TRY(find_terms(db, a, &terms, &in, &hits));
	}
	if (hits.count == 0) terms = terms_of(a, typed); /* "calle 2026 3" looks like a number too */
	if (hits.count == 0 && terms.count > 0) TRY(find_terms(db, a, &terms, &in, &hits));
	*ret = hits;
	return NULL;
}
