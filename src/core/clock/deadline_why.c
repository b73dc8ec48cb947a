/*
 * 'Why this date', line by line: everything that moved it, in order of date, then the due date itself and what
 * one must know about it. Keys are in clock.*.po.
 */
#include "core/clock/deadline_internal.h"

static struct deadline_line *add(struct clock *k, struct date from, struct date to, const char *key)
{
	if (k->line_count == k->line_max) {
		size_t max = k->line_max ? k->line_max * 2 : 16;
		struct deadline_line *more = ARENA_ARRAY(k->arena, struct deadline_line, max);
		if (k->line_count) memcpy(more, k->lines, k->line_count * sizeof *more);
		k->lines = more;
		k->line_max = max;
	}
	struct deadline_line *line = &k->lines[k->line_count++];
	*line = (struct deadline_line){ .from = from,
		.to = to,
		.key = key,
		.is_future = from.days > k->today.days };
	return line;
}

static void why_started(struct clock *k)
{
	static const char *const keys[] = {
		[START_FILING] = "clock.why.filed",
		[START_NOTICE] = "clock.why.noticed",
		[START_PAYMENT] = "clock.why.paid",
		[START_COMPLETE] = "clock.why.complete",
	};
	const char *key = keys[k->in->start];
	if (k->in->term.unit == TERM_HOURS)
		key = "clock.why.from_the_hour";
	else if (k->in->start == START_FILING && !calendar_is_working(k->in->calendar, k->base))
		key = "clock.why.filed_closed";
	add(k, k->base, k->base, key)->rule = k->used[k->in->term.unit == TERM_HOURS ? RULE_HOURS : RULE_START];
}

/* "Corrieron 5 días hábiles": one line for each stretch between stops. */
static void why_ran(struct clock *k, const struct deadline *d)
{
	if (!k->used[RULE_START]) return; /* hours are not told day by day */
	struct deadline_line *line = NULL;
	struct date end = d->due.days < k->last_seen.days ? d->due : k->last_seen;
	struct date day = date_add_days(k->base, k->used[RULE_START]->value);
	for (; day.days <= end.days; day = date_add_days(day, 1)) {
		if (clock_stop_of(k, day))
			line = NULL;
		else if (d->unit != TERM_WORKING_DAYS || calendar_is_working(k->in->calendar, day)) {
			const char *key = d->unit == TERM_WORKING_DAYS ? "clock.why.ran" : "clock.why.ran_calendar";
			if (!line) line = add(k, day, day, key);
			line->to = day;
			line->n++;
		}
	}
}

/* Listed days that would have counted. Neighbours of the same name are one line, a week-end between them
 * included. */
static void why_holidays(struct clock *k, const struct deadline *d)
{
	if (d->unit == TERM_CALENDAR_DAYS) return;
	struct deadline_line *line = NULL;
	for (struct date day = date_add_days(k->base, 1); day.days <= d->due.days; day = date_add_days(day, 1)) {
		const struct work_day *listed = calendar_day_of(k->in->calendar, day);
		if (clock_stop_of(k, day) || calendar_is_working(k->in->calendar, day))
			line = NULL;
		else if (listed && line && str_eq(line->name, listed->name))
			line->to = day;
		else if (listed && !calendar_is_closed_weekday(k->in->calendar, day)) {
			line = add(k, day, day, "clock.why.holiday");
			line->name = listed->name;
			line->n = 1;
		}
	}
}

static int number_of_next(const struct deadline *d, struct date after)
{
	for (size_t i = 0; i < d->strip.count; i++)
		if (d->strip.items[i].date.days > after.days) return d->strip.items[i].number;
	return 0;
}

static void why_resumed(struct clock *k, const struct deadline *d, const struct stop *s)
{
	int next = number_of_next(d, s->to); /* 0: the term has no numbered days left, or none at all */
	const char *key = next ? "clock.why.pause_ended" : "clock.why.pause_ended_plain";
	struct date day = s->to;
	if (s->is_open && date_is_none(s->cause->until)) {
		key = next ? "clock.why.if_resumed" : "clock.why.if_resumed_plain";
	} else if (s->end) {
		key = next ? "clock.why.resumed" : "clock.why.resumed_plain";
		day = zone_date(k->in->zone, s->end->at);
	}
	struct deadline_line *line = add(k, day, day, key);
	line->rule = k->used[RULE_RESUME];
	line->n = next;
}

