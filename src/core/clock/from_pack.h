/*
 * From a pack's published list of non-working days (core/definition/calendar.h) to the calendar that counts.
 */
#pragma once
#include "core/clock/calendar.h"
#include "core/definition/calendar.h"

/* Names of days in `lang`. ERR_INVALID as calendar_new(). */
MUST_USE struct err *calendar_from_pack(struct arena *a, const struct calendar *list, struct str lang,
	struct work_calendar **ret);
