/*
 * Numbers and path data of SVG (SVG 1.1, 8.3) as PDF path operators.
 */
#pragma once
#include "base/buf.h"

/* Reads the next number, past white space and one comma. False at the end or at something else. */
bool pdf_svg_number(struct str *rest, double *ret);
/* Appends the path; false when `data` holds a command or number that is not understood. */
bool pdf_svg_path(struct buf *b, struct str data);
