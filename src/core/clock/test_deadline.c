#include "base/testing.h"
#include "core/clock/deadline.h"
#include "core/clock/holidays.h"

/* One town's clock for the vectors: Monday to Friday and the holidays no region can replace. */
struct bench {
	struct test *t;
	struct deadline_input in;
	struct deadline_event events[8];
};

static struct work_calendar *national(struct test *t, const char *law)
{
	enum { FROM = 2024, TO = 2028 };
	static const int years[] = { 2024, 2025, 2026, 2027, 2028 };
	struct work_day days[80];
	size_t n = 0;
	for (int year = FROM; year <= TO; year++) {
		struct holidays list = { 0 };
		must(!holidays_propose(t->arena, str_of(law), year, &list));
		for (size_t i = 0; i < list.count; i++)
			if (!list.items[i].replaceable)
				days[n++] = (struct work_day){ list.items[i].date, str_of(list.items[i].key), STR("test") };
	}
	struct work_list l = { .closed_weekdays = CALENDAR_WEEKEND,
		.days = days,
		.count = n,
		.years = years,
		.year_count = TO - FROM + 1 };
	struct work_calendar *c = NULL;
	must(!calendar_new(t->arena, &l, &c));
	return c;
}

static struct instant at(const struct bench *b, const char *when, int hour, int minute)
{
	struct date d;
	must(date_parse(str_of(when), &d));
	return zone_instant(b->in.zone, d, hour, minute, 0);
}

static struct date day(const char *when)
{
	struct date d;
	must(date_parse(str_of(when), &d));
	return d;
}

static struct bench bench(struct test *t, const char *regime, int count, enum term_unit unit,
	const char *started)
{
	bool es = regime[0] == 'e';
	struct zone *zone = NULL;
	must(!zone_load(t->arena, es ? STR("Europe/Madrid") : STR("America/Mexico_City"), &zone));
	struct bench b = { .t = t };
	b.in = (struct deadline_input){ .regime = regime_find(str_of(regime)),
		.zone = zone,
		.calendar = national(t, es ? "es-rd2001-45" : "mx-lft-74"),
		.term = { count, unit } };
	must(b.in.regime);
	b.in.started = at(&b, started, 10, 42);
	b.in.now = b.in.started;
	return b;
}

static struct deadline_event *event(struct bench *b, enum deadline_event_kind kind, const char *when)
{
	struct deadline_event *e = &b->events[b->in.event_count++];
	*e = (struct deadline_event){ .kind = kind,
		.until = DATE_NONE,
		.from = DATE_NONE,
		.moved_to = DATE_NONE,
		.reason = STR("motivo") };
	e->at = at(b, when, 13, 20);
	b->in.events = b->events;
	return e;
}

static struct deadline run(struct bench *b)
{
	struct deadline d = { 0 };
	struct err *e = deadline_compute(b->t->arena, &b->in, &d);
	if (e) test_fail(b->t, __FILE__, __LINE__, "%s", e->detail);
	return d;
}

static struct str due(struct test *t, const char *regime, int count, enum term_unit unit, const char *started)
{
	struct bench b = bench(t, regime, count, unit, started);
	return date_iso(t->arena, run(&b).due);
}

/* "2026-11-11/2026-11-18 clock.why.ran 5" for each line, to compare at a glance. */
static struct str why(struct test *t, const struct deadline *d)
{
	struct str parts[40];
	size_t n = 0;
	for (size_t i = 0; i < d->lines.count && n < 40; i++) {
		const struct deadline_line *l = &d->lines.items[i];
		struct str from = date_iso(t->arena, l->from), to = date_iso(t->arena, l->to);
		parts[n++] = str_eq(from, to)
			? arena_printf(t->arena, "%s %s %d", from.p, l->key + 10, l->n)
			: arena_printf(t->arena, "%s/%s %s %d", from.p, to.p, l->key + 10, l->n);
	}
	return arena_join(t->arena, parts, n, STR("\n"));
}

