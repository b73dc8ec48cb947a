#include "core/clock/calendar.h"

struct work_calendar {
	unsigned closed;       /* bit of date_weekday() */
	struct work_day *days; /* by date, each date once */
	size_t count;
	int *working_before; /* of days[0..i): how many fell on an open weekday and so take one away */
	int *years;          /* sorted */
	size_t year_count;
};

bool calendar_is_closed_weekday(const struct work_calendar *c, struct date d)
{
	return (c->closed & (1u << date_weekday(d))) != 0;
}

static int by_date(const void *x, const void *y)
{
	const struct work_day *a = x, *b = y;
	return (a->date.days > b->date.days) - (a->date.days < b->date.days);
}

static int by_int(const void *x, const void *y)
{
	const int *a = x, *b = y;
	return (*a > *b) - (*a < *b);
}

static bool has_year(const int *years, size_t count, int year)
{
	for (size_t i = 0; i < count; i++)
		if (years[i] == year) return true;
	return false;
}

/* Drops repeated dates (the first named stands), sorts, and counts what each list day takes away. */
static void finish(struct work_calendar *c, struct arena *a)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->count; i++) {
		bool seen = false;
		for (size_t k = 0; k < kept && !seen; k++)
			seen = c->days[k].date.days == c->days[i].date.days;
		if (!seen) c->days[kept++] = c->days[i];
	}
	c->count = kept;
	qsort(c->days, c->count, sizeof c->days[0], by_date);
	c->working_before = ARENA_ARRAY(a, int, c->count + 1);
	for (size_t i = 0; i < c->count; i++)
		c->working_before[i + 1] = c->working_before[i] +
			(calendar_is_closed_weekday(c, c->days[i].date) ? 0 : 1);
}

struct err *calendar_new(struct arena *a, const struct work_list *list, struct work_calendar **ret)
{
	if ((list->closed_weekdays & 0x7f) == 0x7f || (list->closed_weekdays & ~0x7fu))
		return ERR(a, ERR_INVALID, NULL, "a calendar needs an open weekday: mask %#x", list->closed_weekdays);
	struct work_calendar *c = ARENA_NEW(a, struct work_calendar);
	c->closed = list->closed_weekdays;
	c->year_count = list->year_count;
	c->years = ARENA_ARRAY(a, int, list->year_count);
	if (list->year_count) memcpy(c->years, list->years, list->year_count * sizeof(int));
	qsort(c->years, c->year_count, sizeof(int), by_int);
	c->count = list->count;
	c->days = ARENA_ARRAY(a, struct work_day, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct work_day *d = &list->days[i];
		if (date_is_none(d->date) || !has_year(c->years, c->year_count, date_year(d->date)))
			return ERR(a, ERR_INVALID, NULL, "non-working day %s lies in no published year",
				date_iso(a, d->date).p);
		if (str_is_empty(d->name))
			return ERR(a, ERR_INVALID, NULL, "non-working day %s has no name", date_iso(a, d->date).p);
		c->days[i] = (struct work_day){ d->date, arena_str(a, d->name), arena_str(a, d->source) };
	}
	finish(c, a);
	*ret = c;
	return NULL;
}

struct work_calendar *calendar_union(struct arena *a, const struct work_calendar *x,
	const struct work_calendar *y)
{
	struct work_calendar *c = ARENA_NEW(a, struct work_calendar);
	c->closed = x->closed | y->closed;
	must((c->closed & 0x7f) != 0x7f);
	c->days = ARENA_ARRAY(a, struct work_day, x->count + y->count);
	c->count = x->count + y->count;
	if (x->count) memcpy(c->days, x->days, x->count * sizeof x->days[0]);
	if (y->count) memcpy(c->days + x->count, y->days, y->count * sizeof y->days[0]);
	c->years = ARENA_ARRAY(a, int, x->year_count);
	for (size_t i = 0; i < x->year_count; i++)
		if (has_year(y->years, y->year_count, x->years[i])) c->years[c->year_count++] = x->years[i];
	finish(c, a);
	return c;
}

/* How many list days lie before `d`. */
static size_t listed_before(const struct work_calendar *c, struct date d)
{
	size_t low = 0, high = c->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c->days[middle].date.days < d.days)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct work_day *calendar_day_of(const struct work_calendar *c, struct date d)
{
	size_t i = listed_before(c, d);
	return i < c->count && c->days[i].date.days == d.days ? &c->days[i] : NULL;
}

bool calendar_is_working(const struct work_calendar *c, struct date d)
{
	return !calendar_is_closed_weekday(c, d) && !calendar_day_of(c, d);
}

bool calendar_is_published(const struct work_calendar *c, struct date d)
{
	return has_year(c->years, c->year_count, date_year(d));
}

struct date calendar_next_working(const struct work_calendar *c, struct date d)
{
	while (!calendar_is_working(c, d))
		d = date_add_days(d, 1);
	return d;
}

/* Open weekdays and not listed, counted from a Monday far in the past to the day before `d`. */
static int64_t working_before(const struct work_calendar *c, struct date d)
{
	enum { MONDAY = -719162 }; /* 0001-01-01, a Monday */
	int64_t days = (int64_t)d.days - MONDAY;
	int64_t weeks = days / 7, rest = days % 7;
	int64_t n = weeks * (7 - __builtin_popcount(c->closed));
	for (int weekday = 0; weekday < rest; weekday++)
		n += !(c->closed & (1u << weekday));
	return n - c->working_before[listed_before(c, d)];
}

int calendar_count_working(const struct work_calendar *c, struct date from, struct date to)
{
	return (int)(working_before(c, date_add_days(to, 1)) - working_before(c, date_add_days(from, 1)));
}

/* Jumps by what is still missing, then on to a working day, until nothing is missing. A jump never passes the
 * answer: it can gain all that is missing only when every day of it, the last included, is working. */
struct date calendar_add_working(const struct work_calendar *c, struct date d, int n)
{
	must(n >= 1);
	struct date at = d;
	for (int missing = n; missing > 0; missing = n - calendar_count_working(c, d, at))
		at = calendar_next_working(c, date_add_days(at, missing));
	return at;
}
