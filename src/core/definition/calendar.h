/*
 * The town's list of non-working days, as published, year by year; and the rules that propose a year's
 * statutory holidays to whoever has to publish the list. The list alone counts: a year without a published list
 * is unknown, never guessed.
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
enum holiday_kind {
	HOLIDAY_FIXED,  /* month, day */
	HOLIDAY_NTH,    /* the nth weekday of a month; -1: the last */
	HOLIDAY_EASTER  /* days from Easter Sunday */
};
struct holiday_rule {
	struct str id;
	struct text name;
	enum holiday_kind kind;
	int month, day, nth, weekday, offset; /* weekday 0 = Monday */
	int from_year, to_year;  /* in force; 0: open */
	int every;               /* years; 0: each; counted from from_year */
	struct str basis, source;
};
struct calendar {
	struct calendar_day *days; /* in order of date */
	size_t day_count;
	struct calendar_year *years;
	size_t year_count;
	struct holiday_rule *rules;
	size_t rule_count;
	unsigned weekend;          /* bit 0 Monday …: never working; usually Saturday and Sunday */
};

enum day_kind { DAY_WORKING, DAY_WEEKEND, DAY_HOLIDAY, DAY_UNKNOWN /* no list for that year */ };
enum day_kind calendar_day_kind(const struct calendar *c, struct date d);
/* The entry of a non-working day, or NULL. */
const struct calendar_day *calendar_find(const struct calendar *c, struct date d);

/* What the rules give for a year, in order of date; a proposal for a person to publish, never used to count. */
struct calendar_proposal {
	struct calendar_day *items;
	size_t count;
};
struct calendar_proposal calendar_propose(struct arena *a, const struct holiday_rule *rules, size_t rule_count,
	int year);