/* Published vectors: Ley 39/2015 art. 30 with national holidays only. */
TEST(deadline_vectors_of_spain)
{
	CHECK_STR(due(t, "es-ley39", 10, TERM_WORKING_DAYS, "2027-03-22"), "2027-04-06");
	CHECK_STR(due(t, "es-ley39", 10, TERM_WORKING_DAYS, "2026-07-30"), "2026-08-13"); /* August counts */
	CHECK_STR(due(t, "es-ley39", 1, TERM_MONTHS, "2027-01-31"), "2027-03-01");
	CHECK_STR(due(t, "es-ley39", 1, TERM_MONTHS, "2026-07-15"), "2026-08-17");
	CHECK_STR(due(t, "es-ley39", 3, TERM_MONTHS, "2026-11-30"), "2027-03-01");
	CHECK_STR(due(t, "es-ley39", 1, TERM_YEARS, "2024-02-29"),
		"2025-02-28"); /* art. 30.4: last day of the month */
	CHECK_STR(due(t, "es-ley39", 10, TERM_CALENDAR_DAYS, "2026-07-30"),
		"2026-08-10"); /* the 9th is a Sunday */
}

/* Published vectors: Mexico, statutory holidays only. */
TEST(deadline_vectors_of_mexico)
{
	CHECK_STR(due(t, "mx-guanajuato", 10, TERM_WORKING_DAYS, "2026-11-06"), "2026-11-23");
	CHECK_STR(due(t, "mx-guanajuato", 5, TERM_WORKING_DAYS, "2027-03-11"), "2027-03-19");
	CHECK_STR(due(t, "mx-guanajuato", 10, TERM_WORKING_DAYS, "2026-12-18"), "2027-01-05");
	CHECK_STR(due(t, "mx-guanajuato", 3, TERM_MONTHS, "2026-08-16"), "2026-11-17");
	/* LFPA art. 29 by analogy: no 31 November, so the first working day of December, not the end of November. */
	CHECK_STR(due(t, "mx-guanajuato", 3, TERM_MONTHS, "2026-08-31"), "2026-12-01");
	CHECK_STR(due(t, "es-ley39", 3, TERM_MONTHS, "2026-08-31"), "2026-11-30");
}

/* Tribunal de lo Contencioso Administrativo de Guanajuato, 1026/3ª Sala/14: filed on 4 June 2014, the claimant
 * counts 20 working days and says that silence formed on 3 July. */
TEST(deadline_of_the_guanajuato_claim)
{
	struct bench b = bench(t, "mx-guanajuato", 20, TERM_WORKING_DAYS, "2014-06-04");
	struct deadline d = run(&b);
	CHECK_STR(date_iso(t->arena, d.due), "2014-07-02");
	CHECK_STR(date_iso(t->arena, d.lapses), "2014-07-03");
	CHECK(!d.may_act); /* no list was published for 2014, and the rules are unconfirmed */
}

/* The screen 07-expediente: filed on 10 November, correction asked on the 18th, looked at on the 24th. */
TEST(deadline_of_the_case_screen)
{
	struct bench b = bench(t, "mx-guanajuato", 15, TERM_WORKING_DAYS, "2026-11-10");
	event(&b, DEADLINE_PAUSE, "2026-11-18")->reason = STR("corrección");
	b.in.now = at(&b, "2026-11-24", 9, 0);
	struct deadline d = run(&b);
	CHECK_INT(d.state, DEADLINE_PAUSED);
	CHECK_INT(d.total, 15);
	CHECK_INT(d.used, 5);
	CHECK_INT(d.left, 10);
	CHECK_STR(date_iso(t->arena, d.due), "2026-12-08");
	CHECK_STR(date_iso(t->arena, d.ask_by), "2026-11-18"); /* the first third of 15 */
	CHECK_STR(why(t, &d),
		"2026-11-10 filed 0\n"
		"2026-11-11/2026-11-18 ran 5\n"
		"2026-11-16 holiday 1\n"
		"2026-11-18 paused 0\n"
		"2026-11-24 if_resumed 6\n"
		"2026-12-08 due 15\n"
		"2026-12-08 unconfirmed 0");
	CHECK_INT(d.strip.count, 15);
	CHECK(d.strip.items[4].is_used && !d.strip.items[5].is_used && d.strip.items[14].is_due);
	CHECK_STR(date_iso(t->arena, d.strip.items[5].date), "2026-11-25");
}

