#include "base/testing.h"
#include "core/clock/deadline.h"
#include "core/clock/holidays.h"

/* What must hold whatever happened to a clock: thousands of histories made from a fixed seed. */

struct draw {
	uint64_t state;
};

static int pick(struct draw *d, int below)
{
	d->state = d->state * 6364136223846793005u + 1442695040888963407u;
	return (int)((d->state >> 33) % (uint64_t)below);
}

static struct work_calendar *town_list(struct test *t)
{
	static const int years[] = { 2026, 2027, 2028 };
	struct work_day days[60];
	size_t n = 0;
	for (int year = 2026; year <= 2028; year++) {
		struct holidays list = { 0 };
		must(!holidays_propose(t->arena, STR("mx-lft-74"), year, &list));
		for (size_t i = 0; i < list.count; i++)
			days[n++] = (struct work_day){ list.items[i].date, str_of(list.items[i].key), STR("test") };
	}
	struct work_list l = { .closed_weekdays = CALENDAR_WEEKEND,
		.days = days,
		.count = n,
		.years = years,
		.year_count = 3 };
	struct work_calendar *c = NULL;
	must(!calendar_new(t->arena, &l, &c));
	return c;
}

static struct deadline_event random_event(struct draw *d, struct instant from)
{
	enum { DAY_MS = 86400000 };
	struct deadline_event e = { .from = DATE_NONE,
		.until = DATE_NONE,
		.moved_to = DATE_NONE,
		.reason = STR("x") };
	e.kind = (enum deadline_event_kind)pick(d, DEADLINE_MET + 1);
	e.at.ms = from.ms + (int64_t)pick(d, 90 * 24) * 3600000;
	struct date day = { (int32_t)(e.at.ms / DAY_MS) };
	e.term = (struct deadline_term){ 1 + pick(d, 20), (enum term_unit)(TERM_WORKING_DAYS + pick(d, 4)) };
	if (e.kind == DEADLINE_PAUSE && pick(d, 3) == 0) e.until = date_add_days(day, pick(d, 20));
	if (e.kind == DEADLINE_SUSPENSION || e.kind == DEADLINE_OUTAGE) {
		e.from = day;
		e.until = date_add_days(day, pick(d, 10));
		e.moved_to = date_add_days(e.until, pick(d, 5));
	}
	return e;
}

static bool holds(const struct deadline_input *in, const struct deadline *d)
{
	const struct work_calendar *c = in->calendar;
	bool ok = d->used + d->left == d->total && d->lapses.days == d->due.days + 1;
	ok = ok && calendar_is_working(c, d->due) && d->lines.count >= 2;
	ok = ok && zone_date(in->zone, (struct instant){ d->ends.ms - 1 }).days == d->due.days;
	ok = ok && (d->state == DEADLINE_LATE) == (d->state != DEADLINE_DONE && in->now.ms >= d->ends.ms);
	for (size_t i = 0; i < d->strip.count; i++) {
		const struct deadline_cell *cell = &d->strip.items[i];
		ok = ok && cell->number == (int)i + 1 && cell->is_due == (i + 1 == d->strip.count);
		ok = ok && (i == 0 || d->strip.items[i - 1].date.days < cell->date.days);
	}
	for (size_t i = 0; i < d->lines.count; i++)
		ok = ok && d->lines.items[i].key && d->lines.items[i].from.days <= d->lines.items[i].to.days;
	return ok;
}

TEST(deadline_holds_together_for_any_history)
{
	struct draw draw = { 20261110 };
	struct zone *zone = NULL;
	CHECK_OK(zone_load(t->arena, STR("America/Mexico_City"), &zone));
	struct work_calendar *calendar = town_list(t);
	struct arena *scratch = arena_new(16 * 1024 * 1024);
	for (int i = 0; i < 5000; i++) {
		struct deadline_event events[6];
		struct deadline_input in = { .regime = regime_all()[pick(&draw, 4)],
			.calendar = calendar,
			.zone = zone,
			.term = { 1 + pick(&draw, 30), (enum term_unit)(TERM_WORKING_DAYS + pick(&draw, 4)) },
			.start = (enum deadline_start)pick(&draw, 4),
			.events = events,
			.event_count = (size_t)pick(&draw, 7) };
		if (in.term.unit == TERM_YEARS) in.term.count = 1;
		in.started.ms = 1768000000000 + (int64_t)pick(&draw, 300 * 24) * 3600000;
		in.now.ms = in.started.ms + (int64_t)pick(&draw, 120 * 24) * 3600000;
		for (size_t n = 0; n < in.event_count; n++) {
			events[n] = random_event(&draw, in.started);
			if (events[n].term.unit == TERM_YEARS) events[n].term.count = 1;
		}
		struct deadline d;
		struct err *e = deadline_compute(scratch, &in, &d);
		if (e || !holds(&in, &d))
			test_fail(t, __FILE__, __LINE__, "history %d: %s", i, e ? e->detail : "broken");
		arena_reset(scratch);
	}
	arena_free(scratch);
}
