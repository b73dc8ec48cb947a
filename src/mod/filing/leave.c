/* Leaving for now: the code to come back with, and forgetting the draft on a borrowed machine. */
#include "core/codes/code.h"
#include "core/page.h"
#include "mod/filing/pages.h"
#include "mod/filing/saved.html.h"
#include "mod/filing/visit.h"
#include "i18n/filing.h"

struct err *filing_saved_page(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	struct answers *answers;
	bool answered;
	TRY(visit_turn_away(v, out, &answered));
	if (answered) return NULL;
	TRY(draft_read(&v->draft, r->town, r->db, r->arena, r->now, &answers));
	struct view *view = page_view(r);
	struct saved_view saved = { .page = page_citizen(r, i18n_text(r->lang, MSG_FILING_LEAVE_TITLE)),
		.name = text_in(v->procedure->name, r->lang),
		.slug = v->procedure->id,
		.code = code_format(r->arena, v->draft.code),
		.resume_href = visit_next_href(v, answers),
		.kept_until = zone_date(r->town->zone, v->draft.expires_at) };
	saved.page.is_hidden = true;
	saved_html(view, &saved);
	page_send(out, view);
	return NULL;
}

struct err *filing_forget_answer(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	draft_cookie_clear(out, r->arena, v->procedure->id);
	response_redirect(out, arena_printf(r->arena, "/tramites/%.*s", STR_FMT(v->procedure->id)));
	return NULL;
}
