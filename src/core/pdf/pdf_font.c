/*
 * Subsets with hb-subset and the PDF objects around them: Type0 font, CIDFontType2, descriptor, font file,
 * ToUnicode (ISO 32000-1, 9.7 and 9.10). Start at pdf_fonts_write().
 */
#include <hb-subset.h>
#include <openssl/evp.h>

#include "core/pdf/pdf_font.h"
#include "base/utf8.h"

enum { FONT_BYTES_MAX = 4 * 1024 * 1024, MAP_BLOCK = 100 };

struct face_use {
	struct str *text; /* by glyph; none: not shown */
	size_t count;
};

struct pdf_fonts {
	struct arena *arena;
	const struct press *press;
	struct face_use faces[PDF_FACE_MAX];
};

struct pdf_fonts *pdf_fonts_new(struct arena *a, const struct press *press)
{
	struct pdf_fonts *f = ARENA_NEW(a, struct pdf_fonts);
	f->arena = a;
	f->press = press;
	return f;
}

bool pdf_fonts_use(struct pdf_fonts *f, enum pdf_face face, unsigned glyph, struct str text)
{
	struct face_use *use = &f->faces[face];
	must(glyph > 0 && glyph < f->press->faces[face].glyph_count);
	if (!use->text) use->text = ARENA_ARRAY(f->arena, struct str, f->press->faces[face].glyph_count);
	if (str_is_none(use->text[glyph])) {
		use->text[glyph] = text;
		use->count++;
		return true;
	}
	return str_eq(use->text[glyph], text);
}

/* Tables that a PDF reader does not use: everything goes through glyph numbers. */
static void drop_tables(hb_subset_input_t *input)
{
	hb_set_t *drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
	static const char names[][5] = { "GSUB", "GPOS", "GDEF", "name", "OS/2", "post", "cmap", "meta", "STAT",
		"gasp", "DSIG", "kern", "prep", "fpgm", "cvt ", "MATH" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		hb_set_add(drop, HB_TAG(names[i][0], names[i][1], names[i][2], names[i][3]));
}

static struct err *subset(struct pdf_fonts *f, int face, hb_blob_t **ret)
{
	hb_subset_input_t *input = hb_subset_input_create_or_fail();
	must(input);
	hb_set_t *glyphs = hb_subset_input_glyph_set(input);
	for (unsigned g = 1; g < f->press->faces[face].glyph_count; g++)
		if (!str_is_none(f->faces[face].text[g])) hb_set_add(glyphs, g);
	hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_NO_HINTING);
	drop_tables(input);
	hb_face_t *cut = hb_subset_or_fail(f->press->faces[face].face, input);
	hb_subset_input_destroy(input);
	if (!cut) return ERR(f->arena, ERR_INTERNAL, NULL, "%s cannot be subset", f->press->faces[face].name);
	*ret = hb_face_reference_blob(cut);
	hb_face_destroy(cut);
	return NULL;
}

/* "ABCDEF": six letters that differ between subsets, from the glyphs themselves (ISO 32000-1, 9.6.4). */
static void subset_tag(const struct face_use *use, unsigned glyph_count, char ret[7])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	must(md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1);
	for (unsigned g = 1; g < glyph_count; g++) {
		unsigned char pair[2] = { (unsigned char)(g >> 8), (unsigned char)g };
		if (!str_is_none(use->text[g])) must(EVP_DigestUpdate(md, pair, 2) == 1);
	}
	must(EVP_DigestFinal_ex(md, digest, NULL) == 1);
	EVP_MD_CTX_free(md);
	for (int i = 0; i < 6; i++)
		ret[i] = (char)('A' + digest[i] % 26);
	ret[6] = '\0';
}

static void put_widths(struct buf *b, const struct press_face *face, const struct face_use *use)
{
	buf_add(b, STR("/W["));
	for (unsigned g = 1; g < face->glyph_count; g++) {
		if (str_is_none(use->text[g])) continue;
		buf_add_int(b, g);
		buf_add_char(b, '[');
		for (; g < face->glyph_count && !str_is_none(use->text[g]); g++) {
			buf_add_int(b, face->widths[g]);
			buf_add_char(b, ' ');
		}
		buf_add_char(b, ']');
	}
	buf_add_char(b, ']');
}

