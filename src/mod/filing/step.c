/*
 * A page of the form. A POST always saves, also what cannot be read and also when something is missing: then the
 * page comes back with what to mend. Everything is read, checked and stored inside the commit, on the draft as it
 * is then, so that two tabs or two quick clicks lose nothing.
 */
#include "mod/filing/step.h"
#include "mod/filing/pages.h"
#include "mod/filing/upload.h"

enum { STATUS_TO_MEND = 422 };

static const struct page *page_of_path(const struct visit *v)
{
	return procedure_page(v->procedure, v->r->params[1]);
}

/* --- GET -------------------------------------------------------------------------------------------------------- */

/* Answers with somewhere else to go when the page is not asked of this person. */
static bool goes_elsewhere(struct visit *v, struct response *out)
{
	if (page_is_visible(v->answers, v->page)) return false;
	response_redirect(out, visit_next_href(v, v->answers));
	return true;
}

struct err *filing_step_page(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	bool answered;
	TRY(visit_turn_away(v, out, &answered));
	if (answered) return NULL;
	v->page = page_of_path(v);
	if (!v->page) return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such page in the form");
	TRY(draft_read(&v->draft, r->town, r->db, r->arena, r->now, &v->answers));
	if (goes_elsewhere(v, out)) return NULL;
	TRY(draft_files(&v->draft, r->db, r->arena, &v->files));
	v->is_more = form_has(r->form, STR("mas"));
	const struct field *group = procedure_field(v->procedure, form_text(r->form, STR("fila")));
	step_show(v, out, group && group->type == FIELD_GROUP ? group : NULL);
	return NULL;
}

/* --- POST ------------------------------------------------------------------------------------------------------- */

struct err *filing_step_prepare(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	TRY(visit_turn_away(v, out, &r->is_answered));
	if (r->is_answered) return NULL;
	v->page = page_of_path(v);
	return v->page ? NULL : ERR(r->arena, ERR_NOT_FOUND, NULL, "no such page in the form");
}

/* Errors of the page, refused files first; what is missing only because nobody asked is no error yet. */
static void judge(struct visit *v, struct field_error *refusals)
{
	struct arena *a = v->r->arena;
	struct str shown = form_text(v->r->form, STR(QUESTION_SHOWN));
	struct field_errors found = answers_check_page(v->answers, a, v->page);
	struct field_error **end = &v->errors;
	v->errors = refusals;
	v->is_more = false;
	v->is_clean = refusals == NULL;
	while (*end)
		end = &(*end)->next;
	for (struct field_error *e = found.first, *next; e; e = next) {
		bool is_said = false;
		next = e->next;
		e->next = NULL;
		for (const struct field_error *said = refusals; said; said = said->next)
			is_said |= str_eq(said->name, e->name);
		if (is_said) continue;
		if (!e->is_warning && e->field && !question_was_shown(shown, e)) {
			v->is_more = true;
			continue;
		}
		v->is_clean &= e->is_warning;
		*end = e;
		end = &e->next;
	}
}

struct err *filing_step_commit(struct request *r, struct tx *tx)
{
	struct visit *v = visit_of(r);
	struct field_error *refusals;
	int64_t removed;
	TRY(draft_again(tx, r->town, &v->draft, &v->draft));
	v->case_id = v->draft.filed_case_id;
	if (v->case_id) return NULL;
	TRY(draft_read(&v->draft, r->town, tx->db, tx->arena, tx->now, &v->answers));
	answers_read_page(v->answers, v->page, questions_inputs(r->arena, r->form));
	if (form_int(r->form, STR(QUESTION_REMOVE_FILE), 1, INT64_MAX, &removed))
		TRY(draft_detach(tx, &v->draft, removed));
	TRY(upload_take(tx, v, &refusals));
	TRY(draft_read_files(&v->draft, tx->db, tx->arena, v->answers));
	TRY(draft_files(&v->draft, tx->db, tx->arena, &v->files));
	judge(v, refusals);
	v->draft.lang = r->lang;
	return draft_store(tx, &v->draft, v->answers, v->page, v->is_clean && !v->is_more);
}

/* Buttons that stay on the page: what they did is seen there. */
static bool stays(const struct visit *v, struct response *out)
{
	const struct form *form = v->r->form;
	struct arena *a = v->r->arena;
	struct str here = visit_page_href(v, v->page), group = form_text(form, STR(QUESTION_ADD_ROW));
	struct str row = form_text(form, STR(QUESTION_REMOVE_ROW));
	const struct field *f = procedure_field(v->procedure, group);
	if (f && f->type == FIELD_GROUP) {
		size_t next = answer_of(v->answers, f, -1)->count;
		response_redirect(out,
			arena_printf(a, "%.*s?fila=%.*s#%.*s.%zu", STR_FMT(here), STR_FMT(f->id), STR_FMT(f->id), next));
		return true;
	}
	if (!str_is_none(row) || form_has(form, STR(QUESTION_REMOVE_FILE))) {
		response_redirect(out, here);
		return true;
	}
	if (form_has(form, STR("_subir")) && v->refused_count == 0) {
		response_redirect(out, here);
		return true;
	}
	return false;
}

struct err *filing_step_answer(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	draft_cookie(out, r->arena, v->procedure->id,
		request_cookie(r, draft_cookie_name(r->arena, v->procedure->id)));
	if (v->case_id) {
		response_redirect(out, visit_href(v, "acuse"));
		return NULL;
	}
	if (form_has(r->form, STR("_salir"))) {
		response_redirect(out, visit_href(v, "salir"));
		return NULL;
	}
	if (stays(v, out)) return NULL;
	if (questions_map_acted(r->form)) {
		v->errors = NULL;
		v->is_more = false;
		step_show(v, out, NULL);
		return NULL;
	}
	if (!v->is_clean) {
		out->status = STATUS_TO_MEND;
		step_show(v, out, NULL);
		return NULL;
	}
	bool to_review = str_eq(form_text(r->form, STR("volver")), STR("revisar"));
	if (v->is_more)
		response_redirect(out,
			arena_printf(r->arena, "%.*s?mas=1%s", STR_FMT(visit_page_href(v, v->page)),
				to_review ? "&volver=revisar" : ""));
	else
		response_redirect(out,
			to_review ? visit_href(v, "revisar") : visit_page_href(v, page_after(v->answers, v->page)));
	return NULL;
}
