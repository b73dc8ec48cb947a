#include "base/buf.h"
#include "base/testing.h"

TEST(buf_builds_and_stays_nul_terminated)
{
	struct buf b = buf_new(t->arena, 1000);
	CHECK_STR(buf_str(&b), "");
	CHECK(!str_is_none(buf_str(&b)));
	buf_add(&b, STR("a"));
	buf_add(&b, STR_NONE);
	buf_add_char(&b, '-');
	buf_add_int(&b, INT64_MIN);
	buf_add_char(&b, ' ');
	buf_add_int(&b, INT64_MAX);
	buf_add_char(&b, ' ');
	buf_add_int(&b, 0);
	buf_printf(&b, " %s%03d", "x", 7);
	CHECK_STR(buf_str(&b), "a--9223372036854775808 9223372036854775807 0 x007");
	CHECK_INT(b.p[b.n], 0);
}

TEST(buf_grows_to_its_maximum_exactly)
{
	struct buf b = buf_new(t->arena, 10 * 1000);
	for (int i = 0; i < 10 * 1000; i++)
		buf_add_char(&b, (char)('a' + i % 26));
	CHECK(!buf_overflowed(&b));
	CHECK_INT(buf_str(&b).n, 10 * 1000);
	for (size_t i = 0; i < b.n; i++)
		CHECK_INT(b.p[i], 'a' + (int)i % 26);
	buf_add_char(&b, '!');
	CHECK(buf_overflowed(&b));
	CHECK_INT(buf_str(&b).n, 10 * 1000);
}

TEST(buf_keeps_a_beginning_without_holes)
{
	struct buf b = buf_new(t->arena, 4);
	buf_add(&b, STR("abc"));
	buf_add(&b, STR("de"));
	CHECK(buf_overflowed(&b));
	buf_add(&b, STR("f")); /* would fit; after a lost piece nothing follows */
	CHECK_STR(buf_str(&b), "abc");
	buf_clear(&b);
	CHECK(!buf_overflowed(&b));
	buf_printf(&b, "%d", 12345);
	CHECK(buf_overflowed(&b));
	CHECK_STR(buf_str(&b), "");
	buf_clear(&b);
	buf_printf(&b, "%d", 1234);
	CHECK_STR(buf_str(&b), "1234");
}

TEST(buf_formats_short_and_long)
{
	struct buf b = buf_new(t->arena, 600 * 300);
	size_t n = 0;
	for (int width = 1; width < 300; width++) {
		buf_printf(&b, "%0*d", width, 7);
		n += (size_t)width;
		CHECK(buf_str(&b).n == n && strlen(b.p) == n && b.p[n - 1] == '7');
	}
	buf_printf(&b, "%s", "");
	CHECK(!buf_overflowed(&b) && buf_str(&b).n == n);
	struct buf small = buf_new(t->arena, 200);
	buf_printf(&small, "%0201d", 7);
	CHECK(buf_overflowed(&small) && buf_str(&small).n == 0);
}

TEST(buf_of_nothing_takes_nothing)
{
	struct buf b = buf_new(t->arena, 0);
	buf_add(&b, STR(""));
	CHECK(!buf_overflowed(&b));
	buf_add_char(&b, 'x');
	CHECK(buf_overflowed(&b));
	CHECK_STR(buf_str(&b), "");
}
