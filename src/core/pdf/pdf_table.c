/*
 * Column widths and rows of tables. Start at pdf_table_end().
 */
#include "core/pdf/pdf_table.h"

#define SLICE_HEIGHT MM(150) /* a taller row is cut between lines */

struct cell {
	struct cell *next;
	struct pdf_elem *elem;
	struct pdf_para *para;
	enum pdf_align align;
};

struct table_row {
	struct table_row *next;
	bool head;
	struct pdf_elem *elem;
	struct cell *first, *last;
	int count;
};

struct pdf_table {
	struct pdf_flow *flow;
	struct pdf_table_look look;
	int columns;
	struct pdf_elem *elem, *head, *body;
	struct table_row *first, *last;
	double *widths, *least, *most;
};

struct pdf_table *pdf_table_begin(struct pdf_flow *f, struct pdf_elem *parent, int columns,
	const struct pdf_table_look *look)
{
	must(columns > 0);
	struct pdf_table *t = ARENA_NEW(f->doc->arena, struct pdf_table);
	t->flow = f;
	t->look = *look;
	t->columns = columns;
	t->elem = pdf_elem_new(f->doc->tags, parent, TAG_TABLE);
	t->head = pdf_elem_new(f->doc->tags, t->elem, TAG_HEAD);
	t->body = pdf_elem_new(f->doc->tags, t->elem, TAG_ROWS);
	t->widths = ARENA_ARRAY(f->doc->arena, double, (size_t)columns);
	t->least = ARENA_ARRAY(f->doc->arena, double, (size_t)columns);
	t->most = ARENA_ARRAY(f->doc->arena, double, (size_t)columns);
	return t;
}

void pdf_table_row(struct pdf_table *t, bool head)
{
	struct table_row *row = ARENA_NEW(t->flow->doc->arena, struct table_row);
	row->head = head;
	row->elem = pdf_elem_new(t->flow->doc->tags, head ? t->head : t->body, TAG_ROW);
	*(t->last ? &t->last->next : &t->first) = row;
	t->last = row;
}

struct pdf_elem *pdf_table_cell(struct pdf_table *t, bool row_header)
{
	struct table_row *row = t->last;
	must(row && row->count < t->columns);
	struct cell *cell = ARENA_NEW(t->flow->doc->arena, struct cell);
	cell->elem = pdf_elem_new(t->flow->doc->tags, row->elem, row->head || row_header ? TAG_HEADER : TAG_CELL);
	cell->elem->scope = row->head ? SCOPE_COLUMN : SCOPE_ROW;
	*(row->last ? &row->last->next : &row->first) = cell;
	row->last = cell;
	row->count++;
	return cell->elem;
}

void pdf_table_put(struct pdf_table *t, struct pdf_para *para, enum pdf_align align)
{
	t->last->last->para = para;
	t->last->last->align = align;
}

/* --- widths --------------------------------------------------------------------------------------------- */

static double pad_left(const struct pdf_table *t, int column)
{
	return column == 0 && t->look.open_edges ? 0 : t->look.pad_x / 2;
}

static double pad_right(const struct pdf_table *t, int column)
{
	return column + 1 == t->columns && t->look.open_edges ? 0 : t->look.pad_x / 2;
}

static void measure_columns(struct pdf_table *t)
{
	for (const struct table_row *row = t->first; row; row = row->next) {
		int i = 0;
		for (const struct cell *cell = row->first; cell; cell = cell->next, i++) {
			double pad = pad_left(t, i) + pad_right(t, i);
			double least = pad + (cell->para ? cell->para->narrowest : 0);
			double most = pad + (cell->para ? cell->para->widest : 0);
			if (least > t->least[i]) t->least[i] = least;
			if (most > t->most[i]) t->most[i] = most;
		}
	}
}

/* Each column gets what it needs at least; what is left goes to those that want more, by how much more. A table
 * that wants less than the width gets the rest in proportion to its columns. */
static void share_width(struct pdf_table *t)
{
	double width = t->flow->width, least = 0, most = 0;
	if (t->look.first_width > 0) t->least[0] = t->most[0] = t->look.first_width;
	for (int i = 0; i < t->columns; i++) {
		least += t->least[i];
		most += t->most[i];
	}
	int elastic = t->look.first_width > 0 && t->columns > 1 ? 1 : 0;
	double fixed = elastic ? t->least[0] : 0;
	for (int i = 0; i < t->columns; i++) {
		double w;
		if (i < elastic)
			w = fixed;
		else if (most <= width)
			w = most > fixed ? t->most[i] * (width - fixed) / (most - fixed) : width / t->columns;
		else if (least <= width)
			w = t->least[i] + (width - least) * (t->most[i] - t->least[i]) / (most - least);
		else
			w = t->least[i] * (width - fixed) / (least - fixed);
		t->widths[i] = w;
	}
}

