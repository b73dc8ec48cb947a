/*
 * GeoJSON → map. Strict: what a map does not use is an error where it could hide a slip (an unknown property, a second
 * outline, a ring that does not close), and passed over where RFC 7946 wants it so (foreign members, altitudes, the
 * direction of rings). Every error has its path, line and column.
 */
#include "base/json.h"
#include "base/utf8.h"
#include "core/map/map.h"
#include "core/map/map_place.h"

enum { E7_DIGITS = 7, RING_MIN = 4, ERRORS_MAX = 50, HALF_TURN = 180, QUARTER_TURN = 90, LANG_MAX = 8 };

struct reading {
	struct arena *arena;
	struct str text;
	struct findings *findings;
	int errors;
	size_t nodes;
	struct map *map;
};

#define STEP(up_, key_) (&(const struct map_step){ .up = (up_), .key = (key_) })
#define ITEM(up_, index_) (&(const struct map_step){ .up = (up_), .index = (index_) })

__attribute__((format(printf, 3, 4))) static void wrong(struct reading *r, const struct map_step *at,
	const char *format, ...)
{
	if (r->errors++ >= ERRORS_MAX) return;
	struct buf path = buf_new(r->arena, 200), what = buf_new(r->arena, 400);
	char line[300];
	int where[2];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	map_step_print(at, &path);
	buf_printf(&what, "%.*s%s%s", STR_FMT(buf_str(&path)), path.n ? ": " : "", line);
	map_step_find(r->text, at, &where[0], &where[1]);
	finding_add(r->findings, where[0], where[1], "%.*s", STR_FMT(buf_str(&what)));
}

/* --- positions ------------------------------------------------------------------------------------------ */

/* -101.684 → -1016840000; base/json has let at most six decimals pass. */
static bool read_degrees(const struct json *v, int64_t most, int32_t *ret)
{
	int64_t whole = v->i, part = 0;
	bool is_negative = false;
	if (v->kind == JSON_DECIMAL) {
		struct str rest = v->text;
		is_negative = str_starts_with(rest, STR("-"));
		if (is_negative) rest = str_slice(rest, 1, rest.n);
		struct str before = str_cut(&rest, '.');
		if (!str_to_int64(before, 0, most, &whole) || !str_to_int64(rest, 0, INT32_MAX, &part)) return false;
		for (size_t digits = rest.n; digits < E7_DIGITS; digits++)
			part *= 10;
	} else if (v->kind != JSON_INT || whole < -most || whole > most) {
		return false;
	}
	int64_t e7 = whole * 10000000 + part;
	if (e7 > most * 10000000) return false;
	*ret = (int32_t)(is_negative ? -e7 : e7);
	return true;
}

static bool read_node(struct reading *r, const struct json *v, const struct map_step *at,
	struct map_node *ret)
{
	struct map_point p;
	if (v->kind != JSON_LIST || v->count < 2) {
		wrong(r, at, "a position is [longitude, latitude]");
		return false;
	}
	bool is_good = read_degrees(v->first, HALF_TURN, &p.lon_e7) &&
		read_degrees(v->first->next, QUARTER_TURN, &p.lat_e7) && p.lat_e7 <= MERCATOR_LAT_MAX_E7 &&
		p.lat_e7 >= -MERCATOR_LAT_MAX_E7;
	if (!is_good) {
		wrong(r, at, "a position is [longitude, latitude] in degrees, longitude first (RFC 7946, 3.1.1)");
		return false;
	}
	*ret = (struct map_node){ p, mercator_spot(p) };
	return true;
}

static bool read_line(struct reading *r, const struct json *list, const struct map_step *at, bool is_ring,
	struct map_line *ret)
{
	if (list->kind != JSON_LIST) {
		wrong(r, at, "a list of positions belongs here");
		return false;
	}
	r->nodes += list->count;
	if (r->nodes > MAP_NODES_MAX) return false; /* said once, at the end */
	struct map_line line = { ARENA_ARRAY(r->arena, struct map_node, list->count), 0 };
	for (const struct json *v = list->first; v; v = v->next)
		if (read_node(r, v, ITEM(at, line.count), &line.nodes[line.count]))
			line.count++;
		else
			return false;
	if (!is_ring && line.count < 2) {
		wrong(r, at, "a line has at least two positions");
		return false;
	}
	if (is_ring) {
		const struct map_node *last = &line.nodes[line.count ? line.count - 1 : 0];
		if (line.count < RING_MIN || line.nodes[0].at.lat_e7 != last->at.lat_e7 ||
			line.nodes[0].at.lon_e7 != last->at.lon_e7) {
			wrong(r, at, "a ring has at least four positions, the last equal to the first (RFC 7946, 3.1.6)");
			return false;
		}
	}
	*ret = line;
	return true;
}

