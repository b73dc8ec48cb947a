/*
 * The checker finds each defect that is planted into a good paper, and reads files that others wrote.
 */
#include "core/pdf/test_samples.h"
#include "base/buf.h"
#include "core/pdf/pdf_check.h"
#include "core/pdf/pdf_file.h"
#include "core/pdf/pdf_writer.h"

static struct str paper(struct test *t)
{
	struct press *press = sample_press(t);
	struct document_view v = sample_long(t->arena);
	struct str pdf = STR("");
	struct err *e = press ? document_render(t->arena, press, &v, &pdf) : NULL;
	if (e) test_fail(t, __FILE__, __LINE__, "document_render: %s", e->detail);
	return pdf;
}

static bool finds(struct test *t, struct str pdf, enum pdf_rule rule)
{
	struct pdf_report *report = ARENA_NEW(t->arena, struct pdf_report);
	struct err *e = pdf_check(t->arena, pdf, report);
	if (e) test_fail(t, __FILE__, __LINE__, "pdf_check: %s", e->detail);
	for (size_t i = 0; !e && i < report->count; i++)
		if (report->findings[i].rule == rule) return true;
	return false;
}

/* The first (or last) occurrence of `from` as `to`, which is as long: the cross-references stay right. */
static struct str changed(struct test *t, struct str pdf, const char *from, const char *to, bool last)
{
	must(strlen(from) == strlen(to));
	ptrdiff_t at = str_find(pdf, str_of(from)), next = at;
	while (last && next >= 0) {
		at = next;
		next = str_find(str_slice(pdf, (size_t)at + 1, pdf.n), str_of(from));
		if (next >= 0) next += at + 1;
	}
	if (at < 0) {
		test_fail(t, __FILE__, __LINE__, "\"%s\" is not in the paper", from);
		return pdf;
	}
	char *copy = arena_alloc(t->arena, pdf.n);
	memcpy(copy, pdf.p, pdf.n);
	memcpy(copy + at, to, strlen(to));
	return (struct str){ copy, pdf.n };
}

TEST(pdf_check_finds_planted_defects)
{
	static const struct {
		const char *from, *to;
		enum pdf_rule rule;
	} defects[] = {
		{ "/Marked true", "/Marked null", PDF_RULE_MARKED },
		{ "/Lang<", "/Lanx<", PDF_RULE_LANG },
		{ "/DisplayDocTitle true", "/DisplayDocTitle null", PDF_RULE_TITLE },
		{ "<dc:title>", "<dc:titel>", PDF_RULE_TITLE },
		{ "/Metadata ", "/Metadatx ", PDF_RULE_XMP },
		{ "<pdfuaid:part>1", "<pdfuaid:part>2", PDF_RULE_XMP },
		{ "<xmp:CreateDate>2026", "<xmp:CreateDate>2027", PDF_RULE_XMP },
		{ "/Title<FEFF004C", "/Title<FEFF004D", PDF_RULE_XMP },
		{ "http://www.aiim.org/pdfua/ns/id/</", "http://www.aiim.org/pdfua/ns/ix/</", PDF_RULE_XMP },
		{ "<pdfaid:conformance>U", "<pdfaid:conformance>A", PDF_RULE_CLAIM },
		{ "/S/GTS_PDFA1", "/S/GTS_PDFA9", PDF_RULE_INTENT },
		{ "/N 3/Filter", "/N 4/Filter", PDF_RULE_INTENT },
		{ "/ID[", "/IX[", PDF_RULE_ID },
		{ "/StructTreeRoot ", "/StructTreeRoox ", PDF_RULE_TREE },
		{ "/S/H1/P", "/S/X1/P", PDF_RULE_TREE },
		{ "/S/H2/P", "/S/H4/P", PDF_RULE_HEADING },
		{ "/S/H1/P", "/S/H2/P", PDF_RULE_HEADING },
		{ "/Scope/Column", "/Scope/Colomn", PDF_RULE_TABLE },
		{ "/S/TD/P", "/S/LI/P", PDF_RULE_TABLE },
		{ "/S/LBody/P", "/S/Tbody/P", PDF_RULE_LIST },
		{ "/S/LI/P", "/S/TR/P", PDF_RULE_LIST },
		{ "/Alt<", "/Alx<", PDF_RULE_FIGURE },
		{ "/TU<", "/TX<", PDF_RULE_ANNOTATION },
		{ "/Contents<FEFF", "/Contentx<FEFF", PDF_RULE_ANNOTATION },
		{ "/F 132", "/F 134", PDF_RULE_ANNOTATION },
		{ "/F 4/", "/F 0/", PDF_RULE_ANNOTATION },
		{ "/S/Form/P", "/S/Span/P", PDF_RULE_ANNOTATION },
		{ "/Tabs/S", "/Tabs/R", PDF_RULE_TABS },
		{ "/S/URI", "/S/XRI", PDF_RULE_ACTIVE },
		{ "/AcroForm<</Fields", "/AA<<>>/X<</Fields", PDF_RULE_ACTIVE },
		{ "/FontFile2 ", "/FontFilx2 ", PDF_RULE_FONT },
		{ "/ToUnicode ", "/ToUnicodx ", PDF_RULE_FONT },
		{ "/StructParents 1", "/StructParents 7", PDF_RULE_MCID },
		{ "%PDF-1.7", "%PDF-2.7", PDF_RULE_ARCHIVE },
	};
	struct str good = paper(t);
	for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++) {
		const char *from = defects[i].from, *to = defects[i].to;
		if (!finds(t, changed(t, good, from, to, true), defects[i].rule))
			test_fail(t, __FILE__, __LINE__, "\"%s\" for \"%s\": no %s", to, from,
				pdf_rule_name(defects[i].rule));
	}
}

