/*
 * Three kinds of time, never mixed: an *instant* (a point on the UTC time line, in milliseconds), a *date*
 * (a square on the calendar, without zone), and a *clock time* (a date and time of day as a zone shows it).
 * zone.h turns one into another. Nothing here reads a clock: `now` comes from the request, job or
 * transaction. The one function that asks the machine is instant_of_machine(), called by src/app, the town's
 * clock (src/core/town), the writer and the log alone (lint holds it so). Dates are in date.c, the rest in
 * instant.c.
 */
#pragma once
#include "base/arena.h"

struct instant {
	int64_t ms; /* since 1970-01-01T00:00:00Z, without leap seconds */
};
struct date {
	int32_t days; /* since 1970-01-01; proleptic Gregorian */
};
struct clock_time {
	int year, month, day;             /* month and day from 1 */
	int hour, minute, second, millis; /* second 0–59: leap seconds do not exist here */
	int weekday;                      /* 0 = Monday … 6 = Sunday */
	int offset_s;                     /* east of UTC at that moment */
};

#define DATE_NONE ((struct date){ INT32_MIN })
#define INSTANT_NONE ((struct instant){ INT64_MIN })
static inline bool date_is_none(struct date d) { return d.days == INT32_MIN; }
static inline bool instant_is_none(struct instant t) { return t.ms == INT64_MIN; }

struct instant instant_of_machine(void); /* wall clock; see above */
int64_t monotonic_us(void);              /* for durations and deadlines of the program itself */
int64_t thread_cpu_us(void);             /* of the calling thread: what it computed, not what it waited */

/* What a clock `offset_s` east of UTC shows; 0 for UTC itself. Zones know their offsets: see zone.h. An
 * instant outside the years 1–9999 is shown as the nearest one inside. */
struct clock_time instant_clock(struct instant t, int offset_s);

/* False when there is no such day (31 April, 29 February 2025, year outside 1–9999). */
bool date_of_ymd(int year, int month, int day, struct date *ret);
void date_to_ymd(struct date d, int *ret_year, int *ret_month, int *ret_day);
int date_weekday(struct date d); /* 0 = Monday … 6 = Sunday */
int date_year(struct date d);
static inline struct date date_add_days(struct date d, int n) { return (struct date){ d.days + n }; }
int date_days_in_month(int year, int month);
/* The same day number `n` months on; when that month has no such day, its last day and *ret_clamped
 * true (laws differ on what follows then; ret_clamped may be NULL). None when the year leaves 1–9999. */
struct date date_add_months(struct date d, int n, bool *ret_clamped);
struct date date_easter(int year); /* Gregorian Easter Sunday; the year within 1–9999 */

bool date_parse(struct str s, struct date *ret);           /* exactly YYYY-MM-DD */
struct str date_iso(struct arena *a, struct date d);       /* "2026-11-24"; "" for none */
struct str instant_iso(struct arena *a, struct instant t); /* "2026-11-24T16:42:07.123Z"; "" for none */
/* RFC 3339 with Z or ±hh:mm; digits after the millisecond are dropped, a leap second is the next second. */
bool instant_parse(struct str s, struct instant *ret);
