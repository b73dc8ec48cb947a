/* Reading maps: RFC 7946's own examples, every kind of mistake at its place, and what lies where. */
#include "base/testing.h"
#include "core/map/map.h"
#include "core/map/map_json.h"

#define OUTLINE                                                                                              \
	"{\"type\":\"Feature\",\"properties\":{\"kind\":\"outline\"},\"geometry\":{\"type\":\"Polygon\","        \
	"\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define FEATURE(properties, type, coordinates)                                                               \
	"{\"type\":\"Feature\",\"properties\":{" properties "},\"geometry\":{\"type\":\"" type                   \
	"\",\"coordinates\":" coordinates "}}"

static struct map *read(struct test *t, const char *text, struct findings *f)
{
	*f = findings_new(t->arena);
	return map_read(t->arena, str_of(text), f);
}

static struct map_point at(double lat, double lon)
{
	return (struct map_point){ (int32_t)(lat * 1e7), (int32_t)(lon * 1e7) };
}

/* RFC 7946, appendix A.3: a polygon with a hole. A.6: two polygons, one with a hole. */
TEST(map_reads_the_examples_of_rfc_7946)
{
	struct findings f;
	struct map *m = read(t,
		COLLECTION(FEATURE("\"kind\":\"outline\"", "Polygon",
			"[[[100.0,0.0],[101.0,0.0],[101.0,1.0],[100.0,1.0],[100.0,0.0]],"
			"[[100.8,0.8],[100.8,0.2],[100.2,0.2],[100.2,0.8],[100.8,0.8]]]")),
		&f);
	CHECK(m);
	CHECK(map_holds(m, at(0.1, 100.1)));
	CHECK(!map_holds(m, at(0.5, 100.5))); /* the hole */
	CHECK(!map_holds(m, at(0.5, 101.5)));
	m = read(t,
		COLLECTION(FEATURE("\"kind\":\"outline\"", "MultiPolygon",
			"[[[[102.0,2.0],[103.0,2.0],[103.0,3.0],[102.0,3.0],[102.0,2.0]]],"
			"[[[100.0,0.0],[101.0,0.0],[101.0,1.0],[100.0,1.0],[100.0,0.0]],"
			"[[100.2,0.2],[100.2,0.8],[100.8,0.8],[100.8,0.2],[100.2,0.2]]]]")),
		&f);
	CHECK(m);
	CHECK_INT(m->items[0].count, 3);
	CHECK(map_holds(m, at(2.5, 102.5)));
	CHECK(map_holds(m, at(0.9, 100.5)));
	CHECK(!map_holds(m, at(0.5, 100.5)));
	CHECK(!map_holds(m, at(1.5, 101.5)));
}

/* A.2 a line, A.5 lines, A.1 a point; foreign members (6.1), a bbox (5) and an altitude (3.1.1) are passed over. */
TEST(map_reads_lines_points_and_passes_over_what_it_may)
{
	struct findings f;
	struct map *m = read(t,
		"{\"type\":\"FeatureCollection\",\"name\":\"x\",\"bbox\":[0,0,1,1],\"features\":[" OUTLINE
		"," FEATURE("\"kind\":\"road\",\"class\":\"street\",\"name\":\"Calle Ñ\"", "LineString",
			"[[0.1,0.0,12],[0.2,-0.5]]") "," FEATURE("\"kind\":\"railway\"", "MultiLineString",
			"[[[0.0,0.0],[0.1,0.1]],[[0.2,0.2],[0.3,0.3]]]") "," FEATURE("\"kind\":\"place\",\"name\":{\"es\":"
																		 "\"Plaza\",\"eu\":\"Enparantza\"}",
			"Point", "[0.5,0.25]") "]}",
		&f);
	CHECK(m);
	CHECK_INT(m->count, 4);
	CHECK_INT(m->items[1].kind, MAP_RAILWAY); /* in the order of drawing */
	CHECK_INT(m->items[1].count, 2);
	CHECK_INT(m->items[2].road, MAP_STREET);
	CHECK_STR(text_in(m->items[2].name, STR("eu")), "Calle Ñ");
	CHECK_INT(m->items[2].lines[0].nodes[1].at.lat_e7, -5000000);
	CHECK_STR(text_in(m->items[3].name, STR("eu")), "Enparantza");
	CHECK_STR(text_in(m->items[3].name, STR("en")), "Plaza");
	CHECK_STR(map_json(t->arena, m, STR("eu")),
		"{\"features\":[{\"kind\":\"outline\",\"area\":true,\"lines\":[[0,0,0,1000000,1000000,0,0,-1000000,"
		"-1000000,0]]},{\"kind\":\"railway\",\"area\":false,\"lines\":[[0,0,100000,100000],[200000,200000,"
		"100000,100000]]},{\"kind\":\"road\",\"class\":\"street\",\"name\":\"Calle Ñ\",\"area\":false,"
		"\"lines\":[[0,100000,-500000,100000]]},{\"kind\":\"place\",\"name\":\"Enparantza\",\"area\":false,"
		"\"lines\":[[250000,500000]]}]}");
}

TEST(map_says_what_is_wrong_and_where)
{
	static const struct {
		const char *text;
		int line, column;
		const char *said;
	} cases[] = {
		{ "{\n\"type\": \"FeatureCollection\",,", 2, 29, "not the JSON of a map: string or '}' expected" },
		{ "[]", 1, 1, "a map is a FeatureCollection (RFC 7946, 3.3)" },
		{ COLLECTION(""), 1, 1, "there is no feature of kind 'outline': the town's limits" },
		{ COLLECTION(OUTLINE "," OUTLINE), 1, 1, "a map has one outline; this one has two" },
		{ "{\"type\":\"FeatureCollection\",\"crs\":7,\"features\":[" OUTLINE "]}", 1, 35,
			"crs: coordinates are WGS 84 only (RFC 7946, 4)" },
		{ COLLECTION(OUTLINE ",{}"), 1, 170, "features[1]: each item has \"type\": \"Feature\"" },
		{ COLLECTION(OUTLINE ",\n" FEATURE("\"kind\":\"rode\"", "Point", "[0,0]")), 2, 40,
			"features[1].properties.kind: \"kind\" is one of outline, neighbourhood, park, water, railway, road, "
			"place; did you mean 'road'?" },
		{ COLLECTION(
			  OUTLINE ",\n" FEATURE("\"kind\":\"road\",\"nane\":\"x\"", "LineString", "[[0,0],[1,1]]")),
			2, 32, "features[1].properties: there is no property 'nane'; did you mean 'name'?" },
		{ COLLECTION(OUTLINE ",\n" FEATURE("\"kind\":\"park\",\"class\":\"main\"", "Polygon",
			  "[[[0,0],[1,0],[1,1],[0,0]]]")),
			2, 55, "features[1].properties.class: only a road has a class" },
		{ COLLECTION(OUTLINE ",\n" FEATURE("\"kind\":\"road\",\"name\":\"\"", "LineString", "[[0,0],[1,1]]")),
			2, 54,
			"features[1].properties.name: a name is a text of at most 60 characters, or one for each language: "
			"{\"es\": …, \"eu\": …}" },
		{ COLLECTION(OUTLINE ",\n" FEATURE("\"kind\":\"road\"", "Polygon", "[]")), 2, 67,
			"features[1].geometry.type: a road is a LineString or MultiLineString" },
		{ COLLECTION(OUTLINE ",\n" FEATURE("\"kind\":\"road\"", "LineString", "[[0,0]]")), 2, 94,
			"features[1].geometry.coordinates: a line has at least two positions" },
		{ COLLECTION(OUTLINE ",\n" FEATURE("\"kind\":\"road\"", "LineString", "[[0,0],[1,\"1\"]]")), 2, 101,
			"features[1].geometry.coordinates[1]: a position is [longitude, latitude] in degrees, longitude "
			"first (RFC 7946, 3.1.1)" },
		{ COLLECTION(
			  OUTLINE ",\n" FEATURE("\"kind\":\"road\"", "LineString", "[[21.1,-101.6],[21.2,-101.7]]")),
			2, 95,
			"features[1].geometry.coordinates[0]: a position is [longitude, latitude] in degrees, longitude "
			"first (RFC 7946, 3.1.1)" },
		{ COLLECTION(OUTLINE ",\n" FEATURE("\"kind\":\"park\"", "Polygon", "[[[0,0],[1,0],[1,1],[0,1]]]")), 2,
			92,
			"features[1].geometry.coordinates[0]: a ring has at least four positions, the last equal to the "
			"first (RFC 7946, 3.1.6)" },
		{ COLLECTION(OUTLINE ",\n" FEATURE("\"kind\":\"road\"", "LineString", "[[0,0],[4,1]]")), 1, 1,
			"the map is more than 3 degrees wide or high: a town's map is asked for" },
		{ COLLECTION(FEATURE("\"kind\":\"outline\"", "Polygon", "[[[0.0000001,0],[1,0],[1,1],[0,0]]]")), 1,
			137, "not the JSON of a map: a number with more than six decimals" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct findings f;
		CHECK(!read(t, cases[i].text, &f));
		CHECK(f.count >= 1);
		CHECK_STR(f.items[0].text, cases[i].said);
		CHECK_INT(f.items[0].line, cases[i].line);
		CHECK_INT(f.items[0].column, cases[i].column);
	}
}

TEST(map_has_limits)
{
	struct findings f;
	struct buf many = buf_new(t->arena, 4 * 1024 * 1024), long_line = buf_new(t->arena, 4 * 1024 * 1024);
	buf_add(&many, STR("{\"type\":\"FeatureCollection\",\"features\":["));
	for (int i = 0; i <= MAP_FEATURES_MAX; i++)
		buf_add(&many, i ? STR(",{}") : STR("{}"));
	buf_add(&many, STR("]}"));
	CHECK(!read(t, many.p, &f));
	CHECK_INT(f.count, 1);
	CHECK_STR(f.items[0].text, "features: 2001 features; at most 2000");
	buf_add(&long_line,
		STR("{\"type\":\"FeatureCollection\",\"features\":[" OUTLINE
			",{\"type\":\"Feature\",\"properties\":{\"kind\":\"road\"},\"geometry\":{\"type\":"
			"\"LineString\",\"coordinates\":["));
	for (int i = 0; i <= MAP_NODES_MAX; i++)
		buf_add(&long_line, i ? STR(",[0,0]") : STR("[0,0]"));
	buf_add(&long_line, STR("]}}]}"));
	CHECK(!read(t, long_line.p, &f));
	CHECK_STR(f.items[0].text, "features: 20006 positions; at most 20000");
}

/* What is said about many mistakes stays readable. */
TEST(map_stops_counting_mistakes)
{
	struct findings f;
	struct buf many = buf_new(t->arena, 1024 * 1024);
	buf_add(&many, STR("{\"type\":\"FeatureCollection\",\"features\":["));
	for (int i = 0; i < 200; i++)
		buf_add(&many, i ? STR(",{}") : STR("{}"));
	buf_add(&many, STR("]}"));
	CHECK(!read(t, many.p, &f));
	CHECK_INT(f.count, 50);
}

TEST(map_knows_the_neighbourhood)
{
	struct findings f;
	struct map *m = read(t,
		COLLECTION(OUTLINE "," FEATURE("\"kind\":\"neighbourhood\",\"name\":\"Norte\"", "Polygon",
			"[[[0.1,0.5],[0.9,0.5],[0.5,0.9],[0.1,0.5]]]") "," FEATURE("\"kind\":\"neighbourhood\",\"name\":"
																	   "\"Sur\"",
			"Point", "[0.5,0.2]")),
		&f);
	CHECK(m);
	CHECK_STR(text_in(map_neighbourhood(m, at(0.6, 0.5))->name, STR("es")), "Norte");
	CHECK(!map_neighbourhood(m, at(0.85, 0.15))); /* in its box, not in it */
	CHECK(!map_neighbourhood(m, at(0.2, 0.5)));   /* a name without an area holds nothing */
	struct map_point middle = mercator_point(map_middle(m));
	CHECK_INT(middle.lon_e7, 5000000);
}
