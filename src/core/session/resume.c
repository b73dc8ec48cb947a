#include "core/session/resume.h"
#include "core/i18n.h"
#include "core/page.h"
#include "core/session/resume.html.h"
#include "core/town/town.h"
#include "web/csrf.h"
#include "web/form.h"
#include "i18n/session.h"

enum { CSRF_COOKIE_AGE_S = 400 * 24 * 3600 };

struct resume_fields resume_fields_of(struct request *r, bool kept_only)
{
	struct resume_fields fields = { ARENA_ARRAY(r->arena, struct resume_field, FORM_MAX_FIELDS), 0 };
	struct str prefix = STR(RESUME_PREFIX);
	for (const struct form_field *f = r->form ? r->form->fields : NULL; f && fields.count < FORM_MAX_FIELDS;
		 f = f->next) {
		bool is_kept = str_starts_with(f->name, prefix);
		if (str_eq(f->name, STR(CSRF_FIELD)) || (kept_only && !is_kept)) continue;
		struct str name = is_kept ? str_slice(f->name, prefix.n, f->name.n) : f->name;
		fields.items[fields.count++] = (struct resume_field){ name, f->value };
	}
	return fields;
}

void resume_show(struct request *r, struct response *out, struct str action, struct resume_fields fields)
{
	struct resume_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_SESSION_RESUME_TITLE)),
		.action = action,
		.fields = fields,
		.had_files = r->form && r->form->uploads };
	struct view *view = page_view(r);
	resume_html(view, &v);
	page_send(out, view);
}

struct str sign_in_return_path(struct str path)
{
	bool is_local = str_starts_with(path, STR("/oficina")) && str_find(path, STR("//")) < 0 &&
		str_find(path, STR("\\")) < 0;
	return is_local && !str_eq(path, STR(SIGN_IN_PATH)) ? path : STR("/oficina");
}

struct err *sign_in_renew_csrf(struct request *r, struct response *out)
{
	struct str cookie = csrf_cookie_new(r->arena);
	const struct key *key;
	TRY(keyring_active(r->town->keyring, r->arena, KEY_CSRF, STR_NONE, &key));
	r->csrf = csrf_token(r->arena, key->secret, cookie, r->now);
	response_cookie(out, STR(CSRF_COOKIE), cookie, CSRF_COOKIE_AGE_S);
	return NULL;
}

void sign_in_show(struct request *r, struct response *out, struct str path, struct resume_fields fields,
	struct str login, struct str error, bool is_expired)
{
	struct resume_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_SESSION_SIGN_IN_TITLE)),
		.fields = fields,
		.is_expired = is_expired,
		.path = sign_in_return_path(path) };
	v.page.is_hidden = true;
	v.page.has_errors = !str_is_none(error);
	v.login = (struct form_control){ .kind = CONTROL_TEXT,
		.id = STR("usuario"),
		.name = STR("usuario"),
		.label = i18n_text(r->lang, MSG_SESSION_LOGIN),
		.value = login,
		.autocomplete = STR("username"),
		.width = CONTROL_WIDTH_10,
		.error = error };
	v.password = (struct form_control){ .kind = CONTROL_TEXT,
		.id = STR("clave"),
		.name = STR("clave"),
		.type = STR("password"),
		.label = i18n_text(r->lang, MSG_SESSION_PASSWORD),
		.autocomplete = STR("current-password"),
		.width = CONTROL_WIDTH_10 };
	struct error_summary_line line = { STR("#usuario"), error };
	if (v.page.has_errors) v.errors.lines = (struct error_summary_lines){ &line, 1 };
	struct view *view = page_view(r);
	sign_in_html(view, &v);
	page_send(out, view);
}
