/*
 * From a request to a page and back: what every handler does around its template.
 *
 *   struct view *v = page_view(r);
 *   struct page_view page = page_citizen(r, i18n_text(r->lang, MSG_PORTAL_HOME_TITLE));
 *   home_html(v, &(struct home_view){ .page = page, … });
 *   page_send(out, v);
 *
 * The layouts' own structs are in core/layout/parts.h; what stands around every page is look.h, filled here from
 * the town, its pack and who asks. Office pages call page_office() on the view first.
 */
#pragma once
#include "core/layout/parts.h"
#include "core/town/town.h"
#include "core/view.h"
#include "core/who.h"
#include "web/request.h"
#include "web/response.h"
#include "i18n/portal.h"

/* An empty page in the reader's language, with the town's look, the citizen's navigation and a form token. */
struct view *page_view(struct request *r);
/* The written page becomes the answer's body (the status is the handler's). */
void page_send(struct response *out, struct view *v);
/* A page that may show a point: it may fetch the town's tiles, if the town has a server for them. */
void page_send_with_map(struct request *r, struct response *out, struct view *v);

/* Title and nothing else; a crumb "Inicio" is there once another is added. */
struct page_view page_citizen(struct request *r, struct str title);
/* Adds a crumb; the last one has no href. */
void page_crumb(struct request *r, struct page_view *page, struct str text, struct str href);

/* The view becomes an office page: who is signed in, and the menus of all modules that this person may use. */
struct office_view page_office(struct request *r, struct view *v, struct str title);
/* The number beside a rail entry: how many wait; `is_hot` when that is bad news. Unknown paths are ignored. */
void page_office_count(struct view *v, struct str path, struct str count, bool is_hot);

/* Where the town's six colours are served, at an address that changes with them (mod/portal answers it). */
struct str page_stylesheet(struct arena *a, const struct pack *pack);
/* How the town writes numbers and money. */
struct locale page_locale(struct arena *a, const struct pack *pack);
/* "tel:+524770000000"; short numbers (010) are dialled as they are. STR_NONE without a number. */
struct str page_phone_href(struct arena *a, const struct pack *pack, struct str phone);
/* The pack's own text in the reader's language, or STR_NONE. */
struct str page_text(struct request *r, struct str id);
