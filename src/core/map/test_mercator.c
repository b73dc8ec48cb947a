/* Web mercator against published figures. */
#include "base/testing.h"
#include "core/map/mercator.h"

enum { E7 = 10 * 1000 * 1000 };
#define HALF_WORLD_M 20037508.342789244

static struct map_point at(double lat, double lon)
{
	return (struct map_point){ (int32_t)(lat * E7 + (lat < 0 ? -.5 : .5)),
		(int32_t)(lon * E7 + (lon < 0 ? -.5 : .5)) };
}

/* OpenStreetMap wiki, "Slippy map tilenames" (Tokyo); the README of mapbox/mercantile (bounds of tile 10/486/332). */
TEST(mercator_tiles_are_those_of_every_web_map)
{
	static const struct {
		double lat, lon;
		int zoom;
		uint32_t x, y;
	} cases[] = {
		{ 35.6590699, 139.7006793, 18, 232798, 103246 },
		{ 53.3308, -9.1406, 10, 486, 332 },
		{ 53.1205, -8.7891, 10, 486, 332 },
		{ 0.0001, -0.0001, 1, 0, 0 },
		{ 85.0511, -180, 19, 0, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t x, y;
		mercator_tile(mercator_spot(at(cases[i].lat, cases[i].lon)), cases[i].zoom, &x, &y);
		CHECK_INT(x, cases[i].x);
		CHECK_INT(y, cases[i].y);
	}
}

/* IOGP guidance note 7-2, 3.5.1.2 (EPSG method 1024): 24°22'54.433"N 100°20'00.000"W is E −11169055.58, N 2800000.00 m. */
TEST(mercator_is_the_projection_of_epsg_3857)
{
	struct map_spot s = mercator_spot(at(24.381786944, -100.333333333));
	double unit_m = 2 * HALF_WORLD_M / 4294967296.0;
	double east = s.x * unit_m - HALF_WORLD_M, north = HALF_WORLD_M - s.y * unit_m;
	CHECK(east > -11169055.60 && east < -11169055.56);
	CHECK(north > 2799999.98 && north < 2800000.02);
}

/* To a millionth of a degree, a tenth of a metre. */
TEST(mercator_comes_back_to_the_point)
{
	static const struct map_point points[] = { { 211223000, -1016841000 }, { 432965000, -29881000 },
		{ -338568000, 1512153000 }, { 0, 0 } };
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		struct map_point p = mercator_point(mercator_spot(points[i]));
		CHECK_INT(p.lat_e7, points[i].lat_e7);
		CHECK_INT(p.lon_e7, points[i].lon_e7);
	}
}

TEST(mercator_moves_by_pixels)
{
	struct map_spot s = mercator_spot(at(21.1223, -101.6841));
	CHECK_INT(mercator_tenths(s.x, mercator_moved(s.x, 1234, 15), 15), 1234);
	CHECK_INT(mercator_tenths(s.x, mercator_moved(s.x, -1234, 15), 15), -1234);
	CHECK_INT(mercator_moved(10, -100000, 10), 0); /* the world's edge holds */
	CHECK_INT(mercator_moved(UINT32_MAX - 10, 100000, 10), UINT32_MAX);
	CHECK_INT(mercator_tenths(s.x, s.x + (1u << 16), 8),
		10); /* 2^24 units of a tile are 256 pixels at zoom 8 */
}

/* 156,543.03 m a pixel at the equator at zoom 0 (OpenStreetMap wiki, "Zoom levels"), half of it at 60°. */
TEST(mercator_pixels_on_the_ground)
{
	CHECK_INT(mercator_pixel_mm(0, 0), 156543034);
	CHECK_INT(mercator_pixel_mm(600000000, 0), 78271517);
	CHECK_INT(mercator_pixel_mm(0, 10), 152874);
}

TEST(mercator_distance_and_bearing)
{
	int bearing;
	/* A degree of a meridian is 111.195 km on the mean sphere. */
	CHECK_INT(mercator_distance_m(at(43, -3), at(44, -3), &bearing), 111195);
	CHECK_INT(bearing, 0);
	CHECK_INT(mercator_distance_m(at(43.3, -3), at(43.3, -2.99), &bearing), 809);
	CHECK_INT(bearing, 90);
	mercator_distance_m(at(43.3, -3), at(43.29, -3), &bearing);
	CHECK_INT(bearing, 180);
}
