#include "base/testing.h"
#include "base/zone.h"

static struct zone *load(struct test *t, const char *name)
{
	struct zone *z = NULL;
	struct err *e = zone_load(t->arena, str_of(name), &z);
	if (e) test_fail(t, __FILE__, __LINE__, "%s: %s", name, e->detail);
	return z;
}

/* What the zone's clocks show at a UTC moment: "2026-03-29 03:00:00 +02:00". */
static struct str shown(struct test *t, const struct zone *z, const char *utc)
{
	struct instant at;
	if (!instant_parse(str_of(utc), &at)) return STR("refused");
	struct clock_time c = zone_clock(z, at);
	int offset = c.offset_s < 0 ? -c.offset_s : c.offset_s;
	return arena_printf(t->arena, "%04d-%02d-%02d %02d:%02d:%02d %c%02d:%02d", c.year, c.month, c.day, c.hour,
		c.minute, c.second, c.offset_s < 0 ? '-' : '+', offset / 3600, offset / 60 % 60);
}

struct reading {
	const char *utc, *local;
};

static void check_readings(struct test *t, const char *zone, const struct reading *readings, size_t count)
{
	struct zone *z = load(t, zone);
	for (size_t i = 0; z && i < count; i++)
		CHECK_STR(shown(t, z, readings[i].utc), readings[i].local);
}
#define CHECK_READINGS(zone, readings)                                                                       \
	check_readings(t, (zone), (readings), sizeof(readings) / sizeof *(readings))

/* The instant of a local time, as UTC. */
static struct str utc_of(struct test *t, const struct zone *z, const char *iso_date, int hour, int minute)
{
	struct date d;
	if (!date_parse(str_of(iso_date), &d)) return STR("refused");
	return instant_iso(t->arena, zone_instant(z, d, hour, minute, 0));
}

/* Ley de los Husos Horarios en los Estados Unidos Mexicanos, DOF 28-10-2022: summer time ended for good on
 * 30 October 2022 at two in the morning. */
TEST(zone_mexico_city_left_summer_time_in_2022)
{
	static const struct reading readings[] = {
		{ "2022-04-03T07:59:59Z", "2022-04-03 01:59:59 -06:00" },
		{ "2022-04-03T08:00:00Z", "2022-04-03 03:00:00 -05:00" },
		{ "2022-10-30T06:59:59Z", "2022-10-30 01:59:59 -05:00" },
		{ "2022-10-30T07:00:00Z", "2022-10-30 01:00:00 -06:00" },
		{ "2023-04-02T08:00:00Z", "2023-04-02 02:00:00 -06:00" },
		{ "2026-07-15T18:00:00Z", "2026-07-15 12:00:00 -06:00" },
		{ "2099-07-15T18:00:00Z", "2099-07-15 12:00:00 -06:00" },
	};
	CHECK_READINGS("America/Mexico_City", readings);
}

/* The same law: the municipalities of the northern border keep the clocks of the United States. */
TEST(zone_northern_border_follows_the_united_states)
{
	static const struct reading tijuana[] = {
		{ "2026-03-08T09:59:59Z", "2026-03-08 01:59:59 -08:00" },
		{ "2026-03-08T10:00:00Z", "2026-03-08 03:00:00 -07:00" },
		{ "2026-11-01T08:59:59Z", "2026-11-01 01:59:59 -07:00" },
		{ "2026-11-01T09:00:00Z", "2026-11-01 01:00:00 -08:00" },
		{ "2050-07-01T12:00:00Z", "2050-07-01 05:00:00 -07:00" },
		{ "2050-12-01T12:00:00Z", "2050-12-01 04:00:00 -08:00" },
	};
	CHECK_READINGS("America/Tijuana", tijuana);
	/* Ciudad Juárez went to standard time with the law and back to the border's on 30 November 2022. */
	static const struct reading juarez[] = {
		{ "2022-11-15T12:00:00Z", "2022-11-15 06:00:00 -06:00" },
		{ "2022-11-30T12:00:00Z", "2022-11-30 05:00:00 -07:00" },
		{ "2026-07-15T18:00:00Z", "2026-07-15 12:00:00 -06:00" },
		{ "2026-12-15T18:00:00Z", "2026-12-15 11:00:00 -07:00" },
	};
	CHECK_READINGS("America/Ciudad_Juarez", juarez);
	/* Quintana Roo is on its own, without summer time, since 2015. */
	static const struct reading cancun[] = { { "2026-07-15T18:00:00Z", "2026-07-15 13:00:00 -05:00" },
		{ "2026-12-15T18:00:00Z", "2026-12-15 13:00:00 -05:00" } };
	CHECK_READINGS("America/Cancun", cancun);
}

