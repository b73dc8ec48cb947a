/* The engine under the steps of case.h: nobody outside this folder includes it. */
#pragma once
#include "core/case/case.h"

/* Loads the case inside the commit and compares the revision: ERR_CONFLICT "case.changed" when it moved on. */
MUST_USE struct err *step_load(struct tx *tx, const struct case_step *step, struct case_record *ret);
/* The transition by which this actor takes that action from the case's state: ERR_CONFLICT "case.not-now" when
 * there is none or its guard says no; ERR_FORBIDDEN when the definition asks for a permission that they lack. */
MUST_USE struct err *step_transition(struct tx *tx, const struct case_record *c, enum action action,
	const struct case_by *by, const struct transition **ret);
/* ERR_CONFLICT "case.not-now" once a decision waits for its signature. */
MUST_USE struct err *step_undecided(struct tx *tx, const struct case_record *c);
/* Moves to the transition's state: clock, due date, inbox, revision, event `type`. */
MUST_USE struct err *step_move(struct tx *tx, const struct case_step *step, struct case_record *c,
	const struct transition *t, const char *type);
/* The same state, but the inbox it stands in and the revision change (decided, paid …). */
MUST_USE struct err *step_touch(struct tx *tx, const struct case_step *step, struct case_record *c,
	const char *type);
/* An event about the case. */
MUST_USE struct err *step_event(struct tx *tx, const struct case_step *step, const struct case_record *c,
	const char *type);
