#include <qrencode.h>
#include "core/qr.h"

enum { QR_BYTES_MAX = 300, QR_SVG_MAX = 256 * 1024, QR_QUIET = 4 };

/* A run of dark modules of one row becomes one rectangle. */
static void draw_row(struct buf *out, const unsigned char *row, int width, int y)
{
	for (int x = 0; x < width; x++) {
		int from = x;
		while (x < width && row[x] & 1)
			x++;
		if (x > from) buf_printf(out, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from, x - from);
	}
}

struct err *qr_svg(struct arena *a, struct str bytes, struct str label, struct html *ret)
{
	if (bytes.n == 0 || bytes.n > QR_BYTES_MAX)
		return ERR(a, ERR_INVALID, NULL, "a QR code of %zu bytes", bytes.n);
	QRcode *qr = QRcode_encodeData((int)bytes.n, (const unsigned char *)bytes.p, 0, QR_ECLEVEL_M);
	if (!qr) return ERR(a, ERR_INTERNAL, NULL, "the QR code cannot be made");
	struct buf out = buf_new(a, QR_SVG_MAX);
	int side = qr->width + 2 * QR_QUIET;
	buf_printf(&out,
		"<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" shape-rendering=\"crispEdges\" aria-label=\"",
		side, side);
	html_text(&out, label);
	buf_printf(&out, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", side, side);
	for (int y = 0; y < qr->width; y++)
		draw_row(&out, qr->data + y * qr->width, qr->width, y);
	buf_add(&out, STR("\"/></svg>"));
	QRcode_free(qr);
	must(!buf_overflowed(&out));
	*ret = html_of_generated(buf_str(&out));
	return NULL;
}
