/* /expedientes/{number}: where the case is, whose move it is, and everything in it. */
#include "core/access/queries.h"
#include "core/document/queries.h"
#include "core/mail/mail.h"
#include "core/notice/notice.h"
#include "core/page.h"
#include "mod/tracking/access.html.h"
#include "mod/tracking/case.html.h"
#include "mod/tracking/pages.h"
#include "mod/tracking/tracking.h"
#include "mod/tracking/withdraw.html.h"
#include "i18n/tracking.h"

struct str tracking_base(struct request *r, struct str number)
{
	return arena_printf(r->arena, "/expedientes/%.*s", STR_FMT(number));
}

static bool is_yours(const struct casepage *p)
{
	return p->record.state->turn == TURN_CITIZEN && !p->record.state->is_final;
}

/* The first line: who must move, and by when. */
static void fill_where(struct request *r, const struct casepage *p, struct case_view *v)
{
	v->is_yours = is_yours(p);
	v->is_over = p->record.state->is_final;
	v->who_icon = v->is_yours ? STR("hand-stop") : v->is_over ? STR("circle-check") : STR("building-bank");
	v->who = i18n_text(r->lang,
		v->is_yours      ? MSG_TRACKING_YOUR_MOVE
			: v->is_over ? MSG_TRACKING_OVER
						 : MSG_TRACKING_OUR_MOVE);
	v->where = text_in(p->record.state->citizen, r->lang);
	v->text = p->has_correction ? p->correction.reason : STR_NONE;
	if (p->has_correction && !date_is_none(p->correction.due_on)) {
		struct date today = zone_date(r->town->zone, r->now);
		int left = calendar_count_working(town_calendar(r->town), today, p->correction.due_on);
		struct i18n_arg args[] = {
			I18N_ARG("date", i18n_date(r->arena, r->lang, p->correction.due_on, I18N_WEEKDAY)), { 0 }
		};
		v->has_due = true;
		v->due_days = left < 0 ? 0 : left;
		v->due_unit = i18n_plural(r->lang, MSG_TRACKING_WORKING_DAYS, v->due_days);
		v->due_text = i18n_format(r->arena, r->lang, MSG_TRACKING_TO_CORRECT, args);
	} else if (p->has_deadline && !v->is_over && p->deadline.state == DEADLINE_RUNNING) {
		struct i18n_arg args[] = {
			I18N_ARG("date", i18n_date(r->arena, r->lang, p->deadline.due, I18N_WEEKDAY)), { 0 }
		};
		v->has_due = true;
		v->due_days = p->deadline.left;
		v->due_unit = i18n_plural(r->lang, MSG_TRACKING_WORKING_DAYS, v->due_days);
		v->due_text = i18n_format(r->arena, r->lang, MSG_TRACKING_TO_ANSWER, args);
	}
	if (p->wants_files && !p->has_correction) {
		v->is_yours = true;
		v->who_icon = STR("hand-stop");
		v->who = i18n_text(r->lang, MSG_TRACKING_YOUR_MOVE);
		v->where = i18n_text(r->lang, MSG_TRACKING_CORRECT_FILES_WHERE);
	}
	if (p->has_correction || p->wants_files) {
		v->action_href = arena_printf(r->arena, "%.*s/corregir", STR_FMT(v->base));
		v->action_text = i18n_text(r->lang, MSG_TRACKING_CORRECT_NOW);
	}
}

static void fill_items(struct request *r, const struct casepage *p, struct case_view *v)
{
	v->items.items = ARENA_ARRAY(r->arena, struct item_row, p->items.count);
	for (size_t i = 0; i < p->items.count; i++)
		v->items.items[v->items.count++] = (struct item_row){
			casepage_field_label(&p->record, p->items.items[i].field, r->lang), p->items.items[i].reason
		};
	v->correction_reason = p->has_correction ? p->correction.reason : STR_NONE;
}

static void fill_corrected(struct request *r, const struct casepage *p, struct case_view *v)
{
	v->corrected.items = ARENA_ARRAY(r->arena, struct corrected_row, p->presented.count);
	for (size_t i = 1; i < p->presented.count; i++) /* the first is the filing */
		v->corrected.items[v->corrected.count++] = (struct corrected_row){
			p->presented.items[i].registry_number, p->presented.items[i].at
		};
}

