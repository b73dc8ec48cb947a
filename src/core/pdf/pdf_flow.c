/*
 * Rows, pages, painting. Start at pdf_flow_paginate().
 */
#include "core/pdf/pdf_flow.h"

struct pdf_flow *pdf_flow_new(struct pdf_doc *d, double x, double width)
{
	struct pdf_flow *f = ARENA_NEW(d->arena, struct pdf_flow);
	f->doc = d;
	f->x = x;
	f->width = width;
	return f;
}

void pdf_flow_space(struct pdf_flow *f, double points)
{
	if (points > f->space) f->space = points;
}

struct pdf_row *pdf_flow_row(struct pdf_flow *f, double height)
{
	struct pdf_row *row = ARENA_NEW(f->doc->arena, struct pdf_row);
	row->height = height;
	row->before = f->space;
	f->space = 0;
	*(f->last ? &f->last->next : &f->first) = row;
	f->last = row;
	return row;
}

void pdf_flow_keep(struct pdf_flow *f)
{
	if (f->last) f->last->keep_next = true;
}

static struct pdf_item *add_item(struct pdf_flow *f, struct pdf_row *row, struct pdf_item value)
{
	struct pdf_item *item = ARENA_NEW(f->doc->arena, struct pdf_item);
	*item = value;
	*(row->last ? &row->last->next : &row->first) = item;
	row->last = item;
	return item;
}

void pdf_row_line(struct pdf_flow *f, struct pdf_row *row, const struct pdf_para *para, size_t line, double x,
	double y)
{
	add_item(f, row,
		(struct pdf_item){ .kind = ITEM_LINE, .x = x, .y = y, .para = para, .line = &para->lines[line] });
}

void pdf_row_para(struct pdf_flow *f, struct pdf_row *row, const struct pdf_para *para, double x, double y)
{
	for (size_t i = 0; i < para->line_count; i++) {
		pdf_row_line(f, row, para, i, x, y);
		y += para->lines[i].height;
	}
}

void pdf_row_rule(struct pdf_flow *f, struct pdf_row *row, double x, double y, double width, double stroke,
	struct paper_rgb colour)
{
	add_item(f, row,
		(struct pdf_item){ .kind = ITEM_RULE,
			.x = x,
			.y = y,
			.width = width,
			.stroke = stroke,
			.colour = colour });
}

void pdf_row_box(struct pdf_flow *f, struct pdf_row *row, const double box[4], double radius, double stroke,
	struct paper_rgb colour)
{
	add_item(f, row,
		(struct pdf_item){ .kind = ITEM_BOX,
			.x = box[0],
			.y = box[1],
			.width = box[2],
			.height = box[3],
			.radius = radius,
			.stroke = stroke,
			.colour = colour });
}

void pdf_row_drawing(struct pdf_flow *f, struct pdf_row *row, const struct pdf_drawing *drawing,
	const double box[4], struct pdf_elem *elem)
{
	add_item(f, row,
		(struct pdf_item){ .kind = ITEM_DRAWING,
			.x = box[0],
			.y = box[1],
			.width = box[2],
			.height = box[3],
			.drawing = *drawing,
			.elem = elem });
}

void pdf_row_element(struct pdf_flow *f, struct pdf_row *row, struct pdf_elem *elem)
{
	add_item(f, row, (struct pdf_item){ .kind = ITEM_ELEMENT, .elem = elem });
}

void pdf_flow_para(struct pdf_flow *f, const struct pdf_para *para, double x)
{
	for (size_t i = 0; i < para->line_count; i++) {
		struct pdf_row *row = pdf_flow_row(f, para->lines[i].height);
		pdf_row_line(f, row, para, i, x, 0);
		row->keep_next = i + 1 < para->line_count && (i == 0 || i + 2 == para->line_count);
	}
}

struct err *pdf_flow_text(struct pdf_flow *f, struct str text, struct pdf_style style, struct pdf_elem *elem)
{
	struct pdf_para *para;
	TRY(pdf_text_set_one(f->doc, text, style, elem, f->width, &para));
	pdf_flow_para(f, para, f->x);
	return NULL;
}

struct err *pdf_flow_heading(struct pdf_flow *f, struct str text, struct pdf_style style, enum pdf_tag level,
	double before, double after)
{
	struct pdf_elem *e = pdf_elem_new(f->doc->tags, pdf_tags_root(f->doc->tags), level);
	struct pdf_para *para;
	TRY(pdf_text_set_one(f->doc, text, style, e, 0, &para));
	pdf_text_balance(para, f->width);
	pdf_flow_space(f, before);
	for (size_t i = 0; i < para->line_count; i++) {
		pdf_row_line(f, pdf_flow_row(f, para->lines[i].height), para, i, f->x, 0);
		pdf_flow_keep(f);
	}
	pdf_flow_space(f, after);
	return NULL;
}

