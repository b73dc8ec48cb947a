/*
 * Signature dictionary, Info, XMP, catalogue. Start at pdf_meta_finish().
 */
#include "core/pdf/pdf_meta.h"

enum { XMP_BYTES_MAX = 64 * 1024 };

static const char *const program = "Ventanilla";

void pdf_meta_signature(struct pdf_doc *d, struct str name)
{
	char *zeros = arena_alloc(d->arena, PDF_SEAL_BYTES * 2);
	memset(zeros, '0', PDF_SEAL_BYTES * 2);
	struct buf *b = pdf_writer_open(d->writer, d->signature);
	buf_add(b,
		STR("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
			"/ByteRange[0 1000000000 1000000000 1000000000]/M(D:00000000000000Z)/Contents<"));
	buf_add(b, (struct str){ zeros, PDF_SEAL_BYTES * 2 });
	buf_add(b, STR(">/Name"));
	pdf_put_text(b, name);
	buf_add(b, STR(">>"));
	pdf_writer_close(d->writer);
}

/* --- dates and escapes ---------------------------------------------------------------------------------- */

/* "2026-12-08T12:00:00Z", whole seconds: Info has no fractions, and both must say the same. */
static struct str xmp_date(struct arena *a, struct instant t)
{
	struct str iso = instant_iso(a, t);
	return arena_printf(a, "%.*sZ", STR_FMT(str_slice(iso, 0, 19)));
}

static struct str info_date(struct arena *a, struct instant t)
{
	struct str s = instant_iso(a, t);
	return arena_printf(a, "(D:%.4s%.2s%.2s%.2s%.2s%.2sZ)", s.p, s.p + 5, s.p + 8, s.p + 11, s.p + 14,
		s.p + 17);
}

static struct str xml(struct arena *a, struct str s)
{
	struct buf b = buf_new(a, s.n * 6 + 1);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '&')
			buf_add(&b, STR("&amp;"));
		else if (c == '<')
			buf_add(&b, STR("&lt;"));
		else if (c == '>')
			buf_add(&b, STR("&gt;"));
		else if (c == '"')
			buf_add(&b, STR("&quot;"));
		else if ((unsigned char)c >= 0x20)
			buf_add_char(&b, c);
	}
	return buf_str(&b);
}

/* --- metadata ------------------------------------------------------------------------------------------- */

static int write_info(struct pdf_doc *d, const struct pdf_meta *m)
{
	struct str date = info_date(d->arena, m->made);
	int number = pdf_writer_reserve(d->writer);
	struct buf *b = pdf_writer_open(d->writer, number);
	buf_add(b, STR("<</Title"));
	pdf_put_text(b, m->title);
	buf_add(b, STR("/Author"));
	pdf_put_text(b, m->author);
	buf_printf(b, "/Creator(%s)/Producer(%s)/CreationDate%.*s/ModDate%.*s>>", program, program, STR_FMT(date),
		STR_FMT(date));
	pdf_writer_close(d->writer);
	return number;
}

/* PDF/A wants a description of every property outside its own schemas: here of pdfuaid:part. */
static const char *const extension_schema =
	"<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\""
	" xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\""
	" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">"
	"<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
	"<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
	"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
	"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
	"<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">"
	"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
	"<pdfaProperty:category>internal</pdfaProperty:category>"
	"<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>"
	"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\n";

static int write_xmp(struct pdf_doc *d, const struct pdf_meta *m)
{
	struct str title = xml(d->arena, m->title), author = xml(d->arena, m->author),
			   lang = xml(d->arena, m->lang);
	struct str date = xmp_date(d->arena, m->made);
	struct buf b = buf_new(d->arena, XMP_BYTES_MAX);
	buf_add(&b,
		STR("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
			"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"));
	buf_printf(&b,
		"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
		"<dc:format>application/pdf</dc:format>"
		"<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%.*s</rdf:li></rdf:Alt></dc:title>"
		"<dc:creator><rdf:Seq><rdf:li>%.*s</rdf:li></rdf:Seq></dc:creator>"
		"<dc:language><rdf:Bag><rdf:li>%.*s</rdf:li></rdf:Bag></dc:language></rdf:Description>\n",
		STR_FMT(title), STR_FMT(author), STR_FMT(lang));
	buf_printf(&b,
		"<rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
		" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"><xmp:CreatorTool>%s</xmp:CreatorTool>"
		"<xmp:CreateDate>%.*s</xmp:CreateDate><xmp:ModifyDate>%.*s</xmp:ModifyDate>"
		"<xmp:MetadataDate>%.*s</xmp:MetadataDate><pdf:Producer>%s</pdf:Producer></rdf:Description>\n",
		program, STR_FMT(date), STR_FMT(date), STR_FMT(date), program);
	buf_add(&b, str_of(extension_schema));
	buf_add(&b,
		STR("<rdf:Description rdf:about=\"\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">"
			"<pdfuaid:part>1</pdfuaid:part></rdf:Description>\n"
			"<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">"
			"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance></rdf:Description>\n"
			"</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"));
	must(!buf_overflowed(&b));
	int number = pdf_writer_reserve(d->writer);
	pdf_writer_stream_plain(d->writer, number, STR("/Type/Metadata/Subtype/XML"), buf_str(&b));
	return number;
}

static int write_intent(struct pdf_doc *d)
{
	int profile = pdf_writer_reserve(d->writer);
	pdf_writer_stream_deflated(d->writer, profile, STR("/N 3"), d->press->profile);
	return pdf_writer_add(d->writer,
		"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)"
		"/RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R>>",
		profile);
}

struct err *pdf_meta_finish(struct pdf_doc *d, const struct pdf_meta *m, struct str *ret_pdf)
{
	if (m->title.n > 2000 || m->author.n > 2000)
		return ERR(d->arena, ERR_TOO_LARGE, NULL, "a title of %zu bytes", m->title.n);
	pdf_page_seal_field(d->last, pdf_elem_new(d->tags, pdf_tags_root(d->tags), TAG_FORM), m->seal_name);
	struct str resources;
	TRY(pdf_fonts_write(d->fonts, d->writer, &resources));
	int *page_objects = ARENA_ARRAY(d->arena, int, (size_t)d->page_count), widget;
	int pages = pdf_pages_write(d, resources, page_objects, &widget);
	int tree = pdf_tags_write(d->tags, page_objects, d->page_count);
	int intent = write_intent(d), xmp = write_xmp(d, m), info = write_info(d, m);

	int root = pdf_writer_reserve(d->writer);
	struct buf *b = pdf_writer_open(d->writer, root);
	buf_printf(b,
		"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Metadata %d 0 R"
		"/OutputIntents[%d 0 R]/ViewerPreferences<</DisplayDocTitle true>>/AcroForm<</Fields[%d 0 R]/SigFlags 3>>"
		"/Lang",
		pages, tree, xmp, intent, widget);
	pdf_put_text(b, m->lang);
	buf_add(b, STR(">>"));
	pdf_writer_close(d->writer);
	return pdf_writer_finish(d->writer, root, info, ret_pdf);
}
