#include "base/instant.h"
#include "base/testing.h"

static struct str again(struct test *t, const char *s)
{
	struct instant i;
	return instant_parse(str_of(s), &i) ? instant_iso(t->arena, i) : STR("refused");
}

/* The examples of RFC 3339, section 5.8, and its notes on case and fractions. */
TEST(instant_parses_rfc3339)
{
	CHECK_STR(again(t, "1985-04-12T23:20:50.52Z"), "1985-04-12T23:20:50.520Z");
	CHECK_STR(again(t, "1996-12-19T16:39:57-08:00"), "1996-12-20T00:39:57.000Z");
	CHECK_STR(again(t, "1990-12-31T23:59:60Z"), "1991-01-01T00:00:00.000Z");
	CHECK_STR(again(t, "1990-12-31T15:59:60-08:00"), "1991-01-01T00:00:00.000Z");
	CHECK_STR(again(t, "1937-01-01T12:00:27.87+00:20"), "1937-01-01T11:40:27.870Z");
	CHECK_STR(again(t, "2026-11-24t16:42:07z"), "2026-11-24T16:42:07.000Z");
	CHECK_STR(again(t, "2026-11-24T16:42:07.1239999Z"), "2026-11-24T16:42:07.123Z");
	CHECK_STR(again(t, "1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
	CHECK_STR(again(t, "2026-11-24T00:00:00-00:00"), "2026-11-24T00:00:00.000Z");
	CHECK_STR(again(t, "0001-01-01T00:00:00Z"), "0001-01-01T00:00:00.000Z");
	CHECK_STR(again(t, "9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
}

TEST(instant_refuses_what_is_not_rfc3339)
{
	static const char *const refused[] = { "", "2026-11-24", "2026-11-24T16:42:07", "2026-11-24 16:42:07Z",
		"2026-11-24T16:42Z", "2026-11-24T24:00:00Z", "2026-11-24T16:60:00Z", "2026-11-24T16:42:61Z",
		"2026-11-24T16:42:60Z", "2026-11-24T16:42:07.Z", "2026-11-24T16:42:07,5Z", "2026-11-24T16:42:07+0100",
		"2026-11-24T16:42:07+24:00", "2026-11-24T16:42:07+01:60", "2026-11-24T16:42:07Zx",
		"2026-11-31T16:42:07Z", "2026-11-24T-1:42:07Z", "2026-11-24T16:-2:07Z", "2026-11-24T16:42:07+-1:00",
		"0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		CHECK_STR(again(t, refused[i]), "refused");
}

TEST(instant_shows_any_clock)
{
	struct clock_time c = instant_clock((struct instant){ 0 }, -6 * 3600);
	CHECK(c.year == 1969 && c.month == 12 && c.day == 31 && c.hour == 18 && c.minute == 0 && c.weekday == 2);
	CHECK_INT(c.offset_s, -6 * 3600);
	c = instant_clock((struct instant){ -1 }, 0);
	CHECK(c.year == 1969 && c.hour == 23 && c.second == 59 && c.millis == 999);
	c = instant_clock((struct instant){ INT64_MAX }, 14 * 3600);
	CHECK(c.year == 10000 && c.month == 1 && c.day == 1);
	CHECK_STR(instant_iso(t->arena, (struct instant){ INT64_MAX }), "9999-12-31T23:59:59.999Z");
	c = instant_clock((struct instant){ INT64_MIN }, 0);
	CHECK(c.year == 1 && c.month == 1 && c.day == 1);
	CHECK_STR(instant_iso(t->arena, INSTANT_NONE), "");
}

TEST(instant_clocks_of_the_machine_run)
{
	int64_t before = monotonic_us();
	struct instant now = instant_of_machine(), release;
	CHECK(instant_parse(STR("2026-01-01T00:00:00Z"), &release));
	CHECK(now.ms > release.ms - 366LL * 2 * 86400 * 1000);
	CHECK(monotonic_us() >= before);
}
