#include "core/case/case_words.h"
#include "base/utf8.h"
#include "core/codes/number.h"

enum {
	QUERY_WORDS_MAX = 3,
	PAGE = 50,
	FEW = 200,    /* cases: so many are looked through whatever they hold */
	MANY = 20000, /* nobody counts further */
	STRIDE = 500, /* rows read at a time where most are passed over */
	STRIDE_BYTES = 8 * 1024 * 1024,
	NUMBER_WORDS = 4,
};

/* The next word of folded text; STR_NONE at the end. A letter alone ("C. P.", an initial) finds nothing that anyone
 * looks for, and stands in every case. */
static struct str next_word(struct str *rest)
{
	while (!str_is_none(*rest)) {
		struct str word = str_cut(rest, ' ');
		bool is_letter = word.n == 1 && word.p[0] >= 'a';
		if (word.n > 0 && !is_letter) return str_slice(word, 0, CASE_WORD_BYTES);
	}
	return STR_NONE;
}

/* A folded word has no such signs: a number is no word, and begins none. "#an-2026-2614" */
static struct str number_word(struct arena *a, const struct number *n)
{
	return arena_printf(a, "#%.*s-%d-%lld", STR_FMT(n->series), n->year, (long long)n->n);
}

/* Is the word, or a word that begins with it, among words that a space parts? */
static bool has_word(struct str words, struct str word, bool is_beginning)
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
	add_word(words, number_word(a, &number));
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
		for (struct str word = next_word(&rest); !str_is_none(word) && words.count < room;
			 word = next_word(&rest))
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
		if (word.n == 0 || has_word(words->text, word, false)) continue;
		TRY(case_term_delete(tx->db, tx->arena,
			&(struct case_term_delete_in){ .department_id = row->department_id,
				.compartment = row->compartment,
				.word = word,
				.case_id = row->id },
			NULL));
	}
	for (size_t i = 0; i < words->count; i++)
		if (!has_word(old.words, words->items[i], false)) TRY(insert(tx, row, words->items[i]));
	return case_words_set(tx->db, tx->arena,
		&(struct case_words_set_in){ .id = row->id, .words = words->text }, NULL);
}

/* --- finding ------------------------------------------------------------------------------------------------------------ */

/* One search: where, what, and what was found so far. */
struct search {
	struct db *db;
	struct arena *a;
	struct scope scope;
	struct case_search_in in;
	struct str words[QUERY_WORDS_MAX];
	size_t count;
	int64_t hit_ids[PAGE + 1]; /* one more than a page: then there is a next one */
	size_t hit_count;
};

/* A range that holds the word alone, or every word that begins with it. All bytes of a folded word lie below
 * 0xff, and U+10FFFF sorts after them in both engines. */
static struct str range_end(struct arena *a, struct str word, bool is_beginning)
{
	return arena_printf(a, is_beginning ? "%.*s\xf4\x8f\xbf\xbf" : "%.*s ", STR_FMT(word));
}

static struct err *count_of(struct search *s, struct str word, bool is_beginning, int64_t most, int64_t *ret)
{
	struct case_term_count_row row;
	bool found;
	TRY(case_term_count(s->db, s->a,
		&(struct case_term_count_in){ .department_id = s->in.department_id,
			.compartment = s->in.compartment,
			.word_from = word,
			.word_to = range_end(s->a, word, is_beginning),
			.most = most },
		&row, &found));
	*ret = row.total;
	return NULL;
}

/* The rarest of the first `count` words, counted to `most` at most. */
static struct err *rarest(struct search *s, size_t count, int64_t most, size_t *ret, int64_t *ret_least)
{
	*ret = 0;
	*ret_least = INT64_MAX;
	for (size_t i = 0; i < count; i++) {
		int64_t total;
		TRY(count_of(s, s->words[i], false, most, &total));
		if (total >= *ret_least) continue;
		*ret = i;
		*ret_least = total;
	}
	return NULL;
}

/* All typed words must be there; the last one may be unfinished, unless it is the only one. */
static bool is_hit(const struct search *s, const struct case_search_row *row)
{
	for (size_t i = 0; i < s->count; i++)
		if (!has_word(row->words, s->words[i], s->count > 1 && i + 1 == s->count)) return false;
	return true;
}

static void add_hit(struct search *s, int64_t id)
{
	for (size_t i = 0; i < s->hit_count; i++)
		if (s->hit_ids[i] == id) return; /* by a beginning it comes once for each of its words */
	s->hit_ids[s->hit_count++] = id;
}

/* From the newest case that has `driver` back, until a page is full; where most rows are passed over, many are read at a
 * time. */
static struct err *walk(struct search *s, struct str driver)
{
	struct arena *stride = arena_new(STRIDE_BYTES);
	struct err *e;
	struct case_search_rows rows;
	s->in.word = driver;
	s->in.most = s->count > 1 ? STRIDE : PAGE + 1;
	do {
		arena_reset(stride);
		e = case_search(s->db, stride, &s->in, &rows);
		if (e) break;
		for (size_t i = 0; i < rows.count && s->hit_count <= PAGE; i++)
			if (is_hit(s, &rows.items[i])) add_hit(s, rows.items[i].id);
		if (rows.count > 0) s->in.before_id = rows.items[rows.count - 1].id;
	} while ((int64_t)rows.count == s->in.most && s->hit_count <= PAGE);
	e = err_copy(s->a, e);
	arena_free(stride);
	return e;
}

