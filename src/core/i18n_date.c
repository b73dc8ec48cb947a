/*
 * Dates in words, a table and a writer a language. A language is added by adding a row to `writers`.
 */
#include "core/i18n.h"

/* What the writers are given. */
struct day {
	int year, month, day; /* month and day from 1 */
	int weekday;          /* 0 = Monday */
};

static struct str print(struct i18n_space *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static struct str print(struct i18n_space *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(s->bytes, sizeof s->bytes, format, args);
	va_end(args);
	must(n >= 0 && (size_t)n < sizeof s->bytes);
	return (struct str){ s->bytes, (size_t)n };
}

static struct str write_es(struct i18n_space *s, struct day d, enum i18n_form form)
{
	static const char *const weekdays[] = { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado",
		"domingo" };
	static const char *const short_weekdays[] = { "lun", "mar", "mié", "jue", "vie", "sáb", "dom" };
	static const char *const months[] = { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
		"agosto", "septiembre", "octubre", "noviembre", "diciembre" };
	static const char *const short_months[] = { "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep",
		"oct", "nov", "dic" };
	const char *weekday = weekdays[d.weekday], *month = months[d.month - 1];
	const char *short_month = short_months[d.month - 1];
	switch (form) {
	case I18N_LONG: return print(s, "%s %d de %s de %d", weekday, d.day, month, d.year);
	case I18N_PLAIN: return print(s, "%d de %s de %d", d.day, month, d.year);
	case I18N_WEEKDAY: return print(s, "%s %d de %s", weekday, d.day, month);
	case I18N_SHORT: return print(s, "%d %s", d.day, short_month);
	case I18N_BRIEF: return print(s, "%s %d %s", short_weekdays[d.weekday], d.day, short_month);
	}
	return STR("");
}

static struct str write_en(struct i18n_space *s, struct day d, enum i18n_form form)
{
	static const char *const weekdays[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday" };
	static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December" };
	const char *weekday = weekdays[d.weekday], *month = months[d.month - 1];
	switch (form) {
	case I18N_LONG: return print(s, "%s %d %s %d", weekday, d.day, month, d.year);
	case I18N_PLAIN: return print(s, "%d %s %d", d.day, month, d.year);
	case I18N_WEEKDAY: return print(s, "%s %d %s", weekday, d.day, month);
	case I18N_SHORT: return print(s, "%d %.3s", d.day, month);
	case I18N_BRIEF: return print(s, "%.3s %d %.3s", weekday, d.day, month);
	}
	return STR("");
}

/* Basque joins the case ending to the number as it is spoken. A year ends in -eko after a consonant (bat,
 * bost, hamar, ehun) and in -ko after a vowel (bi, hogei, mila): 2025eko, 2026ko. */
static const char *year_ending_eu(int year)
{
	int last = year % 100;
	if (last == 0) return year % 1000 == 0 ? "ko" : "eko";
	int unit = last % 20;
	return unit == 1 || unit == 5 || unit == 10 || unit == 15 ? "eko" : "ko";
}

/* The day takes the article -a, which hamaika (11) and hogeita hamaika (31) already end in. */
static const char *day_ending_eu(int day) { return day == 11 || day == 31 ? "" : "a"; }

static struct str write_eu(struct i18n_space *s, struct day d, enum i18n_form form)
{
	static const char *const weekdays[] = { "astelehena", "asteartea", "asteazkena", "osteguna", "ostirala",
		"larunbata", "igandea" };
	static const char *const short_weekdays[] = { "al.", "ar.", "az.", "og.", "or.", "lr.", "ig." };
	static const char *const months[] = { "urtarrilaren", "otsailaren", "martxoaren", "apirilaren",
		"maiatzaren", "ekainaren", "uztailaren", "abuztuaren", "irailaren", "urriaren", "azaroaren",
		"abenduaren" };
	const char *weekday = weekdays[d.weekday], *month = months[d.month - 1];
	const char *year_end = year_ending_eu(d.year), *day_end = day_ending_eu(d.day);
	switch (form) {
	case I18N_LONG: return print(s, "%d%s %s %d%s, %s", d.year, year_end, month, d.day, day_end, weekday);
	case I18N_PLAIN: return print(s, "%d%s %s %d%s", d.year, year_end, month, d.day, day_end);
	case I18N_WEEKDAY: return print(s, "%s %d%s, %s", month, d.day, day_end, weekday);
	case I18N_SHORT: return print(s, "%.3s. %d", month, d.day);
	case I18N_BRIEF: return print(s, "%s %.3s. %d", short_weekdays[d.weekday], month, d.day);
	}
	return STR("");
}

typedef struct str write_fn(struct i18n_space *s, struct day d, enum i18n_form form);

static write_fn *writer_of(struct str lang)
{
	static const struct {
		struct str lang;
		write_fn *write;
	} writers[] = { { { "es", 2 }, write_es }, { { "en", 2 }, write_en }, { { "eu", 2 }, write_eu } };
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
		if (str_eq(lang, writers[i].lang)) return writers[i].write;
	return write_es;
}

struct str i18n_date_in(struct i18n_space *s, struct str lang, struct date d, enum i18n_form form)
{
	if (date_is_none(d)) return STR("");
	struct day day = { .weekday = date_weekday(d) };
	date_to_ymd(d, &day.year, &day.month, &day.day);
	return writer_of(lang)(s, day, form);
}

struct str i18n_datetime_in(struct i18n_space *s, struct str lang, const struct zone *z, struct instant t,
	enum i18n_form form)
{
	if (instant_is_none(t)) return STR("");
	struct clock_time c = zone_clock(z, t);
	struct i18n_space date;
	struct day day = { c.year, c.month, c.day, c.weekday };
	struct str words = writer_of(lang)(&date, day, form);
	return print(s, "%.*s, %d:%02d", STR_FMT(words), c.hour, c.minute);
}

struct str i18n_time_in(struct i18n_space *s, const struct zone *z, struct instant t)
{
	if (instant_is_none(t)) return STR("");
	struct clock_time c = zone_clock(z, t);
	return print(s, "%d:%02d", c.hour, c.minute);
}

struct str i18n_iso_date_in(struct i18n_space *s, struct date d)
{
	if (date_is_none(d)) return STR("");
	int year, month, day;
	date_to_ymd(d, &year, &month, &day);
	return print(s, "%04d-%02d-%02d", year, month, day);
}

struct str i18n_iso_in(struct i18n_space *s, const struct zone *z, struct instant t)
{
	if (instant_is_none(t)) return STR("");
	struct clock_time c = zone_clock(z, t);
	int minutes = (c.offset_s < 0 ? -c.offset_s : c.offset_s) / 60;
	return print(s, "%04d-%02d-%02dT%02d:%02d%c%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
		c.offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

struct str i18n_date(struct arena *a, struct str lang, struct date d, enum i18n_form form)
{
	struct i18n_space s;
	return arena_str(a, i18n_date_in(&s, lang, d, form));
}

struct str i18n_datetime(struct arena *a, struct str lang, const struct zone *z, struct instant t,
	enum i18n_form form)
{
	struct i18n_space s;
	return arena_str(a, i18n_datetime_in(&s, lang, z, t, form));
}

struct str i18n_time(struct arena *a, const struct zone *z, struct instant t)
{
	struct i18n_space s;
	return arena_str(a, i18n_time_in(&s, z, t));
}
