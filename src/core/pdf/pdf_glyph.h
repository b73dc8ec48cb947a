/*
 * Flags of a placed glyph, shared by the two halves of pdf_text: setting and painting.
 */
#pragma once

enum {
	GLYPH_SPACE = 1 << 0,
	GLYPH_MAY_BREAK = 1 << 1, /* a line may end after it */
	GLYPH_MUST_BREAK = 1 << 2,
	GLYPH_SPELT = 1 << 3, /* belongs to the ActualText of the glyph before */
};
