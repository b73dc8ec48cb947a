/*
 * The document as a whole: catalogue, metadata, output intent, what must not be there; and the order of the
 * parts. Start at pdf_check().
 */
#include "core/pdf/pdf_check_parts.h"
#include "base/buf.h"
#include "base/utf8.h"

enum {
	SCRATCH_BYTES_MAX = 1024 * 1024 * 1024,
	PAGE_TREE_DEPTH_MAX = 30,
	XMP_BYTES_MAX = 1024 * 1024,
	STRING_MAX = 32767
};

static const struct {
	const char *name, *text;
} rules[] = {
#define X(rule, text) [rule] = { #rule, text },
	PDF_RULES(X)
#undef X
};

const char *pdf_rule_name(enum pdf_rule rule) { return rules[rule].name; }

const char *pdf_rule_text(enum pdf_rule rule) { return rules[rule].text; }

void check_add(struct checker *c, enum pdf_rule rule, int page, const char *format, ...)
{
	if (c->report.count == PDF_FINDINGS_MAX) {
		c->report.truncated = true;
		return;
	}
	va_list args;
	va_start(args, format);
	c->report.findings[c->report.count++] = (struct pdf_finding){ rule, page,
		arena_vprintf(c->out, format, args) };
	va_end(args);
}

bool check_step(struct checker *c, size_t steps)
{
	if (c->steps_left == 0) return false;
	c->steps_left -= steps < c->steps_left ? steps : c->steps_left;
	if (c->steps_left == 0) check_add(c, PDF_RULE_TREE, 0, "too much to search");
	return c->steps_left > 0;
}

struct check_mcid *check_mcid_at(struct checker *c, struct check_page *p, int64_t number)
{
	if (number < 0 || number > CHECK_MCID_MAX) return NULL;
	if (number >= p->mcid_count) {
		int count = number < 64 ? 128 : (int)number * 2;
		struct check_mcid *grown = ARENA_ARRAY(c->arena, struct check_mcid, (size_t)count);
		if (p->mcid_count) memcpy(grown, p->mcids, (size_t)p->mcid_count * sizeof *grown);
		p->mcids = grown;
		p->mcid_count = count;
	}
	return &p->mcids[number];
}

int check_page_index(struct checker *c, int64_t object)
{
	if (!check_step(c, (size_t)c->page_count)) return -1;
	for (int i = 0; i < c->page_count; i++)
		if (c->pages[i].number == object) return i;
	return -1;
}

/* --- pages ------------------------------------------------------------------------------------------------------- */

static void collect_pages(struct checker *c, const struct pdf_value *reference,
	const struct pdf_value *resources, int depth)
{
	if (!check_step(c, 100)) return;
	const struct pdf_value *node = pdf_file_follow(c->file, reference),
						   *kids = pdf_file_get(c->file, node, "Kids");
	const struct pdf_value *own = pdf_file_get(c->file, node, "Resources");
	if (own->type == PDF_DICT) resources = own;
	if (kids->type == PDF_ARRAY && depth < PAGE_TREE_DEPTH_MAX) {
		for (size_t i = 0; i < kids->count && c->page_count < CHECK_PAGES_MAX; i++)
			collect_pages(c, &kids->items[i], resources, depth + 1);
	} else if (node->type == PDF_DICT && c->page_count < CHECK_PAGES_MAX) {
		c->pages[c->page_count++] = (struct check_page){ .dict = node,
			.resources = resources,
			.number = reference->type == PDF_REF ? reference->integer : -1 };
	}
}

/* --- catalogue ----------------------------------------------------------------------------------------------------- */

static void check_catalogue(struct checker *c)
{
	const struct pdf_value *mark = pdf_file_get(c->file, c->root, "MarkInfo");
	if (pdf_file_get(c->file, mark, "Marked")->integer != 1) check_add(c, PDF_RULE_MARKED, 0, "not marked");
	if (pdf_file_get(c->file, mark, "Suspects")->integer == 1) check_add(c, PDF_RULE_MARKED, 0, "Suspects");
	const struct pdf_value *lang = pdf_file_get(c->file, c->root, "Lang");
	if (lang->type != PDF_STRING || lang->text.n < 2) check_add(c, PDF_RULE_LANG, 0, "no language");
	const struct pdf_value *viewer = pdf_file_get(c->file, c->root, "ViewerPreferences");
	if (pdf_file_get(c->file, viewer, "DisplayDocTitle")->integer != 1)
		check_add(c, PDF_RULE_TITLE, 0, "the title is not shown");
	const struct pdf_value *id = pdf_file_get(c->file, pdf_file_trailer(c->file), "ID");
	if (id->type != PDF_ARRAY || id->count != 2) check_add(c, PDF_RULE_ID, 0, "no ID");
}

