/* Percent-decoding. Encoding is base/html.h's html_url_part(). */
#include "base/utf8.h"
#include "web/percent.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	if (c >= 'A' && c <= 'F') return c - 'A' + 10;
	return -1;
}

bool percent_decode(struct arena *a, struct str s, bool plus_is_space, struct str *ret)
{
	struct str decoded = s;
	if (str_find_char(s, '%') >= 0 || (plus_is_space && str_find_char(s, '+') >= 0)) {
		char *p = arena_alloc(a, s.n + 1);
		size_t n = 0;
		for (size_t i = 0; i < s.n; i++) {
			char c = s.p[i];
			if (c == '+' && plus_is_space) {
				c = ' ';
			} else if (c == '%') {
				int high = s.n - i > 2 ? hex(s.p[i + 1]) : -1, low = s.n - i > 2 ? hex(s.p[i + 2]) : -1;
				if (high < 0 || low < 0) return false;
				c = (char)(high << 4 | low);
				i += 2;
			}
			p[n++] = c;
		}
		decoded = (struct str){ p, n };
	}
	if (!utf8_valid(decoded)) return false;
	*ret = decoded;
	return true;
}
