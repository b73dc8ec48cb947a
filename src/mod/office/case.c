/* The case screen: answers, documents with preview, decision, clock and history on one page. */
#include "core/case/case_offer.h"
#include "core/document/queries.h"
#include "core/i18n.h"
#include "core/staff/queries.h"
#include "mod/office/case.html.h"
#include "mod/office/pages.h"
#include "web/form.h"
#include "i18n/office.h"

enum { ACTIONS_MAX = 10 };

/* --- what may be done ------------------------------------------------------------------------------------------ */

struct offer { /* one button of "Su decisión" */
	const char *path, *icon, *key;
	enum message text;
	bool is_post, is_main;
};

static void add_action(struct request *r, struct office_case_view *v, const struct offer *o)
{
	struct str address = arena_printf(r->arena, "%.*s%s", STR_FMT(v->base), o->path);
	struct str text = i18n_text(r->lang, o->text);
	must(v->actions.count < ACTIONS_MAX);
	v->actions.items[v->actions.count++] = (struct office_action){ .href = o->is_post ? STR_NONE : address,
		.post = o->is_post ? address : STR_NONE,
		.text = text,
		.icon = str_of(o->icon),
		.key = str_of(o->key),
		.is_main = o->is_main };
}

static void add_actions(struct request *r, const struct casepage *p, struct office_case_view *v)
{
	/* In the order of the screen. */
	static const struct {
		enum case_offer offer;
		struct offer button;
	} buttons[] = {
		{ OFFER_SIGN, { "/firmar", "signature", "F", MSG_OFFICE_DO_SIGN, false, true } },
		{ OFFER_RETURN, { "/devolver", "arrow-back-up", "D", MSG_OFFICE_DO_RETURN, false, false } },
		{ OFFER_TAKE, { "/tomar", "hand-stop", "T", MSG_OFFICE_DO_TAKE, true, true } },
		{ OFFER_APPROVE, { "/aprobar", "check", "A", MSG_OFFICE_DO_APPROVE, false, true } },
		{ OFFER_CORRECT, { "/correccion", "arrow-back-up", "C", MSG_OFFICE_DO_CORRECT, false, false } },
		{ OFFER_REFUSE, { "/negar", "x", "N", MSG_OFFICE_DO_REFUSE, false, false } },
		{ OFFER_RELEASE, { "/soltar", "users", "P", MSG_OFFICE_DO_RELEASE, true, false } },
		{ OFFER_ANSWER, { "/corregir", "pencil", "R", MSG_OFFICE_DO_ANSWER, false, true } },
		{ OFFER_DELIVER, { "/entregar", "printer", "E", MSG_OFFICE_DO_DELIVER, true, true } },
	};
	unsigned offers = case_offers(&p->record, p->is_decided ? &p->decision : NULL, r->who);
	v->actions.items = ARENA_ARRAY(r->arena, struct office_action, ACTIONS_MAX);
	for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++) {
		if (case_offer_in(offers, buttons[i].offer)) add_action(r, v, &buttons[i].button);
	}
}

/* --- documents and files ---------------------------------------------------------------------------------------- */

static struct err *add_documents(struct request *r, struct office_case_view *v)
{
	struct document_of_case_rows rows;
	TRY(document_of_case(r->db, r->arena, &(struct document_of_case_in){ .case_id = r->case_id }, &rows));
	v->documents.items = ARENA_ARRAY(r->arena, struct office_document, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		const struct document_of_case_row *row = &rows.items[i];
		bool is_issued = str_eq(row->state, STR("issued"));
		bool is_receipt = str_eq(row->kind, STR("receipt"));
		struct str address = arena_printf(r->arena, "%.*s/documentos/%lld", STR_FMT(v->base),
			(long long)row->id);
		v->documents.items[v->documents.count++] = (struct office_document){ .title = row->title,
			.number = row->registry_number,
			.state = i18n_text(r->lang,
				is_issued                               ? MSG_OFFICE_DOCUMENT_ISSUED
					: str_eq(row->state, STR("frozen")) ? MSG_OFFICE_DOCUMENT_FROZEN
														: MSG_OFFICE_DOCUMENT_REVOKED),
			.href = row->has_file_id ? address : STR_NONE,
			.revoke_href = is_issued && !is_receipt && who_may(r->who, PERM_DOCUMENT_REVOKE)
				? arena_printf(r->arena, "%.*s/revocar", STR_FMT(address))
				: STR_NONE };
	}
	return NULL;
}

/* The attachment in the viewer: the one asked for, or the first that may be shown. */
static void add_files(struct request *r, const struct casepage *p, struct office_case_view *v)
{
	int64_t asked = 0;
	form_int(r->form, STR("ver"), 1, 1000, &asked);
	v->files.items = ARENA_ARRAY(r->arena, struct office_file, p->files.count);
	for (size_t i = 0; i < p->files.count; i++) {
		const struct file_row *row = &p->files.items[i];
		bool is_shown = !str_is_none(row->href) &&
			(asked ? asked == (int64_t)i + 1 : str_is_none(v->shown_href));
		v->files.items[v->files.count++] = (struct office_file){ .name = row->name,
			.facts = row->facts,
			.href = row->href,
			.viewer_href = arena_printf(r->arena, "%.*s?ver=%zu#visor", STR_FMT(v->base), i + 1),
			.is_current = is_shown };
		if (is_shown) {
			v->shown_href = row->href;
			v->shown_name = row->name;
			v->is_image = str_eq(row->kind, STR("jpg")) || str_eq(row->kind, STR("png"));
		}
	}
}

