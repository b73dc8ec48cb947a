#include "core/clock/deadline_internal.h"

int clock_rule(struct clock *k, enum rule_id id)
{
	const struct rule *rule = regime_rule(k->in->regime, id, k->base);
	if (!rule) {
		k->missing = rule_name(id);
		return 0;
	}
	k->used[id] = rule;
	return rule->value;
}

const struct stop *clock_stop_of(const struct clock *k, struct date d)
{
	for (size_t i = 0; i < k->stop_count; i++)
		if (k->stops[i].from.days <= d.days && d.days <= k->stops[i].to.days) return &k->stops[i];
	return NULL;
}

struct date clock_next_running_working(const struct clock *k, struct date d)
{
	while (!calendar_is_working(k->in->calendar, d) || clock_stop_of(k, d))
		d = date_add_days(d, 1);
	return d;
}

struct instant clock_day_start(const struct clock *k, struct date d)
{
	return zone_day_start(k->in->zone, d);
}

static struct err *check_term(struct arena *a, struct deadline_term t)
{
	if (t.count < 1 || t.count > DEADLINE_COUNT_MAX)
		return ERR(a, ERR_INVALID, NULL, "a term of %d is out of range", t.count);
	if ((t.unit == TERM_YEARS && t.count > 20) || (t.unit == TERM_MONTHS && t.count > 240))
		return ERR(a, ERR_INVALID, NULL, "a term of %d months or years is out of range", t.count);
	return NULL;
}

static struct err *check_event(struct arena *a, const struct deadline_event *e)
{
	bool needs_days = e->kind == DEADLINE_SUSPENSION || e->kind == DEADLINE_OUTAGE;
	if (needs_days && (date_is_none(e->from) || date_is_none(e->until) || e->until.days < e->from.days))
		return ERR(a, ERR_INVALID, NULL, "a suspension or outage needs its days in order");
	if (e->kind == DEADLINE_OUTAGE && (date_is_none(e->moved_to) || e->moved_to.days < e->until.days))
		return ERR(a, ERR_INVALID, NULL, "an outage needs the later day it moves to");
	if (!needs_days && instant_is_none(e->at)) return ERR(a, ERR_INVALID, NULL, "an event needs its moment");
	return e->kind == DEADLINE_EXTEND ? check_term(a, e->term) : NULL;
}

static struct instant event_at(const struct clock *k, const struct deadline_event *e)
{
	return e->kind == DEADLINE_SUSPENSION || e->kind == DEADLINE_OUTAGE ? clock_day_start(k, e->from) : e->at;
}

/* Copies the events by time; those at the same moment keep the order they were given in. */
static struct err *sort_events(struct clock *k)
{
	const struct deadline_input *in = k->in;
	if (in->event_count > DEADLINE_EVENT_MAX)
		return ERR(k->arena, ERR_INVALID, NULL, "%zu events on one clock", in->event_count);
	k->events = ARENA_ARRAY(k->arena, const struct deadline_event *, in->event_count);
	for (size_t i = 0; i < in->event_count; i++) {
		TRY(check_event(k->arena, &in->events[i]));
		size_t at = k->event_count++;
		while (at > 0 && event_at(k, k->events[at - 1]).ms > event_at(k, &in->events[i]).ms) {
			k->events[at] = k->events[at - 1];
			at--;
		}
		k->events[at] = &in->events[i];
	}
	return NULL;
}

static bool is_before(struct date x, struct date y) { return x.days < y.days; }

/* A pause opens the day after it was notified: that day itself still counts. */
static void open_pause(struct clock *k, const struct deadline_event *e)
{
	struct stop *s = &k->stops[k->stop_count++];
	*s = (struct stop){ .cause = e, .since = e->at, .is_open = true };
	s->from = date_add_days(zone_date(k->in->zone, e->at), 1);
	if (date_is_none(e->until)) return;
	if (is_before(e->until, k->last_seen)) s->is_open = false;
	s->to = e->until;
	s->until = clock_day_start(k, date_add_days(e->until, 1));
}

/* The answer's day does not count yet; counting goes on `resume` days later. */
static void close_pause(struct clock *k, struct stop *s, const struct deadline_event *e, int resume)
{
	struct date last = date_add_days(zone_date(k->in->zone, e->at), resume - 1);
	if (!date_is_none(s->cause->until) && is_before(s->cause->until, last)) return;
	s->to = last;
	s->until = e->at;
	s->end = e;
	s->is_open = false;
}

/* A pause that nobody ended is counted as if it ended now, so that there is a date to show. */
static void close_at_now(struct clock *k, struct stop *s, int resume)
{
	k->open = s;
	if (!date_is_none(s->cause->until)) return;
	s->to = date_add_days(k->last_seen, resume - 1);
	s->until = k->met ? k->met->at : k->in->now;
}

