#include "core/map/map_json.h"
#include "core/question/point.h"
#include "core/town/town.h"
#include "mod/map/map.h"

static bool is_spoken(const struct pack *pack, struct str lang)
{
	for (size_t i = 0; i < pack->languages.count; i++)
		if (str_eq(pack->languages.items[i], lang)) return true;
	return false;
}

/* The address says the language; one of another map, or of a language the pack does not have, is none. */
struct err *map_shapes_page(struct request *r, struct response *out)
{
	const struct pack *pack = town_pack(r->town);
	struct str rest = r->params[1], lang = str_cut(&rest, '.');
	if (!pack->map.base || !is_spoken(pack, lang) ||
		!str_eq(point_map_address(r->arena, pack, lang), r->path))
		return ERR(r->arena, ERR_NOT_FOUND, NULL, "not the map of this pack");
	response_json(out, map_json(r->arena, pack->map.base, lang));
	out->cache = CACHE_FOREVER;
	return NULL;
}
