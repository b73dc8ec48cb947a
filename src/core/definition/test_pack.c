/* The packs of the repository are without errors, and their own tests pass; a test that should fail does. */
#include "core/definition/test_sample.h"

static void check_folder(struct test *t, const char *folder, const char *slug)
{
	struct pack_files files;
	struct findings findings = findings_new(t->arena);
	struct pack *pack;
	CHECK_OK(pack_read_folder(t->arena, folder, &files));
	CHECK_OK(pack_build(t->arena, str_of(slug), files, NULL, &findings, &pack));
	struct pack_test_result result = { 0 };
	if (pack) result = pack_test(pack, NULL, &findings);
	struct buf out = buf_new(t->arena, 100000);
	findings_print(&findings, &out);
	CHECK_STR(buf_str(&out), "");
	CHECK(pack);
	CHECK_STR(pack->slug, slug);
	CHECK_INT(result.failed, 0);
	CHECK(result.passed >= (int)pack->procedures.count);
}

TEST(pack_leon) { check_folder(t, "packs/leon", "leon"); }
TEST(pack_barakaldo) { check_folder(t, "packs/barakaldo", "barakaldo"); }

TEST(pack_folder_that_is_not_there)
{
	struct pack *pack;
	CHECK_ERR(pack_load(t->arena, "packs/nowhere", NULL, &pack), ERR_NOT_FOUND);
}

static struct str failure(struct test *t, const char *from, const char *to)
{
	struct findings f;
	struct pack *p = test_sample_build(t, str_of(test_sample_town),
		test_sample_replace(t, test_sample_procedure, from, to), &f);
	if (!p) return STR("errors");
	struct pack_test_result result = pack_test(p, NULL, &f);
	return result.failed == 1 && f.count ? f.items[0].text : STR("passed");
}

TEST(pack_test_says_what_differs)
{
	CHECK_STR(failure(t, "fee: 265.00}", "fee: 265.01}"),
		"test 'mínima': expected a fee of 265.01, found 265.00");
	CHECK_STR(failure(t, "pages: [uno]", "pages: [uno, dos]"),
		"test 'mínima': expected the pages uno, dos, found uno");
	CHECK_STR(failure(t, "nombre: Ana, ", ""),
		"test 'mínima': expected no errors, found: nombre: answer.required");
	CHECK_STR(failure(t, "valid: true", "errors: {frente: answer.min}"),
		"test 'mínima': expected an error 'answer.min' at 'frente', found: ");
	CHECK_STR(failure(t, "frente: 1,", "fronte: 1,"), "test 'mínima': the form has no 'fronte'");
	CHECK_STR(failure(t, "valid: true", "documents: {permiso: [Bilbao]}"),
		"test 'mínima': the document 'permiso' does not contain 'Bilbao'");
	CHECK_STR(failure(t, "fee: 265.00}", "documents: {permiso: [Una casa, fee.total]}}"), "passed");
}

static bool due_always_monday(const struct pack *pack, const struct procedure *p, struct date filed,
	struct date *ret)
{
	(void)pack, (void)p;
	*ret = date_add_days(filed, 7 - date_weekday(filed));
	return true;
}

TEST(pack_test_asks_for_due_dates)
{
	struct findings f;
	struct str text = test_sample_replace(t, test_sample_procedure, "fee: 265.00}",
		"due: {filed: 2026-11-24, on: 2026-11-30}}");
	struct pack *p = test_sample_build(t, str_of(test_sample_town), text, &f);
	CHECK(p);
	struct pack_options options = { .due_date = due_always_monday };
	CHECK_INT(pack_test(p, &options, &f).passed, 1);
	CHECK_INT(pack_test(p, NULL, &f).skipped, 1);
}
