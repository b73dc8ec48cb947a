/* /estado: the state of a case by its status code, without names. */
#include "core/codes/code.h"
#include "core/page.h"
#include "mod/tracking/pages.h"
#include "mod/tracking/status.html.h"
#include "mod/tracking/tracking.h"
#include "web/form.h"
#include "web/limits.h"
#include "i18n/tracking.h"

/* 60 bits are not guessed at this pace; the limit keeps it so. */
static const struct limit_rule attempts = { "status", 20, 120 };

static struct form_control code_control(struct request *r, struct str typed, struct str error)
{
	return (struct form_control){ .kind = CONTROL_TEXT,
		.id = STR("codigo"),
		.name = STR("codigo"),
		.label = i18n_text(r->lang, MSG_TRACKING_CODE),
		.hint = i18n_text(r->lang, MSG_TRACKING_CODE_HINT),
		.error = error,
		.value = typed,
		.width = CONTROL_WIDTH_CODE };
}

static struct err *send(struct request *r, struct response *out, const struct status_view *v)
{
	struct view *view = page_view(r);
	status_html(view, v);
	page_send(out, view);
	return NULL;
}

struct err *tracking_status_page(struct request *r, struct response *out)
{
	struct status_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_TRACKING_STATUS_TITLE)),
		.code = code_control(r, STR_NONE, STR_NONE) };
	out->cache = CACHE_REVALIDATE;
	return send(r, out, &v);
}

/* A wrong code and one that is no code at all take the same way. */
static struct err *find(struct request *r, struct str typed, bool *ret_found)
{
	const struct key *hash_key;
	struct str code;
	if (!code_parse(r->arena, CODE_STATUS, typed, &code)) code = STR("000000000000");
	struct case_id_by_status_code_row row;
	*ret_found = false;
	for (size_t n = 0; !*ret_found && (hash_key = keyring_good(r->town->keyring, KEY_CODE_HASH, n)); n++) {
		struct sha256 hash = code_hash(hash_key->secret, CODE_STATUS, code);
		TRY(case_id_by_status_code(r->db, r->arena,
			&(struct case_id_by_status_code_in){ .status_code_hash = sha256_str(&hash) }, &row, ret_found));
	}
	if (*ret_found) r->case_id = row.id;
	return NULL;
}

static struct err *show(struct request *r, struct response *out)
{
	struct casepage p;
	TRY(casepage_load(r, CASEPAGE_CITIZEN, STR("/estado"), &p));
	bool is_yours = p.record.state->turn == TURN_CITIZEN && !p.record.state->is_final;
	struct status_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_TRACKING_STATUS_TITLE)),
		.has_answer = true,
		.is_yours = is_yours,
		.who_icon = is_yours ? STR("hand-stop") : STR("building-bank"),
		.who = i18n_text(r->lang, is_yours ? MSG_TRACKING_YOUR_MOVE : MSG_TRACKING_OUR_MOVE),
		.where = text_in(p.record.state->citizen, r->lang),
		.procedure = text_in(p.record.procedure->name, r->lang),
		.number = p.record.row.number,
		.due = p.due,
		.due_label = p.clock.sentence,
		.history = p.history,
		.code = code_control(r, STR_NONE, STR_NONE) };
	if (p.record.state->is_final) v.who = i18n_text(r->lang, MSG_TRACKING_OVER);
	return send(r, out, &v);
}

struct err *tracking_status_answer(struct request *r, struct response *out)
{
	struct str typed = form_text(r->form, STR("codigo"));
	bool found;
	if (r->town->limits) TRY(limits_take(r->town->limits, &attempts, r, STR_NONE, NULL));
	TRY(find(r, typed, &found));
	if (found) return show(r, out);
	struct status_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_TRACKING_STATUS_TITLE)),
		.code = code_control(r, typed, i18n_text(r->lang, MSG_TRACKING_CODE_WRONG)) };
	v.page.has_errors = true;
	out->status = 422;
	return send(r, out, &v);
}
