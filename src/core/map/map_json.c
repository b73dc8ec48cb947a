#include "base/json.h"
#include "core/map/map_json.h"

enum { MAP_JSON_MAX = 2 * 1024 * 1024, E7_OF_MILLIONTH = 10 };

static void write_line(struct json_writer *w, const struct map_line *line)
{
	int64_t lat = 0, lon = 0;
	json_open(w, '[');
	for (size_t i = 0; i < line->count; i++) {
		struct map_point p = line->nodes[i].at;
		json_add_int(w, p.lat_e7 / E7_OF_MILLIONTH - lat);
		json_add_int(w, p.lon_e7 / E7_OF_MILLIONTH - lon);
		lat = p.lat_e7 / E7_OF_MILLIONTH;
		lon = p.lon_e7 / E7_OF_MILLIONTH;
	}
	json_close(w, ']');
}

static void write_feature(struct json_writer *w, const struct map_feature *f, struct str lang)
{
	json_open(w, '{');
	json_field(w, STR("kind"), str_of(map_kind_name(f->kind)));
	if (f->kind == MAP_ROAD) json_field(w, STR("class"), str_of(map_class_name(f->road)));
	if (!text_is_empty(f->name)) json_field(w, STR("name"), text_in(f->name, lang));
	json_key(w, STR("area"));
	json_add_bool(w, f->is_area);
	json_key(w, STR("lines"));
	json_open(w, '[');
	for (size_t i = 0; i < f->count; i++)
		write_line(w, &f->lines[i]);
	json_close(w, ']');
	json_close(w, '}');
}

struct str map_json(struct arena *a, const struct map *m, struct str lang)
{
	struct buf out = buf_new(a, MAP_JSON_MAX);
	struct json_writer w = json_writer(&out);
	json_open(&w, '{');
	json_key(&w, STR("features"));
	json_open(&w, '[');
	for (size_t i = 0; i < m->count; i++)
		write_feature(&w, &m->items[i], lang);
	json_close(&w, ']');
	json_close(&w, '}');
	must(!buf_overflowed(&out)); /* 20,000 positions */
	return buf_str(&out);
}
