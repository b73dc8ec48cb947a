/*
 * Instants: the two clocks of the machine, the reading on a clock at an offset, the RFC 3339 form. Dates are
 * in date.c, zones in zone.c. No other file of the program may read a clock (script/lint).
 */
#include "base/instant.h"
#include "base/err.h"

static const int64_t MS_PER_DAY = 86400 * 1000;
static const int64_t FIRST_MS = -62135596800000; /* 0001-01-01T00:00:00Z */
static const int64_t LAST_MS = 253402300799999;  /* 9999-12-31T23:59:59.999Z */

struct instant instant_of_machine(void)
{
	struct timespec now;
	must(clock_gettime(CLOCK_REALTIME, &now) == 0);
	return (struct instant){ (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 };
}

int64_t monotonic_us(void)
{
	struct timespec now;
	must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t thread_cpu_us(void)
{
	struct timespec used;
	must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0);
	return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

struct clock_time instant_clock(struct instant t, int offset_s)
{
	int64_t ms = t.ms < FIRST_MS ? FIRST_MS : t.ms > LAST_MS ? LAST_MS : t.ms;
	ms += (int64_t)offset_s * 1000;
	int64_t days = ms / MS_PER_DAY, left = ms % MS_PER_DAY;
	if (left < 0) {
		left += MS_PER_DAY;
		days--;
	}
	struct date d = { (int32_t)days };
	struct clock_time c = {
		.hour = (int)(left / 3600000),
		.minute = (int)(left / 60000 % 60),
		.second = (int)(left / 1000 % 60),
		.millis = (int)(left % 1000),
		.weekday = date_weekday(d),
		.offset_s = offset_s,
	};
	date_to_ymd(d, &c.year, &c.month, &c.day);
	return c;
}

struct str instant_iso(struct arena *a, struct instant t)
{
	if (instant_is_none(t)) return STR("");
	struct clock_time c = instant_clock(t, 0); /* years 1 to 9999, whatever `t` is */
	char iso[] = "0000-00-00T00:00:00.000Z";
	const int parts[] = { c.month, c.day, c.hour, c.minute, c.second };
	str_put_digits(iso, 4, c.year);
	for (int i = 0; i < 5; i++)
		str_put_digits(iso + 5 + 3 * i, 2, parts[i]);
	str_put_digits(iso + 20, 3, c.millis);
	return arena_cstr(a, iso);
}

/* Two digits at the front of *rest, which moves past them. */
static bool take_two(struct str *rest, int max, int *ret)
{
	int64_t n;
	if (rest->n < 2 || !str_to_int64(str_slice(*rest, 0, 2), 0, max, &n) || rest->p[0] == '-') return false;
	*ret = (int)n;
	*rest = str_slice(*rest, 2, rest->n);
	return true;
}

static bool take_char(struct str *rest, char c)
{
	if (rest->n == 0 || rest->p[0] != c) return false;
	*rest = str_slice(*rest, 1, rest->n);
	return true;
}

/* ".123…": at least one digit; none at all is fine and leaves 0. */
static bool take_fraction(struct str *rest, int *ret_millis)
{
	*ret_millis = 0;
	if (!take_char(rest, '.')) return true;
	size_t digits = 0;
	for (int unit = 100; digits < rest->n; digits++, unit /= 10) {
		char c = rest->p[digits];
		if (c < '0' || c > '9') break;
		*ret_millis += (c - '0') * unit;
	}
	*rest = str_slice(*rest, digits, rest->n);
	return digits > 0;
}

static bool take_offset(struct str *rest, int *ret_seconds)
{
	if (take_char(rest, 'Z') || take_char(rest, 'z')) {
		*ret_seconds = 0;
		return true;
	}
	bool west = take_char(rest, '-');
	int hours, minutes;
	if (!west && !take_char(rest, '+')) return false;
	if (!take_two(rest, 23, &hours) || !take_char(rest, ':') || !take_two(rest, 59, &minutes)) return false;
	*ret_seconds = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

bool instant_parse(struct str s, struct instant *ret)
{
	struct date d;
	struct str rest = str_slice(s, 10, s.n);
	if (!date_parse(str_slice(s, 0, 10), &d)) return false;
	if (!take_char(&rest, 'T') && !take_char(&rest, 't')) return false;

	int hour, minute, second, millis, offset_s;
	if (!take_two(&rest, 23, &hour) || !take_char(&rest, ':') || !take_two(&rest, 59, &minute) ||
		!take_char(&rest, ':') || !take_two(&rest, 60, &second) || !take_fraction(&rest, &millis) ||
		!take_offset(&rest, &offset_s) || rest.n > 0)
		return false;

	int64_t s_of_day = hour * 3600 + minute * 60 + second;
	int64_t ms = d.days * MS_PER_DAY + (s_of_day - offset_s) * 1000 + millis;
	/* Leap seconds are inserted as 23:59:60 UTC (RFC 3339, 5.7); here that is the second after. */
	if (second == 60 && (ms - millis) % MS_PER_DAY != 0) return false;
	if (ms < FIRST_MS || ms > LAST_MS) return false;
	ret->ms = ms;
	return true;
}
