#include "mod/filing/visit.h"
#include "core/codes/code.h"
#include "core/page.h"
#include "mod/filing/gone.html.h"
#include "mod/filing/pages.h"
#include "i18n/filing.h"

enum { GONE_STATUS = 410, MISSING_STATUS = 404 };

static const struct procedure *online_procedure(const struct pack *pack, struct str slug)
{
	const struct procedure *p = pack_procedure(pack, slug);
	return p && p->is_online && p->form.pages.count > 0 ? p : NULL;
}

struct err *filing_rule(struct request *r, bool *ret_allowed)
{
	struct visit *v = ARENA_NEW(r->arena, struct visit);
	struct str slug = r->params[0];
	struct str cookie = request_cookie(r, draft_cookie_name(r->arena, slug));
	bool found;
	*v = (struct visit){ .r = r, .pack = town_pack(r->town) };
	v->procedure = online_procedure(v->pack, slug);
	TRY(draft_of_cookie(r->town, r->db, r->arena, slug, cookie, &v->draft, &found));
	if (found) {
		v->pack = v->draft.pack;
		v->procedure = v->draft.procedure;
		v->case_id = v->draft.filed_case_id;
		v->is_expired = draft_is_expired(&v->draft, r->now);
		v->has_draft = !v->is_expired && v->case_id == 0;
		r->case_id = v->case_id;
	}
	r->work = v;
	*ret_allowed = v->procedure != NULL;
	return NULL;
}

/* --- addresses -------------------------------------------------------------------------------------------------- */

struct str visit_href(const struct visit *v, const char *rest)
{
	return arena_printf(v->r->arena, "/tramites/%.*s/%s", STR_FMT(v->procedure->id), rest);
}

struct str visit_page_href(const struct visit *v, const struct page *page)
{
	if (!page) return visit_href(v, "revisar");
	return arena_printf(v->r->arena, "/tramites/%.*s/paso/%.*s", STR_FMT(v->procedure->id),
		STR_FMT(page->id));
}

struct str visit_next_href(const struct visit *v, const struct answers *answers)
{
	for (const struct page *p = page_after(answers, NULL); p; p = page_after(answers, p))
		if (!draft_has_done(&v->draft, v->r->arena, p->id)) return visit_page_href(v, p);
	return visit_href(v, "revisar");
}

/* --- when there is nothing to work on ----------------------------------------------------------------------------- */

struct form_control visit_code_control(struct request *r, struct str typed, struct str error)
{
	return (struct form_control){ .kind = CONTROL_TEXT,
		.id = STR("codigo"),
		.name = STR(RESUME_CODE),
		.label = i18n_text(r->lang, MSG_FILING_CODE),
		.hint = i18n_text(r->lang, MSG_FILING_CODE_HINT),
		.error = error,
		.value = typed,
		.width = CONTROL_WIDTH_CODE,
		.max_length = 60 };
}

static void send_gone(struct visit *v, struct response *out, enum gone_reason reason)
{
	struct request *r = v->r;
	struct view *view = page_view(r);
	enum message title = reason == GONE_EXPIRED ? MSG_FILING_GONE_EXPIRED_TITLE : MSG_FILING_GONE_TITLE;
	struct gone_view gone = { .page = page_citizen(r, i18n_text(r->lang, title)),
		.reason = reason,
		.name = text_in(v->procedure->name, r->lang),
		.slug = v->procedure->id,
		.expired_on = reason == GONE_EXPIRED ? zone_date(r->town->zone, v->draft.expires_at) : DATE_NONE,
		.code = visit_code_control(r, STR_NONE, STR_NONE) };
	gone.page.is_hidden = true;
	if (r->method == METHOD_POST && !str_is_none(r->params[1])) gone.carried = visit_carried(r, r->params[1]);
	page_crumb(r, &gone.page, gone.name, arena_printf(r->arena, "/tramites/%.*s", STR_FMT(gone.slug)));
	page_crumb(r, &gone.page, gone.page.title, STR_NONE);
	gone_html(view, &gone);
	out->status = reason == GONE_EXPIRED ? GONE_STATUS : MISSING_STATUS;
	page_send(out, view);
}

