/*
 * A QR code as inline SVG for pages (the PDF draws its own: core/pdf/pdf_art.h). Error correction M, four modules of
 * white around it, one path. What it says must also stand in letters beside it.
 */
#pragma once
#include "base/err.h"
#include "base/html.h"

/* `label` is what it is, for those who cannot scan it. ERR_INVALID past some 300 bytes. */
MUST_USE struct err *qr_svg(struct arena *a, struct str bytes, struct str label, struct html *ret);
