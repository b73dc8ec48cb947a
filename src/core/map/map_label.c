/*
 * Names: areas in their middle, roads and rivers along their line, places beside their dot. Each is tried in the order
 * of what helps most to find one's way; one that would touch another is left out. web/js/mapa.js does the same.
 */
#include <math.h>
#include "base/utf8.h"
#include "core/map/map_label.h"

enum {
	LABELS_MAX = 60,
	TENTHS = 10,
	EVERY = 420 * TENTHS, /* along a line, from one name to the next … */
	STEP = 50 * TENTHS,   /* … and how far on it is tried again where there was no room */
	GAP = 4 * TENTHS,
	MAIN_FROM = 13, /* zooms */
	STREET_FROM = 15,
	PLACE_FROM = 13,
	TRIES_MAX = 40, /* of one line inside a view */
	DOT_TO_TEXT = 8 * TENTHS,
	PIN_HIGH = 40 * TENTHS, /* kept free: the marker … */
	PIN_WIDE = 28 * TENTHS,
	SCALE_WIDE = 130 * TENTHS, /* … and the scale in the corner */
	SCALE_HIGH = 34 * TENTHS
};

struct label {
	struct map_tenths at, half; /* the middle, and half the upright box around it */
	double angle;               /* degrees */
	int64_t wide, high;         /* of the turned text; 0: the box is all there is */
};
struct labels {
	struct buf *out;
	const struct map_drawing *d;
	struct label items[LABELS_MAX + 2];
	size_t count;
};

/* Letters of the page's face are about half as wide as high. */
static int64_t text_width(struct str s, int size_tenths)
{
	return (int64_t)utf8_length(s) * size_tenths * 54 / 100;
}

static bool boxes_touch(struct map_tenths a, struct map_tenths b, int64_t x, int64_t y)
{
	return llabs(a.x - b.x) < x + GAP && llabs(a.y - b.y) < y + GAP;
}

/* The n-th square of those that a turned text consists of. */
static struct map_tenths square_of(const struct label *l, int64_t n)
{
	double along = (double)(n * l->high) + (double)(l->high - l->wide) / 2, turn = l->angle * M_PI / 180;
	return (struct map_tenths){ l->at.x + llround(along * cos(turn)), l->at.y + llround(along * sin(turn)) };
}

/* Does a turned text touch a box, or another turned text? The boxes around them do. */
static bool squares_touch(const struct label *turned, const struct label *other)
{
	for (int64_t i = 0; i * turned->high < turned->wide; i++) {
		struct map_tenths at = square_of(turned, i);
		int64_t half = turned->high / 2;
		if (!boxes_touch(at, other->at, half + other->half.x, half + other->half.y)) continue;
		if (!other->high) return true;
		for (int64_t k = 0; k * other->high < other->wide; k++)
			if (boxes_touch(at, square_of(other, k), half + other->high / 2, half + other->high / 2))
				return true;
	}
	return false;
}

static bool collides(const struct labels *l, const struct label *n)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct label *o = &l->items[i];
		if (!boxes_touch(o->at, n->at, o->half.x + n->half.x, o->half.y + n->half.y)) continue;
		if (n->high ? squares_touch(n, o) : o->high ? squares_touch(o, n) : true) return true;
	}
	return false;
}

static bool is_whole(const struct map_drawing *d, const struct label *n)
{
	return n->at.x - n->half.x >= 0 && n->at.x + n->half.x <= d->width * TENTHS && n->at.y - n->half.y >= 0 &&
		n->at.y + n->half.y <= d->height * TENTHS;
}

static bool put(struct labels *l, struct label n, const char *class, struct str text)
{
	if (l->count >= LABELS_MAX || !is_whole(l->d, &n) || collides(l, &n)) return false;
	l->items[l->count++] = n;
	int x = (int)(n.at.x / TENTHS), y = (int)(n.at.y / TENTHS), angle = (int)lround(n.angle);
	buf_printf(l->out, "<text class=\"%s\" x=\"%d\" y=\"%d\" dy=\".35em\"", class, x, y);
	if (angle) buf_printf(l->out, " transform=\"rotate(%d %d %d)\"", angle, x, y);
	buf_add_char(l->out, '>');
	html_text(l->out, text);
	buf_add(l->out, STR("</text>"));
	return true;
}

/* --- areas and places ------------------------------------------------------------------------------------------ */

