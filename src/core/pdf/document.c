/*
 * The permit, licence or certificate: letterhead, what is granted, sections beside a plan, what is decided, on
 * what basis, seal and QR code. Start at document_render().
 */
#include "core/pdf/sheet.h"
#include "core/pdf/pdf_art.h"
#include "core/pdf/pdf_markdown.h"
#include "core/pdf/pdf_svg.h"

enum { SECTIONS_MAX = 100, FACTS_MAX = 500, DECISIONS_MAX = 200, NUMBERS_MAX = 6 };

#define PLAN_WIDTH MM(62)
#define PLAN_GAP MM(7)
#define SEAL_SIZE MM(31)
#define QR_SIZE MM(26)

static struct pdf_elem *element(struct sheet *p, enum pdf_tag tag)
{
	return pdf_elem_new(p->doc->tags, pdf_tags_root(p->doc->tags), tag);
}

static struct err *set(struct sheet *p, struct str text, struct pdf_style style, double width,
	struct pdf_para **ret)
{
	return pdf_text_set_one(p->doc, text, style, element(p, TAG_P), width, ret);
}

/* --- letterhead ------------------------------------------------------------------------------------------ */

static void put_right(struct sheet *p, struct pdf_row *row, const struct pdf_para *para, double *y)
{
	pdf_row_line(p->flow, row, para, 0, SHEET_LEFT + SHEET_WIDTH - para->lines[0].width, *y);
	*y += para->lines[0].height;
}

static struct err *put_letterhead(struct sheet *p, const struct document_view *v)
{
	struct pdf_row *row = pdf_flow_row(p->flow, 0);
	double height, y = 0;
	TRY(sheet_brand_row(p, row, &height));
	TRY(sheet_void(p, row, &y));
	for (size_t i = 0; i < v->number_count; i++) {
		struct pdf_span *spans = ARENA_ARRAY(p->doc->arena, struct pdf_span, 2);
		struct pdf_elem *e = element(p, TAG_P);
		spans[0] = (struct pdf_span){ .text = arena_printf(p->doc->arena, "%.*s ",
										  STR_FMT(v->numbers[i].label)),
			.style = p->styles.fine,
			.elem = e };
		spans[1] = (struct pdf_span){ .text = v->numbers[i].value,
			.style = p->styles.fine_strong,
			.elem = e };
		struct pdf_para *para;
		TRY(pdf_text_set(p->doc, spans, 2, SHEET_WIDTH * 0.4, &para));
		put_right(p, row, para, &y);
	}
	row->height = y > height ? y : height;

	pdf_flow_space(p->flow, MM(4));
	struct pdf_drawing band = pdf_art_guilloche(p->doc, SHEET_WIDTH, MM(6), p->brand->town_line);
	row = pdf_flow_row(p->flow, MM(6));
	pdf_row_drawing(p->flow, row, &band, (double[4]){ SHEET_LEFT, 0, SHEET_WIDTH, MM(6) }, NULL);
	pdf_flow_space(p->flow, MM(6));
	return NULL;
}

static struct err *put_title(struct sheet *p, const struct document_view *v)
{
	if (!str_is_empty(v->department)) {
		TRY(pdf_flow_text(p->flow, v->department, p->styles.body, element(p, TAG_P)));
		pdf_flow_keep(p->flow);
	}
	return pdf_flow_heading(p->flow, v->title, p->styles.h1, TAG_H1, MM(3), 0);
}

/* What is granted, large, and beside it what it is. A long value is made smaller, down to 16 points; one that
 * is longer still stands above the text. */
