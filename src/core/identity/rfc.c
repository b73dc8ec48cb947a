/*
 * RFC, the Mexican tax key: 3 letters (company) or 4 (person), a date, 2 characters that tell namesakes apart
 * (homoclave) and a check digit. Letters may be Ñ and &, so this file works on code points.
 */
#include "core/identity/identity.h"
#include "base/instant.h"
#include "base/utf8.h"

enum { LETTER_ENYE = 0xD1, RFC_COMPANY = 12, RFC_PERSON = 13 };

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_upper(int32_t c) { return c >= 'A' && c <= 'Z'; }
static bool is_letter(int32_t c) { return is_upper(c) || c == '&' || c == LETTER_ENYE; }

/* The code points, or 0 when there are more than 13. */
static int rfc_split(struct str s, int32_t ret[static RFC_PERSON])
{
	size_t at = 0;
	int n = 0;
	while (at < s.n) {
		int32_t c = utf8_next(s, &at);
		if (n == RFC_PERSON) return 0;
		ret[n++] = c;
	}
	return n;
}

/* Place in 0–9, A–N, &, O–Z, space, Ñ. */
static int rfc_value(int32_t c)
{
	if (is_digit(c)) return c - '0';
	if (c == '&') return 24;
	if (c == ' ') return 37;
	if (c == LETTER_ENYE) return 38;
	return c - 'A' + 10 + (c > 'N' ? 1 : 0);
}

static bool rfc_has_shape(const int32_t *c, int n)
{
	if (n != RFC_COMPANY && n != RFC_PERSON) return false;
	int letters = n - 9;
	for (int i = 0; i < letters; i++)
		if (!is_letter(c[i])) return false;
	for (int i = letters; i < letters + 6; i++)
		if (!is_digit(c[i])) return false;
	for (int i = letters + 6; i < n; i++)
		if (!is_digit(c[i]) && !is_upper(c[i])) return false;
	return is_digit(c[n - 1]) || c[n - 1] == 'A';
}

static bool rfc_date_exists(const int32_t *c)
{
	int year = (int)((c[0] - '0') * 10 + c[1] - '0'), month = (int)((c[2] - '0') * 10 + c[3] - '0');
	int day = (int)((c[4] - '0') * 10 + c[5] - '0');
	struct date d;
	/* Two digits of year: 29 February is let through when either century has it. */
	return date_of_ymd(2000 + year, month, day, &d) || date_of_ymd(1900 + year, month, day, &d);
}

enum identity_result rfc_check(struct str canonical)
{
	int32_t c[RFC_PERSON] = { 0 };
	int n = rfc_split(canonical, c);
	if (!rfc_has_shape(c, n)) return IDENTITY_SHAPE;
	if (!rfc_date_exists(c + n - 9)) return IDENTITY_DATE;

	int sum = 0, pad = RFC_PERSON - n;
	for (int i = 0; i < 12; i++)
		sum += rfc_value(i < pad ? ' ' : c[i - pad]) * (13 - i);
	int rest = (11 - sum % 11) % 11;
	return c[n - 1] == (rest == 10 ? 'A' : '0' + rest) ? IDENTITY_OK : IDENTITY_DIGIT;
}

/* Two-digit code of a letter of the name; -1 for another character. */
static int homoclave_code(int32_t c)
{
	if (c == ' ') return 0;
	if (is_digit(c)) return c - '0';
	if (c == '&') return 10;
	if (c == LETTER_ENYE) return 40;
	if (c >= 'A' && c <= 'I') return c - 'A' + 11;
	if (c >= 'J' && c <= 'R') return c - 'J' + 21;
	if (c >= 'S' && c <= 'Z') return c - 'S' + 32;
	return -1;
}

bool rfc_homoclave(struct str name, char ret[static 3])
{
	static const char table[] = "123456789ABCDEFGHIJKLMNPQRSTUVWXYZ";
	int before = 0, total = 0; /* the string of codes starts with a single 0 */
	size_t at = 0;
	while (at < name.n) {
		int code = homoclave_code(utf8_next(name, &at));
		if (code < 0) return false;
		int tens = code / 10, ones = code % 10;
		total = (total + (before * 10 + tens) * tens + (tens * 10 + ones) * ones) % 1000000;
		before = ones;
	}
	total %= 1000;
	ret[0] = table[total / 34];
	ret[1] = table[total % 34];
	ret[2] = '\0';
	return true;
}