static void add_suspension(struct clock *k, const struct deadline_event *e)
{
	struct stop *s = &k->stops[k->stop_count++];
	*s = (struct stop){ .from = e->from, .to = e->until, .cause = e };
	s->since = clock_day_start(k, e->from);
	s->until = clock_day_start(k, date_add_days(e->until, 1));
	if (!is_before(k->today, e->from) && !is_before(e->until, k->today)) k->open = s;
}

static void find_stops(struct clock *k)
{
	struct stop *pause = NULL;
	k->stops = ARENA_ARRAY(k->arena, struct stop, k->event_count + 1);
	for (size_t i = 0; i < k->event_count; i++) {
		const struct deadline_event *e = k->events[i];
		if (e == k->met) break; /* nothing after the answer moves the clock */
		if (e->kind == DEADLINE_PAUSE && !(pause && pause->is_open) && clock_rule(k, RULE_PAUSE)) {
			pause = &k->stops[k->stop_count];
			open_pause(k, e);
		} else if (e->kind == DEADLINE_RESUME && pause && !pause->end) {
			close_pause(k, pause, e, clock_rule(k, RULE_RESUME));
		} else if (e->kind == DEADLINE_SUSPENSION && clock_rule(k, RULE_SUSPENSION)) {
			add_suspension(k, e);
		}
	}
	if (pause && pause->is_open) close_at_now(k, pause, clock_rule(k, RULE_RESUME));
}

/* --- the walk --------------------------------------------------------------------------------------- */

static bool is_months(enum term_unit u) { return u == TERM_MONTHS || u == TERM_YEARS; }

static int in_months(struct deadline_term t) { return t.unit == TERM_YEARS ? t.count * 12 : t.count; }

/* A calendar stretch of months from `from`: how many days it is, before stops. Where the month has no such
 * day, laws differ: its last day (es), or the next working day, which is looked for after the first of the
 * next month (mx). */
static int days_of_months(struct clock *k, struct date from, int months)
{
	struct date end = date_add_months(from, months, &k->is_clamped);
	k->months += months;
	if (clock_rule(k, RULE_MONTHS) == CLAMP_NEXT_WORKING_DAY && k->is_clamped) end = date_add_days(end, 1);
	return end.days - from.days;
}

/* Walks `count` days that run from the day after `from`; working days only, or all. */
static struct err *walk(const struct clock *k, struct date from, int count, bool working_only,
	struct date *ret)
{
	struct date d = from;
	while (count > 0) {
		d = date_add_days(d, 1);
		if (d.days - k->base.days > DEADLINE_SPAN_DAYS)
			return ERR(k->arena, ERR_INVALID, NULL, "the term ends more than 30 years on");
		if (clock_stop_of(k, d) || (working_only && !calendar_is_working(k->in->calendar, d))) continue;
		count--;
	}
	*ret = d;
	return NULL;
}

/* One stretch of the term: the term with the extensions in its own unit, or an extension in another. */
static struct err *walk_term(struct clock *k, struct deadline_term t, struct date *io_day)
{
	bool working = t.unit == TERM_WORKING_DAYS;
	int count = is_months(t.unit) ? days_of_months(k, *io_day, in_months(t)) : t.count;
	return walk(k, *io_day, count, working, io_day);
}

static bool same_kind(enum term_unit x, enum term_unit y) { return x == y || (is_months(x) && is_months(y)); }

static struct err *walk_days(struct clock *k, struct deadline *d)
{
	struct deadline_term whole = k->in->term;
	if (is_months(whole.unit)) whole = (struct deadline_term){ in_months(whole), TERM_MONTHS };
	d->unit = whole.unit == TERM_WORKING_DAYS ? TERM_WORKING_DAYS : TERM_CALENDAR_DAYS;
	for (size_t i = 0; i < k->event_count; i++) {
		const struct deadline_event *e = k->events[i];
		if (e->kind != DEADLINE_EXTEND || !same_kind(e->term.unit, whole.unit)) continue;
		whole.count += is_months(whole.unit) ? in_months(e->term) : e->term.count;
	}
	k->start_days = clock_rule(k, RULE_START);
	struct date day = date_add_days(k->base, k->start_days - 1);
	TRY(walk_term(k, whole, &day));
	for (size_t i = 0; i < k->event_count; i++) {
		const struct deadline_event *e = k->events[i];
		if (e->kind != DEADLINE_EXTEND || same_kind(e->term.unit, whole.unit)) continue;
		if (e->term.unit == TERM_HOURS)
			return ERR(k->arena, ERR_INVALID, NULL, "a term in days cannot be extended by hours");
		TRY(walk_term(k, e->term, &day));
		d->unit = TERM_CALENDAR_DAYS;
	}
	k->raw = day;
	return NULL;
}

void clock_apply_outages(struct clock *k, struct deadline *d)
{
	for (size_t i = 0; i < k->event_count; i++) {
		const struct deadline_event *e = k->events[i];
		if (e->kind != DEADLINE_OUTAGE || is_before(d->due, e->from) || is_before(e->until, d->due)) continue;
		if (!clock_rule(k, RULE_OUTAGE)) continue;
		k->outage = e;
		k->before_outage = d->due;
		d->due = clock_next_running_working(k, e->moved_to);
		d->lapses = date_add_days(d->due, 1);
		d->ends = clock_day_start(k, d->lapses);
	}
}