static struct err *put_grant(struct sheet *p, const struct document_view *v)
{
	if (str_is_empty(v->grant_value) && str_is_empty(v->grant_text)) return NULL;
	struct pdf_style style = p->styles.grant;
	struct pdf_para *value, *text;
	struct pdf_elem *value_elem = element(p, TAG_P), *text_elem = element(p, TAG_P);
	double most = SHEET_WIDTH * 0.46, gap = MM(8);
	TRY(pdf_text_set_one(p->doc, v->grant_value, style, value_elem, SHEET_WIDTH, &value));
	if (value->widest > most) {
		style.size = style.size * most / value->widest < 16 ? 16 : style.size * most / value->widest;
		TRY(pdf_text_set_one(p->doc, v->grant_value, style, value_elem, SHEET_WIDTH, &value));
	}
	bool above = value->widest > most + 1;
	double left = value->widest > 0 && !above ? value->widest + gap : 0;
	const struct pdf_span *spans;
	size_t count;
	TRY(pdf_markdown_spans(p, v->grant_text, p->styles.body, text_elem, &spans, &count));
	TRY(pdf_text_set(p->doc, spans, count, SHEET_WIDTH - left, &text));

	double tall = value->glyph_count ? value->height : 0;
	double inner = above ? tall + text->height : tall > text->height ? tall : text->height;
	pdf_flow_space(p->flow, MM(5));
	struct pdf_row *row = pdf_flow_row(p->flow, inner + MM(8));
	pdf_row_rule(p->flow, row, SHEET_LEFT, 0.6, SHEET_WIDTH, 1.2, p->brand->town);
	pdf_row_para(p->flow, row, value, SHEET_LEFT, MM(4) + (above ? 0 : (inner - tall) / 2));
	pdf_row_para(p->flow, row, text, SHEET_LEFT + left, MM(4) + (above ? tall : (inner - text->height) / 2));
	pdf_row_rule(p->flow, row, SHEET_LEFT, row->height - 0.6, SHEET_WIDTH, 1.2, p->brand->town);
	return NULL;
}

/* --- body ------------------------------------------------------------------------------------------------ */

static struct err *put_section(struct sheet *p, const struct document_section *s, double before)
{
	if (!str_is_empty(s->heading))
		TRY(pdf_flow_heading(p->flow, s->heading, p->styles.h2, TAG_H2, before, MM(1.5)));
	if (!str_is_empty(s->markdown)) TRY(pdf_markdown_flow(p, s->markdown, pdf_tags_root(p->doc->tags)));
	if (s->fact_count) TRY(sheet_facts(p, s->facts, s->fact_count, false));
	return NULL;
}

/* Height of the rows from `row` on. */
static double rows_height(const struct pdf_row *row)
{
	double height = 0;
	for (; row; row = row->next)
		height += row->before + row->height;
	return height;
}

/* Hangs the plan at the right of what follows; returns its row. */
static struct err *hang_plan(struct sheet *p, const struct document_view *v, struct pdf_row **ret)
{
	struct pdf_drawing plan;
	TRY(pdf_svg_read(p->doc, v->plan_svg, p->brand->town, &plan));
	double height = PLAN_WIDTH * plan.height / plan.width, x = SHEET_LEFT + SHEET_WIDTH - PLAN_WIDTH;
	if (height > MM(120))
		return ERR(p->doc->arena, ERR_INVALID, "pdf.svg", "a plan taller than twice its width");
	struct pdf_elem *e = element(p, TAG_FIGURE);
	e->alt = v->plan_alt;
	pdf_flow_space(p->flow, MM(5));
	struct pdf_row *row = pdf_flow_row(p->flow, 0);
	row->beside = height + 2;
	row->keep_next = true;
	double box[4] = { x + 0.3, 0.3, PLAN_WIDTH - 0.6, height };
	pdf_row_box(p->flow, row, box, 0, 0, (struct paper_rgb){ 255, 255, 255 });
	pdf_row_box(p->flow, row, box, 0, 0.6, p->styles.line_strong);
	pdf_row_drawing(p->flow, row, &plan, (double[4]){ x + 1, 1, PLAN_WIDTH - 2, height - 1.4 }, e);
	*ret = row;
	return NULL;
}