struct err *visit_turn_away(struct visit *v, struct response *out, bool *ret_answered)
{
	*ret_answered = true;
	if (v->case_id && !v->is_expired)
		response_redirect(out, visit_href(v, "acuse"));
	else if (v->is_expired && !v->case_id)
		send_gone(v, out, GONE_EXPIRED);
	else if (!v->has_draft)
		send_gone(v, out, GONE_MISSING);
	else
		*ret_answered = false;
	return NULL;
}

/* --- beside the form ------------------------------------------------------------------------------------------------ */

struct str visit_saved_words(const struct visit *v)
{
	struct request *r = v->r;
	struct date today = zone_date(r->town->zone, r->now), day = zone_date(r->town->zone, v->draft.saved_at);
	struct str time = i18n_time(r->arena, r->town->zone, v->draft.saved_at);
	return i18n_format(r->arena, r->lang,
		day.days == today.days ? MSG_FILING_SAVED_TODAY : MSG_FILING_SAVED_ON,
		(const struct i18n_arg[]){ I18N_ARG("time", time),
			I18N_ARG("day", i18n_date(r->arena, r->lang, day, I18N_WEEKDAY)), { 0 } });
}

static struct step_line step_of(const struct visit *v, const struct page *page, const struct page *now)
{
	bool is_done = draft_has_done(&v->draft, v->r->arena, page->id);
	return (struct step_line){ .name = text_in(page_short_name(page), v->r->lang),
		.href = is_done && page != now ? visit_page_href(v, page) : STR_NONE,
		.is_done = is_done,
		.is_now = page == now };
}

struct aside_view visit_aside(const struct visit *v, const struct answers *answers, const struct page *now)
{
	struct arena *a = v->r->arena;
	size_t room = v->procedure->form.pages.count + 1;
	struct steps_view steps = { .steps = { ARENA_ARRAY(a, struct step_line, room), 0 } };
	struct str review = i18n_text(v->r->lang, MSG_FILING_REVIEW_NAME);
	for (const struct page *p = page_after(answers, NULL); p; p = page_after(answers, p)) {
		struct step_line line = step_of(v, p, now);
		steps.steps.items[steps.steps.count++] = line;
		if (line.is_now) {
			const struct page *next = page_after(answers, p);
			steps.now = (int)steps.steps.count;
			steps.name = line.name;
			steps.next = next ? text_in(page_short_name(next), v->r->lang) : review;
		}
	}
	steps.steps.items[steps.steps.count++] = (struct step_line){ .name = review, .is_now = !now };
	if (!now) {
		steps.now = (int)steps.steps.count;
		steps.name = review;
	}
	return (struct aside_view){ .steps = steps,
		.saved = visit_saved_words(v),
		.code = code_format(a, v->draft.code),
		.slug = v->procedure->id };
}

/* --- files ------------------------------------------------------------------------------------------------------------ */

static struct str file_facts_words(const struct visit *v, const struct draft_file *f)
{
	struct request *r = v->r;
	enum message state = MSG_FILING_FILE_KEPT;
	if (f->is_refused) return i18n_text(r->lang, MSG_FILING_FILE_INFECTED);
	if (f->scan == FILE_QUARANTINE) state = MSG_FILING_FILE_WAITING;
	if (f->scan == FILE_CLEAN) state = MSG_FILING_FILE_CLEAN;
	struct str size = file_size_text(r->arena, f->bytes, &v->pack->numbers);
	return arena_printf(r->arena, "%.*s · %.*s", STR_FMT(size), STR_FMT(i18n_text(r->lang, state)));
}

struct question_file *visit_question_files(const struct visit *v, size_t *ret_count)
{
	struct arena *a = v->r->arena;
	size_t count = 0;
	struct question_file *list = ARENA_ARRAY(a, struct question_file, v->files.count + v->refused_count);
	for (size_t i = 0; i < v->files.count; i++) {
		const struct draft_file *f = &v->files.items[i];
		list[count++] = (struct question_file){ f->field,
			{ .kind = draft_file_short_type(f->media_type),
				.name = f->name,
				.facts = file_facts_words(v, f),
				.is_bad = f->is_refused,
				.remove_form = STR("paso"),
				.remove_name = STR(QUESTION_REMOVE_FILE),
				.remove_value = arena_printf(a, "%lld", (long long)f->id) } };
	}
	for (size_t i = 0; i < v->refused_count; i++)
		list[count++] = v->refused[i];
	*ret_count = count;
	return list;
}