static void check_active(struct checker *c)
{
	if (pdf_dict_get(pdf_file_trailer(c->file), "Encrypt")) check_add(c, PDF_RULE_ACTIVE, 0, "encryption");
	const struct pdf_value *names = pdf_file_get(c->file, c->root, "Names"),
						   *form = pdf_file_get(c->file, c->root, "AcroForm");
	if (pdf_dict_get(names, "JavaScript")) check_add(c, PDF_RULE_ACTIVE, 0, "scripts");
	if (pdf_dict_get(names, "EmbeddedFiles")) check_add(c, PDF_RULE_ACTIVE, 0, "embedded files");
	if (pdf_dict_get(c->root, "AA")) check_add(c, PDF_RULE_ACTIVE, 0, "additional actions");
	if (pdf_dict_get(form, "XFA")) check_add(c, PDF_RULE_ACTIVE, 0, "XFA");
	if (pdf_file_get(c->file, form, "NeedAppearances")->integer == 1)
		check_add(c, PDF_RULE_ARCHIVE, 0, "NeedAppearances");
	const struct pdf_value *open = pdf_file_get(c->file, c->root, "OpenAction");
	if (open->type == PDF_DICT && !pdf_is_name(pdf_file_get(c->file, open, "S"), "GoTo"))
		check_add(c, PDF_RULE_ACTIVE, 0, "an action at opening");
	for (int i = 0; i < c->page_count; i++)
		if (pdf_dict_get(c->pages[i].dict, "AA")) check_add(c, PDF_RULE_ACTIVE, i + 1, "additional actions");
}

/* The profile's header: size, version below 5, device class, colour space, signature (ICC.1, 7.2). */
static void check_intent(struct checker *c)
{
	const struct pdf_value *list = pdf_file_get(c->file, c->root, "OutputIntents");
	const struct pdf_value *profile = NULL;
	for (size_t i = 0; list->type == PDF_ARRAY && i < list->count; i++) {
		const struct pdf_value *intent = pdf_file_follow(c->file, &list->items[i]);
		if (pdf_is_name(pdf_file_get(c->file, intent, "S"), "GTS_PDFA1"))
			profile = pdf_file_get(c->file, intent, "DestOutputProfile");
	}
	struct str icc;
	if (!profile || !pdf_file_stream(c->file, profile, &icc) || icc.n < 128 ||
		memcmp(icc.p + 36, "acsp", 4) != 0)
		return check_add(c, PDF_RULE_INTENT, 0, "no output intent with a colour profile");
	int components = memcmp(icc.p + 16, "RGB ", 4) == 0 ? 3
		: memcmp(icc.p + 16, "CMYK", 4) == 0            ? 4
		: memcmp(icc.p + 16, "GRAY", 4) == 0            ? 1
														: 0;
	bool output = memcmp(icc.p + 12, "mntr", 4) == 0 || memcmp(icc.p + 12, "prtr", 4) == 0;
	if (icc.p[8] > 4 || !output || components == 0 ||
		pdf_file_get(c->file, profile, "N")->integer != components)
		check_add(c, PDF_RULE_INTENT, 0, "the colour profile is of the wrong kind");
	c->intent_components = components;
}

/* --- metadata --------------------------------------------------------------------------------------------------------- */

/* The text of the first element or attribute of that name; none when there is none. XMP is XML, but its packets are
 * written by programs, and this looks for the forms that they use. */
static struct str xmp_value(struct str xmp, const char *name)
{
	for (struct str rest = xmp;;) {
		ptrdiff_t at = str_find(rest, str_of(name));
		if (at < 0) return STR_NONE;
		char before = at > 0 ? rest.p[at - 1] : ' ';
		rest = str_slice(rest, (size_t)at + strlen(name), rest.n);
		if (before != '<' && before != ' ' && before != '\n') continue;
		if (rest.n > 1 && rest.p[0] == '=' && before != '<') {
			rest = str_slice(rest, 2, rest.n);
			return str_cut(&rest, '"');
		}
		if (!rest.n || rest.p[0] != '>') continue;
		/* Past the containers: <rdf:Alt><rdf:li xml:lang="x-default">. */
		rest = str_slice(rest, 1, rest.n);
		for (rest = str_trim(rest); rest.n && rest.p[0] == '<'; rest = str_trim(rest))
			str_cut(&rest, '>');
		return str_cut(&rest, '<');
	}
}

