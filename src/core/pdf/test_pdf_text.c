/*
 * Faces, line breaking, combining marks, and the drawing subset.
 */
#include "core/pdf/test_samples.h"
#include "core/pdf/pdf_svg.h"
#include "core/pdf/pdf_text.h"

static const struct pdf_style plain = { .cut = PDF_SANS, .size = 10, .leading = 1.4 };

static struct pdf_doc *sample_doc(struct test *t)
{
	struct press *press = sample_press(t);
	return press ? pdf_doc_new(t->arena, press, STR("es")) : NULL;
}

/* The characters of a line, by counting glyphs: one each in these samples. */
static size_t line_glyphs(const struct pdf_para *para, size_t i)
{
	return para->lines[i].to - para->lines[i].from;
}

TEST(pdf_text_breaks_after_spaces_only)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_para *para = NULL;
	CHECK(d);
	CHECK_OK(pdf_text_set_one(d, STR("uno dos tres"), plain, NULL, 30, &para));
	CHECK_INT(para->line_count, 3);
	CHECK_INT(line_glyphs(para, 0), 4);
	CHECK_INT(line_glyphs(para, 1), 4);
	/* The space at the line's end is kept for who copies the text, and does not count in its width. */
	CHECK(para->lines[0].width < para->widest);
}

TEST(pdf_text_keeps_numbers_whole)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_para *para = NULL;
	CHECK(d);
	/* "AN-2026-002614" has no place to break, "obra-licencia" has one, "$ 412.00" has none. */
	CHECK_OK(pdf_text_set_one(d, STR("AN-2026-002614"), plain, NULL, 1000, &para));
	CHECK(para->narrowest == para->widest);
	CHECK_OK(pdf_text_set_one(d, STR("obra-licencia"), plain, NULL, 1000, &para));
	CHECK(para->narrowest < para->widest);
	CHECK_OK(pdf_text_set_one(d, STR("$ 412.00"), plain, NULL, 1000, &para));
	CHECK_OK(pdf_text_set_one(d,
		STR("a\xC2\xA0"
			"b"),
		plain, NULL, 1, &para));
	CHECK_OK(pdf_text_set_one(d, STR("x $ 412.00"), plain, NULL, 45, &para));
	CHECK_INT(para->line_count, 2);
	CHECK_INT(line_glyphs(para, 0), 2);
}

TEST(pdf_text_breaks_long_words_somewhere)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_para *para = NULL;
	CHECK(d);
	CHECK_OK(pdf_text_set_one(d, STR("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"), plain, NULL, 60, &para));
	CHECK(para->line_count > 2);
	for (size_t i = 0; i < para->line_count; i++)
		CHECK(para->lines[i].width <= 60.1);
	/* Even where nothing fits it goes on. */
	CHECK_OK(pdf_text_set_one(d, STR("abc"), plain, NULL, 0.5, &para));
	CHECK_INT(para->line_count, 3);
}

TEST(pdf_text_balances_headings)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_para *para = NULL;
	CHECK(d);
	CHECK_OK(pdf_text_set_one(d, STR("aaaa bbbb cccc dddd eeee f"), plain, NULL, 110, &para));
	CHECK_INT(para->line_count, 2);
	CHECK(para->lines[1].width < para->lines[0].width / 2);
	pdf_text_balance(para, 110);
	CHECK_INT(para->line_count, 2);
	CHECK(para->lines[1].width > para->lines[0].width / 2);
	/* One line stays one. */
	pdf_text_balance(para, 1000);
	CHECK_INT(para->line_count, 1);
}

TEST(pdf_text_forced_lines)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_para *para = NULL;
	CHECK(d);
	CHECK_OK(pdf_text_set_one(d, STR("a\nb\n\nc"), plain, NULL, 500, &para));
	CHECK_INT(para->line_count, 4);
	CHECK_OK(pdf_text_set_one(d, STR(""), plain, NULL, 500, &para));
	CHECK_INT(para->line_count, 1);
}

TEST(pdf_text_marks_stand_over_their_letters)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_para *para = NULL;
	CHECK(d);
	/* J with acute has no composed form: two glyphs, the second without advance and moved over the first. */
	CHECK_OK(pdf_text_set_one(d, STR("J\xCC\x81n"), plain, NULL, 500, &para));
	CHECK_INT(para->glyph_count, 3);
	CHECK(para->glyphs[1].advance == 0);
	CHECK(para->glyphs[1].dx < 0);
	/* Over the stem of a d the breve is raised. */
	CHECK_OK(pdf_text_set_one(d, STR("d\xCC\x86"), plain, NULL, 500, &para));
	CHECK_INT(para->glyph_count, 2);
	CHECK(para->glyphs[1].dy > 100);
	/* e with acute has one: the same glyph as the composed letter. */
	struct pdf_para *composed = NULL;
	CHECK_OK(pdf_text_set_one(d, STR("e\xCC\x81"), plain, NULL, 500, &para));
	CHECK_OK(pdf_text_set_one(d, STR("é"), plain, NULL, 500, &composed));
	CHECK_INT(para->glyph_count, 1);
	CHECK_INT(para->glyphs[0].id, composed->glyphs[0].id);
}