/* The middle of a ring's area; the shoelace formula, around its first node. */
static struct map_tenths ring_middle(const struct map_drawing *d, const struct map_line *ring)
{
	struct map_tenths zero = map_tenths_of(d, ring->nodes[0].spot);
	double area = 0, x = 0, y = 0;
	for (size_t i = 1; i < ring->count; i++) {
		struct map_tenths a = map_tenths_of(d, ring->nodes[i - 1].spot),
						  b = map_tenths_of(d, ring->nodes[i].spot);
		double ax = (double)(a.x - zero.x), ay = (double)(a.y - zero.y), bx = (double)(b.x - zero.x),
			   by = (double)(b.y - zero.y), cross = ax * by - bx * ay;
		area += cross;
		x += (ax + bx) * cross;
		y += (ay + by) * cross;
	}
	if (fabs(area) < 1) return zero;
	return (struct map_tenths){ zero.x + llround(x / (3 * area)), zero.y + llround(y / (3 * area)) };
}

static void put_area(struct labels *l, const struct map_feature *f, const char *class, int size)
{
	struct str text = text_in(f->name, l->d->lang);
	int64_t wide = text_width(text, size);
	struct map_tenths min = map_tenths_of(l->d, f->box.min), max = map_tenths_of(l->d, f->box.max);
	if (f->lines->count > 1 && max.x - min.x < wide * 7 / 10) return; /* too small for its name yet */
	struct map_tenths at = f->lines->count > 1 ? ring_middle(l->d, f->lines) : min;
	put(l, (struct label){ at, { wide / 2, size * 6 / 10 }, 0, 0, 0 }, class, text);
}

static void put_place(struct labels *l, const struct map_feature *f)
{
	enum { SIZE = 12 * TENTHS };
	struct str text = text_in(f->name, l->d->lang);
	struct map_tenths dot = map_tenths_of(l->d, f->box.min);
	int64_t wide = text_width(text, SIZE);
	struct label n = { { dot.x + DOT_TO_TEXT + wide / 2, dot.y }, { wide / 2 + DOT_TO_TEXT, SIZE * 6 / 10 },
		0, 0, 0 };
	if (put(l, n, "map-place", text))
		buf_printf(l->out, "<circle class=\"map-dot\" cx=\"%lld\" cy=\"%lld\" r=\"3.5\"/>",
			(long long)(dot.x / TENTHS), (long long)(dot.y / TENTHS));
}

/* --- along lines -------------------------------------------------------------------------------------------------- */

static double length(struct map_tenths a, struct map_tenths b)
{
	return hypot((double)(b.x - a.x), (double)(b.y - a.y));
}

static struct map_tenths between(struct map_tenths a, struct map_tenths b, double share)
{
	return (struct map_tenths){ a.x + llround(share * (double)(b.x - a.x)),
		a.y + llround(share * (double)(b.y - a.y)) };
}

/* So far along the line from `from`, which lies on the piece that ends at node `k`. False past its end. */
static bool walk(const struct map_drawing *d, const struct map_line *line, size_t k, bool forward,
	struct map_tenths from, double far, struct map_tenths *ret)
{
	for (;;) {
		struct map_tenths to = map_tenths_of(d, line->nodes[forward ? k : k - 1].spot);
		double piece = length(from, to);
		if (piece >= far) {
			*ret = piece > 0 ? between(from, to, far / piece) : to;
			return true;
		}
		if (forward ? k + 1 >= line->count : k == 1) return false;
		far -= piece;
		from = to;
		k = forward ? k + 1 : k - 1;
	}
}

/* Where the line is straight enough for the name, the name lies on its chord. */
static bool put_along(struct labels *l, const struct map_line *line, size_t k, struct map_tenths at,
	const char *class, struct str text, int size)
{
	int64_t wide = text_width(text, size);
	struct map_tenths a, b;
	if (!walk(l->d, line, k, false, at, (double)wide / 2, &a) ||
		!walk(l->d, line, k, true, at, (double)wide / 2, &b))
		return false;
	if (length(a, b) < 0.97 * (double)wide) return false;
	double angle = atan2((double)(b.y - a.y), (double)(b.x - a.x)) * 180 / M_PI;
	if (angle > 90) angle -= 180;
	if (angle <= -90) angle += 180;
	double cosine = fabs(cos(angle * M_PI / 180)), sine = fabs(sin(angle * M_PI / 180));
	struct label n = { between(a, b, 0.5),
		{ llround(cosine * (double)wide / 2 + sine * size / 2),
			llround(sine * (double)wide / 2 + cosine * size / 2) },
		angle, wide, size };
	return put(l, n, class, text);
}

