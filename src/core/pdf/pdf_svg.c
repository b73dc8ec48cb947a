/*
 * Reads the elements of a small SVG and writes their PDF operators. Elements nest to a fixed depth; each level
 * inherits the paint of the one above. Start at pdf_svg_read().
 */
#include <math.h>

#include "core/pdf/pdf_svg.h"
#include "core/pdf/pdf_svg_path.h"
#include "core/pdf/pdf_text.h"

enum { DEPTH_MAX = 12, ATTRIBUTES_MAX = 24, SVG_BYTES_MAX = 256 * 1024, OPS_BYTES_MAX = 1024 * 1024 };

struct attribute {
	struct str name, value;
};

struct element {
	struct str name;
	struct attribute attributes[ATTRIBUTES_MAX];
	size_t count;
	bool closes, empty; /* </name>, <name/> */
};

struct paint {
	bool fill, stroke, even_odd;
	struct paper_rgb fill_colour, stroke_colour;
	double fill_opacity, stroke_opacity, width, font_size;
	bool bold;
	char anchor; /* s, m, e */
	struct str dashes;
	int cap, join;
	int saved; /* q operators to undo at the element's end */
};

struct reader {
	struct pdf_doc *doc;
	struct str rest;
	struct paper_rgb current;
	struct buf ops;
	struct paint stack[DEPTH_MAX];
	int depth;
	struct pdf_drawing *out;
};

static struct err *refuse(struct reader *r, const char *what, struct str which)
{
	return ERR(r->doc->arena, ERR_INVALID, "pdf.svg", "SVG: %s \"%.*s\"", what,
		STR_FMT(str_slice(which, 0, 60)));
}

/* --- XML ------------------------------------------------------------------------------------------------ */

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		c == ':' || c == '_';
}

static struct str take_name(struct str *s)
{
	size_t n = 0;
	while (n < s->n && is_name_char(s->p[n]))
		n++;
	struct str name = str_slice(*s, 0, n);
	*s = str_slice(*s, n, s->n);
	return name;
}

static void skip_white(struct str *s)
{
	while (s->n && (unsigned char)s->p[0] <= ' ')
		*s = str_slice(*s, 1, s->n);
}

static bool take_attribute(struct str *s, struct attribute *ret)
{
	ret->name = take_name(s);
	skip_white(s);
	if (!ret->name.n || !s->n || s->p[0] != '=') return false;
	*s = str_slice(*s, 1, s->n);
	skip_white(s);
	if (!s->n || (s->p[0] != '"' && s->p[0] != '\'')) return false;
	char quote = s->p[0];
	*s = str_slice(*s, 1, s->n);
	ptrdiff_t end = str_find_char(*s, quote);
	if (end < 0) return false;
	ret->value = str_slice(*s, 0, (size_t)end);
	*s = str_slice(*s, (size_t)end + 1, s->n);
	return true;
}

/* Passes over text, comments and the XML declaration to the next tag. */
static bool find_tag(struct str *s)
{
	for (;;) {
		ptrdiff_t at = str_find_char(*s, '<');
		if (at < 0) return false;
		*s = str_slice(*s, (size_t)at, s->n);
		struct str end = str_starts_with(*s, STR("<!--")) ? STR("-->")
			: str_starts_with(*s, STR("<?"))              ? STR("?>")
														  : STR("");
		if (!end.n) return true;
		ptrdiff_t past = str_find(*s, end);
		if (past < 0) return false;
		*s = str_slice(*s, (size_t)past + end.n, s->n);
	}
}

/* False at the end of the text, or when no tag can be read where one begins (then *ret_bad). */
static bool next_element(struct reader *r, struct element *e, bool *ret_bad)
{
	*e = (struct element){ 0 };
	*ret_bad = false;
	if (!find_tag(&r->rest)) return false;
	struct str s = str_slice(r->rest, 1, r->rest.n);
	if (s.n && s.p[0] == '/') {
		e->closes = true;
		s = str_slice(s, 1, s.n);
	}
	e->name = take_name(&s);
	*ret_bad = true;
	for (skip_white(&s); s.n && s.p[0] != '>' && s.p[0] != '/'; skip_white(&s)) {
		if (e->count == ATTRIBUTES_MAX || !take_attribute(&s, &e->attributes[e->count++])) return false;
	}
	if (s.n && s.p[0] == '/') {
		e->empty = true;
		s = str_slice(s, 1, s.n);
	}
	if (!s.n || s.p[0] != '>' || !e->name.n) return false;
	r->rest = str_slice(s, 1, s.n);
	*ret_bad = false;
	return true;
}

static struct str get(const struct element *e, struct str name)
{
	for (size_t i = 0; i < e->count; i++)
		if (str_eq(e->attributes[i].name, name)) return e->attributes[i].value;
	return STR_NONE;
}

