/* A view as SVG: what is in it, what is left out, and that it stays small. */
#include "base/testing.h"
#include "core/definition/pack.h"
#include "core/map/map_draw.h"

static struct pack *load(struct test *t, const char *folder)
{
	struct pack *pack = NULL;
	struct err *e = pack_load(t->arena, folder, NULL, &pack);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	return pack;
}

static struct map_drawing view_of(const struct pack *pack, int zoom)
{
	return (struct map_drawing){ .map = pack->map.base,
		.lang = STR("es"),
		.middle = mercator_spot(pack->map.center),
		.zoom = zoom,
		.width = 640,
		.height = 400 };
}

static size_t count(struct str in, struct str what)
{
	size_t n = 0;
	for (ptrdiff_t at; (at = str_find(in, what)) >= 0; n++)
		in = str_slice(in, (size_t)at + what.n, in.n);
	return n;
}

TEST(map_draw_shows_what_a_zoom_can_show)
{
	struct pack *pack = load(t, "packs/leon");
	if (!pack) return;
	struct map_drawing d = view_of(pack, 12);
	struct str far = map_draw(t->arena, &d).markup;
	CHECK(str_starts_with(far,
		STR("<svg class=\"map\" viewBox=\"0 0 640 400\" width=\"640\" height=\"400\" ")));
	CHECK(str_find(far, STR("aria-hidden=\"true\">")) > 0);
	CHECK_INT(count(far, STR("class=\"map-street\"")), 0);
	CHECK(str_find(far, STR(">Calle Hidalgo</text>")) < 0);
	CHECK(str_find(far, STR(">2 km</text>")) > 0);
	CHECK_INT(count(far, STR("map-pin")), 0);
	d.zoom = 16;
	d.label = STR("Plaza <&> \"x\"");
	d.has_marker = true;
	d.marker = pack->map.center;
	struct str near = map_draw(t->arena, &d).markup;
	CHECK(str_find(near, STR("role=\"img\" aria-label=\"Plaza &lt;&amp;&gt; &quot;x&quot;\"")) > 0);
	CHECK(str_find(near, STR(">Calle Hidalgo</text>")) > 0);
	CHECK(str_find(near, STR("class=\"map-pin\" transform=\"translate(320 200)\"")) > 0);
	CHECK(str_find(near, STR(">200 m</text>")) > 0);
	CHECK_INT(count(near, STR("Cumbres")), 0);
	CHECK(near.n < far.n); /* what lies outside is left out */
}

/* Wherever one looks and however close, nothing grows: 40 kB before compression. */
TEST(map_draw_is_small_everywhere)
{
	static const char *const folders[] = { "packs/leon", "packs/barakaldo" };
	for (int i = 0; i < 2; i++) {
		struct pack *pack = load(t, folders[i]);
		if (!pack) return;
		for (int zoom = PACK_MAP_ZOOM_MIN; zoom <= MERCATOR_ZOOM_MAX; zoom++) {
			struct map_drawing d = view_of(pack, zoom);
			for (int step = -3; step <= 3; step++) {
				d.middle.x = mercator_moved(mercator_spot(pack->map.center).x, step * 3000, zoom);
				CHECK(map_draw(t->arena, &d).markup.n < 40 * 1024);
			}
		}
	}
}

TEST(map_draw_leaves_a_marker_out_of_view_out)
{
	struct pack *pack = load(t, "packs/leon");
	if (!pack) return;
	struct map_drawing d = view_of(pack, 16);
	d.has_marker = true;
	d.marker = (struct map_point){ 212000000, -1016822000 };
	CHECK_INT(count(map_draw(t->arena, &d).markup, STR("map-pin")), 0);
}

TEST(map_draw_speaks_the_readers_language)
{
	struct pack *pack = load(t, "packs/barakaldo");
	if (!pack) return;
	struct map_drawing d = view_of(pack, 15);
	CHECK(str_find(map_draw(t->arena, &d).markup, STR("Metro Barakaldo")) > 0);
	d.lang = STR("eu");
	struct str drawn = map_draw(t->arena, &d).markup;
	CHECK(str_find(drawn, STR("Barakaldo metroa")) > 0);
	CHECK(str_find(drawn, STR("Metro Barakaldo")) < 0);
}

/* The tiles that cover a view of 640 × 400, each where it belongs; the shapes of the file are not drawn over them. */
TEST(map_draw_takes_the_towns_own_tiles)
{
	struct pack *pack = load(t, "packs/leon");
	if (!pack) return;
	struct map_drawing d = view_of(pack, 15);
	uint32_t x, y;
	d.tiles = STR("https://mapas.example/{z}/{x}/{y}.png?a=1&b=2");
	mercator_tile(d.middle, 15, &x, &y);
	d.middle = (struct map_spot){ x << 17, y << 17 }; /* a corner of four tiles */
	struct str drawn = map_draw(t->arena, &d).markup;
	struct str one = arena_printf(t->arena,
		"<image href=\"https://mapas.example/15/%u/%u.png?a=1&amp;b=2\" x=\"320\" y=\"200\" width=\"256\" "
		"height=\"256\"/>",
		x, y);
	CHECK(str_find(drawn, one) > 0);
	CHECK_INT(count(drawn, STR("<image")), 8); /* four across, two down */
	CHECK_INT(count(drawn, STR("<path class=\"map-land\"")), 0);
}

/* A road that winds for long outside the view and then crosses it: only the crossing is written. */
TEST(map_draw_cuts_lines_to_the_view)
{
	struct buf text = buf_new(t->arena, 64 * 1024);
	struct findings findings = findings_new(t->arena);
	buf_add(&text,
		STR("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"kind\":"
			"\"outline\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},"
			"{\"type\":\"Feature\",\"properties\":{\"kind\":\"road\"},\"geometry\":{\"type\":\"LineString\","
			"\"coordinates\":["));
	for (int i = 0; i < 500; i++)
		buf_printf(&text, "[0.%d,0.%03d],", i % 2 + 1, 200 + i);
	buf_add(&text, STR("[0.1,0.5],[0.9,0.5]]}}]}"));
	struct map *m = map_read(t->arena, buf_str(&text), &findings);
	CHECK(m);
	struct map_drawing d = { .map = m, .lang = STR("es"), .zoom = 16, .width = 640, .height = 400 };
	d.middle = mercator_spot((struct map_point){ 5000000, 5000000 });
	struct str drawn = map_draw(t->arena, &d).markup;
	CHECK_INT(count(drawn, STR("class=\"map-main\"")), 1);
	CHECK(drawn.n < 1500);
}
