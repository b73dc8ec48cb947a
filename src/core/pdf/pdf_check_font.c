/*
 * Fonts: embedded, mapped to Unicode, and every glyph shown is there, is not .notdef and is as wide as the
 * dictionary says (ISO 14289-1, 7.21; ISO 19005-2, 6.2.11). Start at check_font_open().
 */
#include <hb.h>
#include <math.h>

#include "core/pdf/pdf_check_parts.h"

enum { CODES = 65536, FONTS_MAX = 100, MAP_RANGE_MAX = 65536 };

struct check_font {
	struct check_font *next;
	int64_t number;
	bool composite;     /* Type0 with two-byte codes */
	bool usable;        /* codes can be followed to glyphs */
	uint8_t *mapped;    /* by code: 1 has a Unicode value, 2 was reported */
	float *widths;      /* by CID, in thousandths */
	struct str cid_map; /* CIDToGIDMap stream; none: identity */
	hb_face_t *face;
	hb_font_t *font;
};

static void report_font(struct checker *c, int page, const struct pdf_value *dict, const char *what)
{
	struct str name = pdf_file_get(c->file, dict, "BaseFont")->text;
	check_add(c, PDF_RULE_FONT, page + 1, "%.*s: %s", STR_FMT(str_slice(name, 0, 80)), what);
}

/* --- ToUnicode ---------------------------------------------------------------------------------------------- */

static int64_t code_of(const struct pdf_value *v)
{
	if (v->type != PDF_STRING || v->text.n == 0 || v->text.n > 2) return -1;
	unsigned char first = (unsigned char)v->text.p[0];
	return v->text.n == 1 ? first : first << 8 | (unsigned char)v->text.p[1];
}

/* A Unicode value that means something: not nothing, U+0000, U+FEFF or U+FFFE (ISO 14289-1, 7.21.7). */
static bool is_value(const struct pdf_value *v)
{
	if (v->type != PDF_STRING || v->text.n < 2) return false;
	unsigned unit = (unsigned)((unsigned char)v->text.p[0] << 8 | (unsigned char)v->text.p[1]);
	return unit != 0 && unit != 0xFEFF && unit != 0xFFFE;
}

static void map_range(struct check_font *f, const struct pdf_value v[3])
{
	int64_t from = code_of(&v[0]), to = code_of(&v[1]);
	for (int64_t code = from; from >= 0 && code <= to; code++) {
		const struct pdf_value *value = &v[2];
		if (value->type == PDF_ARRAY) {
			if ((uint64_t)(code - from) >= value->count) return;
			value = &value->items[code - from];
		}
		if (is_value(value)) f->mapped[code] = 1;
	}
}

/* bfchar and bfrange sections; all else in a CMap is passed over. */
static void read_to_unicode(struct checker *c, struct check_font *f, struct str cmap)
{
	struct pdf_parser p = { .arena = c->arena,
		.bytes = cmap,
		.budget = &c->operations_left,
		.in_content = true };
	struct pdf_value v[3];
	size_t n = 0, wanted = 0;
	while (pdf_parse_value(&p, &v[n])) {
		if (v[n].type == PDF_WORD) {
			wanted = str_eq(v[n].text, STR("beginbfchar")) ? 2
				: str_eq(v[n].text, STR("beginbfrange"))   ? 3
														   : 0;
			n = 0;
			continue;
		}
		if (wanted == 0) continue;
		if (++n < wanted) continue;
		n = 0;
		if (wanted == 2 && code_of(&v[0]) >= 0 && is_value(&v[1])) f->mapped[code_of(&v[0])] = 1;
		if (wanted == 3) map_range(f, v);
	}
}

/* --- widths -------------------------------------------------------------------------------------------------- */

static void read_widths(struct checker *c, struct check_font *f, const struct pdf_value *descendant)
{
	const struct pdf_value *dw = pdf_file_get(c->file, descendant, "DW"),
						   *w = pdf_file_get(c->file, descendant, "W");
	bool has_dw = dw->type == PDF_INTEGER || dw->type == PDF_REAL;
	for (int i = 0; i < CODES; i++)
		f->widths[i] = (float)(has_dw ? dw->real : 1000);
	for (size_t i = 0; w->type == PDF_ARRAY && i + 1 < w->count;) {
		int64_t from = w->items[i].integer;
		const struct pdf_value *next = pdf_file_follow(c->file, &w->items[i + 1]);
		if (next->type == PDF_ARRAY) {
			for (size_t k = 0; k < next->count && from >= 0 && from + (int64_t)k < CODES; k++)
				f->widths[from + (int64_t)k] = (float)next->items[k].real;
			i += 2;
		} else {
			if (i + 2 >= w->count) return;
			for (int64_t code = from; code >= 0 && code <= next->integer && code < CODES; code++)
				f->widths[code] = (float)w->items[i + 2].real;
			i += 3;
		}
	}
}

/* --- opening --------------------------------------------------------------------------------------------------- */

static void open_program(struct checker *c, struct check_font *f, const struct pdf_value *dict,
	const struct pdf_value *descriptor, int page)
{
	static const char *const keys[] = { "FontFile2", "FontFile3", "FontFile" };
	struct str bytes = STR_NONE;
	for (size_t i = 0; i < 3 && str_is_none(bytes); i++) {
		const struct pdf_value *file = pdf_file_get(c->file, descriptor, keys[i]);
		if (file->type == PDF_STREAM && !pdf_file_stream(c->file, file, &bytes)) bytes = STR_NONE;
	}
	if (str_is_none(bytes)) return report_font(c, page, dict, "not embedded");
	hb_blob_t *blob = hb_blob_create(bytes.p, (unsigned)bytes.n, HB_MEMORY_MODE_READONLY, NULL, NULL);
	f->face = hb_face_create(blob, 0);
	hb_blob_destroy(blob);
	f->font = hb_font_create(f->face);
}

