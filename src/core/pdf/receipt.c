/*
 * The receipt of a filing: number and seal, what was received and when the answer is due, the files with their
 * digests, a stub with the status code, and the road ahead. Start at receipt_render().
 */
#include "core/pdf/sheet.h"
#include "core/pdf/pdf_art.h"
#include "core/pdf/pdf_markdown.h"
#include "core/pdf/pdf_table.h"

enum { FACTS_MAX = 60, FILES_MAX = 200, STEPS_MAX = 20, DIGEST_DIGITS = 64, DIGEST_GROUP = 8 };

#define SEAL_SIZE MM(34)
#define QR_SIZE MM(28)

static struct pdf_elem *element(struct sheet *p, enum pdf_tag tag)
{
	return pdf_elem_new(p->doc->tags, pdf_tags_root(p->doc->tags), tag);
}

static struct err *set(struct sheet *p, struct str text, struct pdf_style style, enum pdf_tag tag,
	double width, struct pdf_para **ret)
{
	return pdf_text_set_one(p->doc, text, style, element(p, tag), width, ret);
}

/* --- head ------------------------------------------------------------------------------------------------ */

/* Town and title at the left, the register's seal at the right of both. */
static struct err *put_head(struct sheet *p, const struct receipt_view *v)
{
	struct pdf_row *row = pdf_flow_row(p->flow, 0);
	double y, width = SHEET_WIDTH - SEAL_SIZE - MM(6);
	TRY(sheet_brand_row(p, row, &y));
	struct pdf_para *title;
	TRY(set(p, v->title, p->styles.h1, TAG_H1, 0, &title));
	pdf_text_balance(title, width);
	y += MM(7);
	pdf_row_para(p->flow, row, title, SHEET_LEFT, y);
	y += title->height;
	struct pdf_drawing seal;
	TRY(pdf_art_seal(p->doc, v->brand.seal_text, v->seal_date, v->brand.town, &seal));
	struct pdf_elem *e = element(p, TAG_FIGURE);
	e->alt = v->labels.seal_alt;
	pdf_row_drawing(p->flow, row, &seal,
		(double[4]){ SHEET_LEFT + SHEET_WIDTH - SEAL_SIZE, 0, SEAL_SIZE, SEAL_SIZE }, e);
	row->height = y > SEAL_SIZE ? y : SEAL_SIZE;
	return NULL;
}

static struct err *put_number(struct sheet *p, const struct receipt_view *v)
{
	struct pdf_style style = p->styles.grant;
	style.size = 26;
	style.leading = 1.05;
	struct pdf_para *label, *number;
	TRY(set(p, v->number_label, p->styles.quiet, TAG_P, SHEET_WIDTH, &label));
	TRY(set(p, v->number, style, TAG_P, SHEET_WIDTH * 0.62, &number));
	pdf_flow_space(p->flow, MM(5));
	struct pdf_row *row = pdf_flow_row(p->flow, label->height + number->height);
	pdf_row_para(p->flow, row, label, SHEET_LEFT, 0);
	pdf_row_para(p->flow, row, number, SHEET_LEFT, label->height);
	double y = label->height + (number->height - MM(5.5)) / 2;
	TRY(sheet_void(p, row, &y));
	pdf_flow_space(p->flow, MM(6));
	return NULL;
}

/* --- files ----------------------------------------------------------------------------------------------- */

/* Zero-width spaces let the digest break between groups; copied out of the paper it is whole again. */
static struct str breakable(struct arena *a, struct str digest)
{
	struct buf b = buf_new(a, digest.n * 4 + 1);
	for (size_t i = 0; i < digest.n; i++) {
		if (i && i % DIGEST_GROUP == 0) buf_add(&b, STR("\xE2\x80\x8B"));
		buf_add_char(&b, digest.p[i]);
	}
	return buf_str(&b);
}

static struct err *put_cell(struct sheet *p, struct pdf_table *t, struct str text, struct pdf_style style,
	enum pdf_align align)
{
	struct pdf_para *para;
	TRY(pdf_text_set_one(p->doc, text, style, pdf_table_cell(t, false), 0, &para));
	pdf_table_put(t, para, align);
	return NULL;
}

static struct err *put_files(struct sheet *p, const struct receipt_view *v)
{
	if (!v->file_count) return NULL;
	TRY(pdf_flow_heading(p->flow, v->files_heading, p->styles.h2, TAG_H2, MM(5), MM(1.5)));
	struct pdf_table_look look = { .pad_x = MM(4),
		.pad_y = MM(1),
		.line = p->styles.line,
		.head_fill = &p->brand->town_tint };
	struct pdf_style head = p->styles.fine_strong, cell = p->styles.fine, digest = p->styles.fine;
	cell.size = 9.5;
	cell.tabular = digest.tabular = true;
	digest.size = 7.5;
	digest.leading = 1.35;
	struct pdf_table *t = pdf_table_begin(p->flow, pdf_tags_root(p->doc->tags), 3, &look);
	pdf_table_row(t, true);
	TRY(put_cell(p, t, v->files_name, head, ALIGN_LEFT));
	TRY(put_cell(p, t, v->files_size, head, ALIGN_RIGHT));
	TRY(put_cell(p, t, v->files_sha256, head, ALIGN_LEFT));
	for (size_t i = 0; i < v->file_count; i++) {
		pdf_table_row(t, false);
		TRY(put_cell(p, t, v->files[i].name, cell, ALIGN_LEFT));
		TRY(put_cell(p, t, v->files[i].size, cell, ALIGN_RIGHT));
		TRY(put_cell(p, t, breakable(p->doc->arena, v->files[i].sha256), digest, ALIGN_LEFT));
	}
	pdf_table_end(t);
	return NULL;
}

