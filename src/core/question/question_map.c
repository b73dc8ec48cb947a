/*
 * The map of a point and its buttons. The form carries what the map shows ("_vista.ubicacion": millionths of a degree of
 * its middle and the zoom), so that no address ever says where somebody looks; the point itself is in its two inputs.
 * A picture that is clicked sends where: the browser's own way, which needs no JavaScript.
 */
#include "core/i18n.h"
#include "i18n/question.h"
#include "core/map/map_draw.h"
#include "core/question/question_internal.h"

enum {
	WIDTH = 640, /* of the drawing; the page shows its middle part when it is narrower */
	HEIGHT = 400,
	TENTHS = 10,
	E7_OF_MILLIONTH = 10,
	POINT_ZOOM = 15, /* where a point that is there is shown */
	CLOSER = 2,      /* zooms, when a point is put: so that it can be put more exactly */
	LAT_MAX = 85 * 1000 * 1000,
	LON_MAX = 180 * 1000 * 1000
};

struct sight { /* what a map shows */
	struct map_spot middle;
	int zoom;
};

static bool read_sight(struct str s, struct sight *ret)
{
	int64_t lat, lon, zoom;
	struct str rest = s, first = str_cut(&rest, ' '), second = str_cut(&rest, ' ');
	if (!str_to_int64(first, -LAT_MAX, LAT_MAX, &lat) || !str_to_int64(second, -LON_MAX, LON_MAX, &lon) ||
		!str_to_int64(rest, PACK_MAP_ZOOM_MIN, MERCATOR_ZOOM_MAX, &zoom))
		return false;
	struct map_point middle = { (int32_t)lat * E7_OF_MILLIONTH, (int32_t)lon * E7_OF_MILLIONTH };
	*ret = (struct sight){ mercator_spot(middle), (int)zoom };
	return true;
}

static struct str write_sight(struct arena *a, const struct sight *v)
{
	struct map_point middle = mercator_point(v->middle);
	return arena_printf(a, "%d %d %d", middle.lat_e7 / E7_OF_MILLIONTH, middle.lon_e7 / E7_OF_MILLIONTH,
		v->zoom);
}

static bool posted_sight(const struct form *form, struct arena *a, struct str field, struct sight *ret)
{
	return read_sight(form_text(form, arena_printf(a, QUESTION_MAP_VIEW ".%.*s", STR_FMT(field))), ret);
}

/* "acercar" of "ubicacion.acercar"; STR_NONE when no button of this field's map was pressed. */
static struct str button_of(const struct form *form, struct str field)
{
	struct str value = form_text(form, STR(QUESTION_MAP));
	if (!str_starts_with(value, field) || value.n <= field.n || value.p[field.n] != '.') return STR_NONE;
	return str_slice(value, field.n + 1, value.n);
}

/* Where the picture was clicked, from its middle. The Enter key sends 0,0: that is its middle. */
static bool click_of(const struct form *form, struct arena *a, struct str field, int64_t *ret_x,
	int64_t *ret_y)
{
	struct str name = arena_printf(a, QUESTION_MAP ".%.*s", STR_FMT(field));
	int64_t x, y;
	if (!form_int(form, arena_printf(a, "%.*s.x", STR_FMT(name)), 0, WIDTH, &x) ||
		!form_int(form, arena_printf(a, "%.*s.y", STR_FMT(name)), 0, HEIGHT, &y))
		return false;
	bool is_key = x == 0 && y == 0;
	*ret_x = is_key ? 0 : (x - WIDTH / 2) * TENTHS;
	*ret_y = is_key ? 0 : (y - HEIGHT / 2) * TENTHS;
	return true;
}

enum point_act question_point_act(const struct form *form, struct arena *a, struct str field,
	struct map_point *ret)
{
	struct sight v;
	struct str button = button_of(form, field);
	int64_t x = 0, y = 0;
	if (str_eq(button, STR("quitar"))) return POINT_TAKEN;
	bool is_put = click_of(form, a, field, &x, &y) || str_eq(button, STR("centro"));
	if (!is_put || !posted_sight(form, a, field, &v)) return POINT_KEPT;
	*ret = mercator_point(
		(struct map_spot){ mercator_moved(v.middle.x, x, v.zoom), mercator_moved(v.middle.y, y, v.zoom) });
	return POINT_PUT;
}

