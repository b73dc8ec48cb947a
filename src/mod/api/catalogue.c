/* What may be filed: the catalogue and a procedure with its form. Public, as in the portal. */
#include <pthread.h>

#include "core/i18n.h"
#include "core/sheet/sheet.h"
#include "mod/api/api.h"
#include "mod/api/pages.h"

static struct str href_of(struct arena *a, const struct procedure *p)
{
	return arena_printf(a, "/api/v1/tramites/%.*s", STR_FMT(p->id));
}

static void put_department(struct json_writer *w, const struct pack *pack, const struct procedure *p,
	struct str lang)
{
	const struct department *d = pack_department(pack, p->department);
	api_put_named(w, "department", p->department, d ? text_in(d->name, lang) : p->department);
}

static void put_links(struct json_writer *w, struct arena *a, const struct procedure *p)
{
	json_key(w, STR("links"));
	json_open(w, '{');
	api_put(w, "self", href_of(a, p));
	if (p->is_online) api_put(w, "file", arena_printf(a, "%.*s/solicitudes", STR_FMT(href_of(a, p))));
	api_put(w, "page", arena_printf(a, "/tramites/%.*s", STR_FMT(p->id)));
	json_close(w, '}');
}

static void put_card(struct json_writer *w, struct request *r, const struct pack *pack,
	const struct procedure *p)
{
	struct procedure_card card = sheet_card(r->arena, r->lang, pack, p);
	json_open(w, '{');
	api_put(w, "slug", p->id);
	api_put(w, "name", card.name);
	api_put(w, "summary", card.summary);
	put_department(w, pack, p, r->lang);
	api_put_if(w, "topic", p->topic);
	api_put(w, "fee", card.fee);
	api_put(w, "term", card.term);
	api_put(w, "channels", card.channels);
	api_put_bool(w, "is_online", p->is_online);
	api_put_bool(w, "is_sample", card.is_demo);
	put_links(w, r->arena, p);
	json_close(w, '}');
}

struct err *api_catalogue_page(struct request *r, struct response *out)
{
	const struct pack *pack = town_pack(r->town);
	struct api_answer *answer = api_answer(r);
	json_key(&answer->json, STR("procedures"));
	json_open(&answer->json, '[');
	for (size_t i = 0; i < pack->procedures.count; i++)
		put_card(&answer->json, r, pack, pack->procedures.items[i]);
	json_close(&answer->json, ']');
	out->cache = CACHE_REVALIDATE;
	return api_send(answer, out, 200);
}

struct err *api_procedure_page(struct request *r, struct response *out)
{
	const struct pack *pack = town_pack(r->town);
	const struct procedure *p = pack_procedure(pack, r->params[0]);
	if (!p) return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such procedure");
	struct api_answer *answer = api_answer(r);
	struct json_writer *w = &answer->json;
	api_put(w, "slug", p->id);
	api_put(w, "name", text_in(p->name, r->lang));
	api_put(w, "summary", text_in(p->summary, r->lang));
	api_put_int(w, "version", p->version);
	api_put_int(w, "pack_version", town_pack_version(r->town));
	put_department(w, pack, p, r->lang);
	api_put_if(w, "topic", p->topic);
	api_put_bool(w, "is_online", p->is_online);
	api_put_bool(w, "is_sample", sheet_is_demo(p));
	api_put(w, "currency", pack->currency);
	api_put_sheet(w, r, pack, p);
	if (p->is_online) api_put_form(w, r, pack, p);
	put_links(w, r->arena, p);
	out->cache = CACHE_REVALIDATE;
	return api_send(answer, out, 200);
}

/* --- the description ----------------------------------------------------------------------------------------------- */

/* Written once for the whole process: the tables that it comes from are constant. */
static struct {
	pthread_once_t once;
	struct arena *arena; /* for as long as the process lives */
	struct str text;
} description = { PTHREAD_ONCE_INIT, NULL, { NULL, 0 } };

static void write_description(void)
{
	enum { DESCRIPTION_MAX = 16 * 1024 * 1024 };
	description.arena = arena_new(DESCRIPTION_MAX);
	description.text = api_openapi(description.arena);
}

struct err *api_openapi_page(struct request *r, struct response *out)
{
	(void)r;
	pthread_once(&description.once, write_description);
	response_json(out, description.text);
	out->cache = CACHE_PUBLIC;
	return NULL;
}