/* --- defects in content --------------------------------------------------------------------------------------------- */

/* The paper with another content on its first page, as an update at its end. */
static struct str with_content(struct test *t, struct str pdf,
	struct str (*change)(struct arena *, struct str))
{
	struct arena *a = t->arena;
	struct pdf_file *file = NULL;
	struct err *e = pdf_file_open(a, pdf, &file);
	must(!e);
	const struct pdf_value *root = pdf_file_get(file, pdf_file_trailer(file), "Root");
	const struct pdf_value *page = pdf_file_follow(file,
		&pdf_file_get(file, pdf_file_get(file, root, "Pages"), "Kids")->items[0]);
	int64_t number = pdf_dict_get(page, "Contents")->integer;
	struct str content;
	must(pdf_file_stream(file, pdf_file_object(file, number), &content));
	content = change(a, content);
	struct buf b = buf_new(a, pdf.n + content.n + 4096);
	buf_add(&b, pdf);
	size_t offset = b.n;
	buf_printf(&b, "%lld 0 obj\n<</Length %zu>>\nstream\n", (long long)number, content.n);
	buf_add(&b, content);
	buf_add(&b, STR("\nendstream\nendobj\n"));
	size_t xref = b.n;
	ptrdiff_t previous = str_find(pdf, STR("\nxref\n"));
	buf_printf(&b,
		"xref\n%lld 1\n%010zu 00000 n \ntrailer\n<</Size 9999/Root %lld 0 R/Info %lld 0 R/ID[<00><00>]/Prev %td>>\n"
		"startxref\n%zu\n%%%%EOF\n",
		(long long)number, offset, (long long)pdf_dict_get(pdf_file_trailer(file), "Root")->integer,
		(long long)pdf_dict_get(pdf_file_trailer(file), "Info")->integer, previous + 1, xref);
	return buf_str(&b);
}

static struct str replaced(struct arena *a, struct str s, const char *from, const char *to)
{
	ptrdiff_t at = str_find(s, str_of(from));
	must(at >= 0);
	return arena_printf(a, "%.*s%s%.*s", (int)at, s.p, to,
		STR_FMT(str_slice(s, (size_t)at + strlen(from), s.n)));
}

static struct str same(struct arena *a, struct str s) { return arena_str(a, s); }

static struct str unmarked(struct arena *a, struct str s)
{
	return replaced(a, s, "/Artifact<</Type/Layout>>BDC", "/Decoration<</Type/Layout>>BDC");
}

static struct str nested(struct arena *a, struct str s) { return replaced(a, s, "EMC\n", ""); }

static struct str unbalanced(struct arena *a, struct str s) { return replaced(a, s, "EMC\n", "EMC EMC\n"); }

static struct str doubled(struct arena *a, struct str s)
{
	return replaced(a, s, "<</MCID 3>>", "<</MCID 2>>");
}

static struct str notdef(struct arena *a, struct str s) { return replaced(a, s, "[<", "[<0000"); }

static struct str unmapped(struct arena *a, struct str s) { return replaced(a, s, "[<", "[<0123"); }

static struct str cmyk(struct arena *a, struct str s) { return replaced(a, s, "BT\n", "BT 0 0 0 1 k\n"); }

static struct str strange(struct arena *a, struct str s) { return replaced(a, s, "BT\n", "BT zz\n"); }

static struct str missing_font(struct arena *a, struct str s) { return replaced(a, s, "/F3 ", "/F9 "); }

TEST(pdf_check_finds_defects_in_content)
{
	static const struct {
		struct str (*change)(struct arena *, struct str);
		enum pdf_rule rule;
	} defects[] = {
		{ unmarked, PDF_RULE_CONTENT },
		{ nested, PDF_RULE_NESTING },
		{ unbalanced, PDF_RULE_NESTING },
		{ doubled, PDF_RULE_MCID },
		{ notdef, PDF_RULE_GLYPH },
		{ unmapped, PDF_RULE_GLYPH },
		{ cmyk, PDF_RULE_ARCHIVE },
		{ strange, PDF_RULE_ARCHIVE },
		{ missing_font, PDF_RULE_FONT },
	};
	struct str good = paper(t);
	struct pdf_report *report = ARENA_NEW(t->arena, struct pdf_report);
	CHECK_OK(pdf_check(t->arena, with_content(t, good, same), report));
	CHECK_INT(report->count, 0);
	for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++)
		if (!finds(t, with_content(t, good, defects[i].change), defects[i].rule))
			test_fail(t, __FILE__, __LINE__, "defect %zu: no %s", i, pdf_rule_name(defects[i].rule));
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

