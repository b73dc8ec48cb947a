/*
 * What the steps of a case take from a person, checked before a commit and alike for forms and for the API. The
 * caller says in its own way what was wrong.
 */
#pragma once
#include "core/case/case.h"

enum { CASE_REASONS_MAX = 4000, CASE_ITEM_REASON_MAX = 1000, CASE_FOLIO_MAX = 40 };

/* A line of the conversation or a note: something, plain, at most CASE_TEXT_MAX bytes. */
bool case_text_is_sound(struct str text);
/* The motive of a decision: something, plain, at most CASE_REASONS_MAX characters. */
bool case_reasons_are_sound(struct str reasons);

/* What may be asked for again in a correction: every visible answer; the rows of a group through the group. */
struct summary_rows case_correctable(const struct case_record *c, struct arena *a, struct str lang);

extern const char *const case_pay_methods[]; /* ends with NULL */
enum case_pay_fault { PAY_SOUND, PAY_FOLIO_MISSING, PAY_FOLIO_USED, PAY_AMOUNT_WRONG, PAY_METHOD_UNKNOWN };
struct case_payment {
	struct str folio, method;
	bool has_amount; /* false: what was given is no amount */
	struct money amount;
};
/* The first fault, in the order of the form: folio, amount, method. */
MUST_USE struct err *case_pay_check(struct db *db, struct arena *a, const struct case_record *c,
	const struct case_payment *p, enum case_pay_fault *ret);
