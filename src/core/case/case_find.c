#include "core/case/case_find.h"
#include "base/utf8.h"
#include "core/case/case_words.h"
#include "core/case/term_stream.h"

enum {
	QUERY_WORDS_MAX = 3,
	PAGE = CASE_FIND_PAGE,
	FEW = 256,       /* cases: so many are looked through whatever they hold */
	ENDINGS_MAX = 8, /* of an unfinished word: so many words are followed side by side */
	TEXTS = 16,      /* cases whose words are read at a time */
	PATIENCE = 512,  /* cases whose words are read before the last word is looked up */
	LOOK_UP = 8,     /* entries a case whose words were read: as dear, about */
	SCRATCH_BYTES = 8 * 1024 * 1024,
};

/* The cases that have any of these words. */
struct list {
	struct term_stream *streams;
	size_t count;
};

/* One search: where, what, and what was found so far. */
struct search {
	struct arena *a;
	struct term_place place;
	int64_t before_id, rows;
	struct str words[QUERY_WORDS_MAX];
	size_t count;

	/* A hit is in all lists. Where they do not stand for all words, its own words are read too. */
	struct list lists[QUERY_WORDS_MAX];
	size_t list_count;
	bool reads_texts;
	int64_t texts_read, look_up_at; /* so many read texts */
	int64_t waiting[TEXTS];         /* in all lists, not yet read */
	size_t waiting_count;

	int64_t hit_ids[PAGE + 1]; /* one more than a page: then there is a next one */
	size_t hit_count;
	int64_t next;
};

static void add_hit(struct search *s, int64_t id)
{
	for (size_t i = 0; i < s->hit_count; i++)
		if (s->hit_ids[i] == id) return; /* by a beginning it comes once for each of its words */
	if (s->hit_count <= PAGE) s->hit_ids[s->hit_count++] = id;
}

/* --- what all lists have -------------------------------------------------------------------------------------------------- */

static void add_list(struct search *s, struct term_stream *streams, size_t count)
{
	s->lists[s->list_count++] = (struct list){ streams, count };
}

static struct err *list_seek(struct search *s, const struct list *list, int64_t most, int64_t *ret)
{
	int64_t newest = 0;
	for (size_t i = 0; i < list->count && newest < most; i++) {
		int64_t id;
		TRY(term_stream_seek(&s->place, &list->streams[i], most, &id));
		if (id > newest) newest = id;
	}
	*ret = newest;
	return NULL;
}

/* The newest case up to *at that all lists have; 0: there is none. An empty purse ends it with false: what is newer than
 * *at was looked at. */
static struct err *meet(struct search *s, int64_t *at, bool *ret_met)
{
	*ret_met = false;
	for (size_t agreed = 0, i = 0; agreed < s->list_count; i = (i + 1) % s->list_count) {
		int64_t id;
		if (s->place.purse <= 0) return NULL;
		TRY(list_seek(s, &s->lists[i], *at, &id));
		agreed = id == *at ? agreed + 1 : 1;
		*at = id;
		if (id == 0) break;
	}
	*ret_met = true;
	return NULL;
}

static bool has_all_words(const struct search *s, struct str words)
{
	for (size_t i = 0; i < s->count; i++)
		if (!case_words_have(words, s->words[i], s->count > 1 && i + 1 == s->count)) return false;
	return true;
}

/* The words of those that wait: who has all of them is a hit. */
static struct err *read_texts(struct search *s)
{
	struct case_words_read_rows rows;
	size_t n = s->waiting_count;
	if (n == 0) return NULL;
	int64_t id[TEXTS];
	for (size_t i = 0; i < TEXTS; i++)
		id[i] = s->waiting[i < n ? i : n - 1];
	arena_reset(s->place.scratch);
	TRY(case_words_read(s->place.db, s->place.scratch,
		&(struct case_words_read_in){ id[0], id[1], id[2], id[3], id[4], id[5], id[6], id[7], id[8], id[9],
			id[10], id[11], id[12], id[13], id[14], id[15] },
		&rows));
	for (size_t i = 0; i < rows.count; i++)
		if (has_all_words(s, rows.items[i].words)) add_hit(s, rows.items[i].id);
	s->texts_read += (int64_t)n;
	s->waiting_count = 0;
	return NULL;
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x > y ? -1 : x < y;
}

