#include "core/question/point.h"
#include "core/crypto/crypto.h"
#include "core/i18n.h"
#include "i18n/question.h"
#include "core/map/map_draw.h"
#include "core/map/map_json.h"

enum { SMALL_WIDTH = 320, SMALL_HEIGHT = 200, SMALL_ZOOM = 15, KM = 1000, ADDRESS_HASH_CHARS = 12 };

/* "120 m", "1.4 km": as web/js/map.js rounds it. */
static struct str far(struct arena *a, int64_t metres, char decimal)
{
	if (metres < KM) return arena_printf(a, "%lld m", (long long)(metres + 5) / 10 * 10);
	if (metres >= 10 * KM) return arena_printf(a, "%lld km", (long long)(metres + KM / 2) / KM);
	int64_t tenths = (metres + KM / 20) / (KM / 10);
	return arena_printf(a, "%lld%c%lld km", (long long)tenths / 10, decimal, (long long)tenths % 10);
}

/* A pattern of the catalogue that web/js/map.js fills in as well: %d how far, %r which way, %p from where. */
static struct str fill(struct arena *a, struct str pattern, struct str d, struct str r, struct str p)
{
	struct buf out = buf_new(a, 2000);
	for (size_t i = 0; i < pattern.n; i++) {
		char c = pattern.p[i], next = i + 1 < pattern.n ? pattern.p[i + 1] : 0;
		if (c != '%' || !(next == 'd' || next == 'r' || next == 'p')) {
			buf_add_char(&out, c);
			continue;
		}
		buf_add(&out, next == 'd' ? d : next == 'r' ? r : p);
		i++;
	}
	return buf_str(&out);
}

/* "El punto queda a 120 m al norte de Desarrollo Urbano." */
static struct str from_office(struct arena *a, const struct pack *pack, struct map_point at, struct str lang)
{
	static const enum message ways[] = { MSG_QUESTION_POINT_NORTH, MSG_QUESTION_POINT_EAST,
		MSG_QUESTION_POINT_SOUTH, MSG_QUESTION_POINT_WEST };
	const struct office *nearest = NULL;
	int64_t least = 0;
	int way = 0;
	for (size_t i = 0; i < pack->offices.count; i++) {
		const struct office *o = &pack->offices.items[i];
		int bearing;
		if (!o->has_point) continue;
		struct map_point there = { o->latitude_e7, o->longitude_e7 };
		int64_t metres = mercator_distance_m(there, at, &bearing);
		if (nearest && metres >= least) continue;
		nearest = o;
		least = metres;
		way = (bearing + 45) / 90 % 4;
	}
	if (!nearest) return STR_NONE;
	struct str rest = fill(a, i18n_text(lang, MSG_QUESTION_POINT_FAR), far(a, least, pack->numbers.decimal),
		i18n_text(lang, ways[way]), text_in(nearest->name, lang));
	return arena_printf(a, "%.*s %.*s.", STR_FMT(i18n_text(lang, MSG_QUESTION_POINT_PLACE)), STR_FMT(rest));
}

struct str point_where(struct arena *a, const struct pack *pack, struct map_point at, struct str lang)
{
	const struct map *m = pack->map.base;
	if (m && !map_holds(m, at))
		return i18n_format(a, lang, MSG_QUESTION_MAP_OUTSIDE,
			(const struct i18n_arg[]){ I18N_ARG("town", text_in(pack->name, lang)), { 0 } });
	const struct map_feature *hood = m ? map_neighbourhood(m, at) : NULL;
	struct str name = hood ? text_in(hood->name, lang) : STR_NONE, words = from_office(a, pack, at, lang);
	if (str_is_empty(name)) return words;
	return str_is_none(words) ? name : arena_printf(a, "%.*s. %.*s", STR_FMT(name), STR_FMT(words));
}

void point_show(struct arena *a, const struct pack *pack, const struct field *f,
	const struct field_answer *answer, struct str lang, struct summary_line *line)
{
	if (f->type != FIELD_POINT || !answer || !answer->filled || !pack->map.base) return;
	struct map_point at = { (int32_t)answer->i, (int32_t)answer->longitude };
	struct str where = point_where(a, pack, at, lang);
	struct map_drawing d = { .map = pack->map.base,
		.lang = lang,
		.middle = mercator_spot(at),
		.zoom = pack->map.max_zoom < SMALL_ZOOM ? pack->map.max_zoom : SMALL_ZOOM,
		.width = SMALL_WIDTH,
		.height = SMALL_HEIGHT,
		.has_marker = true,
		.marker = at,
		.label = i18n_format(a, lang, MSG_QUESTION_MAP_SHOWS,
			(const struct i18n_arg[]){ I18N_ARG("town", text_in(pack->name, lang)), { 0 } }),
		.tiles = pack->map.tiles };
	line->drawing = map_draw(a, &d);
	line->drawing_words = where;
	if (source_is_demo(pack->map.source))
		line->drawing_words = arena_printf(a, "%.*s %.*s.", STR_FMT(where),
			STR_FMT(i18n_text(lang, MSG_QUESTION_MAP_SCHEMATIC)));
}

struct str point_map_address(struct arena *a, const struct pack *pack, struct str lang)
{
	struct str shapes = map_json(a, pack->map.base, lang);
	struct sha256 hash = sha256_of(shapes);
	struct str digits = str_slice(hex_encode(a, sha256_str(&hash)), 0, ADDRESS_HASH_CHARS);
	return arena_printf(a, "/mapa/%.*s/%.*s.json", STR_FMT(digits), STR_FMT(lang));
}
