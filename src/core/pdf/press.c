/*
 * Opens the faces and the colour profile and answers which face prints a character. Start at press_open().
 */
#include <errno.h>
#include <fcntl.h>
#include <hb-ot.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/pdf/press.h"
#include "core/pdf/pdf_writer.h"
#include "base/utf8.h"

enum { PROFILE_BYTES_MAX = 1024 * 1024 };

static const struct {
	const char *file, *name;
	bool fallback;
	int weight;
} face_files[PDF_FACE_MAX] = {
	[PDF_SANS] = { "AtkinsonHyperlegibleNext-Regular.ttf", "AtkinsonHyperlegibleNext-Regular", false, 400 },
	[PDF_SANS_BOLD] = { "AtkinsonHyperlegibleNext-Bold.ttf", "AtkinsonHyperlegibleNext-Bold", false, 700 },
	[PDF_SANS_ITALIC] = { "AtkinsonHyperlegibleNext-Italic.ttf", "AtkinsonHyperlegibleNext-Italic", false,
		400 },
	[PDF_TITLE] = { "Piazzolla-Title.ttf", "Piazzolla-Title", false, 620 },
	[PDF_FALLBACK] = { "NotoSans-Regular.ttf", "NotoSans-Regular", true, 400 },
	[PDF_FALLBACK_BOLD] = { "NotoSans-Bold.ttf", "NotoSans-Bold", true, 700 },
};

static const char *const fallback_folder = "/usr/share/fonts/truetype/noto";
static const char *const profile_files[] = {
	"/usr/share/color/icc/sRGB.icc",
	"/usr/share/color/icc/ghostscript/srgb.icc",
};

static void press_release(void *resource)
{
	struct press *p = resource;
	for (int i = 0; i < PDF_FACE_MAX; i++) {
		hb_font_destroy(p->faces[i].font);
		hb_face_destroy(p->faces[i].face);
	}
}

static double metric(hb_font_t *font, hb_ot_metrics_tag_t tag, double fallback)
{
	hb_position_t value;
	return hb_ot_metrics_get_position(font, tag, &value) ? value : fallback;
}

/* FontBBox from the 'head' table: four signed 16-bit numbers at byte 36. */
static void read_box(struct press_face *f)
{
	hb_blob_t *head = hb_face_reference_table(f->face, HB_TAG('h', 'e', 'a', 'd'));
	unsigned n;
	const uint8_t *p = (const uint8_t *)hb_blob_get_data(head, &n);
	for (int i = 0; i < 4 && n >= 44; i++) {
		int value = (int16_t)((uint16_t)p[36 + 2 * i] << 8 | p[37 + 2 * i]);
		f->box[i] = (int)(value * 1000 / f->units);
	}
	hb_blob_destroy(head);
}

static void read_metrics(struct arena *a, struct press_face *f)
{
	f->units = hb_face_get_upem(f->face);
	f->ascent = metric(f->font, HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER, f->units) / f->units;
	f->descent = metric(f->font, HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER, -f->units / 4) / f->units;
	f->cap_height = metric(f->font, HB_OT_METRICS_TAG_CAP_HEIGHT, f->units * 7 / 10) / f->units;
	f->italic_angle = (double)hb_style_get_value(f->font, HB_STYLE_TAG_SLANT_ANGLE);
	f->glyph_count = hb_face_get_glyph_count(f->face);
	f->widths = ARENA_ARRAY(a, uint16_t, f->glyph_count);
	for (unsigned g = 0; g < f->glyph_count; g++)
		f->widths[g] = (uint16_t)(hb_font_get_glyph_h_advance(f->font, g) * 1000.0 / f->units + 0.5);
	read_box(f);
}

static struct err *open_face(struct arena *a, const struct press_paths *paths, struct press *p, int i)
{
	struct press_face *f = &p->faces[i];
	struct str folder = face_files[i].fallback ? paths->fallback : paths->fonts;
	if (str_is_empty(folder)) folder = str_of(fallback_folder);
	struct str file = arena_printf(a, "%.*s/%s", STR_FMT(folder), face_files[i].file);
	hb_blob_t *blob = hb_blob_create_from_file_or_fail(file.p);
	if (!blob)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the face %s cannot be read%s", file.p,
			face_files[i].fallback ? " (Debian package fonts-noto-core)" : "");
	hb_blob_make_immutable(blob);
	f->face = hb_face_create(blob, 0);
	hb_blob_destroy(blob);
	hb_face_make_immutable(f->face);
	f->font = hb_font_create(f->face);
	f->name = face_files[i].name;
	f->weight = face_files[i].weight;
	if (hb_face_get_glyph_count(f->face) == 0 || hb_face_get_glyph_count(f->face) > 0xFFFF)
		return ERR(a, ERR_UNAVAILABLE, NULL, "%s is no TrueType face", file.p);
	read_metrics(a, f);
	hb_font_make_immutable(f->font);
	return NULL;
}

