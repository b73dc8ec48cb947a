/* Looking things up in a map. */
#include "core/map/map.h"

const char *map_kind_name(enum map_kind kind)
{
	static const char *const names[] = {
#define X(e, name, geometries) name,
		MAP_KINDS(X)
#undef X
	};
	return names[kind];
}

const char *map_class_name(enum map_class road)
{
	static const char *const names[] = { "street", "main", "motorway" };
	return names[road];
}

/* Does a line from the spot to the east cross this side of a ring? */
static bool crosses(struct map_spot from, struct map_spot to, struct map_spot s)
{
	if ((from.y > s.y) == (to.y > s.y)) return false;
	int64_t dx = (int64_t)to.x - from.x, dy = (int64_t)to.y - from.y;
	int64_t px = (int64_t)s.x - from.x, py = (int64_t)s.y - from.y;
	/* px < dx * py / dy, without dividing; a town spans 2^25 units at most, so nothing overflows. */
	return dy > 0 ? px * dy < dx * py : px * dy > dx * py;
}

static bool is_in_box(const struct map_box *b, struct map_spot s)
{
	return s.x >= b->min.x && s.x <= b->max.x && s.y >= b->min.y && s.y <= b->max.y;
}

/* Even-odd over all rings: holes and several areas need no further thought, nor does the rings' direction. */
static bool area_holds(const struct map_feature *f, struct map_spot s)
{
	bool inside = false;
	if (!f->is_area || !is_in_box(&f->box, s)) return false;
	for (size_t i = 0; i < f->count; i++)
		for (size_t k = 1; k < f->lines[i].count; k++)
			inside ^= crosses(f->lines[i].nodes[k - 1].spot, f->lines[i].nodes[k].spot, s);
	return inside;
}

static const struct map_feature *area_at(const struct map *m, enum map_kind kind, struct map_point p)
{
	struct map_spot s = mercator_spot(p);
	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].kind == kind && area_holds(&m->items[i], s)) return &m->items[i];
	return NULL;
}

bool map_holds(const struct map *m, struct map_point p) { return area_at(m, MAP_OUTLINE, p) != NULL; }

const struct map_feature *map_neighbourhood(const struct map *m, struct map_point p)
{
	return area_at(m, MAP_NEIGHBOURHOOD, p);
}

struct map_spot map_middle(const struct map *m)
{
	return (struct map_spot){ m->box.min.x + (m->box.max.x - m->box.min.x) / 2,
		m->box.min.y + (m->box.max.y - m->box.min.y) / 2 };
}
