#include "core/clock/from_pack.h"

struct err *calendar_from_pack(struct arena *a, const struct calendar *list, struct str lang,
	struct work_calendar **ret)
{
	struct work_day *days = ARENA_ARRAY(a, struct work_day, list->day_count);
	int *years = ARENA_ARRAY(a, int, list->year_count);
	for (size_t i = 0; i < list->day_count; i++)
		days[i] = (struct work_day){ list->days[i].day, text_in(list->days[i].reason, lang),
			list->days[i].source };
	for (size_t i = 0; i < list->year_count; i++)
		years[i] = list->years[i].year;
	struct work_list l = { .closed_weekdays = list->weekend,
		.days = days,
		.count = list->day_count,
		.years = years,
		.year_count = list->year_count };
	return calendar_new(a, &l, ret);
}
