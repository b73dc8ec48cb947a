#include <math.h>
#include "core/map/mercator.h"

#define WORLD 4294967296.0 /* 2^32 */
#define EARTH_CIRCUMFERENCE_M 40075016.685578488
#define EARTH_RADIUS_M 6371008.8 /* the mean one: distances, not the projection */

enum { E7 = 10 * 1000 * 1000, E7_OF_PICK = 10, TENTHS_OF_TILE_BITS = 8 };

static double radians(int32_t e7) { return e7 / (double)E7 * M_PI / 180; }

static uint32_t on_square(double share)
{
	double units = floor(share * WORLD);
	if (units < 0) return 0;
	return units >= WORLD ? UINT32_MAX : (uint32_t)units;
}

struct map_spot mercator_spot(struct map_point p)
{
	int32_t lat = p.lat_e7;
	if (lat > MERCATOR_LAT_MAX_E7) lat = MERCATOR_LAT_MAX_E7;
	if (lat < -MERCATOR_LAT_MAX_E7) lat = -MERCATOR_LAT_MAX_E7;
	double y = (1 - asinh(tan(radians(lat))) / M_PI) / 2;
	return (struct map_spot){ on_square(p.lon_e7 / (360.0 * E7) + 0.5), on_square(y) };
}

static int32_t picked(double degrees) { return (int32_t)(lround(degrees * E7 / E7_OF_PICK) * E7_OF_PICK); }

struct map_point mercator_point(struct map_spot s)
{
	double lon = (s.x + 0.5) / WORLD * 360 - 180;
	double lat = atan(sinh(M_PI * (1 - 2 * (s.y + 0.5) / WORLD))) * 180 / M_PI;
	return (struct map_point){ picked(lat), picked(lon) };
}

void mercator_tile(struct map_spot s, int zoom, uint32_t *ret_x, uint32_t *ret_y)
{
	*ret_x = (uint32_t)((uint64_t)s.x >> (32 - zoom));
	*ret_y = (uint32_t)((uint64_t)s.y >> (32 - zoom));
}

int64_t mercator_tenths(uint32_t from, uint32_t to, int zoom)
{
	int64_t units = ((int64_t)to - (int64_t)from) * 10;
	int64_t unit = INT64_C(1) << (32 - TENTHS_OF_TILE_BITS - zoom); /* of a pixel */
	return (units >= 0 ? units + unit / 2 : units - unit / 2) / unit;
}

uint32_t mercator_moved(uint32_t from, int64_t tenths, int zoom)
{
	int64_t to = (int64_t)from + tenths * (INT64_C(1) << (32 - TENTHS_OF_TILE_BITS - zoom)) / 10;
	if (to < 0) return 0;
	return to > UINT32_MAX ? UINT32_MAX : (uint32_t)to;
}

int64_t mercator_pixel_mm(int32_t lat_e7, int zoom)
{
	double pixels = 256.0 * (double)(INT64_C(1) << zoom);
	return (int64_t)llround(EARTH_CIRCUMFERENCE_M * 1000 * cos(radians(lat_e7)) / pixels);
}

int64_t mercator_distance_m(struct map_point from, struct map_point to, int *ret_bearing)
{
	double middle = (radians(from.lat_e7) + radians(to.lat_e7)) / 2;
	double north = radians(to.lat_e7) - radians(from.lat_e7);
	double east = (radians(to.lon_e7) - radians(from.lon_e7)) * cos(middle);
	*ret_bearing = ((int)lround(atan2(east, north) * 180 / M_PI) + 360) % 360;
	return (int64_t)llround(sqrt(north * north + east * east) * EARTH_RADIUS_M);
}
