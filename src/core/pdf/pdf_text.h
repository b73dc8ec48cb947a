/*
 * From text to placed glyphs: chooses faces, shapes with HarfBuzz, finds where lines may break, breaks them,
 * and paints lines. Left to right only.
 *
 * Lines may break after spaces (not after a no-break space, nor between a currency sign and its figure),
 * after a zero-width space, after a hyphen, dash or slash that stands between letters, and after \n always.
 * A piece that is wider than the line is broken anywhere between its clusters. There is no hyphenation.
 */
#pragma once
#include "core/pdf/pdf_page.h"

struct pdf_style {
	enum pdf_face cut;
	double size, leading;      /* points; leading as a multiple of size */
	double tracking, word_gap; /* added after each glyph, and to each space, in em */
	struct paper_rgb colour;
	bool tabular; /* figures of one width */
	bool underline;
};

/* A stretch of text in one style that belongs to one element. Without an element the caller has an artifact
 * open while it paints. */
struct pdf_span {
	struct str text;
	struct pdf_style style;
	struct pdf_elem *elem;
	struct str uri; /* of TAG_LINK elements */
};

struct pdf_glyph {
	uint16_t id, span;
	uint8_t face, flags;
	float advance, dx, dy; /* thousandths of an em */
	struct str text;       /* what an ActualText must say; none mostly */
};

struct pdf_line {
	uint32_t from, to;     /* glyphs */
	double width;          /* without spaces at the end */
	double height, ascent; /* baseline stands `ascent` under the line's top */
};

struct pdf_para {
	struct pdf_doc *doc;
	const struct pdf_span *spans;
	size_t span_count;
	struct pdf_glyph *glyphs;
	size_t glyph_count;
	double widest;    /* of the forced lines, unbroken */
	double narrowest; /* the widest piece that cannot break well */
	struct pdf_line *lines;
	size_t line_count;
	double height; /* of all lines */
};

/* Shapes spans into one paragraph, and breaks it when `width` > 0. The spans are kept, not copied.
 * ERR_INVALID "pdf.character" names the first character that no face has. */
MUST_USE struct err *pdf_text_set(struct pdf_doc *d, const struct pdf_span *spans, size_t count, double width,
	struct pdf_para **ret);
/* The same for one stretch of text. */
MUST_USE struct err *pdf_text_set_one(struct pdf_doc *d, struct str text, struct pdf_style style,
	struct pdf_elem *elem, double width, struct pdf_para **ret);
/* Breaks (again) for that width. */
void pdf_text_break(struct pdf_para *para, double width);
/* The same, in as many lines, but of lengths as even as may be: for headings. */
void pdf_text_balance(struct pdf_para *para, double width);

/* Paints a line with its baseline at y. Opens the spans' elements, and links become annotations, unless it is
 * painted as part of the open artifact. */
void pdf_text_paint(struct pdf_page *p, const struct pdf_para *para, const struct pdf_line *line, double x,
	double y, bool artifact);
/* Operators of the whole paragraph on one line, without marks, in a space with y down: for drawings and for
 * turned text. `matrix` is the place and direction of the first glyph. */
void pdf_text_put(struct buf *b, const struct pdf_para *para, const double matrix[6]);
/* The same along a circle, from `angle` on (degrees, clockwise from twelve); a negative radius sets the text
 * under the circle, read from inside out. */
void pdf_text_put_circle(struct buf *b, const struct pdf_para *para, double cx, double cy, double radius,
	double angle);
double pdf_text_width(const struct pdf_para *para); /* of the whole paragraph on one line */
