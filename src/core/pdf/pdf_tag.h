/*
 * The structure tree: what each piece of content is (ISO 32000-1, 14.7 and 14.8). An element enters its
 * parent when the first content inside it is drawn, so the order of drawing is the order of reading, and an
 * element that came to nothing leaves no trace.
 */
#pragma once
#include "core/pdf/pdf_writer.h"

/* X(name, structure type): the one list. */
#define PDF_TAGS(X)                                                                                          \
	X(TAG_DOCUMENT, "Document")                                                                              \
	X(TAG_H1, "H1")                                                                                          \
	X(TAG_H2, "H2")                                                                                          \
	X(TAG_H3, "H3")                                                                                          \
	X(TAG_H4, "H4")                                                                                          \
	X(TAG_H5, "H5")                                                                                          \
	X(TAG_H6, "H6")                                                                                          \
	X(TAG_P, "P")                                                                                            \
	X(TAG_QUOTE, "BlockQuote")                                                                               \
	X(TAG_LIST, "L")                                                                                         \
	X(TAG_ITEM, "LI")                                                                                        \
	X(TAG_LABEL, "Lbl")                                                                                      \
	X(TAG_BODY, "LBody")                                                                                     \
	X(TAG_TABLE, "Table")                                                                                    \
	X(TAG_HEAD, "THead")                                                                                     \
	X(TAG_ROWS, "TBody")                                                                                     \
	X(TAG_ROW, "TR")                                                                                         \
	X(TAG_HEADER, "TH")                                                                                      \
	X(TAG_CELL, "TD")                                                                                        \
	X(TAG_FIGURE, "Figure")                                                                                  \
	X(TAG_LINK, "Link")                                                                                      \
	X(TAG_FORM, "Form")

enum pdf_tag {
#define X(tag, name) tag,
	PDF_TAGS(X)
#undef X
		TAG_MAX
};

enum pdf_scope { SCOPE_NONE, SCOPE_COLUMN, SCOPE_ROW };

struct pdf_tags;
struct pdf_kid;

struct pdf_elem {
	enum pdf_tag tag;
	struct pdf_elem *parent; /* NULL: the root */
	struct str alt;          /* obligatory on figures */
	enum pdf_scope scope;    /* of TH */
	bool ordered;            /* of L: the labels count */
	double box[4];           /* of Figure, in page space; all 0: none */
	/* pdf_tag.c alone */
	struct pdf_kid *kids, *last_kid;
	struct pdf_elem *next;
	int number; /* of its object; 0: not attached */
};

struct pdf_tags *pdf_tags_new(struct arena *a, struct pdf_writer *w);
struct pdf_elem *pdf_tags_root(struct pdf_tags *t); /* the Document element */
struct pdf_elem *pdf_elem_new(struct pdf_tags *t, struct pdf_elem *parent, enum pdf_tag tag);
/* Puts an element without content into its parent: an empty cell. */
void pdf_elem_attach(struct pdf_tags *t, struct pdf_elem *e);
/* The next marked-content number of page `page` (from 0), for content of `e`. */
int pdf_elem_content(struct pdf_tags *t, struct pdf_elem *e, int page);
/* Makes annotation object `annotation` content of `e`; returns its StructParent key. Pages own the keys below
 * `page_count`, so call it once their number is known. */
int pdf_elem_annotation(struct pdf_tags *t, struct pdf_elem *e, int page, int annotation, int page_count);
/* Writes the tree; `page_objects` by page. Returns the number of the StructTreeRoot. */
int pdf_tags_write(struct pdf_tags *t, const int *page_objects, int page_count);