/* Cross-references in a stream, objects packed in another: what other programs write. */
TEST(pdf_file_reads_object_streams)
{
	static const char packed[] =
		"1 0 2 29 <</Type/Catalog/Pages 2 0 R>><</Type/Pages/Kids[]/Count 0/Name(a\\(b\\)\\101)>>";
	struct buf b = buf_new(t->arena, 4096);
	buf_add(&b, STR("%PDF-1.5\n"));
	size_t third = b.n;
	buf_printf(&b, "3 0 obj<</Type/ObjStm/N 2/First 9/Length %zu>>stream\n%s\nendstream endobj\n",
		sizeof packed - 1, packed);
	size_t fourth = b.n;
	/* Types and fields of one byte each, by the PNG predictor "up". */
	unsigned char rows[5][4] = { { 2, 0, 0, 0 }, { 2, 2, 3, 0 }, { 2, 0, 0, 1 }, { 2, 255, 0, 255 },
		{ 2, 0, 0, 0 } };
	rows[3][2] = (unsigned char)(third - 3);
	rows[4][2] = (unsigned char)(fourth - third);
	struct str xref = pdf_writer_deflate(t->arena, (struct str){ (const char *)rows, sizeof rows });
	buf_printf(&b,
		"4 0 obj<</Type/XRef/Size 5/W[1 1 1]/Root 1 0 R/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 3>>"
		"/Length %zu>>stream\n",
		xref.n);
	buf_add(&b, xref);
	buf_printf(&b, "\nendstream endobj\nstartxref\n%zu\n%%%%EOF", fourth);
	struct pdf_file *file = NULL;
	CHECK_OK(pdf_file_open(t->arena, buf_str(&b), &file));
	CHECK(!pdf_file_rebuilt(file));
	const struct pdf_value *pages = pdf_file_object(file, 2);
	CHECK_INT(pages->type, PDF_DICT);
	CHECK_STR(pdf_file_get(file, pages, "Name")->text, "a(b)A");
	CHECK_INT(pdf_file_object(file, 77)->type, PDF_NULL);
}

TEST(pdf_file_without_cross_references)
{
	struct pdf_file *file = NULL;
	CHECK_OK(pdf_file_open(t->arena,
		STR("%PDF-1.4\n1 0 obj <</Type/Catalog/X 2 0 R>> endobj 2 0 obj (old) endobj\n"
			"2 0 obj (new) endobj trailer <</Root 1 0 R>> startxref 12345"),
		&file));
	CHECK(pdf_file_rebuilt(file));
	CHECK_STR(pdf_file_get(file, pdf_file_object(file, 1), "X")->text, "new");
	CHECK_ERR(pdf_file_open(t->arena, STR("%PDF-1.4 nothing"), &file), ERR_MALFORMED);
	CHECK_ERR(pdf_file_open(t->arena, STR("GIF89a"), &file), ERR_MALFORMED);
}

/* Files made to keep a reader busy: loops, depth, and streams that inflate without end. */
TEST(pdf_check_survives_hostile_files)
{
	struct pdf_report *report = ARENA_NEW(t->arena, struct pdf_report);
	CHECK_OK(pdf_check(t->arena,
		STR("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/StructTreeRoot 3 0 R>>endobj "
			"2 0 obj<</Kids[2 0 R 2 0 R 2 0 R]>>endobj 3 0 obj<</K[3 0 R 4 0 R]>>endobj "
			"4 0 obj<</S/P/P 3 0 R/K[4 0 R 4 0 R 4 0 R]>>endobj 5 0 obj<</Length 5 0 R>>stream endobj trailer<</Root 1 0 R>>"),
		report));
	CHECK(report->count > 0);
	struct buf b = buf_new(t->arena, 300000);
	buf_add(&b, STR("%PDF-1.4\n1 0 obj "));
	for (int i = 0; i < 100000; i++)
		buf_add_char(&b, '[');
	buf_add(&b, STR(" endobj trailer<</Root 1 0 R>>"));
	CHECK_ERR(pdf_check(t->arena, buf_str(&b), report), ERR_MALFORMED);
	char *zeros = arena_alloc(t->arena, 40 * 1000 * 1000);
	struct str bomb = pdf_writer_deflate(t->arena, (struct str){ zeros, 40 * 1000 * 1000 });
	buf_clear(&b);
	buf_printf(&b,
		"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R 3 0 R 3 0 R 3 0 R]>>endobj "
		"3 0 obj<</Type/Page/Contents 4 0 R>>endobj 4 0 obj<</Filter/FlateDecode/Length %zu>>stream\n",
		bomb.n);
	buf_add(&b, bomb);
	buf_add(&b, STR("\nendstream endobj trailer<</Root 1 0 R>>"));
	CHECK_OK(pdf_check(t->arena, buf_str(&b), report));
}