/* Directive 2000/84/EC: last Sundays of March and October at 01:00 UTC. After 2037 the footer decides. */
TEST(zone_madrid_changes_on_the_last_sundays)
{
	static const struct reading readings[] = {
		{ "2026-03-29T00:59:59Z", "2026-03-29 01:59:59 +01:00" },
		{ "2026-03-29T01:00:00Z", "2026-03-29 03:00:00 +02:00" },
		{ "2026-10-25T00:59:59Z", "2026-10-25 02:59:59 +02:00" },
		{ "2026-10-25T01:00:00Z", "2026-10-25 02:00:00 +01:00" },
		{ "2037-10-25T01:00:00Z", "2037-10-25 02:00:00 +01:00" },
		{ "2038-03-28T00:59:59Z", "2038-03-28 01:59:59 +01:00" },
		{ "2038-03-28T01:00:00Z", "2038-03-28 03:00:00 +02:00" },
		{ "2099-10-25T00:59:59Z", "2099-10-25 02:59:59 +02:00" },
		{ "2099-10-25T01:00:00Z", "2099-10-25 02:00:00 +01:00" },
		{ "2399-12-31T23:00:00Z", "2400-01-01 00:00:00 +01:00" },
		{ "1975-07-01T12:00:00Z", "1975-07-01 14:00:00 +02:00" },
		{ "1965-07-01T12:00:00Z", "1965-07-01 13:00:00 +01:00" },
	};
	CHECK_READINGS("Europe/Madrid", readings);
}

TEST(zone_instant_of_skipped_and_repeated_times)
{
	struct zone *z = load(t, "Europe/Madrid");
	if (!z) return;
	CHECK_STR(utc_of(t, z, "2026-03-29", 1, 59), "2026-03-29T00:59:00.000Z");
	CHECK_STR(utc_of(t, z, "2026-03-29", 2, 0), "2026-03-29T01:00:00.000Z");
	CHECK_STR(utc_of(t, z, "2026-03-29", 2, 30), "2026-03-29T01:00:00.000Z");
	CHECK_STR(utc_of(t, z, "2026-03-29", 3, 0), "2026-03-29T01:00:00.000Z");
	CHECK_STR(utc_of(t, z, "2026-03-29", 3, 1), "2026-03-29T01:01:00.000Z");
	CHECK_STR(utc_of(t, z, "2026-10-25", 2, 30), "2026-10-25T00:30:00.000Z");
	CHECK_STR(utc_of(t, z, "2026-10-25", 3, 0), "2026-10-25T02:00:00.000Z");
	CHECK_STR(utc_of(t, z, "2045-03-26", 2, 30), "2045-03-26T01:00:00.000Z");
	CHECK_STR(utc_of(t, z, "2045-10-29", 2, 30), "2045-10-29T00:30:00.000Z");
	z = load(t, "America/Mexico_City");
	if (!z) return;
	CHECK_STR(utc_of(t, z, "2022-10-30", 1, 30), "2022-10-30T06:30:00.000Z");
	CHECK_STR(utc_of(t, z, "2022-10-30", 2, 0), "2022-10-30T08:00:00.000Z");
	CHECK_STR(utc_of(t, z, "2026-04-05", 2, 30), "2026-04-05T08:30:00.000Z");
	CHECK_STR(utc_of(t, z, "2026-11-24", 24, 0), "2026-11-25T06:00:00.000Z");
}

