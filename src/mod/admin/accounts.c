/* The accounts of the staff: who may do what, and closing or opening one. */
#include "core/session/account.h"
#include "core/staff/queries.h"
#include "mod/admin/admin.html.h"
#include "mod/admin/pages.h"

static struct str role_word(struct request *r, struct str role)
{
	enum message m;
	return i18n_find(arena_printf(r->arena, "role.%.*s", STR_FMT(role)), &m) ? i18n_text(r->lang, m) : role;
}

static struct str roles_of(struct request *r, const struct staff_role_list_rows *held, int64_t staff_id)
{
	struct str text = STR("");
	for (size_t i = 0; i < held->count; i++) {
		if (held->items[i].staff_id != staff_id) continue;
		text = arena_printf(r->arena, "%.*s%s%.*s", STR_FMT(text), text.n ? ", " : "",
			STR_FMT(role_word(r, held->items[i].role)));
	}
	return text;
}

static struct str name_of(const struct staff_all_rows *all, int64_t id)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].id == id) return all->items[i].display_name;
	return STR_NONE;
}

static struct account_row row_of(struct request *r, const struct staff_all_rows *all, size_t at,
	const struct staff_role_list_rows *held)
{
	const struct staff_all_row *s = &all->items[at];
	enum message word = s->is_active ? MSG_ADMIN_ACCOUNT_OPEN : MSG_ADMIN_ACCOUNT_CLOSED;
	return (struct account_row){ .login = s->login,
		.name = s->display_name,
		.post = s->post,
		.roles = roles_of(r, held, s->id),
		.state = { .tone = s->is_active ? TONE_OK : TONE_PLAIN, .text = i18n_text(r->lang, word) },
		.since = s->state_since,
		.by = s->has_state_by ? name_of(all, s->state_by) : STR_NONE,
		.is_open = s->is_active,
		.is_self = s->id == r->who->staff_id };
}

static struct err *show(struct request *r, struct response *out, struct error_summary_view errors)
{
	struct staff_all_rows rows;
	struct staff_role_list_rows held;
	struct view *view = page_view(r);
	TRY(staff_all(r->db, r->arena, &rows));
	TRY(staff_role_list(r->db, r->arena, &held));
	struct accounts_view v = { .page = page_office(r, view, i18n_text(r->lang, MSG_ADMIN_ACCOUNTS)),
		.errors = errors,
		.rows = { ARENA_ARRAY(r->arena, struct account_row, rows.count), rows.count } };
	v.page.has_errors = errors.lines.count > 0;
	for (size_t i = 0; i < rows.count; i++)
		v.rows.items[i] = row_of(r, &rows, i, &held);
	admin_accounts_html(view, &v);
	page_send(out, view);
	return NULL;
}

struct err *admin_accounts_page(struct request *r, struct response *out)
{
	return show(r, out, (struct error_summary_view){ 0 });
}

/* Nobody shuts themselves out: whoever closes an account keeps one that can open it. */
struct err *admin_close_prepare(struct request *r, struct response *out)
{
	struct staff_by_id_row self;
	bool found;
	TRY(staff_by_id(r->db, r->arena, &(struct staff_by_id_in){ .id = r->who->staff_id }, &self, &found));
	if (!found || !str_eq(self.login, r->params[0])) return NULL;
	struct error_summary_line *line = ARENA_NEW(r->arena, struct error_summary_line);
	*line = (struct error_summary_line){ arena_printf(r->arena, "#cuenta-%.*s", STR_FMT(self.login)),
		i18n_text(r->lang, MSG_ADMIN_ACCOUNT_SELF) };
	r->is_answered = true;
	out->status = 422;
	return show(r, out, (struct error_summary_view){ { line, 1 } });
}

struct err *admin_close_commit(struct request *r, struct tx *tx)
{
	TRY(account_activate(tx, r->params[0], false, r->who->staff_id));
	return admin_event(r, tx, "account.closed");
}

struct err *admin_open_commit(struct request *r, struct tx *tx)
{
	TRY(account_activate(tx, r->params[0], true, r->who->staff_id));
	return admin_event(r, tx, "account.opened");
}

struct err *admin_accounts_answer(struct request *r, struct response *out)
{
	(void)r;
	response_redirect(out, STR(ADMIN_ACCOUNTS));
	return NULL;
}
