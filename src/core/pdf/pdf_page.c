/*
 * Pages: marks, simple paint, annotations, and their objects. Start at pdf_page_tag() and pdf_pages_write().
 */
#include "core/pdf/pdf_page.h"

enum { PAGE_BYTES_MAX = 8 * 1024 * 1024 };

struct annotation {
	struct annotation *next;
	struct pdf_elem *elem;
	double box[4];
	struct str uri; /* none: the seal's widget */
	struct str contents;
	int number;
};

enum mark { MARK_NONE, MARK_TAG, MARK_ARTIFACT };

struct pdf_page {
	struct pdf_page *next;
	struct pdf_doc *doc;
	int index;
	struct buf ops;
	enum mark mark;
	struct pdf_elem *elem;
	enum pdf_artifact artifact;
	struct annotation *annotations, *last_annotation;
};

static void buffer_release(void *resource) { hb_buffer_destroy(resource); }

struct pdf_doc *pdf_doc_new(struct arena *a, const struct press *press, struct str lang)
{
	struct pdf_doc *d = ARENA_NEW(a, struct pdf_doc);
	d->arena = a;
	d->press = press;
	d->writer = pdf_writer_new(a);
	d->signature = pdf_writer_reserve(d->writer);
	d->fonts = pdf_fonts_new(a, press);
	d->tags = pdf_tags_new(a, d->writer);
	d->shaper = hb_buffer_create();
	arena_defer(a, buffer_release, d->shaper);
	d->language = hb_language_from_string(lang.p, (int)lang.n);
	return d;
}

struct pdf_page *pdf_page_new(struct pdf_doc *d)
{
	struct pdf_page *p = ARENA_NEW(d->arena, struct pdf_page);
	p->doc = d;
	p->index = d->page_count++;
	p->ops = buf_new(d->arena, PAGE_BYTES_MAX);
	*(d->last ? &d->last->next : &d->first) = p;
	d->last = p;
	return p;
}

struct pdf_page *pdf_page_next(const struct pdf_page *p) { return p->next; }

int pdf_page_index(const struct pdf_page *p) { return p->index; }

/* --- marks -------------------------------------------------------------------------------------------- */

static const char *const tag_names[] = {
#define X(tag, name) [tag] = name,
	PDF_TAGS(X)
#undef X
};

/* ISO 32000-1, table 330; header, footer and watermark are the subtypes of pagination artifacts. */
static const char *const artifact_names[] = {
	[ARTIFACT_LAYOUT] = "/Artifact<</Type/Layout>>BDC\n",
	[ARTIFACT_BACKGROUND] = "/Artifact<</Type/Background>>BDC\n",
	[ARTIFACT_HEADER] = "/Artifact<</Type/Pagination/Subtype/Header>>BDC\n",
	[ARTIFACT_FOOTER] = "/Artifact<</Type/Pagination/Subtype/Footer>>BDC\n",
	[ARTIFACT_WATERMARK] = "/Artifact<</Type/Pagination/Subtype/Watermark>>BDC\n",
};

static void close_mark(struct pdf_page *p)
{
	if (p->mark != MARK_NONE) buf_add(&p->ops, STR("EMC\n"));
	p->mark = MARK_NONE;
}

void pdf_page_tag(struct pdf_page *p, struct pdf_elem *e)
{
	if (p->mark == MARK_TAG && p->elem == e) return;
	close_mark(p);
	buf_printf(&p->ops, "/%s<</MCID %d>>BDC\n", tag_names[e->tag],
		pdf_elem_content(p->doc->tags, e, p->index));
	p->mark = MARK_TAG;
	p->elem = e;
}

void pdf_page_artifact(struct pdf_page *p, enum pdf_artifact kind)
{
	if (p->mark == MARK_ARTIFACT && p->artifact == kind) return;
	close_mark(p);
	buf_add(&p->ops, str_of(artifact_names[kind]));
	p->mark = MARK_ARTIFACT;
	p->artifact = kind;
}

struct buf *pdf_page_ops(struct pdf_page *p)
{
	must(p->mark != MARK_NONE);
	return &p->ops;
}

/* --- paint -------------------------------------------------------------------------------------------- */

static void put_colour(struct buf *b, struct paper_rgb c, const char *operator)
{
	PDF_PUT(b, c.r / 255.0, c.g / 255.0, c.b / 255.0);
	buf_add(b, str_of(operator));
}

