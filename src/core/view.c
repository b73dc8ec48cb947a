#include "core/view.h"
#include "web/assets.h"
#include "web/csrf.h"

struct err *view_finish(const struct view *view, struct html *ret)
{
	if (buf_overflowed(view->out))
		return ERR(view->arena, ERR_INTERNAL, NULL, "the page passes its bound of %zu bytes", view->out->max);
	*ret = html_of_generated(buf_str(view->out));
	return NULL;
}

void view_text(struct view *view, struct str s) { html_text(view->out, s); }

void view_cstr(struct view *view, const char *s) { html_text(view->out, str_of(s)); }

void view_int(struct view *view, int n) { buf_add_int(view->out, n); }

void view_long(struct view *view, int64_t n) { buf_add_int(view->out, n); }

void view_size(struct view *view, size_t n) { buf_add_int(view->out, (int64_t)n); }

void view_url(struct view *view, struct str s) { html_url(view->out, s); }

void view_url_cstr(struct view *view, const char *s) { html_url(view->out, str_of(s)); }

void view_url_part(struct view *view, struct str s) { html_url_part(view->out, s); }

void view_url_part_cstr(struct view *view, const char *s) { html_url_part(view->out, str_of(s)); }

void view_message(struct view *view, enum message m, const struct i18n_arg *args)
{
	i18n_write(view->out, view->lang, m, args, html_text);
}

void view_csrf(struct view *view)
{
	VIEW_MARKUP(view, "<input type=\"hidden\" name=\"" CSRF_FIELD "\" value=\"");
	html_text(view->out, view->csrf);
	VIEW_MARKUP(view, "\">");
}

void view_icon(struct view *view, struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
		if (!ok) return;
	}
	if (str_is_empty(name)) return;
	VIEW_MARKUP(view,
		"<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"" ASSET_ICONS_SVG "#i-");
	buf_add(view->out, name);
	VIEW_MARKUP(view, "\"/></svg>");
}

bool view_has_text(struct str s) { return s.n > 0; }

bool view_has_html(struct html h) { return h.markup.n > 0; }

bool view_has_date(struct date d) { return !date_is_none(d); }

bool view_has_instant(struct instant t) { return !instant_is_none(t); }

bool view_has_pointer(const void *p) { return p != NULL; }

struct str view_date(const struct view *view, struct i18n_space *s, enum i18n_form form, struct date d)
{
	return i18n_date_in(s, view->lang, d, form);
}

struct str view_instant_date(const struct view *view, struct i18n_space *s, enum i18n_form form,
	struct instant t)
{
	if (instant_is_none(t)) return STR("");
	return i18n_date_in(s, view->lang, zone_date(view->zone, t), form);
}

struct str view_iso_date(const struct view *view, struct i18n_space *s, struct date d)
{
	(void)view;
	return i18n_iso_date_in(s, d);
}

struct str view_iso(const struct view *view, struct i18n_space *s, struct instant t)
{
	return i18n_iso_in(s, view->zone, t);
}
