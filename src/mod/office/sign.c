/* The named officer's act: the decision is read once more and confirmed with the password. Withdrawing an issued
 * document takes the same confirmation. */
#include "core/document/issue.h"
#include "core/i18n.h"
#include "core/session/session.h"
#include "mod/office/pages.h"
#include "web/form.h"
#include "i18n/office.h"

static struct form_control password_control(struct request *r, struct str error)
{
	return (struct form_control){ .kind = CONTROL_TEXT,
		.id = STR("clave"),
		.name = STR("clave"),
		.type = STR("password"),
		.label = i18n_text(r->lang, MSG_OFFICE_SIGN_PASSWORD),
		.hint = i18n_text(r->lang, MSG_OFFICE_SIGN_PASSWORD_HINT),
		.error = error,
		.autocomplete = STR("current-password"),
		.width = CONTROL_WIDTH_10 };
}

/* --- signing ------------------------------------------------------------------------------------------------------ */

static struct err *add_what_is_signed(struct request *r, struct office_step_view *v)
{
	struct case_record c;
	struct case_decision_get_row decision;
	bool decided;
	TRY(case_load_decided(r->town, r->db, r->arena, r->case_id, &c, &decision, &decided));
	if (!decided || !instant_is_none(decision.signed_at))
		return ERR(r->arena, ERR_CONFLICT, "case.not-now", "there is no decision to sign");
	bool is_approved = str_eq(decision.outcome, STR("approved"));
	struct summary_rows rows = answers_summary_decision(c.answers, r->arena, r->lang);
	struct summary_line *lines = ARENA_ARRAY(r->arena, struct summary_line, rows.count + 3);
	size_t n = 0;
	lines[n++] = (struct summary_line){ .key = i18n_text(r->lang, MSG_OFFICE_SIGN_DECISION),
		.value = i18n_text(r->lang, is_approved ? MSG_OFFICE_DECIDED_APPROVED : MSG_OFFICE_DECIDED_REFUSED) };
	lines[n++] = (struct summary_line){ .key = i18n_text(r->lang, MSG_OFFICE_SIGN_PROCEDURE),
		.value = text_in(c.procedure->name, r->lang) };
	lines[n++] = (struct summary_line){ .key = i18n_text(r->lang, MSG_OFFICE_SIGN_PERSON),
		.value = c.row.applicant_name };
	for (size_t i = 0; is_approved && i < rows.count; i++) {
		if (!str_is_empty(rows.items[i].value))
			lines[n++] = (struct summary_line){ .key = rows.items[i].label, .value = rows.items[i].value };
	}
	v->summary.rows = (struct summary_lines){ lines, n };
	v->summary_reasons = decision.reasons;
	return NULL;
}

static struct err *show(struct request *r, struct response *out, struct str error)
{
	struct office_step_view v;
	TRY(office_step_page(r, MSG_OFFICE_SIGN_TITLE, MSG_OFFICE_SIGN_LEAD, MSG_OFFICE_SIGN_SEND, "/firmar",
		&v));
	TRY(add_what_is_signed(r, &v));
	v.password = password_control(r, error);
	if (!str_is_none(error)) v.errors = office_one_error(r, STR("#clave"), error);
	return office_step_send(r, out, &v);
}

struct err *office_sign_page(struct request *r, struct response *out) { return show(r, out, STR_NONE); }

struct err *office_sign_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	bool is_right;
	TRY(office_begin(r, &work));
	TRY(session_confirm(r, form_text(r->form, STR("clave")), &is_right));
	if (is_right) return NULL;
	r->is_answered = true;
	return show(r, out, i18n_text(r->lang, MSG_OFFICE_SIGN_WRONG));
}

struct err *office_sign_commit(struct request *r, struct tx *tx)
{
	struct case_step step = office_step(r);
	return case_sign(tx, &step);
}

/* --- revoking ------------------------------------------------------------------------------------------------------ */

static struct err *show_revoke(struct request *r, struct response *out, struct str href, struct str error)
{
	struct office_step_view v;
	const char *path = arena_cz(r->arena,
		arena_printf(r->arena, "/documentos/%.*s/revocar", STR_FMT(r->params[1])));
	TRY(office_step_page(r, MSG_OFFICE_REVOKE_TITLE, MSG_OFFICE_REVOKE_LEAD, MSG_OFFICE_REVOKE_SEND, path,
		&v));
	v.is_danger = true;
	v.reasons = (struct form_control){ .kind = CONTROL_TEXTAREA,
		.id = STR("razones"),
		.name = STR("razones"),
		.label = i18n_text(r->lang, MSG_OFFICE_REVOKE_REASONS),
		.value = form_text(r->form, STR("razones")),
		.rows = 4,
		.max_length = CASE_REASONS_MAX };
	v.password = password_control(r, STR_NONE);
	if (!str_is_none(error)) v.errors = office_one_error(r, href, error);
	return office_step_send(r, out, &v);
}

struct err *office_revoke_page(struct request *r, struct response *out)
{
	return show_revoke(r, out, STR_NONE, STR_NONE);
}

struct err *office_revoke_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	bool is_right;
	TRY(office_begin(r, &work));
	work->text = form_text(r->form, STR("razones"));
	if (!str_to_int64(r->params[1], 1, INT64_MAX, &work->document_id))
		return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such document");
	TRY(session_confirm(r, form_text(r->form, STR("clave")), &is_right));
	r->is_answered = true;
	if (!is_right) return show_revoke(r, out, STR("#clave"), i18n_text(r->lang, MSG_OFFICE_SIGN_WRONG));
	if (!case_reasons_are_sound(work->text))
		return show_revoke(r, out, STR("#razones"), i18n_text(r->lang, MSG_OFFICE_REASONS_MISSING));
	r->is_answered = false;
	return NULL;
}

struct err *office_revoke_commit(struct request *r, struct tx *tx)
{
	const struct office_work *work = r->work;
	struct case_step step = office_step(r);
	return document_revoke_issued(tx, &step, work->document_id, work->text);
}