static struct term_stream stream_of(const struct term_ids *ids)
{
	if (ids->count > 0) qsort(ids->items, ids->count, sizeof *ids->items, newest_first);
	return term_stream_of(ids->items, ids->count);
}

static void add_ids(struct search *s, const struct term_ids *ids)
{
	struct term_stream *stream = ARENA_NEW(s->a, struct term_stream);
	*stream = stream_of(ids);
	add_list(s, stream, 1);
}

/* Few cases have a word that begins like the last one, or the page would be full by now. If they are few enough to be
 * listed at the price of what was read so far, nobody's words need to be read any more; else it is tried once more when
 * twice as much was read. */
static struct err *look_up_last(struct search *s)
{
	struct term_ids ids;
	TRY(term_beginning(&s->place, s->a, s->words[s->count - 1], (size_t)(LOOK_UP * s->look_up_at), &ids));
	s->look_up_at *= 2;
	if (LOOK_UP * s->look_up_at > TERM_BEGINNING_MAX) s->look_up_at = INT64_MAX;
	if (!ids.is_complete) return NULL;
	add_ids(s, &ids);
	s->reads_texts = false;
	return NULL;
}

static struct err *take(struct search *s, int64_t id)
{
	if (!s->reads_texts) {
		add_hit(s, id);
		return NULL;
	}
	s->waiting[s->waiting_count++] = id;
	if (s->waiting_count < TEXTS) return NULL;
	TRY(read_texts(s));
	return s->texts_read < s->look_up_at ? NULL : look_up_last(s);
}

/* From the newest back, until a page is full, the lists are at their end or enough was read. */
static struct err *walk(struct search *s)
{
	int64_t at = s->before_id - 1;
	bool goes_on = true;
	s->place.purse = s->rows;
	while (goes_on && at > 0 && s->hit_count <= PAGE && s->texts_read < CASE_FIND_TEXTS) {
		TRY(meet(s, &at, &goes_on));
		if (goes_on && at > 0) TRY(take(s, at--));
	}
	TRY(read_texts(s));
	s->next = s->hit_count > PAGE ? s->hit_ids[PAGE - 1] : at > 0 ? at + 1 : 0;
	return NULL;
}

/* --- which lists ------------------------------------------------------------------------------------------------------------ */

static struct err *open_word(struct search *s, struct str word, size_t stride, struct term_stream *ret)
{
	return term_stream_open(&s->place, s->a, word, s->before_id, stride, ret);
}

/* One word, whole. When it is nobody's whole word: whoever has a word that begins so, in the order of these words, in
 * which there is no going on. */
static struct err *find_one(struct search *s)
{
	struct term_ids ids;
	struct term_stream *stream = ARENA_NEW(s->a, struct term_stream);
	TRY(open_word(s, s->words[0], PAGE + 1, stream));
	add_list(s, stream, 1);
	TRY(walk(s));
	if (s->hit_count > 0 || s->words[0].n < 2 || s->before_id != INT64_MAX) return NULL;
	TRY(term_beginning(&s->place, s->a, s->words[0], PAGE + 1, &ids));
	for (size_t i = 0; i < ids.count; i++)
		add_hit(s, ids.items[i]);
	return NULL;
}

/* "mezquite 12": of a house number, which begins many a case's number, the word itself and the cases with a longer one, if
 * these are few. */
static struct err *add_itself_and_longer(struct search *s, struct str word)
{
	struct term_ids longer;
	TRY(term_longer(&s->place, s->a, word, FEW, &longer));
	s->reads_texts = !longer.is_complete;
	if (s->reads_texts) return NULL;
	struct term_stream *streams = ARENA_ARRAY(s->a, struct term_stream, 2);
	TRY(open_word(s, word, TERM_STRIDE_MIN, &streams[0]));
	streams[1] = stream_of(&longer);
	add_list(s, streams, 2);
	return NULL;
}

