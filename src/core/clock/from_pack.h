/*
 * From a pack's definitions to the clock's values: the published list as a calendar, a span as a term.
 */
#pragma once
#include "core/clock/deadline.h"
#include "core/definition/calendar.h"
#include "core/definition/procedure.h"

/* Names of days in `lang`. ERR_INVALID as calendar_new(). */
MUST_USE struct err *calendar_from_pack(struct arena *a, const struct calendar *list, struct str lang,
	struct work_calendar **ret);
/* The longest the span allows. False for spans that no clock counts: unknown, immediate, current year,
 * permanent. */
bool deadline_term_of_span(const struct span *s, struct deadline_term *ret);