/* --- pages ---------------------------------------------------------------------------------------------- */

static double head_height(const struct pdf_row *row)
{
	double height = 0;
	for (const struct pdf_row *head = row->head; head; head = head->head_end ? NULL : head->next)
		height += head->height;
	return height;
}

/* Height of the row and of those that must stand with it. */
static double chain_height(const struct pdf_row *row)
{
	double height = row->height > row->beside ? row->height : row->beside;
	while (row->keep_next && row->next) {
		row = row->next;
		height += row->before + (row->height > row->beside ? row->height : row->beside);
	}
	return height;
}

struct place {
	int page;
	double y, beside; /* y: foot of the last row; beside: foot of what hangs at the side */
	bool fresh;       /* nothing on the page yet */
};

static void turn_page(struct place *at, const struct pdf_frame *frame)
{
	*at = (struct place){ .page = at->page + 1, .y = frame->top, .fresh = true };
}

static void place_row(struct pdf_row *row, struct place *at, const struct pdf_frame *frame)
{
	if (row->clear && at->beside > at->y) at->y = at->beside;
	double before = at->fresh ? 0 : row->before, room = frame->bottom - at->y, chain = chain_height(row);
	bool chain_fits_a_page = chain + head_height(row) <= frame->bottom - frame->top;
	double wanted = chain_fits_a_page ? chain : row->height;
	if (!at->fresh && before + wanted > room + 0.01) {
		turn_page(at, frame);
		before = 0;
		row->repeats_head = row->head != NULL;
		at->y += head_height(row);
	}
	row->page = at->page;
	row->y = at->y + before;
	if (row->bottom && row->y < frame->bottom - row->height) row->y = frame->bottom - row->height;
	at->y = row->y + row->height;
	at->fresh = false;
	if (row->beside > 0) at->beside = row->y + row->beside;
}

int pdf_flow_paginate(struct pdf_flow *f, const struct pdf_frame *frame)
{
	struct place at = { .y = frame->first_top, .fresh = true };
	for (struct pdf_row *row = f->first; row; row = row->next)
		place_row(row, &at, frame);
	return at.page + 1;
}

static void paint_drawing(struct pdf_page *p, const struct pdf_item *item, double y, bool artifact)
{
	if (item->elem && !artifact) {
		double *box = item->elem->box;
		box[0] = item->x;
		box[1] = PDF_PAGE_HEIGHT - y - item->height;
		box[2] = item->x + item->width;
		box[3] = PDF_PAGE_HEIGHT - y;
		pdf_page_tag(p, item->elem);
	} else {
		pdf_page_artifact(p, ARTIFACT_LAYOUT);
	}
	pdf_page_draw(p, &item->drawing, item->x, y, item->width, item->height);
}

static void paint_item(const struct pdf_flow *f, struct pdf_page *p, const struct pdf_item *item, double top,
	bool artifact)
{
	double y = top + item->y, box[4] = { item->x, y, item->width, item->height };
	switch (item->kind) {
	case ITEM_LINE:
		if (artifact || !item->para->spans[0].elem) pdf_page_artifact(p, ARTIFACT_LAYOUT);
		pdf_text_paint(p, item->para, item->line, item->x, y + item->line->ascent, artifact);
		break;
	case ITEM_RULE:
		pdf_page_artifact(p, ARTIFACT_LAYOUT);
		pdf_page_rule(p, item->x, y, item->x + item->width, y, item->stroke, item->colour);
		break;
	case ITEM_BOX:
		pdf_page_artifact(p, ARTIFACT_LAYOUT);
		pdf_page_box(p, box, item->radius, item->stroke > 0 ? NULL : &item->colour,
			item->stroke > 0 ? &item->colour : NULL, item->stroke);
		break;
	case ITEM_DRAWING: paint_drawing(p, item, y, artifact); break;
	case ITEM_ELEMENT:
		if (!artifact) pdf_elem_attach(f->doc->tags, item->elem);
		break;
	}
}

static void paint_row(const struct pdf_flow *f, struct pdf_page *p, const struct pdf_row *row, double y,
	bool artifact)
{
	for (const struct pdf_item *item = row->first; item; item = item->next)
		paint_item(f, p, item, y, artifact);
}

void pdf_flow_paint(const struct pdf_flow *f, struct pdf_page *p)
{
	for (const struct pdf_row *row = f->first; row; row = row->next) {
		if (row->page != pdf_page_index(p)) continue;
		double y = row->y - (row->repeats_head ? head_height(row) : 0);
		for (const struct pdf_row *head = row->repeats_head ? row->head : NULL; head;
			 head = head->head_end ? NULL : head->next) {
			paint_row(f, p, head, y, true);
			y += head->height;
		}
		paint_row(f, p, row, row->y, false);
	}
}
