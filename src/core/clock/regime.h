/*
 * Regimes: the law of deadlines as data.
 *
 * A regime is a const table of rules, each with its article, the day it came into force, where it was read,
 * and whether that was confirmed. A procedure names its regime ("es-ley39", "mx-guanajuato", …); deadline.h
 * counts by it. Two things follow from the table and are nowhere decided in code: a rule that is absent is
 * *unknown* (the screen says so, no default stands in), and a date that rests on an unconfirmed rule may be
 * shown with that remark but drives nothing by itself (deadline.h, `may_act`).
 * New law: add a row with its date in force; older cases keep the row of their day.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"

/* What a rule decides, and what its `value` means. */
enum rule_id {
	RULE_START,             /* counting begins this many days after the event: 1 */
	RULE_WORKING_DAYS,      /* a term "in days" is working days: 1 yes, 0 calendar days */
	RULE_FILING_CLOSED_DAY, /* filed on a non-working day: enum rule_filing */
	RULE_HOURS,             /* hours run on working days, minute by minute: 1; value 0: through every day */
	RULE_MONTHS,            /* the month has no such day: enum rule_clamp */
	RULE_LAST_DAY,          /* the last day is non-working: 1 the next working day */
	RULE_PAUSE,             /* a correction asked in time stops the town's term: 1 */
	RULE_RESUME,            /* counting goes on this many days after the answer: 1 */
	RULE_CORRECTION_TERM,   /* working days the person has to correct */
	RULE_CORRECTION_MORE,   /* working days by which that may be extended */
	RULE_CORRECTION_WINDOW, /* the correction must be asked within the first 1/value of the term; 0 any time */
	RULE_REPORT_PAUSE_MAX,  /* months a pause for another body's report may last */
	RULE_EXTENSION_MAX,     /* an extension may add at most 1/value of the term */
	RULE_DEFAULT_MONTHS,    /* term to resolve when the procedure has none, in months */
	RULE_DEFAULT_DAYS,      /* the same in working days */
	RULE_SILENCE,           /* enum rule_silence, when the procedure does not say */
	RULE_SILENCE_PROOF,     /* days within which a certificate of silence is issued */
	RULE_NOTIFY,            /* days within which a decision is notified */
	RULE_UNREAD,            /* calendar days after which an unread electronic notice counts as rejected */
	RULE_SUSPENSION,        /* published town-wide suspensions stop every open term: 1 */
	RULE_OUTAGE,            /* a published extension after a failure moves what fell due meanwhile: 1 */
	RULE_TWO_CALENDARS,     /* a day non-working at either seat is non-working: 1 */
	RULE_MAX
};
enum rule_filing { FILING_STANDS, FILING_NEXT_WORKING_DAY };
enum rule_clamp { CLAMP_LAST_DAY, CLAMP_NEXT_WORKING_DAY };
enum rule_silence { SILENCE_REFUSED, SILENCE_GRANTED };

struct rule {
	enum rule_id id;
	int value;
	int in_force;        /* yyyymmdd; 0: not confirmed, taken as always */
	bool confirmed;      /* read on a source that states it, for this very law */
	const char *article; /* as cited to a person: "Ley 39/2015, art. 30.3" */
	const char *source;  /* what it rests on, for the officer who confirms it */
};

struct regime {
	const char *name; /* "es-ley39" */
	const char *law;  /* its title */
	const struct rule *rules;
	size_t count;
};

/* NULL when there is no such regime. */
const struct regime *regime_find(struct str name);
/* All of them, ends with NULL: for `pack check` and the back office. */
const struct regime *const *regime_all(void);
/* The rule in force that day, or NULL: the regime says nothing we know of. */
const struct rule *regime_rule(const struct regime *r, enum rule_id id, struct date on);
const char *rule_name(enum rule_id id); /* "correction-term" */