/* The last word: as a list when there are few words that begin so, else by reading the words of what the others find. */
static struct err *add_last(struct search *s)
{
	struct str word = s->words[s->count - 1], endings[ENDINGS_MAX + 1];
	size_t count;
	TRY(term_words(&s->place, s->a, word, endings, ENDINGS_MAX + 1, &count));
	if (count > ENDINGS_MAX) return add_itself_and_longer(s, word);
	struct term_stream *streams = ARENA_ARRAY(s->a, struct term_stream, ENDINGS_MAX);
	for (size_t i = 0; i < count; i++)
		TRY(open_word(s, endings[i], TERM_STRIDE_MIN, &streams[i]));
	add_list(s, streams, count);
	s->reads_texts = false;
	return NULL;
}

/* Several words. When few cases have one of them, or a word that begins like the last, these are looked through. */
static struct err *find_several(struct search *s)
{
	struct term_ids ids;
	size_t last = s->count - 1, fewest = 0;
	struct term_stream *whole = ARENA_ARRAY(s->a, struct term_stream, QUERY_WORDS_MAX);
	TRY(term_beginning(&s->place, s->a, s->words[last], FEW, &ids));
	for (size_t i = 0; i < last; i++) {
		TRY(open_word(s, s->words[i], FEW, &whole[i]));
		if (whole[i].count < whole[fewest].count) fewest = i;
	}
	s->reads_texts = true;
	if (ids.is_complete && ids.count <= whole[fewest].count) {
		add_ids(s, &ids);
	} else if (whole[fewest].is_complete) {
		add_list(s, &whole[fewest], 1);
	} else {
		for (size_t i = 0; i < last; i++)
			add_list(s, &whole[i], 1);
		s->look_up_at = PATIENCE;
		TRY(add_last(s));
	}
	return walk(s);
}

static struct err *find(struct search *s)
{
	s->hit_count = s->list_count = s->waiting_count = 0;
	s->reads_texts = false;
	s->texts_read = 0;
	s->look_up_at = INT64_MAX;
	return s->count == 1 ? find_one(s) : find_several(s);
}

static void take_terms(struct search *s, struct str typed)
{
	struct str rest = utf8_search_fold(s->a, utf8_cut(typed, 200));
	s->count = 0;
	for (struct str word = case_word_next(&rest); !str_is_none(word) && s->count < QUERY_WORDS_MAX;
		 word = case_word_next(&rest))
		s->words[s->count++] = word;
}

static struct err *find_typed(struct search *s, struct str typed)
{
	struct number number;
	if (number_parse(s->a, typed, &number)) {
		s->words[0] = case_word_of_number(s->a, &number);
		s->count = 1;
		TRY(find(s));
		if (s->hit_count > 0) return NULL;
	}
	take_terms(s, typed); /* "calle 2026 3" looks like a number too */
	return s->count > 0 ? find(s) : NULL;
}

/* What was found, as far as the caller may see it. */
static struct err *read_hits(const struct search *s, struct scope scope, struct case_hits *ret)
{
	struct case_hits hits = { .items = ARENA_ARRAY(s->a, struct case_list_row, PAGE), .next = s->next };
	for (size_t i = 0; i < s->hit_count && i < PAGE; i++) {
		struct case_list_one_in in = { .id = s->hit_ids[i], .scope = scope };
		bool found;
		TRY(case_list_one(s->place.db, s->a, &in, &hits.items[hits.count], &found));
		hits.count += found;
	}
	*ret = hits;
	return NULL;
}

struct err *case_find(struct db *db, struct arena *a, const struct case_find *ask, struct case_hits *ret)
{
	struct search s = { .a = a,
		.before_id = ask->before_id,
		.rows = ask->rows ? ask->rows : CASE_FIND_ROWS,
		.place = { .db = db,
			.scratch = arena_new(SCRATCH_BYTES),
			.department_id = ask->department_id,
			.compartment = ask->compartment } };
	struct err *e = err_copy(a, find_typed(&s, ask->typed));
	arena_free(s.place.scratch);
	TRY(e);
	return read_hits(&s, ask->scope, ret);
}
