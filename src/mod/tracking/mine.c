/* /mis-tramites: the cases whose key this browser has shown. */
#include "core/codes/code.h"
#include "core/holder/holder.h"
#include "core/holder/queries.h"
#include "core/page.h"
#include "mod/tracking/mine.html.h"
#include "mod/tracking/pages.h"
#include "mod/tracking/tracking.h"
#include "web/form.h"
#include "web/limits.h"
#include "i18n/tracking.h"

static const struct limit_rule attempts = { "case-key", 20, 120 };

struct mine_work {
	int64_t holder, case_id;
	struct str token, number;
};

static struct form_control key_control(struct request *r, struct str error)
{
	return (struct form_control){ .kind = CONTROL_TEXT,
		.id = STR("clave"),
		.name = STR("clave"),
		.label = i18n_text(r->lang, MSG_TRACKING_KEY),
		.hint = i18n_text(r->lang, MSG_TRACKING_KEY_HINT),
		.error = error,
		.width = CONTROL_WIDTH_FULL };
}

static struct err *row_of(struct request *r, const struct holder_case_all_row *row, struct mine_row *ret)
{
	const struct procedure *p;
	TRY(town_procedure(r->town, r->db, r->arena, row->pack_version_id, row->procedure_slug, &p));
	const struct state *state = procedure_state(p, row->state);
	bool owes = state && case_owes(state, row->fee, row->paid_at);
	*ret = (struct mine_row){ .number = row->number,
		.href = tracking_base(r, row->number),
		.procedure = text_in(p->name, r->lang),
		.where = owes ? i18n_text(r->lang, MSG_TRACKING_PAY_WHERE)
			: state   ? text_in(state->citizen, r->lang)
					  : row->state,
		.place = row->place,
		.is_yours = owes || str_eq(row->waits_for, STR("citizen")),
		.due = casepage_due(r, row->queue_key, row->due_on, state && state->outcome == OUTCOME_OPEN) };
	return NULL;
}

static struct err *send(struct request *r, struct response *out, struct str error)
{
	int64_t holder;
	struct holder_case_all_rows rows = { 0 };
	TRY(holder_of_request(r, r->db, &holder));
	if (holder)
		TRY(holder_case_all(r->db, r->arena, &(struct holder_case_all_in){ .holder_id = holder }, &rows));
	struct mine_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_TRACKING_MINE_TITLE)),
		.rows = { ARENA_ARRAY(r->arena, struct mine_row, rows.count), rows.count },
		.key = key_control(r, error) };
	for (size_t i = 0; i < rows.count; i++)
		TRY(row_of(r, &rows.items[i], &v.rows.items[i]));
	if (!str_is_none(error)) {
		struct error_summary_line *line = ARENA_NEW(r->arena, struct error_summary_line);
		*line = (struct error_summary_line){ STR("#clave"), error };
		v.errors.lines = (struct error_summary_lines){ line, 1 };
		v.page.has_errors = true;
	}
	struct view *view = page_view(r);
	mine_html(view, &v);
	page_send(out, view);
	return NULL;
}

struct err *tracking_mine_page(struct request *r, struct response *out) { return send(r, out, STR_NONE); }

struct err *tracking_mine_prepare(struct request *r, struct response *out)
{
	struct mine_work *work = ARENA_NEW(r->arena, struct mine_work);
	const struct key *hash_key;
	struct case_id_by_key_row row;
	struct str code;
	bool found = false;
	r->work = work;
	if (r->town->limits) TRY(limits_take(r->town->limits, &attempts, r, STR_NONE, NULL));
	if (!code_parse(r->arena, CODE_KEY, form_text(r->form, STR("clave")), &code))
		code = STR("00000000000000000000000000");
	for (size_t n = 0; !found && (hash_key = keyring_good(r->town->keyring, KEY_CODE_HASH, n)); n++) {
		struct sha256 hash = code_hash(hash_key->secret, CODE_KEY, code);
		TRY(case_id_by_key(r->db, r->arena, &(struct case_id_by_key_in){ .key_hash = sha256_str(&hash) },
			&row, &found));
	}
	if (!found) {
		out->status = 422;
		r->is_answered = true;
		return send(r, out, i18n_text(r->lang, MSG_TRACKING_KEY_WRONG));
	}
	work->case_id = row.id;
	work->number = row.number;
	return holder_of_request(r, r->db, &work->holder);
}

struct err *tracking_mine_commit(struct request *r, struct tx *tx)
{
	struct mine_work *work = r->work;
	return holder_add(tx, r->town, work->holder, work->case_id, &work->token);
}

struct err *tracking_mine_answer(struct request *r, struct response *out)
{
	const struct mine_work *work = r->work;
	holder_cookie(out, work->token);
	response_redirect(out, tracking_base(r, work->number));
	return NULL;
}

struct err *tracking_forget_commit(struct request *r, struct tx *tx)
{
	int64_t holder;
	TRY(holder_of_request(r, tx->db, &holder));
	return holder ? holder_forget(tx, holder) : NULL;
}

struct err *tracking_forget_answer(struct request *r, struct response *out)
{
	(void)r;
	response_cookie(out, STR(HOLDER_COOKIE), STR(""), 0);
	response_redirect(out, STR("/mis-tramites"));
	return NULL;
}