static void put_line(struct labels *l, const struct map_line *line, const char *class, struct str text,
	int size)
{
	const struct map_drawing *d = l->d;
	double all = 0, walked = 0, next;
	int tries = 0;
	for (size_t k = 1; k < line->count; k++)
		all += length(map_tenths_of(d, line->nodes[k - 1].spot), map_tenths_of(d, line->nodes[k].spot));
	next = all < EVERY ? all / 2 - STEP : STEP * 2.0;
	if (next < 0) next = all / 2;
	for (size_t k = 1; k < line->count && tries < TRIES_MAX; k++) {
		struct map_tenths from = map_tenths_of(d, line->nodes[k - 1].spot),
						  to = map_tenths_of(d, line->nodes[k].spot);
		double piece = length(from, to);
		while (next <= walked + piece && tries < TRIES_MAX) {
			struct map_tenths at = between(from, to, piece > 0 ? (next - walked) / piece : 0);
			bool is_seen = at.x >= 0 && at.y >= 0 && at.x <= d->width * TENTHS && at.y <= d->height * TENTHS;
			tries += is_seen;
			next += is_seen && put_along(l, line, k, at, class, text, size) ? EVERY : STEP;
		}
		walked += piece;
	}
}

static void put_lines(struct labels *l, const struct map_feature *f, const char *class, int size)
{
	for (size_t i = 0; i < f->count; i++)
		put_line(l, &f->lines[i], class, text_in(f->name, l->d->lang), size);
}

/* --- all of them ------------------------------------------------------------------------------------------------------ */

static bool is_named(const struct map_drawing *d, const struct map_feature *f)
{
	struct map_tenths min = map_tenths_of(d, f->box.min), max = map_tenths_of(d, f->box.max);
	return !text_is_empty(f->name) && max.x >= 0 && max.y >= 0 && min.x <= d->width * TENTHS &&
		min.y <= d->height * TENTHS;
}

static void put_feature(struct labels *l, const struct map_feature *f)
{
	int zoom = l->d->zoom;
	switch (f->kind) {
	case MAP_NEIGHBOURHOOD: put_area(l, f, "map-hood-name", 12 * TENTHS); break;
	case MAP_PARK: put_area(l, f, "map-park-name", 12 * TENTHS); break;
	case MAP_WATER:
		if (f->is_area)
			put_area(l, f, "map-water-name", 12 * TENTHS);
		else if (zoom >= MAIN_FROM)
			put_lines(l, f, "map-water-name", 12 * TENTHS);
		break;
	case MAP_ROAD:
		if (f->road == MAP_MOTORWAY || zoom >= (f->road == MAP_MAIN ? MAIN_FROM : STREET_FROM))
			put_lines(l, f, "map-road-name", 11 * TENTHS);
		break;
	case MAP_RAILWAY:
		if (zoom >= MAIN_FROM) put_lines(l, f, "map-road-name", 11 * TENTHS);
		break;
	case MAP_PLACE:
		if (zoom >= PLACE_FROM) put_place(l, f);
		break;
	default: break;
	}
}

static void keep_free(struct labels *l)
{
	const struct map_drawing *d = l->d;
	struct map_tenths pin = map_tenths_of(d, mercator_spot(d->marker));
	l->items[l->count++] = (struct label){ { d->width * TENTHS - SCALE_WIDE / 2,
											   d->height * TENTHS - SCALE_HIGH / 2 },
		{ SCALE_WIDE / 2, SCALE_HIGH / 2 }, 0, 0, 0 };
	if (d->has_marker)
		l->items[l->count++] = (struct label){ { pin.x, pin.y - PIN_HIGH / 2 },
			{ PIN_WIDE / 2, PIN_HIGH / 2 }, 0, 0, 0 };
}

void map_labels(struct arena *a, const struct map_drawing *d, struct buf *out)
{
	static const enum map_kind order[] = { MAP_PLACE, MAP_NEIGHBOURHOOD, MAP_WATER, MAP_PARK, MAP_ROAD,
		MAP_RAILWAY };
	struct labels *l = ARENA_NEW(a, struct labels);
	l->out = out;
	l->d = d;
	keep_free(l);
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = d->map->count; i-- > 0;) /* wide roads before narrow ones */
			if (d->map->items[i].kind == order[k] && is_named(d, &d->map->items[i]))
				put_feature(l, &d->map->items[i]);
}