/* --- what the screen shows --------------------------------------------------------------------------- */

static bool counts(const struct clock *k, const struct deadline *d, struct date day)
{
	if (clock_stop_of(k, day)) return false;
	return d->unit != TERM_WORKING_DAYS || calendar_is_working(k->in->calendar, day);
}

static void count_days(const struct clock *k, struct deadline *d)
{
	struct date first = date_add_days(k->base, k->start_days);
	struct date end = is_before(d->due, k->last_seen) ? k->last_seen : d->due;
	for (struct date day = first; !is_before(end, day); day = date_add_days(day, 1)) {
		if (!counts(k, d, day)) continue;
		if (!is_before(d->due, day)) d->total++;
		if (!is_before(k->last_seen, day)) d->used++;
	}
	d->left = d->total - d->used;
}

static void fill_strip(const struct clock *k, struct deadline *d)
{
	if (is_months(k->in->term.unit)) return;
	d->strip.items = ARENA_ARRAY(k->arena, struct deadline_cell, (size_t)d->total);
	struct date day = date_add_days(k->base, k->start_days);
	for (; !is_before(d->due, day); day = date_add_days(day, 1)) {
		if (!counts(k, d, day)) continue;
		struct deadline_cell *cell = &d->strip.items[d->strip.count++];
		*cell = (struct deadline_cell){ .number = (int)d->strip.count,
			.date = day,
			.is_used = !is_before(k->last_seen, day),
			.is_today = day.days == k->today.days,
			.is_due = day.days == d->due.days };
	}
}

/* The last counted day of the first part of the term, by which a correction must have been asked. */
static struct date last_day_to_ask(struct clock *k, const struct deadline *d)
{
	const struct rule *rule = regime_rule(k->in->regime, RULE_CORRECTION_WINDOW, k->base);
	if (k->in->start != START_FILING || !rule || rule->value < 1) return DATE_NONE;
	int nth = d->total / rule->value;
	struct date day = k->base;
	while (nth > 0) {
		day = date_add_days(day, 1);
		if (counts(k, d, day)) nth--;
	}
	return day;
}

static enum deadline_state state_of(const struct clock *k, const struct deadline *d)
{
	if (k->met) return DEADLINE_DONE;
	if (k->in->now.ms >= d->ends.ms) return DEADLINE_LATE;
	return k->open ? DEADLINE_PAUSED : DEADLINE_RUNNING;
}

static bool may_act(const struct clock *k, const struct deadline *d)
{
	for (int id = 0; id < RULE_MAX; id++)
		if (k->used[id] && !k->used[id]->confirmed) return false;
	for (int year = date_year(k->base); year <= date_year(d->due); year++) {
		struct date day;
		must(date_of_ymd(year, 1, 1, &day));
		if (!calendar_is_published(k->in->calendar, day)) return false;
	}
	return true;
}

static struct err *compute_days(struct clock *k, struct deadline *d)
{
	TRY(walk_days(k, d));
	d->due = clock_rule(k, RULE_LAST_DAY) ? clock_next_running_working(k, k->raw) : k->raw;
	d->lapses = date_add_days(d->due, 1);
	d->ends = clock_day_start(k, d->lapses);
	clock_apply_outages(k, d);
	if (k->missing) return NULL;
	count_days(k, d);
	fill_strip(k, d);
	d->ask_by = last_day_to_ask(k, d);
	return NULL;
}

struct err *deadline_compute(struct arena *a, const struct deadline_input *in, struct deadline *ret)
{
	struct clock k = { .arena = a,
		.in = in,
		.base = zone_date(in->zone, in->started),
		.today = zone_date(in->zone, in->now) };
	struct deadline d = { .ask_by = DATE_NONE };
	TRY(check_term(a, in->term));
	TRY(sort_events(&k));
	for (size_t i = 0; i < k.event_count && !k.met; i++)
		if (k.events[i]->kind == DEADLINE_MET) k.met = k.events[i];
	k.last_seen = k.met ? zone_date(in->zone, k.met->at) : k.today;
	if (in->term.unit == TERM_WORKING_DAYS) (void)clock_rule(&k, RULE_WORKING_DAYS);
	find_stops(&k);
	TRY(in->term.unit == TERM_HOURS ? clock_walk_hours(&k, &d) : compute_days(&k, &d));
	if (k.missing)
		return ERR(a, ERR_INVALID, NULL, "the regime %s has no rule %s", in->regime->name, k.missing);
	d.state = state_of(&k, &d);
	d.is_met_late = k.met && k.met->at.ms >= d.ends.ms;
	d.may_act = may_act(&k, &d);
	clock_explain(&k, &d);
	*ret = d;
	return NULL;
}
