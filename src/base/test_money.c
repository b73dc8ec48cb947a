#include "base/money.h"
#include "base/testing.h"

static struct str plain_of(struct test *t, const char *s)
{
	struct money m;
	return money_parse(str_of(s), &m) ? money_plain(t->arena, m) : STR("refused");
}

TEST(money_parses_and_writes_plain_amounts)
{
	static const char *const cases[][2] = { { "1234.5", "1234.50" }, { "1234.50", "1234.50" },
		{ "0", "0.00" }, { "-0.05", "-0.05" }, { "-0", "0.00" }, { "-0.00", "0.00" }, { "7", "7.00" },
		{ "0007.01", "7.01" }, { "92233720368547758.07", "92233720368547758.07" },
		{ "-92233720368547758.08", "-92233720368547758.08" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_STR(plain_of(t, cases[i][0]), cases[i][1]);
	static const char *const refused[] = { "", "-", ".", ".5", "5.", "-.5", "1.234", "1,5", "1.-5", "1.5.",
		"1.+5", "+1", " 1", "1 ", "1e2", "--1", "92233720368547758.08", "-92233720368547758.09",
		"92233720368547759", "99999999999999999999" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		CHECK_STR(plain_of(t, refused[i]), "refused");
}

TEST(money_adds_and_subtracts_without_wrapping)
{
	struct money m = { 5 }, most = { INT64_MAX }, least = { INT64_MIN }, cent = { 1 };
	CHECK(!money_add(most, cent, &m) && !money_sub(least, cent, &m) && !money_sub(cent, least, &m));
	CHECK_INT(m.cents, 5);
	CHECK(money_add((struct money){ 150 }, (struct money){ -275 }, &m));
	CHECK_INT(m.cents, -125);
	CHECK(money_sub((struct money){ 150 }, (struct money){ -275 }, &m));
	CHECK_INT(m.cents, 425);
}

/* Half away from zero, to the cent: base/money.h. */
TEST(money_mul_rounds_half_away_from_zero)
{
	static const struct {
		int64_t cents, millionths, expected;
	} cases[] = {
		{ 100, 1000000, 100 },
		{ 100, 0, 0 },
		{ 123400, 2000000, 246800 },
		{ 1, 500000, 1 },
		{ -1, 500000, -1 },
		{ 1, -500000, -1 },
		{ 3, 500000, 2 }, /* 0.5 → 1, 1.5 → 2 */
		{ 1, 499999, 0 },
		{ -1, 499999, 0 },
		{ 5, 100000, 1 },
		{ 25, 100000, 3 },
		{ -25, 100000, -3 },
		{ 10005, 160000, 1601 }, /* 16 % of 100.05 = 16.008 */
		{ 333333, 333333, 111111 },
		{ INT64_MAX, 1000000, INT64_MAX },
		{ INT64_MIN, 1000000, INT64_MIN },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct money m = { -7 };
		CHECK(money_mul(money_of_cents(cases[i].cents), cases[i].millionths, &m));
		CHECK_INT(m.cents, cases[i].expected);
	}
	struct money m = { -7 };
	CHECK(!money_mul(money_of_cents(INT64_MAX), 1000001, &m));
	CHECK(!money_mul(money_of_cents(INT64_MIN), INT64_MIN, &m));
	CHECK(!money_mul(money_of_cents(INT64_MIN), -1000000, &m));
	CHECK_INT(m.cents, -7);
}
