/*
 * Layout from top to bottom. What is written becomes rows: strips that are never cut, each holding lines of
 * text, rules, boxes and drawings. Rows are then dealt to pages, and painted page by page.
 *
 * Rows know their distance to the row before (dropped at the top of a page), whether the next one must stand
 * on the same page, and the table head to repeat when they open a page.
 */
#pragma once
#include "core/pdf/pdf_text.h"

enum pdf_item_kind { ITEM_LINE, ITEM_RULE, ITEM_BOX, ITEM_DRAWING, ITEM_ELEMENT };

struct pdf_item {
	enum pdf_item_kind kind;
	struct pdf_item *next;
	double x, y; /* x of the page, y of the row */
	double width, height;
	struct pdf_elem *elem; /* of drawings; of boxes and rules none: artifacts */
	const struct pdf_para *para;
	const struct pdf_line *line;
	struct pdf_drawing drawing;
	struct paper_rgb colour;
	double stroke, radius; /* boxes: stroke 0 fills */
};

struct pdf_row {
	struct pdf_row *next;
	double height, before;
	double beside;                 /* height of what hangs beside the following rows; 0: nothing */
	bool keep_next, clear, bottom; /* clear: below what hangs beside; bottom: at the page's foot */
	const struct pdf_row *head;    /* first row of the table's head; head rows have none */
	bool head_end;                 /* the last row of that head */
	struct pdf_item *first, *last;
	/* where it came to stand */
	int page;
	double y;
	bool repeats_head;
};

struct pdf_flow {
	struct pdf_doc *doc;
	struct pdf_row *first, *last;
	double x, width; /* where text goes now */
	double space;    /* before the next row */
};

/* Where rows may stand on the first page and on the others. */
struct pdf_frame {
	double first_top, top, bottom;
};

struct pdf_flow *pdf_flow_new(struct pdf_doc *d, double x, double width);
/* At least that much before the next row. */
void pdf_flow_space(struct pdf_flow *f, double points);
struct pdf_row *pdf_flow_row(struct pdf_flow *f, double height);
void pdf_flow_keep(struct pdf_flow *f); /* the last row stays with the next */

/* Rows for the lines of a paragraph, which must be broken already; at least two lines stay together. */
void pdf_flow_para(struct pdf_flow *f, const struct pdf_para *para, double x);
/* Sets and adds a paragraph over the flow's whole width. */
MUST_USE struct err *pdf_flow_text(struct pdf_flow *f, struct str text, struct pdf_style style,
	struct pdf_elem *elem);
/* A heading: it stays with what follows. */
MUST_USE struct err *pdf_flow_heading(struct pdf_flow *f, struct str text, struct pdf_style style,
	enum pdf_tag level, double before, double after);

/* Pieces of a row, in reading order. */
void pdf_row_para(struct pdf_flow *f, struct pdf_row *row, const struct pdf_para *para, double x, double y);
void pdf_row_line(struct pdf_flow *f, struct pdf_row *row, const struct pdf_para *para, size_t line, double x,
	double y);
void pdf_row_rule(struct pdf_flow *f, struct pdf_row *row, double x, double y, double width, double stroke,
	struct paper_rgb colour);
void pdf_row_box(struct pdf_flow *f, struct pdf_row *row, const double box[4], double radius, double stroke,
	struct paper_rgb colour);
void pdf_row_drawing(struct pdf_flow *f, struct pdf_row *row, const struct pdf_drawing *drawing,
	const double box[4], struct pdf_elem *elem);
void pdf_row_element(struct pdf_flow *f, struct pdf_row *row, struct pdf_elem *elem);

/* Deals the rows to pages; returns how many. */
int pdf_flow_paginate(struct pdf_flow *f, const struct pdf_frame *frame);
/* Paints the rows of page `p`. Pages are painted in order: that is the reading order. */
void pdf_flow_paint(const struct pdf_flow *f, struct pdf_page *p);
