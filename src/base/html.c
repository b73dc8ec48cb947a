/*
 * Escaping for the three places where text enters a page: between tags and in quoted attributes, in URL
 * attributes, and inside a part of a URL. Which one applies is decided by tools/tpl2c, not by the caller.
 */
#include "base/html.h"

static struct str entity_of(char c)
{
	switch (c) {
	case '&': return STR("&amp;");
	case '<': return STR("&lt;");
	case '>': return STR("&gt;");
	case '"': return STR("&quot;");
	case '\'': return STR("&#39;");
	default: return STR_NONE;
	}
}

static bool is_special(char c) { return c == '&' || c == '<' || c == '>' || c == '"' || c == '\''; }

void html_text(struct buf *out, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_special(s.p[i])) continue;
		struct str entity = entity_of(s.p[i]);
		buf_add(out, str_slice(s, from, i));
		buf_add(out, entity);
		from = i + 1;
	}
	buf_add(out, str_slice(s, from, s.n));
}

/* Browsers drop tabs and line ends inside a URL, trim controls and spaces around it and read '\' as '/',
 * so "java\nscript:", " javascript:" and "/\host" are not what they look like: none of them passes. */
static bool url_is_safe(struct str s)
{
	size_t scheme = s.n;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= ' ' || c == 0x7f || c == '\\') return false;
		if (scheme == s.n && (c == ':' || c == '/' || c == '?' || c == '#')) scheme = i;
	}
	if (scheme == s.n || s.p[scheme] != ':') return !str_starts_with(s, STR("//"));

	static const struct str allowed[] = { { "http", 4 }, { "https", 5 }, { "mailto", 6 }, { "tel", 3 } };
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
		if (str_eq_ci(str_slice(s, 0, scheme), allowed[i])) return true;
	}
	return false;
}

void html_url(struct buf *out, struct str s) { html_text(out, url_is_safe(s) ? s : STR("#")); }

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		c == '.' || c == '_' || c == '~';
}

void html_url_part(struct buf *out, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (is_unreserved(s.p[i]))
			buf_add_char(out, s.p[i]);
		else
			buf_add(out, (struct str){ (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3 });
	}
}

void html_raw(struct buf *out, struct html h) { buf_add(out, h.markup); }

struct html html_of_generated(struct str markup) { return (struct html){ markup }; }
