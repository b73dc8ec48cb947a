/* Texts, dates, numbers and money, against vectors in each language and way of writing. */
#include "base/testing.h"
#include "core/i18n.h"
#include "i18n/core.h"

static struct date ymd(int year, int month, int day)
{
	struct date d = DATE_NONE;
	must(date_of_ymd(year, month, day, &d));
	return d;
}

TEST(i18n_dates_in_every_form)
{
	static const struct {
		const char *lang;
		enum i18n_form form;
		const char *text;
	} cases[] = {
		{ "es", I18N_LONG, "martes 24 de noviembre de 2026" },
		{ "es", I18N_PLAIN, "24 de noviembre de 2026" },
		{ "es", I18N_WEEKDAY, "martes 24 de noviembre" },
		{ "es", I18N_SHORT, "24 nov" },
		{ "es", I18N_BRIEF, "mar 24 nov" },
		{ "en", I18N_LONG, "Tuesday 24 November 2026" },
		{ "en", I18N_PLAIN, "24 November 2026" },
		{ "en", I18N_WEEKDAY, "Tuesday 24 November" },
		{ "en", I18N_SHORT, "24 Nov" },
		{ "en", I18N_BRIEF, "Tue 24 Nov" },
		{ "eu", I18N_LONG, "2026ko azaroaren 24a, asteartea" },
		{ "eu", I18N_PLAIN, "2026ko azaroaren 24a" },
		{ "eu", I18N_WEEKDAY, "azaroaren 24a, asteartea" },
		{ "eu", I18N_SHORT, "aza. 24" },
		{ "eu", I18N_BRIEF, "ar. aza. 24" },
		{ "fr", I18N_SHORT, "24 nov" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_STR(i18n_date(t->arena, str_of(cases[i].lang), ymd(2026, 11, 24), cases[i].form),
			cases[i].text);
	CHECK_STR(i18n_date(t->arena, STR("es"), DATE_NONE, I18N_LONG), "");
	CHECK_STR(i18n_date(t->arena, STR("es"), ymd(2026, 12, 2), I18N_BRIEF), "mié 2 dic");
}

/* Euskaltzaindia, rule 37 on writing dates: the ending follows the sound of the spoken number. */
TEST(i18n_basque_endings)
{
	static const struct {
		int year;
		const char *text;
	} years[] = { { 1900, "1900eko" }, { 1985, "1985eko" }, { 1999, "1999ko" }, { 2000, "2000ko" },
		{ 2001, "2001eko" }, { 2005, "2005eko" }, { 2010, "2010eko" }, { 2011, "2011ko" },
		{ 2015, "2015eko" }, { 2020, "2020ko" }, { 2021, "2021eko" }, { 2024, "2024ko" }, { 2025, "2025eko" },
		{ 2026, "2026ko" }, { 2030, "2030eko" }, { 2031, "2031ko" }, { 2100, "2100eko" } };
	for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
		struct str date = i18n_date(t->arena, STR("eu"), ymd(years[i].year, 1, 5), I18N_PLAIN);
		if (!str_starts_with(date, str_of(years[i].text)))
			test_fail(t, __FILE__, __LINE__, "%.*s, not %s", STR_FMT(date), years[i].text);
	}
	CHECK_STR(i18n_date(t->arena, STR("eu"), ymd(2026, 5, 11), I18N_PLAIN), "2026ko maiatzaren 11");
	CHECK_STR(i18n_date(t->arena, STR("eu"), ymd(2026, 12, 31), I18N_PLAIN), "2026ko abenduaren 31");
	CHECK_STR(i18n_date(t->arena, STR("eu"), ymd(2026, 12, 21), I18N_PLAIN), "2026ko abenduaren 21a");
}

TEST(i18n_every_day_of_a_year_fits)
{
	static const char *const langs[] = { "es", "en", "eu" };
	for (size_t l = 0; l < 3; l++)
		for (int day = 0; day < 366; day++) {
			struct str s = i18n_date(t->arena, str_of(langs[l]), date_add_days(ymd(2028, 1, 1), day),
				I18N_LONG);
			CHECK(s.n > 15 && s.n < 60);
		}
	CHECK_STR(i18n_date(t->arena, STR("es"), ymd(9999, 9, 22), I18N_LONG),
		"miércoles 22 de septiembre de 9999");
}

TEST(i18n_instants_use_the_zone)
{
	struct zone *leon, *barakaldo;
	CHECK_OK(zone_load(t->arena, STR("America/Mexico_City"), &leon));
	CHECK_OK(zone_load(t->arena, STR("Europe/Madrid"), &barakaldo));
	struct instant at;
	CHECK(instant_parse(STR("2026-11-24T23:05:00Z"), &at));
	CHECK_STR(i18n_datetime(t->arena, STR("es"), leon, at, I18N_SHORT), "24 nov, 17:05");
	CHECK_STR(i18n_datetime(t->arena, STR("es"), leon, at, I18N_LONG),
		"martes 24 de noviembre de 2026, 17:05");
	CHECK_STR(i18n_datetime(t->arena, STR("eu"), barakaldo, at, I18N_LONG),
		"2026ko azaroaren 25a, asteazkena, 0:05");
	CHECK_STR(i18n_datetime(t->arena, STR("en"), barakaldo, at, I18N_SHORT), "25 Nov, 0:05");
	CHECK_STR(i18n_time(t->arena, leon, at), "17:05");
	CHECK_STR(i18n_time(t->arena, leon, INSTANT_NONE), "");
	struct i18n_space s;
	CHECK_STR(i18n_iso_in(&s, leon, at), "2026-11-24T17:05-06:00");
	CHECK_STR(i18n_iso_in(&s, barakaldo, at), "2026-11-25T00:05+01:00");
	CHECK_STR(i18n_iso_date_in(&s, ymd(2026, 2, 3)), "2026-02-03");
}

/* NBSP U+00A0 between symbol and amount, U+2212 for minus. */
TEST(i18n_numbers_follow_the_municipality)
{
	struct locale mx, es, eu;
	CHECK(locale_find(STR("es-MX"), &mx) && locale_find(STR("es-ES"), &es) && locale_find(STR("eu-ES"), &eu));
	CHECK(!locale_find(STR("xx-XX"), &mx));
	struct arena *a = t->arena;
	CHECK_STR(i18n_money(a, &mx, money_of_cents(123400)),
		"$\xC2\xA0"
		"1,234.00");
	CHECK_STR(i18n_money(a, &es, money_of_cents(123400)), "1.234,00\xC2\xA0€");
	CHECK_STR(i18n_money(a, &eu, money_of_cents(123456789)), "1.234.567,89\xC2\xA0€");
	CHECK_STR(i18n_money(a, &mx, money_of_cents(5)),
		"$\xC2\xA0"
		"0.05");
	CHECK_STR(i18n_money(a, &mx, money_of_cents(-41200)),
		"−$\xC2\xA0"
		"412.00");
	CHECK_STR(i18n_money(a, &es, money_of_cents(-7)), "−0,07\xC2\xA0€");
	CHECK_STR(i18n_money(a, &mx, money_of_cents(INT64_MIN)),
		"−$\xC2\xA0"
		"92,233,720,368,547,758.08");
	CHECK_STR(i18n_number(a, &mx, 999), "999");
	CHECK_STR(i18n_number(a, &mx, 1000), "1,000");
	CHECK_STR(i18n_number(a, &es, 1234567), "1.234.567");
	CHECK_STR(i18n_number(a, &mx, -1000), "−1,000");
	CHECK_STR(i18n_number(a, &es, INT64_MIN), "−9.223.372.036.854.775.808");
}

TEST(i18n_texts)
{
	struct arena *a = t->arena;
	CHECK_STR(i18n_text(STR("es"), MSG_CORE_SKIP), "Ir al contenido");
	CHECK_STR(i18n_text(STR("eu"), MSG_CORE_SKIP), "Edukira joan");
	CHECK_STR(i18n_text(STR("xx"), MSG_CORE_SKIP), "Ir al contenido");
	CHECK_STR(i18n_text(STR_NONE, MSG_CORE_SKIP), "Ir al contenido");
	CHECK_STR(i18n_language(STR("eu")), "eu");
	CHECK_STR(i18n_language(STR("de")), "es");
	const struct i18n_arg one[] = { I18N_ARG("n", 1), { 0 } }, two[] = { I18N_ARG("n", (size_t)2), { 0 } };
	CHECK_STR(i18n_format(a, STR("es"), MSG_CORE_FORM_ERRORS, one), "Falta corregir 1 cosa para seguir");
	CHECK_STR(i18n_format(a, STR("es"), MSG_CORE_FORM_ERRORS, two), "Falta corregir 2 cosas para seguir");
	CHECK_STR(i18n_format(a, STR("en"), MSG_CORE_FORM_ERRORS, one),
		"There is 1 thing to correct before you go on");
	CHECK_STR(i18n_plural(STR("en"), MSG_CORE_DEADLINE_WORKING, 1), "working day");
	CHECK_STR(i18n_plural(STR("en"), MSG_CORE_DEADLINE_WORKING, -3), "working days");
	CHECK_STR(i18n_plural(STR("en"), MSG_CORE_SKIP, 3), "Skip to content");
	const struct i18n_arg title[] = { I18N_ARG("title", "a {town}"), I18N_ARG("town", STR("b")), { 0 } };
	/* A value is not read again for placeholders. */
	CHECK_STR(i18n_format(a, STR("es"), MSG_CORE_PAGE_TITLE, title), "a {town} · b");
	CHECK_STR(i18n_format(a, STR("es"), MSG_CORE_PAGE_TITLE, NULL), " · ");
}

TEST(i18n_keys)
{
	enum message m;
	size_t found = 0;
	for (size_t f = 0; f < i18n_family_count; f++)
		for (size_t i = 0; i < i18n_families[f].count; i++) {
			struct str key = i18n_keys[i18n_families[f].first + i];
			CHECK(i18n_find(key, &m));
			CHECK_STR(i18n_key(m), key.p);
			found++;
		}
	CHECK(found > 500);
	CHECK(!i18n_find(STR("no.such.key"), &m));
	CHECK(!i18n_find(STR(""), &m));
	CHECK(!i18n_find(STR_NONE, &m));
	CHECK(!i18n_find(STR("core.ski"), &m));
	CHECK(!i18n_find(STR("core.skipp"), &m));
}
