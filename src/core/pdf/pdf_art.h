/*
 * What the town hall alone puts on paper: the guilloche band, the seal, the QR code. All are lines and curves
 * computed here; nothing is a picture.
 */
#pragma once
#include "core/pdf/pdf_page.h"

/* A band of interlaced waves of exactly that size in points. */
struct pdf_drawing pdf_art_guilloche(struct pdf_doc *d, double width, double height, struct paper_rgb colour);
/* A round seal, 200 by 200: `ring` runs around the top, `date` below. */
MUST_USE struct err *pdf_art_seal(struct pdf_doc *d, struct str ring, struct str date,
	struct paper_rgb colour, struct pdf_drawing *ret);
/* The bytes as a QR code with error correction M, one unit a module, without the quiet zone: leave four
 * modules of white around it. ERR_INVALID when they do not fit. */
MUST_USE struct err *pdf_art_qr(struct pdf_doc *d, struct str bytes, struct pdf_drawing *ret);
/* A text in large pale outlines, rising over the page, as its own drawing of page size. */
MUST_USE struct err *pdf_art_watermark(struct pdf_doc *d, struct str text, struct pdf_drawing *ret);
