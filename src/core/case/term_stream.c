#include "core/case/term_stream.h"
#include "core/case/queries.h"

/* All bytes of a folded word lie below 0xff, and U+10FFFF sorts after them in both engines. */
static struct str beginning_end(struct arena *a, struct str beginning)
{
	return arena_printf(a, "%.*s\xf4\x8f\xbf\xbf", STR_FMT(beginning));
}

/* No word has a space: what is longer comes after it. */
static struct str after_word(struct arena *a, struct str word)
{
	return arena_printf(a, "%.*s ", STR_FMT(word));
}

/* --- a word ------------------------------------------------------------------------------------------------------------ */

static struct err *fill(struct term_place *p, struct term_stream *s, int64_t before_id)
{
	struct case_term_ids_rows rows;
	struct case_term_ids_in in = { .department_id = p->department_id,
		.compartment = p->compartment,
		.word = s->word,
		.before_id = before_id,
		.most = (int64_t)s->stride };
	arena_reset(p->scratch);
	TRY(case_term_ids(p->db, p->scratch, &in, &rows));
	for (size_t i = 0; i < rows.count; i++)
		s->room[i] = rows.items[i].case_id;
	p->purse -= TERM_STATEMENT + (int64_t)rows.count;
	s->count = rows.count;
	s->at = s->landed = 0;
	s->is_complete = rows.count < s->stride;
	return NULL;
}

struct err *term_stream_open(struct term_place *p, struct arena *a, struct str word, int64_t before_id,
	size_t stride, struct term_stream *ret)
{
	must(stride <= TERM_STRIDE_MAX);
	struct term_stream s = { .word = word,
		.room = ARENA_ARRAY(a, int64_t, TERM_STRIDE_MAX),
		.stride = stride };
	s.ids = s.room;
	TRY(fill(p, &s, before_id));
	*ret = s;
	return NULL;
}

struct term_stream term_stream_of(const int64_t *ids, size_t count)
{
	return (struct term_stream){ .ids = ids, .count = count, .is_complete = true };
}

static size_t next_stride(const struct term_stream *s)
{
	if (s->landed * 4 >= s->count) return s->stride * 2 < TERM_STRIDE_MAX ? s->stride * 2 : TERM_STRIDE_MAX;
	if (s->landed * 8 < s->count && s->stride / 2 >= TERM_STRIDE_MIN) return s->stride / 2;
	return s->stride;
}

struct err *term_stream_seek(struct term_place *p, struct term_stream *s, int64_t most, int64_t *ret)
{
	for (;;) {
		while (s->at < s->count && s->ids[s->at] > most)
			s->at++;
		if (s->at < s->count || s->is_complete) break;
		s->stride = next_stride(s);
		TRY(fill(p, s, most + 1));
	}
	s->landed++;
	*ret = s->at < s->count ? s->ids[s->at] : 0;
	return NULL;
}

/* --- a beginning ------------------------------------------------------------------------------------------------------- */

static struct err *read_range(struct term_place *p, struct arena *a, struct str from, struct str to,
	size_t most, struct term_ids *ret)
{
	struct case_term_beginning_rows rows;
	must(most <= TERM_BEGINNING_MAX);
	arena_reset(p->scratch);
	TRY(case_term_beginning(p->db, p->scratch,
		&(struct case_term_beginning_in){ .department_id = p->department_id,
			.compartment = p->compartment,
			.word_from = from,
			.word_to = to,
			.most = (int64_t)most },
		&rows));
	struct term_ids ids = { ARENA_ARRAY(a, int64_t, rows.count), rows.count, rows.count < most };
	for (size_t i = 0; i < rows.count; i++)
		ids.items[i] = rows.items[i].case_id;
	p->purse -= TERM_STATEMENT + (int64_t)rows.count;
	*ret = ids;
	return NULL;
}

struct err *term_beginning(struct term_place *p, struct arena *a, struct str beginning, size_t most,
	struct term_ids *ret)
{
	return read_range(p, a, beginning, beginning_end(a, beginning), most, ret);
}

struct err *term_longer(struct term_place *p, struct arena *a, struct str beginning, size_t most,
	struct term_ids *ret)
{
	return read_range(p, a, after_word(a, beginning), beginning_end(a, beginning), most, ret);
}

struct err *term_words(struct term_place *p, struct arena *a, struct str beginning, struct str *ret,
	size_t most, size_t *ret_count)
{
	struct case_term_next_in in = { .department_id = p->department_id,
		.compartment = p->compartment,
		.word_from = beginning,
		.word_to = beginning_end(a, beginning) };
	*ret_count = 0;
	while (*ret_count < most) {
		struct case_term_next_row row;
		bool found;
		TRY(case_term_next(p->db, a, &in, &row, &found));
		p->purse -= TERM_STATEMENT;
		if (!found) break;
		ret[(*ret_count)++] = row.word;
		in.word_from = after_word(a, row.word);
	}
	return NULL;
}
