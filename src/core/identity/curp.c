/*
 * CURP, the Mexican population key: 4 letters, date of birth, sex, state, 3 letters, 1 for the century, 1 check
 * digit (DOF, Instructivo normativo para la asignación de la CURP).
 */
#include "core/identity/identity.h"
#include "base/instant.h"

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool curp_has_shape(const char *c)
{
	for (int i = 0; i < 18; i++) {
		bool digit = (i >= 4 && i <= 9) || i == 17;
		if (i == 16 ? !is_upper(c[i]) && !is_digit(c[i]) : digit ? !is_digit(c[i]) : !is_upper(c[i]))
			return false;
	}
	return c[10] == 'H' || c[10] == 'M' || c[10] == 'X'; /* X: neither, since 2022 */
}

/* DF stays the code of Mexico City; NE is born abroad. */
static bool curp_state_exists(const char *c)
{
	static const char states[] =
		"AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NE NL NT OC PL QR QT SL SP SR TC "
		"TL TS VZ YN ZS";
	for (const char *s = states;; s += 3) {
		if (s[0] == c[0] && s[1] == c[1]) return true;
		if (s[2] == '\0') return false;
	}
}

/* Place in 0–9, A–N, Ñ, O–Z. */
static int curp_value(char c)
{
	if (is_digit(c)) return c - '0';
	return c - 'A' + 10 + (c > 'N' ? 1 : 0);
}

enum identity_result curp_check(struct str canonical)
{
	if (canonical.n != 18 || !curp_has_shape(canonical.p)) return IDENTITY_SHAPE;
	const char *c = canonical.p;
	int century = is_digit(c[16]) ? 1900 : 2000;
	int year = century + (c[4] - '0') * 10 + c[5] - '0';
	int month = (c[6] - '0') * 10 + c[7] - '0', day = (c[8] - '0') * 10 + c[9] - '0';
	struct date born;
	if (!date_of_ymd(year, month, day, &born)) return IDENTITY_DATE;
	if (!curp_state_exists(c + 11)) return IDENTITY_PLACE;

	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += curp_value(c[i]) * (18 - i);
	return (10 - sum % 10) % 10 == c[17] - '0' ? IDENTITY_OK : IDENTITY_DIGIT;
}
