/*
 * Coming back with the code, on any machine. A wrong, a malformed and an expired code look and take the same; how
 * often one may try is limited. What was typed while there was no draft comes along (visit.h).
 */
#include "core/page.h"
#include "mod/filing/pages.h"
#include "mod/filing/resume.html.h"
#include "mod/filing/visit.h"
#include "web/limits.h"
#include "i18n/filing.h"

enum { STATUS_TO_MEND = 422 };

/* 60 bits are not guessed at this pace; the limit keeps it so. */
static const struct limit_rule attempts = { "draft-code", 20, 120 };

struct resume {
	struct visit visit; /* first: visit_of() */
	int64_t id;
	struct str slug, code;
};

static void show(struct request *r, struct response *out, struct str typed, struct str error)
{
	struct view *view = page_view(r);
	struct resume_view resume = { .page = page_citizen(r, i18n_text(r->lang, MSG_FILING_RESUME_TITLE)),
		.code = visit_code_control(r, typed, error) };
	page_crumb(r, &resume.page, resume.page.title, STR_NONE);
	resume.page.has_errors = !str_is_none(error);
	if (resume.page.has_errors) {
		struct error_summary_line *line = ARENA_NEW(r->arena, struct error_summary_line);
		*line = (struct error_summary_line){ STR("#codigo"), error };
		resume.errors.lines = (struct error_summary_lines){ line, 1 };
		struct str page = form_text(r->form, STR(CARRIED_PAGE));
		if (!str_is_none(page)) resume.carried = visit_carried(r, page);
	}
	filing_resume_html(view, &resume);
	page_send(out, view);
}

struct err *filing_resume_page(struct request *r, struct response *out)
{
	show(r, out, STR_NONE, STR_NONE);
	return NULL;
}

struct err *filing_resume_prepare(struct request *r, struct response *out)
{
	struct resume *resume = ARENA_NEW(r->arena, struct resume);
	struct str typed = form_text(r->form, STR(RESUME_CODE));
	bool found;
	r->work = resume;
	if (r->town->limits) TRY(limits_take(r->town->limits, &attempts, r, STR_NONE, NULL));
	TRY(draft_of_code(r->town, r->db, r->arena, typed, r->now, &resume->id, &resume->slug, &resume->code,
		&found));
	if (found) return NULL;
	r->is_answered = true;
	out->status = STATUS_TO_MEND;
	show(r, out, typed, i18n_text(r->lang, MSG_FILING_RESUME_UNKNOWN));
	return NULL;
}

struct err *filing_resume_commit(struct request *r, struct tx *tx)
{
	struct resume *resume = r->work;
	struct visit *v = &resume->visit;
	*v = (struct visit){ .r = r };
	TRY(draft_hand_over(tx, r->town, resume->id, resume->code, &v->cookie));
	struct draft seen = { .id = resume->id, .code = resume->code };
	TRY(draft_again(tx, r->town, &seen, &v->draft));
	v->pack = v->draft.pack;
	v->procedure = v->draft.procedure;
	v->case_id = v->draft.filed_case_id;
	TRY(visit_take_carried(tx, v, &v->draft));
	return draft_read(&v->draft, r->town, tx->db, tx->arena, tx->now, &v->answers);
}

struct err *filing_resume_answer(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	const struct page *carried = procedure_page(v->procedure, form_text(r->form, STR(CARRIED_PAGE)));
	draft_cookie(out, r->arena, v->procedure->id, v->cookie);
	if (v->case_id)
		response_redirect(out, visit_href(v, "acuse"));
	else
		response_redirect(out, carried ? visit_page_href(v, carried) : visit_next_href(v, v->answers));
	return NULL;
}