static void put_utf16(struct buf *b, struct str text)
{
	struct buf hex = buf_new(b->arena, text.n * 8 + 16);
	pdf_put_text(&hex, text);
	/* "<FEFF0041>" without the byte order mark, which a CMap does not have. */
	buf_add_char(b, '<');
	buf_add(b, str_slice(buf_str(&hex), 5, hex.n));
}

static struct str to_unicode(struct arena *a, const struct press_face *face, const struct face_use *use)
{
	struct buf b = buf_new(a, FONT_BYTES_MAX);
	buf_add(&b,
		STR("/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
			"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
			"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
			"1 begincodespacerange<0000><FFFF>endcodespacerange\n"));
	size_t left = use->count, in_block = 0;
	for (unsigned g = 1; g < face->glyph_count; g++) {
		if (str_is_none(use->text[g])) continue;
		if (in_block == 0) {
			buf_add_int(&b, (int64_t)(left < MAP_BLOCK ? left : MAP_BLOCK));
			buf_add(&b, STR(" beginbfchar\n"));
		}
		buf_add_char(&b, '<');
		pdf_put_hex16(&b, g);
		buf_add_char(&b, '>');
		put_utf16(&b, use->text[g]);
		left--;
		if (++in_block == MAP_BLOCK || left == 0) {
			buf_add(&b, STR("\nendbfchar\n"));
			in_block = 0;
		}
	}
	buf_add(&b, STR("endcmap CMapName currentdict/CMap defineresource pop end end"));
	return buf_str(&b);
}

static int write_descriptor(struct pdf_fonts *f, struct pdf_writer *w, int face, const char *tag, int file)
{
	const struct press_face *p = &f->press->faces[face];
	/* Flags: 4 symbolic (no standard encoding), 64 italic (ISO 32000-1, table 123). */
	return pdf_writer_add(w,
		"<</Type/FontDescriptor/FontName/%s+%s/Flags %d/FontBBox[%d %d %d %d]"
		"/ItalicAngle %d/Ascent %d/Descent %d/CapHeight %d/StemV %d/FontWeight %d/FontFile2 %d 0 R>>",
		tag, p->name, p->italic_angle < 0 ? 68 : 4, p->box[0], p->box[1], p->box[2], p->box[3],
		(int)p->italic_angle, (int)(p->ascent * 1000), (int)(p->descent * 1000), (int)(p->cap_height * 1000),
		p->weight / 5, p->weight / 100 * 100, file);
}

static struct err *write_face(struct pdf_fonts *f, struct pdf_writer *w, int face, int *ret_number)
{
	const struct press_face *p = &f->press->faces[face];
	hb_blob_t *blob = NULL;
	TRY(subset(f, face, &blob));
	unsigned n;
	const char *bytes = hb_blob_get_data(blob, &n);
	int file = pdf_writer_reserve(w);
	pdf_writer_stream(w, file, arena_printf(f->arena, "/Length1 %u", n), (struct str){ bytes, n });
	hb_blob_destroy(blob);

	char tag[7];
	subset_tag(&f->faces[face], p->glyph_count, tag);
	int descriptor = write_descriptor(f, w, face, tag, file);
	int map = pdf_writer_reserve(w);
	pdf_writer_stream(w, map, STR(""), to_unicode(f->arena, p, &f->faces[face]));

	int cid_font = pdf_writer_reserve(w);
	struct buf *b = pdf_writer_open(w, cid_font);
	buf_printf(b,
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s+%s/CIDToGIDMap/Identity/DW 0/FontDescriptor %d 0 R"
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>",
		tag, p->name, descriptor);
	put_widths(b, p, &f->faces[face]);
	buf_add(b, STR(">>"));
	pdf_writer_close(w);
	*ret_number = pdf_writer_add(w,
		"<</Type/Font/Subtype/Type0/BaseFont/%s+%s/Encoding/Identity-H"
		"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
		tag, p->name, cid_font, map);
	return NULL;
}

struct err *pdf_fonts_write(struct pdf_fonts *f, struct pdf_writer *w, struct str *ret_resources)
{
	struct buf b = buf_new(f->arena, 4096);
	buf_add(&b, STR("<<"));
	for (int i = 0; i < PDF_FACE_MAX; i++) {
		if (!f->faces[i].count) continue;
		int number;
		TRY(write_face(f, w, i, &number));
		buf_printf(&b, "/F%d %d 0 R", i, number);
	}
	buf_add(&b, STR(">>"));
	*ret_resources = buf_str(&b);
	return NULL;
}
