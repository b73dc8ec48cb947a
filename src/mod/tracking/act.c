/* What the holder of a case does: write, withdraw, take the document. */
#include "base/utf8.h"
#include "core/identity/identity.h"
#include "core/notice/notice.h"
#include "core/page.h"
#include "mod/tracking/pages.h"
#include "mod/tracking/tracking.h"
#include "web/form.h"
#include "i18n/tracking.h"

struct act_work {
	struct str number, text;
	bool by_mail;
	struct str address;
	int64_t revision, document_id;
};

static struct err *start(struct request *r, struct act_work **ret)
{
	struct act_work *work = ARENA_NEW(r->arena, struct act_work);
	struct case_record c;
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	work->number = c.row.number;
	r->work = work;
	*ret = work;
	return NULL;
}

static struct case_step step_of(const struct request *r)
{
	const struct act_work *work = r->work;
	return (struct case_step){ r->town, r->case_id, work->revision, case_by_citizen };
}

struct err *tracking_back_answer(struct request *r, struct response *out)
{
	const struct act_work *work = r->work;
	response_redirect(out, tracking_base(r, work->number));
	return NULL;
}

/* An empty message is no error: the page is shown as it was. */
struct err *tracking_message_prepare(struct request *r, struct response *out)
{
	struct act_work *work;
	TRY(start(r, &work));
	work->text = form_text(r->form, STR("mensaje"));
	if (str_is_empty(work->text)) {
		r->is_answered = true;
		return tracking_back_answer(r, out);
	}
	if (work->text.n <= CASE_TEXT_MAX && utf8_is_plain(work->text, true)) return NULL;
	r->is_answered = true;
	out->status = 422;
	struct tracking_typed typed = { "mensaje", utf8_valid(work->text) ? work->text : STR_NONE,
		i18n_text(r->lang, MSG_TRACKING_MESSAGE_BAD) };
	return tracking_case_show(r, out, &typed);
}

struct err *tracking_message_commit(struct request *r, struct tx *tx)
{
	const struct act_work *work = r->work;
	struct case_step step = step_of(r);
	return case_say(tx, &step, MESSAGE_CITIZEN, work->text);
}

/* Whoever wants no more notices needs no good address for that. */
struct err *tracking_notices_prepare(struct request *r, struct response *out)
{
	struct act_work *work;
	struct notice_choice choice;
	TRY(start(r, &work));
	TRY(notice_choice_read(r->db, r->arena, r->case_id, &choice));
	struct str typed = form_text(r->form, STR("correo"));
	work->by_mail = str_eq(form_text(r->form, STR("avisar")), STR("si"));
	work->address = choice.address;
	if (!r->town->mail) return ERR(r->arena, ERR_CONFLICT, "case.not-now", "this town sends no mail");
	if (!work->by_mail || mail_canonical(r->arena, typed, &work->address)) return NULL;
	struct tracking_typed wrong = { "correo", utf8_valid(typed) ? typed : STR_NONE,
		i18n_text(r->lang, MSG_TRACKING_NOTICES_BAD) };
	r->is_answered = true;
	out->status = 422;
	return tracking_case_show(r, out, &wrong);
}

struct err *tracking_notices_commit(struct request *r, struct tx *tx)
{
	const struct act_work *work = r->work;
	struct case_step step = step_of(r);
	return notice_choose(tx, &step, work->by_mail, work->address);
}

struct err *tracking_notices_answer(struct request *r, struct response *out)
{
	const struct act_work *work = r->work;
	response_redirect(out, arena_printf(r->arena, "%.*s#avisos", STR_FMT(tracking_base(r, work->number))));
	return NULL;
}

struct err *tracking_withdraw_prepare(struct request *r, struct response *out)
{
	struct act_work *work;
	(void)out;
	TRY(start(r, &work));
	if (!form_int(r->form, STR("revision"), 0, INT64_MAX, &work->revision))
		return ERR(r->arena, ERR_MALFORMED, NULL, "no revision");
	return NULL;
}

struct err *tracking_withdraw_commit(struct request *r, struct tx *tx)
{
	struct case_step step = step_of(r);
	return case_withdraw(tx, &step);
}

struct err *tracking_deliver_prepare(struct request *r, struct response *out)
{
	struct act_work *work;
	(void)out;
	struct document_by_id_row row;
	TRY(start(r, &work));
	TRY(casepage_document(r, &row)); /* of this case, and printed */
	work->document_id = row.id;
	return NULL;
}

struct err *tracking_deliver_commit(struct request *r, struct tx *tx)
{
	struct case_step step = step_of(r);
	return case_deliver(tx, &step);
}

struct err *tracking_deliver_answer(struct request *r, struct response *out)
{
	const struct act_work *work = r->work;
	response_redirect(out,
		arena_printf(r->arena, "%.*s/documentos/%lld", STR_FMT(tracking_base(r, work->number)),
			(long long)work->document_id));
	return NULL;
}
