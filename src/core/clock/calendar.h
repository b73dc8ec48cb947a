/*
 * The working-day calendar: weekly closed days and the town's published list of non-working days.
 *
 * The list is what the town published, each day with its name and where it was published; holidays.h only
 * proposes it. How a pack writes it is core/definition/calendar.h; from_pack.h brings it here.
 * A calendar knows for which dates a list exists: beyond them it still answers by the week, but
 * calendar_is_published() is false and no deadline that rests on such a day acts by itself. Immutable once
 * made; shared by threads.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"

enum {
	CALENDAR_SATURDAY = 1 << 5, /* bit of date_weekday() */
	CALENDAR_SUNDAY = 1 << 6,
	CALENDAR_WEEKEND = CALENDAR_SATURDAY | CALENDAR_SUNDAY,
};

struct work_day {
	struct date date;
	struct str name;   /* "Día de la Independencia" */
	struct str source; /* the act that published it */
};

struct work_list {
	unsigned closed_weekdays;    /* at least one weekday must stay open */
	const struct work_day *days; /* any order; the first of a repeated date stands */
	size_t count;
	const int *years; /* the years for which a list was published */
	size_t year_count;
};

struct work_calendar;

/* Copies the list into `a`. ERR_INVALID: no open weekday, a day outside those years, a day without a name. */
MUST_USE struct err *calendar_new(struct arena *a, const struct work_list *list, struct work_calendar **ret);
/* Working only where both are; published where both are. */
struct work_calendar *calendar_union(struct arena *a, const struct work_calendar *x,
	const struct work_calendar *y);

bool calendar_is_working(const struct work_calendar *c, struct date d);
bool calendar_is_closed_weekday(const struct work_calendar *c, struct date d);
bool calendar_is_published(const struct work_calendar *c, struct date d);
/* The list's entry of that day, or NULL (a working day, or one closed by the week alone). */
const struct work_day *calendar_day_of(const struct work_calendar *c, struct date d);

struct date calendar_next_working(const struct work_calendar *c,
	struct date d); /* the first at or after `d` */
/* The n-th working day after `d` (n >= 1); `d` itself is not counted. */
struct date calendar_add_working(const struct work_calendar *c, struct date d, int n);
/* Working days in (from, to]; negative when `to` lies before `from`. */
int calendar_count_working(const struct work_calendar *c, struct date from, struct date to);
