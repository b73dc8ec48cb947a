/*
 * What a member of staff may do with a case now: by its state, its decision, and their permissions. Buttons and the
 * API's `actions` come from here; the steps themselves check again.
 */
#pragma once
#include "core/case/case.h"

/* X(enum, name in the API): the order is the bit number */
#define CASE_OFFERS(X)                                                                                       \
	X(OFFER_TAKE, "take")                                                                                    \
	X(OFFER_RELEASE, "release")                                                                              \
	X(OFFER_CORRECT, "correct") /* ask for a correction */                                                   \
	X(OFFER_ANSWER, "answer")   /* enter the correction that the citizen brought */                          \
	X(OFFER_APPROVE, "approve")                                                                              \
	X(OFFER_REFUSE, "refuse")                                                                                \
	X(OFFER_SIGN, "sign")                                                                                    \
	X(OFFER_RETURN, "return")                                                                                \
	X(OFFER_PAY, "pay")                                                                                      \
	X(OFFER_DELIVER, "deliver")

enum case_offer {
#define X(offer, name) offer,
	CASE_OFFERS(X)
#undef X
		CASE_OFFER_MAX
};
const char *case_offer_name(enum case_offer offer);

/* A set of bits. `decision`: NULL when there is none. */
unsigned case_offers(const struct case_record *c, const struct case_decision_get_row *decision,
	const struct who *w);
static inline bool case_offer_in(unsigned set, enum case_offer offer) { return (set >> offer) & 1; }
