/* Steps that take an argument: asking for a correction, deciding, handing back, signing, revoking. */
#include "core/document/issue.h"
#include "core/i18n.h"
#include "core/session/session.h"
#include "mod/api/pages.h"
#include "i18n/api.h"

static void answer_one(struct request *r, struct response *out, const char *field, const char *code,
	enum message m)
{
	struct api_problems problems = { 0 };
	api_problem_add(r, &problems, str_of(field), code, i18n_text(r->lang, m));
	api_problems_answer(r, out, &problems);
}

/* --- asking for a correction ------------------------------------------------------------------------------------------ */

static bool may_be_asked(const struct summary_rows *rows, struct str field)
{
	for (size_t i = 0; i < rows->count; i++)
		if (str_eq(rows->items[i].field->id, field)) return true;
	return false;
}

static void read_items(struct request *r, const struct json *list, struct api_problems *problems)
{
	struct api_work *work = r->work;
	struct summary_rows rows = case_correctable(&work->record, r->arena, r->lang);
	work->items.items = ARENA_ARRAY(r->arena, struct case_item, list->count);
	size_t at = 0;
	for (const struct json *item = list->first; item; item = item->next, at++) {
		struct str field = json_text(item, STR("field")), reason = api_text_of(r, item, "reason");
		if (!may_be_asked(&rows, field))
			api_problem_add(r, problems, arena_printf(r->arena, "items.%zu.field", at), "correction.field",
				i18n_text(r->lang, MSG_API_CORRECTION_FIELD));
		work->items.items[work->items.count++] = (struct case_item){ field,
			str_is_empty(reason) ? work->text : reason };
	}
}

struct err *api_correct_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	struct api_problems problems = { 0 };
	TRY(api_begin(r, out, &body));
	if (!body) return NULL;
	struct api_work *work = r->work;
	work->text = api_text_of(r, body, "reason");
	read_items(r, json_get(body, STR("items")), &problems);
	api_problems_answer(r, out, &problems);
	return NULL;
}

struct err *api_correct_commit(struct request *r, struct tx *tx)
{
	const struct api_work *work = r->work;
	struct case_step step = api_step(r);
	TRY(case_ask_correction(tx, &step, work->text, work->items));
	return api_end(r, tx);
}

/* --- deciding ---------------------------------------------------------------------------------------------------------------- */

struct err *api_approve_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	struct api_problems problems = { 0 };
	TRY(api_begin(r, out, &body));
	if (!body) return NULL;
	struct api_work *work = r->work;
	work->outcome = OUTCOME_APPROVED;
	work->answers = work->record.answers;
	work->text = api_text_of(r, body, "reasons");
	api_take_answers(r, work->record.answers, json_get(body, STR("fields")), true, &problems);
	struct field_errors errors = answers_check_decision(work->record.answers, r->arena);
	api_add_errors(r, &errors, &problems);
	api_problems_answer(r, out, &problems);
	return NULL;
}

struct err *api_refuse_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	TRY(api_begin(r, out, &body));
	if (!body) return NULL;
	struct api_work *work = r->work;
	work->outcome = OUTCOME_REFUSED;
	work->answers = work->record.answers;
	work->text = api_text_of(r, body, "reasons");
	return NULL;
}

struct err *api_decide_commit(struct request *r, struct tx *tx)
{
	const struct api_work *work = r->work;
	struct case_step step = api_step(r);
	TRY(case_decide(tx, &step, work->outcome, work->text, work->answers));
	return api_end(r, tx);
}

struct err *api_return_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	TRY(api_begin(r, out, &body));
	struct api_work *work = r->work;
	work->text = body ? api_text_of(r, body, "reasons") : STR("");
	return NULL;
}

struct err *api_return_commit(struct request *r, struct tx *tx)
{
	const struct api_work *work = r->work;
	struct case_step step = api_step(r);
	TRY(case_return(tx, &step, work->text));
	return api_end(r, tx);
}

/* --- with the second confirmation --------------------------------------------------------------------------------------------- */

/* Answered when the password is not theirs. */
static struct err *confirm(struct request *r, struct response *out, const struct json *body)
{
	bool is_right;
	TRY(session_confirm(r, json_text(body, STR("password")), &is_right));
	if (!is_right) answer_one(r, out, "password", "password.wrong", MSG_API_PASSWORD_WRONG);
	return NULL;
}

struct err *api_sign_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	TRY(api_begin(r, out, &body));
	return body ? confirm(r, out, body) : NULL;
}

struct err *api_sign_commit(struct request *r, struct tx *tx)
{
	struct case_step step = api_step(r);
	TRY(case_sign(tx, &step));
	return api_end(r, tx);
}

struct err *api_revoke_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	TRY(api_begin(r, out, &body));
	if (!body) return NULL;
	struct api_work *work = r->work;
	if (!str_to_int64(r->params[1], 1, INT64_MAX, &work->document_id))
		return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such document");
	work->text = api_text_of(r, body, "reasons");
	return confirm(r, out, body);
}

struct err *api_revoke_commit(struct request *r, struct tx *tx)
{
	const struct api_work *work = r->work;
	struct case_step step = api_step(r);
	TRY(document_revoke_issued(tx, &step, work->document_id, work->text));
	return api_end(r, tx);
}
