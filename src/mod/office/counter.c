/* The counter: a clerk files for the person standing there, in the same form that citizens fill in. */
#include "core/draft/draft.h"
#include "core/i18n.h"
#include "mod/office/counter.html.h"
#include "mod/office/pages.h"
#include "i18n/office.h"

struct counter_work {
	const struct procedure *procedure;
	struct str cookie;
};

struct err *office_counter_page(struct request *r, struct response *out)
{
	const struct pack *pack = town_pack(r->town);
	struct view *view = page_view(r);
	struct counter_view v = { .page = page_office(r, view, i18n_text(r->lang, MSG_OFFICE_COUNTER_TITLE)),
		.procedures = { ARENA_ARRAY(r->arena, struct counter_choice, pack->procedures.count), 0 } };
	for (size_t i = 0; i < pack->procedures.count; i++) {
		const struct procedure *p = pack->procedures.items[i];
		if (p->is_online)
			v.procedures.items[v.procedures.count++] = (struct counter_choice){ p->id,
				text_in(p->name, r->lang), text_in(p->summary, r->lang) };
	}
	office_counter_html(view, &v);
	page_send(out, view);
	return NULL;
}

struct err *office_counter_prepare(struct request *r, struct response *out)
{
	struct counter_work *work = ARENA_NEW(r->arena, struct counter_work);
	(void)out;
	work->procedure = pack_procedure(town_pack(r->town), r->params[0]);
	if (!work->procedure || !work->procedure->is_online)
		return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such procedure");
	r->work = work;
	return NULL;
}

struct err *office_counter_commit(struct request *r, struct tx *tx)
{
	struct counter_work *work = r->work;
	int64_t id;
	struct draft_start start = { .town = r->town,
		.pack_version = town_pack_version(r->town),
		.slug = work->procedure->id,
		.lang = r->lang,
		.channel = STR("counter"),
		.staff_id = r->who->staff_id };
	return draft_start(tx, &start, &id, &work->cookie);
}

struct err *office_counter_answer(struct request *r, struct response *out)
{
	const struct counter_work *work = r->work;
	const struct page *first = work->procedure->form.pages.items;
	draft_cookie(out, r->arena, work->procedure->id, work->cookie);
	response_redirect(out,
		arena_printf(r->arena, "/tramites/%.*s/paso/%.*s", STR_FMT(work->procedure->id), STR_FMT(first->id)));
	return NULL;
}