static struct str xml_escaped(struct arena *a, struct str s)
{
	struct buf b = buf_new(a, s.n * 6 + 1);
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		buf_add(&b,
			ch == '&'       ? STR("&amp;")
				: ch == '<' ? STR("&lt;")
				: ch == '>' ? STR("&gt;")
				: ch == '"' ? STR("&quot;")
							: str_slice(s, i, i + 1));
	}
	return buf_str(&b);
}

/* A text string as UTF-8: UTF-16BE with its mark, else bytes of PDFDocEncoding, taken as ASCII. */
static struct str text_string(struct arena *a, struct str s)
{
	if (s.n < 2 || (unsigned char)s.p[0] != 0xFE || (unsigned char)s.p[1] != 0xFF) return s;
	struct buf b = buf_new(a, s.n * 2 + 4);
	for (size_t i = 2; i + 1 < s.n; i += 2) {
		int32_t unit = (unsigned char)s.p[i] << 8 | (unsigned char)s.p[i + 1];
		if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < s.n) {
			int32_t low = (unsigned char)s.p[i + 2] << 8 | (unsigned char)s.p[i + 3];
			unit = 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
			i += 2;
		}
		char utf8[4];
		buf_add(&b, (struct str){ utf8, utf8_encode(unit, utf8) });
	}
	return buf_str(&b);
}

/* "D:20261208180431Z" says what "2026-12-08T18:04:31Z" says: the digits in their order. */
static bool same_date(struct str info, struct str xmp)
{
	size_t i = 0, k = 0, digits = 0;
	for (;; i++, k++, digits++) {
		while (i < info.n && (info.p[i] < '0' || info.p[i] > '9'))
			i++;
		while (k < xmp.n && (xmp.p[k] < '0' || xmp.p[k] > '9'))
			k++;
		if (i >= info.n || k >= xmp.n) break;
		if (info.p[i] != xmp.p[k]) return false;
	}
	return i >= info.n && k >= xmp.n && digits >= 8;
}

static void check_claims(struct checker *c, struct str xmp)
{
	if (!str_eq(xmp_value(xmp, "pdfuaid:part"), STR("1"))) check_add(c, PDF_RULE_XMP, 0, "no pdfuaid:part 1");
	struct str part = xmp_value(xmp, "pdfaid:part"), level = xmp_value(xmp, "pdfaid:conformance");
	if (str_is_none(part)) return;
	if (!str_eq(part, STR("2")) || !(str_eq(level, STR("U")) || str_eq(level, STR("B"))))
		check_add(c, PDF_RULE_CLAIM, 0, "PDF/A-%.*s%.*s is claimed, which is not looked at",
			STR_FMT(str_slice(part, 0, 4)), STR_FMT(str_slice(level, 0, 4)));
	if (str_find(xmp, STR("http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>")) < 0)
		check_add(c, PDF_RULE_XMP, 0, "pdfuaid has no extension schema, which PDF/A wants");
}

static void check_metadata(struct checker *c)
{
	struct str xmp;
	const struct pdf_value *stream = pdf_file_get(c->file, c->root, "Metadata");
	if (!pdf_file_stream(c->file, stream, &xmp) || xmp.n > XMP_BYTES_MAX || !utf8_valid(xmp)) {
		check_add(c, PDF_RULE_XMP, 0, "no XMP metadata");
		return;
	}
	const struct pdf_value *info = pdf_file_get(c->file, pdf_file_trailer(c->file), "Info");
	static const char *const texts[][2] = { { "Title", "dc:title" }, { "Author", "dc:creator" },
		{ "Producer", "pdf:Producer" }, { "Creator", "xmp:CreatorTool" } };
	static const char *const dates[][2] = { { "CreationDate", "xmp:CreateDate" },
		{ "ModDate", "xmp:ModifyDate" } };
	if (str_is_empty(str_trim(xmp_value(xmp, "dc:title"))))
		check_add(c, PDF_RULE_TITLE, 0, "no title in XMP");
	for (int i = 0; i < 4; i++) {
		const struct pdf_value *v = pdf_file_get(c->file, info, texts[i][0]);
		struct str wanted = xml_escaped(c->arena, text_string(c->arena, v->text));
		if (v->type == PDF_STRING && !str_eq(wanted, xmp_value(xmp, texts[i][1])))
			check_add(c, PDF_RULE_XMP, 0, "%s differs from %s", texts[i][0], texts[i][1]);
	}
	for (int i = 0; i < 2; i++) {
		const struct pdf_value *v = pdf_file_get(c->file, info, dates[i][0]);
		if (v->type == PDF_STRING && !same_date(v->text, xmp_value(xmp, dates[i][1])))
			check_add(c, PDF_RULE_XMP, 0, "%s differs from %s", dates[i][0], dates[i][1]);
	}
	check_claims(c, xmp);
}