/* --- geometries --------------------------------------------------------------------------------------------- */

static const struct geometry {
	const char *name;
	int group;  /* MAP_AREAS, MAP_LINES, MAP_POINTS */
	int levels; /* of lists around a line: 0 a position, 1 a line, 2 lines or rings, 3 areas */
} geometries[] = {
	{ "Point", MAP_POINTS, 0 },
	{ "LineString", MAP_LINES, 1 },
	{ "MultiLineString", MAP_LINES, 2 },
	{ "Polygon", MAP_AREAS, 2 },
	{ "MultiPolygon", MAP_AREAS, 3 },
};

static size_t count_lines(const struct json *v, int levels)
{
	if (levels <= 1 || v->kind != JSON_LIST) return 1;
	size_t count = 0;
	for (const struct json *child = v->first; child; child = child->next)
		count += count_lines(child, levels - 1);
	return count;
}

static void read_lines(struct reading *r, const struct json *v, const struct map_step *at, int levels,
	struct map_feature *f)
{
	if (levels == 0) {
		struct map_node *node = ARENA_NEW(r->arena, struct map_node);
		r->nodes++;
		if (read_node(r, v, at, node)) f->lines[f->count++] = (struct map_line){ node, 1 };
	} else if (levels == 1) {
		if (read_line(r, v, at, f->is_area, &f->lines[f->count])) f->count++;
	} else if (v->kind != JSON_LIST || v->count == 0) {
		wrong(r, at, "a list that is not empty belongs here");
	} else {
		size_t i = 0;
		for (const struct json *child = v->first; child; child = child->next)
			read_lines(r, child, ITEM(at, i++), levels - 1, f);
	}
}

static void set_box(struct map_feature *f)
{
	struct map_box b = { f->lines[0].nodes[0].spot, f->lines[0].nodes[0].spot };
	for (size_t i = 0; i < f->count; i++) {
		for (size_t k = 0; k < f->lines[i].count; k++) {
			struct map_spot s = f->lines[i].nodes[k].spot;
			if (s.x < b.min.x) b.min.x = s.x;
			if (s.x > b.max.x) b.max.x = s.x;
			if (s.y < b.min.y) b.min.y = s.y;
			if (s.y > b.max.y) b.max.y = s.y;
		}
	}
	f->box = b;
}

static void read_geometry(struct reading *r, const struct json *feature, const struct map_step *at,
	int allowed, struct map_feature *f)
{
	const struct json *v = json_get(feature, STR("geometry"));
	struct str type = json_text(v, STR("type"));
	const struct json *coordinates = json_get(v, STR("coordinates"));
	const struct geometry *g = NULL;
	for (size_t i = 0; i < sizeof geometries / sizeof *geometries; i++)
		if (str_eq(type, str_of(geometries[i].name))) g = &geometries[i];
	if (!g || !(g->group & allowed)) {
		wrong(r, STEP(STEP(at, "geometry"), "type"), "a %s is %s%s%s", map_kind_name(f->kind),
			allowed & MAP_AREAS ? "a Polygon or MultiPolygon" : "",
			allowed & MAP_LINES
				? (allowed & MAP_AREAS ? ", or a LineString" : "a LineString or MultiLineString")
				: "",
			allowed & MAP_POINTS ? (allowed & MAP_AREAS ? ", or a Point" : "a Point") : "");
		return;
	}
	if (!coordinates) {
		wrong(r, STEP(at, "geometry"), "a geometry has coordinates");
		return;
	}
	int before = r->errors;
	f->is_area = g->group == MAP_AREAS;
	f->lines = ARENA_ARRAY(r->arena, struct map_line, count_lines(coordinates, g->levels) + 1);
	read_lines(r, coordinates, STEP(STEP(at, "geometry"), "coordinates"), g->levels, f);
	if (r->errors == before && f->count) set_box(f);
}

/* --- properties ------------------------------------------------------------------------------------------------ */