/* Sections stand beside the plan until they have passed its foot. */
static struct err *put_sections(struct sheet *p, const struct document_view *v)
{
	struct pdf_row *plan = NULL;
	if (!str_is_empty(v->plan_svg)) {
		TRY(hang_plan(p, v, &plan));
		p->flow->width = SHEET_WIDTH - PLAN_WIDTH - PLAN_GAP;
	}
	bool beside = plan != NULL;
	for (size_t i = 0; i < v->section_count; i++) {
		if (beside && i > 0 && rows_height(plan->next) >= plan->beside) {
			beside = false;
			p->flow->width = SHEET_WIDTH;
		}
		TRY(put_section(p, &v->sections[i], plan && i == 0 ? 0 : MM(5)));
	}
	p->flow->width = SHEET_WIDTH;
	if (beside) {
		struct pdf_row *row = pdf_flow_row(p->flow, 0);
		row->clear = true;
	}
	return NULL;
}

static struct err *put_decision(struct sheet *p, struct pdf_elem *list, size_t number, struct str markdown)
{
	struct pdf_elem *item = pdf_elem_new(p->doc->tags, list, TAG_ITEM);
	struct pdf_para *label, *text;
	TRY(pdf_text_set_one(p->doc, arena_printf(p->doc->arena, "%zu.", number), p->styles.body,
		pdf_elem_new(p->doc->tags, item, TAG_LABEL), SHEET_WIDTH, &label));
	const struct pdf_span *spans;
	size_t count;
	TRY(pdf_markdown_spans(p, markdown, p->styles.body, pdf_elem_new(p->doc->tags, item, TAG_BODY), &spans,
		&count));
	double indent = 14.7;
	TRY(pdf_text_set(p->doc, spans, count, SHEET_WIDTH - indent, &text));
	struct pdf_row *row = pdf_flow_row(p->flow, 0);
	row->keep_next = true;
	pdf_row_line(p->flow, row, label, 0, SHEET_LEFT + indent - 4.2 - label->lines[0].width, 0);
	pdf_flow_para(p->flow, text, SHEET_LEFT + indent);
	return NULL;
}

static struct err *put_decisions(struct sheet *p, const struct document_view *v)
{
	if (!v->decision_count) return NULL;
	if (!str_is_empty(v->decisions_heading))
		TRY(pdf_flow_heading(p->flow, v->decisions_heading, p->styles.h2, TAG_H2, MM(5), MM(1.5)));
	struct pdf_elem *list = element(p, TAG_LIST);
	list->ordered = true;
	for (size_t i = 0; i < v->decision_count; i++)
		TRY(put_decision(p, list, i + 1, v->decisions[i]));
	return NULL;
}

static struct err *put_basis(struct sheet *p, const struct document_view *v)
{
	if (str_is_empty(v->basis) && str_is_empty(v->validity)) return NULL;
	if (!str_is_empty(v->basis_heading))
		TRY(pdf_flow_heading(p->flow, v->basis_heading, p->styles.h2, TAG_H2, MM(5), MM(1.5)));
	TRY(pdf_markdown_flow(p, v->basis, pdf_tags_root(p->doc->tags)));
	return pdf_markdown_flow(p, v->validity, pdf_tags_root(p->doc->tags));
}

/* --- seal ------------------------------------------------------------------------------------------------ */

/* A signature never stands alone on a page: the last rows of the text go with it. */
static void keep_last_rows(struct pdf_flow *f)
{
	struct pdf_row *before = NULL, *last = NULL;
	for (struct pdf_row *row = f->first; row; row = row->next) {
		before = last;
		last = row;
	}
	if (before) before->keep_next = true;
	if (last) last->keep_next = true;
}