bool questions_map_acted(const struct form *form)
{
	for (const struct form_field *f = form->fields; f; f = f->next)
		if (str_eq(f->name, STR(QUESTION_MAP)) || str_starts_with(f->name, STR(QUESTION_MAP ".")))
			return true;
	return false;
}

/* --- what it shows ------------------------------------------------------------------------------------------------ */

static int within(const struct pack_map *m, int zoom)
{
	return zoom < PACK_MAP_ZOOM_MIN ? PACK_MAP_ZOOM_MIN : zoom > m->max_zoom ? m->max_zoom : zoom;
}

/* It opens at the point; without one, where the pack says. */
static struct sight first_sight(const struct pack_map *m, const struct map_point *at)
{
	struct sight v = { map_middle(m->base), m->zoom };
	if (m->has_center) v.middle = mercator_spot(m->center);
	if (at && map_holds(m->base, *at)) v = (struct sight){ mercator_spot(*at), within(m, POINT_ZOOM) };
	return v;
}

static void press(struct sight *v, struct str button)
{
	int64_t across = WIDTH * TENTHS / 3, down = HEIGHT * TENTHS / 3;
	if (str_eq(button, STR("acercar"))) v->zoom++;
	if (str_eq(button, STR("alejar"))) v->zoom--;
	if (str_eq(button, STR("norte"))) v->middle.y = mercator_moved(v->middle.y, -down, v->zoom);
	if (str_eq(button, STR("sur"))) v->middle.y = mercator_moved(v->middle.y, down, v->zoom);
	if (str_eq(button, STR("oeste"))) v->middle.x = mercator_moved(v->middle.x, -across, v->zoom);
	if (str_eq(button, STR("este"))) v->middle.x = mercator_moved(v->middle.x, across, v->zoom);
}

static struct sight sight_of(struct arena *a, const struct question_context *c, struct str field,
	const struct map_point *at)
{
	const struct pack_map *m = &c->answers->pack->map;
	struct sight v;
	struct map_point put;
	if (!c->posted || !posted_sight(c->posted, a, field, &v)) return first_sight(m, at);
	if (question_point_act(c->posted, a, field, &put) == POINT_PUT)
		v = (struct sight){ mercator_spot(put), v.zoom + CLOSER };
	press(&v, button_of(c->posted, field));
	v.zoom = within(m, v.zoom);
	return v;
}

struct question_map *question_map_of(struct arena *a, const struct question_context *c, struct str field,
	const struct map_point *at)
{
	const struct pack *pack = c->answers->pack;
	const struct pack_map *m = &pack->map;
	if (!m->base) return NULL;
	struct sight v = sight_of(a, c, field, at);
	struct map_drawing d = { .map = m->base,
		.lang = c->lang,
		.middle = v.middle,
		.zoom = v.zoom,
		.width = WIDTH,
		.height = HEIGHT,
		.has_marker = at != NULL,
		.label = i18n_format(a, c->lang, at ? MSG_QUESTION_MAP_SHOWS : MSG_QUESTION_MAP_LABEL,
			(const struct i18n_arg[]){ I18N_ARG("town", text_in(pack->name, c->lang)), { 0 } }),
		.tiles = m->tiles };
	if (at) d.marker = *at;
	struct question_map *map = ARENA_NEW(a, struct question_map);
	*map = (struct question_map){ .name = field,
		.town = text_in(pack->name, c->lang),
		.has_point = at != NULL,
		.drawing = map_draw(a, &d),
		.view = write_sight(a, &v),
		.address = point_map_address(a, pack, c->lang),
		.tiles = m->tiles,
		.zoom_max = m->max_zoom,
		.is_schematic = source_is_demo(m->source),
		.attribution = text_in(m->attribution, c->lang),
		.has_buttons = c->has_map_buttons };
	return map;
}
