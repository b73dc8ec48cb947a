/*
 * What a permit and a receipt share: styles of the house, letterhead, margin key, footer, watermark, QR code
 * on each page, metadata, and the last steps to a finished file. document.c and receipt.c put the body between.
 */
#pragma once
#include "core/pdf/document.h"
#include "core/pdf/pdf_flow.h"

/* The look of the paper in points and millimetres (the screens' style sheet has the same values). */
#define SHEET_LEFT MM(26)
#define SHEET_RIGHT MM(18)
#define SHEET_TOP MM(16)
#define SHEET_WIDTH (PDF_PAGE_WIDTH - SHEET_LEFT - SHEET_RIGHT)
#define SHEET_FOOT (PDF_PAGE_HEIGHT - MM(14))

struct sheet_styles {
	struct pdf_style body, strong, italic, link, fine, fine_strong, quiet;
	struct pdf_style h1, h2, h3, title_small, grant;
	struct paper_rgb ink, ink_quiet, line, line_strong;
};

struct sheet {
	struct pdf_doc *doc;
	struct pdf_flow *flow;
	const struct paper_brand *brand;
	const struct paper_labels *labels;
	const struct paper_check *check;
	struct sheet_styles styles;
	struct pdf_drawing logo, qr;
	bool has_logo, has_qr;
	struct str lang, title, author, running; /* running: head of the pages after the first */
	struct instant made;
	bool qr_in_body; /* the last page shows the code in its body, so its margin does not */
};

MUST_USE struct err *sheet_open(struct sheet *p, struct arena *a, const struct press *press);
/* Mark, name and sub-line of the town at the left of `row`. Returns the height used. */
MUST_USE struct err *sheet_brand_row(struct sheet *p, struct pdf_row *row, double *ret_height);
/* What a simulated municipality must say of its papers, framed, at the right of `row`: words, because the pale
 * letters behind the page are none. Moves *y below it. */
MUST_USE struct err *sheet_void(struct sheet *p, struct pdf_row *row, double *y);
/* Deals the flow to pages, paints all, writes the file. */
MUST_USE struct err *sheet_finish(struct sheet *p, struct str *ret_pdf);

/* "{page}", "{pages}", "{key}", "{address}" in `sentence` replaced. */
struct str sheet_fill(const struct sheet *p, struct str sentence, int page, int pages);
/* The key and value grid of `facts`. */
MUST_USE struct err *sheet_facts(struct sheet *p, const struct paper_fact *facts, size_t count, bool large);
