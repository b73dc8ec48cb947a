#include "core/case/case_words.h"
#include "base/utf8.h"

enum { NUMBER_WORDS = 4 };

struct str case_word_next(struct str *rest)
{
	while (!str_is_none(*rest)) {
		struct str word = str_cut(rest, ' ');
		bool is_letter = word.n == 1 && word.p[0] >= 'a';
		if (word.n > 0 && !is_letter) return str_slice(word, 0, CASE_WORD_BYTES);
	}
	return STR_NONE;
}

struct str case_word_of_number(struct arena *a, const struct number *n)
{
	return arena_printf(a, "#%.*s-%d-%lld", STR_FMT(n->series), n->year, (long long)n->n);
}

bool case_words_have(struct str words, struct str word, bool is_beginning)
{
	for (const char *p = words.p, *end = words.p + words.n; p && (size_t)(end - p) >= word.n;) {
		const char *space = memchr(p, ' ', (size_t)(end - p));
		size_t n = (size_t)((space ? space : end) - p);
		if ((n == word.n || (is_beginning && n > word.n)) && memcmp(p, word.p, word.n) == 0) return true;
		p = space ? space + 1 : NULL;
	}
	return false;
}

/* --- the words of a case ---------------------------------------------------------------------------------------------- */

static void add_word(struct case_words *words, struct str word)
{
	for (size_t i = 0; i < words->count; i++)
		if (str_eq(words->items[i], word)) return;
	words->items[words->count++] = word;
}

/* A whole number, and its last part, which is what people remember of it. */
static void add_number(struct arena *a, struct case_words *words, struct str text)
{
	struct number number;
	if (!number_parse(a, text, &number)) return;
	add_word(words, case_word_of_number(a, &number));
	add_word(words, arena_printf(a, "%lld", (long long)number.n));
}

struct case_words case_words_of(struct arena *a, const struct case_by_id_row *row, const struct str *texts,
	size_t count)
{
	struct case_words words = { .items = ARENA_ARRAY(a, struct str, CASE_WORDS_MAX + NUMBER_WORDS) };
	add_number(a, &words, row->number);
	add_number(a, &words, row->registry_number);
	size_t room = words.count + CASE_WORDS_MAX;
	for (size_t i = 0; i < count; i++) {
		if (str_is_empty(texts[i])) continue;
		struct str rest = utf8_search_fold(a, texts[i]);
		for (struct str word = case_word_next(&rest); !str_is_none(word) && words.count < room;
			 word = case_word_next(&rest))
			add_word(&words, word);
	}
	words.text = arena_join(a, words.items, words.count, STR(" "));
	return words;
}

static struct err *insert(struct tx *tx, const struct case_by_id_row *row, struct str word)
{
	return case_term_insert(tx->db, tx->arena,
		&(struct case_term_insert_in){ .department_id = row->department_id,
			.compartment = row->compartment,
			.word = word,
			.case_id = row->id },
		NULL);
}

struct err *case_words_insert(struct tx *tx, const struct case_by_id_row *row, const struct case_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		TRY(insert(tx, row, words->items[i]));
	return NULL;
}

struct err *case_words_change(struct tx *tx, const struct case_by_id_row *row, const struct case_words *words)
{
	struct case_words_get_row old;
	bool found;
	TRY(case_words_get(tx->db, tx->arena, &(struct case_words_get_in){ .id = row->id }, &old, &found));
	struct str rest = found ? old.words : STR_NONE;
	while (!str_is_none(rest)) {
		struct str word = str_cut(&rest, ' ');
		if (word.n == 0 || case_words_have(words->text, word, false)) continue;
		TRY(case_term_delete(tx->db, tx->arena,
			&(struct case_term_delete_in){ .department_id = row->department_id,
				.compartment = row->compartment,
				.word = word,
				.case_id = row->id },
			NULL));
	}
	for (size_t i = 0; i < words->count; i++)
		if (!case_words_have(old.words, words->items[i], false)) TRY(insert(tx, row, words->items[i]));
	return case_words_set(tx->db, tx->arena,
		&(struct case_words_set_in){ .id = row->id, .words = words->text }, NULL);
}
