/* Approving with the decision's fields, refusing with reasons, handing an unsigned decision back. */
#include "base/utf8.h"
#include "core/i18n.h"
#include "mod/office/pages.h"
#include "web/form.h"
#include "i18n/office.h"

static struct form_control reasons_control(struct request *r, enum message label, struct str value,
	struct str error)
{
	return (struct form_control){ .kind = CONTROL_TEXTAREA,
		.id = STR("razones"),
		.name = STR("razones"),
		.label = i18n_text(r->lang, label),
		.hint = i18n_text(r->lang, MSG_OFFICE_REASONS_HINT),
		.value = value,
		.error = error,
		.rows = 6,
		.max_length = CASE_REASONS_MAX };
}

/* --- approving --------------------------------------------------------------------------------------------------- */

static struct err *show_approval(struct request *r, struct response *out, const struct case_record *c,
	const struct field_error *errors)
{
	struct office_step_view v;
	struct question_context questions = { .answers = c->answers,
		.lang = r->lang,
		.errors = errors,
		.form = STR("paso") };
	TRY(office_step_page(r, MSG_OFFICE_APPROVE_TITLE, MSG_OFFICE_APPROVE_LEAD, MSG_OFFICE_APPROVE_SEND,
		"/aprobar", &v));
	v.questions = questions_of_fields(r->arena, &questions, &c->procedure->form.decision);
	v.errors = questions_errors(r->arena, &questions);
	v.reasons = reasons_control(r, MSG_OFFICE_APPROVE_REASONS, form_text(r->form, STR("razones")), STR_NONE);
	v.reasons.is_optional = true;
	return office_step_send(r, out, &v);
}

struct err *office_approve_page(struct request *r, struct response *out)
{
	struct case_record c;
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	return show_approval(r, out, &c, NULL);
}

static struct answer_inputs inputs_of(struct request *r)
{
	size_t count = 0;
	for (const struct form_field *f = r->form->fields; f; f = f->next)
		count++;
	struct answer_input *items = ARENA_ARRAY(r->arena, struct answer_input, count);
	count = 0;
	for (const struct form_field *f = r->form->fields; f; f = f->next)
		items[count++] = (struct answer_input){ f->name, f->value };
	return (struct answer_inputs){ items, count };
}

struct err *office_approve_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	TRY(office_begin(r, &work));
	answers_read_decision(work->record.answers, inputs_of(r));
	struct field_errors errors = answers_check_decision(work->record.answers, r->arena);
	work->outcome = OUTCOME_APPROVED;
	work->answers = work->record.answers;
	work->text = form_text(r->form, STR("razones"));
	work->text = str_is_none(work->text) ? STR("") : utf8_cut(work->text, CASE_REASONS_MAX);
	if (errors.errors == 0) return NULL;
	r->is_answered = true;
	return show_approval(r, out, &work->record, errors.first);
}

/* --- refusing ------------------------------------------------------------------------------------------------------ */

static struct err *show_refusal(struct request *r, struct response *out, struct str error)
{
	struct office_step_view v;
	TRY(office_step_page(r, MSG_OFFICE_REFUSE_TITLE, MSG_OFFICE_REFUSE_LEAD, MSG_OFFICE_REFUSE_SEND, "/negar",
		&v));
	v.is_danger = true;
	v.reasons = reasons_control(r, MSG_OFFICE_REFUSE_REASONS, form_text(r->form, STR("razones")), error);
	if (!str_is_none(error)) v.errors = office_one_error(r, STR("#razones"), error);
	return office_step_send(r, out, &v);
}

struct err *office_refuse_page(struct request *r, struct response *out)
{
	return show_refusal(r, out, STR_NONE);
}

struct err *office_refuse_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	TRY(office_begin(r, &work));
	work->outcome = OUTCOME_REFUSED;
	work->answers = work->record.answers;
	work->text = form_text(r->form, STR("razones"));
	if (case_reasons_are_sound(work->text)) return NULL;
	r->is_answered = true;
	return show_refusal(r, out, i18n_text(r->lang, MSG_OFFICE_REASONS_MISSING));
}

struct err *office_decide_commit(struct request *r, struct tx *tx)
{
	const struct office_work *work = r->work;
	struct case_step step = office_step(r);
	return case_decide(tx, &step, work->outcome, work->text, work->answers);
}

/* --- back to review ------------------------------------------------------------------------------------------------ */

static struct err *show_return(struct request *r, struct response *out, struct str error)
{
	struct office_step_view v;
	TRY(office_step_page(r, MSG_OFFICE_RETURN_TITLE, MSG_OFFICE_RETURN_LEAD, MSG_OFFICE_RETURN_SEND,
		"/devolver", &v));
	v.reasons = reasons_control(r, MSG_OFFICE_RETURN_REASONS, form_text(r->form, STR("razones")), error);
	if (!str_is_none(error)) v.errors = office_one_error(r, STR("#razones"), error);
	return office_step_send(r, out, &v);
}

struct err *office_return_page(struct request *r, struct response *out)
{
	return show_return(r, out, STR_NONE);
}

struct err *office_return_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	TRY(office_begin(r, &work));
	work->text = form_text(r->form, STR("razones"));
	if (case_reasons_are_sound(work->text)) return NULL;
	r->is_answered = true;
	return show_return(r, out, i18n_text(r->lang, MSG_OFFICE_REASONS_MISSING));
}

struct err *office_return_commit(struct request *r, struct tx *tx)
{
	const struct office_work *work = r->work;
	struct case_step step = office_step(r);
	return case_return(tx, &step, work->text);
}
