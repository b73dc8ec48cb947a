/*
 * Papers as a whole: what they say, what the checker and other programs think of them, what is refused.
 * Programs from outside (qpdf, poppler, zbar) are asked when they are installed; script/test installs them.
 */
#include <pthread.h>

#include "core/pdf/test_outside.h"
#include "core/pdf/test_samples.h"
#include "base/buf.h"
#include "core/pdf/pdf_check.h"
#include "core/pdf/pdf_writer.h"

static void check_clean(struct test *t, struct str pdf)
{
	struct pdf_report *report = ARENA_NEW(t->arena, struct pdf_report);
	struct err *e = pdf_check(t->arena, pdf, report);
	if (e) test_fail(t, __FILE__, __LINE__, "pdf_check: %s", e->detail);
	for (size_t i = 0; i < report->count; i++)
		test_fail(t, __FILE__, __LINE__, "%s page %d: %.*s", pdf_rule_name(report->findings[i].rule),
			report->findings[i].page, STR_FMT(report->findings[i].detail));
}

static int count_of(struct str s, const char *what)
{
	int count = 0;
	for (ptrdiff_t at; (at = str_find(s, str_of(what))) >= 0; count++)
		s = str_slice(s, (size_t)at + 1, s.n);
	return count;
}

/* ISO 32000-1, 7.3.3: digits and a point, no exponent. */
TEST(document_numbers_have_two_decimals_or_six)
{
	struct buf b = buf_new(t->arena, 200);
	PDF_PUT(&b, 0, 12.5, -0.25, 100, -0.001, 3.999);
	CHECK_STR(buf_str(&b), "0 12.5 -0.25 100 0 4 ");
	buf_clear(&b);
	static const double fine[] = { 0.996194698, -0.087155743, 0, 1, 109.1, -0.9999999, 199.99999951 };
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		pdf_put_fine(&b, fine[i]);
	CHECK_STR(buf_str(&b), "0.996195 -0.087156 0.000000 1.000000 109.100000 -1.000000 200.000000 ");
}

/* --- papers -------------------------------------------------------------------------------------------------------- */

TEST(document_permit_is_clean)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct document_view v = sample_permit();
	struct str pdf = STR_NONE, again = STR_NONE;
	CHECK_OK(document_render(t->arena, press, &v, &pdf));
	check_clean(t, pdf);
	/* The same view gives the same bytes. */
	CHECK_OK(document_render(t->arena, press, &v, &again));
	CHECK(str_eq(pdf, again));
	v.made.ms += 1000;
	CHECK_OK(document_render(t->arena, press, &v, &again));
	CHECK(!str_eq(pdf, again));
}

TEST(document_receipt_is_clean)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct receipt_view v = sample_receipt();
	struct str pdf = STR_NONE;
	CHECK_OK(receipt_render(t->arena, press, &v, &pdf));
	check_clean(t, pdf);
}

TEST(document_with_little_in_it)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct document_view v = sample_permit();
	v.sections = NULL;
	v.section_count = v.decision_count = v.number_count = 0;
	v.grant_value = v.grant_text = v.basis = v.plan_svg = v.department = STR_NONE;
	v.brand.logo_svg = v.brand.watermark = STR_NONE;
	v.check = (struct paper_check){ 0 };
	struct str pdf = STR_NONE;
	CHECK_OK(document_render(t->arena, press, &v, &pdf));
	check_clean(t, pdf);
	struct receipt_view r = sample_receipt();
	r.file_count = r.step_count = r.fact_count = 0;
	r.seal_line = STR_NONE;
	CHECK_OK(receipt_render(t->arena, press, &r, &pdf));
	check_clean(t, pdf);
}

