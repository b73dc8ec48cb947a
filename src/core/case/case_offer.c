#include "core/case/case_offer.h"

#define BIT(offer) (1u << (offer))

static const char *const names[] = {
#define X(offer, name) name,
	CASE_OFFERS(X)
#undef X
};

const char *case_offer_name(enum case_offer offer)
{
	must(offer < CASE_OFFER_MAX);
	return names[offer];
}

static bool leads(const struct case_record *c, const struct who *w, enum action action)
{
	const struct transition *t = procedure_transition(c->procedure, c->row.state, action, WHO_STAFF);
	struct case_by by = case_by_who(w);
	return t && case_by_may(&by, t);
}

/* A case in review: whoever has it may decide it. */
static unsigned review_offers(const struct case_record *c, const struct who *w)
{
	bool is_mine = c->row.has_assignee_id && c->row.assignee_id == w->staff_id;
	unsigned set = 0;
	if (!who_may(w, PERM_CASE_WORK) || c->state->outcome != OUTCOME_OPEN) return 0;
	if (!is_mine) return BIT(OFFER_TAKE);
	set |= BIT(OFFER_RELEASE);
	if (leads(c, w, ACTION_ASK_CORRECTION)) set |= BIT(OFFER_CORRECT);
	if (!who_may(w, PERM_CASE_DECIDE)) return set;
	if (leads(c, w, ACTION_APPROVE)) set |= BIT(OFFER_APPROVE);
	if (leads(c, w, ACTION_REFUSE)) set |= BIT(OFFER_REFUSE);
	return set;
}

unsigned case_offers(const struct case_record *c, const struct case_decision_get_row *decision,
	const struct who *w)
{
	bool is_unsigned = decision && instant_is_none(decision->signed_at);
	unsigned set = is_unsigned ? 0 : review_offers(c, w);
	if (is_unsigned && who_may(w, PERM_DOCUMENT_SIGN)) set |= BIT(OFFER_SIGN) | BIT(OFFER_RETURN);
	if (who_may(w, PERM_COUNTER_FILE) && leads(c, w, ACTION_ANSWER_CORRECTION)) set |= BIT(OFFER_ANSWER);
	if (who_may(w, PERM_COUNTER_FILE) && leads(c, w, ACTION_DELIVER) && case_is_paid(c))
		set |= BIT(OFFER_DELIVER);
	if (who_may(w, PERM_CASHIER) && !case_is_paid(c)) set |= BIT(OFFER_PAY);
	return set;
}
