/* Steps of a case: what all of them share, and those that need little more than a button. */
#include "core/case/case_list.h"
#include "core/i18n.h"
#include "mod/api/pages.h"
#include "i18n/api.h"

struct err *api_begin(struct request *r, struct response *out, const struct json **ret)
{
	struct api_work *work = ARENA_NEW(r->arena, struct api_work);
	const struct json *revision;
	r->work = work;
	TRY(api_body(r, out, ret));
	if (!*ret) return NULL;
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &work->record));
	revision = json_get(*ret, STR("revision"));
	work->revision = revision ? revision->i : work->record.row.revision;
	/* Said before anything else: what was decided on something older need not be mended. */
	if (work->revision != work->record.row.revision)
		return ERR(r->arena, ERR_CONFLICT, "case.changed", "revision %lld, not %lld",
			(long long)work->record.row.revision, (long long)work->revision);
	return NULL;
}

struct case_step api_step(const struct request *r)
{
	const struct api_work *work = r->work;
	return (struct case_step){ r->town, r->case_id, work->revision, case_by_who(r->who) };
}

struct err *api_end(struct request *r, struct tx *tx)
{
	struct api_work *work = r->work;
	return case_load(r->town, tx->db, tx->arena, r->case_id, &work->after);
}

struct err *api_step_answer(struct request *r, struct response *out)
{
	const struct api_work *work = r->work;
	const struct case_by_id_row *row = &work->after.row;
	struct api_answer *answer = api_answer(r);
	struct json_writer *w = &answer->json;
	api_put(w, "number", row->number);
	api_put_int(w, "revision", row->revision);
	api_put_state(w, work->after.state, r->lang);
	api_put(w, "stage", row->stage);
	api_put_date(w, r->arena, "due_on", row->due_on);
	json_key(w, STR("links"));
	json_open(w, '{');
	api_put(w, "self", api_case_href(r->arena, row->number));
	json_close(w, '}');
	return api_send(answer, out, 200);
}

/* --- taking and giving back ------------------------------------------------------------------------------------------ */

struct err *api_take_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	TRY(api_begin(r, out, &body));
	struct api_work *work = r->work;
	work->assignee_id = r->who->staff_id;
	return NULL;
}

struct err *api_release_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	return api_begin(r, out, &body);
}

struct err *api_take_commit(struct request *r, struct tx *tx)
{
	const struct api_work *work = r->work;
	struct case_step step = api_step(r);
	TRY(case_take(tx, &step, work->assignee_id));
	return api_end(r, tx);
}

/* The department comes in the body; the case is whichever is next. */
struct err *api_next_prepare(struct request *r, struct response *out)
{
	struct api_work *work = ARENA_NEW(r->arena, struct api_work);
	struct case_departments mine;
	const struct json *body;
	r->work = work;
	TRY(api_body(r, out, &body));
	if (!body) return NULL;
	struct str asked = json_text(body, STR("department"));
	TRY(case_departments(r->town, r->db, r->arena, r->who->staff_id, &mine));
	work->department_id = case_department_choose(r->town, &mine, asked);
	if (str_is_none(asked) || work->department_id == town_department_id(r->town, asked)) return NULL;
	struct api_problems problems = { 0 };
	api_problem_add(r, &problems, STR("department"), "query.unknown", i18n_text(r->lang, MSG_API_DEPARTMENT));
	api_problems_answer(r, out, &problems);
	return NULL;
}

struct err *api_next_commit(struct request *r, struct tx *tx)
{
	const struct api_work *work = r->work;
	struct case_by by = case_by_who(r->who);
	struct str number;
	TRY(case_take_next(tx, r->town, &by, work->department_id, &r->case_id, &number));
	if (!r->case_id) return ERR(tx->arena, ERR_NOT_FOUND, "api.none-waits", "nothing waits to be taken");
	return api_end(r, tx);
}

/* --- saying --------------------------------------------------------------------------------------------------------------- */

