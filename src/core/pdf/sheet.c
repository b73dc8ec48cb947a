/*
 * Letterhead, furniture of the pages, finishing. Start at sheet_open() and sheet_finish().
 */
#include "core/pdf/sheet.h"
#include "core/pdf/pdf_art.h"
#include "core/pdf/pdf_markdown.h"
#include "core/pdf/pdf_meta.h"
#include "core/pdf/pdf_svg.h"
#include "core/pdf/pdf_table.h"

#define FOOTER_GAP MM(5)
#define RUNNING_HEIGHT MM(14)

static void set_styles(struct sheet_styles *s, const struct paper_brand *brand)
{
	s->ink = (struct paper_rgb){ 0x14, 0x20, 0x1b };
	s->ink_quiet = (struct paper_rgb){ 0x4a, 0x56, 0x51 };
	s->line = (struct paper_rgb){ 0xd9, 0xda, 0xd2 };
	s->line_strong = (struct paper_rgb){ 0x6d, 0x78, 0x73 };
	s->body = (struct pdf_style){ .cut = PDF_SANS, .size = 10.5, .leading = 1.45, .colour = s->ink };
	s->strong = s->italic = s->link = s->quiet = s->fine = s->h2 = s->h3 = s->body;
	s->strong.cut = s->h2.cut = s->h3.cut = PDF_SANS_BOLD;
	s->italic.cut = PDF_SANS_ITALIC;
	s->link.colour = brand->town;
	s->quiet.colour = s->ink_quiet;
	s->fine.size = 8.5;
	s->fine_strong = s->fine;
	s->fine_strong.cut = PDF_SANS_BOLD;
	s->h2.leading = s->h3.leading = 1.3;
	s->h2.colour = brand->town;
	s->h1 = (struct pdf_style){ .cut = PDF_TITLE,
		.size = 25,
		.leading = 1.08,
		.word_gap = 0.07,
		.tracking = -0.01,
		.colour = s->ink };
	s->title_small = s->h1;
	s->title_small.size = 15;
	s->title_small.leading = 1.1;
	s->title_small.tracking = 0;
	s->grant = s->h1;
	s->grant.size = 34;
	s->grant.leading = 1;
	s->grant.tabular = true;
}

struct err *sheet_open(struct sheet *p, struct arena *a, const struct press *press)
{
	if (str_is_empty(p->lang) || str_is_empty(p->title) || str_is_empty(p->labels->seal_field))
		return ERR(a, ERR_INVALID, NULL, "a paper needs language, title and the name of its seal field");
	if (instant_is_none(p->made)) return ERR(a, ERR_INVALID, NULL, "a paper needs its date");
	p->doc = pdf_doc_new(a, press, p->lang);
	pdf_meta_signature(p->doc, p->author);
	p->flow = pdf_flow_new(p->doc, SHEET_LEFT, SHEET_WIDTH);
	set_styles(&p->styles, p->brand);
	if (!str_is_empty(p->brand->logo_svg)) {
		TRY(pdf_svg_read(p->doc, p->brand->logo_svg, p->brand->town, &p->logo));
		p->has_logo = true;
	}
	if (!str_is_empty(p->check->qr)) {
		if (str_is_empty(p->labels->qr_alt))
			return ERR(a, ERR_INVALID, NULL, "a QR code needs its alternative text");
		TRY(pdf_art_qr(p->doc, p->check->qr, &p->qr));
		p->has_qr = true;
	}
	return NULL;
}

struct str sheet_fill(const struct sheet *p, struct str sentence, int page, int pages)
{
	struct arena *a = p->doc->arena;
	const struct {
		struct str name, value;
	} fields[] = {
		{ STR("{page}"), arena_printf(a, "%d", page) },
		{ STR("{pages}"), arena_printf(a, "%d", pages) },
		{ STR("{key}"), p->check->key },
		{ STR("{address}"), p->check->address },
	};
	struct buf b = buf_new(a, 4096);
	while (sentence.n) {
		size_t i = 0;
		while (i < 4 && !str_starts_with(sentence, fields[i].name))
			i++;
		buf_add(&b, i < 4 ? fields[i].value : str_slice(sentence, 0, 1));
		sentence = str_slice(sentence, i < 4 ? fields[i].name.n : 1, sentence.n);
	}
	return buf_str(&b);
}

/* --- pieces of a body ------------------------------------------------------------------------------------ */

struct err *sheet_brand_row(struct sheet *p, struct pdf_row *row, double *ret_height)
{
	struct pdf_elem *root = pdf_tags_root(p->doc->tags);
	double x = p->flow->x, height = MM(15);
	if (p->has_logo) {
		double width = height * p->logo.width / p->logo.height;
		pdf_row_drawing(p->flow, row, &p->logo, (double[4]){ x, 0, width, height }, NULL);
		x += width + 9;
	}
	struct pdf_style sub = p->styles.quiet;
	sub.size = 9;
	sub.leading = 1.3;
	struct pdf_para *name, *below;
	double room = SHEET_WIDTH * 0.58;
	TRY(pdf_text_set_one(p->doc, p->brand->name, p->styles.title_small,
		pdf_elem_new(p->doc->tags, root, TAG_P), room, &name));
	TRY(pdf_text_set_one(p->doc, p->brand->sub, sub, pdf_elem_new(p->doc->tags, root, TAG_P), room, &below));
	double text = name->height + (below->glyph_count ? below->height : 0),
		   y = text < height ? (height - text) / 2 : 0;
	pdf_row_para(p->flow, row, name, x, y);
	if (below->glyph_count) pdf_row_para(p->flow, row, below, x, y + name->height);
	*ret_height = text > height ? text : height;
	return NULL;
}

