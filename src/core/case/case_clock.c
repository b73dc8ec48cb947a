#include "core/case/case_clock.h"

bool case_term_of_span(const struct span *s, struct deadline_term *ret)
{
	static const struct {
		enum span_unit span;
		enum term_unit term;
	} units[] = {
		{ SPAN_HOURS, TERM_HOURS },
		{ SPAN_WORKING_DAYS, TERM_WORKING_DAYS },
		{ SPAN_CALENDAR_DAYS, TERM_CALENDAR_DAYS },
		{ SPAN_MONTHS, TERM_MONTHS },
		{ SPAN_YEARS, TERM_YEARS },
	};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].span == s->unit && s->max > 0) {
			*ret = (struct deadline_term){ s->max, units[i].term };
			return true;
		}
	}
	return false;
}

const struct regime *case_regime(struct town *t, const struct procedure *p)
{
	return regime_find(str_is_empty(p->regime) ? town_pack(t)->regime : p->regime);
}

static struct err *compute(struct town *t, const struct procedure *p, struct arena *a,
	struct deadline_input *in, struct deadline *ret, bool *ret_has)
{
	in->regime = case_regime(t, p);
	in->calendar = town_calendar(t);
	in->zone = t->zone;
	if (!in->regime || !case_term_of_span(&p->sheet.term, &in->term)) {
		*ret_has = false;
		return NULL;
	}
	TRY(deadline_compute(a, in, ret));
	*ret_has = true;
	return NULL;
}

struct err *case_deadline_of_filing(struct town *t, const struct procedure *p, struct arena *a,
	struct instant at, struct deadline *ret, bool *ret_has)
{
	struct deadline_input in = { .start = START_FILING, .started = at, .now = at };
	return compute(t, p, a, &in, ret, ret_has);
}

static bool kind_of(struct str name, enum deadline_event_kind *ret)
{
	static const struct {
		const char *name;
		enum deadline_event_kind kind;
	} kinds[] = { { "pause", DEADLINE_PAUSE }, { "resume", DEADLINE_RESUME }, { "met", DEADLINE_MET } };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_eq(name, str_of(kinds[i].name))) {
			*ret = kinds[i].kind;
			return true;
		}
	}
	return false;
}

struct err *case_deadline(const struct case_record *c, struct db *db, struct arena *a, struct instant now,
	struct deadline *ret, bool *ret_has)
{
	struct case_clock_all_rows rows;
	TRY(case_clock_all(db, a, &(struct case_clock_all_in){ .case_id = c->row.id }, &rows));
	struct deadline_event *events = ARENA_ARRAY(a, struct deadline_event, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		must(kind_of(rows.items[i].kind, &events[i].kind));
		events[i].at = rows.items[i].at;
		events[i].from = events[i].until = events[i].moved_to = DATE_NONE;
		events[i].reason = rows.items[i].reason;
	}
	struct deadline_input in = { .start = START_FILING,
		.started = c->row.filed_at,
		.events = events,
		.event_count = rows.count,
		.now = now };
	return compute(c->town, c->procedure, a, &in, ret, ret_has);
}

struct err *case_correction_due(struct town *t, const struct procedure *p, struct arena *a, struct instant at,
	struct date *ret)
{
	const struct regime *regime = case_regime(t, p);
	struct deadline_term term;
	bool has = regime && case_term_of_span(&p->sheet.correction, &term);
	const struct rule *rule = NULL;
	if (regime && !has) TRY(deadline_correction(a, regime, zone_date(t->zone, at), &term, &rule, &has));
	if (!has) {
		*ret = DATE_NONE;
		return NULL;
	}
	struct deadline_input in = { .regime = regime,
		.calendar = town_calendar(t),
		.zone = t->zone,
		.term = term,
		.start = START_NOTICE,
		.started = at,
		.now = at };
	struct deadline deadline;
	TRY(deadline_compute(a, &in, &deadline));
	*ret = deadline.due;
	return NULL;
}

struct err *case_clock_record(struct tx *tx, int64_t case_id, enum case_clock_kind kind, struct str reason)
{
	static const char *const names[] = { "pause", "resume", "met" };
	return case_clock_insert(tx->db, tx->arena,
		&(struct case_clock_insert_in){ .case_id = case_id,
			.kind = str_of(names[kind]),
			.at = tx->now,
			.reason = reason },
		NULL);
}