/* The person's ten days to correct, from the notice opened on 18 November. */
TEST(deadline_to_correct)
{
	struct bench b = bench(t, "mx-guanajuato", 10, TERM_WORKING_DAYS, "2026-11-18");
	b.in.start = START_NOTICE;
	b.in.now = at(&b, "2026-11-24", 9, 0);
	struct deadline d = run(&b);
	CHECK_STR(date_iso(t->arena, d.due), "2026-12-02");
	CHECK_INT(d.left, 6);
	CHECK_INT(d.state, DEADLINE_RUNNING);
	CHECK(date_is_none(d.ask_by));
	CHECK(d.strip.items[3].is_today && d.strip.items[3].is_used);
}

TEST(deadline_goes_on_the_day_after_the_answer)
{
	struct bench b = bench(t, "es-ley39", 15, TERM_WORKING_DAYS, "2026-11-10");
	event(&b, DEADLINE_RESUME, "2026-11-24"); /* events in any order */
	event(&b, DEADLINE_PAUSE, "2026-11-18");
	b.in.now = at(&b, "2026-11-26", 9, 0);
	struct deadline d = run(&b);
	CHECK_INT(d.state, DEADLINE_RUNNING);
	CHECK_INT(d.used, 8); /* 11, 12, 13, 16, 17, 18, 25, 26 */
	CHECK_STR(date_iso(t->arena, d.due), "2026-12-07");
	CHECK_STR(why(t, &d),
		"2026-11-10 filed 0\n2026-11-11/2026-11-18 ran 6\n2026-11-18 paused 0\n"
		"2026-11-24 resumed 7\n2026-11-25/2026-11-26 ran 2\n2026-12-07 due 15");
	CHECK(d.may_act);
}

/* Ley 39/2015, art. 22.1: the days of the pause are added to a term in months. */
TEST(deadline_in_months_moves_by_the_days_of_the_pause)
{
	struct bench b = bench(t, "es-ley39", 3, TERM_MONTHS, "2026-09-01");
	event(&b, DEADLINE_PAUSE, "2026-10-01");
	event(&b, DEADLINE_RESUME, "2026-10-11");
	struct deadline d = run(&b);
	CHECK_STR(date_iso(t->arena, d.due), "2026-12-11"); /* 1 December and 10 days */
	CHECK_INT(d.unit, TERM_CALENDAR_DAYS);
	CHECK_INT(d.total, 91);
	CHECK_INT(d.strip.count, 0);
}

TEST(deadline_pause_may_end_by_itself)
{
	struct bench b = bench(t, "es-ley39", 10, TERM_WORKING_DAYS, "2026-11-02");
	event(&b, DEADLINE_PAUSE, "2026-11-04")->until = day("2026-11-10");
	b.in.now = at(&b, "2026-11-12", 9, 0);
	struct deadline d = run(&b);
	CHECK_INT(d.state, DEADLINE_RUNNING);
	CHECK_INT(d.used, 4); /* 3, 4, 11, 12 */
	CHECK_STR(date_iso(t->arena, d.due), "2026-11-20");
	event(&b, DEADLINE_RESUME, "2026-11-30"); /* an answer after that changes nothing */
	CHECK_STR(date_iso(t->arena, run(&b).due), "2026-11-20");
	b.in.now = at(&b, "2026-11-06", 9, 0);
	b.in.event_count = 1;
	d = run(&b);
	CHECK_INT(d.state, DEADLINE_PAUSED);
	CHECK_STR(date_iso(t->arena, d.due), "2026-11-20");
}

TEST(deadline_stops_for_a_town_wide_suspension)
{
	struct bench b = bench(t, "es-ley39", 10, TERM_WORKING_DAYS, "2026-11-02");
	struct deadline_event *e = event(&b, DEADLINE_SUSPENSION, "2026-11-02");
	e->from = day("2026-11-05");
	e->until = day("2026-11-11");
	e->reason = STR("Decreto de inundaciones");
	b.in.now = at(&b, "2026-11-06", 9, 0);
	struct deadline d = run(&b);
	CHECK_INT(d.state, DEADLINE_PAUSED);
	CHECK_STR(date_iso(t->arena, d.due), "2026-11-23");
	CHECK(!d.may_act); /* the act that suspends has to be confirmed by a person */
	CHECK_STR(d.lines.items[2].name, "Decreto de inundaciones");
	b.in.term = (struct deadline_term){ 1, TERM_MONTHS };
	CHECK_STR(date_iso(t->arena, run(&b).due), "2026-12-09"); /* 2 December and 7 days */
}

