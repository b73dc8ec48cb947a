/* /expedientes/{number}/corregir: what the town asked for again. Everything is read on the case as it is in the
 * commit (core/casepage/correction.h); what is right is kept, what is not comes back with all that was typed. */
#include "base/utf8.h"
#include "core/casepage/correction.h"
#include "core/page.h"
#include "mod/tracking/correct.html.h"
#include "mod/tracking/pages.h"
#include "mod/tracking/tracking.h"
#include "web/form.h"

#define FORM_ID "corregir"
#define CORRECTION "_correccion" /* which correction the form answers: a later one is another form */

enum { STATUS_TO_MEND = 422 };

struct correct_work {
	struct str number, message;
	bool is_message_bad;
	bool is_over; /* it was answered meanwhile, by another tab or at the counter */
	struct correction correction;
};

/* --- showing ----------------------------------------------------------------------------------------------------- */

static struct form_control message_control(struct request *r, bool is_bad)
{
	return (struct form_control){ .kind = CONTROL_TEXTAREA,
		.id = STR("_mensaje"),
		.name = STR("_mensaje"),
		.label = i18n_text(r->lang, MSG_TRACKING_CORRECT_MESSAGE),
		.is_optional = true,
		.error = is_bad ? i18n_text(r->lang, MSG_TRACKING_MESSAGE_BAD) : STR_NONE,
		.value = form_text(r->form, STR("_mensaje")),
		.rows = 3,
		.max_length = CASE_TEXT_MAX };
}

static struct correct_items items_of(struct request *r, const struct correction *c)
{
	struct correct_items list = { ARENA_ARRAY(r->arena, struct correct_item, c->items.count),
		c->items.count };
	for (size_t i = 0; i < list.count; i++)
		list.items[i] = (struct correct_item){ c->items.items[i].reason,
			correction_question(r->arena, c, &c->items.items[i], STR(FORM_ID)) };
	return list;
}

static struct str due_text(struct request *r, struct date due)
{
	if (date_is_none(due)) return STR_NONE;
	struct i18n_arg args[] = { I18N_ARG("date", i18n_date(r->arena, r->lang, due, I18N_LONG)), { 0 } };
	return i18n_format(r->arena, r->lang, MSG_TRACKING_CORRECT_DUE, args);
}

static void add_message_error(struct request *r, struct correct_view *v)
{
	size_t count = v->errors.lines.count;
	struct error_summary_line *lines = ARENA_ARRAY(r->arena, struct error_summary_line, count + 1);
	for (size_t i = 0; i < count; i++)
		lines[i] = v->errors.lines.items[i];
	lines[count] = (struct error_summary_line){ STR("#_mensaje"), v->message.error };
	v->errors.lines = (struct error_summary_lines){ lines, count + 1 };
}

static void show(struct request *r, struct response *out, const struct correction *c, bool is_message_bad)
{
	struct str number = c->record.row.number;
	struct correct_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_TRACKING_CORRECT_TITLE)),
		.number = number,
		.base = tracking_base(r, number),
		.reason = c->id ? c->reason : i18n_text(r->lang, MSG_TRACKING_CORRECT_FILES),
		.due_text = due_text(r, c->due),
		.id = c->id,
		.shown = correction_shown(r->arena, c),
		.is_more = c->is_more,
		.errors = correction_errors(r->arena, c),
		.items = items_of(r, c),
		.message = message_control(r, is_message_bad) };
	if (is_message_bad) add_message_error(r, &v);
	v.page.is_hidden = true;
	v.page.has_errors = v.errors.lines.count > 0;
	page_crumb(r, &v.page, i18n_text(r->lang, MSG_TRACKING_MINE_TITLE), STR("/mis-tramites"));
	page_crumb(r, &v.page, number, v.base);
	page_crumb(r, &v.page, v.page.title, STR_NONE);
	struct view *view = page_view(r);
	correct_html(view, &v);
	page_send(out, view);
}

struct err *tracking_correct_page(struct request *r, struct response *out)
{
	struct correction c;
	bool is_asked;
	TRY(correction_load(r->town, r->db, r->arena, r->case_id, r->lang, &c, &is_asked));
	if (is_asked)
		show(r, out, &c, false);
	else
		response_redirect(out, tracking_base(r, c.record.row.number));
	return NULL;
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

struct err *tracking_correct_prepare(struct request *r, struct response *out)
{
	struct correct_work *work = ARENA_NEW(r->arena, struct correct_work);
	(void)out;
	work->message = form_text(r->form, STR("_mensaje"));
	work->is_message_bad = work->message.n > CASE_TEXT_MAX || !utf8_is_plain(work->message, true);
	r->work = work;
	return NULL;
}

struct err *tracking_correct_commit(struct request *r, struct tx *tx)
{
	struct correct_work *work = r->work;
	struct correction *c = &work->correction;
	bool is_asked;
	int64_t answers = -1;
	TRY(correction_load(r->town, tx->db, tx->arena, r->case_id, r->lang, c, &is_asked));
	work->number = c->record.row.number;
	form_int(r->form, STR(CORRECTION), 0, INT64_MAX, &answers);
	work->is_over = !is_asked || answers != c->id;
	if (work->is_over) return NULL;
	TRY(correction_take(tx, r->form, &case_by_citizen, !work->is_message_bad, c));
	if (!c->is_sent || str_is_empty(work->message)) return NULL;
	struct case_step step = { r->town, r->case_id, 0, case_by_citizen };
	return case_say(tx, &step, MESSAGE_CITIZEN, work->message);
}

struct err *tracking_correct_answer(struct request *r, struct response *out)
{
	const struct correct_work *work = r->work;
	if (work->is_over || work->correction.is_sent) {
		response_redirect(out, tracking_base(r, work->number));
		return NULL;
	}
	out->status = STATUS_TO_MEND;
	show(r, out, &work->correction, work->is_message_bad);
	return NULL;
}