static void add_decision(struct request *r, const struct casepage *p, struct office_case_view *v)
{
	if (!p->is_decided) return;
	struct summary_rows rows = answers_summary_decision(p->record.answers, r->arena, r->lang);
	v->has_decision = true;
	v->decision_title = i18n_text(r->lang,
		str_eq(p->decision.outcome, STR("approved")) ? MSG_OFFICE_DECIDED_APPROVED
													 : MSG_OFFICE_DECIDED_REFUSED);
	v->reasons = p->decision.reasons;
	v->decision.rows.items = ARENA_ARRAY(r->arena, struct summary_line, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		if (!str_is_empty(rows.items[i].value))
			v->decision.rows.items[v->decision.rows.count++] = (struct summary_line){
				.key = rows.items[i].label,
				.value = rows.items[i].value
			};
	}
}

static struct err *add_assignee(struct request *r, const struct casepage *p, struct office_case_view *v)
{
	struct staff_by_id_row staff;
	bool found = false;
	if (p->record.row.has_assignee_id)
		TRY(staff_by_id(r->db, r->arena, &(struct staff_by_id_in){ .id = p->record.row.assignee_id }, &staff,
			&found));
	v->assignee = found ? staff.display_name : STR_NONE;
	return NULL;
}

static struct err *add_earlier(struct request *r, const struct casepage *p, struct office_case_view *v)
{
	struct case_of_party_rows rows;
	TRY(case_of_party(r->db, r->arena,
		&(struct case_of_party_in){ .party_id = p->record.row.applicant_id,
			.before_id = p->record.row.id,
			.scope = who_scope(r->who) },
		&rows));
	struct i18n_arg args[] = { I18N_ARG("n", (int)rows.count), { 0 } };
	if (rows.count) v->previous_cases = i18n_format(r->arena, r->lang, MSG_OFFICE_EARLIER, args);
	return NULL;
}

static void add_fee(struct request *r, const struct casepage *p, struct office_case_view *v)
{
	const struct pack *pack = p->record.pack;
	v->fee = office_fee(r, &p->fee, pack);
	v->fee_total = money_display(r->arena, p->record.row.fee, &pack->numbers);
	if (p->record.row.fee.cents)
		v->fee_state = i18n_text(r->lang,
			instant_is_none(p->record.row.paid_at) ? MSG_OFFICE_UNPAID : MSG_OFFICE_PAID);
}

static struct form_control message_control(struct request *r)
{
	return (struct form_control){ .kind = CONTROL_TEXTAREA,
		.id = STR("texto"),
		.name = STR("texto"),
		.label = i18n_text(r->lang, MSG_OFFICE_MESSAGE),
		.rows = 3,
		.max_length = CASE_TEXT_MAX };
}

struct err *office_case_page(struct request *r, struct response *out)
{
	struct casepage p;
	struct view *view = page_view(r);
	TRY(casepage_load(r, CASEPAGE_OFFICE, office_base(r, r->params[0]), &p));
	const struct case_by_id_row *row = &p.record.row;
	struct office_case_view v = { .number = row->number,
		.base = office_base(r, row->number),
		.procedure = text_in(p.record.procedure->name, r->lang),
		.applicant = row->applicant_name,
		.place = row->place,
		.version = arena_printf(r->arena, "%d", p.record.procedure->version),
		.channel = row->channel,
		.state = { p.record.state->is_final ? TONE_OK : TONE_WARN, text_in(p.record.state->name, r->lang),
			STR_NONE },
		.due = p.due,
		.answers = p.answers,
		.clock = p.clock,
		.history = p.history,
		.messages = p.messages,
		.message = message_control(r),
		.revision = row->revision,
		.may_write = who_may(r->who, PERM_CASE_WORK) };
	v.page = page_office(r, view,
		arena_printf(r->arena, "%.*s, %.*s", STR_FMT(v.number), STR_FMT(v.procedure)));
	v.live = (struct feed_view){ .one = i18n_text(r->lang, MSG_OFFICE_LIVE_CASE),
		.many = i18n_text(r->lang, MSG_OFFICE_LIVE_CASE),
		.link = i18n_text(r->lang, MSG_OFFICE_LIVE_CASE_LINK),
		.is_line = true };
	TRY(feed_place(r, out, v.base, &v.live));
	add_actions(r, &p, &v);
	add_files(r, &p, &v);
	add_decision(r, &p, &v);
	add_fee(r, &p, &v);
	TRY(add_documents(r, &v));
	TRY(add_assignee(r, &p, &v));
	TRY(add_earlier(r, &p, &v));
	office_case_html(view, &v);
	page_send_with_map(r, out, view);
	return NULL;
}
