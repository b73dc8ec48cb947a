/*
 * What the parts of the deadline engine share: the stretches in which a clock stands still, the record of the
 * rules it used, and the lines it writes. deadline.c computes, deadline_hours.c counts hours, deadline_why.c
 * explains.
 */
#pragma once
#include "core/clock/deadline.h"

enum { DEADLINE_EVENT_MAX = 200, DEADLINE_SPAN_DAYS = 30 * 366 };

/* Days (and, for hours, moments) that do not run. Empty when `to` lies before `from`. */
struct stop {
	struct date from, to;               /* both included */
	struct instant since, until;        /* until: exclusive */
	const struct deadline_event *cause; /* the pause or suspension */
	const struct deadline_event *end;   /* the answer that ended it, or NULL */
	bool is_open;                       /* still paused now */
};

struct clock {
	struct arena *arena;
	const struct deadline_input *in;
	const struct deadline_event **events; /* by time */
	size_t event_count;
	struct date base; /* the day of the start event */
	struct date today;
	int start_days; /* the first day that counts is so many after the base */
	const struct deadline_event *met;
	struct date last_seen; /* the day met, else today: days after it are not used up yet */
	struct stop *stops;
	size_t stop_count;
	const struct stop *open; /* the pause, or the suspension, that the clock stands in now */
	const struct rule *used[RULE_MAX];
	const char *missing; /* name of a rule that was needed and is not there */
	struct date raw;     /* the last day before it was moved */
	bool is_clamped;
	int months;                          /* of the whole term, when it is one of months or years */
	const struct deadline_event *outage; /* that moved the date */
	struct date before_outage;
	struct deadline_line *lines;
	size_t line_count, line_max;
};

/* The rule's value; records its use. A regime without it leaves `missing`. */
int clock_rule(struct clock *k, enum rule_id id);
const struct stop *clock_stop_of(const struct clock *k, struct date d); /* NULL: that day runs */
struct date clock_next_running_working(const struct clock *k, struct date d);
struct instant clock_day_start(const struct clock *k, struct date d);

/* After a failure of the electronic office: what fell due meanwhile is due on the published day. */
void clock_apply_outages(struct clock *k, struct deadline *d);

MUST_USE struct err *clock_walk_hours(struct clock *k, struct deadline *ret);
void clock_explain(struct clock *k, struct deadline *d);