static struct str start_of(struct test *t, const char *zone, const char *iso_date)
{
	struct zone *z = load(t, zone);
	struct date d;
	if (!z || !date_parse(str_of(iso_date), &d)) return STR("refused");
	return instant_iso(t->arena, zone_day_start(z, d));
}

TEST(zone_day_start_is_the_first_instant_of_the_day)
{
	CHECK_STR(start_of(t, "America/Mexico_City", "2026-11-24"), "2026-11-24T06:00:00.000Z");
	CHECK_STR(start_of(t, "Europe/Madrid", "2026-07-01"), "2026-06-30T22:00:00.000Z");
	/* Midnight skipped (the day begins at one), and midnight put back an hour. */
	CHECK_STR(start_of(t, "America/Sao_Paulo", "2018-11-04"), "2018-11-04T03:00:00.000Z");
	CHECK_STR(start_of(t, "America/Sao_Paulo", "2018-02-18"), "2018-02-18T03:00:00.000Z");
	/* One minute past midnight put back to 23:01: the day began before that. */
	CHECK_STR(start_of(t, "America/St_Johns", "2010-11-07"), "2010-11-07T02:30:00.000Z");
	/* Samoa had no 30 December 2011. */
	CHECK_STR(start_of(t, "Pacific/Apia", "2011-12-30"), "2011-12-30T10:00:00.000Z");
	CHECK_STR(start_of(t, "Pacific/Apia", "2011-12-31"), "2011-12-30T10:00:00.000Z");
}

TEST(zone_odd_rules_are_understood)
{
	/* Winter time as the exception (Ireland), a quarter of an hour (Chatham), negative and late hours. */
	static const struct reading dublin[] = { { "2060-01-15T12:00:00Z", "2060-01-15 12:00:00 +00:00" },
		{ "2060-07-15T12:00:00Z", "2060-07-15 13:00:00 +01:00" } };
	CHECK_READINGS("Europe/Dublin", dublin);
	static const struct reading chatham[] = { { "2060-01-15T12:00:00Z", "2060-01-16 01:45:00 +13:45" },
		{ "2060-07-15T12:00:00Z", "2060-07-16 00:45:00 +12:45" } };
	CHECK_READINGS("Pacific/Chatham", chatham);
	static const struct reading nuuk[] = { { "2060-03-28T00:59:59Z", "2060-03-27 22:59:59 -02:00" },
		{ "2060-03-28T01:00:00Z", "2060-03-28 00:00:00 -01:00" } };
	CHECK_READINGS("America/Nuuk", nuuk);
	static const struct reading utc[] = { { "2060-03-28T00:59:59Z", "2060-03-28 00:59:59 +00:00" } };
	CHECK_READINGS("UTC", utc);
}

TEST(zone_date_is_the_towns_day)
{
	struct zone *z = load(t, "America/Mexico_City");
	struct instant at;
	if (!z) return;
	CHECK(instant_parse(STR("2027-01-01T05:59:59.999Z"), &at));
	CHECK_STR(date_iso(t->arena, zone_date(z, at)), "2026-12-31");
	at.ms++;
	CHECK_STR(date_iso(t->arena, zone_date(z, at)), "2027-01-01");
	CHECK_STR(date_iso(t->arena, zone_date(z, (struct instant){ INT64_MIN })), "0001-01-01");
	CHECK_STR(zone_name(z), "America/Mexico_City");
}

TEST(zone_names_lead_nowhere_else)
{
	static const char *const names[] = { "", "/etc/localtime", "../../../etc/passwd", "America/../UTC",
		"America", "Nowhere/Land", "UTC\n", "a b", "tzdata.zi", "zone1970.tab", "posixrules\x01",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct zone *z = NULL;
		CHECK_ERR(zone_load(t->arena, str_of(names[i]), &z), ERR_INVALID);
		CHECK(z == NULL);
	}
	struct zone *z;
	CHECK_ERR(zone_load(t->arena, STR("UTC\0x"), &z), ERR_INVALID);
	CHECK_ERR(zone_load(t->arena, STR_NONE, &z), ERR_INVALID);
}
