/*
 * Inside of the press (document.h has the outside): what is loaded once and then only read. Six faces: our
 * own four, and Noto Sans in two weights for characters that ours lack. The colour profile is kept deflated.
 */
#pragma once
#include <hb.h>
#include "core/pdf/document.h"

/* The cuts a style may ask for, and the faces that stand behind them. */
enum pdf_face {
	PDF_SANS,
	PDF_SANS_BOLD,
	PDF_SANS_ITALIC,
	PDF_TITLE,
	PDF_FALLBACK,
	PDF_FALLBACK_BOLD,
	PDF_FACE_MAX
};

struct press_face {
	hb_face_t *face; /* immutable: HarfBuzz's caches in it are safe between threads */
	hb_font_t *font;
	const char *name;                   /* PostScript name */
	double units;                       /* per em */
	double ascent, descent, cap_height; /* in em; descent is negative */
	int box[4];                         /* in thousandths of an em */
	double italic_angle;
	int weight;
	unsigned glyph_count;
	uint16_t *widths; /* by glyph, in thousandths of an em */
};

struct press {
	struct press_face faces[PDF_FACE_MAX];
	struct str profile; /* deflated */
};

/* The face in which `c` (with its combining marks in `marks`) is printed when `wanted` is asked for, or
 * PDF_FACE_MAX when none has it. */
enum pdf_face press_face_for(const struct press *p, enum pdf_face wanted, int32_t c, const int32_t *marks,
	size_t mark_count);
/* Characters that leave no mark and are dropped before shaping: soft hyphen, joiners, byte order mark. */
bool press_is_ignorable(int32_t c);
bool press_is_combining(int32_t c);
