/*
 * UTF-8: the decoder and the checks are here; composition, decomposition and case come from libutf8proc.
 * Start at utf8_next(), which everything else reads through.
 */
#include <string.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"

enum {
	COMBINING_TILDE = 0x0303,
	/* What one code point may become: U+FDFA, three bytes, has the longest decomposition, 33 bytes. */
	DECOMPOSED_CODE_POINTS = 32,
	DECOMPOSED_PER_BYTE = 12,
};

/* The allowed bytes of RFC 3629, section 4: the range of the second byte depends on the first. */
static size_t sequence_length(struct str s, size_t pos)
{
	const unsigned char *p = (const unsigned char *)s.p + pos;
	size_t left = s.n - pos;
	if (p[0] < 0x80) return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4) return 0;
	size_t n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (left < n) return 0;
	unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
	if (p[1] < low || p[1] > high) return 0;
	for (size_t i = 2; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80) return 0;
	}
	return n;
}

int32_t utf8_next(struct str s, size_t *pos)
{
	if (*pos >= s.n) return -1;
	size_t n = sequence_length(s, *pos);
	const unsigned char *p = (const unsigned char *)s.p + *pos;
	*pos += n ? n : 1;
	switch (n) {
	case 1: return p[0];
	case 2: return (p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	case 3: return (p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	case 4: return (p[0] & 0x07) << 18 | (p[1] & 0x3f) << 12 | (p[2] & 0x3f) << 6 | (p[3] & 0x3f);
	default: return -1;
	}
}

size_t utf8_encode(int32_t code_point, char out[static 4])
{
	uint32_t c = (uint32_t)code_point;
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return 0;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (char)(first[n] | c);
	return n;
}

/* Whether the eight bytes at `pos` are ASCII and none of them is NUL: most of what is ever read. */
static bool is_eight_ascii(struct str s, size_t pos)
{
	uint64_t word;
	if (s.n - pos < sizeof(word)) return false;
	memcpy(&word, s.p + pos, sizeof(word));
	uint64_t zeros = (word - UINT64_C(0x0101010101010101)) & ~word;
	return ((word | zeros) & UINT64_C(0x8080808080808080)) == 0;
}

bool utf8_valid(struct str s)
{
	for (size_t pos = 0; pos < s.n;) {
		if (is_eight_ascii(s, pos)) {
			pos += 8;
			continue;
		}
		if (utf8_next(s, &pos) <= 0) return false;
	}
	return true;
}

static bool is_control(int32_t c) { return c < 0x20 || (c >= 0x7f && c <= 0x9f); }

/* They make a text read differently from what it says: "Trojan Source", CVE-2021-42574. */
static bool is_bidi_override(int32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Whether the eight bytes at `pos` are ASCII that stands for itself: no control among them. */
static bool is_eight_printable(struct str s, size_t pos)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word;
	if (s.n - pos < sizeof(word)) return false;
	memcpy(&word, s.p + pos, sizeof(word));
	uint64_t below = word - ones * 0x20, del = (word ^ ones * 0x7f) - ones;
	return ((word | below | del) & ones << 7) == 0;
}

bool utf8_is_plain(struct str s, bool multiline)
{
	for (size_t pos = 0; pos < s.n;) {
		if (is_eight_printable(s, pos)) {
			pos += 8;
			continue;
		}
		int32_t c = utf8_next(s, &pos);
		if (multiline && (c == '\n' || c == '\t')) continue;
		if (c < 0 || is_control(c) || is_bidi_override(c)) return false;
	}
	return true;
}

size_t utf8_length(struct str s)
{
	size_t count = 0;
	for (size_t pos = 0; pos < s.n;) {
		size_t step = is_eight_ascii(s, pos) ? 8 : 1;
		count += step;
		if (step == 8)
			pos += 8;
		else
			utf8_next(s, &pos);
	}
	return count;
}

struct str utf8_cut(struct str s, size_t max)
{
	size_t pos = 0;
	for (size_t count = 0; count < max && pos < s.n; count++)
		utf8_next(s, &pos);
	return str_slice(s, 0, pos);
}

static void release(void *text) { free(text); }

/* No character below U+0300 composes with another or is taken apart by NFC: their first bytes lie below 0xcc. */
static bool is_plainly_nfc(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0xcc) return false;
	}
	return true;
}

struct str utf8_nfc(struct arena *a, struct str s)
{
	if (is_plainly_nfc(s)) return arena_str(a, s);
	utf8proc_uint8_t *composed = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &composed,
		UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	must(n >= 0);
	arena_defer(a, release, composed); /* NUL-terminated by the library */
	return (struct str){ (const char *)composed, (size_t)n };
}

static bool is_mark(utf8proc_category_t category)
{
	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
		category == UTF8PROC_CATEGORY_ME;
}

static bool is_letter_or_digit(utf8proc_category_t category)
{
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
		(category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static void add_code_point(struct buf *out, int32_t c)
{
	char bytes[4];
	buf_add(out, (struct str){ bytes, utf8_encode(c, bytes) });
}

/* One code point taken apart: compatibility forms resolved, lower case, marks apart. How many. */
static size_t take_apart(int32_t c, utf8proc_int32_t parts[static DECOMPOSED_CODE_POINTS])
{
	int boundary = UTF8PROC_BOUNDCLASS_START;
	utf8proc_ssize_t n = utf8proc_decompose_char(c, parts, DECOMPOSED_CODE_POINTS,
		UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, &boundary);
	must(n >= 0 && n <= DECOMPOSED_CODE_POINTS);
	return (size_t)n;
}

static bool is_ascii_letter_or_digit(int32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct str utf8_search_fold(struct arena *a, struct str s)
{
	struct buf out = buf_new(a, s.n * DECOMPOSED_PER_BYTE);
	bool space_due = false;
	for (size_t pos = 0; pos < s.n;) {
		utf8proc_int32_t parts[DECOMPOSED_CODE_POINTS];
		int32_t c = utf8_next(s, &pos);
		if (is_ascii_letter_or_digit(c)) {
			if (space_due) buf_add_char(&out, ' ');
			space_due = false;
			buf_add_char(&out, (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
			continue;
		}
		size_t n = take_apart(c < 0 ? ' ' : c, parts);
		for (size_t i = 0; i < n; i++) {
			utf8proc_category_t category = utf8proc_category(parts[i]);
			if (is_mark(category)) continue;
			if (!is_letter_or_digit(category)) {
				space_due = out.n > 0;
				continue;
			}
			if (space_due) buf_add_char(&out, ' ');
			space_due = false;
			add_code_point(&out, parts[i]);
		}
	}
	return buf_str(&out);
}

struct str utf8_sort_key(struct arena *a, struct str s)
{
	struct buf out = buf_new(a, s.n * DECOMPOSED_PER_BYTE);
	bool after_n = false; /* and after other marks on it, in whatever order they come */
	for (size_t pos = 0; pos < s.n;) {
		utf8proc_int32_t parts[DECOMPOSED_CODE_POINTS];
		int32_t c = utf8_next(s, &pos);
		size_t n = take_apart(c < 0 ? ' ' : c, parts);
		for (size_t i = 0; i < n; i++) {
			if (!is_mark(utf8proc_category(parts[i]))) {
				add_code_point(&out, parts[i]);
				after_n = parts[i] == 'n';
			} else if (after_n && parts[i] == COMBINING_TILDE) {
				buf_add_char(&out, '~'); /* above every ASCII letter: "nz" < "n~" < "o" */
				after_n = false;
			}
		}
	}
	return buf_str(&out);
}
