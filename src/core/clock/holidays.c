#include "core/clock/holidays.h"

enum holiday_when {
	ON_DAY,      /* month, day */
	ON_WEEKDAY,  /* the `nth` Monday of month */
	FROM_EASTER, /* day: offset from Easter Sunday */
};
struct statute {
	enum holiday_when when;
	int month, day, nth;
	int first_year, last_year; /* 0: open */
	int every;                 /* years counted from first_year; 0: each */
	bool replaceable;
	const char *key, *article;
};

#define LFT "Ley Federal del Trabajo, art. 74"
/* Mondays since 2006; the day of the federal handover moved from 1 December to 1 October (DOF 30-09-2024).
 * Electoral days are for the electoral laws to fix and follow no rule. */
static const struct statute mx_lft_74[] = {
	{ ON_DAY, 1, 1, 0, 0, 0, 0, false, "holiday.new_year", LFT " fr. I" },
	{ ON_WEEKDAY, 2, 0, 1, 2006, 0, 0, false, "holiday.constitution", LFT " fr. II" },
	{ ON_WEEKDAY, 3, 0, 3, 2006, 0, 0, false, "holiday.juarez", LFT " fr. III" },
	{ ON_DAY, 5, 1, 0, 0, 0, 0, false, "holiday.labour", LFT " fr. IV" },
	{ ON_DAY, 9, 16, 0, 0, 0, 0, false, "holiday.independence", LFT " fr. V" },
	{ ON_WEEKDAY, 11, 0, 3, 2006, 0, 0, false, "holiday.revolution", LFT " fr. VI" },
	{ ON_DAY, 12, 1, 0, 1970, 2018, 6, false, "holiday.handover", LFT " fr. VII (texto anterior)" },
	{ ON_DAY, 10, 1, 0, 2024, 0, 6, false, "holiday.handover", LFT " fr. VII" },
	{ ON_DAY, 12, 25, 0, 0, 0, 0, false, "holiday.christmas", LFT " fr. VIII" },
};

#define RD "Real Decreto 2001/1983, art. 45.1"
/* A region may put another day in the place of the replaceable ones; of 19 March and 25 July it keeps one. Its
 * choice, the move of Sundays and the two local days come with the yearly official list. */
static const struct statute es_rd2001_45[] = {
	{ ON_DAY, 1, 1, 0, 0, 0, 0, false, "holiday.new_year", RD },
	{ ON_DAY, 1, 6, 0, 0, 0, 0, true, "holiday.epiphany", RD },
	{ ON_DAY, 3, 19, 0, 0, 0, 0, true, "holiday.saint_joseph", RD },
	{ FROM_EASTER, 0, -3, 0, 0, 0, 0, true, "holiday.holy_thursday", RD },
	{ FROM_EASTER, 0, -2, 0, 0, 0, 0, false, "holiday.good_friday", RD },
	{ ON_DAY, 5, 1, 0, 0, 0, 0, false, "holiday.labour", RD },
	{ ON_DAY, 7, 25, 0, 0, 0, 0, true, "holiday.saint_james", RD },
	{ ON_DAY, 8, 15, 0, 0, 0, 0, false, "holiday.assumption", RD },
	{ ON_DAY, 10, 12, 0, 0, 0, 0, false, "holiday.national_day", RD },
	{ ON_DAY, 11, 1, 0, 0, 0, 0, false, "holiday.all_saints", RD },
	{ ON_DAY, 12, 6, 0, 0, 0, 0, false, "holiday.spanish_constitution", RD },
	{ ON_DAY, 12, 8, 0, 0, 0, 0, false, "holiday.immaculate", RD },
	{ ON_DAY, 12, 25, 0, 0, 0, 0, false, "holiday.christmas", RD },
};

static const struct {
	const char *law;
	const struct statute *rows;
	size_t count;
} laws[] = {
	{ "mx-lft-74", mx_lft_74, sizeof mx_lft_74 / sizeof mx_lft_74[0] },
	{ "es-rd2001-45", es_rd2001_45, sizeof es_rd2001_45 / sizeof es_rd2001_45[0] },
};

static bool applies(const struct statute *s, int year)
{
	if (s->first_year && year < s->first_year) return false;
	if (s->last_year && year > s->last_year) return false;
	return s->every == 0 || (year - s->first_year) % s->every == 0;
}

static struct date day_of(const struct statute *s, int year)
{
	if (s->when == FROM_EASTER) return date_add_days(date_easter(year), s->day);
	struct date d;
	must(date_of_ymd(year, s->month, s->when == ON_DAY ? s->day : 1, &d));
	if (s->when == ON_DAY) return d;
	int to_monday = (7 - date_weekday(d)) % 7;
	return date_add_days(d, to_monday + 7 * (s->nth - 1));
}

static int by_date(const void *x, const void *y)
{
	const struct holiday *a = x, *b = y;
	return (a->date.days > b->date.days) - (a->date.days < b->date.days);
}

struct err *holidays_propose(struct arena *a, struct str law, int year, struct holidays *ret)
{
	if (year < 1900 || year > 9998) return ERR(a, ERR_INVALID, NULL, "no holidays are proposed for %d", year);
	for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
		if (!str_eq(str_of(laws[i].law), law)) continue;
		struct holidays list = { ARENA_ARRAY(a, struct holiday, laws[i].count), 0 };
		for (size_t n = 0; n < laws[i].count; n++) {
			const struct statute *s = &laws[i].rows[n];
			if (!applies(s, year)) continue;
			struct date day = day_of(s, year);
			list.items[list.count++] = (struct holiday){ .date = day,
				.key = s->key,
				.article = s->article,
				.replaceable = s->replaceable,
				.sunday = date_weekday(day) == 6 };
		}
		qsort(list.items, list.count, sizeof list.items[0], by_date);
		*ret = list;
		return NULL;
	}
	return ERR(a, ERR_NOT_FOUND, NULL, "no holiday law is called %.*s", STR_FMT(law));
}
