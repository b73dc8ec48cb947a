#include "core/case/step.h"
#include "core/case/case_clock.h"
#include "core/event/queries.h"
#include "core/permission.h"

const struct case_by case_by_citizen = { .as = WHO_CITIZEN, .channel = { "web", 3 } };
const struct case_by case_by_system = { .as = WHO_SYSTEM, .channel = { "system", 6 } };

struct case_by case_by_who(const struct who *w)
{
	if (w->actor == ACTOR_ANONYMOUS) return case_by_citizen;
	return (struct case_by){ .as = WHO_STAFF,
		.staff_id = w->staff_id,
		.permissions = w->permissions,
		.channel = w->actor == ACTOR_TOKEN ? STR("api") : STR("counter"),
		.office = w->office,
		.is_token = w->actor == ACTOR_TOKEN };
}

struct err *step_load(struct tx *tx, const struct case_step *step, struct case_record *ret)
{
	struct case_record c;
	TRY(case_load(step->town, tx->db, tx->arena, step->case_id, &c));
	if (c.row.revision != step->revision)
		return ERR(tx->arena, ERR_CONFLICT, "case.changed", "case %lld is at revision %lld, not %lld",
			(long long)step->case_id, (long long)c.row.revision, (long long)step->revision);
	*ret = c;
	return NULL;
}

bool case_by_may(const struct case_by *by, const struct transition *t)
{
	enum permission needed;
	if (by->as != WHO_STAFF || by->permissions == 0) return true;
	return permission_of_rule(t->permission, &needed) && permission_in(by->permissions, needed);
}

struct err *step_transition(struct tx *tx, const struct case_record *c, enum action action,
	const struct case_by *by, const struct transition **ret)
{
	const struct transition *t = procedure_transition(c->procedure, c->row.state, action, by->as);
	struct expr_env env = answers_env(c->answers, -1);
	if (!t || !expr_is_true(t->when, &env))
		return ERR(tx->arena, ERR_CONFLICT, "case.not-now", "%s is not possible in state %.*s",
			action_name(action), STR_FMT(c->row.state));
	if (!case_by_may(by, t))
		return ERR(tx->arena, ERR_FORBIDDEN, NULL, "%s needs %.*s", action_name(action),
			STR_FMT(t->permission));
	*ret = t;
	return NULL;
}

struct err *step_undecided(struct tx *tx, const struct case_record *c)
{
	struct case_decision_get_row row;
	bool decided;
	TRY(case_decision_get(tx->db, tx->arena, &(struct case_decision_get_in){ .case_id = c->row.id }, &row,
		&decided));
	return decided
		? ERR(tx->arena, ERR_CONFLICT, "case.not-now", "case %lld is decided already", (long long)c->row.id)
		: NULL;
}

static struct str actor_kind(const struct case_by *by)
{
	if (by->as == WHO_STAFF) return by->is_token ? STR("token") : STR("staff");
	return by->as == WHO_CITIZEN ? STR("citizen") : STR("system");
}

struct err *step_event(struct tx *tx, const struct case_step *step, const struct case_record *c,
	const char *type)
{
	return event_insert(tx->db, tx->arena,
		&(struct event_insert_in){ .type = str_of(type),
			.occurred_at = tx->now,
			.recorded_at = tx->now,
			.actor_kind = actor_kind(&step->by),
			.actor_id = step->by.staff_id,
			.channel = step->by.channel,
			.office = str_is_none(step->by.office) ? STR("") : step->by.office,
			.department_id = c->row.department_id,
			.compartment = c->row.compartment,
			.procedure_slug = c->row.procedure_slug,
			.pack_version_id = c->row.pack_version_id,
			.has_case_id = true,
			.case_id = c->row.id,
			.has_party_id = true,
			.party_id = c->row.applicant_id },
		NULL);
}

static struct str turn_name(enum state_turn turn)
{
	static const char *const names[] = { "town", "citizen", "nobody" };
	return str_of(names[turn]);
}

/* The inbox a case stands in: what has to be done next, and by whom. */
static struct err *stage_of(struct tx *tx, const struct case_record *c, struct str *ret)
{
	struct case_decision_get_row decision;
	bool decided;
	TRY(case_decision_get(tx->db, tx->arena, &(struct case_decision_get_in){ .case_id = c->row.id },
		&decision, &decided));
	if (c->state->is_final)
		*ret = STR("done");
	else if (c->state->turn == TURN_CITIZEN && c->state->outcome == OUTCOME_OPEN)
		*ret = STR("wait");
	else if (decided && instant_is_none(decision.signed_at))
		*ret = STR("sign");
	else if (c->state->outcome != OUTCOME_OPEN)
		*ret = case_is_paid(c) ? STR("deliver") : STR("pay");
	else
		*ret = STR("review");
	return NULL;
}

/* Inboxes sort by due date; what does not run comes after what does. */
static struct str queue_key(struct tx *tx, const struct case_record *c, const struct deadline *d, bool has)
{
	if (c->state->is_final) return instant_iso(tx->arena, tx->now);
	if (!has) return STR("9999-12-31");
	if (d->state == DEADLINE_PAUSED)
		return arena_printf(tx->arena, "9998-%.*s", STR_FMT(date_iso(tx->arena, d->due)));
	if (d->state == DEADLINE_DONE)
		return arena_printf(tx->arena, "9997-%.*s", STR_FMT(date_iso(tx->arena, d->due)));
	return date_iso(tx->arena, d->due);
}

struct err *step_touch(struct tx *tx, const struct case_step *step, struct case_record *c, const char *type)
{
	struct deadline deadline;
	bool has;
	struct str stage;
	TRY(case_deadline(c, tx->db, tx->arena, tx->now, &deadline, &has));
	TRY(stage_of(tx, c, &stage));
	int64_t changed = 0;
	TRY(case_set_state(tx->db, tx->arena,
		&(struct case_set_state_in){ .id = c->row.id,
			.revision = c->row.revision,
			.state = c->state->id,
			.waits_for = turn_name(c->state->turn),
			.stage = stage,
			.is_open = !c->state->is_final,
			.due_on = has ? deadline.due : DATE_NONE,
			.queue_key = queue_key(tx, c, &deadline, has),
			.closed_at = c->state->is_final ? tx->now : INSTANT_NONE },
		&changed));
	if (changed != 1)
		return ERR(tx->arena, ERR_CONFLICT, "case.changed", "case %lld changed meanwhile",
			(long long)c->row.id);
	c->row.revision++;
	return step_event(tx, step, c, type);
}

static struct err *move_clock(struct tx *tx, const struct case_record *c, const struct transition *t)
{
	switch (t->clock) {
	case CLOCK_PAUSE:
		return case_clock_record(tx, c->row.id, CASE_CLOCK_PAUSE, text_in(t->label, c->row.lang));
	case CLOCK_RESUME:
		return case_clock_record(tx, c->row.id, CASE_CLOCK_RESUME, text_in(t->label, c->row.lang));
	case CLOCK_STOP: return case_clock_record(tx, c->row.id, CASE_CLOCK_MET, text_in(t->label, c->row.lang));
	case CLOCK_NONE: break;
	}
	return NULL;
}

struct err *step_move(struct tx *tx, const struct case_step *step, struct case_record *c,
	const struct transition *t, const char *type)
{
	const struct state *to = procedure_state(c->procedure, t->to);
	must(to != NULL);
	TRY(move_clock(tx, c, t));
	c->state = to;
	c->row.state = to->id;
	return step_touch(tx, step, c, type);
}
