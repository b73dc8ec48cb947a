/*
 * Any bytes as what a QR code says: up to the limit they are drawn, past it refused, never anything else; and the code on
 * the page is the one on paper, module for module, with its three finder marks (ISO/IEC 18004 section 5.3.2).
 */
#include "core/pdf/pdf_art.h"
#include "core/qr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIDE_MAX = 177, QUIET = 4, MARK = 7 };

struct modules {
	bool is_dark[SIDE_MAX][SIDE_MAX];
	int64_t side;
};

static int64_t number(struct str text)
{
	int64_t n = -1;
	must(str_to_int64(text, 0, SIDE_MAX + 2 * QUIET, &n));
	return n;
}

static void darken(struct modules *m, int64_t x, int64_t y, int64_t run)
{
	must(x >= 0 && y >= 0 && run > 0 && x + run <= m->side && y < m->side);
	for (int64_t i = x; i < x + run; i++) {
		must(!m->is_dark[y][i]);
		m->is_dark[y][i] = true;
	}
}

/* "M<x> <y>h<run>v1h-<run>z", each of them. */
static void read_page(struct str svg, struct modules *m)
{
	ptrdiff_t at = str_find(svg, STR("viewBox=\"0 0 ")), path = str_find(svg, STR("fill=\"#000\" d=\""));
	must(at > 0 && path > at);
	struct str box = str_slice(svg, (size_t)at + 13, svg.n), rest = str_slice(svg, (size_t)path + 15, svg.n);
	m->side = number(str_cut(&box, ' ')) - 2 * QUIET;
	rest = str_cut(&rest, '"');
	must(m->side > 0 && m->side <= SIDE_MAX);
	while (rest.n > 0) {
		struct str one = str_cut(&rest, 'z');
		must(str_starts_with(one, STR("M")));
		one = str_slice(one, 1, one.n);
		int64_t x = number(str_cut(&one, ' ')) - QUIET, y = number(str_cut(&one, 'h')) - QUIET;
		darken(m, x, y, number(str_cut(&one, 'v')));
		if (str_is_none(rest)) break;
	}
}

/* "<x> <y> <run> 1.02 re", each of them. */
static void read_paper(const struct pdf_drawing *drawing, struct modules *m)
{
	struct str rest = drawing->ops;
	m->side = (int64_t)drawing->width;
	must(m->side <= SIDE_MAX && drawing->width == drawing->height);
	while (!str_is_none(rest)) {
		struct str one = str_cut(&rest, '\n');
		if (!str_ends_with(one, STR(" re"))) continue;
		int64_t x = number(str_cut(&one, ' ')), y = number(str_cut(&one, ' '));
		darken(m, x, y, number(str_cut(&one, ' ')));
	}
}

static void check_mark(const struct modules *m, int64_t left, int64_t top)
{
	for (int64_t i = 0; i < MARK; i++) {
		must(m->is_dark[top][left + i] && m->is_dark[top + MARK - 1][left + i]);
		must(m->is_dark[top + i][left] && m->is_dark[top + i][left + MARK - 1]);
	}
	must(m->is_dark[top + MARK / 2][left + MARK / 2] && !m->is_dark[top + 1][left + 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct modules page, paper;
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct pdf_doc doc = { .arena = a };
	struct str bytes = { size ? (const char *)data : "", size };
	struct pdf_drawing drawing;
	struct html svg;
	struct err *on_page = qr_svg(a, bytes, bytes, &svg), *on_paper = pdf_art_qr(&doc, bytes, &drawing);
	must(!on_page == (size > 0 && size <= 300) && !on_page == !on_paper);
	if (on_page) {
		must(on_page->code == ERR_INVALID && on_paper->code == ERR_INVALID);
	} else {
		memset(&page, 0, sizeof page);
		memset(&paper, 0, sizeof paper);
		read_page(svg.markup, &page);
		read_paper(&drawing, &paper);
		must(page.side == paper.side && memcmp(page.is_dark, paper.is_dark, sizeof page.is_dark) == 0);
		check_mark(&page, 0, 0);
		check_mark(&page, page.side - MARK, 0);
		check_mark(&page, 0, page.side - MARK);
	}
	arena_free(a);
	return 0;
}
