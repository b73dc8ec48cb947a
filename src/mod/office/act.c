/* Steps that need nothing but a button or a line of text. */
#include "mod/office/pages.h"
#include "web/form.h"

struct err *office_take_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	(void)out;
	TRY(office_begin(r, &work));
	work->assignee_id = r->who->staff_id;
	return NULL;
}

struct err *office_give_back_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	(void)out;
	return office_begin(r, &work);
}

struct err *office_take_commit(struct request *r, struct tx *tx)
{
	const struct office_work *work = r->work;
	struct case_step step = office_step(r);
	return case_take(tx, &step, work->assignee_id);
}

/* An empty line is no error: the page comes back as it was. */
static struct err *say(struct request *r, struct response *out, enum case_message_kind kind)
{
	struct office_work *work;
	TRY(office_begin(r, &work));
	work->kind = kind;
	work->text = form_text(r->form, STR("texto"));
	if (str_is_empty(work->text)) {
		r->is_answered = true;
		return office_back_answer(r, out);
	}
	if (!case_text_is_sound(work->text))
		return ERR(r->arena, ERR_INVALID, "office.text-bad", "a text of %zu bytes", work->text.n);
	return NULL;
}

struct err *office_note_prepare(struct request *r, struct response *out) { return say(r, out, MESSAGE_NOTE); }

struct err *office_message_prepare(struct request *r, struct response *out)
{
	/* One form with two buttons: what is for the citizen and what stays in the house. */
	return say(r, out, form_has(r->form, STR("nota")) ? MESSAGE_NOTE : MESSAGE_STAFF);
}

struct err *office_say_commit(struct request *r, struct tx *tx)
{
	const struct office_work *work = r->work;
	struct case_step step = office_step(r);
	return case_say(tx, &step, work->kind, work->text);
}

struct err *office_deliver_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	(void)out;
	return office_begin(r, &work);
}

struct err *office_deliver_commit(struct request *r, struct tx *tx)
{
	struct case_step step = office_step(r);
	return case_deliver(tx, &step);
}
