/* HTTP dates, written and read with this project's own calendar: no locale, no process-wide zone. */
#include "web/http_date.h"

static const char days[7][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
	"Nov", "Dec" };

enum { DAY_MS = 86400000, DATE_LENGTH = 29 };

struct str http_date(struct arena *a, struct instant t)
{
	int64_t day = t.ms / DAY_MS, left = t.ms % DAY_MS;
	if (left < 0) {
		day--;
		left += DAY_MS;
	}
	struct date d = { (int32_t)day };
	int year, month, day_of_month, second = (int)(left / 1000);
	date_to_ymd(d, &year, &month, &day_of_month);
	return arena_printf(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[date_weekday(d)], day_of_month,
		months[month - 1], year, second / 3600, second / 60 % 60, second % 60);
}

static bool number_at(struct str s, size_t from, size_t to, int64_t max, int *ret)
{
	int64_t n;
	if (s.p[from] == '-' || !str_to_int64(str_slice(s, from, to), 0, max, &n)) return false;
	*ret = (int)n;
	return true;
}

static int name_at(struct str s, size_t from, const char names[][4], int count)
{
	for (int i = 0; i < count; i++)
		if (memcmp(s.p + from, names[i], 3) == 0) return i;
	return -1;
}

bool http_date_parse(struct str s, struct instant *ret)
{
	if (s.n != DATE_LENGTH) return false;
	const char *shape = "aaa, 00 aaa 0000 00:00:00 GMT";
	for (size_t i = 0; i < s.n; i++)
		if (shape[i] != 'a' && shape[i] != '0' && s.p[i] != shape[i]) return false;

	int weekday = name_at(s, 0, days, 7), month = name_at(s, 8, months, 12), day, year, hour, minute, second;
	struct date d;
	if (weekday < 0 || month < 0 || !number_at(s, 5, 7, 31, &day) || !number_at(s, 12, 16, 9999, &year) ||
		!number_at(s, 17, 19, 23, &hour) || !number_at(s, 20, 22, 59, &minute) ||
		!number_at(s, 23, 25, 60, &second) || !date_of_ymd(year, month + 1, day, &d) ||
		date_weekday(d) != weekday)
		return false;
	ret->ms = (int64_t)d.days * DAY_MS + (hour * 3600 + minute * 60 + (second > 59 ? 59 : second)) * 1000LL;
	return true;
}
