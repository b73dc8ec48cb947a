#include "base/err.h"
#include "core/map/map_draw.h"
#include "core/map/map_label.h"

enum {
	TENTHS = 10,
	MARGIN = 20 * TENTHS,    /* around the view, so that no edge shows */
	NEAR = 15,               /* tenths: nodes nearer than this to the last one say nothing */
	STREETS_FROM = 13,       /* zoom */
	ZOOM_FIRST = 11,         /* of the table of widths */
	CASING = 2 * TENTHS + 5, /* a road's edge, both sides together */
	TILE = 256,
	SCALE_MAX = 110, /* pixels */
	SCALE_AT = 14    /* pixels from the corner */
};

/* --- shapes ------------------------------------------------------------------------------------------------ */

struct pen {
	struct buf *out;
	const struct map_drawing *d;
	struct map_tenths last; /* written */
	bool is_down;
};

struct map_tenths map_tenths_of(const struct map_drawing *d, struct map_spot s)
{
	return (struct map_tenths){ mercator_tenths(d->middle.x, s.x, d->zoom) + d->width * TENTHS / 2,
		mercator_tenths(d->middle.y, s.y, d->zoom) + d->height * TENTHS / 2 };
}

/* Which sides of the view a position lies beyond. */
static unsigned beyond(const struct map_drawing *d, struct map_tenths t)
{
	return (unsigned)(t.x < -MARGIN) | (unsigned)(t.x > d->width * TENTHS + MARGIN) << 1 |
		(unsigned)(t.y < -MARGIN) << 2 | (unsigned)(t.y > d->height * TENTHS + MARGIN) << 3;
}

static bool is_in_view(const struct map_drawing *d, const struct map_feature *f)
{
	return !(beyond(d, map_tenths_of(d, f->box.min)) & beyond(d, map_tenths_of(d, f->box.max)));
}

static void pen_to(struct pen *p, struct map_tenths t)
{
	if (!p->is_down)
		buf_printf(p->out, "M%lld %lld", (long long)t.x, (long long)t.y);
	else
		buf_printf(p->out, "l%lld %lld", (long long)(t.x - p->last.x), (long long)(t.y - p->last.y));
	p->last = t;
	p->is_down = true;
}

static bool is_near(struct map_tenths a, struct map_tenths b)
{
	return a.x - b.x < NEAR && b.x - a.x < NEAR && a.y - b.y < NEAR && b.y - a.y < NEAR;
}

/* A ring keeps one node of a run beyond the same side: what it encloses in the view stays the same. */
static void draw_ring(struct pen *p, const struct map_line *ring)
{
	p->is_down = false;
	for (size_t i = 0; i + 1 < ring->count; i++) {
		struct map_tenths t = map_tenths_of(p->d, ring->nodes[i].spot);
		struct map_tenths next = map_tenths_of(p->d, ring->nodes[i + 1].spot);
		if (p->is_down && is_near(t, p->last)) continue;
		if (p->is_down && (beyond(p->d, p->last) & beyond(p->d, t) & beyond(p->d, next))) continue;
		pen_to(p, t);
	}
	buf_add_char(p->out, 'z');
}

/* Pieces beyond the view are left out. */
static void draw_line(struct pen *p, const struct map_line *line)
{
	struct map_tenths from = map_tenths_of(p->d, line->nodes[0].spot);
	p->is_down = false;
	for (size_t i = 1; i < line->count; i++) {
		struct map_tenths to = map_tenths_of(p->d, line->nodes[i].spot);
		bool is_last = i + 1 == line->count;
		if (beyond(p->d, from) & beyond(p->d, to)) {
			p->is_down = false;
			from = to;
			continue;
		}
		if (!is_last && is_near(from, to)) continue;
		if (!p->is_down) pen_to(p, from);
		pen_to(p, to);
		from = to;
	}
}