void pdf_put_fill(struct buf *b, struct paper_rgb c) { put_colour(b, c, "rg\n"); }

void pdf_put_stroke(struct buf *b, struct paper_rgb c) { put_colour(b, c, "RG\n"); }

/* Four cubic arcs; 0.5523 keeps the error of a quarter circle under 0.03 %. */
void pdf_put_ellipse(struct buf *b, double cx, double cy, double rx, double ry)
{
	double kx = rx * 0.5523, ky = ry * 0.5523;
	PDF_PUT(b, cx + rx, cy);
	buf_add(b, STR("m\n"));
	PDF_PUT(b, cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry);
	buf_add(b, STR("c\n"));
	PDF_PUT(b, cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy);
	buf_add(b, STR("c\n"));
	PDF_PUT(b, cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry);
	buf_add(b, STR("c\n"));
	PDF_PUT(b, cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy);
	buf_add(b, STR("c h\n"));
}

void pdf_put_round_box(struct buf *b, const double box[4], double radius)
{
	double x = box[0], y = box[1], right = x + box[2], bottom = y + box[3], r = radius, k = radius * 0.4477;
	if (radius <= 0) {
		pdf_put_numbers(b, 4, box);
		buf_add(b, STR("re\n"));
		return;
	}
	PDF_PUT(b, x + r, y);
	buf_add(b, STR("m\n"));
	PDF_PUT(b, right - r, y);
	buf_add(b, STR("l\n"));
	PDF_PUT(b, right - k, y, right, y + k, right, y + r);
	buf_add(b, STR("c\n"));
	PDF_PUT(b, right, bottom - r);
	buf_add(b, STR("l\n"));
	PDF_PUT(b, right, bottom - k, right - k, bottom, right - r, bottom);
	buf_add(b, STR("c\n"));
	PDF_PUT(b, x + r, bottom);
	buf_add(b, STR("l\n"));
	PDF_PUT(b, x + k, bottom, x, bottom - k, x, bottom - r);
	buf_add(b, STR("c\n"));
	PDF_PUT(b, x, y + r);
	buf_add(b, STR("l\n"));
	PDF_PUT(b, x, y + k, x + k, y, x + r, y);
	buf_add(b, STR("c h\n"));
}

void pdf_page_rule(struct pdf_page *p, double x1, double y1, double x2, double y2, double width,
	struct paper_rgb colour)
{
	struct buf *b = pdf_page_ops(p);
	pdf_put_stroke(b, colour);
	PDF_PUT(b, width);
	buf_add(b, STR("w\n"));
	PDF_PUT(b, x1, PDF_PAGE_HEIGHT - y1);
	buf_add(b, STR("m "));
	PDF_PUT(b, x2, PDF_PAGE_HEIGHT - y2);
	buf_add(b, STR("l S\n"));
}

void pdf_page_box(struct pdf_page *p, const double box[4], double radius, const struct paper_rgb *fill,
	const struct paper_rgb *stroke, double stroke_width)
{
	struct buf *b = pdf_page_ops(p);
	if (!fill && !stroke) return;
	if (fill) pdf_put_fill(b, *fill);
	if (stroke) {
		pdf_put_stroke(b, *stroke);
		PDF_PUT(b, stroke_width);
		buf_add(b, STR("w\n"));
	}
	double up[4] = { box[0], PDF_PAGE_HEIGHT - box[1] - box[3], box[2], box[3] };
	pdf_put_round_box(b, up, radius);
	buf_add(b, !stroke ? STR("f\n") : fill ? STR("B\n") : STR("S\n"));
}

void pdf_page_draw(struct pdf_page *p, const struct pdf_drawing *drawing, double x, double y, double width,
	double height)
{
	struct buf *b = pdf_page_ops(p);
	buf_add(b, STR("q "));
	buf_printf(b, "%.5f 0 0 %.5f ", width / drawing->width, -height / drawing->height);
	PDF_PUT(b, x, PDF_PAGE_HEIGHT - y);
	buf_add(b, STR("cm\n"));
	buf_add(b, drawing->ops);
	buf_add(b, STR("Q\n"));
}

/* --- annotations -------------------------------------------------------------------------------------- */

static struct annotation *add_annotation(struct pdf_page *p, struct pdf_elem *e)
{
	struct annotation *note = ARENA_NEW(p->doc->arena, struct annotation);
	note->elem = e;
	note->number = pdf_writer_reserve(p->doc->writer);
	*(p->last_annotation ? &p->last_annotation->next : &p->annotations) = note;
	p->last_annotation = note;
	return note;
}

