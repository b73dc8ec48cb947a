#include "core/hours.h"
#include "core/i18n.h"
#include "i18n/hours.h"

enum { MINUTES_HOUR = 60, WEEK = 7, LOOK_AHEAD_DAYS = 31, CLOSING_SOON_MINUTES = 60 };

struct str hours_minute(struct arena *a, int minute_of_day)
{
	return arena_printf(a, "%d:%02d", minute_of_day / MINUTES_HOUR, minute_of_day % MINUTES_HOUR);
}

static struct str weekday_name(struct str lang, int weekday)
{
	static const enum message names[WEEK] = { MSG_HOURS_MONDAY, MSG_HOURS_TUESDAY, MSG_HOURS_WEDNESDAY,
		MSG_HOURS_THURSDAY, MSG_HOURS_FRIDAY, MSG_HOURS_SATURDAY, MSG_HOURS_SUNDAY };
	return i18n_text(lang, names[weekday]);
}

/* "lunes a viernes", "sábados", "lunes, miércoles": runs of days from Monday on. */
static struct str days_words(struct arena *a, struct str lang, unsigned weekdays)
{
	struct buf out = buf_new(a, 400);
	for (int day = 0; day < WEEK; day++) {
		if (!(weekdays & 1U << day)) continue;
		int last = day;
		while (last + 1 < WEEK && weekdays & 1U << (last + 1))
			last++;
		if (out.n) buf_add(&out, STR(", "));
		if (last < day + 2) {
			buf_add(&out, weekday_name(lang, day));
			if (last > day) {
				buf_add(&out, STR(", "));
				buf_add(&out, weekday_name(lang, last));
			}
		} else {
			buf_add(&out,
				i18n_format(a, lang, MSG_HOURS_DAYS,
					(const struct i18n_arg[]){ I18N_ARG("from", weekday_name(lang, day)),
						I18N_ARG("to", weekday_name(lang, last)), { 0 } }));
		}
		day = last;
	}
	return buf_str(&out);
}

struct str hours_words(struct arena *a, struct str lang, const struct openings *o)
{
	struct buf out = buf_new(a, 1000);
	for (size_t i = 0; i < o->count; i++) {
		const struct opening *line = &o->items[i];
		if (i > 0) buf_add(&out, STR("; "));
		buf_add(&out,
			i18n_format(a, lang, MSG_HOURS_LINE,
				(const struct i18n_arg[]){ I18N_ARG("days", days_words(a, lang, line->weekdays)),
					I18N_ARG("from", hours_minute(a, line->from_minute)),
					I18N_ARG("to", hours_minute(a, line->to_minute)), { 0 } }));
	}
	/* The sentence begins with a day's name, in ASCII in our languages. */
	if (out.n && out.p[0] >= 'a' && out.p[0] <= 'z') out.p[0] = (char)(out.p[0] - 'a' + 'A');
	return buf_str(&out);
}

/* The first opening of a day that starts at or after `minute`; false when there is none. */
static bool opens_on(const struct openings *o, const struct calendar *c, struct date day, int minute,
	int *ret_minute)
{
	int first = INT32_MAX;
	enum day_kind kind = calendar_day_kind(c, day);
	if (kind == DAY_HOLIDAY) return false;
	for (size_t i = 0; i < o->count; i++) {
		const struct opening *line = &o->items[i];
		bool is_that_day = line->weekdays & 1U << date_weekday(day);
		if (is_that_day && line->from_minute >= minute && line->from_minute < first)
			first = line->from_minute;
	}
	if (first == INT32_MAX) return false;
	*ret_minute = first;
	return true;
}

struct hours_now hours_now(const struct openings *o, const struct calendar *c, struct date today, int minute)
{
	struct hours_now now = { .state = HOURS_UNKNOWN, .day = today };
	int until = 0;
	if (openings_at(o, c, today, minute, &until)) {
		now.state = until - minute <= CLOSING_SOON_MINUTES ? HOURS_CLOSING : HOURS_OPEN;
		now.minute = until;
		return now;
	}
	for (int ahead = 0; ahead < LOOK_AHEAD_DAYS; ahead++) {
		struct date day = date_add_days(today, ahead);
		if (!opens_on(o, c, day, ahead == 0 ? minute : 0, &now.minute)) continue;
		now.state = ahead == 0 ? HOURS_LATER_TODAY : HOURS_ANOTHER_DAY;
		now.day = day;
		now.days_ahead = ahead;
		return now;
	}
	return now;
}

struct str hours_now_words(struct arena *a, struct str lang, const struct hours_now *now)
{
	enum message key = MSG_HOURS_UNKNOWN;
	switch (now->state) {
	case HOURS_OPEN: key = MSG_HOURS_OPEN_UNTIL; break;
	case HOURS_CLOSING: key = MSG_HOURS_CLOSES_TODAY; break;
	case HOURS_LATER_TODAY: key = MSG_HOURS_OPENS_TODAY; break;
	case HOURS_ANOTHER_DAY: key = now->days_ahead == 1 ? MSG_HOURS_OPENS_TOMORROW : MSG_HOURS_OPENS_ON; break;
	case HOURS_UNKNOWN: break;
	}
	return i18n_format(a, lang, key,
		(const struct i18n_arg[]){ I18N_ARG("time", hours_minute(a, now->minute)),
			I18N_ARG("day", i18n_date(a, lang, now->day, I18N_WEEKDAY)), { 0 } });
}
