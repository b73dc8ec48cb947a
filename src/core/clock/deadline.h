/*
 * Deadlines: from a term, what started it and what happened since, to the due date and why it is that date.
 *
 * deadline_compute() is a pure function: the same input gives the same lines for ever, so a due date can be
 * stored, recalculated and compared. It walks the days one by one under the regime's rules (regime.h) and the
 * town's calendar, and writes a line for everything that moved the date. Texts are message keys with
 * parameters (clock.*.po); articles come from the rules.
 * Not here: what silence means for a procedure (its definition says), who is told, storing.
 */
#pragma once
#include "base/zone.h"
#include "core/clock/calendar.h"
#include "core/clock/regime.h"

enum term_unit { TERM_HOURS, TERM_WORKING_DAYS, TERM_CALENDAR_DAYS, TERM_MONTHS, TERM_YEARS };
enum { DEADLINE_COUNT_MAX = 3660 };
struct deadline_term {
	int count; /* 1 to DEADLINE_COUNT_MAX */
	enum term_unit unit;
};
enum deadline_start {
	START_FILING,  /* a person filed: the town's term to answer */
	START_NOTICE,  /* a notice took effect: the person's term */
	START_PAYMENT, /* the fee was paid */
	START_COMPLETE /* the file became complete */
};

enum deadline_event_kind {
	DEADLINE_PAUSE,      /* at: correction asked, payment awaited; until: ends by itself that day (or none) */
	DEADLINE_RESUME,     /* at: answered, paid */
	DEADLINE_EXTEND,     /* at: decided; term: how much more */
	DEADLINE_SUSPENSION, /* from–until: a published act stops every open term */
	DEADLINE_OUTAGE, /* from–until: the electronic office failed; what fell due then is due on moved_to */
	DEADLINE_MET     /* at: answered; the clock stops for good */
};
struct deadline_event {
	enum deadline_event_kind kind;
	struct instant at;
	struct date from, until; /* both included */
	struct date moved_to;
	struct deadline_term term;
	struct str reason; /* shown: "corrección", or the published act's title */
};

struct deadline_input {
	const struct regime *regime;
	const struct work_calendar *calendar; /* the town's; calendar_union() where two seats count */
	const struct zone *zone;
	struct deadline_term term;
	enum deadline_start start;
	struct instant started;
	const struct deadline_event *events; /* any order */
	size_t event_count;
	struct instant now;
};

enum deadline_state { DEADLINE_RUNNING, DEADLINE_PAUSED, DEADLINE_DONE, DEADLINE_LATE };

/* One line of 'why this date'. */
struct deadline_line {
	struct date from, to;    /* the same day twice for a single day */
	const char *key;         /* "clock.why.ran" */
	int n;                   /* {n}: how many days, which day */
	struct str name;         /* {name}: the holiday (its name in another language: look its day up in the
	                            pack), the reason, the act; none where the text has none */
	const struct rule *rule; /* its article, or NULL: the calendar or a decision, not a rule */
	bool is_future;
};

/* One counted day of the strip. */
struct deadline_cell {
	int number; /* 1 … total */
	struct date date;
	bool is_used, is_today, is_due;
};

struct deadline {
	enum deadline_state state;
	struct date due;       /* the last day; while paused: if it were resumed today */
	struct instant ends;   /* the first moment after it (for hours: the exact one) */
	struct date lapses;    /* the first day on which the term has run out: silence, if any, takes effect */
	enum term_unit unit;   /* of the counts: working or calendar days, or hours */
	int total, used, left; /* left: negative when late */
	bool is_met_late;      /* DONE, but after the due date */
	bool may_act;          /* every rule used is confirmed and every day lies in a published list */
	struct date ask_by;    /* last day to ask for a correction, where the regime sets one; else none */
	struct {
		struct deadline_line *items;
		size_t count;
	} lines;
	struct {
		struct deadline_cell *items;
		size_t count;
	} strip; /* empty for hours, months and years */
};

/* ERR_INVALID: a count out of range, a term that ends more than 30 years on, an event without its dates. */
MUST_USE struct err *deadline_compute(struct arena *a, const struct deadline_input *in, struct deadline *ret);

/* The term a person has to correct a filing, by the regime; *ret_found false: the regime does not say, the
 * procedure must. */
MUST_USE struct err *deadline_correction(struct arena *a, const struct regime *r, struct date on,
	struct deadline_term *ret, const struct rule **ret_rule, bool *ret_found);
/* The most by which `term` may be extended; false when the regime does not say. Half a month is 15 days. */
bool deadline_extension_max(const struct regime *r, struct date on, struct deadline_term term,
	struct deadline_term *ret);
/* The day as of which something filed at `at` has effect: the day itself, or the next working one where the
 * regime says so (es: Ley 39/2015, art. 31.2 b). For receipts. */
struct date deadline_effect_date(const struct regime *r, const struct work_calendar *c, const struct zone *z,
	struct instant at);