TEST(pdf_text_falls_back_to_another_face)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_para *para = NULL;
	CHECK(d);
	/* U+014B is not in our face and has no parts; U+01E7, an empty box in the first prototype, is made of two. */
	CHECK_OK(pdf_text_set_one(d, STR("aŋÇ§"), plain, NULL, 500, &para));
	CHECK_INT(para->glyph_count, 4);
	CHECK_INT(para->glyphs[0].face, PDF_SANS);
	CHECK_INT(para->glyphs[1].face, PDF_FALLBACK);
	CHECK_INT(para->glyphs[2].face, PDF_SANS);
	for (size_t i = 0; i < para->glyph_count; i++)
		CHECK(para->glyphs[i].id != 0);
}

TEST(pdf_text_unprintable_is_an_error)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_para *para = NULL;
	CHECK(d);
	int32_t missing = 0;
	CHECK_ERR(pdf_text_set_one(d, STR("hola 😀"), plain, NULL, 500, &para), ERR_INVALID);
	CHECK(!press_can_print(d->press, STR("hola 😀"), &missing));
	CHECK_INT(missing, 0x1F600);
	/* Right to left and reordering scripts are not laid out: better no paper than a wrong one. */
	CHECK_ERR(pdf_text_set_one(d, STR("שלום"), plain, NULL, 500, &para), ERR_INVALID);
	CHECK_ERR(pdf_text_set_one(d, STR("a\x01"), plain, NULL, 500, &para), ERR_INVALID);
	CHECK(press_can_print(d->press, STR("Łukasz Źdźbło, Ñandú, Etxeberria, Čapek, ő ș ŭ ǧ — «» … € ½ №"),
		&missing));
	CHECK(para == NULL);
}

/* --- drawings ------------------------------------------------------------------------------------------------ */

static struct err *read_svg(struct pdf_doc *d, struct str svg, struct pdf_drawing *ret)
{
	return pdf_svg_read(d, svg, (struct paper_rgb){ 10, 20, 30 }, ret);
}

TEST(pdf_svg_paths)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_drawing out = { 0 };
	CHECK(d);
	CHECK_OK(read_svg(d,
		STR("<?xml version='1.0'?><!-- < --><svg viewBox='0 0 20 10'><path d='M1 2h3v4H1z'/></svg>"), &out));
	CHECK(out.width == 20);
	CHECK(out.height == 10);
	CHECK(str_find(out.ops, STR("1 2 m\n4 2 l\n4 6 l\n1 6 l\nh\nf\n")) >= 0);
	/* A quadratic curve becomes the cubic one; numbers may stand without gaps. */
	CHECK_OK(read_svg(d, STR("<svg viewBox='0 0 9 9'><path d='M0 0Q3 3 6 0l-1-1.5.5 1'/></svg>"), &out));
	CHECK(str_find(out.ops, STR("2 2 4 2 6 0 c\n5 -1.5 l\n5.5 -0.5 l\n")) >= 0);
	CHECK_OK(read_svg(d,
		STR("<svg viewBox='0 0 9 9'><g fill='none' stroke='currentColor'><circle cx='3' cy='3' r='2'/></g></svg>"),
		&out));
	CHECK(str_find(out.ops, STR("0.04 0.08 0.12 RG")) >= 0);
	CHECK(str_ends_with(out.ops, STR("S\n")));
}

TEST(pdf_svg_refuses_what_it_does_not_know)
{
	struct pdf_doc *d = sample_doc(t);
	struct pdf_drawing out = { 0 };
	CHECK(d);
	CHECK_ERR(read_svg(d, STR("<svg><path d='M0 0'/></svg>"), &out), ERR_INVALID);
	CHECK_ERR(read_svg(d, STR("<svg viewBox='0 0 1 1'><image href='x'/></svg>"), &out), ERR_INVALID);
	CHECK_ERR(read_svg(d, STR("<svg viewBox='0 0 1 1'><script>x</script></svg>"), &out), ERR_INVALID);
	CHECK_ERR(read_svg(d, STR("<svg viewBox='0 0 1 1'><path d='M0 0A1 1 0 0 0 2 2'/></svg>"), &out),
		ERR_INVALID);
	CHECK_ERR(read_svg(d, STR("<svg viewBox='0 0 1 1'><path d='0 0L1 1'/></svg>"), &out), ERR_INVALID);
	CHECK_ERR(read_svg(d, STR("<svg viewBox='0 0 1 1'><path fill='url(#a)' d='M0 0'/></svg>"), &out),
		ERR_INVALID);
	CHECK_ERR(read_svg(d, STR("<svg viewBox='0 0 1 1'><path d='M0 0'"), &out), ERR_INVALID);
	CHECK_ERR(read_svg(d, STR("<svg viewBox='0 0 1 1'><g>"), &out), ERR_INVALID);
	CHECK_ERR(read_svg(d, STR("<svg viewBox='0 0 0 1'></svg>"), &out), ERR_INVALID);
	CHECK(out.width == 0);
}

TEST(press_names_what_is_missing)
{
	struct press *press = NULL;
	CHECK_ERR(press_open(t->arena, &(struct press_paths){ .fonts = STR("/nowhere") }, &press),
		ERR_UNAVAILABLE);
	CHECK_ERR(press_open(t->arena,
				  &(struct press_paths){ .fonts = STR("assets/fonts"), .fallback = STR("/nowhere") }, &press),
		ERR_UNAVAILABLE);
	CHECK_ERR(press_open(t->arena,
				  &(struct press_paths){ .fonts = STR("assets/fonts"), .profile = STR("Makefile") }, &press),
		ERR_UNAVAILABLE);
	CHECK(press == NULL);
}
