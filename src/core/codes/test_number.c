#include "base/testing.h"
#include "core/codes/number.h"

TEST(number_is_written_with_at_least_six_digits)
{
	CHECK_STR(number_format(t->arena, &(struct number){ STR("AN"), 2026, 2614 }), "AN-2026-002614");
	CHECK_STR(number_format(t->arena, &(struct number){ STR("E"), 2026, 18342 }), "E-2026-018342");
	CHECK_STR(number_format(t->arena, &(struct number){ STR("S"), 2026, 12345678 }), "S-2026-12345678");
}

TEST(number_is_read_as_people_type_it)
{
	static const char *const typed[] = { "AN-2026-002614", "an-2026-002614", " AN 2026 2614 ", "AN/2026/2614",
		"AN2026-2614",
		("an 2026\xe2\x80\x93"
		 "002614"),
		"AN - 2026 - 002614", "AN.2026.002614", "AN-2026-000000002614" };
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
		struct number n;
		if (!number_parse(t->arena, str_of(typed[i]), &n))
			test_fail(t, __FILE__, __LINE__, "refused %s", typed[i]);
		CHECK_STR(number_format(t->arena, &n), "AN-2026-002614");
	}
}

TEST(number_refuses_what_it_cannot_be)
{
	static const char *const bad[] = { "", "AN", "AN-2026", "2026-002614", "AN-2026-", "AN-2026-0",
		"AN-26-2614", "AN-2026-12-34", "ABCDEFG-2026-1", "A N-2026-1", "AN-2026-1x", "AN-2026-1234567890123",
		"AN-1026-1", "\xc3\x91-2026-1", "AN-20 26-1", "AN-2026-1-AN", "AN20262614", "\xff" };
	struct number n;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (number_parse(t->arena, str_of(bad[i]), &n))
			test_fail(t, __FILE__, __LINE__, "took \"%s\"", bad[i]);
	CHECK(!number_series_is_valid(STR("a")) && !number_series_is_valid(STR("")) &&
		!number_series_is_valid(STR("ABCDEFG")));
}
