/*
 * Guilloche, seal, QR code, watermark. Repeated shapes are written once and turned or moved by the matrix, so
 * that they deflate to almost nothing.
 */
#include <math.h>
#include <qrencode.h>

#include "core/pdf/pdf_art.h"
#include "core/pdf/pdf_svg_path.h"
#include "core/pdf/pdf_text.h"

enum { ART_BYTES_MAX = 512 * 1024, QR_BYTES_MAX = 300 };

/* --- guilloche ------------------------------------------------------------------------------------------ */

/* One wave over [from, from + period], as two cubic curves with their control points `swing` off the axis. */
static void put_wave(struct buf *b, double from, double period, double axis, double swing)
{
	double sixth = period / 6;
	PDF_PUT(b, from, axis);
	buf_add(b, STR("m\n"));
	PDF_PUT(b, from + sixth, axis - swing, from + 2 * sixth, axis - swing, from + 3 * sixth, axis);
	buf_add(b, STR("c\n"));
	PDF_PUT(b, from + 4 * sixth, axis + swing, from + 5 * sixth, axis + swing, from + period, axis);
	buf_add(b, STR("c\n"));
}

struct pdf_drawing pdf_art_guilloche(struct pdf_doc *d, double width, double height, struct paper_rgb colour)
{
	int periods = (int)lround(width / (height * 3.9));
	if (periods < 1) periods = 1;
	double period = width / periods, axis = height / 2;
	struct buf one = buf_new(d->arena, ART_BYTES_MAX);
	for (int step = 0; step <= 6; step++) {
		/* 0.59: the curve reaches 3/4 of its control points' distance and must stay inside the band. */
		double swing = height * 0.59 * cos(step * 15 * M_PI / 180);
		for (int phase = 0; phase < 2; phase++) {
			put_wave(&one, -phase * period / 4, period, axis, swing);
			if (step < 6) put_wave(&one, -phase * period / 4, period, axis, -swing);
		}
	}
	buf_add(&one, STR("S\n"));

	struct buf all = buf_new(d->arena, ART_BYTES_MAX);
	PDF_PUT(&all, 0, 0, width, height);
	buf_add(&all, STR("re W n\n"));
	pdf_put_stroke(&all, colour);
	buf_add(&all, STR("0.4 w\n"));
	for (int i = 0; i <= periods; i++) {
		buf_add(&all, buf_str(&one));
		buf_add(&all, STR("1 0 0 1 "));
		PDF_PUT(&all, period, 0);
		buf_add(&all, STR("cm\n"));
	}
	return (struct pdf_drawing){ buf_str(&all), width, height };
}

/* --- seal ----------------------------------------------------------------------------------------------- */

/* Turns the space by `degrees` around the seal's middle. */
static void put_turn(struct buf *b, double degrees)
{
	double t = degrees * M_PI / 180, s = sin(t), c = cos(t);
	const double matrix[] = { c, s, -s, c, 100 - 100 * c + 100 * s, 100 - 100 * s - 100 * c };
	for (int i = 0; i < 6; i++)
		pdf_put_fine(b, matrix[i]);
	buf_add(b, STR("cm\n"));
}

static void put_circle(struct buf *b, double radius, double width)
{
	PDF_PUT(b, width);
	buf_add(b, STR("w\n"));
	pdf_put_ellipse(b, 100, 100, radius, radius);
	buf_add(b, STR("S\n"));
}

static void put_engraving(struct buf *b)
{
	/* White behind: a watermark passes under the seal. */
	buf_add(b, STR("1 1 1 rg 1.8 w\n"));
	pdf_put_ellipse(b, 100, 100, 98, 98);
	buf_add(b, STR("B\n"));
	put_circle(b, 89, 0.8);
	put_circle(b, 66, 1.6);
	buf_add(b, STR("q 1 w\n"));
	for (int i = 0; i < 36; i++) {
		buf_add(b, STR("197.5 100 m 192.5 100 l S\n"));
		put_turn(b, 5);
		buf_add(b, STR("197.5 100 m 195 100 l S\n"));
		put_turn(b, 5);
	}
	buf_add(b, STR("Q q 0.55 w\n"));
	for (int i = 0; i < 18; i++) {
		pdf_put_ellipse(b, 100, 100, 62, 27);
		buf_add(b, STR("S\n"));
		put_turn(b, 10);
	}
	buf_add(b, STR("Q\n"));
}

/* The arch in the middle: the window of the counter. */
static void put_core(struct buf *b)
{
	buf_add(b, STR("1 1 1 rg 1.4 w\n"));
	pdf_put_ellipse(b, 100, 100, 26.5, 26.5);
	buf_add(b, STR("B\n"));
}

static void put_arch(struct buf *b)
{
	must(pdf_svg_path(b,
		STR("M100 82c-9 0-13 6-13 13v17h26V95c0-7-4-13-13-13zm-8 26V95c0-5 3-8.5 8-8.5s8 3.5 8 8.5v13z"
			"M84 114h32v4H84z")));
	buf_add(b, STR("f*\n"));
}

