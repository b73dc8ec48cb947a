/*
 * Shaping and line breaking. Characters become runs of one span and one face, runs become glyphs, glyphs
 * become lines. Start at pdf_text_set(); painting is in pdf_text_paint.c.
 */
#include "core/pdf/pdf_text.h"
#include "core/pdf/pdf_glyph.h"
#include "base/utf8.h"

enum { CHARACTERS_MAX = 200000, CLUSTER_MAX = 16 };

/* One character of the paragraph, after dropping what leaves no mark. */
struct letter {
	int32_t c;
	uint16_t span;
	uint8_t face;
	bool may_break; /* after it */
	bool must_break;
	const char *from; /* its bytes in the span */
	uint8_t bytes;
};

struct letters {
	struct letter *at;
	size_t count;
};

/* --- characters --------------------------------------------------------------------------------------- */

static bool is_space(int32_t c) { return c == ' ' || (c >= 0x2000 && c <= 0x200A && c != 0x2007); }

static hb_unicode_general_category_t category(int32_t c)
{
	return hb_unicode_general_category(hb_unicode_funcs_get_default(), (hb_codepoint_t)c);
}

static bool is_letter(int32_t c)
{
	hb_unicode_general_category_t kind = category(c);
	return kind == HB_UNICODE_GENERAL_CATEGORY_UPPERCASE_LETTER ||
		kind == HB_UNICODE_GENERAL_CATEGORY_LOWERCASE_LETTER ||
		kind == HB_UNICODE_GENERAL_CATEGORY_OTHER_LETTER;
}

static bool joins_words(int32_t c)
{
	return c == '-' || c == 0x2010 || c == 0x2013 || c == 0x2014 || c == '/';
}

static size_t count_characters(const struct pdf_span *spans, size_t count)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += spans[i].text.n;
	return bytes;
}

/* No-break and narrow spaces become plain ones that do not break: faces differ in having them, and a reader
 * who copies the text wants a space. */
static int32_t simplified(int32_t c)
{
	return c == '\t' || c == 0xA0 || c == 0x202F || c == 0x2007 ? ' ' : c;
}

static struct err *collect(struct pdf_doc *d, const struct pdf_span *spans, size_t count, struct letters *ret)
{
	size_t room = count_characters(spans, count);
	if (room > CHARACTERS_MAX || count > UINT16_MAX)
		return ERR(d->arena, ERR_TOO_LARGE, NULL, "a paragraph of %zu bytes", room);
	struct letters l = { ARENA_ARRAY(d->arena, struct letter, room), 0 };
	for (size_t i = 0; i < count; i++) {
		for (size_t at = 0; at < spans[i].text.n;) {
			size_t from = at;
			int32_t c = utf8_next(spans[i].text, &at);
			if (c == 0x200B && l.count) l.at[l.count - 1].may_break = true;
			/* A space, lest the words on both sides of the break become one to who reads or copies the text. */
			if (c == '\n')
				l.at[l.count++] = (struct letter){ .c = ' ', .span = (uint16_t)i, .must_break = true };
			if (c == 0x200B || c == '\n') continue;
			if (c >= 0 && press_is_ignorable(c)) continue;
			if (c < 0x20 && c != '\t')
				return ERR(d->arena, ERR_INVALID, "pdf.character", "a control character or broken UTF-8");
			l.at[l.count++] = (struct letter){ .c = simplified(c),
				.span = (uint16_t)i,
				.may_break = is_space(c) || c == '\t',
				.from = spans[i].text.p + from,
				.bytes = (uint8_t)(at - from) };
		}
	}
	*ret = l;
	return NULL;
}

static void find_breaks(struct letters *l)
{
	for (size_t i = 0; i + 1 < l->count; i++) {
		int32_t c = l->at[i].c, next = l->at[i + 1].c;
		if (joins_words(c) && i > 0 && is_letter(l->at[i - 1].c) && is_letter(next))
			l->at[i].may_break = true;
		/* A break comes after the last of several spaces, and never between "$" and its figure. */
		if (is_space(next)) l->at[i].may_break = false;
		if (c == ' ' && i > 0 && category(l->at[i - 1].c) == HB_UNICODE_GENERAL_CATEGORY_CURRENCY_SYMBOL)
			l->at[i].may_break = false;
	}
}

