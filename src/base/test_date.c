#include "base/instant.h"
#include "base/testing.h"

static struct date day(const char *iso)
{
	struct date d = DATE_NONE;
	if (!date_parse(str_of(iso), &d)) return DATE_NONE;
	return d;
}

TEST(date_counts_days_from_1970)
{
	CHECK_INT(day("1970-01-01").days, 0);
	CHECK_INT(day("1969-12-31").days, -1);
	CHECK_INT(day("2000-03-01").days, 11017);
	CHECK_INT(day("0001-01-01").days, -719162);
	CHECK_INT(day("9999-12-31").days, 2932896);
}

TEST(date_and_ymd_are_inverse_over_every_day)
{
	struct date last = day("9999-12-31");
	int year = 1, month = 1, dom = 1;
	for (struct date d = day("0001-01-01"); d.days <= last.days; d = date_add_days(d, 1)) {
		int y, m, dd;
		struct date back;
		date_to_ymd(d, &y, &m, &dd);
		if (y != year || m != month || dd != dom || !date_of_ymd(y, m, dd, &back) || back.days != d.days) {
			CHECK_STR(date_iso(t->arena, d), "its own form");
		}
		if (++dom > date_days_in_month(year, month)) {
			dom = 1;
			if (++month > 12) {
				month = 1;
				year++;
			}
		}
	}
	CHECK_INT(year, 10000);
}

TEST(date_to_ymd_takes_any_number_of_days)
{
	int y, m, d;
	date_to_ymd((struct date){ INT32_MAX }, &y, &m, &d);
	CHECK(m >= 1 && m <= 12 && d >= 1 && d <= 31 && y == 5881580);
	date_to_ymd((struct date){ INT32_MIN }, &y, &m, &d);
	CHECK(m >= 1 && m <= 12 && d >= 1 && d <= 31 && y == -5877641);
	date_to_ymd(date_add_days(day("0001-01-01"), -1), &y, &m, &d);
	CHECK(y == 0 && m == 12 && d == 31);
}

TEST(date_knows_leap_years)
{
	static const struct {
		int year, february;
	} years[] = { { 1900, 28 }, { 2000, 29 }, { 2023, 28 }, { 2024, 29 }, { 2100, 28 }, { 2400, 29 } };
	for (size_t i = 0; i < sizeof years / sizeof *years; i++)
		CHECK_INT(date_days_in_month(years[i].year, 2), years[i].february);
	struct date d = { 5 };
	CHECK(!date_of_ymd(2025, 2, 29, &d) && !date_of_ymd(2026, 4, 31, &d) && !date_of_ymd(2026, 13, 1, &d));
	CHECK(!date_of_ymd(0, 1, 1, &d) && !date_of_ymd(10000, 1, 1, &d) && !date_of_ymd(2026, 0, 1, &d));
	CHECK(!date_of_ymd(2026, 1, 0, &d));
	CHECK_INT(d.days, 5);
}

TEST(date_knows_weekdays)
{
	CHECK_INT(date_weekday(day("1970-01-01")), 3); /* Thursday */
	CHECK_INT(date_weekday(day("2026-11-24")), 1); /* Tuesday */
	CHECK_INT(date_weekday(day("1582-10-15")), 4); /* the first Gregorian day, a Friday */
	CHECK_INT(date_weekday(day("0001-01-01")), 0);
	CHECK_INT(date_year(day("2026-12-31")), 2026);
}

/* Ley 39/2015, art. 30.4: a month ends on the same day number or, if there is none, on the last day. */
TEST(date_months_end_on_the_same_day_or_the_last)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
		bool clamped;
	} cases[] = {
		{ "2027-01-31", 1, "2027-02-28", true },
		{ "2028-01-31", 1, "2028-02-29", true },
		{ "2026-07-15", 1, "2026-08-15", false },
		{ "2026-11-30", 3, "2027-02-28", true },
		{ "2026-08-16", 3, "2026-11-16", false },
		{ "2024-02-29", 12, "2025-02-28", true },
		{ "2024-02-29", 48, "2028-02-29", false },
		{ "2026-03-31", -1, "2026-02-28", true },
		{ "2026-01-15", -1, "2025-12-15", false },
		{ "2026-12-31", 0, "2026-12-31", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool clamped = !cases[i].clamped;
		CHECK_STR(date_iso(t->arena, date_add_months(day(cases[i].from), cases[i].months, &clamped)),
			cases[i].to);
		CHECK_INT(clamped, cases[i].clamped);
	}
	CHECK_STR(date_iso(t->arena, date_add_months(day("2026-05-31"), 1, NULL)), "2026-06-30");
	CHECK(date_is_none(date_add_months(day("9999-12-01"), 1, NULL)));
	CHECK(date_is_none(date_add_months(day("0001-01-01"), -1, NULL)));
	CHECK(date_is_none(date_add_months(day("2026-01-01"), INT32_MAX, NULL)));
	CHECK(date_is_none(date_add_months(DATE_NONE, 1, NULL)));
}

/* Dates of the Catholic Church; the earliest and latest possible, and the years of the two exceptions. */
TEST(date_easter_matches_published_sundays)
{
	static const char *const sundays[] = { "1818-03-22", "1943-04-25", "1954-04-18", "1961-04-02",
		"1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20",
		"2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22" };
	for (size_t i = 0; i < sizeof sundays / sizeof *sundays; i++) {
		struct date d = day(sundays[i]);
		CHECK_STR(date_iso(t->arena, date_easter(date_year(d))), sundays[i]);
	}
	for (int year = 1583; year <= 9999; year++) {
		struct date d = date_easter(year), earliest, latest;
		CHECK(date_of_ymd(year, 3, 22, &earliest) && date_of_ymd(year, 4, 25, &latest));
		CHECK(d.days >= earliest.days && d.days <= latest.days && date_weekday(d) == 6);
	}
}

TEST(date_parse_takes_the_iso_form_only)
{
	CHECK_STR(date_iso(t->arena, day("2026-11-24")), "2026-11-24");
	CHECK_STR(date_iso(t->arena, day("0099-02-01")), "0099-02-01");
	CHECK_STR(date_iso(t->arena, DATE_NONE), "");
	static const char *const refused[] = { "", "2026-11-2", "2026-11-244", "26-11-24", "2026/11/24",
		"2026-1-024", "2026-02-29", "2026-00-10", "2026-10-00", "0000-01-01", "-026-01-01", "2026--1-01",
		"2026-01--1", " 2026-1-24", "20261124  " };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct date d = { 5 };
		CHECK(!date_parse(str_of(refused[i]), &d));
		CHECK_INT(d.days, 5);
	}
}