/* A receipt is had at once; a permit when it is issued and paid, and its first opening is the delivery. */
static struct document_row document_row(struct request *r, const struct casepage *p,
	const struct case_view *v, const struct document_of_case_row *row)
{
	struct document_row d = { .title = row->title, .number = row->registry_number };
	bool is_receipt = str_eq(row->kind, STR("receipt"));
	struct str address = arena_printf(r->arena, "%.*s/documentos/%lld", STR_FMT(v->base), (long long)row->id);
	if (str_eq(row->state, STR("frozen")))
		d.state = i18n_text(r->lang, MSG_TRACKING_DOCUMENT_PREPARING);
	else if (str_eq(row->state, STR("revoked")))
		d.state = i18n_text(r->lang, MSG_TRACKING_DOCUMENT_REVOKED);
	else if (!is_receipt && !case_is_paid(&p->record))
		d.state = i18n_text(r->lang, MSG_TRACKING_DOCUMENT_UNPAID);
	else if (!is_receipt && !p->record.state->is_final)
		d.action = address;
	else
		d.href = address;
	return d;
}

static struct err *fill_documents(struct request *r, const struct casepage *p, struct case_view *v)
{
	struct document_of_case_rows rows;
	TRY(document_of_case(r->db, r->arena, &(struct document_of_case_in){ .case_id = r->case_id }, &rows));
	v->documents.items = ARENA_ARRAY(r->arena, struct document_row, rows.count);
	for (size_t i = rows.count; i > 0; i--)
		v->documents.items[v->documents.count++] = document_row(r, p, v, &rows.items[i - 1]);
	return NULL;
}

static void fill_fee(struct request *r, const struct casepage *p, struct case_view *v)
{
	if (p->record.state->outcome != OUTCOME_APPROVED || case_is_paid(&p->record)) return;
	struct str amount = money_display(r->arena, p->record.row.fee, &p->record.pack->numbers);
	struct str where = text_in(p->record.procedure->sheet.fee.where, r->lang);
	struct i18n_arg args[] = { I18N_ARG("amount", amount),
		I18N_ARG("where", str_is_none(where) ? STR("") : where), { 0 } };
	v->fee_text = i18n_format(r->arena, r->lang, MSG_TRACKING_PAY, args);
	v->is_yours = true;
	v->who_icon = STR("hand-stop");
	v->who = i18n_text(r->lang, MSG_TRACKING_YOUR_MOVE);
	v->where = i18n_text(r->lang, MSG_TRACKING_PAY_WHERE);
	v->text = v->fee_text;
}

static bool is_of(const struct tracking_typed *typed, const char *field)
{
	return typed->field && strcmp(typed->field, field) == 0;
}

static struct form_control message_control(struct request *r, const struct tracking_typed *typed)
{
	bool is_typed = is_of(typed, "mensaje");
	return (struct form_control){ .kind = CONTROL_TEXTAREA,
		.id = STR("mensaje"),
		.name = STR("mensaje"),
		.label = i18n_text(r->lang, MSG_TRACKING_MESSAGE),
		.hint = i18n_text(r->lang, MSG_TRACKING_MESSAGE_HINT),
		.value = is_typed ? typed->value : STR_NONE,
		.error = is_typed ? typed->error : STR_NONE,
		.rows = 3,
		.max_length = CASE_TEXT_MAX };
}

static struct error_summary_view error_of(struct request *r, const struct tracking_typed *typed)
{
	struct error_summary_line *line = ARENA_NEW(r->arena, struct error_summary_line);
	if (!typed->field) return (struct error_summary_view){ { line, 0 } };
	*line = (struct error_summary_line){ arena_printf(r->arena, "#%s", typed->field), typed->error };
	return (struct error_summary_view){ { line, 1 } };
}

/* The first point's map stands beside the place, where it is seen without opening the answers. */
static void move_map(struct case_view *v)
{
	for (size_t i = 0; i < v->answers.rows.count && !str_is_empty(v->place); i++) {
		struct summary_line *line = &v->answers.rows.items[i];
		if (str_is_empty(line->drawing.markup)) continue;
		v->place_point = *line;
		line->drawing = html_of_generated(STR_NONE);
		return;
	}
}

static struct err *fill_notices(struct request *r, const struct casepage *p,
	const struct tracking_typed *typed, struct case_view *v)
{
	struct notice_choice choice;
	TRY(notice_choice_read(r->db, r->arena, r->case_id, &choice));
	bool is_typed = is_of(typed, "correo");
	v->has_notices = r->town->mail && !p->record.state->is_final;
	v->is_told = choice.by_mail;
	v->has_failed = choice.by_mail && choice.has_failed;
	v->told_address = mail_masked(r->arena, choice.address);
	v->address = (struct form_control){ .kind = CONTROL_TEXT,
		.id = STR("correo"),
		.name = STR("correo"),
		.type = STR("email"),
		.autocomplete = STR("email"),
		.label = i18n_text(r->lang, MSG_TRACKING_NOTICES_ADDRESS),
		.hint = i18n_text(r->lang, MSG_TRACKING_NOTICES_HINT),
		.value = is_typed ? typed->value : choice.address,
		.error = is_typed ? typed->error : STR_NONE };
	return NULL;
}

