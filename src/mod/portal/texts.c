/* The texts that a public site owes its readers, and the language they read in. The pack may bring its own words
 * (texts: privacy, accessibility); what the program itself does with data it says in either case. */
#include "core/markdown.h"
#include "core/page.h"
#include "mod/portal/pages.h"
#include "mod/portal/portal.h"
#include "mod/portal/text.html.h"
#include "web/form.h"
#include "i18n/portal.h"

enum { LANGUAGE_COOKIE_S = 365 * 24 * 3600 };

static struct err *send_text(struct request *r, struct response *out, enum message title, struct str own,
	enum message ours)
{
	struct view *v = page_view(r);
	struct str phone = town_pack(r->town)->phone;
	struct str text = i18n_format(r->arena, r->lang, ours,
		(const struct i18n_arg[]){ I18N_ARG("town", v->look->name), I18N_ARG("phone", phone), { 0 } });
	if (!str_is_empty(own)) text = arena_printf(r->arena, "%.*s\n\n%.*s", STR_FMT(own), STR_FMT(text));
	struct text_view view = { .page = page_citizen(r, i18n_text(r->lang, title)),
		.title = i18n_text(r->lang, title),
		.body = markdown_html(r->arena, text) };
	page_crumb(r, &view.page, view.title, STR_NONE);
	text_html(v, &view);
	out->cache = CACHE_REVALIDATE;
	page_send(out, v);
	return NULL;
}

struct err *portal_accessibility_page(struct request *r, struct response *out)
{
	return send_text(r, out, MSG_PORTAL_ACCESSIBILITY_TITLE, page_text(r, STR("accessibility")),
		MSG_PORTAL_ACCESSIBILITY_TEXT);
}

struct err *portal_privacy_page(struct request *r, struct response *out)
{
	return send_text(r, out, MSG_PORTAL_PRIVACY_TITLE, page_text(r, STR("privacy")), MSG_PORTAL_PRIVACY_TEXT);
}

struct err *portal_language_answer(struct request *r, struct response *out)
{
	const struct pack *pack = town_pack(r->town);
	struct str lang = form_text(r->form, STR("lang")), path = form_text(r->form, STR("path"));
	for (size_t i = 0; i < pack->languages.count; i++)
		if (str_eq(pack->languages.items[i], lang))
			response_cookie(out, STR("idioma"), lang, LANGUAGE_COOKIE_S);
	response_redirect(out, response_is_local_path(path) ? path : STR("/"));
	return NULL;
}