/* Ley 39/2015, art. 32.4: terms not yet run out when the office failed, and due meanwhile. */
TEST(deadline_moves_after_an_outage_only_when_due_meanwhile)
{
	struct bench b = bench(t, "es-ley39", 10, TERM_WORKING_DAYS, "2026-11-02");
	struct deadline_event *e = event(&b, DEADLINE_OUTAGE, "2026-11-02");
	e->from = day("2026-11-16");
	e->until = day("2026-11-17");
	e->moved_to = day("2026-11-21"); /* a Saturday: the working day after */
	struct deadline d = run(&b);
	CHECK_STR(date_iso(t->arena, d.due), "2026-11-23");
	CHECK(d.may_act);
	e->until = day("2026-11-15");
	e->from = day("2026-11-13");
	CHECK_STR(date_iso(t->arena, run(&b).due), "2026-11-16");
	e->moved_to = day("2026-11-14");
	struct deadline unused;
	CHECK_ERR(deadline_compute(t->arena, &b.in, &unused), ERR_INVALID);
}

TEST(deadline_extends_in_its_own_or_another_unit)
{
	struct bench b = bench(t, "es-ley39", 10, TERM_WORKING_DAYS, "2026-11-02");
	event(&b, DEADLINE_EXTEND, "2026-11-10")->term = (struct deadline_term){ 5, TERM_WORKING_DAYS };
	struct deadline d = run(&b);
	CHECK_STR(date_iso(t->arena, d.due), "2026-11-23");
	CHECK_INT(d.total, 15);
	b.in.term = (struct deadline_term){ 1, TERM_MONTHS };
	CHECK_STR(date_iso(t->arena, run(&b).due), "2026-12-10"); /* 2 December, then 3, 4, 7, 9, 10 */
	b.events[0].term = (struct deadline_term){ 1, TERM_YEARS };
	CHECK_STR(date_iso(t->arena, run(&b).due), "2027-12-02");
	b.events[0].term = (struct deadline_term){ 5, TERM_HOURS };
	struct deadline unused;
	CHECK_ERR(deadline_compute(t->arena, &b.in, &unused), ERR_INVALID);
}

TEST(deadline_late_and_met)
{
	struct bench b = bench(t, "es-ley39", 5, TERM_WORKING_DAYS, "2026-11-02");
	b.in.now = at(&b, "2026-11-09", 23, 59);
	CHECK_INT(run(&b).state, DEADLINE_RUNNING); /* the last day is whole */
	CHECK_INT(run(&b).left, 0);
	b.in.now = at(&b, "2026-11-10", 0, 0);
	CHECK_INT(run(&b).state, DEADLINE_LATE);
	b.in.now = at(&b, "2026-11-12", 9, 0);
	CHECK_INT(run(&b).left, -3);
	event(&b, DEADLINE_MET, "2026-11-06");
	struct deadline d = run(&b);
	CHECK(d.state == DEADLINE_DONE && !d.is_met_late && d.left == 1);
	b.events[0].at = at(&b, "2026-11-11", 9, 0);
	d = run(&b);
	CHECK(d.state == DEADLINE_DONE && d.is_met_late && d.left == -2);
}

/* Ley 39/2015, art. 30.1: from minute to minute, all the hours of a working day, none of the others. */
TEST(deadline_in_hours)
{
	struct bench b = bench(t, "es-ley39", 24, TERM_HOURS, "2026-11-06"); /* a Friday, 10:42 */
	struct deadline d = run(&b);
	CHECK_STR(instant_iso(t->arena, d.ends), "2026-11-09T09:42:00.000Z"); /* Monday 10:42 in Madrid */
	b.in.now = at(&b, "2026-11-09", 0, 0);
	CHECK_INT(run(&b).used, 13);
	b.in.now = at(&b, "2026-11-09", 11, 42);
	CHECK_INT(run(&b).left, -1);
	CHECK_INT(run(&b).state, DEADLINE_LATE);
	b.in.started = at(&b, "2026-11-07", 12, 0); /* a Saturday: from Monday's first minute */
	b.in.now = b.in.started;
	CHECK_STR(instant_iso(t->arena, run(&b).ends), "2026-11-09T23:00:00.000Z");
	event(&b, DEADLINE_PAUSE, "2026-11-09");  /* 13:20 */
	event(&b, DEADLINE_RESUME, "2026-11-10"); /* 13:20 */
	CHECK_STR(instant_iso(t->arena, run(&b).ends), "2026-11-10T23:00:00.000Z");
}