/* The ring's text fills its arc: letters are spread, then, when that is not enough, made smaller. */
static struct err *set_ring(struct pdf_doc *d, struct str text, double wanted, struct paper_rgb colour,
	struct pdf_para **ret)
{
	struct pdf_style style = { .cut = PDF_TITLE, .size = 12.5, .leading = 1, .colour = colour };
	struct pdf_para *para;
	TRY(pdf_text_set_one(d, text, style, NULL, 0, &para));
	double natural = pdf_text_width(para), n = para->glyph_count ? (double)para->glyph_count : 1;
	style.tracking = (wanted - natural) / n / style.size;
	if (style.tracking > 0.16) style.tracking = 0.16;
	if (style.tracking < 0.02) {
		style.tracking = 0.02;
		style.size *= fmin(1, wanted / (natural + n * style.tracking * style.size));
	}
	return pdf_text_set_one(d, text, style, NULL, 0, ret);
}

struct err *pdf_art_seal(struct pdf_doc *d, struct str ring, struct str date, struct paper_rgb colour,
	struct pdf_drawing *ret)
{
	struct pdf_para *around, *below;
	TRY(set_ring(d, ring, 290, colour, &around));
	struct pdf_style small = { .cut = PDF_TITLE,
		.size = 12,
		.leading = 1,
		.tracking = 0.04,
		.colour = colour };
	TRY(pdf_text_set_one(d, date, small, NULL, 0, &below));

	struct buf b = buf_new(d->arena, ART_BYTES_MAX);
	pdf_put_stroke(&b, colour);
	put_turn(&b, -7);
	put_engraving(&b);
	put_core(&b);
	pdf_put_fill(&b, colour);
	put_arch(&b);
	double degrees = 180 / M_PI;
	pdf_text_put_circle(&b, around, 100, 100, 73.3, -pdf_text_width(around) / 73.3 / 2 * degrees);
	pdf_text_put_circle(&b, below, 100, 100, -82, 180 + pdf_text_width(below) / 82 / 2 * degrees);
	*ret = (struct pdf_drawing){ buf_str(&b), 200, 200 };
	return NULL;
}

/* --- QR code -------------------------------------------------------------------------------------------- */

struct err *pdf_art_qr(struct pdf_doc *d, struct str bytes, struct pdf_drawing *ret)
{
	if (bytes.n == 0 || bytes.n > QR_BYTES_MAX)
		return ERR(d->arena, ERR_INVALID, NULL, "a QR code of %zu bytes", bytes.n);
	QRcode *qr = QRcode_encodeData((int)bytes.n, (const unsigned char *)bytes.p, 0, QR_ECLEVEL_M);
	if (!qr) return ERR(d->arena, ERR_INTERNAL, NULL, "the QR code cannot be made");
	struct buf b = buf_new(d->arena, ART_BYTES_MAX);
	buf_add(&b, STR("0 0 0 rg\n"));
	for (int y = 0; y < qr->width; y++) {
		for (int x = 0; x < qr->width; x++) {
			int run = x;
			while (run < qr->width && qr->data[y * qr->width + run] & 1)
				run++;
			if (run == x) continue;
			/* A trifle taller than a module, lest viewers leave hairlines between the rows. */
			PDF_PUT(&b, x, y, run - x, 1.02);
			buf_add(&b, STR("re\n"));
			x = run;
		}
	}
	buf_add(&b, STR("f\n"));
	*ret = (struct pdf_drawing){ buf_str(&b), qr->width, qr->width };
	QRcode_free(qr);
	return NULL;
}

/* --- watermark ------------------------------------------------------------------------------------------ */

struct err *pdf_art_watermark(struct pdf_doc *d, struct str text, struct pdf_drawing *ret)
{
	struct pdf_style style = { .cut = PDF_SANS_BOLD,
		.size = 10,
		.leading = 1,
		.tracking = 0.02,
		.colour = { 226, 230, 225 } };
	struct pdf_para *para;
	TRY(pdf_text_set_one(d, text, style, NULL, 0, &para));
	double length = hypot(PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT) * 0.80, natural = pdf_text_width(para);
	if (natural > 0) style.size = fmin(72, style.size * length / natural);
	TRY(pdf_text_set_one(d, text, style, NULL, 0, &para));
	double half = pdf_text_width(para) / 2, turn = -atan2(PDF_PAGE_HEIGHT, PDF_PAGE_WIDTH), s = sin(turn),
		   c = cos(turn);
	double cx = PDF_PAGE_WIDTH / 2, cy = PDF_PAGE_HEIGHT / 2, drop = style.size * 0.34;
	struct buf b = buf_new(d->arena, ART_BYTES_MAX);
	/* Outlines: seen on every copy, and never in the way of the words. */
	pdf_put_stroke(&b, style.colour);
	buf_add(&b, STR("0.6 w 1 Tr\n"));
	pdf_text_put(&b, para, (double[6]){ c, s, -s, c, cx - half * c - drop * s, cy - half * s + drop * c });
	*ret = (struct pdf_drawing){ buf_str(&b), PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT };
	return NULL;
}
