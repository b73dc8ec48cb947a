#include "base/testing.h"
#include "core/clock/calendar.h"

static struct date day(int y, int m, int d)
{
	struct date ret;
	must(date_of_ymd(y, m, d, &ret));
	return ret;
}

static struct work_calendar *make(struct test *t, const struct work_day *days, size_t count)
{
	static const int years[] = { 2026, 2027 };
	struct work_list list = { .closed_weekdays = CALENDAR_WEEKEND,
		.days = days,
		.count = count,
		.years = years,
		.year_count = 2 };
	struct work_calendar *c = NULL;
	struct err *e = calendar_new(t->arena, &list, &c);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	return c;
}

TEST(calendar_counts_weekdays_without_the_listed_days)
{
	const struct work_day days[] = {
		{ day(2026, 12, 25), STR("Navidad"), STR("x") }, { day(2026, 11, 16), STR("Revolución"), STR("x") },
		{ day(2026, 11, 14), STR("un sábado"), STR("x") }, /* takes nothing away */
	};
	struct work_calendar *c = make(t, days, 3);
	CHECK(c);
	CHECK(calendar_is_working(c, day(2026, 11, 13)));
	CHECK(!calendar_is_working(c, day(2026, 11, 14)));
	CHECK(!calendar_is_working(c, day(2026, 11, 16)));
	CHECK(calendar_is_working(c, day(2026, 11, 17)));
	CHECK_STR(calendar_day_of(c, day(2026, 11, 16))->name, "Revolución");
	CHECK(!calendar_day_of(c, day(2026, 11, 15)));
	CHECK(calendar_is_closed_weekday(c, day(2026, 11, 14)) &&
		!calendar_is_closed_weekday(c, day(2026, 11, 16)));
	CHECK_INT(calendar_count_working(c, day(2026, 11, 10), day(2026, 11, 18)), 5);
	CHECK_INT(calendar_count_working(c, day(2026, 11, 18), day(2026, 11, 10)), -5);
	CHECK_INT(calendar_next_working(c, day(2026, 11, 14)).days, day(2026, 11, 17).days);
	CHECK_INT(calendar_add_working(c, day(2026, 11, 10), 15).days, day(2026, 12, 2).days);
}

/* The jump and the one-by-one count must agree on every start and length. */
TEST(calendar_adds_as_if_counting_day_by_day)
{
	struct work_day days[60];
	size_t n = 0;
	for (int d = 0; n < 60; d += 1 + d % 7 + (d % 3) * 2)
		days[n++] = (struct work_day){ date_add_days(day(2026, 1, 1), d), STR("cerrado"), STR("x") };
	struct work_calendar *c = make(t, days, n);
	CHECK(c);
	for (int start = -40; start < 500; start++) {
		struct date from = date_add_days(day(2026, 1, 1), start), at = from;
		for (int k = 1; k <= 60; k++) {
			do
				at = date_add_days(at, 1);
			while (!calendar_is_working(c, at));
			CHECK_INT(calendar_add_working(c, from, k).days, at.days);
			CHECK_INT(calendar_count_working(c, from, at), k);
		}
	}
}

TEST(calendar_is_published_year_by_year)
{
	struct work_calendar *c = make(t, NULL, 0);
	CHECK(c);
	CHECK(calendar_is_published(c, day(2026, 1, 1)) && calendar_is_published(c, day(2027, 12, 31)));
	CHECK(!calendar_is_published(c, day(2025, 12, 31)) && !calendar_is_published(c, day(2028, 1, 1)));
}

/* Ley 39/2015, art. 30.6: non-working at one of the two seats is non-working. */
TEST(calendar_union_closes_what_either_closes)
{
	const struct work_day here[] = { { day(2026, 7, 16), STR("Carmen"), STR("x") } };
	const struct work_day there[] = { { day(2026, 7, 31), STR("San Ignacio"), STR("x") },
		{ day(2026, 7, 16), STR("otro nombre"), STR("x") } };
	static const int only_2026[] = { 2026 };
	struct work_list other = { .closed_weekdays = CALENDAR_SUNDAY,
		.days = there,
		.count = 2,
		.years = only_2026,
		.year_count = 1 };
	struct work_calendar *x = make(t, here, 1), *y = NULL;
	CHECK_OK(calendar_new(t->arena, &other, &y));
	struct work_calendar *both = calendar_union(t->arena, x, y);
	CHECK(!calendar_is_working(both, day(2026, 7, 16)) && !calendar_is_working(both, day(2026, 7, 31)));
	CHECK(!calendar_is_working(both, day(2026, 7, 18))); /* a Saturday: closed in the first */
	CHECK_STR(calendar_day_of(both, day(2026, 7, 16))->name, "Carmen");
	CHECK(calendar_is_published(both, day(2026, 1, 1)) && !calendar_is_published(both, day(2027, 1, 1)));
	CHECK_INT(calendar_count_working(both, day(2026, 7, 12), day(2026, 7, 19)), 4);
}

TEST(calendar_refuses_lists_that_cannot_be)
{
	static const int years[] = { 2026 };
	struct work_calendar *c;
	struct work_day nameless = { day(2026, 1, 1), STR(""), STR("x") },
					outside = { day(2027, 1, 1), STR("a"), STR("x") };
	struct work_list list = { .closed_weekdays = 0x7f, .years = years, .year_count = 1 };
	CHECK_ERR(calendar_new(t->arena, &list, &c), ERR_INVALID);
	list.closed_weekdays = 0x80;
	CHECK_ERR(calendar_new(t->arena, &list, &c), ERR_INVALID);
	list.closed_weekdays = CALENDAR_WEEKEND;
	list.count = 1;
	list.days = &nameless;
	CHECK_ERR(calendar_new(t->arena, &list, &c), ERR_INVALID);
	list.days = &outside;
	CHECK_ERR(calendar_new(t->arena, &list, &c), ERR_INVALID);
}
