/* Small files that are made from the pack: the town's six colours, what robots may read, the mark on a telephone's
 * first screen. */
#include "base/json.h"
#include "core/page.h"
#include "mod/portal/pages.h"
#include "web/assets.h"

struct err *portal_style_page(struct request *r, struct response *out)
{
	const struct pack *pack = town_pack(r->town);
	struct str own = page_stylesheet(r->arena, pack);
	/* Another hash is another look: what is cached for ever must not be answered wrongly. */
	if (!str_eq(own, r->path)) return ERR(r->arena, ERR_NOT_FOUND, NULL, "not the style sheet of this pack");
	out->content_type = STR("text/css; charset=utf-8");
	out->body = look_css(r->arena, &pack->look, pack->slug);
	out->cache = CACHE_FOREVER;
	return NULL;
}

struct err *portal_robots_page(struct request *r, struct response *out)
{
	/* Sheets are for everybody; what belongs to one person is nobody else's, and a demonstration is no town. */
	const char *text = "User-agent: *\n"
					   "Disallow: /tramites/*/iniciar\nDisallow: /tramites/*/paso/\nDisallow: /expedientes/\n"
					   "Disallow: /oficina/\nDisallow: /api/\n";
	response_text(out, str_of(r->town->is_simulated ? "User-agent: *\nDisallow: /\n" : text));
	out->cache = CACHE_PUBLIC;
	return NULL;
}

struct err *portal_manifest_page(struct request *r, struct response *out)
{
	enum { LONGEST = 4000 };
	const struct pack *pack = town_pack(r->town);
	struct buf body = buf_new(r->arena, LONGEST);
	struct json_writer w = json_writer(&body);
	char colour[8];
	snprintf(colour, sizeof colour, "#%06x", pack->look.colours[LOOK_TOWN] & 0xffffff);
	json_open(&w, '{');
	json_field(&w, STR("name"), text_in(pack->full_name, r->lang));
	json_field(&w, STR("short_name"), text_in(pack->name, r->lang));
	json_field(&w, STR("lang"), r->lang);
	json_field(&w, STR("start_url"), STR("/"));
	json_field(&w, STR("display"), STR("minimal-ui"));
	json_field(&w, STR("background_color"), STR("#f5f4ef"));
	json_field(&w, STR("theme_color"), str_of(colour));
	json_key(&w, STR("icons"));
	json_open(&w, '[');
	json_open(&w, '{');
	json_field(&w, STR("src"), STR(ASSET_ICONO_SVG));
	json_field(&w, STR("type"), STR("image/svg+xml"));
	json_field(&w, STR("sizes"), STR("any"));
	json_close(&w, '}');
	json_close(&w, ']');
	json_close(&w, '}');
	out->content_type = STR("application/manifest+json");
	out->body = buf_str(&body);
	out->cache = CACHE_PUBLIC;
	return NULL;
}
