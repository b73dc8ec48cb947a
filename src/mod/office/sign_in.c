/* Signing in and out. A wrong name, a wrong password and a locked account look and take the same. */
#include "core/i18n.h"
#include "core/session/password.h"
#include "core/session/resume.h"
#include "core/session/session.h"
#include "core/staff/queries.h"
#include "mod/office/pages.h"
#include "web/csrf.h"
#include "web/form.h"
#include "web/limits.h"
#include "i18n/session.h"

static const struct limit_rule attempts = { "sign-in", 20, 120 };

struct sign_in_work {
	struct str login, path, token, office;
	struct resume_fields fields;
	struct staff_by_login_row staff;
	bool is_known, is_right;
};

struct err *office_sign_in_page(struct request *r, struct response *out)
{
	struct resume_fields none = { NULL, 0 };
	sign_in_show(r, out, form_text(r->form, STR(RESUME_PATH)), none, STR_NONE, STR_NONE, false);
	return NULL;
}

struct err *office_sign_in_prepare(struct request *r, struct response *out)
{
	struct sign_in_work *work = ARENA_NEW(r->arena, struct sign_in_work);
	(void)out;
	r->work = work;
	if (r->town->limits) TRY(limits_take(r->town->limits, &attempts, r, STR_NONE, NULL));
	work->login = form_text(r->form, STR("usuario"));
	work->path = sign_in_return_path(form_text(r->form, STR(RESUME_PATH)));
	work->fields = resume_fields_of(r, true);
	TRY(staff_by_login(r->db, r->arena,
		&(struct staff_by_login_in){ .login = str_is_none(work->login) ? STR("") : work->login },
		&work->staff, &work->is_known));
	work->is_known &= work->staff.is_active;
	struct str hash = work->is_known ? work->staff.password_hash : STR_NONE;
	struct str password = form_text(r->form, STR("clave"));
	work->is_right = password_matches(r->arena, hash, password);
	return NULL;
}

struct err *office_sign_in_commit(struct request *r, struct tx *tx)
{
	struct sign_in_work *work = r->work;
	bool is_open = false;
	work->token = STR_NONE;
	if (!work->is_known) return NULL;
	if (!work->is_right) return session_attempt_failed(tx, work->staff.id);
	TRY(session_attempt_good(tx, work->staff.id, &is_open));
	return is_open ? session_open(tx, r->town, work->staff.id, STR("oficina"), &work->token) : NULL;
}

struct err *office_sign_in_answer(struct request *r, struct response *out)
{
	const struct sign_in_work *work = r->work;
	if (str_is_none(work->token)) {
		out->status = 422;
		sign_in_show(r, out, work->path, work->fields, work->login, i18n_text(r->lang, MSG_SESSION_WRONG),
			false);
		return NULL;
	}
	response_cookie(out, STR(SESSION_COOKIE), work->token, (int64_t)SESSION_HOURS * 3600);
	TRY(sign_in_renew_csrf(r, out));
	if (work->fields.count == 0) {
		response_redirect(out, work->path);
		return NULL;
	}
	/* What was being typed when the session ended: shown once more, to be sent. */
	resume_show(r, out, work->path, work->fields);
	return NULL;
}

struct err *office_sign_out_commit(struct request *r, struct tx *tx)
{
	return session_close(tx, r->who->session_id);
}

struct err *office_sign_out_answer(struct request *r, struct response *out)
{
	(void)r;
	response_cookie(out, STR(SESSION_COOKIE), STR(""), 0);
	response_redirect(out, STR(SIGN_IN_PATH));
	return NULL;
}