static void draw_shape(struct buf *out, const struct map_drawing *d, const struct map_feature *f,
	const char *class, int width)
{
	struct pen p = { .out = out, .d = d };
	buf_printf(out, "<path class=\"%s\"", class);
	if (width) buf_printf(out, " stroke-width=\"%d\"", width);
	buf_add(out, STR(" d=\""));
	for (size_t i = 0; i < f->count; i++)
		if (f->is_area)
			draw_ring(&p, &f->lines[i]);
		else
			draw_line(&p, &f->lines[i]);
	buf_add(out, STR("\"/>"));
}

/* Tenths of pixels by zoom, from ZOOM_FIRST on; the last one holds for all further. */
static int width_of(enum map_class road, int zoom)
{
	static const int widths[MAP_CLASS_MAX][8] = {
		[MAP_STREET] = { 0, 0, 20, 30, 50, 80, 120, 160 },
		[MAP_MAIN] = { 15, 22, 36, 50, 75, 110, 150, 200 },
		[MAP_MOTORWAY] = { 25, 32, 48, 64, 90, 130, 170, 220 },
	};
	int i = zoom - ZOOM_FIRST;
	return widths[road][i < 0 ? 0 : i > 7 ? 7 : i];
}

static void draw_kind(struct buf *out, const struct map_drawing *d, enum map_kind kind)
{
	for (size_t i = 0; i < d->map->count; i++) {
		const struct map_feature *f = &d->map->items[i];
		if (f->kind != kind || f->lines->count < 2 || !is_in_view(d, f)) continue;
		if (kind == MAP_WATER && !f->is_area)
			draw_shape(out, d, f, "map-river", width_of(MAP_MAIN, d->zoom));
		else if (kind == MAP_RAILWAY)
			draw_shape(out, d, f, "map-railway", 2 * TENTHS);
		else
			draw_shape(out, d, f,
				kind == MAP_OUTLINE             ? "map-land"
					: kind == MAP_NEIGHBOURHOOD ? "map-hood"
					: kind == MAP_PARK          ? "map-park"
												: "map-water",
				kind == MAP_NEIGHBOURHOOD ? TENTHS : 0);
	}
}

/* All edges first, so that roads run into each other. */
static void draw_roads(struct buf *out, const struct map_drawing *d, bool edges)
{
	static const char *const classes[] = { "map-street", "map-main", "map-motorway" };
	for (size_t i = 0; i < d->map->count; i++) {
		const struct map_feature *f = &d->map->items[i];
		if (f->kind != MAP_ROAD || (f->road == MAP_STREET && d->zoom < STREETS_FROM) || !is_in_view(d, f))
			continue;
		int width = width_of(f->road, d->zoom);
		draw_shape(out, d, f, edges ? "map-edge" : classes[f->road], edges ? width + CASING : width);
	}
}

/* --- what stands over it -------------------------------------------------------------------------------------- */

/* 1, 2 or 5 and zeros: the longest such length that fits. */
static void draw_scale(struct buf *out, const struct map_drawing *d)
{
	static const int steps[] = { 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5 };
	int64_t pixel_mm = mercator_pixel_mm(mercator_point(d->middle).lat_e7, d->zoom);
	size_t i = 0;
	while (i + 1 < sizeof steps / sizeof *steps && steps[i] * INT64_C(1000) / pixel_mm > SCALE_MAX)
		i++;
	int length = (int)(steps[i] * INT64_C(1000) / pixel_mm), x = d->width - SCALE_AT - length;
	bool is_km = steps[i] >= 1000;
	buf_printf(out,
		"<g class=\"map-scale\"><path d=\"M%d %dv5h%dv-5\"/><text x=\"%d\" y=\"%d\">%d %s</text></g>", x,
		d->height - SCALE_AT - 5, length, x + length / 2, d->height - SCALE_AT - 5,
		is_km ? steps[i] / 1000 : steps[i], is_km ? "km" : "m");
}