/* Any place where text goes, in any language that its alphabet carries. */
TEST(document_in_basque_and_with_long_words)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct document_view v = sample_permit();
	v.lang = STR("eu");
	v.title = STR(
		"Errolda-ziurtagiria, etxebizitzaren birgaitze-laguntzetarako eskabide-orriaren eranskina eta jakinarazpena");
	v.grant_value = STR("EBAZPENA-2026/0003412-ALDAKETA-ETA-GEHIAGO-ORAINDIK");
	v.brand.name = STR("Barakaldoko Udala, Hirigintza, Ingurumena eta Zerbitzu Publikoen Saila");
	v.brand.seal_text = STR("BARAKALDOKO UDALA · HERRITARRENTZAKO ARRETA ZERBITZUA · ERREGISTRO OROKORRA");
	v.officer = STR("Łukasz Źdźbło-Wąchock eta J\xCC\x81n Ağaoğlu");
	struct str pdf = STR_NONE;
	CHECK_OK(document_render(t->arena, press, &v, &pdf));
	check_clean(t, pdf);
}

TEST(document_long_table_repeats_its_head)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct document_view v = sample_long(t->arena);
	struct str pdf = STR_NONE;
	CHECK_OK(document_render(t->arena, press, &v, &pdf));
	check_clean(t, pdf);
	if (!outside_has(t, "pdftotext pdfinfo")) return;
	struct str folder = outside_folder(t);
	outside_save(t, folder, "a.pdf", pdf);
	/* On paper the head stands on each of three pages; in the structure, once. */
	CHECK_INT(count_of(outside_run(t, folder, "pdftotext a.pdf -", NULL), "Superficie\n"), 3);
	struct str tree = outside_run(t, folder, "pdfinfo -struct-text a.pdf", NULL);
	CHECK_INT(count_of(tree, "\"Superficie\""), 1);
	CHECK_INT(count_of(tree, "/Scope /Column"), 4);
	CHECK(str_find(tree, STR("El ayuntamiento resuelve sobre la solicitud de Łukasz Źdźbło")) >= 0 ||
		str_find(tree, STR("Łukasz Źdźbło, ")) >= 0);
}

TEST(document_row_taller_than_a_page)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct buf b = buf_new(t->arena, 128 * 1024);
	buf_add(&b, STR("| A | B |\n|--|--|\n| uno | "));
	for (int i = 0; i < 3000; i++)
		buf_printf(&b, "palabra%d ", i);
	buf_add(&b, STR("|\n"));
	struct document_section section = { .heading = STR("Tabla"), .markdown = buf_str(&b) };
	struct document_view v = sample_permit();
	v.sections = &section;
	v.section_count = 1;
	struct str pdf = STR_NONE;
	CHECK_OK(document_render(t->arena, press, &v, &pdf));
	check_clean(t, pdf);
}

/* One press, many threads: faces and profile are only read. */
struct printer {
	const struct press *press;
	struct str expected;
	int different;
};

static void *print_many(void *argument)
{
	struct printer *printer = argument;
	for (int i = 0; i < 12; i++) {
		struct arena *a = arena_new(256 * 1024 * 1024);
		struct document_view v = sample_long(a);
		struct str pdf = STR_NONE;
		struct err *e = document_render(a, printer->press, &v, &pdf);
		if (e || !str_eq(pdf, printer->expected)) printer->different++;
		arena_free(a);
	}
	return NULL;
}

TEST(document_threads_share_a_press)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct document_view v = sample_long(t->arena);
	struct printer printers[4] = { { .press = press } };
	pthread_t threads[4];
	CHECK_OK(document_render(t->arena, press, &v, &printers[0].expected));
	for (int i = 0; i < 4; i++) {
		printers[i] = (struct printer){ .press = press, .expected = printers[0].expected };
		must(pthread_create(&threads[i], NULL, print_many, &printers[i]) == 0);
	}
	for (int i = 0; i < 4; i++)
		must(pthread_join(threads[i], NULL) == 0);
	for (int i = 0; i < 4; i++)
		CHECK_INT(printers[i].different, 0);
}

/* --- refusals ------------------------------------------------------------------------------------------------------ */

static struct err *with_body(struct test *t, const struct press *press, const char *markdown)
{
	struct document_section section = { .heading = STR("Prueba"), .markdown = str_of(markdown) };
	struct document_view v = sample_permit();
	v.sections = &section;
	v.section_count = 1;
	struct str pdf;
	return document_render(t->arena, press, &v, &pdf);
}

