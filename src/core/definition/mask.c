/* Masks: one pass per alternative. ASCII letters and digits only; identifiers have no others. */
#include "core/definition/mask.h"
#include "base/buf.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_place(char m) { return m == '9' || m == 'A' || m == 'X'; }
static bool fits(char m, char c)
{
	if (m == '9') return is_digit(c);
	if (m == 'A') return is_letter(c);
	return is_digit(c) || is_letter(c);
}

bool mask_is_good(struct str mask)
{
	if (mask.n == 0 || mask.n > MASK_MAX) return false;
	struct str rest = mask;
	while (!str_is_none(rest)) {
		struct str one = str_cut(&rest, '|');
		bool has_place = false;
		for (size_t i = 0; i < one.n; i++)
			has_place = has_place || is_place(one.p[i]);
		if (!has_place) return false;
	}
	return true;
}

static bool matches_one(struct str mask, struct str text)
{
	if (mask.n != text.n) return false;
	for (size_t i = 0; i < mask.n; i++)
		if (is_place(mask.p[i]) ? !fits(mask.p[i], text.p[i]) : mask.p[i] != text.p[i]) return false;
	return true;
}

bool mask_matches(struct str mask, struct str text)
{
	struct str rest = mask;
	while (!str_is_none(rest))
		if (matches_one(str_cut(&rest, '|'), text)) return true;
	return false;
}

/* Separators of the mask may be missing or be a space or hyphen in the text. */
static bool canonical_one(struct str mask, struct str text, struct buf *out)
{
	size_t at = 0;
	for (size_t i = 0; i < mask.n; i++) {
		char m = mask.p[i];
		if (is_place(m)) {
			if (at == text.n || !fits(m, text.p[at])) return false;
			char c = text.p[at++];
			buf_add_char(out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
			continue;
		}
		if (at < text.n && (text.p[at] == m || text.p[at] == ' ' || text.p[at] == '-')) at++;
		buf_add_char(out, m);
	}
	return at == text.n;
}

bool mask_canonical(struct arena *a, struct str mask, struct str text, struct str *ret)
{
	struct str rest = mask, trimmed = str_trim(text);
	while (!str_is_none(rest)) {
		struct buf out = buf_new(a, MASK_MAX);
		if (!canonical_one(str_cut(&rest, '|'), trimmed, &out)) continue;
		*ret = buf_str(&out);
		return true;
	}
	return false;
}

struct str mask_example(struct arena *a, struct str mask)
{
	struct buf out = buf_new(a, MASK_MAX);
	struct str rest = mask, one = str_cut(&rest, '|');
	int digits = 0, letters = 0;
	for (size_t i = 0; i < one.n; i++) {
		if (one.p[i] == 'A')
			buf_add_char(&out, (char)('A' + letters++ % 26));
		else if (is_place(one.p[i]))
			buf_add_char(&out, (char)('0' + ++digits % 10));
		else
			buf_add_char(&out, one.p[i]);
	}
	return buf_str(&out);
}