static struct err *read_beginning(struct search *s, struct str word, int64_t most,
	struct case_search_beginning_rows *ret)
{
	return case_search_beginning(s->db, s->a,
		&(struct case_search_beginning_in){ .department_id = s->in.department_id,
			.compartment = s->in.compartment,
			.word_from = word,
			.word_to = range_end(s->a, word, true),
			.before_id = s->in.before_id,
			.most = most },
		ret);
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = ((const struct case_search_row *)a)->id, y = ((const struct case_search_row *)b)->id;
	return x > y ? -1 : x < y;
}

/* The few cases that have a word with the beginning of the last one typed. */
static struct err *look_through(struct search *s)
{
	struct case_search_beginning_rows rows;
	TRY(read_beginning(s, s->words[s->count - 1], FEW, &rows));
	if (rows.count > 0) qsort(rows.items, rows.count, sizeof *rows.items, newest_first);
	for (size_t i = 0; i < rows.count && s->hit_count <= PAGE; i++)
		if (is_hit(s, &rows.items[i])) add_hit(s, rows.items[i].id);
	return NULL;
}

/* One word, whole. When it is nobody's whole word: whoever has a word that begins so. */
static struct err *find_one(struct search *s)
{
	struct case_search_beginning_rows rows;
	bool is_first = s->in.before_id == INT64_MAX;
	TRY(walk(s, s->words[0]));
	if (s->hit_count > 0 || s->words[0].n < 2 || !is_first) return NULL;
	TRY(read_beginning(s, s->words[0], PAGE + 1, &rows));
	for (size_t i = 0; i < rows.count; i++)
		add_hit(s, rows.items[i].id);
	if (s->hit_count > PAGE) s->hit_count = PAGE; /* in the order of words there is no going on */
	return NULL;
}

/* Several words: the walk goes along the rarest, since along a common one it would be long where the others rarely meet
 * it. The last one typed may be unfinished, and walking along it finds only those that have it whole: that is done
 * when all others are common. */
static struct err *find_several(struct search *s)
{
	size_t last = s->count - 1, driver;
	int64_t least, beginnings, whole;
	TRY(count_of(s, s->words[last], true, FEW, &beginnings));
	if (beginnings == 0) return NULL;
	TRY(rarest(s, last, FEW, &driver, &least));
	if (least == 0) return NULL;
	if (beginnings < FEW && beginnings <= least) return look_through(s);
	if (least == FEW) {
		TRY(rarest(s, last, MANY, &driver, &least));
		TRY(count_of(s, s->words[last], false, least, &whole));
		if (least == MANY && whole > 0 && whole < least) driver = last;
	}
	return walk(s, s->words[driver]);
}

static struct err *find(struct search *s)
{
	s->hit_count = 0;
	return s->count == 1 ? find_one(s) : find_several(s);
}

/* What was found, as far as the caller may see it. */
static struct err *read_hits(const struct search *s, struct case_hits *ret)
{
	struct case_hits hits = { .items = ARENA_ARRAY(s->a, struct case_list_row, PAGE),
		.has_more = s->hit_count > PAGE };
	for (size_t i = 0; i < s->hit_count && i < PAGE; i++) {
		struct case_list_one_in in = { .id = s->hit_ids[i], .scope = s->scope };
		bool found;
		TRY(case_list_one(s->db, s->a, &in, &hits.items[hits.count], &found));
		hits.count += found;
	}
	hits.has_more = hits.has_more && hits.count > 0; /* going on begins after the last one shown */
	*ret = hits;
	return NULL;
}

static void take_terms(struct search *s, struct str typed)
{
	struct str rest = utf8_search_fold(s->a, utf8_cut(typed, 200));
	s->count = 0;
	for (struct str word = next_word(&rest); !str_is_none(word) && s->count < QUERY_WORDS_MAX;
		 word = next_word(&rest))
		s->words[s->count++] = word;
}

struct err *case_words_find(struct db *db, struct arena *a, struct scope scope, int64_t department_id,
	struct str compartment, struct str typed, int64_t before_id, struct case_hits *ret)
{
	struct search s = { .db = db,
		.a = a,
		.scope = scope,
		.in = { .department_id = department_id, .compartment = compartment, .before_id = before_id } };
	struct number number;
	if (number_parse(a, typed, &number)) {
		s.words[0] = number_word(a, &number);
		s.count = 1;
		TRY(find(&s));
	}
	if (s.hit_count == 0) { /* "calle 2026 3" looks like a number too */
		s.in.before_id = before_id;
		take_terms(&s, typed);
		if (s.count > 0) TRY(find(&s));
	}
	return read_hits(&s, ret);
}
