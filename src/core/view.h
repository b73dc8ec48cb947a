/*
 * What generated templates run on. Handlers make a `struct view`, call the template's function and take the
 * page with view_finish(); everything else here is called by the C that tools/tpl2c writes (its README is
 * the templates' manual). Which macro escapes a value was decided there, by context; a value of a type that
 * has no association in these macros is a compile error at the template's line.
 */
#pragma once
#include "base/html.h"
#include "base/zone.h"
#include "core/i18n.h"
#include "core/look.h"

struct view {
	struct buf *out; /* where the page grows; its bound is the page's */
	struct arena *arena;
	struct str lang;             /* "es", "en", "eu" */
	const struct zone *zone;     /* the municipality's */
	const struct locale *locale; /* the municipality's */
	struct str csrf;             /* token for this browser's forms */
	const struct page_look *look;
};

/* What was written. A page that passed the builder's bound is ERR_INTERNAL. */
MUST_USE struct err *view_finish(const struct view *view, struct html *ret);

/* --- for generated code ----------------------------------------------------------------------------------- */

#define VIEW_MARKUP(view, literal) buf_add((view)->out, STR(literal))

/* {{v.x}} between tags and inside a quoted attribute. */
#define VIEW_TEXT(view, x)                                                                                   \
	_Generic((x),                                                                                          \
		struct str: view_text,                                                                             \
		const char *: view_cstr,                                                                           \
		char *: view_cstr,                                                                                 \
		int: view_int,                                                                                     \
		long: view_long,                                                                                   \
		long long: view_long,                                                                              \
		unsigned long: view_size)((view), (x))
void view_text(struct view *view, struct str s);
void view_cstr(struct view *view, const char *s);
void view_int(struct view *view, int n);
void view_long(struct view *view, int64_t n);
void view_size(struct view *view, size_t n);

/* A whole address: what is not http:, https:, mailto:, tel:, a path or a fragment becomes "#". */
#define VIEW_URL(view, x) _Generic((x), struct str : view_url, const char * : view_url_cstr)((view), (x))
void view_url(struct view *view, struct str s);
void view_url_cstr(struct view *view, const char *s);
/* One part of an address, percent-encoded. */
#define VIEW_URL_PART(view, x)                                                                               \
	_Generic((x),                                                                                          \
		struct str: view_url_part,                                                                         \
		const char *: view_url_part_cstr,                                                                  \
		char *: view_url_part_cstr,                                                                        \
		int: view_int,                                                                                     \
		long: view_long,                                                                                   \
		long long: view_long,                                                                              \
		unsigned long: view_size)((view), (x))
void view_url_part(struct view *view, struct str s);
void view_url_part_cstr(struct view *view, const char *s);

/* {{t …}}; `args` ends with { 0 }, or is NULL. */
void view_message(struct view *view, enum message m, const struct i18n_arg *args);
void view_csrf(struct view *view);

#define VIEW_ICON(view, address)                                                                             \
	VIEW_MARKUP((view),                                                                                      \
		"<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"" address "\"/></svg>")
/* An icon whose name is data; a name that is none of icons.svg leaves a gap, a wrong one nothing. */
void view_icon(struct view *view, struct str name);

/* v.x? : is there anything to show? */
#define VIEW_HAS(x)                                                                                          \
	_Generic((x), struct str                                                                                 \
			 : view_has_text, struct html                                                                    \
			 : view_has_html, struct date                                                                    \
			 : view_has_date, struct instant                                                                 \
			 : view_has_instant, default                                                                     \
			 : view_has_pointer)(x)
bool view_has_text(struct str s);
bool view_has_html(struct html h);
bool view_has_date(struct date d);
bool view_has_instant(struct instant t);
bool view_has_pointer(const void *p);

/* A struct, or a pointer to one, as a pointer: for {{call}} and {{layout}}. */
#define VIEW_POINTER(type, x) _Generic((x), type : &(x), type * : (x), const type * : (x))

/* Formatted values, each a struct str in a space of the calling block. */
#define VIEW_SPACE (&(struct i18n_space){ { 0 } })
#define VIEW_DATE(view, form, x)                                                                             \
	_Generic((x), struct date                                                                                \
			 : view_date, struct instant                                                                     \
			 : view_instant_date)((view), VIEW_SPACE, (form), (x))
#define VIEW_DATETIME(view, form, x) i18n_datetime_in(VIEW_SPACE, (view)->lang, (view)->zone, (x), (form))
#define VIEW_TIME(view, x) i18n_time_in(VIEW_SPACE, (view)->zone, (x))
#define VIEW_ISO(view, x)                                                                                    \
	_Generic((x), struct date : view_iso_date, struct instant : view_iso)((view), VIEW_SPACE, (x))
#define VIEW_MONEY(view, x) i18n_money_in(VIEW_SPACE, (view)->locale, (x))
#define VIEW_NUMBER(view, x) i18n_number_in(VIEW_SPACE, (view)->locale, (int64_t)(x))
struct str view_date(const struct view *view, struct i18n_space *s, enum i18n_form form, struct date d);
struct str view_instant_date(const struct view *view, struct i18n_space *s, enum i18n_form form,
	struct instant t);
struct str view_iso_date(const struct view *view, struct i18n_space *s, struct date d);
struct str view_iso(const struct view *view, struct i18n_space *s, struct instant t);