/* --- rows ----------------------------------------------------------------------------------------------- */

/* How many lines of `para` from `from` on fit in `room`; at least one, if there is one. */
static size_t lines_that_fit(const struct pdf_para *para, size_t from, double room)
{
	size_t n = 0;
	double height = 0;
	while (from + n < para->line_count && (n == 0 || height + para->lines[from + n].height <= room)) {
		height += para->lines[from + n].height;
		n++;
	}
	return n;
}

static double shift(const struct pdf_table *t, const struct cell *cell, int column, size_t line)
{
	double spare = t->widths[column] - pad_left(t, column) - pad_right(t, column) -
		cell->para->lines[line].width;
	return cell->align == ALIGN_RIGHT ? spare : cell->align == ALIGN_CENTRE ? spare / 2 : 0;
}

/* The tallest ascent of the lines that come first in a slice: their baselines are level. */
static double first_ascent(const struct table_row *source, const size_t *done)
{
	double ascent = 0;
	int i = 0;
	for (const struct cell *cell = source->first; cell; cell = cell->next, i++)
		if (cell->para && done[i] < cell->para->line_count && cell->para->lines[done[i]].ascent > ascent)
			ascent = cell->para->lines[done[i]].ascent;
	return ascent;
}

/* Puts the next lines of every cell into `row`, moving `done` on; true when some cell has more. */
static bool put_slice(struct pdf_table *t, const struct table_row *source, struct pdf_row *row, size_t *done,
	double top, double *ret_height)
{
	bool more = false;
	double x = t->flow->x, tallest = 0, ascent = first_ascent(source, done);
	int i = 0;
	for (const struct cell *cell = source->first; cell; x += t->widths[i++], cell = cell->next) {
		if (done[i] == 0) pdf_row_element(t->flow, row, cell->elem);
		if (!cell->para) continue;
		size_t n = lines_that_fit(cell->para, done[i], SLICE_HEIGHT);
		double y = top + (n ? ascent - cell->para->lines[done[i]].ascent : 0);
		for (size_t k = done[i]; k < done[i] + n; k++) {
			pdf_row_line(t->flow, row, cell->para, k, x + pad_left(t, i) + shift(t, cell, i, k), y);
			y += cell->para->lines[k].height;
		}
		done[i] += n;
		if (y - top > tallest) tallest = y - top;
		if (done[i] < cell->para->line_count) more = true;
	}
	*ret_height = tallest;
	return more;
}

static struct pdf_row *put_row(struct pdf_table *t, const struct table_row *source,
	const struct pdf_row *head)
{
	size_t *done = ARENA_ARRAY(t->flow->doc->arena, size_t, (size_t)t->columns);
	struct pdf_row *first = NULL;
	for (bool more = true; more;) {
		double top = first ? 0 : t->look.pad_y, height;
		struct pdf_row *row = pdf_flow_row(t->flow, 0);
		row->head = head;
		bool fill = source->head && t->look.head_fill;
		if (fill) pdf_row_box(t->flow, row, (double[4]){ 0, 0, 0, 0 }, 0, 0, *t->look.head_fill);
		struct pdf_item *box = row->last;
		if (!first && source == t->first && t->look.top_line)
			pdf_row_rule(t->flow, row, t->flow->x, 0, t->flow->width, 0.5, t->look.line);
		more = put_slice(t, source, row, done, top, &height);
		row->height = top + height + (more ? 0 : t->look.pad_y);
		if (!more) pdf_row_rule(t->flow, row, t->flow->x, row->height, t->flow->width, 0.5, t->look.line);
		if (fill) {
			box->x = t->flow->x;
			box->width = t->flow->width;
			box->height = row->height;
		}
		if (!first) first = row;
	}
	return first;
}

void pdf_table_end(struct pdf_table *t)
{
	measure_columns(t);
	share_width(t);
	const struct pdf_row *head = NULL;
	for (struct table_row *row = t->first; row; row = row->next) {
		int i = 0;
		for (struct cell *cell = row->first; cell; cell = cell->next, i++)
			if (cell->para) pdf_text_break(cell->para, t->widths[i] - pad_left(t, i) - pad_right(t, i));
		struct pdf_row *first = put_row(t, row, row->head ? NULL : head);
		if (!row->head) continue;
		if (!head) head = first;
		t->flow->last->keep_next = true;
		t->flow->last->head_end = !row->next || !row->next->head;
	}
}