static bool is_name(struct str s)
{
	return s.n > 0 && utf8_is_plain(s, false) && utf8_length(s) <= MAP_NAME_MAX;
}

static void read_name(struct reading *r, const struct json *v, const struct map_step *at,
	struct map_feature *f)
{
	bool is_map = v->kind == JSON_MAP;
	size_t count = is_map ? v->count : 1;
	struct text text = { .items = ARENA_ARRAY(r->arena, struct text_entry, count + 1) };
	for (const struct json *one = is_map ? v->first : v; one; one = is_map ? one->next : NULL) {
		bool is_good = one->kind == JSON_TEXT && is_name(one->text) && (!is_map || one->key.n <= LANG_MAX);
		if (!is_good) {
			wrong(r, at,
				"a name is a text of at most %d characters, or one for each language: {\"es\": …, \"eu\": …}",
				MAP_NAME_MAX);
			return;
		}
		text.items[text.count++] = (struct text_entry){ is_map ? one->key : STR(""), one->text };
	}
	f->name = text;
}

/* One of the words; the nearest one is offered otherwise. */
static bool read_word(struct reading *r, const struct json *v, const struct map_step *at, const char *what,
	const char *(*word)(int), int count, int *ret)
{
	struct str given = v && v->kind == JSON_TEXT ? v->text : STR_NONE;
	struct near near = near_start(given);
	struct buf all = buf_new(r->arena, 200);
	for (int i = 0; i < count; i++) {
		if (str_eq(given, str_of(word(i)))) return *ret = i, true;
		near_try(&near, str_of(word(i)));
		buf_printf(&all, "%s%s", i ? ", " : "", word(i));
	}
	wrong(r, at, "%s is one of %.*s%.*s", what, STR_FMT(buf_str(&all)), STR_FMT(near_hint(r->arena, &near)));
	return false;
}

static const char *kind_word(int i) { return map_kind_name((enum map_kind)i); }
static const char *class_word(int i) { return map_class_name((enum map_class)i); }

static bool read_properties(struct reading *r, const struct json *feature, const struct map_step *up,
	struct map_feature *f)
{
	static const char *const known[] = { "kind", "name", "class", "source" };
	const struct json *v = json_get(feature, STR("properties")), *road = json_get(v, STR("class"));
	const struct map_step *at = STEP(up, "properties");
	int kind, class = MAP_MAIN;
	if (!read_word(r, json_get(v, STR("kind")), STEP(at, "kind"), "\"kind\"", kind_word, MAP_KIND_MAX, &kind))
		return false;
	f->kind = (enum map_kind)kind;
	for (const struct json *p = v->first; p; p = p->next) {
		struct near near = near_start(p->key);
		bool is_known = false;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
			is_known |= str_eq(p->key, str_of(known[i]));
			near_try(&near, str_of(known[i]));
		}
		if (!is_known)
			wrong(r, at, "there is no property '%.*s'%.*s", STR_FMT(str_slice(p->key, 0, LANG_MAX * 4)),
				STR_FMT(near_hint(r->arena, &near)));
	}
	if (road && f->kind != MAP_ROAD)
		wrong(r, STEP(at, "class"), "only a road has a class");
	else if (road && !read_word(r, road, STEP(at, "class"), "\"class\"", class_word, MAP_CLASS_MAX, &class))
		return false;
	f->road = (enum map_class) class;
	if (json_get(v, STR("name"))) read_name(r, json_get(v, STR("name")), STEP(at, "name"), f);
	return true;
}

/* --- the whole --------------------------------------------------------------------------------------------------- */

static void read_feature(struct reading *r, const struct json *v, const struct map_step *at)
{
	static const int allowed[] = {
#define X(e, name, geometries) geometries,
		MAP_KINDS(X)
#undef X
	};
	struct map_feature *f = &r->map->items[r->map->count];
	*f = (struct map_feature){ .kind = MAP_KIND_MAX };
	if (!str_eq(json_text(v, STR("type")), STR("Feature"))) {
		wrong(r, at, "each item has \"type\": \"Feature\"");
		return;
	}
	if (!read_properties(r, v, at, f)) return;
	read_geometry(r, v, at, allowed[f->kind], f);
	if (f->count) r->map->count++;
}