static struct err *say(struct request *r, struct response *out, enum case_message_kind kind)
{
	const struct json *body;
	TRY(api_begin(r, out, &body));
	if (!body) return NULL;
	struct api_work *work = r->work;
	work->kind = kind;
	work->text = api_text_of(r, body, "text");
	if (case_text_is_sound(work->text)) return NULL;
	struct api_problems problems = { 0 };
	api_problem_add(r, &problems, STR("text"), "body.length", i18n_text(r->lang, MSG_API_TEXT_BAD));
	api_problems_answer(r, out, &problems);
	return NULL;
}

struct err *api_message_prepare(struct request *r, struct response *out)
{
	return say(r, out, MESSAGE_STAFF);
}

struct err *api_note_prepare(struct request *r, struct response *out) { return say(r, out, MESSAGE_NOTE); }

struct err *api_remark_commit(struct request *r, struct tx *tx)
{
	const struct api_work *work = r->work;
	struct case_step step = api_step(r);
	TRY(case_say(tx, &step, work->kind, work->text));
	return api_end(r, tx);
}

/* --- handing over ------------------------------------------------------------------------------------------------------------ */

/* A page that is opened twice hands over once and says nothing; a program is told when there is nothing to hand over. */
struct err *api_deliver_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	TRY(api_begin(r, out, &body));
	const struct api_work *work = r->work;
	const struct case_record *c = &work->record;
	if (body && !procedure_transition(c->procedure, c->row.state, ACTION_DELIVER, WHO_STAFF))
		return ERR(r->arena, ERR_CONFLICT, "case.not-now", "nothing to hand over in state %.*s",
			STR_FMT(c->row.state));
	return NULL;
}

struct err *api_deliver_commit(struct request *r, struct tx *tx)
{
	struct case_step step = api_step(r);
	TRY(case_deliver(tx, &step));
	return api_end(r, tx);
}

/* --- paying ------------------------------------------------------------------------------------------------------------------- */

static void add_fault(struct request *r, struct api_problems *p, enum case_pay_fault fault)
{
	static const struct {
		const char *field, *code;
		enum message text;
	} words[] = { [PAY_FOLIO_MISSING] = { "folio", "body.missing", MSG_API_MISSING },
		[PAY_FOLIO_USED] = { "folio", "payment.folio_used", MSG_API_PAY_FOLIO_USED },
		[PAY_AMOUNT_WRONG] = { "amount", "payment.amount", MSG_API_PAY_AMOUNT },
		[PAY_METHOD_UNKNOWN] = { "method", "payment.method", MSG_API_UNKNOWN } };
	if (fault != PAY_SOUND)
		api_problem_add(r, p, str_of(words[fault].field), words[fault].code,
			i18n_text(r->lang, words[fault].text));
}

struct err *api_pay_prepare(struct request *r, struct response *out)
{
	const struct json *body;
	struct api_problems problems = { 0 };
	enum case_pay_fault fault;
	TRY(api_begin(r, out, &body));
	if (!body) return NULL;
	struct api_work *work = r->work;
	if (case_is_paid(&work->record))
		return ERR(r->arena, ERR_CONFLICT, "case.paid", "nothing is owed for %.*s",
			STR_FMT(work->record.row.number));
	const struct json *amount = json_get(body, STR("amount"));
	struct str plain = amount->kind == JSON_INT ? arena_printf(r->arena, "%lld", (long long)amount->i)
												: amount->text;
	work->payment.folio = api_text_of(r, body, "folio");
	work->payment.method = json_text(body, STR("method"));
	work->payment.has_amount = money_parse(plain, &work->payment.amount);
	TRY(case_pay_check(r->db, r->arena, &work->record, &work->payment, &fault));
	add_fault(r, &problems, fault);
	api_problems_answer(r, out, &problems);
	return NULL;
}

struct err *api_pay_commit(struct request *r, struct tx *tx)
{
	const struct api_work *work = r->work;
	struct case_step step = api_step(r);
	TRY(case_pay(tx, &step, work->payment.folio, work->payment.amount, work->payment.method));
	return api_end(r, tx);
}
