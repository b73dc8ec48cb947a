/*
 * Amounts in cents. The product is computed in 128 bits and rounded once; everything that does not fit into
 * 64 bits is reported, never wrapped.
 */
#include "base/money.h"

bool money_add(struct money a, struct money b, struct money *ret)
{
	int64_t sum;
	if (__builtin_add_overflow(a.cents, b.cents, &sum)) return false;
	ret->cents = sum;
	return true;
}

bool money_sub(struct money a, struct money b, struct money *ret)
{
	int64_t difference;
	if (__builtin_sub_overflow(a.cents, b.cents, &difference)) return false;
	ret->cents = difference;
	return true;
}

bool money_mul(struct money amount, int64_t millionths, struct money *ret)
{
	__int128 product = (__int128)amount.cents * millionths;
	/* Division cuts towards zero, so half a unit away from zero first. */
	__int128 rounded = (product + (product < 0 ? -500000 : 500000)) / 1000000;
	if (rounded > INT64_MAX || rounded < INT64_MIN) return false;
	ret->cents = (int64_t)rounded;
	return true;
}

bool money_parse(struct str s, struct money *ret)
{
	bool negative = str_starts_with(s, STR("-"));
	ptrdiff_t point = str_find_char(s, '.');
	struct str whole = point < 0 ? s : str_slice(s, 0, (size_t)point);
	struct str decimals = point < 0 ? STR("0") : str_slice(s, (size_t)point + 1, s.n);

	int64_t units, cents;
	if (decimals.n > 2 || str_starts_with(decimals, STR("-"))) return false;
	if (!str_to_int64(whole, INT64_MIN, INT64_MAX, &units)) return false;
	if (!str_to_int64(decimals, 0, 99, &cents)) return false;
	if (decimals.n == 1) cents *= 10;

	int64_t total;
	if (__builtin_mul_overflow(units, 100, &total)) return false;
	if (__builtin_add_overflow(total, negative ? -cents : cents, &total)) return false;
	ret->cents = total;
	return true;
}

struct str money_plain(struct arena *a, struct money m)
{
	uint64_t cents = m.cents < 0 ? 0 - (uint64_t)m.cents : (uint64_t)m.cents;
	return arena_printf(a, "%s%llu.%02llu", m.cents < 0 ? "-" : "", (unsigned long long)(cents / 100),
		(unsigned long long)(cents % 100));
}
