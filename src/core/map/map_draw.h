/*
 * A view of the town's map as inline SVG: drawn in well under a millisecond, bounded, simplified to what the zoom can
 * show, without a style of its own (web/css/mapa.css has the colours, so that the map wears the town's). Nothing in it
 * is fetched unless the town runs a tile server.
 */
#pragma once
#include "base/html.h"
#include "core/map/map.h"

enum { MAP_DRAWING_MAX = 2 * 1024 * 1024 };

struct map_drawing {
	const struct map *map;
	struct str lang;
	struct map_spot middle;
	int zoom, width, height; /* pixels */
	bool has_marker;
	struct map_point marker;
	struct str label; /* what it shows, for those who do not see it; none: something beside it says it */
	struct str tiles; /* "https://…/{z}/{x}/{y}.png": drawn instead of the map's own shapes; or none */
};
struct html map_draw(struct arena *a, const struct map_drawing *d);