/* By kind and class, otherwise as in the file: the same file draws the same map. */
static void put_in_order(struct reading *r)
{
	struct map *m = r->map;
	struct map_feature *ordered = ARENA_ARRAY(r->arena, struct map_feature, m->count + 1);
	size_t count = 0;
	for (int kind = 0; kind < MAP_KIND_MAX; kind++)
		for (int class = 0; class < MAP_CLASS_MAX; class ++)
			for (size_t i = 0; i < m->count; i++)
				if ((int)m->items[i].kind == kind && (int)m->items[i].road == class)
					ordered[count++] = m->items[i];
	m->items = ordered;
}

static void check_whole(struct reading *r)
{
	const struct map_feature *outline = NULL;
	struct map_box all = { { UINT32_MAX, UINT32_MAX }, { 0, 0 } };
	uint32_t most = (uint32_t)((INT64_C(1) << 32) * MAP_SPAN_MAX_E7 / 3600000000);
	for (size_t i = 0; i < r->map->count; i++) {
		const struct map_feature *f = &r->map->items[i];
		if (f->kind == MAP_OUTLINE && outline) wrong(r, NULL, "a map has one outline; this one has two");
		if (f->kind == MAP_OUTLINE) outline = f;
		if (f->box.min.x < all.min.x) all.min.x = f->box.min.x;
		if (f->box.min.y < all.min.y) all.min.y = f->box.min.y;
		if (f->box.max.x > all.max.x) all.max.x = f->box.max.x;
		if (f->box.max.y > all.max.y) all.max.y = f->box.max.y;
	}
	if (!outline) {
		wrong(r, NULL, "there is no feature of kind 'outline': the town's limits");
		return;
	}
	/* Mercator stretches what lies far north; eight times is beyond any town. */
	if (all.max.x - all.min.x > most || all.max.y - all.min.y > most * 8)
		wrong(r, NULL, "the map is more than %d degrees wide or high: a town's map is asked for",
			MAP_SPAN_MAX_E7 / 10000000);
	r->map->box = outline->box;
}

static void read_collection(struct reading *r, const struct json *root)
{
	const struct json *features = json_get(root, STR("features"));
	const struct map_step *at = STEP(NULL, "features");
	size_t i = 0;
	if (!str_eq(json_text(root, STR("type")), STR("FeatureCollection")) || !features ||
		features->kind != JSON_LIST) {
		wrong(r, NULL, "a map is a FeatureCollection (RFC 7946, 3.3)");
		return;
	}
	if (json_get(root, STR("crs"))) wrong(r, STEP(NULL, "crs"), "coordinates are WGS 84 only (RFC 7946, 4)");
	if (features->count > MAP_FEATURES_MAX) {
		wrong(r, at, "%zu features; at most %d", features->count, MAP_FEATURES_MAX);
		return;
	}
	r->map->items = ARENA_ARRAY(r->arena, struct map_feature, features->count + 1);
	for (const struct json *v = features->first; v; v = v->next)
		read_feature(r, v, ITEM(at, i++));
	if (r->nodes > MAP_NODES_MAX) wrong(r, at, "%zu positions; at most %d", r->nodes, MAP_NODES_MAX);
	if (r->errors) return;
	put_in_order(r);
	check_whole(r);
}

/* "JSON line 3, column 14: unexpected token" → the place and the rest. */
static void report_syntax(struct reading *r, struct str detail)
{
	int64_t line = 1, column = 1;
	struct str rest = detail, what = detail;
	if (str_starts_with(rest, STR("JSON line "))) {
		rest = str_slice(rest, sizeof "JSON line " - 1, rest.n);
		struct str first = str_cut(&rest, ','), second = str_cut(&rest, ':');
		str_to_int64(first, 0, INT32_MAX, &line);
		str_to_int64(str_trim(str_slice(second, sizeof " column" - 1, second.n)), 0, INT32_MAX, &column);
		what = str_trim(rest);
	}
	finding_add(r->findings, (int)line, (int)column, "not the JSON of a map: %.*s", STR_FMT(what));
}

struct map *map_read(struct arena *a, struct str geojson, struct findings *findings)
{
	struct reading r = { .arena = a, .text = geojson, .findings = findings, .map = ARENA_NEW(a, struct map) };
	struct json *root;
	struct err *e = json_parse(a, geojson, &root);
	if (e) {
		report_syntax(&r, str_of(e->detail));
		return NULL;
	}
	read_collection(&r, root);
	return r.errors ? NULL : r.map;
}
