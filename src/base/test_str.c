#include "base/testing.h"

TEST(str_compares_bytes_and_takes_none_for_empty)
{
	CHECK(str_eq(STR("abc"), STR("abc")));
	CHECK(!str_eq(STR("abc"), STR("abd")));
	CHECK(!str_eq(STR("abc"), STR("ab")));
	CHECK(str_eq(STR_NONE, STR("")));
	CHECK(str_is_none(STR_NONE) && !str_is_none(STR("")));
	CHECK(str_is_none(str_of(NULL)) && str_eq(str_of("x"), STR("x")));
	CHECK(str_eq_ci(STR("Content-TYPE"), STR("content-type")));
	CHECK(!str_eq_ci(STR("[") /* 'A'-6 … */, STR("{")));
	CHECK(!str_eq_ci(STR("\xc3\x89"), STR("\xc3\xa9"))); /* É and é: ASCII letters only */
}

TEST(str_orders_by_bytes_with_the_shorter_first)
{
	CHECK_INT(str_cmp(STR("a"), STR("b")), -1);
	CHECK_INT(str_cmp(STR("b"), STR("a")), 1);
	CHECK_INT(str_cmp(STR("a"), STR("a")), 0);
	CHECK_INT(str_cmp(STR("a"), STR("aa")), -1);
	CHECK_INT(str_cmp(STR("z"), STR("\xc3\xb1")), -1); /* bytes are unsigned */
	CHECK_INT(str_cmp(STR_NONE, STR("")), 0);
	CHECK_INT(str_cmp(STR("a"), STR_NONE), 1);
}

TEST(str_finds_prefixes_suffixes_and_parts)
{
	CHECK(str_starts_with(STR("/tramites/x"), STR("/tramites/")));
	CHECK(!str_starts_with(STR("/t"), STR("/tramites/")));
	CHECK(str_starts_with(STR_NONE, STR("")));
	CHECK(str_ends_with(STR("plano.pdf"), STR(".pdf")));
	CHECK(!str_ends_with(STR("pdf"), STR(".pdf")));
	CHECK_INT(str_find(STR("abcabd"), STR("abd")), 3);
	CHECK_INT(str_find(STR("abc"), STR("abcd")), -1);
	CHECK_INT(str_find(STR("abc"), STR("")), 0);
	CHECK_INT(str_find(STR_NONE, STR("a")), -1);
	CHECK_INT(str_find_char(STR("a=b=c"), '='), 1);
	CHECK_INT(str_find_char(STR_NONE, '='), -1);
}

TEST(str_slices_are_clamped)
{
	CHECK_STR(str_slice(STR("abcdef"), 2, 4), "cd");
	CHECK_STR(str_slice(STR("abc"), 1, 99), "bc");
	CHECK_STR(str_slice(STR("abc"), 7, 9), "");
	CHECK_STR(str_slice(STR("abc"), 2, 1), "");
	CHECK(str_is_none(str_slice(STR_NONE, 0, 5)));
	CHECK_STR(str_trim(STR(" \t\r\n x y \v\f")), "x y");
	CHECK_STR(str_trim(STR(" \n ")), "");
	CHECK(str_is_none(str_trim(STR_NONE)));
}

TEST(str_cut_walks_every_part_once)
{
	struct str rest = STR("a,,b,"), seen[8];
	int n = 0;
	while (!str_is_none(rest) && n < 8)
		seen[n++] = str_cut(&rest, ',');
	CHECK_INT(n, 4);
	CHECK_STR(seen[0], "a");
	CHECK_STR(seen[1], "");
	CHECK_STR(seen[2], "b");
	CHECK_STR(seen[3], "");
}

TEST(str_reads_integers_within_their_bounds_only)
{
	int64_t n = 7;
	CHECK(str_to_int64(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &n) && n == INT64_MIN);
	CHECK(str_to_int64(STR("9223372036854775807"), INT64_MIN, INT64_MAX, &n) && n == INT64_MAX);
	CHECK(str_to_int64(STR("007"), 0, 10, &n) && n == 7);
	CHECK(str_to_int64(STR("-0"), 0, 10, &n) && n == 0);
	n = 42;
	static const char *const refused[] = { "", "-", "+1", " 1", "1 ", "1.0", "0x10", "1e3", "--1",
		"9223372036854775808", "-9223372036854775809", "99999999999999999999999" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		CHECK(!str_to_int64(str_of(refused[i]), INT64_MIN, INT64_MAX, &n));
	CHECK(!str_to_int64(STR_NONE, INT64_MIN, INT64_MAX, &n));
	CHECK(!str_to_int64(STR("11"), 0, 10, &n));
	CHECK(!str_to_int64(STR("-1"), 0, 10, &n));
	CHECK_INT(n, 42); /* untouched */
}

TEST(str_secrets_are_equal_when_their_bytes_are)
{
	CHECK(str_eq_secret(STR("k3y"), STR("k3y")));
	CHECK(!str_eq_secret(STR("k3y"), STR("k3z")));
	CHECK(!str_eq_secret(STR("k3y"), STR("j3y")));
	CHECK(!str_eq_secret(STR("k3y"), STR("k3")));
	CHECK(str_eq_secret(STR_NONE, STR("")));
}