static struct err *choose_faces(struct pdf_doc *d, const struct pdf_span *spans, struct letters *l)
{
	for (size_t i = 0; i < l->count;) {
		int32_t marks[CLUSTER_MAX];
		size_t n = 0;
		while (i + 1 + n < l->count && n < CLUSTER_MAX && l->at[i + 1 + n].span == l->at[i].span &&
			press_is_combining(l->at[i + 1 + n].c)) {
			marks[n] = l->at[i + 1 + n].c;
			n++;
		}
		enum pdf_face face = press_face_for(d->press, spans[l->at[i].span].style.cut, l->at[i].c, marks, n);
		if (face == PDF_FACE_MAX)
			return ERR(d->arena, ERR_INVALID, "pdf.character", "no face prints U+%04X", (unsigned)l->at[i].c);
		for (size_t k = 0; k <= n; k++)
			l->at[i + k].face = (uint8_t)face;
		i += n + 1;
	}
	return NULL;
}

/* --- glyphs ------------------------------------------------------------------------------------------- */

static void shape_run(struct pdf_doc *d, const struct letters *l, size_t from, size_t to, bool tabular,
	hb_codepoint_t *scratch)
{
	for (size_t i = from; i < to; i++)
		scratch[i - from] = (hb_codepoint_t)l->at[i].c;
	hb_buffer_reset(d->shaper);
	hb_buffer_set_cluster_level(d->shaper, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
	hb_buffer_add_codepoints(d->shaper, scratch, (int)(to - from), 0, (int)(to - from));
	hb_buffer_guess_segment_properties(d->shaper);
	hb_buffer_set_direction(d->shaper, HB_DIRECTION_LTR);
	hb_buffer_set_language(d->shaper, d->language);
	hb_feature_t figures = { HB_TAG('t', 'n', 'u', 'm'), 1, 0, (unsigned)-1 };
	hb_shape(d->press->faces[l->at[from].face].font, d->shaper, &figures, tabular ? 1 : 0);
}

static struct str letters_text(struct arena *a, const struct letters *l, size_t from, size_t to)
{
	struct buf b = buf_new(a, (to - from) * 4 + 1);
	for (size_t i = from; i < to; i++) {
		char utf8[4];
		size_t n = utf8_encode(l->at[i].c, utf8);
		struct str source = { l->at[i].from, l->at[i].bytes };
		if (to - from == 1 && str_eq(source, (struct str){ utf8, n }))
			return (struct str){ l->at[i].from, n };
		buf_add(&b, (struct str){ utf8, n });
	}
	return buf_str(&b);
}

/* Tells the fonts what the glyphs of one cluster mean. One glyph stands for the cluster's text; several stand
 * for its letters one by one when they are those letters' own glyphs. Whatever else there is (a glyph already
 * known for another text, a composed letter in parts) is spelt out by ActualText. */
static void name_cluster(struct pdf_para *para, const struct letters *l, size_t from, size_t to,
	struct pdf_glyph *g, size_t count)
{
	struct pdf_doc *d = para->doc;
	bool plain = count == to - from;
	for (size_t i = 0; i < count && plain && count > 1; i++) {
		hb_codepoint_t own = 0;
		hb_font_t *font = d->press->faces[g[i].face].font;
		plain = hb_font_get_nominal_glyph(font, (hb_codepoint_t)l->at[from + i].c, &own) && own == g[i].id;
	}
	if (count == 1) {
		struct str text = letters_text(d->arena, l, from, to);
		if (!pdf_fonts_use(d->fonts, g->face, g->id, text)) g->text = text;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct str text = plain ? letters_text(d->arena, l, from + i, from + i + 1)
								: letters_text(d->arena, l, from, to);
		if (!pdf_fonts_use(d->fonts, g[i].face, g[i].id, text)) plain = false;
	}
	if (plain) return;
	g[0].text = letters_text(d->arena, l, from, to);
	for (size_t i = 1; i < count; i++)
		g[i].flags |= GLYPH_SPELT;
}

static void add_glyph(struct pdf_para *para, const struct letters *l, size_t letter,
	const hb_glyph_info_t *info, const hb_glyph_position_t *pos)
{
	const struct pdf_style *style = &para->spans[l->at[letter].span].style;
	double scale = 1000.0 / para->doc->press->faces[l->at[letter].face].units;
	bool space = is_space(l->at[letter].c);
	double extra = (style->tracking + (space ? style->word_gap : 0)) * 1000;
	para->glyphs[para->glyph_count++] = (struct pdf_glyph){
		.id = (uint16_t)info->codepoint,
		.span = l->at[letter].span,
		.face = l->at[letter].face,
		.flags = space ? GLYPH_SPACE : 0,
		.advance = (float)(pos->x_advance * scale + (pos->x_advance ? extra : 0)),
		.dx = (float)(pos->x_offset * scale),
		.dy = (float)(pos->y_offset * scale),
	};
}

/* Takes over what the shaper made of letters [from, to), cluster by cluster. */
static struct err *take_run(struct pdf_para *para, const struct letters *l, size_t from, size_t to)
{
	unsigned n;
	const hb_glyph_info_t *info = hb_buffer_get_glyph_infos(para->doc->shaper, &n);
	const hb_glyph_position_t *pos = hb_buffer_get_glyph_positions(para->doc->shaper, &n);
	for (unsigned i = 0; i < n;) {
		unsigned end = i;
		while (end < n && info[end].cluster == info[i].cluster)
			end++;
		size_t first = from + info[i].cluster, past = end < n ? from + info[end].cluster : to;
		size_t start = para->glyph_count;
		for (unsigned k = i; k < end; k++) {
			if (info[k].codepoint == 0)
				return ERR(para->doc->arena, ERR_INVALID, "pdf.character", "no glyph for U+%04X",
					(unsigned)l->at[first].c);
			add_glyph(para, l, first, &info[k], &pos[k]);
		}
		name_cluster(para, l, first, past, para->glyphs + start, end - i);
		struct pdf_glyph *last = &para->glyphs[para->glyph_count - 1];
		if (l->at[past - 1].may_break) last->flags |= GLYPH_MAY_BREAK;
		if (l->at[past - 1].must_break) last->flags |= GLYPH_MUST_BREAK;
		i = end;
	}
	return NULL;
}

static struct err *shape(struct pdf_para *para, const struct letters *l)
{
	/* A letter seldom gives more than two glyphs; the shaper's own count is checked below. */
	size_t capacity = l->count * 2 + 16;
	para->glyphs = ARENA_ARRAY(para->doc->arena, struct pdf_glyph, capacity);
	hb_codepoint_t *scratch = ARENA_ARRAY(para->doc->arena, hb_codepoint_t, l->count);
	for (size_t from = 0; from < l->count;) {
		size_t to = from + 1;
		while (to < l->count && l->at[to].span == l->at[from].span && l->at[to].face == l->at[from].face)
			to++;
		shape_run(para->doc, l, from, to, para->spans[l->at[from].span].style.tabular, scratch);
		if (para->glyph_count + hb_buffer_get_length(para->doc->shaper) > capacity)
			return ERR(para->doc->arena, ERR_INVALID, "pdf.character", "a text that grows when it is shaped");
		TRY(take_run(para, l, from, to));
		from = to;
	}
	return NULL;
}

static double glyph_width(const struct pdf_para *para, size_t i)
{
	const struct pdf_glyph *g = &para->glyphs[i];
	return (double)g->advance * para->spans[g->span].style.size / 1000;
}

static void measure(struct pdf_para *para)
{
	double line = 0, piece = 0, spaces = 0;
	for (size_t i = 0; i < para->glyph_count; i++) {
		const struct pdf_glyph *g = &para->glyphs[i];
		double w = glyph_width(para, i);
		if (g->flags & GLYPH_SPACE) {
			spaces += w;
		} else {
			line += spaces + w;
			piece += w;
			spaces = 0;
		}
		if (line > para->widest) para->widest = line;
		if (piece > para->narrowest) para->narrowest = piece;
		if (g->flags & (GLYPH_MAY_BREAK | GLYPH_MUST_BREAK)) piece = 0;
		if (g->flags & GLYPH_MUST_BREAK) line = spaces = 0;
	}
}

/* --- lines -------------------------------------------------------------------------------------------- */

/* Height and baseline as style sheets count them: the leading is spread evenly above and below. */
static void measure_line(const struct pdf_para *para, struct pdf_line *line)
{
	double above = 0, below = 0;
	for (uint32_t i = line->from; i < line->to || i == line->from; i++) {
		uint16_t span = i < para->glyph_count ? para->glyphs[i].span : 0;
		const struct pdf_style *s = &para->spans[span].style;
		const struct press_face *f = &para->doc->press->faces[s->cut];
		double half = (s->leading - (f->ascent - f->descent)) / 2;
		double up = (f->ascent + half) * s->size, down = (half - f->descent) * s->size;
		if (up > above) above = up;
		if (down > below) below = down;
	}
	line->height = above + below;
	line->ascent = above;
	double spaces = 0;
	for (uint32_t i = line->from; i < line->to; i++) {
		spaces += glyph_width(para, i);
		if (para->glyphs[i].flags & GLYPH_SPACE) continue;
		line->width += spaces;
		spaces = 0;
	}
}

/* The glyph after the last that goes on a line starting at `from`. */
static uint32_t line_end(const struct pdf_para *para, uint32_t from, double width)
{
	double used = 0;
	uint32_t last_break = 0;
	for (uint32_t i = from; i < para->glyph_count; i++) {
		const struct pdf_glyph *g = &para->glyphs[i];
		used += glyph_width(para, i);
		if (!(g->flags & GLYPH_SPACE) && used > width + 0.01) {
			if (last_break) return last_break;
			/* Nowhere to break well: before this cluster, but never without progress. */
			while (i > from && (g->flags & GLYPH_SPELT || g->advance == 0)) /* marks stay with their letter */
				g = &para->glyphs[--i];
			return i > from ? i : from + 1;
		}
		if (g->flags & GLYPH_MUST_BREAK) return i + 1;
		if (g->flags & GLYPH_MAY_BREAK) last_break = i + 1;
	}
	return (uint32_t)para->glyph_count;
}

void pdf_text_break(struct pdf_para *para, double width)
{
	size_t capacity = 8;
	para->lines = ARENA_ARRAY(para->doc->arena, struct pdf_line, capacity);
	para->line_count = 0;
	para->height = 0;
	uint32_t from = 0;
	do {
		if (para->line_count == capacity) {
			struct pdf_line *grown = ARENA_ARRAY(para->doc->arena, struct pdf_line, capacity * 2);
			memcpy(grown, para->lines, capacity * sizeof *grown);
			para->lines = grown;
			capacity *= 2;
		}
		struct pdf_line *line = &para->lines[para->line_count++];
		line->from = from;
		line->to = from = line_end(para, from, width);
		measure_line(para, line);
		para->height += line->height;
	} while (from < para->glyph_count);
}

void pdf_text_balance(struct pdf_para *para, double width)
{
	pdf_text_break(para, width);
	size_t wanted = para->line_count;
	double least = para->narrowest < width ? para->narrowest : width, most = width;
	/* The narrowest measure that needs no more lines, to half a point. */
	while (wanted > 1 && most - least > 0.5) {
		double middle = (least + most) / 2;
		pdf_text_break(para, middle);
		if (para->line_count > wanted)
			least = middle;
		else
			most = middle;
	}
	pdf_text_break(para, most);
}

struct err *pdf_text_set(struct pdf_doc *d, const struct pdf_span *spans, size_t count, double width,
	struct pdf_para **ret)
{
	must(count > 0);
	struct pdf_para *para = ARENA_NEW(d->arena, struct pdf_para);
	para->doc = d;
	para->spans = spans;
	para->span_count = count;
	struct letters l = { 0 };
	TRY(collect(d, spans, count, &l));
	find_breaks(&l);
	TRY(choose_faces(d, spans, &l));
	TRY(shape(para, &l));
	measure(para);
	if (width > 0) pdf_text_break(para, width);
	*ret = para;
	return NULL;
}

struct err *pdf_text_set_one(struct pdf_doc *d, struct str text, struct pdf_style style,
	struct pdf_elem *elem, double width, struct pdf_para **ret)
{
	struct pdf_span *span = ARENA_NEW(d->arena, struct pdf_span);
	*span = (struct pdf_span){ .text = text, .style = style, .elem = elem };
	return pdf_text_set(d, span, 1, width, ret);
}

double pdf_text_width(const struct pdf_para *para)
{
	double width = 0;
	for (size_t i = 0; i < para->glyph_count; i++)
		width += glyph_width(para, i);
	return width;
}
