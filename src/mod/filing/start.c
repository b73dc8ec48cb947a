/* Before the first question: what to have at hand, how long it takes, and one button. */
#include "core/page.h"
#include "core/sheet/sheet.h"
#include "mod/filing/pages.h"
#include "mod/filing/start.html.h"
#include "mod/filing/visit.h"
#include "i18n/filing.h"
#include "i18n/page.h"
#include "i18n/portal.h"

static struct filing_requirements requirements_of(const struct visit *v)
{
	struct request *r = v->r;
	const struct requirements *all = &v->procedure->sheet.requirements;
	struct filing_requirements list = { ARENA_ARRAY(r->arena, struct filing_requirement, all->count), 0 };
	for (size_t i = 0; i < all->count; i++) {
		const struct requirement *q = &all->items[i];
		struct str detail = text_in(q->detail, r->lang);
		if (q->when)
			detail = i18n_format(r->arena, r->lang, MSG_PORTAL_SHEET_ONLY_IF,
				(const struct i18n_arg[]){
					I18N_ARG("condition", expr_words(r->arena, q->when, r->lang, &v->pack->numbers)),
					{ 0 } });
		list.items[list.count++] = (struct filing_requirement){ .icon = str_is_empty(q->icon)
				? STR("file-text")
				: q->icon,
			.name = text_in(q->name, r->lang),
			.detail = q->form == REQUIREMENT_NOTHING && str_is_empty(detail)
				? sheet_requirement_form(r->arena, r->lang, q)
				: detail };
	}
	return list;
}

struct err *filing_start_page(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	struct view *view = page_view(r);
	struct str name = text_in(v->procedure->name, r->lang);
	struct start_view start = { .page = page_citizen(r, name),
		.name = name,
		.slug = v->procedure->id,
		.sheet_href = arena_printf(r->arena, "/tramites/%.*s", STR_FMT(v->procedure->id)),
		.requirements = requirements_of(v),
		.minutes = v->procedure->sheet.minutes,
		.has_draft = v->has_draft };
	start.page.is_hidden = true;
	page_crumb(r, &start.page, i18n_text(r->lang, MSG_PAGE_NAV_PROCEDURES), STR("/tramites"));
	page_crumb(r, &start.page, name, start.sheet_href);
	page_crumb(r, &start.page, i18n_text(r->lang, MSG_FILING_START_CRUMB), STR_NONE);
	if (v->has_draft) {
		struct answers *answers;
		TRY(draft_read(&v->draft, r->town, r->db, r->arena, r->now, &answers));
		start.saved = visit_saved_words(v);
		start.resume_href = visit_next_href(v, answers);
	}
	start_html(view, &start);
	page_send(out, view);
	return NULL;
}

/* A draft that is there already is gone on with, unless another one is asked for. */
struct err *filing_start_commit(struct request *r, struct tx *tx)
{
	struct visit *v = visit_of(r);
	struct draft_start start = { .town = r->town,
		.pack_version = town_pack_version(r->town),
		.slug = v->procedure->id,
		.lang = r->lang,
		.channel = STR("web") };
	int64_t id;
	v->cookie = STR_NONE;
	if (v->has_draft && !form_has(r->form, STR("otro"))) return NULL;
	TRY(draft_start(tx, &start, &id, &v->cookie));
	struct draft fresh = { .id = id, .code = draft_code_of_cookie(v->cookie) };
	TRY(draft_again(tx, r->town, &fresh, &v->draft));
	return visit_take_carried(tx, v, &v->draft);
}

struct err *filing_start_answer(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	struct date today = zone_date(r->town->zone, r->now);
	const struct page *carried = procedure_page(v->draft.procedure, form_text(r->form, STR(CARRIED_PAGE)));
	struct answers *empty = answers_new(r->arena, v->draft.pack, v->draft.procedure, today);
	if (!str_is_none(v->cookie)) draft_cookie(out, r->arena, v->procedure->id, v->cookie);
	response_redirect(out, carried ? visit_page_href(v, carried) : visit_next_href(v, empty));
	return NULL;
}