static void open_composite(struct checker *c, struct check_font *f, const struct pdf_value *dict, int page)
{
	const struct pdf_value *list = pdf_file_get(c->file, dict, "DescendantFonts");
	const struct pdf_value *descendant = list->type == PDF_ARRAY && list->count
		? pdf_file_follow(c->file, &list->items[0])
		: list;
	open_program(c, f, dict, pdf_file_get(c->file, descendant, "FontDescriptor"), page);
	f->widths = ARENA_ARRAY(c->arena, float, CODES);
	read_widths(c, f, descendant);
	const struct pdf_value *map = pdf_file_get(c->file, descendant, "CIDToGIDMap");
	bool truetype = pdf_is_name(pdf_file_get(c->file, descendant, "Subtype"), "CIDFontType2");
	if (truetype && !pdf_is_name(map, "Identity") && !pdf_file_stream(c->file, map, &f->cid_map))
		report_font(c, page, dict, "no CIDToGIDMap");
	bool identity = pdf_is_name(pdf_file_get(c->file, dict, "Encoding"), "Identity-H");
	f->usable = truetype && identity && f->face;
}

static bool has_known_encoding(struct checker *c, const struct pdf_value *dict)
{
	const struct pdf_value *encoding = pdf_file_get(c->file, dict, "Encoding");
	if (encoding->type == PDF_DICT) encoding = pdf_file_get(c->file, encoding, "BaseEncoding");
	return pdf_is_name(encoding, "WinAnsiEncoding") || pdf_is_name(encoding, "MacRomanEncoding");
}

struct check_font *check_font_open(struct checker *c, const struct pdf_value *reference, int page)
{
	int64_t number = reference->type == PDF_REF ? reference->integer : -1;
	int count = 0;
	for (struct check_font *f = c->fonts; f; f = f->next, count++)
		if (number >= 0 && f->number == number) return f;
	const struct pdf_value *dict = pdf_file_follow(c->file, reference);
	if (dict->type != PDF_DICT || count >= FONTS_MAX) return NULL;
	struct check_font *f = ARENA_NEW(c->arena, struct check_font);
	f->number = number;
	f->next = c->fonts;
	c->fonts = f;
	f->mapped = ARENA_ARRAY(c->arena, uint8_t, CODES);
	f->composite = pdf_is_name(pdf_file_get(c->file, dict, "Subtype"), "Type0");
	struct str cmap;
	bool has_map = pdf_file_stream(c->file, pdf_file_get(c->file, dict, "ToUnicode"), &cmap);
	if (has_map)
		read_to_unicode(c, f, cmap);
	else if (f->composite || !has_known_encoding(c, dict))
		report_font(c, page, dict, "no ToUnicode");
	if (!has_map) memset(f->mapped, 1, CODES); /* said once, not for each character */
	if (f->composite)
		open_composite(c, f, dict, page);
	else if (!pdf_is_name(pdf_file_get(c->file, dict, "Subtype"), "Type3"))
		open_program(c, f, dict, pdf_file_get(c->file, dict, "FontDescriptor"), page);
	return f;
}

void check_fonts_close(struct checker *c)
{
	for (struct check_font *f = c->fonts; f; f = f->next) {
		hb_font_destroy(f->font);
		hb_face_destroy(f->face);
	}
	c->fonts = NULL;
}

/* --- what is shown ------------------------------------------------------------------------------------------------ */

static unsigned glyph_of(const struct check_font *f, unsigned cid)
{
	if (str_is_none(f->cid_map)) return cid;
	if ((size_t)cid * 2 + 1 >= f->cid_map.n) return 0;
	const unsigned char *p = (const unsigned char *)f->cid_map.p + (size_t)cid * 2;
	return (unsigned)(p[0] << 8 | p[1]);
}

static void check_code(struct checker *c, struct check_font *f, unsigned code, int page)
{
	if (f->mapped[code] == 2) return;
	uint8_t mapped = f->mapped[code];
	f->mapped[code] = 2; /* looked at: one finding a code */
	if (!mapped) check_add(c, PDF_RULE_GLYPH, page + 1, "code %u has no Unicode value", code);
	if (!f->usable) return;
	unsigned glyph = glyph_of(f, code);
	if (glyph == 0) return check_add(c, PDF_RULE_GLYPH, page + 1, ".notdef is shown for code %u", code);
	if (glyph >= hb_face_get_glyph_count(f->face))
		return check_add(c, PDF_RULE_GLYPH, page + 1, "glyph %u is not in the font", glyph);
	double units = hb_face_get_upem(f->face),
		   width = hb_font_get_glyph_h_advance(f->font, glyph) * 1000.0 / units;
	if (fabs(width - (double)f->widths[code]) > 1)
		check_add(c, PDF_RULE_FONT, page + 1, "glyph %u is %.0f wide, not %.0f", glyph, width,
			(double)f->widths[code]);
}

void check_font_show(struct checker *c, struct check_font *font, struct str text, int page)
{
	if (!font) {
		check_add(c, PDF_RULE_FONT, page + 1, "text without a font");
		return;
	}
	size_t step = font->composite ? 2 : 1;
	for (size_t i = 0; i + step <= text.n; i += step) {
		unsigned code = (unsigned char)text.p[i];
		if (font->composite) code = code << 8 | (unsigned char)text.p[i + 1];
		check_code(c, font, code, page);
	}
}
