/*
 * Painting of set text: text objects with kerning, offsets of combining marks, ActualText where a glyph
 * cannot say what it means. Start at pdf_text_paint().
 */
#include <math.h>

#include "core/pdf/pdf_text.h"
#include "core/pdf/pdf_glyph.h"

/* What the text object has been told so far. */
struct pen {
	struct buf *b;
	const struct pdf_para *para;
	int face;
	double size, rise;
	const struct pdf_style *style;
	double owed; /* thousandths of an em to move right before the next glyph */
	bool in_array, in_string, in_actual;
};

static void end_string(struct pen *pen)
{
	if (pen->in_string) buf_add_char(pen->b, '>');
	pen->in_string = false;
}

static void end_array(struct pen *pen)
{
	end_string(pen);
	if (pen->in_array) buf_add(pen->b, STR("]TJ\n"));
	pen->in_array = false;
}

/* A pending move must be shown before what would change its unit or lie beyond it. */
static void settle(struct pen *pen)
{
	if (fabs(pen->owed) < 0.005) return;
	end_string(pen);
	if (!pen->in_array) buf_add_char(pen->b, '[');
	pen->in_array = true;
	pdf_put_number(pen->b, -pen->owed);
	pen->owed = 0;
}

static void set_state(struct pen *pen, const struct pdf_glyph *g)
{
	const struct pdf_style *style = &pen->para->spans[g->span].style;
	double rise = (double)g->dy * style->size / 1000;
	bool other_font = pen->face != g->face || fabs(pen->size - style->size) > 1e-6;
	bool other_colour = !pen->style || memcmp(&pen->style->colour, &style->colour, sizeof style->colour) != 0;
	bool other_rise = fabs(pen->rise - rise) > 1e-6;
	if (!other_font && !other_colour && !other_rise) return;
	if (other_font) settle(pen);
	end_array(pen);
	if (other_font) {
		buf_printf(pen->b, "/F%d ", g->face);
		pdf_put_number(pen->b, style->size);
		buf_add(pen->b, STR("Tf\n"));
	}
	if (other_colour) pdf_put_fill(pen->b, style->colour);
	if (other_rise) {
		pdf_put_number(pen->b, rise);
		buf_add(pen->b, STR("Ts\n"));
	}
	pen->face = g->face;
	pen->size = style->size;
	pen->style = style;
	pen->rise = rise;
}

static void end_actual(struct pen *pen)
{
	if (!pen->in_actual) return;
	settle(pen);
	end_array(pen);
	buf_add(pen->b, STR("EMC\n"));
	pen->in_actual = false;
}

static void start_actual(struct pen *pen, struct str text)
{
	settle(pen);
	end_array(pen);
	buf_add(pen->b, STR("/Span<</ActualText"));
	pdf_put_text(pen->b, text);
	buf_add(pen->b, STR(">>BDC\n"));
	pen->in_actual = true;
}

static void put_glyph(struct pen *pen, const struct pdf_glyph *g)
{
	if (!(g->flags & GLYPH_SPELT)) end_actual(pen);
	set_state(pen, g);
	if (!str_is_none(g->text)) start_actual(pen, g->text);
	pen->owed += (double)g->dx;
	settle(pen);
	if (!pen->in_array) buf_add_char(pen->b, '[');
	pen->in_array = true;
	if (!pen->in_string) buf_add_char(pen->b, '<');
	pen->in_string = true;
	pdf_put_hex16(pen->b, g->id);
	double own = pen->para->doc->press->faces[g->face].widths[g->id];
	pen->owed = (double)g->advance - own - (double)g->dx;
}

static void put_glyphs(struct buf *b, const struct pdf_para *para, uint32_t from, uint32_t to,
	const double matrix[6])
{
	struct pen pen = { .b = b, .para = para, .face = -1 };
	buf_add(b, STR("BT\n"));
	/* Directions need more digits than places. */
	if (matrix[0] == 1 && matrix[1] == 0 && matrix[3] == 1) {
		buf_add(b, STR("1 0 0 1 "));
		pdf_put_numbers(b, 2, matrix + 4);
	} else {
		buf_printf(b, "%.5f %.5f %.5f %.5f ", matrix[0], matrix[1], matrix[2], matrix[3]);
		pdf_put_numbers(b, 2, matrix + 4);
	}
	buf_add(b, STR("Tm\n"));
	for (uint32_t i = from; i < to; i++)
		put_glyph(&pen, &para->glyphs[i]);
	end_actual(&pen);
	end_array(&pen);
	/* Rise outlives a text object. */
	if (fabs(pen.rise) > 1e-6) buf_add(b, STR("0 Ts\n"));
	buf_add(b, STR("ET\n"));
}

static double glyphs_width(const struct pdf_para *para, uint32_t from, uint32_t to)
{
	double width = 0;
	for (uint32_t i = from; i < to; i++)
		width += (double)para->glyphs[i].advance * para->spans[para->glyphs[i].span].style.size / 1000;
	return width;
}

static void paint_link(struct pdf_page *p, const struct pdf_line *line, const struct pdf_span *span, double x,
	double y, double width)
{
	double box[4] = { x, y - line->ascent, width, line->height };
	pdf_page_link(p, span->elem, box, span->uri, span->text);
	if (!span->style.underline) return;
	pdf_page_artifact(p, ARTIFACT_LAYOUT);
	double under = y + span->style.size * 0.13;
	pdf_page_rule(p, x, under, x + width, under, 0.5, span->style.colour);
}

void pdf_text_paint(struct pdf_page *p, const struct pdf_para *para, const struct pdf_line *line, double x,
	double y, bool artifact)
{
	for (uint32_t from = line->from; from < line->to;) {
		const struct pdf_span *span = &para->spans[para->glyphs[from].span];
		uint32_t to = from + 1;
		while (to < line->to && para->spans[para->glyphs[to].span].elem == span->elem)
			to++;
		if (span->elem && !artifact) pdf_page_tag(p, span->elem);
		put_glyphs(pdf_page_ops(p), para, from, to, (double[6]){ 1, 0, 0, 1, x, PDF_PAGE_HEIGHT - y });
		double width = glyphs_width(para, from, to);
		if (!str_is_empty(span->uri) && !artifact) paint_link(p, line, span, x, y, width);
		x += width;
		from = to;
	}
}

void pdf_text_put(struct buf *b, const struct pdf_para *para, const double matrix[6])
{
	/* Glyphs stand upright in a space that counts down. */
	double m[6] = { matrix[0], matrix[1], -matrix[2], -matrix[3], matrix[4], matrix[5] };
	put_glyphs(b, para, 0, (uint32_t)para->glyph_count, m);
}

void pdf_text_put_circle(struct buf *b, const struct pdf_para *para, double cx, double cy, double radius,
	double angle)
{
	bool under = radius < 0;
	double r = fabs(radius), turn = angle * M_PI / 180;
	for (uint32_t i = 0; i < para->glyph_count; i++) {
		double width = glyphs_width(para, i, i + 1), half = width / 2 / r;
		turn += under ? -half : half;
		double s = sin(turn), c = cos(turn);
		/* The glyph's middle is on the circle; its own left end half a width before. */
		double dx = under ? -c : c, dy = under ? -s : s;
		double x = cx + r * s - dx * width / 2, y = cy - r * c - dy * width / 2;
		if (!(para->glyphs[i].flags & GLYPH_SPACE))
			put_glyphs(b, para, i, i + 1, (double[6]){ dx, dy, dy, -dx, x, y });
		turn += under ? -half : half;
	}
}