TEST(document_refuses_bad_markdown)
{
	struct press *press = sample_press(t);
	CHECK(press);
	CHECK_OK(with_body(t, press, "# Uno\n\n## Dos\n\n# Tres\n\n```\ncódigo\n```\n\n---\n\nfin"));
	CHECK_ERR(with_body(t, press, "## Salta un nivel"), ERR_INVALID);
	CHECK_ERR(with_body(t, press, "![foto](https://example.org/a.png)"), ERR_INVALID);
	CHECK_ERR(with_body(t, press, "<b>html</b>"), ERR_INVALID);
	CHECK_ERR(with_body(t, press, "<script>\nalert(1)\n</script>"), ERR_INVALID);
	CHECK_ERR(with_body(t, press, "[x](javascript:alert)"), ERR_INVALID);
	CHECK_ERR(with_body(t, press, "emoji 😀"), ERR_INVALID);
}

TEST(document_refuses_figures_without_words)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct str pdf = STR_NONE;
	struct document_view v = sample_permit();
	v.plan_alt = STR_NONE;
	CHECK_ERR(document_render(t->arena, press, &v, &pdf), ERR_INVALID);
	v = sample_permit();
	v.labels.qr_alt = STR_NONE;
	CHECK_ERR(document_render(t->arena, press, &v, &pdf), ERR_INVALID);
	v = sample_permit();
	v.lang = STR_NONE;
	CHECK_ERR(document_render(t->arena, press, &v, &pdf), ERR_INVALID);
	v = sample_permit();
	v.check.qr = (struct str){ arena_alloc(t->arena, 4000), 4000 };
	CHECK_ERR(document_render(t->arena, press, &v, &pdf), ERR_INVALID);
	CHECK(str_is_none(pdf));
}

/* --- what other programs see ----------------------------------------------------------------------------------------- */

TEST(document_other_programs_read_it)
{
	struct press *press = sample_press(t);
	CHECK(press);
	struct document_view v = sample_permit();
	struct str pdf = STR_NONE;
	CHECK_OK(document_render(t->arena, press, &v, &pdf));
	struct str folder = outside_folder(t);
	outside_save(t, folder, "a.pdf", pdf);
	if (outside_has(t, "qpdf"))
		CHECK(str_find(outside_run(t, folder, "qpdf --check a.pdf", NULL),
				  STR("No syntax or stream encoding errors")) >= 0);
	if (outside_has(t, "pdffonts")) {
		/* Each line ends in: embedded, subset, Unicode. */
		struct str fonts = outside_run(t, folder, "pdffonts a.pdf", NULL);
		CHECK_INT(count_of(fonts, "yes yes yes"), count_of(fonts, "\n") - 2);
	}
	if (outside_has(t, "pdfinfo")) {
		struct str info = outside_run(t, folder, "pdfinfo a.pdf", NULL);
		CHECK(str_find(info, STR("Alineamiento y Número Oficial S-2026-009240")) >= 0);
		CHECK(str_find(info, STR("Tagged:          yes")) >= 0);
	}
}

/* A phone must read the code off the paper: rendered at the resolution of a fair printer. */
TEST(document_qr_code_is_read)
{
	struct press *press = sample_press(t);
	CHECK(press);
	if (!outside_has(t, "pdftoppm zbarimg")) return;
	struct document_view v = sample_long(t->arena);
	struct str pdf = STR_NONE;
	CHECK_OK(document_render(t->arena, press, &v, &pdf));
	struct str folder = outside_folder(t);
	outside_save(t, folder, "a.pdf", pdf);
	/* On every page, in the margin or beside the seal. */
	struct str seen = outside_run(t, folder,
		"pdftoppm -r 200 -png a.pdf p; for i in p*.png; do zbarimg -q --raw $i; done", NULL);
	CHECK_INT(count_of(seen, "https://leon.example/verificar#3F7KQ9XM2BTD4WE8HR5NYC6PZA\n"), 3);
}