/* --- syntax that PDF/A fixes --------------------------------------------------------------------------------------------- */

static void check_value(struct checker *c, int64_t number, const struct pdf_value *v, int depth)
{
	if (v->type == PDF_STRING && v->text.n > STRING_MAX)
		check_add(c, PDF_RULE_ARCHIVE, 0, "object %lld: a string of %zu bytes", (long long)number, v->text.n);
	if (v->type == PDF_NAME && v->text.n > 127)
		check_add(c, PDF_RULE_ARCHIVE, 0, "object %lld: a long name", (long long)number);
	if (v->type == PDF_STREAM && pdf_dict_get(v, "F"))
		check_add(c, PDF_RULE_ARCHIVE, 0, "object %lld: an external stream", (long long)number);
	for (size_t i = 0; i < v->count && depth < 50; i++)
		check_value(c, number, &v->items[i], depth + 1);
}

static bool uses_lzw(struct checker *c, const struct pdf_value *stream)
{
	const struct pdf_value *filter = pdf_file_get(c->file, stream, "Filter");
	for (size_t i = 0; filter->type == PDF_ARRAY && i < filter->count; i++)
		if (pdf_is_name(&filter->items[i], "LZWDecode")) return true;
	return pdf_is_name(filter, "LZWDecode");
}

static void check_syntax(struct checker *c, struct str pdf)
{
	bool header = pdf.n > 16 && str_starts_with(pdf, STR("%PDF-1.")) && pdf.p[7] >= '0' && pdf.p[7] <= '7';
	const char *second = header ? memchr(pdf.p, '\n', 16) : NULL;
	for (int i = 0; second && i < 4; i++)
		if ((unsigned char)second[2 + i] < 128) header = false;
	if (!header || !second || second[1] != '%') check_add(c, PDF_RULE_ARCHIVE, 0, "the first two lines");
	if (pdf_file_rebuilt(c->file)) check_add(c, PDF_RULE_ARCHIVE, 0, "the cross-references are broken");
	for (int64_t i = 1; i <= pdf_file_object_max(c->file); i++) {
		const struct pdf_value *v = pdf_file_object(c->file, i);
		check_value(c, i, v, 0);
		if (v->type == PDF_STREAM && uses_lzw(c, v))
			check_add(c, PDF_RULE_ARCHIVE, 0, "object %lld: LZW", (long long)i);
		if (v->type == PDF_STREAM && (uint64_t)pdf_file_get(c->file, v, "Length")->integer != v->text.n)
			check_add(c, PDF_RULE_ARCHIVE, 0, "object %lld: a wrong Length", (long long)i);
	}
}

static void run(struct checker *c, struct str pdf)
{
	c->root = pdf_file_get(c->file, pdf_file_trailer(c->file), "Root");
	c->pages = ARENA_ARRAY(c->arena, struct check_page, CHECK_PAGES_MAX);
	const struct pdf_value *pages = pdf_dict_get(c->root, "Pages");
	if (pages) collect_pages(c, pages, pdf_file_get(c->file, NULL, ""), 0);
	c->report.pages = c->page_count;
	if (c->page_count == 0) check_add(c, PDF_RULE_CONTENT, 0, "no pages");
	check_catalogue(c);
	check_active(c);
	check_intent(c);
	check_metadata(c);
	for (int i = 0; i < c->page_count; i++)
		check_content(c, i);
	check_tree(c);
	check_syntax(c, pdf);
	check_fonts_close(c);
}

struct err *pdf_check(struct arena *a, struct str pdf, struct pdf_report *ret)
{
	struct arena *scratch = arena_new(SCRATCH_BYTES_MAX);
	struct checker *c = ARENA_NEW(scratch, struct checker);
	c->arena = scratch;
	c->out = a;
	c->operations_left = CHECK_OPERATIONS_MAX;
	c->steps_left = CHECK_STEPS_MAX;
	struct err *e = err_copy(a, pdf_file_open(scratch, pdf, &c->file));
	if (!e) {
		run(c, pdf);
		*ret = c->report;
	}
	arena_free(scratch);
	return e;
}