static struct err *read_profile(struct arena *a, const char *file, bool *ret_found, struct str *ret)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return NULL;
	struct stat info = { 0 };
	bool sane = fstat(fd, &info) == 0 && info.st_size >= 128 && info.st_size <= PROFILE_BYTES_MAX;
	size_t size = sane ? (size_t)info.st_size : 0, n = 0;
	char *p = arena_alloc(a, size);
	while (n < size) {
		ssize_t got = read(fd, p + n, size - n);
		if (got == 0 || (got < 0 && errno != EINTR)) break;
		if (got > 0) n += (size_t)got;
	}
	close(fd);
	/* ICC.1 section 7.2: colour space at byte 16, signature "acsp" at byte 36. */
	if (n < 128 || n < size || memcmp(p + 36, "acsp", 4) != 0 || memcmp(p + 16, "RGB ", 4) != 0)
		return ERR(a, ERR_UNAVAILABLE, NULL, "%s is no RGB colour profile", file);
	*ret = (struct str){ p, n };
	*ret_found = true;
	return NULL;
}

static struct err *open_profile(struct arena *a, const struct press_paths *paths, struct press *p)
{
	bool found = false;
	struct str bytes = STR_NONE;
	if (!str_is_empty(paths->profile)) {
		TRY(read_profile(a, arena_cz(a, paths->profile), &found, &bytes));
	} else {
		for (size_t i = 0; i < sizeof profile_files / sizeof profile_files[0] && !found; i++)
			TRY(read_profile(a, profile_files[i], &found, &bytes));
	}
	if (!found)
		return ERR(a, ERR_UNAVAILABLE, NULL, "no sRGB profile at %s (Debian package icc-profiles-free)",
			str_is_empty(paths->profile) ? profile_files[0] : arena_cz(a, paths->profile));
	p->profile = pdf_writer_deflate(a, bytes);
	return NULL;
}

struct err *press_open(struct arena *a, const struct press_paths *paths, struct press **ret)
{
	struct press *p = ARENA_NEW(a, struct press);
	arena_defer(a, press_release, p);
	for (int i = 0; i < PDF_FACE_MAX; i++)
		TRY(open_face(a, paths, p, i));
	TRY(open_profile(a, paths, p));
	*ret = p;
	return NULL;
}

/* --- which face prints it ----------------------------------------------------------------------------- */

bool press_is_ignorable(int32_t c)
{
	return c == 0xAD || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF || c == 0x200E;
}

bool press_is_combining(int32_t c)
{
	hb_unicode_general_category_t kind = hb_unicode_general_category(hb_unicode_funcs_get_default(),
		(hb_codepoint_t)c);
	return kind == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
		kind == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK;
}

/* Scripts written from right to left, or that need reordering, are not laid out here. */
static bool is_simple_script(int32_t c)
{
	hb_script_t script = hb_unicode_script(hb_unicode_funcs_get_default(), (hb_codepoint_t)c);
	return script == HB_SCRIPT_LATIN || script == HB_SCRIPT_GREEK || script == HB_SCRIPT_CYRILLIC ||
		script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED;
}

/* With a glyph of its own, or out of parts that have one: HarfBuzz decomposes where it must. */
static bool covers(const struct press_face *f, int32_t c)
{
	hb_codepoint_t glyph, first, second;
	if (hb_font_get_nominal_glyph(f->font, (hb_codepoint_t)c, &glyph) && glyph) return true;
	if (!hb_unicode_decompose(hb_unicode_funcs_get_default(), (hb_codepoint_t)c, &first, &second))
		return false;
	return covers(f, (int32_t)first) && (second == 0 || covers(f, (int32_t)second));
}

static bool covers_all(const struct press_face *f, int32_t c, const int32_t *marks, size_t mark_count)
{
	if (!covers(f, c)) return false;
	for (size_t i = 0; i < mark_count; i++)
		if (!covers(f, marks[i])) return false;
	return true;
}

enum pdf_face press_face_for(const struct press *p, enum pdf_face wanted, int32_t c, const int32_t *marks,
	size_t mark_count)
{
	if (!is_simple_script(c)) return PDF_FACE_MAX;
	if (covers_all(&p->faces[wanted], c, marks, mark_count)) return wanted;
	enum pdf_face second = wanted == PDF_SANS_BOLD || wanted == PDF_TITLE ? PDF_FALLBACK_BOLD : PDF_FALLBACK;
	return covers_all(&p->faces[second], c, marks, mark_count) ? second : PDF_FACE_MAX;
}

bool press_can_print(const struct press *p, struct str text, int32_t *ret_missing)
{
	for (size_t at = 0; at < text.n;) {
		int32_t c = utf8_next(text, &at);
		if (c == '\n' || c == '\t' || press_is_ignorable(c) || c == 0x200B) continue;
		if (c >= 0x20 && press_face_for(p, PDF_SANS, c, NULL, 0) != PDF_FACE_MAX &&
			press_face_for(p, PDF_TITLE, c, NULL, 0) != PDF_FACE_MAX)
			continue;
		if (ret_missing) *ret_missing = c;
		return false;
	}
	return true;
}
