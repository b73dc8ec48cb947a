/* Telephones (E.164) and mail addresses (the part of RFC 5321 that mail really uses). */
#include "core/identity/identity.h"
#include "base/buf.h"

enum { PHONE_MIN = 8, PHONE_MAX = 15, MAIL_LOCAL_MAX = 64, MAIL_MAX = 254, LABEL_MAX = 63 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool phone_canonical(struct arena *a, struct str typed, struct str prefix, int digits, struct str *ret)
{
	char number[PHONE_MAX + 3];
	int n = 0;
	bool international = false;
	struct str s = str_trim(typed);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '+' && i == 0) {
			international = true;
			continue;
		}
		if (c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/') continue;
		if (!is_digit(c) || n == PHONE_MAX + 2) return false;
		number[n++] = c;
	}
	int skip = 0;
	if (!international && n > 2 && number[0] == '0' && number[1] == '0') {
		international = true;
		skip = 2;
	}
	if (international) {
		if (n - skip < PHONE_MIN || n - skip > PHONE_MAX || number[skip] == '0') return false;
		*ret = arena_printf(a, "+%.*s", n - skip, number + skip);
		return true;
	}
	if (n != digits || n == 0) return false;
	*ret = arena_printf(a, "%.*s%.*s", STR_FMT(prefix), n, number);
	return true;
}

static bool mail_local_is_good(struct str s)
{
	static const char others[] = "!#$%&'*+-/=?^_`{|}~.";
	if (s.n == 0 || s.n > MAIL_LOCAL_MAX || s.p[0] == '.' || s.p[s.n - 1] == '.') return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!is_alnum(c) && (c == '\0' || !strchr(others, c))) return false;
		if (c == '.' && s.p[i - 1] == '.') return false;
	}
	return true;
}

static bool mail_domain_is_good(struct str s)
{
	int labels = 0;
	bool last_has_letter = false;
	struct str rest = s;
	while (!str_is_none(rest)) {
		struct str label = str_cut(&rest, '.');
		if (label.n == 0 || label.n > LABEL_MAX || label.p[0] == '-' || label.p[label.n - 1] == '-')
			return false;
		last_has_letter = false;
		for (size_t i = 0; i < label.n; i++) {
			if (!is_alnum(label.p[i]) && label.p[i] != '-') return false;
			if (!is_digit(label.p[i])) last_has_letter = true;
		}
		labels++;
	}
	return labels >= 2 && last_has_letter;
}

bool mail_canonical(struct arena *a, struct str typed, struct str *ret)
{
	struct str s = str_trim(typed);
	ptrdiff_t at = str_find_char(s, '@');
	if (at <= 0 || s.n > MAIL_MAX) return false;
	struct str local = str_slice(s, 0, (size_t)at), domain = str_slice(s, (size_t)at + 1, s.n);
	if (!mail_local_is_good(local) || domain.n == 0 || !mail_domain_is_good(domain)) return false;
	struct buf out = buf_new(a, MAIL_MAX + 1);
	buf_add(&out, local);
	buf_add_char(&out, '@');
	for (size_t i = 0; i < domain.n; i++) {
		char c = domain.p[i];
		buf_add_char(&out, c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c);
	}
	*ret = buf_str(&out);
	return true;
}