struct err *sheet_void(struct sheet *p, struct pdf_row *row, double *y)
{
	if (str_is_empty(p->brand->watermark)) return NULL;
	struct pdf_para *para;
	struct pdf_elem *elem = pdf_elem_new(p->doc->tags, pdf_tags_root(p->doc->tags), TAG_P);
	TRY(pdf_text_set_one(p->doc, p->brand->watermark, p->styles.fine_strong, elem, SHEET_WIDTH / 2, &para));
	double width = para->lines[0].width + MM(5), height = para->lines[0].height + MM(1);
	double x = SHEET_LEFT + SHEET_WIDTH - width;
	pdf_row_box(p->flow, row, (double[4]){ x + 0.5, *y + 0.5, width - 1, height - 1 }, 0, 1, p->styles.ink);
	pdf_row_line(p->flow, row, para, 0, x + MM(2.5), *y + MM(0.5));
	*y += height + MM(2);
	return NULL;
}

static struct err *put_fact(struct sheet *p, struct pdf_table *t, const struct paper_fact *fact, bool large)
{
	struct pdf_style key = large ? p->styles.strong : p->styles.quiet;
	struct pdf_style value = large && !fact->strong ? p->styles.body : p->styles.strong;
	key.size = value.size = large ? 11 : 10.5;
	struct pdf_para *para;
	TRY(pdf_text_set_one(p->doc, fact->key, key, pdf_table_cell(t, true), 0, &para));
	pdf_table_put(t, para, ALIGN_LEFT);
	struct pdf_elem *cell = pdf_table_cell(t, false);
	struct pdf_span *spans = ARENA_ARRAY(p->doc->arena, struct pdf_span, 2);
	bool note = !str_is_empty(fact->note);
	spans[0] = (struct pdf_span){ .text = note ? arena_printf(p->doc->arena, "%.*s\n", STR_FMT(fact->value))
											   : fact->value,
		.style = value,
		.elem = cell };
	spans[1] = (struct pdf_span){ .text = fact->note, .style = p->styles.quiet, .elem = cell };
	spans[1].style.size = large ? 11 : 9.5;
	TRY(pdf_text_set(p->doc, spans, note ? 2 : 1, 0, &para));
	pdf_table_put(t, para, ALIGN_LEFT);
	return NULL;
}

struct err *sheet_facts(struct sheet *p, const struct paper_fact *facts, size_t count, bool large)
{
	struct pdf_table_look look = { .pad_x = MM(4),
		.pad_y = large ? MM(1.4) : MM(1),
		.line = p->styles.line,
		.first_width = large ? MM(48) : MM(38),
		.open_edges = true,
		.top_line = large };
	struct pdf_table *t = pdf_table_begin(p->flow, pdf_tags_root(p->doc->tags), 2, &look);
	for (size_t i = 0; i < count; i++) {
		pdf_table_row(t, false);
		TRY(put_fact(p, t, &facts[i], large));
	}
	pdf_table_end(t);
	return NULL;
}

/* --- furniture ------------------------------------------------------------------------------------------ */

static struct err *paint_running(struct sheet *p, struct pdf_page *page)
{
	pdf_page_artifact(page, ARTIFACT_HEADER);
	double x = SHEET_LEFT, y = SHEET_TOP, mark = MM(6.5);
	if (p->has_logo) {
		double width = mark * p->logo.width / p->logo.height;
		pdf_page_draw(page, &p->logo, x, y, width, mark);
		x += width + 6;
	}
	struct pdf_style name = p->styles.title_small, right = p->styles.quiet;
	name.size = 10;
	right.size = 8;
	struct pdf_para *para;
	TRY(pdf_text_set_one(p->doc, p->brand->name, name, NULL, SHEET_WIDTH, &para));
	pdf_text_paint(page, para, &para->lines[0], x, y + MM(4.4), true);
	double used = x - SHEET_LEFT + para->lines[0].width + MM(8);
	TRY(pdf_text_set_one(p->doc, p->running, right, NULL, SHEET_WIDTH - used, &para));
	pdf_text_paint(page, para, &para->lines[0], PDF_PAGE_WIDTH - SHEET_RIGHT - para->lines[0].width,
		y + MM(4.4), true);
	pdf_page_rule(page, SHEET_LEFT, y + MM(9), PDF_PAGE_WIDTH - SHEET_RIGHT, y + MM(9), 0.6,
		p->brand->town_line);
	return NULL;
}

