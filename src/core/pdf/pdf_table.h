/*
 * Tables in the flow: columns find their widths from their contents, rows are not cut (unless one is taller
 * than a page), and a head is repeated on each page as an artifact. Use: begin; then for each row
 * pdf_table_row() and for each of its cells pdf_table_cell(), setting the text with the element that it
 * returned, and pdf_table_put(); end.
 */
#pragma once
#include "core/pdf/pdf_flow.h"

enum pdf_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct pdf_table_look {
	double pad_x, pad_y;               /* between columns; above and below each cell */
	struct paper_rgb line;             /* under each row */
	const struct paper_rgb *head_fill; /* or NULL */
	double first_width;                /* of the first column; 0: from its contents */
	bool open_edges;                   /* no padding at the outer edges */
	bool top_line;
};

struct pdf_table;

struct pdf_table *pdf_table_begin(struct pdf_flow *f, struct pdf_elem *parent, int columns,
	const struct pdf_table_look *look);
/* `head` rows come first. */
void pdf_table_row(struct pdf_table *t, bool head);
/* The element of the next cell: TH of a column in head rows, TH of a row when `row_header`, else TD. */
struct pdf_elem *pdf_table_cell(struct pdf_table *t, bool row_header);
/* The text of that cell, set but not broken; NULL when it is empty. */
void pdf_table_put(struct pdf_table *t, struct pdf_para *para, enum pdf_align align);
void pdf_table_end(struct pdf_table *t);
