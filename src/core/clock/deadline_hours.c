/*
 * Terms in hours: from hour to hour and minute to minute, on working days, all of whose hours run.
 */
#include "core/clock/deadline_internal.h"

enum { HOUR_MS = 3600 * 1000 };

/* The stop that `t` stands in, or the first that begins after it. */
static const struct stop *stop_at_or_after(const struct clock *k, struct instant t)
{
	const struct stop *best = NULL;
	for (size_t i = 0; i < k->stop_count; i++) {
		const struct stop *s = &k->stops[i];
		if (s->until.ms <= s->since.ms || s->until.ms <= t.ms) continue;
		if (!best || s->since.ms < best->since.ms) best = s;
	}
	return best;
}

/* From `t` on: the first moment that runs, and until when it does without interruption. */
static struct instant next_run(const struct clock *k, struct instant t, bool working_only,
	struct instant *ret_end)
{
	for (;;) {
		struct date day = zone_date(k->in->zone, t);
		struct instant tomorrow = clock_day_start(k, date_add_days(day, 1));
		const struct stop *s = stop_at_or_after(k, t);
		if (working_only && !calendar_is_working(k->in->calendar, day))
			t = tomorrow;
		else if (s && s->since.ms <= t.ms)
			t = s->until;
		else {
			*ret_end = s && s->since.ms < tomorrow.ms ? s->since : tomorrow;
			return t;
		}
	}
}

struct err *clock_walk_hours(struct clock *k, struct deadline *d)
{
	bool working_only = clock_rule(k, RULE_HOURS) != 0;
	int64_t seen = k->met ? k->met->at.ms : k->in->now.ms;
	int64_t hours = k->in->term.count, used_ms = 0;
	for (size_t i = 0; i < k->event_count; i++) {
		if (k->events[i]->kind != DEADLINE_EXTEND) continue;
		if (k->events[i]->term.unit != TERM_HOURS)
			return ERR(k->arena, ERR_INVALID, NULL, "a term in hours is extended by hours");
		hours += k->events[i]->term.count;
	}
	int64_t missing = hours * HOUR_MS;
	struct instant t = k->in->started, end;
	while (missing > 0) {
		t = next_run(k, t, working_only, &end);
		int64_t run = end.ms - t.ms < missing ? end.ms - t.ms : missing;
		if (seen > t.ms) used_ms += seen - t.ms < run ? seen - t.ms : run;
		missing -= run;
		t.ms += run;
	}
	d->unit = TERM_HOURS;
	d->ends = t;
	d->due = d->lapses = k->raw = zone_date(k->in->zone, t);
	d->total = (int)hours;
	d->used = (int)(used_ms / HOUR_MS);
	d->left = d->total - d->used;
	clock_apply_outages(k, d);
	if (seen > d->ends.ms) d->left = -(int)((seen - d->ends.ms) / HOUR_MS);
	return NULL;
}
