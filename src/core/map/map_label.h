/* Names on a map, none over another. What the files of this folder share; nobody else includes it. */
#pragma once
#include "core/map/map_draw.h"

/* Left and top edge of the drawing as a spot; positions in tenths of pixels from there. */
struct map_tenths {
	int64_t x, y;
};
struct map_tenths map_tenths_of(const struct map_drawing *d, struct map_spot s);
/* Writes <text> elements. */
void map_labels(struct arena *a, const struct map_drawing *d, struct buf *out);
