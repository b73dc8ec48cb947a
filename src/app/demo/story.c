#include "app/demo/story.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

const char *act_name(enum act act)
{
	static const char *const names[] = {
#define X(act) #act,
		ACTS(X)
#undef X
	};
	must(act < ACT_NONE);
	return names[act];
}

/* One of those who see cases of that department; the first of all when there is none. */
static int64_t draw_clerk(struct dice *d, const struct story_staff *staff, struct str department)
{
	int64_t fitting[STORY_CLERKS_MAX];
	int64_t count = 0;
	for (size_t i = 0; i < staff->clerk_count; i++) {
		struct str own = staff->clerks[i].department;
		if (str_is_empty(own) || str_eq(own, department)) fitting[count++] = staff->clerks[i].id;
	}
	return count > 0 ? fitting[dice_below(d, count)] : staff->clerks[0].id;
}

/* Left lying are only cases of the last weeks: an office that forgets for months would be another demonstration. */
struct story story_draw(struct dice *d, int n, const struct procedure *p, const struct story_staff *staff,
	bool is_recent)
{
	must(staff->clerk_count > 0);
	struct story s = { .n = n, .procedure = p };
	s.is_at_counter = dice_chance(d, 24);
	s.clerk = draw_clerk(d, staff, p->department);
	s.is_forgotten = dice_chance(d, is_recent ? 5 : 0);
	s.is_stalled = dice_chance(d, is_recent ? 8 : 0);
	s.is_noted = dice_chance(d, 30);
	s.has_question = dice_chance(d, 22);
	s.is_asked = dice_chance(d, 26);
	s.is_corrected = dice_chance(d, is_recent ? 70 : 97);
	s.is_withdrawn = dice_chance(d, 4);
	s.is_refused = dice_chance(d, 9);
	s.is_signed = dice_chance(d, is_recent ? 90 : 100);
	s.is_paid = dice_chance(d, is_recent ? 75 : 97);
	s.is_collected = dice_chance(d, is_recent ? 75 : 96);
	return s;
}

/* --- when ------------------------------------------------------------------------------------------------------- */

static const struct opening *opening_of(const struct pack *pack, int weekday)
{
	for (size_t i = 0; i < pack->hours.count; i++) {
		if (pack->hours.items[i].weekdays >> weekday & 1) return &pack->hours.items[i];
	}
	return NULL;
}

struct instant story_office_time(struct dice *d, struct town *t, struct instant at)
{
	enum { EARLY_MINUTES = 10, LATE_MINUTES = 15, LOOK_DAYS = 60 };
	struct date day = zone_date(t->zone, at);
	for (int i = 0; i < LOOK_DAYS; i++, day = date_add_days(day, 1)) {
		const struct opening *opening = opening_of(town_pack(t), date_weekday(day));
		if (!opening || !calendar_is_working(town_calendar(t), day)) continue;
		struct instant start = zone_day_start(t->zone, day);
		int64_t first = start.ms + (int64_t)(opening->from_minute + EARLY_MINUTES) * MINUTE_MS;
		int64_t last = start.ms + (int64_t)(opening->to_minute - LATE_MINUTES) * MINUTE_MS;
		if (at.ms > last) continue;
		if (at.ms < first) at.ms = first + dice_below(d, 90 * MINUTE_MS);
		return at;
	}
	return at; /* a town that never opens: its pack is to blame, and the check would have said so */
}

/* When people are up. */
static struct instant citizen_time(struct dice *d, struct town *t, struct instant at)
{
	struct clock_time clock = zone_clock(t->zone, at);
	if (clock.hour >= 7 && clock.hour < 22) return at;
	struct date day = zone_date(t->zone, at);
	if (clock.hour >= 22) day = date_add_days(day, 1);
	return (struct instant){ zone_instant(t->zone, day, 7, 0, 0).ms + dice_below(d, 12 * (int64_t)HOUR_MS) };
}

static struct instant office_in(struct dice *d, struct town *t, struct instant at, int64_t least_ms,
	int64_t most_ms)
{
	return story_office_time(d, t, (struct instant){ at.ms + dice_between(d, least_ms, most_ms) });
}

static struct instant citizen_in(struct dice *d, struct town *t, struct instant at, int64_t least_ms,
	int64_t most_ms)
{
	return citizen_time(d, t, (struct instant){ at.ms + dice_between(d, least_ms, most_ms) });
}