/* The day of 23 hours (29 March 2026) is a Sunday; Monday's hours must not be off by one. */
TEST(deadline_in_hours_over_the_change_of_clocks)
{
	struct bench b = bench(t, "es-ley39", 24, TERM_HOURS, "2026-03-27");
	CHECK_STR(instant_iso(t->arena, run(&b).ends), "2026-03-30T08:42:00.000Z"); /* 10:42 summer time */
}

/* Ley 39/2015, art. 31.2 b); Mexico: the filing stands and counting starts on the next working day. */
TEST(deadline_of_a_filing_on_a_sunday)
{
	struct bench es = bench(t, "es-ley39", 5, TERM_WORKING_DAYS, "2026-11-08");
	struct deadline d = run(&es);
	CHECK_STR(date_iso(t->arena, d.due), "2026-11-13");
	CHECK_STR(str_of(d.lines.items[0].key), "clock.why.filed_closed");
	CHECK_STR(date_iso(t->arena,
				  deadline_effect_date(es.in.regime, es.in.calendar, es.in.zone, es.in.started)),
		"2026-11-09");
	struct bench mx = bench(t, "mx-guanajuato", 5, TERM_WORKING_DAYS, "2026-11-08");
	CHECK_STR(date_iso(t->arena, run(&mx).due), "2026-11-13");
	CHECK_STR(date_iso(t->arena,
				  deadline_effect_date(mx.in.regime, mx.in.calendar, mx.in.zone, mx.in.started)),
		"2026-11-08");
}

/* The civil date is the town's: 23:30 in Mexico on the 9th is the 10th in UTC. */
TEST(deadline_counts_in_the_zone_of_the_town)
{
	struct bench b = bench(t, "mx-guanajuato", 1, TERM_WORKING_DAYS, "2026-11-09");
	b.in.started = at(&b, "2026-11-09", 23, 30);
	CHECK_STR(date_iso(t->arena, run(&b).due), "2026-11-10");
	CHECK_STR(instant_iso(t->arena, run(&b).ends), "2026-11-11T06:00:00.000Z");
}

TEST(deadline_beyond_the_published_list_does_not_act)
{
	struct bench b = bench(t, "es-ley39", 3, TERM_MONTHS, "2028-11-30");
	struct deadline d = run(&b);
	CHECK(!d.may_act);
	CHECK_STR(str_of(d.lines.items[d.lines.count - 1].key), "clock.why.unpublished");
	CHECK_STR(d.lines.items[d.lines.count - 1].name, "2029");
	b = bench(t, "es-ley39", 3, TERM_MONTHS, "2028-08-30");
	CHECK(run(&b).may_act);
}

TEST(deadline_refuses_what_it_cannot_count)
{
	struct bench b = bench(t, "es-ley39", 0, TERM_WORKING_DAYS, "2026-11-02");
	struct deadline unused;
	CHECK_ERR(deadline_compute(t->arena, &b.in, &unused), ERR_INVALID);
	b.in.term = (struct deadline_term){ DEADLINE_COUNT_MAX + 1, TERM_CALENDAR_DAYS };
	CHECK_ERR(deadline_compute(t->arena, &b.in, &unused), ERR_INVALID);
	b = bench(t, "es-ley39", 10, TERM_WORKING_DAYS, "2016-09-30"); /* the law was not in force */
	CHECK_ERR(deadline_compute(t->arena, &b.in, &unused), ERR_INVALID);
	b = bench(t, "es-ley39", 20, TERM_YEARS, "2026-11-02");
	event(&b, DEADLINE_EXTEND, "2026-11-03")->term = (struct deadline_term){ 20, TERM_YEARS };
	CHECK_ERR(deadline_compute(t->arena, &b.in, &unused), ERR_INVALID);
}