struct err *tracking_case_show(struct request *r, struct response *out, const struct tracking_typed *typed)
{
	struct casepage p;
	struct str number = r->params[0];
	TRY(casepage_load(r, CASEPAGE_CITIZEN, tracking_base(r, number), &p));
	number = p.record.row.number;
	struct case_view v = { .page = page_citizen(r, number),
		.base = tracking_base(r, number),
		.number = number,
		.registry_number = p.record.row.registry_number,
		.procedure = text_in(p.record.procedure->name, r->lang),
		.place = p.record.row.place,
		.attends = p.record.department ? text_in(p.record.department->name, r->lang) : STR_NONE,
		.files = p.files,
		.history = p.history,
		.messages = p.messages,
		.message = message_control(r, typed),
		.errors = error_of(r, typed),
		.clock = p.clock,
		.answers = p.answers,
		.may_write = !p.record.state->is_final,
		.revision = p.record.row.revision };
	v.answers.is_stacked = true;
	move_map(&v);
	v.page.has_errors = typed->field != NULL;
	page_crumb(r, &v.page, i18n_text(r->lang, MSG_TRACKING_MINE_TITLE), STR("/mis-tramites"));
	page_crumb(r, &v.page, number, STR_NONE);
	v.may_withdraw = procedure_transition(p.record.procedure, p.record.row.state, ACTION_WITHDRAW,
						 WHO_CITIZEN) != NULL;
	fill_where(r, &p, &v);
	fill_items(r, &p, &v);
	fill_corrected(r, &p, &v);
	TRY(fill_documents(r, &p, &v));
	fill_fee(r, &p, &v);
	TRY(fill_notices(r, &p, typed, &v));
	v.live = (struct feed_view){ .one = i18n_text(r->lang, MSG_TRACKING_LIVE),
		.many = i18n_text(r->lang, MSG_TRACKING_LIVE),
		.link = i18n_text(r->lang, MSG_TRACKING_LIVE_LINK) };
	TRY(feed_place(r, out, v.base, &v.live));
	struct view *view = page_view(r);
	case_html(view, &v);
	page_send_with_map(r, out, view);
	return NULL;
}

struct err *tracking_case_page(struct request *r, struct response *out)
{
	return tracking_case_show(r, out, &(struct tracking_typed){ 0 });
}

struct err *tracking_withdraw_page(struct request *r, struct response *out)
{
	struct case_record c;
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	struct withdraw_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_TRACKING_WITHDRAW_TITLE)),
		.number = c.row.number,
		.base = tracking_base(r, c.row.number),
		.revision = c.row.revision };
	page_crumb(r, &v.page, c.row.number, v.base);
	page_crumb(r, &v.page, v.page.title, STR_NONE);
	struct view *view = page_view(r);
	withdraw_html(view, &v);
	page_send(out, view);
	return NULL;
}

struct err *tracking_access_page(struct request *r, struct response *out)
{
	struct access_of_case_rows rows;
	struct case_record c;
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	TRY(access_of_case(r->db, r->arena, &(struct access_of_case_in){ .case_id = r->case_id }, &rows));
	struct access_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_TRACKING_ACCESS_TITLE)),
		.number = c.row.number,
		.base = tracking_base(r, c.row.number),
		.rows = { ARENA_ARRAY(r->arena, struct access_row, rows.count), rows.count } };
	for (size_t i = 0; i < rows.count; i++)
		v.rows.items[i] = (struct access_row){ rows.items[i].at, rows.items[i].post,
			i18n_text(r->lang,
				str_eq(rows.items[i].actor_kind, STR("token")) ? MSG_TRACKING_ACCESS_PROGRAM
															   : MSG_TRACKING_ACCESS_PERSON) };
	page_crumb(r, &v.page, c.row.number, v.base);
	page_crumb(r, &v.page, v.page.title, STR_NONE);
	struct view *view = page_view(r);
	access_html(view, &v);
	page_send(out, view);
	return NULL;
}

/* --- bytes ------------------------------------------------------------------------------------------------ */

struct err *tracking_document_page(struct request *r, struct response *out)
{
	struct document_by_id_row row;
	struct case_record c;
	TRY(casepage_document(r, &row));
	if (str_eq(row.state, STR("revoked")))
		return ERR(r->arena, ERR_GONE, "case.revoked", "document %lld was revoked", (long long)row.id);
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	if (!str_eq(row.kind, STR("receipt")) && (!case_is_paid(&c) || !c.state->is_final))
		return ERR(r->arena, ERR_FORBIDDEN, "case.unpaid", "document %lld is not handed over yet",
			(long long)row.id);
	return casepage_send_document(r, out, &row);
}
