/*
 * The town's list of non-working days, as published, year by year. The list alone counts: a year without a
 * published list is unknown, never guessed. What the law would propose for a year: core/clock/holidays.h; how
 * days are counted: core/clock.
 */
#pragma once
#include "base/instant.h"
#include "core/definition/text.h"

struct calendar_day {
	struct date day;
	struct text reason;
	struct str source;
};
struct calendar_year {
	int year;
	struct text title;        /* of the publication */
	struct str source;        /* "demo" or where it was published */
	struct date published_on; /* or DATE_NONE */
	int line;
};
struct calendar {
	struct calendar_day *days; /* in order of date */
	size_t day_count;
	struct calendar_year *years;
	size_t year_count;
	unsigned weekend; /* bit 0 Monday …: never working; usually Saturday and Sunday */
};

enum day_kind { DAY_WORKING, DAY_WEEKEND, DAY_HOLIDAY, DAY_UNKNOWN /* no list for that year */ };
enum day_kind calendar_day_kind(const struct calendar *c, struct date d);
/* The entry of a non-working day, or NULL. */
const struct calendar_day *calendar_find(const struct calendar *c, struct date d);
