/*
 * Parsing and applying the POSIX rule of a time zone. A year's two changes are computed when asked for;
 * nothing is cached, so a rule is a plain immutable value.
 */
#include "base/zone_rule.h"

enum { SECONDS_PER_DAY = 86400, MAX_OFFSET_HOURS = 24, MAX_RULE_HOURS = 167 };

/* --- parsing: each take_… moves past what it read, or says false ------------------------------------ */

static bool take_char(struct str *rest, char c)
{
	if (rest->n == 0 || rest->p[0] != c) return false;
	*rest = str_slice(*rest, 1, rest->n);
	return true;
}

static bool take_number(struct str *rest, int min, int max, int *ret)
{
	size_t digits = 0;
	while (digits < rest->n && rest->p[digits] >= '0' && rest->p[digits] <= '9')
		digits++;
	int64_t n;
	if (!str_to_int64(str_slice(*rest, 0, digits), min, max, &n)) return false;
	*rest = str_slice(*rest, digits, rest->n);
	*ret = (int)n;
	return true;
}

/* An abbreviation: three letters or more, or anything of letters, digits and signs between < and >. */
static bool take_name(struct str *rest)
{
	bool quoted = take_char(rest, '<');
	size_t n = 0;
	for (; n < rest->n; n++) {
		char c = rest->p[n];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		bool other = (c >= '0' && c <= '9') || c == '+' || c == '-';
		if (!letter && !(quoted && other)) break;
	}
	*rest = str_slice(*rest, n, rest->n);
	return n >= 3 && (!quoted || take_char(rest, '>'));
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(struct str *rest, int max_hours, int *ret)
{
	bool negative = take_char(rest, '-');
	int hours, minutes = 0, seconds = 0;
	if (!negative) take_char(rest, '+');
	if (!take_number(rest, 0, max_hours, &hours)) return false;
	if (take_char(rest, ':') && !take_number(rest, 0, 59, &minutes)) return false;
	if (take_char(rest, ':') && !take_number(rest, 0, 59, &seconds)) return false;
	int total = hours * 3600 + minutes * 60 + seconds;
	*ret = negative ? -total : total;
	return true;
}

static bool take_change(struct str *rest, struct zone_change *ret)
{
	struct zone_change c = { .second = 2 * 3600 };
	if (take_char(rest, 'M')) {
		c.kind = CHANGE_WEEKDAY;
		if (!take_number(rest, 1, 12, &c.month) || !take_char(rest, '.') ||
			!take_number(rest, 1, 5, &c.week) || !take_char(rest, '.') || !take_number(rest, 0, 6, &c.day))
			return false;
	} else if (take_char(rest, 'J')) {
		c.kind = CHANGE_JULIAN;
		if (!take_number(rest, 1, 365, &c.day)) return false;
	} else {
		c.kind = CHANGE_DAY;
		if (!take_number(rest, 0, 365, &c.day)) return false;
	}
	if (take_char(rest, '/') && !take_time(rest, MAX_RULE_HOURS, &c.second)) return false;
	*ret = c;
	return true;
}

bool zone_rule_parse(struct str text, struct zone_rule *ret)
{
	struct zone_rule r = { 0 };
	struct str rest = text;
	if (!take_name(&rest) || !take_time(&rest, MAX_OFFSET_HOURS, &r.standard_s)) return false;
	r.standard_s = -r.standard_s; /* POSIX counts west of Greenwich */
	if (rest.n > 0) {
		r.has_summer = true;
		if (!take_name(&rest)) return false;
		r.summer_s = r.standard_s + 3600;
		if (rest.n > 0 && rest.p[0] != ',') {
			if (!take_time(&rest, MAX_OFFSET_HOURS, &r.summer_s)) return false;
			r.summer_s = -r.summer_s;
		}
		if (!take_char(&rest, ',') || !take_change(&rest, &r.start)) return false;
		if (!take_char(&rest, ',') || !take_change(&rest, &r.end)) return false;
	}
	if (rest.n > 0) return false;
	*ret = r;
	return true;
}

/* --- applying ----------------------------------------------------------------------------------------- */

static int64_t change_day(const struct zone_change *c, int year)
{
	struct date first;
	if (c->kind != CHANGE_WEEKDAY) {
		date_of_ymd(year, 1, 1, &first);
		bool leap = date_days_in_month(year, 2) == 29;
		int skipped = c->kind == CHANGE_JULIAN ? (c->day >= 60 && leap ? 0 : 1) : 0;
		return (int64_t)first.days + c->day - skipped;
	}
	date_of_ymd(year, c->month, 1, &first);
	int sunday_first = (date_weekday(first) + 1) % 7;
	int day = (c->day - sunday_first + 7) % 7 + (c->week - 1) * 7;
	if (day >= date_days_in_month(year, c->month)) day -= 7;
	return (int64_t)first.days + day;
}

/* The moment of a change, in seconds since 1970; the clock before it runs at `offset_s`. */
static int64_t change_at(const struct zone_change *c, int year, int offset_s)
{
	return change_day(c, year) * SECONDS_PER_DAY + c->second - offset_s;
}

static int year_of(int64_t at_s)
{
	/* Far years are all alike; this keeps year ± 2 inside the calendar of date.c. */
	static const int64_t first = -62000000000, last = 253300000000;
	int64_t s = at_s < first ? first : at_s > last ? last : at_s;
	return instant_clock((struct instant){ s * 1000 }, 0).year;
}

struct moment {
	int64_t at;
	int offset_s; /* from then on */
};

enum { MOMENTS = 10 };

/* In order of time; of two at one moment the later added comes last. */
static void insert(struct moment *moments, size_t count, struct moment m)
{
	size_t to = count;
	for (; to > 0 && moments[to - 1].at > m.at; to--)
		moments[to] = moments[to - 1];
	moments[to] = m;
}

/* The changes of the years around a moment. Where summer ends in the instant in which the next one begins,
 * the start comes last: such a rule means summer time all year (RFC 8536, 3.3.1). */
static void changes_around(const struct zone_rule *r, int year, struct moment ret[static MOMENTS])
{
	size_t n = 0;
	for (int y = year - 2; y <= year + 2; y++) {
		insert(ret, n++, (struct moment){ change_at(&r->end, y, r->summer_s), r->standard_s });
		insert(ret, n++, (struct moment){ change_at(&r->start, y, r->standard_s), r->summer_s });
	}
}

int zone_rule_offset(const struct zone_rule *r, int64_t at_s)
{
	if (!r->has_summer) return r->standard_s;
	struct moment around[MOMENTS] = { 0 };
	changes_around(r, year_of(at_s), around);
	int offset = around[0].offset_s == r->summer_s ? r->standard_s : r->summer_s;
	for (size_t i = 0; i < MOMENTS && around[i].at <= at_s; i++)
		offset = around[i].offset_s;
	return offset;
}

int64_t zone_rule_next(const struct zone_rule *r, int64_t at_s)
{
	if (!r->has_summer) return INT64_MAX;
	struct moment around[MOMENTS] = { 0 };
	changes_around(r, year_of(at_s), around);
	for (size_t i = 0; i < MOMENTS; i++) {
		if (around[i].at > at_s) return around[i].at;
	}
	return INT64_MAX;
}