/* The key up the left margin, and, where the body has none, the QR code at its foot. */
static struct err *paint_margin(struct sheet *p, struct pdf_page *page, bool last, int pages)
{
	if (str_is_empty(p->check->key)) return NULL;
	struct pdf_style style = p->styles.quiet;
	style.size = 7.5;
	style.tracking = 0.04;
	struct pdf_para *para;
	struct str text = sheet_fill(p, p->labels->margin, pdf_page_index(page) + 1, pages);
	TRY(pdf_text_set_one(p->doc, text, style, NULL, 0, &para));
	double middle = PDF_PAGE_HEIGHT / 2 + pdf_text_width(para) / 2;
	struct buf b = buf_new(p->doc->arena, 256 * 1024);
	pdf_text_put(&b, para, (double[6]){ 0, -1, 1, 0, MM(13) + style.size * 0.36, middle });
	struct pdf_drawing line = { buf_str(&b), PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT };
	pdf_page_artifact(page, ARTIFACT_LAYOUT);
	pdf_page_rule(page, MM(9), MM(30), MM(9), PDF_PAGE_HEIGHT - MM(30), 0.6, p->brand->town_line);
	if (last)
		pdf_page_tag(page, pdf_elem_new(p->doc->tags, pdf_tags_root(p->doc->tags), TAG_P));
	else
		pdf_page_artifact(page, ARTIFACT_FOOTER);
	pdf_page_draw(page, &line, 0, 0, PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT);
	if (p->has_qr && !(last && p->qr_in_body)) {
		pdf_page_artifact(page, ARTIFACT_FOOTER);
		pdf_page_draw(page, &p->qr, MM(6), PDF_PAGE_HEIGHT - MM(26.5), MM(16), MM(16));
	}
	return NULL;
}

struct footer {
	struct pdf_para *check, *page;
	double top;
};

/* `elem` is for the check sentence; NULL where it is an artifact. */
static struct err *set_footer(struct sheet *p, int page, int pages, struct pdf_elem *elem, struct footer *ret)
{
	struct pdf_style style = p->styles.quiet;
	style.size = 8;
	style.leading = 1.4;
	struct footer f;
	TRY(pdf_text_set_one(p->doc, sheet_fill(p, p->labels->page, page, pages), style, NULL, SHEET_WIDTH,
		&f.page));
	const struct pdf_span *spans;
	size_t count;
	TRY(pdf_markdown_spans(p, sheet_fill(p, p->labels->check, page, pages), style, elem, &spans, &count));
	TRY(pdf_text_set(p->doc, spans, count, SHEET_WIDTH - MM(8) - f.page->lines[0].width, &f.check));
	f.top = SHEET_FOOT - MM(2.5) - (f.check->height > f.page->height ? f.check->height : f.page->height);
	*ret = f;
	return NULL;
}

static struct err *paint_footer(struct sheet *p, struct pdf_page *page, bool last, int pages)
{
	struct pdf_elem *elem = last ? pdf_elem_new(p->doc->tags, pdf_tags_root(p->doc->tags), TAG_P) : NULL;
	struct footer f;
	TRY(set_footer(p, pdf_page_index(page) + 1, pages, elem, &f));
	pdf_page_artifact(page, ARTIFACT_FOOTER);
	double right = PDF_PAGE_WIDTH - SHEET_RIGHT, y = f.top + MM(2.5);
	pdf_page_rule(page, SHEET_LEFT, f.top, right, f.top, 0.6, p->styles.line_strong);
	pdf_text_paint(page, f.page, &f.page->lines[0], right - f.page->lines[0].width,
		y + f.page->lines[0].ascent, true);
	for (size_t i = 0; i < f.check->line_count; i++) {
		pdf_text_paint(page, f.check, &f.check->lines[i], SHEET_LEFT, y + f.check->lines[i].ascent, !last);
		y += f.check->lines[i].height;
	}
	return NULL;
}

struct err *sheet_finish(struct sheet *p, struct str *ret_pdf)
{
	struct footer footer;
	TRY(set_footer(p, 88, 88, NULL, &footer));
	struct pdf_frame frame = { .first_top = SHEET_TOP,
		.top = SHEET_TOP + RUNNING_HEIGHT,
		.bottom = footer.top - FOOTER_GAP };
	int pages = pdf_flow_paginate(p->flow, &frame);
	struct pdf_drawing watermark;
	bool marked = !str_is_empty(p->brand->watermark);
	if (marked) TRY(pdf_art_watermark(p->doc, p->brand->watermark, &watermark));
	for (int i = 0; i < pages; i++) {
		struct pdf_page *page = pdf_page_new(p->doc);
		bool last = i + 1 == pages;
		if (marked) {
			pdf_page_artifact(page, ARTIFACT_WATERMARK);
			pdf_page_draw(page, &watermark, 0, 0, PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT);
		}
		if (i > 0) TRY(paint_running(p, page));
		pdf_flow_paint(p->flow, page);
		TRY(paint_footer(p, page, last, pages));
		TRY(paint_margin(p, page, last, pages));
	}
	struct pdf_meta meta = { .lang = p->lang,
		.title = p->title,
		.author = p->author,
		.seal_name = p->labels->seal_field,
		.made = p->made };
	return pdf_meta_finish(p->doc, &meta, ret_pdf);
}
