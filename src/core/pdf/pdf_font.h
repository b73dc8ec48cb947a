/*
 * The fonts of one document: which glyphs it shows and what they mean. Faces come from the press; at the end
 * each face that was used is written as a subset (glyph numbers kept) with widths and ToUnicode. Resource
 * names are /F0 … /F5, by face.
 */
#pragma once
#include "core/pdf/pdf_writer.h"
#include "core/pdf/press.h"

struct pdf_fonts;

struct pdf_fonts *pdf_fonts_new(struct arena *a, const struct press *press);
/* Records that `glyph` is shown for `text`. False when the glyph already stands for another text: then the
 * place needs an ActualText. `glyph` is never 0. */
bool pdf_fonts_use(struct pdf_fonts *f, enum pdf_face face, unsigned glyph, struct str text);
/* Writes what was used; `ret_resources` is the value of /Font in the resources. */
MUST_USE struct err *pdf_fonts_write(struct pdf_fonts *f, struct pdf_writer *w, struct str *ret_resources);
