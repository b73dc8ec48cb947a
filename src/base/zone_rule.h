/*
 * The rule at the end of a TZif file, for the years after its table: a POSIX TZ string as RFC 8536,
 * section 3.3 extends it ("CET-1CEST,M3.5.0,M10.5.0/3"). Part of zone.c; nobody else includes this.
 */
#pragma once
#include "base/instant.h"

/* When a change falls in a year: the day in one of the three forms, and the time on that day. */
struct zone_change {
	enum {
		CHANGE_JULIAN,  /* Jn: day 1–365, 29 February not counted */
		CHANGE_DAY,     /* n: day 0–365, counted */
		CHANGE_WEEKDAY, /* Mm.w.d: week 1–5 of the month, 5 the last */
	} kind;
	int day, month, week; /* for CHANGE_WEEKDAY the day is 0 = Sunday … 6 */
	int second;           /* −167 to 167 hours, by the clock that runs before the change */
};

struct zone_rule {
	int standard_s, summer_s; /* offsets east of UTC */
	bool has_summer;
	struct zone_change start, end; /* of summer time */
};

/* False when the text is no such rule. */
bool zone_rule_parse(struct str text, struct zone_rule *ret);
/* The offset at a moment, in seconds since 1970. */
int zone_rule_offset(const struct zone_rule *r, int64_t at_s);
/* The first change strictly after a moment; INT64_MAX when there is none. */
int64_t zone_rule_next(const struct zone_rule *r, int64_t at_s);