void pdf_page_link(struct pdf_page *p, struct pdf_elem *link, const double box[4], struct str uri,
	struct str contents)
{
	struct annotation *note = add_annotation(p, link);
	note->box[0] = box[0];
	note->box[1] = PDF_PAGE_HEIGHT - box[1] - box[3];
	note->box[2] = box[0] + box[2];
	note->box[3] = PDF_PAGE_HEIGHT - box[1];
	note->uri = uri;
	note->contents = contents;
}

void pdf_page_seal_field(struct pdf_page *p, struct pdf_elem *form, struct str name)
{
	add_annotation(p, form)->contents = name;
}

/* An address is ASCII; what is not is percent-encoded, and so are the characters that end a PDF string. */
static void put_uri(struct buf *b, struct str uri)
{
	buf_add(b, STR("/URI("));
	for (size_t i = 0; i < uri.n; i++) {
		unsigned char c = (unsigned char)uri.p[i];
		if (c <= 0x20 || c >= 0x7F || c == '(' || c == ')' || c == '\\')
			buf_printf(b, "%%%02X", c);
		else
			buf_add_char(b, (char)c);
	}
	buf_add(b, STR(")"));
}

/* F 4: printed. F 132: printed and locked; PDF/A allows a widget of no size without an appearance, and forbids
 * the hidden flag that PDF/UA would excuse. */
static void write_annotation(struct pdf_page *p, struct annotation *note, int page_object)
{
	struct pdf_doc *d = p->doc;
	int key = pdf_elem_annotation(d->tags, note->elem, p->index, note->number, d->page_count);
	struct buf *b = pdf_writer_open(d->writer, note->number);
	if (str_is_none(note->uri)) {
		buf_printf(b, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/Rect[0 0 0 0]/V %d 0 R/TU",
			d->signature);
		pdf_put_text(b, note->contents);
	} else {
		buf_add(b, STR("<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect["));
		pdf_put_numbers(b, 4, note->box);
		buf_add(b, STR("]/A<</S/URI"));
		put_uri(b, note->uri);
		buf_add(b, STR(">>/Contents"));
		pdf_put_text(b, note->contents);
	}
	buf_printf(b, "/P %d 0 R/StructParent %d>>", page_object, key);
	pdf_writer_close(d->writer);
}

static void write_page(struct pdf_page *p, int parent, int resources, int object)
{
	struct pdf_doc *d = p->doc;
	close_mark(p);
	must(!buf_overflowed(&p->ops));
	int contents = pdf_writer_reserve(d->writer);
	pdf_writer_stream(d->writer, contents, STR(""), buf_str(&p->ops));
	struct buf *b = pdf_writer_open(d->writer, object);
	buf_printf(b,
		"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595.28 841.89]/Resources %d 0 R/Contents %d 0 R"
		"/StructParents %d/Tabs/S",
		parent, resources, contents, p->index);
	if (p->annotations) {
		buf_add(b, STR("/Annots["));
		for (const struct annotation *note = p->annotations; note; note = note->next)
			buf_printf(b, "%d 0 R ", note->number);
		buf_add(b, STR("]"));
	}
	buf_add(b, STR(">>"));
	pdf_writer_close(d->writer);
}

int pdf_pages_write(struct pdf_doc *d, struct str resources, int *page_objects, int *ret_widget)
{
	int parent = pdf_writer_reserve(d->writer);
	int shared = pdf_writer_add(d->writer, "<</Font%.*s>>", STR_FMT(resources));
	for (int i = 0; i < d->page_count; i++)
		page_objects[i] = pdf_writer_reserve(d->writer);
	*ret_widget = 0;
	for (struct pdf_page *p = d->first; p; p = p->next) {
		write_page(p, parent, shared, page_objects[p->index]);
		for (struct annotation *note = p->annotations; note; note = note->next) {
			if (str_is_none(note->uri)) *ret_widget = note->number;
			write_annotation(p, note, page_objects[p->index]);
		}
	}
	struct buf *b = pdf_writer_open(d->writer, parent);
	buf_printf(b, "<</Type/Pages/Count %d/Kids[", d->page_count);
	for (int i = 0; i < d->page_count; i++)
		buf_printf(b, "%d 0 R ", page_objects[i]);
	buf_add(b, STR("]>>"));
	pdf_writer_close(d->writer);
	return parent;
}
