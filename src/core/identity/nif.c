/*
 * Spanish tax numbers: DNI (8 digits and a letter), NIE (X, Y, Z), K, L, M, and those of companies and bodies
 * (a letter, 7 digits, a control that is a digit or a letter; both are accepted for every kind).
 */
#include "core/identity/identity.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The digits [from, to) as a number, or -1. */
static int nif_number(struct str s, size_t from, size_t to)
{
	int n = 0;
	for (size_t i = from; i < to; i++) {
		if (!is_digit(s.p[i])) return -1;
		n = n * 10 + (s.p[i] - '0');
	}
	return n;
}

static enum identity_result nif_letter(int number, char letter)
{
	static const char table[] = "TRWAGMYFPDXBNJZSQVHLCKE";
	if (letter < 'A' || letter > 'Z') return IDENTITY_SHAPE;
	return table[number % 23] == letter ? IDENTITY_OK : IDENTITY_DIGIT;
}

static enum identity_result cif_check(struct str s)
{
	int sum = 0;
	for (int i = 1; i <= 7; i++) {
		int d = s.p[i] - '0';
		if (i % 2) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	int control = (10 - sum % 10) % 10;
	char c = s.p[8];
	if (!is_digit(c) && (c < 'A' || c > 'J')) return IDENTITY_SHAPE;
	return c == '0' + control || c == "JABCDEFGHI"[control] ? IDENTITY_OK : IDENTITY_DIGIT;
}

enum identity_result nif_check(struct str canonical)
{
	if (canonical.n != 9) return IDENTITY_SHAPE;
	char first = canonical.p[0];
	if (is_digit(first)) {
		int number = nif_number(canonical, 0, 8);
		return number < 0 ? IDENTITY_SHAPE : nif_letter(number, canonical.p[8]);
	}
	int number = nif_number(canonical, 1, 8);
	if (number < 0) return IDENTITY_SHAPE;
	if (first >= 'X' && first <= 'Z') return nif_letter((first - 'X') * 10000000 + number, canonical.p[8]);
	if (first >= 'K' && first <= 'M') return nif_letter(number, canonical.p[8]);
	return memchr("ABCDEFGHJNPQRSUVW", first, 17) ? cif_check(canonical) : IDENTITY_SHAPE;
}
