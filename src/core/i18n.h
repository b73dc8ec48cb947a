/*
 * Texts, dates, numbers and money in the reader's language.
 *
 * Texts come from the .po catalogues beside the code; there is one constant a key (case.title →
 * MSG_CASE_TITLE, in "i18n/case.h"), so a key that does not exist does not compile. Placeholders are written {name}. Languages
 * are named by their code ("es", "en", "eu"); one that is not spoken here, or a text that is not translated,
 * falls back to Spanish. Each formatter exists twice: into an arena, and (…_in) into a space that the
 * caller has on its stack, which is what templates use.
 */
#pragma once
#include "base/buf.h"
#include "base/html.h"
#include "base/instant.h"
#include "base/money.h"
#include "base/zone.h"
#include "core/locale.h"
#include "core/i18n_table.h"

/* --- texts ---------------------------------------------------------------------------------------------- */

struct i18n_arg {
	const char *name; /* NULL ends the list */
	bool is_number;
	struct str text;
	int64_t number;
};
/* A value for a placeholder: I18N_ARG("n", count). Texts (struct str, C string) and whole numbers. */
#define I18N_ARG(field, value)                                                                               \
	_Generic((value),                                                                                      \
		struct str: i18n_arg_text,                                                                         \
		const char *: i18n_arg_cstr,                                                                       \
		char *: i18n_arg_cstr,                                                                             \
		int: i18n_arg_int,                                                                                 \
		long: i18n_arg_number,                                                                             \
		long long: i18n_arg_number,                                                                        \
		unsigned long: i18n_arg_size)((field), (value))
struct i18n_arg i18n_arg_text(const char *name, struct str s);
struct i18n_arg i18n_arg_cstr(const char *name, const char *s);
struct i18n_arg i18n_arg_int(const char *name, int n);
struct i18n_arg i18n_arg_number(const char *name, int64_t n);
struct i18n_arg i18n_arg_size(const char *name, size_t n);

/* The text as it is, placeholders included; of a plural the first form. Never none. */
struct str i18n_text(struct str lang, enum message m);
struct str i18n_plural(struct str lang, enum message m, int64_t n);
/* The text with its values; the form of a plural is chosen by the number called "n". `args` ends with { 0 };
 * NULL is none. */
struct str i18n_format(struct arena *a, struct str lang, enum message m, const struct i18n_arg *args);
/* The same into a builder, through `put` (buf_add, html_text). */
void i18n_write(struct buf *out, struct str lang, enum message m, const struct i18n_arg *args,
	void (*put)(struct buf *out, struct str s));
/* The message of a key that is known only at run time, such as an error's. */
bool i18n_find(struct str key, enum message *ret);
struct str i18n_key(enum message m);
/* "es" for a language that is not spoken here. */
struct str i18n_language(struct str lang);

/* --- dates, numbers, money -------------------------------------------------------------------------------- */

/* In Spanish of Tuesday 24 November 2026:                                                             */
enum i18n_form {
	I18N_LONG,    /* martes 24 de noviembre de 2026 */
	I18N_PLAIN,   /* 24 de noviembre de 2026 */
	I18N_WEEKDAY, /* martes 24 de noviembre */
	I18N_SHORT,   /* 24 nov */
	I18N_BRIEF,   /* mar 24 nov */
};
struct i18n_space {
	char bytes[128];
};

/* None gives "". */
struct str i18n_date(struct arena *a, struct str lang, struct date d, enum i18n_form form);
/* The date in that form, a comma and the time: "24 nov, 10:42". */
struct str i18n_datetime(struct arena *a, struct str lang, const struct zone *z, struct instant t,
	enum i18n_form form);
struct str i18n_time(struct arena *a, const struct zone *z, struct instant t); /* 9:05, 15:30 */
struct str i18n_number(struct arena *a, const struct locale *l, int64_t n);    /* 1,234 */
/* Symbol and amount are joined by a no-break space, and a negative amount bears U+2212. */
struct str i18n_money(struct arena *a, const struct locale *l, struct money m);

struct str i18n_date_in(struct i18n_space *s, struct str lang, struct date d, enum i18n_form form);
struct str i18n_datetime_in(struct i18n_space *s, struct str lang, const struct zone *z, struct instant t,
	enum i18n_form form);
struct str i18n_time_in(struct i18n_space *s, const struct zone *z, struct instant t);
struct str i18n_number_in(struct i18n_space *s, const struct locale *l, int64_t n);
struct str i18n_money_in(struct i18n_space *s, const struct locale *l, struct money m);
/* For datetime="…": 2026-11-24 and 2026-11-24T10:42-06:00. */
struct str i18n_iso_date_in(struct i18n_space *s, struct date d);
struct str i18n_iso_in(struct i18n_space *s, const struct zone *z, struct instant t);
