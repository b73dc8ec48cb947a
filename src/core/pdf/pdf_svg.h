/*
 * A small part of SVG, enough for a town's mark and for plans: svg with viewBox; g; path with M L H V C S Q T
 * Z in both cases; rect, circle, ellipse, line, polyline, polygon; text on one line. Attributes: fill, stroke
 * (none, #rgb, #rrggbb, black, white, currentColor), fill-rule, stroke-width, stroke-dasharray,
 * stroke-linecap, stroke-linejoin, transform (translate, scale, rotate, matrix), font-size, font-weight,
 * text-anchor; fill-opacity, stroke-opacity and opacity mix the colour with white, for the paper has no
 * transparency. title, desc and comments are passed over. Anything else is refused, with its name.
 */
#pragma once
#include "core/pdf/pdf_page.h"

/* `current` is the colour of currentColor. ERR_INVALID "pdf.svg" says what is not understood. */
MUST_USE struct err *pdf_svg_read(struct pdf_doc *d, struct str svg, struct paper_rgb current,
	struct pdf_drawing *ret);
