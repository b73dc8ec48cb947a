#include "core/case/case_input.h"
#include "base/utf8.h"

bool case_text_is_sound(struct str text)
{
	return !str_is_empty(text) && text.n <= CASE_TEXT_MAX && utf8_is_plain(text, true);
}

bool case_reasons_are_sound(struct str reasons)
{
	return !str_is_empty(reasons) && utf8_is_plain(reasons, true) && utf8_length(reasons) <= CASE_REASONS_MAX;
}

struct summary_rows case_correctable(const struct case_record *c, struct arena *a, struct str lang)
{
	struct summary_rows rows = answers_summary(c->answers, a, lang);
	size_t kept = 0;
	for (size_t i = 0; i < rows.count; i++)
		if (rows.items[i].row < 0) rows.items[kept++] = rows.items[i];
	rows.count = kept;
	return rows;
}

const char *const case_pay_methods[] = { "efectivo", "tarjeta", "transferencia", "cheque", NULL };

static bool is_method(struct str s)
{
	for (const char *const *m = case_pay_methods; *m; m++)
		if (str_eq(s, str_of(*m))) return true;
	return false;
}

struct err *case_pay_check(struct db *db, struct arena *a, const struct case_record *c,
	const struct case_payment *p, enum case_pay_fault *ret)
{
	struct case_payment_by_folio_row other;
	bool is_used = false;
	bool has_folio = !str_is_empty(p->folio) && p->folio.n <= CASE_FOLIO_MAX &&
		utf8_is_plain(p->folio, false);
	if (has_folio)
		TRY(case_payment_by_folio(db, a, &(struct case_payment_by_folio_in){ .folio = p->folio }, &other,
			&is_used));
	if (!has_folio)
		*ret = PAY_FOLIO_MISSING;
	else if (!p->has_amount || p->amount.cents != c->row.fee.cents)
		*ret = PAY_AMOUNT_WRONG;
	else if (is_used)
		*ret = PAY_FOLIO_USED;
	else
		*ret = is_method(p->method) ? PAY_SOUND : PAY_METHOD_UNKNOWN;
	return NULL;
}
