/* Questions to the published list. */
#include "core/definition/calendar.h"

const struct calendar_day *calendar_find(const struct calendar *c, struct date d)
{
	size_t low = 0, high = c->day_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c->days[middle].day.days < d.days)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->day_count && c->days[low].day.days == d.days ? &c->days[low] : NULL;
}

enum day_kind calendar_day_kind(const struct calendar *c, struct date d)
{
	if (c->weekend >> date_weekday(d) & 1) return DAY_WEEKEND;
	if (calendar_find(c, d)) return DAY_HOLIDAY;
	for (size_t i = 0; i < c->year_count; i++)
		if (c->years[i].year == date_year(d)) return DAY_WORKING;
	return DAY_UNKNOWN;
}
