/*
 * String views: comparing, searching, cutting and reading numbers, all without allocating. Copies and
 * formatting are in arena.c and buf.c, text in the sense of Unicode in utf8.c. Every function takes a view
 * whose pointer is NULL, and none hands NULL to the C library.
 */
#include "base/str.h"

struct str str_of(const char *cstr) { return cstr ? (struct str){ cstr, strlen(cstr) } : STR_NONE; }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool str_eq(struct str a, struct str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }

bool str_eq_ci(struct str a, struct str b)
{
	if (a.n != b.n) return false;
	for (size_t i = 0; i < a.n; i++) {
		if (lower(a.p[i]) != lower(b.p[i])) return false;
	}
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t shared = a.n < b.n ? a.n : b.n;
	int order = shared ? memcmp(a.p, b.p, shared) : 0;
	if (order != 0) return order < 0 ? -1 : 1;
	return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

bool str_starts_with(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_slice(s, 0, prefix.n), prefix);
}

bool str_ends_with(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_slice(s, s.n - suffix.n, s.n), suffix);
}

ptrdiff_t str_find(struct str s, struct str needle)
{
	if (needle.n == 0) return 0;
	if (s.n < needle.n) return -1;
	const char *at = memmem(s.p, s.n, needle.p, needle.n);
	return at ? at - s.p : -1;
}

ptrdiff_t str_find_char(struct str s, char c)
{
	if (s.n == 0) return -1;
	const char *at = memchr(s.p, c, s.n);
	return at ? at - s.p : -1;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.n) to = s.n;
	if (from > to) from = to;
	if (s.p == NULL) return s;
	return (struct str){ s.p + from, to - from };
}

struct str str_trim(struct str s)
{
	size_t from = 0, to = s.n;
	while (from < to && is_space(s.p[from]))
		from++;
	while (to > from && is_space(s.p[to - 1]))
		to--;
	return str_slice(s, from, to);
}

struct str str_cut(struct str *rest, char separator)
{
	struct str all = *rest;
	ptrdiff_t at = str_find_char(all, separator);
	if (at < 0) {
		*rest = STR_NONE;
		return all;
	}
	*rest = str_slice(all, (size_t)at + 1, all.n);
	return str_slice(all, 0, (size_t)at);
}

bool str_to_int64(struct str s, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	size_t i = negative ? 1 : 0;
	if (i == s.n) return false;

	int64_t value = 0;
	for (; i < s.n; i++) {
		char c = s.p[i];
		if (c < '0' || c > '9') return false;
		/* Towards the sign from the start, so that INT64_MIN is reached without passing INT64_MAX. */
		int64_t digit = negative ? '0' - c : c - '0';
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, digit, &value))
			return false;
	}
	if (value < min || value > max) return false;
	*ret = value;
	return true;
}

void str_put_digits(char *to, int width, int64_t n)
{
	for (int i = width - 1; i >= 0; i--, n /= 10)
		to[i] = (char)('0' + n % 10);
}

bool str_eq_secret(struct str a, struct str b)
{
	if (a.n != b.n) return false;
	/* volatile: the compiler must not turn this into a loop that leaves at the first difference. */
	volatile unsigned char difference = 0;
	for (size_t i = 0; i < a.n; i++)
		difference = (unsigned char)(difference | ((unsigned char)a.p[i] ^ (unsigned char)b.p[i]));
	return difference == 0;
}