static struct err *put_seal(struct sheet *p, const struct document_view *v)
{
	struct pdf_drawing seal;
	TRY(pdf_art_seal(p->doc, v->brand.seal_text, v->seal_date, v->brand.town, &seal));
	struct pdf_elem *seal_elem = element(p, TAG_FIGURE), *qr_elem = element(p, TAG_FIGURE);
	seal_elem->alt = v->labels.seal_alt;
	qr_elem->alt = v->labels.qr_alt;

	double gap = MM(7), left = SHEET_LEFT + SEAL_SIZE + gap,
		   width = SHEET_WIDTH - SEAL_SIZE - QR_SIZE - 2 * gap;
	const struct str texts[] = { v->officer, v->post, v->organ, v->seal_line, v->place_date };
	const struct pdf_style styles[] = { p->styles.strong, p->styles.body, p->styles.body, p->styles.fine,
		p->styles.fine };
	struct pdf_para *paras[5] = { 0 };
	double text = 0;
	for (int i = 0; i < 5; i++) {
		if (str_is_empty(texts[i])) continue;
		TRY(set(p, texts[i], styles[i], width, &paras[i]));
		text += paras[i]->height;
	}
	double height = text > SEAL_SIZE ? text : SEAL_SIZE, y = (height - text) / 2;
	keep_last_rows(p->flow);
	pdf_flow_space(p->flow, MM(6));
	struct pdf_row *row = pdf_flow_row(p->flow, height);
	row->bottom = true;
	pdf_row_drawing(p->flow, row, &seal,
		(double[4]){ SHEET_LEFT, (height - SEAL_SIZE) / 2, SEAL_SIZE, SEAL_SIZE }, seal_elem);
	for (int i = 0; i < 5; i++) {
		if (!paras[i]) continue;
		pdf_row_para(p->flow, row, paras[i], left, y);
		y += paras[i]->height;
	}
	if (!p->has_qr) return NULL;
	p->qr_in_body = true;
	pdf_row_drawing(p->flow, row, &p->qr,
		(double[4]){ SHEET_LEFT + SHEET_WIDTH - QR_SIZE, (height - QR_SIZE) / 2, QR_SIZE, QR_SIZE }, qr_elem);
	return NULL;
}

static struct err *check_view(struct arena *a, const struct document_view *v)
{
	if (v->section_count > SECTIONS_MAX || v->decision_count > DECISIONS_MAX || v->number_count > NUMBERS_MAX)
		return ERR(a, ERR_TOO_LARGE, NULL, "a document of too many parts");
	for (size_t i = 0; i < v->section_count; i++)
		if (v->sections[i].fact_count > FACTS_MAX)
			return ERR(a, ERR_TOO_LARGE, NULL, "a grid of too many facts");
	if (str_is_empty(v->labels.seal_alt) || (!str_is_empty(v->plan_svg) && str_is_empty(v->plan_alt)))
		return ERR(a, ERR_INVALID, NULL, "a figure needs its alternative text");
	return NULL;
}

struct err *document_render(struct arena *a, const struct press *press, const struct document_view *v,
	struct str *ret_pdf)
{
	TRY(check_view(a, v));
	struct sheet p = { .brand = &v->brand,
		.labels = &v->labels,
		.check = &v->check,
		.lang = v->lang,
		.title = v->title,
		.author = v->author,
		.made = v->made };
	struct str number = v->number_count ? v->numbers[0].value : STR("");
	p.running = arena_printf(a, "%.*s%s%.*s", STR_FMT(v->title), number.n ? " · " : "", STR_FMT(number));
	p.title = number.n ? arena_printf(a, "%.*s %.*s", STR_FMT(v->title), STR_FMT(number)) : v->title;
	TRY(sheet_open(&p, a, press));
	TRY(put_letterhead(&p, v));
	TRY(put_title(&p, v));
	TRY(put_grant(&p, v));
	TRY(put_sections(&p, v));
	TRY(put_decisions(&p, v));
	TRY(put_basis(&p, v));
	TRY(put_seal(&p, v));
	return sheet_finish(&p, ret_pdf);
}
