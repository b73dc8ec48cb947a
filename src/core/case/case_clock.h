/*
 * The clock of a case: its definition's term under its regime, with what happened to it, gives a due date and
 * the lines that explain it. Derived, never typed in; what a step changes is recorded in case_clock rows.
 */
#pragma once
#include "core/case/case.h"
#include "core/clock/deadline.h"

/* False: the definition gives no term (or one that is not counted), so there is no due date. */
MUST_USE struct err *case_deadline(const struct case_record *c, struct db *db, struct arena *a,
	struct instant now, struct deadline *ret, bool *ret_has);
/* The same before there is a case: filed at `at`. For receipts and for `pack test`. */
MUST_USE struct err *case_deadline_of_filing(struct town *t, const struct procedure *p, struct arena *a,
	struct instant at, struct deadline *ret, bool *ret_has);
/* The last day to answer a correction asked at `at`; DATE_NONE when neither definition nor regime says. */
MUST_USE struct err *case_correction_due(struct town *t, const struct procedure *p, struct arena *a,
	struct instant at, struct date *ret);

enum case_clock_kind { CASE_CLOCK_PAUSE, CASE_CLOCK_RESUME, CASE_CLOCK_MET };
MUST_USE struct err *case_clock_record(struct tx *tx, int64_t case_id, enum case_clock_kind kind,
	struct str reason);

/* A term that deadlines can count; false for spans that are not counted (unknown, immediate, permanent …). The
 * longest of a range is taken. */
bool case_term_of_span(const struct span *s, struct deadline_term *ret);
const struct regime *case_regime(struct town *t, const struct procedure *p); /* NULL: unknown */
