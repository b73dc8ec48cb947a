/*
 * Civil dates: counting days of the proleptic Gregorian calendar, months, Easter, the ISO form. A date has
 * no zone and no time; zone.h and instant.c connect it with instants. Declared in instant.h.
 */
#include "base/err.h"
#include "base/instant.h"

enum {
	YEAR_MIN = 1,
	YEAR_MAX = 9999,
	DAYS_PER_400_YEARS = 146097,
	DAYS_BEFORE_1970 = 719162, /* from 0001-01-01 */
};

static bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int date_days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	must(month >= 1 && month <= 12);
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 0001-01-01 to the first of January of `year`, which is 1 or later. */
static int days_before_year(int year)
{
	int y = year - 1;
	return y * 365 + y / 4 - y / 100 + y / 400;
}

bool date_of_ymd(int year, int month, int day, struct date *ret)
{
	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12) return false;
	if (day < 1 || day > date_days_in_month(year, month)) return false;
	int days = days_before_year(year) + day - 1;
	for (int m = 1; m < month; m++)
		days += date_days_in_month(year, m);
	*ret = (struct date){ days - DAYS_BEFORE_1970 };
	return true;
}

void date_to_ymd(struct date d, int *ret_year, int *ret_month, int *ret_day)
{
	/* The calendar repeats every 400 years; counting inside one such cycle keeps all terms positive. */
	int64_t since_year_1 = (int64_t)d.days + DAYS_BEFORE_1970;
	int cycle = (int)(since_year_1 / DAYS_PER_400_YEARS), left = (int)(since_year_1 % DAYS_PER_400_YEARS);
	if (left < 0) {
		left += DAYS_PER_400_YEARS;
		cycle--;
	}
	int year = left / 366 + 1; /* too early by a year at most, since 400 years are 399.2 of 366 days */
	while (left >= days_before_year(year + 1))
		year++;
	left -= days_before_year(year);
	int month = 1;
	while (left >= date_days_in_month(year, month))
		left -= date_days_in_month(year, month++);
	*ret_year = cycle * 400 + year;
	*ret_month = month;
	*ret_day = left + 1;
}

int date_weekday(struct date d)
{
	/* 1970-01-01 was a Thursday. */
	int weekday = (int)(((int64_t)d.days + 3) % 7);
	return weekday < 0 ? weekday + 7 : weekday;
}

int date_year(struct date d)
{
	int year, month, day;
	date_to_ymd(d, &year, &month, &day);
	return year;
}

struct date date_add_months(struct date d, int n, bool *ret_clamped)
{
	if (ret_clamped) *ret_clamped = false;
	if (date_is_none(d)) return DATE_NONE;
	int year, month, day;
	date_to_ymd(d, &year, &month, &day);
	int64_t months = (int64_t)year * 12 + month - 1 + n;
	if (months < YEAR_MIN * 12 || months >= (YEAR_MAX + 1) * 12) return DATE_NONE;
	year = (int)(months / 12);
	month = (int)(months % 12) + 1;

	int last = date_days_in_month(year, month);
	if (day > last) {
		day = last;
		if (ret_clamped) *ret_clamped = true;
	}
	must(date_of_ymd(year, month, day, &d));
	return d;
}

/* The Gregorian computus: the age of the ecclesiastical moon gives the Paschal full moon, and Easter is the
 * Sunday after it. */
struct date date_easter(int year)
{
	must(year >= YEAR_MIN && year <= YEAR_MAX);
	int golden = year % 19, century = year / 100;
	int solar = century - century / 4;                  /* leap days that the Gregorian calendar leaves out */
	int lunar = (century - (century + 8) / 25 + 1) / 3; /* the moon's drift over the 19-year cycle */
	int full_moon = (19 * golden + solar - lunar + 15) % 30; /* days after 21 March */
	/* Two rules keep the moon from 19 April on: it never falls twice on one day of a cycle. */
	if (full_moon == 29 || (full_moon == 28 && golden > 10)) full_moon--;

	struct date d;
	must(date_of_ymd(year, 3, 21, &d));
	d = date_add_days(d, full_moon);
	return date_add_days(d, 7 - (date_weekday(d) + 1) % 7);
}

bool date_parse(struct str s, struct date *ret)
{
	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-') return false;
	int64_t year, month, day;
	return str_to_int64(str_slice(s, 0, 4), YEAR_MIN, YEAR_MAX, &year) &&
		str_to_int64(str_slice(s, 5, 7), 1, 12, &month) && str_to_int64(str_slice(s, 8, 10), 1, 31, &day) &&
		date_of_ymd((int)year, (int)month, (int)day, ret);
}

struct str date_iso(struct arena *a, struct date d)
{
	if (date_is_none(d)) return STR("");
	int year, month, day;
	date_to_ymd(d, &year, &month, &day);
	if (year < 0 || year > 9999) return arena_printf(a, "%04d-%02d-%02d", year, month, day);
	char iso[] = "0000-00-00";
	str_put_digits(iso, 4, year);
	str_put_digits(iso + 5, 2, month);
	str_put_digits(iso + 8, 2, day);
	return arena_cstr(a, iso);
}