static void draw_marker(struct buf *out, const struct map_drawing *d)
{
	struct map_tenths t = map_tenths_of(d, mercator_spot(d->marker));
	if (!d->has_marker || beyond(d, t)) return;
	buf_printf(out,
		"<g class=\"map-pin\" transform=\"translate(%lld %lld)\">"
		"<ellipse class=\"map-pin__shade\" rx=\"5\" ry=\"2\"/>"
		"<path d=\"M0 0C-1-8-12-14-12-25a12 12 0 0 1 24 0C12-14 1-8 0 0z\"/><circle cy=\"-25\" r=\"4.5\"/></g>",
		(long long)(t.x / TENTHS), (long long)(t.y / TENTHS));
}

/* --- the town's own tiles ---------------------------------------------------------------------------------------- */

/* The pattern with one tile's numbers, as an attribute. */
static void write_address(struct buf *out, struct str pattern, int zoom, uint32_t x, uint32_t y)
{
	for (struct str rest = pattern; !str_is_none(rest);) {
		struct str before = str_cut(&rest, '{');
		html_text(out, before);
		if (str_is_none(rest)) return;
		struct str name = str_cut(&rest, '}');
		buf_add_int(out, str_eq(name, STR("z")) ? (int64_t)zoom : str_eq(name, STR("x")) ? (int64_t)x : y);
	}
}

static void draw_tiles(struct buf *out, const struct map_drawing *d)
{
	uint32_t x[2], y[2];
	int64_t half_w = d->width * TENTHS / 2, half_h = d->height * TENTHS / 2;
	struct map_spot corners[2] = { { mercator_moved(d->middle.x, -half_w, d->zoom),
									   mercator_moved(d->middle.y, -half_h, d->zoom) },
		{ mercator_moved(d->middle.x, half_w, d->zoom), mercator_moved(d->middle.y, half_h, d->zoom) } };
	for (int i = 0; i < 2; i++)
		mercator_tile(corners[i], d->zoom, &x[i], &y[i]);
	for (uint32_t row = y[0]; row <= y[1]; row++) {
		for (uint32_t column = x[0]; column <= x[1]; column++) {
			struct map_tenths at = map_tenths_of(d,
				(struct map_spot){ column << (32 - d->zoom), row << (32 - d->zoom) });
			buf_add(out, STR("<image href=\""));
			write_address(out, d->tiles, d->zoom, column, row);
			buf_printf(out, "\" x=\"%lld\" y=\"%lld\" width=\"%d\" height=\"%d\"/>",
				(long long)(at.x / TENTHS), (long long)(at.y / TENTHS), TILE, TILE);
		}
	}
}

struct html map_draw(struct arena *a, const struct map_drawing *d)
{
	struct buf out = buf_new(a, MAP_DRAWING_MAX);
	buf_printf(&out,
		"<svg class=\"map\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" focusable=\"false\" ", d->width,
		d->height, d->width, d->height);
	if (str_is_none(d->label)) {
		buf_add(&out, STR("aria-hidden=\"true\">"));
	} else {
		buf_add(&out, STR("role=\"img\" aria-label=\""));
		html_text(&out, d->label);
		buf_add(&out, STR("\">"));
	}
	if (!str_is_none(d->tiles)) {
		draw_tiles(&out, d);
	} else {
		buf_add(&out, STR("<g transform=\"scale(.1)\">"));
		draw_kind(&out, d, MAP_OUTLINE);
		draw_kind(&out, d, MAP_NEIGHBOURHOOD);
		draw_kind(&out, d, MAP_PARK);
		draw_kind(&out, d, MAP_WATER);
		draw_roads(&out, d, true);
		draw_kind(&out, d, MAP_RAILWAY);
		draw_roads(&out, d, false);
		buf_add(&out, STR("</g>"));
		map_labels(a, d, &out);
	}
	draw_scale(&out, d);
	draw_marker(&out, d);
	buf_add(&out, STR("</svg>"));
	must(!buf_overflowed(&out)); /* 20,000 nodes twice, and 60 names */
	return html_of_generated(buf_str(&out));
}
