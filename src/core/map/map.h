/*
 * The town's base map: a few hundred lines, areas and names out of one GeoJSON file (RFC 7946) of the pack, so that a
 * place can be shown and picked without telling anybody else where a citizen lives. map_read() checks and reads it
 * once; the result is immutable and lives with the pack.
 *
 *   map_draw.h   a view as inline SVG        map_json.h   what the browser's map is made of
 *   picker.h     choosing a point with buttons
 *
 * Every feature has the property "kind": see MAP_KINDS. "name" is a text, or a map of languages; "class" is for roads.
 */
#pragma once
#include "base/buf.h"
#include "core/definition/finding.h"
#include "core/definition/text.h"
#include "core/map/mercator.h"

/* In the order of drawing. X(enum, kind, geometries) */
#define MAP_KINDS(X)                                                                                         \
	X(MAP_OUTLINE, "outline", MAP_AREAS)                                                                     \
	X(MAP_NEIGHBOURHOOD, "neighbourhood", MAP_AREAS | MAP_POINTS)                                            \
	X(MAP_PARK, "park", MAP_AREAS)                                                                           \
	X(MAP_WATER, "water", MAP_AREAS | MAP_LINES)                                                             \
	X(MAP_RAILWAY, "railway", MAP_LINES)                                                                     \
	X(MAP_ROAD, "road", MAP_LINES)                                                                           \
	X(MAP_PLACE, "place", MAP_POINTS)
enum { MAP_AREAS = 1 << 0, MAP_LINES = 1 << 1, MAP_POINTS = 1 << 2 };
enum map_kind {
#define X(e, name, geometries) e,
	MAP_KINDS(X)
#undef X
		MAP_KIND_MAX
};
enum map_class { MAP_STREET, MAP_MAIN, MAP_MOTORWAY, MAP_CLASS_MAX }; /* of a road; the thicker above */

struct map_node {
	struct map_point at;
	struct map_spot spot;
};
struct map_line { /* a line; a ring, first node = last; or one node */
	struct map_node *nodes;
	size_t count;
};
struct map_box {
	struct map_spot min, max; /* both inside */
};
struct map_feature {
	enum map_kind kind;
	enum map_class road;
	bool is_area;     /* its lines are rings, a hole inside the area around it */
	struct text name; /* may be empty */
	struct map_line *lines;
	size_t count;
	struct map_box box;
};
struct map {
	struct map_feature *items; /* in the order of drawing */
	size_t count;
	struct map_box box; /* of the outline */
};

enum {
	MAP_FEATURES_MAX = 2000,
	MAP_NODES_MAX = 20 * 1000,
	MAP_NAME_MAX = 60,                  /* characters */
	MAP_SPAN_MAX_E7 = 30 * 1000 * 1000, /* three degrees: a town, not a country */
};

const char *map_kind_name(enum map_kind kind);
const char *map_class_name(enum map_class road);

/* NULL when there were errors: findings at line and column of the text, each with its path
 * ("features[3].geometry.coordinates[0][2]: …"). */
struct map *map_read(struct arena *a, struct str geojson, struct findings *findings);

/* Is the point within the town's outline? */
bool map_holds(const struct map *m, struct map_point p);
/* The neighbourhood whose area holds it; NULL when none does. */
const struct map_feature *map_neighbourhood(const struct map *m, struct map_point p);
/* The middle of the outline's box. */
struct map_spot map_middle(const struct map *m);
