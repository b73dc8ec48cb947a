/*
 * Web mercator (EPSG:3857) in whole numbers: where a latitude and longitude lie on the square of the world that every
 * web map cuts into 2^zoom × 2^zoom tiles of 256 pixels. The square is 2^32 units wide, a unit is about a centimetre;
 * (0, 0) is its north-west corner. No projection but this one is known here.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { MERCATOR_ZOOM_MAX = 19, MERCATOR_LAT_MAX_E7 = 850511287 };

struct map_point { /* degrees × 10^7 (WGS 84) */
	int32_t lat_e7, lon_e7;
};
struct map_spot { /* on the square of the world */
	uint32_t x, y;
};

/* Latitudes past the square's edge (85.05°) are taken as the edge. */
struct map_spot mercator_spot(struct map_point p);
/* Back, rounded to a millionth of a degree: what a person picks with a finger is no better. */
struct map_point mercator_point(struct map_spot s);
/* The tile that holds a spot. */
void mercator_tile(struct map_spot s, int zoom, uint32_t *ret_x, uint32_t *ret_y);
/* Tenths of a pixel from one spot's coordinate to another's at that zoom. */
int64_t mercator_tenths(uint32_t from, uint32_t to, int zoom);
/* So many tenths of a pixel further; the edge of the world at most. */
uint32_t mercator_moved(uint32_t from, int64_t tenths, int zoom);
/* Millimetres on the ground that a pixel covers there. */
int64_t mercator_pixel_mm(int32_t lat_e7, int zoom);
/* Metres between two points of one town, and the bearing in degrees (0 north, 90 east); on a sphere, good to 0.3 %. */
int64_t mercator_distance_m(struct map_point from, struct map_point to, int *ret_bearing);