/* From taking to deciding: within the procedure's term, mostly. */
static int64_t review_ms(struct dice *d, const struct procedure *p)
{
	const struct span *term = &p->sheet.term;
	int64_t days = term->unit == SPAN_WORKING_DAYS || term->unit == SPAN_CALENDAR_DAYS ? term->max : 8;
	if (term->unit == SPAN_HOURS || term->unit == SPAN_IMMEDIATE)
		return dice_between(d, HOUR_MS / 2, 4 * (int64_t)HOUR_MS);
	if (days > 15) days = 15;
	return dice_between(d, 2 * (int64_t)HOUR_MS, 1 + days * DAY_MS * 9 / 10);
}

/* --- what ------------------------------------------------------------------------------------------------------- */

static enum act after_taking(const struct story *s, enum act act)
{
	if (act <= ACT_TAKE && s->is_noted) return ACT_NOTE;
	if (act <= ACT_NOTE && s->has_question) return ACT_QUESTION;
	if (act == ACT_QUESTION) return ACT_REPLY;
	if (s->is_stalled) return ACT_NONE;
	if (s->is_asked) return ACT_ASK;
	return s->is_withdrawn ? ACT_WITHDRAW : ACT_DECIDE;
}

static enum act act_after(const struct story *s, enum act act)
{
	switch (act) {
	case ACT_BEGIN: return ACT_FILE;
	case ACT_FILE: return s->is_forgotten ? ACT_NONE : ACT_TAKE;
	case ACT_TAKE:
	case ACT_NOTE:
	case ACT_QUESTION:
	case ACT_REPLY: return after_taking(s, act);
	case ACT_ASK:
		if (!s->is_asked) return ACT_DECIDE;
		return s->is_withdrawn ? ACT_WITHDRAW : s->is_corrected ? ACT_CORRECT : ACT_NONE;
	case ACT_CORRECT: return ACT_DECIDE;
	case ACT_DECIDE: return s->is_signed ? ACT_SIGN : ACT_NONE;
	case ACT_SIGN:
		if (s->is_refused) return ACT_NONE;
		return s->is_free ? (s->is_collected ? ACT_DELIVER : ACT_NONE) : s->is_paid ? ACT_PAY : ACT_NONE;
	case ACT_PAY: return s->is_collected ? ACT_DELIVER : ACT_NONE;
	case ACT_DELIVER:
	case ACT_WITHDRAW:
	case ACT_NONE: break;
	}
	return ACT_NONE;
}

enum act story_next(struct dice *d, struct town *t, const struct story *s, enum act act, struct instant at,
	struct instant *ret_at)
{
	enum act next = act_after(s, act);
	switch (next) {
	case ACT_FILE:
		*ret_at = (struct instant){ at.ms + dice_between(d, 6 * MINUTE_MS, 35 * MINUTE_MS) };
		break;
	case ACT_TAKE: *ret_at = office_in(d, t, at, HOUR_MS / 4, 2 * (int64_t)DAY_MS); break;
	case ACT_NOTE: *ret_at = office_in(d, t, at, 10 * MINUTE_MS, 3 * (int64_t)HOUR_MS); break;
	case ACT_QUESTION: *ret_at = citizen_in(d, t, at, HOUR_MS, 2 * (int64_t)DAY_MS); break;
	case ACT_REPLY: *ret_at = office_in(d, t, at, HOUR_MS / 2, DAY_MS); break;
	case ACT_ASK: *ret_at = office_in(d, t, at, HOUR_MS / 2, 2 * (int64_t)DAY_MS); break;
	case ACT_CORRECT:
	case ACT_WITHDRAW: *ret_at = citizen_in(d, t, at, 3 * (int64_t)HOUR_MS, 5 * (int64_t)DAY_MS); break;
	case ACT_DECIDE: *ret_at = office_in(d, t, at, HOUR_MS / 2, review_ms(d, s->procedure)); break;
	case ACT_SIGN: *ret_at = office_in(d, t, at, HOUR_MS / 2, 2 * (int64_t)DAY_MS); break;
	case ACT_PAY: *ret_at = office_in(d, t, at, 4 * (int64_t)HOUR_MS, 9 * (int64_t)DAY_MS); break;
	case ACT_DELIVER: *ret_at = citizen_in(d, t, at, HOUR_MS / 4, 4 * (int64_t)DAY_MS); break;
	case ACT_BEGIN:
	case ACT_NONE: break;
	}
	return next;
}