/* --- stub ------------------------------------------------------------------------------------------------ */

/* Guilloche and the line to cut along. */
static void put_perforation(struct sheet *p)
{
	pdf_flow_space(p->flow, MM(6));
	struct pdf_drawing band = pdf_art_guilloche(p->doc, SHEET_WIDTH, MM(6), p->brand->town_line);
	struct pdf_row *row = pdf_flow_row(p->flow, MM(7));
	row->keep_next = true;
	pdf_row_drawing(p->flow, row, &band, (double[4]){ SHEET_LEFT, 0, SHEET_WIDTH, MM(6) }, NULL);
	struct buf b = buf_new(p->doc->arena, 256);
	pdf_put_stroke(&b, p->styles.line_strong);
	buf_add(&b, STR("1 w [4 3]0 d 0 0.5 m "));
	PDF_PUT(&b, SHEET_WIDTH);
	buf_add(&b, STR("0.5 l S\n"));
	struct pdf_drawing dashes = { buf_str(&b), SHEET_WIDTH, 1 };
	pdf_row_drawing(p->flow, row, &dashes, (double[4]){ SHEET_LEFT, MM(6.6), SHEET_WIDTH, 1 }, NULL);
	pdf_flow_space(p->flow, MM(5));
}

static struct err *put_code(struct sheet *p, const struct receipt_view *v, struct pdf_row *row, double width,
	double *ret_height)
{
	struct pdf_style heading = p->styles.strong, code = p->styles.strong;
	heading.size = 11.5;
	code.size = 15;
	code.leading = 1.3;
	code.tracking = 0.07;
	code.tabular = true;
	struct pdf_style small = p->styles.quiet;
	small.size = 9.5;
	struct pdf_para *title, *text, *number;
	TRY(set(p, v->code_heading, heading, TAG_H2, width, &title));
	TRY(set(p, v->code_text, small, TAG_P, width, &text));
	TRY(set(p, v->code, code, TAG_P, width, &number));
	pdf_row_para(p->flow, row, title, SHEET_LEFT, 0);
	pdf_row_para(p->flow, row, text, SHEET_LEFT, title->height);
	double y = title->height + text->height + MM(2.5), box = number->height + MM(2);
	pdf_row_box(p->flow, row, (double[4]){ SHEET_LEFT + 0.75, y, number->lines[0].width + MM(5.5), box }, 4.5,
		1.5, p->styles.ink);
	pdf_row_para(p->flow, row, number, SHEET_LEFT + MM(3), y + MM(1));
	*ret_height = y + box + 1;
	return NULL;
}

static struct err *put_stub(struct sheet *p, const struct receipt_view *v)
{
	put_perforation(p);
	struct pdf_row *row = pdf_flow_row(p->flow, 0);
	double gap = MM(7), side = (SHEET_WIDTH - QR_SIZE - 2 * gap) / 2, left_height = 0;
	TRY(put_code(p, v, row, side + MM(6), &left_height));
	double x = SHEET_LEFT + side + MM(6) + gap;
	row->height = left_height > QR_SIZE ? left_height : QR_SIZE;
	if (p->has_qr) {
		struct pdf_elem *e = element(p, TAG_FIGURE);
		e->alt = v->labels.qr_alt;
		pdf_row_drawing(p->flow, row, &p->qr, (double[4]){ x, (row->height - QR_SIZE) / 2, QR_SIZE, QR_SIZE },
			e);
		p->qr_in_body = true;
	}
	x += QR_SIZE + gap;
	struct pdf_style small = p->styles.quiet;
	small.size = 8.5;
	small.leading = 1.4;
	const struct pdf_span *spans;
	size_t count;
	TRY(pdf_markdown_spans(p, v->stub_text, small, element(p, TAG_P), &spans, &count));
	struct pdf_para *text;
	TRY(pdf_text_set(p->doc, spans, count, SHEET_LEFT + SHEET_WIDTH - x, &text));
	double height = text->height, room = SHEET_LEFT + SHEET_WIDTH - x;
	struct pdf_para *seal = NULL;
	if (!str_is_empty(v->seal_line)) {
		TRY(set(p, v->seal_line, small, TAG_P, room, &seal));
		height += seal->height + 4;
	}
	if (height > row->height) row->height = height;
	double y = (row->height - height) / 2;
	pdf_row_para(p->flow, row, text, x, y);
	if (seal) pdf_row_para(p->flow, row, seal, x, y + text->height + 4);
	return NULL;
}