static double get_number(const struct element *e, struct str name, double fallback)
{
	struct str value = get(e, name);
	double n;
	return pdf_svg_number(&value, &n) ? n : fallback;
}

/* --- paint ---------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
	return -1;
}

static bool read_hex(struct str s, struct paper_rgb *ret)
{
	int d[6];
	if (s.n != 4 && s.n != 7) return false;
	for (size_t i = 0; i < 6; i++) {
		d[i] = hex_digit(s.p[s.n == 7 ? 1 + i : 1 + i / 2]);
		if (d[i] < 0) return false;
	}
	*ret = (struct paper_rgb){ (uint8_t)(d[0] * 16 + d[1]), (uint8_t)(d[2] * 16 + d[3]),
		(uint8_t)(d[4] * 16 + d[5]) };
	return true;
}

static bool read_paint(const struct reader *r, struct str value, bool *on, struct paper_rgb *colour)
{
	value = str_trim(value);
	*on = !str_eq(value, STR("none"));
	if (!*on) return true;
	if (str_eq(value, STR("currentColor")))
		*colour = r->current;
	else if (str_eq(value, STR("black")))
		*colour = (struct paper_rgb){ 0, 0, 0 };
	else if (str_eq(value, STR("white")))
		*colour = (struct paper_rgb){ 255, 255, 255 };
	else
		return str_starts_with(value, STR("#")) && read_hex(value, colour);
	return true;
}

static void read_line_style(const struct element *e, struct paint *p)
{
	struct str v;
	if (!str_is_none(v = get(e, STR("stroke-dasharray")))) p->dashes = str_eq(v, STR("none")) ? STR_NONE : v;
	if (!str_is_none(v = get(e, STR("stroke-linecap"))))
		p->cap = str_eq(v, STR("round")) ? 1 : str_eq(v, STR("square")) ? 2 : 0;
	if (!str_is_none(v = get(e, STR("stroke-linejoin"))))
		p->join = str_eq(v, STR("round")) ? 1 : str_eq(v, STR("bevel")) ? 2 : 0;
	p->width = get_number(e, STR("stroke-width"), p->width);
}

static void read_text_style(const struct element *e, struct paint *p)
{
	struct str v;
	if (!str_is_none(v = get(e, STR("text-anchor")))) p->anchor = v.n ? v.p[0] : 's';
	if (!str_is_none(v = get(e, STR("font-weight"))))
		p->bold = str_eq(v, STR("bold")) || (v.n == 3 && v.p[0] >= '6');
	p->font_size = get_number(e, STR("font-size"), p->font_size);
}

static struct err *read_style(struct reader *r, const struct element *e, struct paint *p)
{
	struct str v;
	if (!str_is_none(v = get(e, STR("fill"))) && !read_paint(r, v, &p->fill, &p->fill_colour))
		return refuse(r, "colour", v);
	if (!str_is_none(v = get(e, STR("stroke"))) && !read_paint(r, v, &p->stroke, &p->stroke_colour))
		return refuse(r, "colour", v);
	if (!str_is_none(v = get(e, STR("fill-rule")))) p->even_odd = str_eq(v, STR("evenodd"));
	read_line_style(e, p);
	read_text_style(e, p);
	double opacity = get_number(e, STR("opacity"), 1);
	p->fill_opacity = get_number(e, STR("fill-opacity"), p->fill_opacity) * opacity;
	p->stroke_opacity = get_number(e, STR("stroke-opacity"), p->stroke_opacity) * opacity;
	return NULL;
}

/* A transparent colour as it looks on white paper. */
static struct paper_rgb on_paper(struct paper_rgb c, double opacity)
{
	double o = opacity < 0 ? 0 : opacity > 1 ? 1 : opacity;
	return (struct paper_rgb){ (uint8_t)(255 - (255 - c.r) * o), (uint8_t)(255 - (255 - c.g) * o),
		(uint8_t)(255 - (255 - c.b) * o) };
}

static void put_state(struct reader *r, const struct paint *p)
{
	if (p->fill) pdf_put_fill(&r->ops, on_paper(p->fill_colour, p->fill_opacity));
	if (!p->stroke) return;
	pdf_put_stroke(&r->ops, on_paper(p->stroke_colour, p->stroke_opacity));
	PDF_PUT(&r->ops, p->width);
	buf_printf(&r->ops, "w %d J %d j [", p->cap, p->join);
	struct str dashes = p->dashes;
	double n;
	while (pdf_svg_number(&dashes, &n))
		pdf_put_number(&r->ops, fabs(n));
	buf_add(&r->ops, STR("]0 d\n"));
}

static void put_paint(struct reader *r, const struct paint *p)
{
	if (p->fill && p->stroke)
		buf_add(&r->ops, p->even_odd ? STR("B*\n") : STR("B\n"));
	else if (p->fill)
		buf_add(&r->ops, p->even_odd ? STR("f*\n") : STR("f\n"));
	else
		buf_add(&r->ops, p->stroke ? STR("S\n") : STR("n\n"));
}