static void why_stopped(struct clock *k, const struct deadline *d)
{
	for (size_t i = 0; i < k->stop_count; i++) {
		const struct stop *s = &k->stops[i];
		if (s->from.days > d->due.days + 1) continue;
		if (s->cause->kind == DEADLINE_SUSPENSION) {
			struct deadline_line *line = add(k, s->from, s->to, "clock.why.suspended");
			line->name = s->cause->reason;
			line->rule = k->used[RULE_SUSPENSION];
			continue;
		}
		struct date day = zone_date(k->in->zone, s->cause->at);
		struct deadline_line *line = add(k, day, day, "clock.why.paused");
		line->name = s->cause->reason;
		line->rule = k->used[RULE_PAUSE];
		why_resumed(k, d, s);
	}
}

static void why_extended(struct clock *k)
{
	static const char *const keys[] = {
		[TERM_HOURS] = "clock.why.extended_hours",
		[TERM_WORKING_DAYS] = "clock.why.extended_working",
		[TERM_CALENDAR_DAYS] = "clock.why.extended_calendar",
		[TERM_MONTHS] = "clock.why.extended_months",
		[TERM_YEARS] = "clock.why.extended_years",
	};
	for (size_t i = 0; i < k->event_count; i++) {
		const struct deadline_event *e = k->events[i];
		if (e->kind != DEADLINE_EXTEND) continue;
		struct date day = zone_date(k->in->zone, e->at);
		struct deadline_line *line = add(k, day, day, keys[e->term.unit]);
		line->n = e->term.count;
		line->name = e->reason;
		line->rule = regime_rule(k->in->regime, RULE_EXTENSION_MAX, k->base);
	}
}

/* By day; lines of the same day keep the order in which they were written. */
static void sort_lines(struct clock *k)
{
	for (size_t i = 1; i < k->line_count; i++) {
		struct deadline_line line = k->lines[i];
		size_t at = i;
		for (; at > 1 && k->lines[at - 1].from.days > line.from.days; at--)
			k->lines[at] = k->lines[at - 1];
		k->lines[at] = line;
	}
}

/* The last steps: the day the months give, the move off a closed day, the failure of the office. */
static void why_moved(struct clock *k, const struct deadline *d)
{
	struct date unmoved = k->outage ? k->before_outage : d->due;
	if (k->months) {
		struct deadline_line *line = add(k, k->raw, k->raw,
			k->is_clamped ? "clock.why.no_such_day" : "clock.why.same_day");
		line->n = k->months;
		line->rule = k->used[RULE_MONTHS];
	}
	if (d->unit != TERM_HOURS && k->raw.days != unmoved.days) {
		const struct work_day *listed = calendar_day_of(k->in->calendar, k->raw);
		struct deadline_line *line = add(k, k->raw, unmoved,
			listed ? "clock.why.moved_named" : "clock.why.moved");
		if (listed) line->name = listed->name;
		line->rule = k->used[RULE_LAST_DAY];
	}
	if (k->outage) {
		struct deadline_line *line = add(k, k->outage->from, k->outage->until, "clock.why.outage");
		line->name = k->outage->reason;
		line->rule = k->used[RULE_OUTAGE];
	}
}

static void why_due(struct clock *k, const struct deadline *d)
{
	const char *key = "clock.why.due";
	if (d->unit == TERM_CALENDAR_DAYS) key = "clock.why.due_calendar";
	if (d->unit == TERM_HOURS) key = "clock.why.due_hours";
	add(k, d->due, d->due, key)->n = d->total;
	if (k->met && d->is_met_late)
		add(k, k->last_seen, k->last_seen, "clock.why.met_late")->n = -d->left;
	else if (k->met)
		add(k, k->last_seen, k->last_seen, "clock.why.met");
	else if (d->state == DEADLINE_LATE)
		add(k, d->lapses, k->today, "clock.why.late")->n = -d->left;
}

static void why_doubtful(struct clock *k, const struct deadline *d)
{
	for (struct date day = k->base; day.days <= d->due.days; day = date_add_days(day, 1)) {
		if (calendar_is_published(k->in->calendar, day)) continue;
		add(k, day, d->due, "clock.why.unpublished")->name = arena_printf(k->arena, "%d", date_year(day));
		break;
	}
	for (int id = 0; id < RULE_MAX; id++) {
		if (!k->used[id] || k->used[id]->confirmed) continue;
		add(k, d->due, d->due, "clock.why.unconfirmed")->rule = k->used[id];
		break;
	}
}

void clock_explain(struct clock *k, struct deadline *d)
{
	why_started(k);
	why_ran(k, d);
	why_holidays(k, d);
	why_stopped(k, d);
	why_extended(k);
	sort_lines(k);
	why_moved(k, d);
	why_due(k, d);
	why_doubtful(k, d);
	d->lines.items = k->lines;
	d->lines.count = k->line_count;
}
