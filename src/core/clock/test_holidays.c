#include "base/testing.h"
#include "core/clock/holidays.h"

static const struct holiday *find(struct test *t, const char *law, int y, int m, int d)
{
	struct holidays list = { 0 };
	struct err *e = holidays_propose(t->arena, str_of(law), y, &list);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	struct date day;
	must(date_of_ymd(y, m, d, &day));
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].date.days == day.days) return &list.items[i];
	return NULL;
}

/* LFT, art. 74: the Mondays of 2027. */
TEST(holidays_of_mexico_move_to_their_mondays)
{
	CHECK(find(t, "mx-lft-74", 2027, 2, 1) && find(t, "mx-lft-74", 2027, 3, 15) &&
		find(t, "mx-lft-74", 2027, 11, 15));
	CHECK(find(t, "mx-lft-74", 2026, 11, 16));
	CHECK(!find(t, "mx-lft-74", 2027, 2, 5) && !find(t, "mx-lft-74", 2027, 11, 20));
	struct holidays list;
	CHECK_OK(holidays_propose(t->arena, STR("mx-lft-74"), 2027, &list));
	CHECK_INT(list.count, 7);
	for (size_t i = 1; i < list.count; i++)
		CHECK(list.items[i - 1].date.days < list.items[i].date.days);
}

/* LFT, art. 74 fr. VII: 1 December until 2018, 1 October from 2024 (DOF 30-09-2024), every six years. */
TEST(holidays_of_mexico_know_the_handover)
{
	CHECK(find(t, "mx-lft-74", 2024, 10, 1) && find(t, "mx-lft-74", 2030, 10, 1));
	CHECK(find(t, "mx-lft-74", 2018, 12, 1) && find(t, "mx-lft-74", 2012, 12, 1));
	CHECK(!find(t, "mx-lft-74", 2024, 12, 1) && !find(t, "mx-lft-74", 2018, 10, 1) &&
		!find(t, "mx-lft-74", 2026, 10, 1));
}

/* RD 2001/1983, art. 45; Easter 2026-04-05, 2027-03-28, 2028-04-16. */
TEST(holidays_of_spain_follow_easter)
{
	CHECK(find(t, "es-rd2001-45", 2026, 4, 3) && find(t, "es-rd2001-45", 2027, 3, 26) &&
		find(t, "es-rd2001-45", 2028, 4, 14));
	CHECK(!find(t, "es-rd2001-45", 2026, 4, 3)->replaceable);
	CHECK(
		find(t, "es-rd2001-45", 2026, 4, 2)->replaceable && find(t, "es-rd2001-45", 2026, 1, 6)->replaceable);
	CHECK(find(t, "es-rd2001-45", 2026, 11, 1)->sunday && !find(t, "es-rd2001-45", 2027, 11, 1)->sunday);
	int fixed = 0;
	struct holidays list;
	CHECK_OK(holidays_propose(t->arena, STR("es-rd2001-45"), 2026, &list));
	for (size_t i = 0; i < list.count; i++)
		fixed += !list.items[i].replaceable;
	CHECK_INT(fixed, 9);
}

TEST(holidays_of_an_unknown_law_are_none)
{
	struct holidays list;
	CHECK_ERR(holidays_propose(t->arena, STR("fr-code"), 2026, &list), ERR_NOT_FOUND);
	CHECK_ERR(holidays_propose(t->arena, STR("mx-lft-74"), 0, &list), ERR_INVALID);
}