/* --- transforms ----------------------------------------------------------------------------------------- */

static void put_rotation(struct buf *b, const double *v, int count)
{
	double turn = v[0] * M_PI / 180, s = sin(turn), c = cos(turn), x = count == 3 ? v[1] : 0,
		   y = count == 3 ? v[2] : 0;
	buf_printf(b, "%.5f %.5f %.5f %.5f ", c, s, -s, c);
	PDF_PUT(b, x - c * x + s * y, y - s * x - c * y);
}

static struct err *put_transform(struct reader *r, struct str value)
{
	while (str_trim(value).n) {
		struct str call = str_cut(&value, ')');
		struct str name = str_trim(str_cut(&call, '('));
		double v[6];
		int count = 0;
		while (count < 6 && pdf_svg_number(&call, &v[count]))
			count++;
		if (str_eq(name, STR("translate")) && count >= 1) {
			buf_add(&r->ops, STR("1 0 0 1 "));
			PDF_PUT(&r->ops, v[0], count > 1 ? v[1] : 0);
		} else if (str_eq(name, STR("scale")) && count >= 1) {
			buf_printf(&r->ops, "%.5f 0 0 %.5f 0 0 ", v[0], count > 1 ? v[1] : v[0]);
		} else if (str_eq(name, STR("rotate")) && (count == 1 || count == 3)) {
			put_rotation(&r->ops, v, count);
		} else if (str_eq(name, STR("matrix")) && count == 6) {
			buf_printf(&r->ops, "%.5f %.5f %.5f %.5f ", v[0], v[1], v[2], v[3]);
			pdf_put_numbers(&r->ops, 2, v + 4);
		} else {
			return refuse(r, "transform", name);
		}
		buf_add(&r->ops, STR("cm\n"));
	}
	return NULL;
}

/* --- elements ------------------------------------------------------------------------------------------- */

static struct err *put_points(struct reader *r, const struct element *e)
{
	struct str points = get(e, STR("points"));
	double x, y;
	for (bool first = true; pdf_svg_number(&points, &x) && pdf_svg_number(&points, &y); first = false) {
		PDF_PUT(&r->ops, x, y);
		buf_add(&r->ops, first ? STR("m\n") : STR("l\n"));
	}
	if (str_eq(e->name, STR("polygon"))) buf_add(&r->ops, STR("h\n"));
	return NULL;
}

static struct err *put_shape(struct reader *r, const struct element *e, const struct paint *p)
{
	put_state(r, p);
	double x = get_number(e, STR("x"), 0), y = get_number(e, STR("y"), 0);
	double cx = get_number(e, STR("cx"), 0), cy = get_number(e, STR("cy"), 0),
		   radius = get_number(e, STR("r"), 0);
	if (str_eq(e->name, STR("path"))) {
		if (!pdf_svg_path(&r->ops, get(e, STR("d")))) return refuse(r, "path", get(e, STR("d")));
	} else if (str_eq(e->name, STR("rect"))) {
		double box[4] = { x, y, get_number(e, STR("width"), 0), get_number(e, STR("height"), 0) };
		pdf_put_round_box(&r->ops, box, get_number(e, STR("rx"), 0));
	} else if (str_eq(e->name, STR("circle"))) {
		pdf_put_ellipse(&r->ops, cx, cy, radius, radius);
	} else if (str_eq(e->name, STR("ellipse"))) {
		pdf_put_ellipse(&r->ops, cx, cy, get_number(e, STR("rx"), 0), get_number(e, STR("ry"), 0));
	} else if (str_eq(e->name, STR("line"))) {
		PDF_PUT(&r->ops, get_number(e, STR("x1"), 0), get_number(e, STR("y1"), 0));
		buf_add(&r->ops, STR("m\n"));
		PDF_PUT(&r->ops, get_number(e, STR("x2"), 0), get_number(e, STR("y2"), 0));
		buf_add(&r->ops, STR("l\n"));
	} else {
		TRY(put_points(r, e));
	}
	put_paint(r, p);
	return NULL;
}

/* The five entities that XML has without a declaration. */
static struct str unescaped(struct arena *a, struct str s)
{
	static const char *const entities[][2] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" },
		{ "&apos;", "'" }, { "&amp;", "&" } };
	struct buf b = buf_new(a, s.n + 1);
	while (s.n) {
		size_t i = 0;
		while (i < 5 && !str_starts_with(s, str_of(entities[i][0])))
			i++;
		buf_add(&b, i < 5 ? str_of(entities[i][1]) : str_slice(s, 0, 1));
		s = str_slice(s, i < 5 ? strlen(entities[i][0]) : 1, s.n);
	}
	return buf_str(&b);
}