/* --- steps ----------------------------------------------------------------------------------------------- */

/* A number in the arch of the counter's window; done steps are filled. */
static struct pdf_drawing arch(struct sheet *p, bool done)
{
	struct buf b = buf_new(p->doc->arena, 512);
	pdf_put_stroke(&b, p->brand->town);
	pdf_put_fill(&b, done ? p->brand->town : (struct paper_rgb){ 255, 255, 255 });
	buf_add(&b,
		STR("1.2 w 1 22 m 1 10 l 1 5.03 5.03 1 10 1 c 14.97 1 19 5.03 19 10 c 19 22 l 19 22.55 18.55 23 18 23 c "
			"2 23 l 1.45 23 1 22.55 1 22 c h B\n"));
	return (struct pdf_drawing){ buf_str(&b), 20, 24 };
}

static struct err *put_step(struct sheet *p, struct pdf_elem *list, const struct receipt_step *step,
	size_t number)
{
	struct arena *a = p->doc->arena;
	struct pdf_elem *item = pdf_elem_new(p->doc->tags, list, TAG_ITEM);
	struct pdf_style digit = p->styles.title_small, title = p->styles.strong, text = p->styles.quiet;
	digit.size = 11;
	digit.colour = step->done ? (struct paper_rgb){ 255, 255, 255 } : p->brand->town;
	title.size = 11;
	title.leading = text.leading = 1.35;
	text.size = 10;
	struct pdf_para *label, *body;
	TRY(pdf_text_set_one(p->doc, arena_printf(a, "%zu", number), digit,
		pdf_elem_new(p->doc->tags, item, TAG_LABEL), 20, &label));
	struct pdf_span *spans = ARENA_ARRAY(a, struct pdf_span, 2);
	struct pdf_elem *e = pdf_elem_new(p->doc->tags, item, TAG_BODY);
	spans[0] = (struct pdf_span){ .text = arena_printf(a, "%.*s\n", STR_FMT(step->title)),
		.style = title,
		.elem = e };
	spans[1] = (struct pdf_span){ .text = step->text, .style = text, .elem = e };
	TRY(pdf_text_set(p->doc, spans, 2, SHEET_WIDTH - 30, &body));
	struct pdf_drawing mark = arch(p, step->done);
	struct pdf_row *row = pdf_flow_row(p->flow, body->height > 26 ? body->height : 26);
	pdf_row_drawing(p->flow, row, &mark, (double[4]){ SHEET_LEFT, 0, 20, 24 }, NULL);
	pdf_row_para(p->flow, row, label, SHEET_LEFT + 10 - label->lines[0].width / 2, 6);
	pdf_row_para(p->flow, row, body, SHEET_LEFT + 30, 0);
	pdf_flow_space(p->flow, MM(2));
	return NULL;
}

static struct err *put_steps(struct sheet *p, const struct receipt_view *v)
{
	if (!v->step_count) return NULL;
	struct pdf_style style = p->styles.title_small;
	style.size = 14;
	TRY(pdf_flow_heading(p->flow, v->steps_heading, style, TAG_H2, MM(6), MM(2.5)));
	struct pdf_elem *list = element(p, TAG_LIST);
	list->ordered = true;
	for (size_t i = 0; i < v->step_count; i++)
		TRY(put_step(p, list, &v->steps[i], i + 1));
	return NULL;
}

static struct err *check_view(struct arena *a, const struct receipt_view *v)
{
	if (v->fact_count > FACTS_MAX || v->file_count > FILES_MAX || v->step_count > STEPS_MAX)
		return ERR(a, ERR_TOO_LARGE, NULL, "a receipt of too many parts");
	if (str_is_empty(v->labels.seal_alt))
		return ERR(a, ERR_INVALID, NULL, "the seal needs its alternative text");
	for (size_t i = 0; i < v->file_count; i++)
		if (v->files[i].sha256.n != DIGEST_DIGITS)
			return ERR(a, ERR_INVALID, NULL, "a SHA-256 has 64 digits");
	return NULL;
}

struct err *receipt_render(struct arena *a, const struct press *press, const struct receipt_view *v,
	struct str *ret_pdf)
{
	TRY(check_view(a, v));
	struct sheet p = { .brand = &v->brand,
		.labels = &v->labels,
		.check = &v->check,
		.lang = v->lang,
		.author = v->author,
		.made = v->made };
	p.title = arena_printf(a, "%.*s %.*s", STR_FMT(v->title), STR_FMT(v->number));
	p.running = arena_printf(a, "%.*s · %.*s", STR_FMT(v->title), STR_FMT(v->number));
	TRY(sheet_open(&p, a, press));
	TRY(put_head(&p, v));
	TRY(put_number(&p, v));
	TRY(sheet_facts(&p, v->facts, v->fact_count, true));
	TRY(put_files(&p, v));
	TRY(put_stub(&p, v));
	TRY(put_steps(&p, v));
	return sheet_finish(&p, ret_pdf);
}
