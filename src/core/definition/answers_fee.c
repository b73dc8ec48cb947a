/* The fee, line by line: only what applies, each amount with how it was worked out. */
#include "core/definition/answers_state.h"

struct fee_rows answers_fee(const struct answers *s, struct arena *a, struct str lang)
{
	const struct fee_lines *lines = &s->procedure->fees;
	struct fee_rows rows = { .items = ARENA_ARRAY(a, struct fee_row, lines->count), .known = true };
	struct expr_env env = answers_env(s, -1);
	answers_refresh(s);
	for (size_t i = 0; i < lines->count; i++) {
		if (!s->state->fee_applies[i]) continue;
		struct expr_value v = s->state->fees[i];
		struct money total;
		bool known = v.has && money_add(rows.total, money_of_cents(v.i), &total);
		if (known)
			rows.total = total;
		else
			rows.known = false;
		rows.items[rows.count++] = (struct fee_row){ .line = &lines->items[i],
			.known = known,
			.amount = money_of_cents(known ? v.i : 0),
			.explanation = expr_explain(a, lines->items[i].amount, &env, lang, &s->pack->numbers) };
	}
	return rows;
}
