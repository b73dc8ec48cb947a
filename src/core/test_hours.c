#include "base/testing.h"
#include "core/hours.h"

enum { WORKDAYS = 0x1f };

static struct openings office_hours(struct arena *a)
{
	struct opening *items = ARENA_ARRAY(a, struct opening, 1);
	items[0] = (struct opening){ WORKDAYS, 8 * 60, 15 * 60 + 30 };
	return (struct openings){ items, 1 };
}

/* The town's list: Wednesday 16 September 2026 does not work. */
static struct calendar calendar_with_holiday(struct arena *a)
{
	struct calendar c = { .weekend = 1 << 5 | 1 << 6 };
	c.days = ARENA_ARRAY(a, struct calendar_day, 1);
	c.years = ARENA_ARRAY(a, struct calendar_year, 1);
	c.day_count = c.year_count = 1;
	c.years[0].year = 2026;
	date_of_ymd(2026, 9, 16, &c.days[0].day);
	return c;
}

static struct date day(int month, int day_of_month)
{
	struct date d;
	must(date_of_ymd(2026, month, day_of_month, &d));
	return d;
}

static struct str said(struct test *t, struct date d, int hour, int minute)
{
	struct openings hours = office_hours(t->arena);
	struct calendar calendar = calendar_with_holiday(t->arena);
	struct hours_now now = hours_now(&hours, &calendar, d, hour * 60 + minute);
	return hours_now_words(t->arena, STR("es"), &now);
}

TEST(hours_open_until_closing_and_the_last_minute_is_closed)
{
	CHECK_STR(said(t, day(11, 24), 10, 42), "Abierta hasta las 15:30");
	CHECK_STR(said(t, day(11, 24), 14, 29), "Abierta hasta las 15:30");
	CHECK_STR(said(t, day(11, 24), 14, 30), "Cierra hoy a las 15:30");
	CHECK_STR(said(t, day(11, 24), 15, 29), "Cierra hoy a las 15:30");
	CHECK_STR(said(t, day(11, 24), 15, 30), "Abre mañana a las 8:00");
	CHECK_STR(said(t, day(11, 24), 7, 59), "Abre hoy a las 8:00");
}

TEST(hours_pass_over_weekends_and_the_towns_holidays)
{
	CHECK_STR(said(t, day(11, 27), 16, 0), "Abre el lunes 30 de noviembre a las 8:00");
	CHECK_STR(said(t, day(9, 16), 10, 0), "Abre mañana a las 8:00");
	CHECK_STR(said(t, day(9, 15), 16, 0), "Abre el jueves 17 de septiembre a las 8:00");
}

TEST(hours_without_any_say_so)
{
	struct openings none = { 0 };
	struct calendar calendar = calendar_with_holiday(t->arena);
	struct hours_now now = hours_now(&none, &calendar, day(11, 24), 600);
	CHECK_INT(now.state, HOURS_UNKNOWN);
	CHECK_STR(hours_now_words(t->arena, STR("es"), &now), "Sin horario publicado");
	CHECK_STR(hours_words(t->arena, STR("es"), &none), "");
}

TEST(hours_in_words_join_days_and_lines)
{
	struct opening items[] = { { WORKDAYS, 8 * 60, 15 * 60 + 30 }, { 1 << 5, 9 * 60, 13 * 60 } };
	struct openings both = { items, 2 }, apart = { &(struct opening){ 1 << 0 | 1 << 2, 600, 720 }, 1 };
	CHECK_STR(hours_words(t->arena, STR("es"), &both),
		"Lunes a viernes, de 8:00 a 15:30; sábado, de 9:00 a 13:00");
	CHECK_STR(hours_words(t->arena, STR("es"), &apart), "Lunes, miércoles, de 10:00 a 12:00");
	CHECK_STR(hours_words(t->arena, STR("en"), &both),
		"Monday to Friday, 8:00 to 15:30; Saturday, 9:00 to 13:00");
}
