/*
 * Pages and what is painted on them. Places are in points from the top left corner of an A4 page, y down;
 * only this file and the drawings know that PDF counts upwards.
 *
 * Everything painted lies in exactly one mark: content of a structure element, or an artifact. A mark stays
 * open until another is asked for, so pieces of one paragraph that follow each other share one.
 */
#pragma once
#include "core/pdf/pdf_font.h"
#include "core/pdf/pdf_tag.h"

#define PDF_PAGE_WIDTH 595.28
#define PDF_PAGE_HEIGHT 841.89
#define MM(n) ((n)*72.0 / 25.4)

struct pdf_page;

/* One document being made. */
struct pdf_doc {
	struct arena *arena;
	const struct press *press;
	struct pdf_writer *writer;
	struct pdf_fonts *fonts;
	struct pdf_tags *tags;
	struct pdf_page *first, *last;
	int page_count;
	hb_buffer_t *shaper;
	hb_language_t language;
	int signature; /* object number of the empty signature, which stands first in the file */
};

struct pdf_doc *pdf_doc_new(struct arena *a, const struct press *press, struct str lang);

/* A drawing made once and placed anywhere: operators in its own space, y down, and that space's size. */
struct pdf_drawing {
	struct str ops;
	double width, height;
};

enum pdf_artifact {
	ARTIFACT_LAYOUT,
	ARTIFACT_BACKGROUND,
	ARTIFACT_HEADER,
	ARTIFACT_FOOTER,
	ARTIFACT_WATERMARK
};

struct pdf_page *pdf_page_new(struct pdf_doc *d);
struct pdf_page *pdf_page_next(const struct pdf_page *p);
int pdf_page_index(const struct pdf_page *p); /* from 0 */

/* What is painted from here on belongs to `e`, or is an artifact. */
void pdf_page_tag(struct pdf_page *p, struct pdf_elem *e);
void pdf_page_artifact(struct pdf_page *p, enum pdf_artifact kind);
/* The page's operators, for painting inside the open mark. */
struct buf *pdf_page_ops(struct pdf_page *p);

void pdf_page_rule(struct pdf_page *p, double x1, double y1, double x2, double y2, double width,
	struct paper_rgb colour);
/* A rectangle with rounded corners; `fill` or `stroke` may be NULL. */
void pdf_page_box(struct pdf_page *p, const double box[4], double radius, const struct paper_rgb *fill,
	const struct paper_rgb *stroke, double stroke_width);
void pdf_page_draw(struct pdf_page *p, const struct pdf_drawing *drawing, double x, double y, double width,
	double height);
/* Makes the box (x, y, width, height) a link of `link` (a TAG_LINK element); `contents` says where it leads. */
void pdf_page_link(struct pdf_page *p, struct pdf_elem *link, const double box[4], struct str uri,
	struct str contents);
/* The invisible field that carries the signature; `name` is what assistive technology reads. */
void pdf_page_seal_field(struct pdf_page *p, struct pdf_elem *form, struct str name);

/* Writes all pages; `resources` is the value of /Font. Returns the number of the Pages object, and that of the
 * seal's widget (0: none) in *ret_widget. `page_objects` has room for all pages. */
int pdf_pages_write(struct pdf_doc *d, struct str resources, int *page_objects, int *ret_widget);

/* Paths, for drawings too. */
void pdf_put_fill(struct buf *b, struct paper_rgb c);
void pdf_put_stroke(struct buf *b, struct paper_rgb c);
void pdf_put_ellipse(struct buf *b, double cx, double cy, double rx, double ry); /* a closed path */
void pdf_put_round_box(struct buf *b, const double box[4], double radius);
