/* The cashier: what is owed, and marking it paid with folio and amount. */
#include "base/utf8.h"
#include "core/i18n.h"
#include "mod/office/counter.html.h"
#include "mod/office/pages.h"
#include "web/form.h"

enum { FOLIO_MAX = 40, PAGE = 50 };

static const char *const methods[] = { "efectivo", "tarjeta", "transferencia", "cheque" };

/* The cases that wait for payment, of all the cashier's departments, the most urgent of each first. */
static struct err *owed(struct request *r, struct cashier_view *v)
{
	struct office_departments departments;
	TRY(office_departments(r, &departments));
	v->rows.items = ARENA_ARRAY(r->arena, struct inbox_row, departments.count * (PAGE + 1));
	for (size_t d = 0; d < departments.count; d++) {
		struct case_page_by_stage_rows rows;
		TRY(case_page_by_stage(r->db, r->arena,
			&(struct case_page_by_stage_in){ .department_id = departments.items[d], .compartment = STR("ordinary"),
				.stage = STR("pay"), .after_key = STR(""), .scope = who_scope(r->who) },
			&rows));
		for (size_t i = 0; i < rows.count; i++) {
			struct inbox_row row = office_row(r, &rows.items[i]);
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

static struct form_control text_control(struct request *r, const char *name, enum message label, struct str value)
{
	return (struct form_control){ .kind = CONTROL_TEXT, .id = str_of(name), .name = str_of(name),
		.label = i18n_text(r->lang, label), .value = value, .width = CONTROL_WIDTH_10 };
}

static struct form_control method_control(struct request *r)
{
	static const enum message labels[] = { MSG_OFFICE_PAY_CASH, MSG_OFFICE_PAY_CARD, MSG_OFFICE_PAY_TRANSFER,
		MSG_OFFICE_PAY_CHEQUE };
	struct str chosen = form_text(r->form, STR("medio"));
	struct form_choice *choices = ARENA_ARRAY(r->arena, struct form_choice, 4);
	for (size_t i = 0; i < 4; i++)
		choices[i] = (struct form_choice){ .id = arena_printf(r->arena, "medio-%zu", i), .value = str_of(methods[i]),
			.label = i18n_text(r->lang, labels[i]),
			.is_chosen = str_is_none(chosen) ? i == 0 : str_eq(chosen, str_of(methods[i])) };
	return (struct form_control){ .kind = CONTROL_RADIO, .id = STR("medio"), .name = STR("medio"),
		.label = i18n_text(r->lang, MSG_OFFICE_PAY_METHOD), .choices = { choices, 4 } };
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

struct err *office_pay_page(struct request *r, struct response *out)
{
	return show(r, out, NULL, STR_NONE);
}

static bool is_method(struct str s)
{
	for (size_t i = 0; i < 4; i++) {
		if (str_eq(s, str_of(methods[i])))
			return true;
	}
	return false;
}

static struct err *refuse(struct request *r, struct response *out, const char *field, enum message why)
{
	r->is_answered = true;
	return show(r, out, field, i18n_text(r->lang, why));
}

struct err *office_pay_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	TRY(office_begin(r, &work));
	work->folio = form_text(r->form, STR("folio"));
	work->method = form_text(r->form, STR("medio"));
	if (str_is_empty(work->folio) || work->folio.n > FOLIO_MAX || !utf8_is_plain(work->folio, false))
		return refuse(r, out, "folio", MSG_OFFICE_PAY_FOLIO_MISSING);
	if (!money_parse(form_text(r->form, STR("importe")), &work->amount) ||
		work->amount.cents != work->record.row.fee.cents)
		return refuse(r, out, "importe", MSG_OFFICE_PAY_AMOUNT_WRONG);
	struct case_payment_by_folio_row other;
	bool is_used;
	TRY(case_payment_by_folio(r->db, r->arena, &(struct case_payment_by_folio_in){ .folio = work->folio }, &other, &is_used));
	if (is_used)
		return refuse(r, out, "folio", MSG_OFFICE_PAY_FOLIO_USED);
	return is_method(work->method) ? NULL : ERR(r->arena, ERR_MALFORMED, NULL, "no such method of payment");
}

struct err *office_pay_commit(struct request *r, struct tx *tx)
{
	const struct office_work *work = r->work;
	struct case_step step = office_step(r);
	return case_pay(tx, &step, work->folio, work->amount, work->method);
}

struct err *office_pay_answer(struct request *r, struct response *out)
{
	(void)r;
	response_redirect(out, STR("/oficina/caja"));
	return NULL;
}