static struct err *put_text(struct reader *r, const struct element *e, const struct paint *p)
{
	ptrdiff_t end = str_find_char(r->rest, '<');
	if (end < 0) return refuse(r, "text without end", r->rest);
	struct str text = str_trim(unescaped(r->doc->arena, str_slice(r->rest, 0, (size_t)end)));
	if (!text.n) return NULL;
	struct pdf_style style = { .cut = p->bold ? PDF_SANS_BOLD : PDF_SANS,
		.size = p->font_size,
		.leading = 1.2,
		.colour = p->fill_colour };
	if (style.size <= 0 || style.size > 1000) return refuse(r, "font-size of", text);
	struct pdf_para *para;
	TRY(pdf_text_set_one(r->doc, text, style, NULL, 0, &para));
	double width = pdf_text_width(para), x = get_number(e, STR("x"), 0), y = get_number(e, STR("y"), 0);
	x -= p->anchor == 'm' ? width / 2 : p->anchor == 'e' ? width : 0;
	pdf_text_put(&r->ops, para, (double[6]){ 1, 0, 0, 1, x, y });
	return NULL;
}

static bool is_shape(struct str name)
{
	static const char *const shapes[] = { "path", "rect", "circle", "ellipse", "line", "polyline",
		"polygon" };
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
		if (str_eq(name, str_of(shapes[i]))) return true;
	return false;
}

static struct err *read_root(struct reader *r, const struct element *e)
{
	struct str box = get(e, STR("viewBox"));
	double v[4];
	for (int i = 0; i < 4; i++)
		if (!pdf_svg_number(&box, &v[i]))
			return refuse(r, "svg needs a viewBox, not", get(e, STR("viewBox")));
	if (v[2] <= 0 || v[3] <= 0) return refuse(r, "empty viewBox", get(e, STR("viewBox")));
	r->out->width = v[2];
	r->out->height = v[3];
	buf_add(&r->ops, STR("1 0 0 1 "));
	PDF_PUT(&r->ops, -v[0], -v[1]);
	buf_add(&r->ops, STR("cm\n"));
	return NULL;
}

static void close_element(struct reader *r)
{
	if (r->depth == 0) return;
	if (r->stack[r->depth].saved) buf_add(&r->ops, STR("Q\n"));
	r->depth--;
}

static struct err *open_element(struct reader *r, const struct element *e)
{
	if (r->depth + 1 == DEPTH_MAX) return refuse(r, "too deep at", e->name);
	struct paint *p = &r->stack[++r->depth];
	*p = r->stack[r->depth - 1];
	p->saved = 0;
	TRY(read_style(r, e, p));
	struct str transform = get(e, STR("transform"));
	if (transform.n) {
		buf_add(&r->ops, STR("q\n"));
		p->saved = 1;
		TRY(put_transform(r, transform));
	}
	bool known = str_eq(e->name, STR("g")) || str_eq(e->name, STR("title")) || str_eq(e->name, STR("desc"));
	if (str_eq(e->name, STR("svg")))
		TRY(read_root(r, e));
	else if (str_eq(e->name, STR("text")))
		TRY(put_text(r, e, p));
	else if (is_shape(e->name))
		TRY(put_shape(r, e, p));
	else if (!known)
		return refuse(r, "element", e->name);
	if (e->empty) close_element(r);
	return NULL;
}

struct err *pdf_svg_read(struct pdf_doc *d, struct str svg, struct paper_rgb current, struct pdf_drawing *ret)
{
	struct pdf_drawing out = { 0 };
	struct reader *r = ARENA_NEW(d->arena, struct reader);
	*r = (struct reader){ .doc = d,
		.rest = svg,
		.current = current,
		.ops = buf_new(d->arena, OPS_BYTES_MAX),
		.out = &out };
	r->stack[0] = (struct paint){ .fill = true,
		.fill_opacity = 1,
		.stroke_opacity = 1,
		.width = 1,
		.font_size = 16,
		.anchor = 's' };
	if (svg.n > SVG_BYTES_MAX) return refuse(r, "too large at", str_slice(svg, 0, 20));
	struct element e;
	bool bad;
	while (next_element(r, &e, &bad)) {
		if (r->depth == 0 && !e.closes && !str_eq(e.name, STR("svg"))) return refuse(r, "root", e.name);
		if (e.closes)
			close_element(r);
		else
			TRY(open_element(r, &e));
	}
	if (bad) return refuse(r, "unreadable at", r->rest);
	if (out.width <= 0 || r->depth != 0) return refuse(r, "unfinished", str_slice(svg, 0, 20));
	if (buf_overflowed(&r->ops)) return refuse(r, "too much in", str_slice(svg, 0, 20));
	out.ops = buf_str(&r->ops);
	*ret = out;
	return NULL;
}
