/* The cashier: what is owed, and marking it paid with folio and amount. */
#include "core/case/case_input.h"
#include "core/case/case_list.h"
#include "core/i18n.h"
#include "mod/office/counter.html.h"
#include "mod/office/pages.h"
#include "web/form.h"
#include "i18n/office.h"

/* The cases that wait for payment, of all the cashier's departments, the most urgent of each first. */
static struct err *owed(struct request *r, struct cashier_view *v)
{
	struct case_departments departments;
	TRY(case_departments(r->town, r->db, r->arena, r->who->staff_id, &departments));
	v->rows.items = ARENA_ARRAY(r->arena, struct inbox_row, departments.count * CASE_LIST_PAGE);
	for (size_t d = 0; d < departments.count; d++) {
		struct case_list list;
		struct case_list_ask ask = { .staff_id = r->who->staff_id,
			.box = BOX_PAY,
			.department_id = departments.items[d],
			.after = case_cursor_start(BOX_PAY),
			.today = zone_date(r->town->zone, r->now) };
		TRY(case_list_read(r->db, r->arena, &ask, &list));
		for (size_t i = 0; i < list.count; i++) {
			struct inbox_row row = office_row(r, &list.items[i]);
			row.href = arena_printf(r->arena, "/oficina/caja/%.*s", STR_FMT(row.number));
			v->rows.items[v->rows.count++] = row;
		}
	}
	return NULL;
}

struct err *office_cashier_page(struct request *r, struct response *out)
{
	struct view *view = page_view(r);
	struct cashier_view v = { .page = page_office(r, view, i18n_text(r->lang, MSG_OFFICE_CASHIER_TITLE)) };
	TRY(owed(r, &v));
	office_cashier_html(view, &v);
	page_send(out, view);
	return NULL;
}

static struct form_control text_control(struct request *r, const char *name, enum message label,
	struct str value)
{
	return (struct form_control){ .kind = CONTROL_TEXT,
		.id = str_of(name),
		.name = str_of(name),
		.label = i18n_text(r->lang, label),
		.value = value,
		.width = CONTROL_WIDTH_10 };
}

static struct form_control method_control(struct request *r)
{
	static const enum message labels[] = { MSG_OFFICE_PAY_CASH, MSG_OFFICE_PAY_CARD, MSG_OFFICE_PAY_TRANSFER,
		MSG_OFFICE_PAY_CHEQUE };
	struct str chosen = form_text(r->form, STR("medio"));
	struct form_choice *choices = ARENA_ARRAY(r->arena, struct form_choice, 4);
	for (size_t i = 0; i < 4; i++)
		choices[i] = (struct form_choice){ .id = arena_printf(r->arena, "medio-%zu", i),
			.value = str_of(case_pay_methods[i]),
			.label = i18n_text(r->lang, labels[i]),
			.is_chosen = str_is_none(chosen) ? i == 0 : str_eq(chosen, str_of(case_pay_methods[i])) };
	return (struct form_control){ .kind = CONTROL_RADIO,
		.id = STR("medio"),
		.name = STR("medio"),
		.label = i18n_text(r->lang, MSG_OFFICE_PAY_METHOD),
		.choices = { choices, 4 } };
}

static struct err *show(struct request *r, struct response *out, const char *field, struct str error)
{
	struct case_record c;
	struct view *view = page_view(r);
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	if (case_is_paid(&c))
		return ERR(r->arena, ERR_CONFLICT, "case.paid", "nothing is owed for %.*s", STR_FMT(c.row.number));
	struct str amount = money_plain(r->arena, c.row.fee), typed = form_text(r->form, STR("importe"));
	struct fee_rows fee = answers_fee(c.answers, r->arena, r->lang);
	struct cashier_view v = { .page = page_office(r, view, i18n_text(r->lang, MSG_OFFICE_PAY_TITLE)),
		.has_case = true,
		.number = c.row.number,
		.procedure = text_in(c.procedure->name, r->lang),
		.applicant = c.row.applicant_name,
		.amount = money_display(r->arena, c.row.fee, &c.pack->numbers),
		.base = arena_printf(r->arena, "/oficina/caja/%.*s", STR_FMT(c.row.number)),
		.fee = office_fee(r, &fee, c.pack),
		.revision = c.row.revision,
		.folio = text_control(r, "folio", MSG_OFFICE_PAY_FOLIO, form_text(r->form, STR("folio"))),
		.paid = text_control(r, "importe", MSG_OFFICE_PAY_AMOUNT, str_is_none(typed) ? amount : typed),
		.method = method_control(r) };
	v.paid.input_mode = STR("decimal");
	if (field) {
		*(str_eq(str_of(field), STR("folio")) ? &v.folio.error : &v.paid.error) = error;
		v.errors = office_one_error(r, arena_printf(r->arena, "#%s", field), error);
		v.page.has_errors = true;
		out->status = 422;
	}
	office_cashier_html(view, &v);
	page_send(out, view);
	return NULL;
}

struct err *office_pay_page(struct request *r, struct response *out) { return show(r, out, NULL, STR_NONE); }

static struct err *refuse(struct request *r, struct response *out, const char *field, enum message why)
{
	r->is_answered = true;
	return show(r, out, field, i18n_text(r->lang, why));
}

struct err *office_pay_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	TRY(office_begin(r, &work));
	struct case_payment paid = { .folio = form_text(r->form, STR("folio")),
		.method = form_text(r->form, STR("medio")) };
	paid.has_amount = money_parse(form_text(r->form, STR("importe")), &paid.amount);
	work->payment = paid;
	enum case_pay_fault fault;
	TRY(case_pay_check(r->db, r->arena, &work->record, &paid, &fault));
	switch (fault) {
	case PAY_FOLIO_MISSING: return refuse(r, out, "folio", MSG_OFFICE_PAY_FOLIO_MISSING);
	case PAY_FOLIO_USED: return refuse(r, out, "folio", MSG_OFFICE_PAY_FOLIO_USED);
	case PAY_AMOUNT_WRONG: return refuse(r, out, "importe", MSG_OFFICE_PAY_AMOUNT_WRONG);
	case PAY_METHOD_UNKNOWN: return ERR(r->arena, ERR_MALFORMED, NULL, "no such method of payment");
	case PAY_SOUND: break;
	}
	return NULL;
}

struct err *office_pay_commit(struct request *r, struct tx *tx)
{
	const struct office_work *work = r->work;
	struct case_step step = office_step(r);
	return case_pay(tx, &step, work->payment.folio, work->payment.amount, work->payment.method);
}

struct err *office_pay_answer(struct request *r, struct response *out)
{
	(void)r;
	response_redirect(out, STR("/oficina/caja"));
	return NULL;
}
