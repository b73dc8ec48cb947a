/* A workflow as a graph: every state reachable, no dead end that is not declared final, no ambiguous move. */
#include "core/definition/procedure_read.h"
#include "core/permission.h"

static ptrdiff_t state_at(const struct procedure *p, struct str id)
{
	for (size_t i = 0; i < p->workflow.states.count; i++)
		if (str_eq(p->workflow.states.items[i].id, id)) return (ptrdiff_t)i;
	return -1;
}

static void check_state_id(struct reader *r, const struct procedure *p, const struct str *id)
{
	if (state_at(p, *id) >= 0) return;
	struct near near = near_start(*id);
	for (size_t i = 0; i < p->workflow.states.count; i++)
		near_try(&near, p->workflow.states.items[i].id);
	reader_error(r, id, "there is no state '%.*s'%.*s", STR_FMT(*id), STR_FMT(near_hint(r->arena, &near)));
}

/* "case.decide": one that the program knows. */
static void check_permission(struct reader *r, const struct transition *t)
{
	enum permission known;
	if (t->permission.n && !permission_of_rule(t->permission, &known))
		reader_error(r, &t->permission, "there is no permission '%.*s'; 'ventanilla permissions' lists them",
			STR_FMT(t->permission));
}

static void check_transition(struct reader *r, const struct procedure *p, const struct transition *t)
{
	for (size_t i = 0; i < t->from.count; i++)
		check_state_id(r, p, &t->from.items[i]);
	check_state_id(r, p, &t->to);
	if (t->permission.n && t->who != WHO_STAFF)
		reader_error(r, &t->permission, "a permission is for staff only");
	if (t->who == WHO_STAFF && t->permission.n == 0)
		reader_error(r, t, "a transition of staff names its 'permission'");
	check_permission(r, t);
	if (t->after.unit != SPAN_UNKNOWN && t->who != WHO_SYSTEM)
		reader_error(r, &t->after, "'after' is for the system only");
	if (t->action == ACTION_FILE) reader_error(r, &t->action, "'file' creates the case: it is no transition");
	if (t->action == ACTION_ASK_CORRECTION && !(t->needs & NEED_ITEMS))
		reader_error(r, t, "asking for a correction needs 'items': what must be corrected");
	if (t->action == ACTION_REFUSE && !(t->needs & NEED_REASONS))
		reader_error(r, t, "a refusal needs 'reasons'");
}

/* The same actor with the same verb from the same state has one move. */
static void check_ambiguity(struct reader *r, const struct procedure *p, size_t at)
{
	const struct transition *t = &p->workflow.transitions.items[at];
	for (size_t i = 0; i < t->from.count; i++) {
		const struct transition *first = procedure_transition(p, t->from.items[i], t->action, t->who);
		if (first != t)
			reader_error(r, &t->from.items[i], "'%s' from '%.*s' is already given at line %d",
				action_name(t->action), STR_FMT(t->from.items[i]), reader_place(r, first).line);
	}
}

enum { STATES_MAX = 64 };

/* States that moves from the first one reach; a bit each. */
static uint64_t reachable(const struct procedure *p)
{
	uint64_t seen = 1, before = 0;
	while (seen != before) {
		before = seen;
		for (size_t i = 0; i < p->workflow.transitions.count; i++) {
			const struct transition *t = &p->workflow.transitions.items[i];
			ptrdiff_t to = state_at(p, t->to);
			for (size_t j = 0; j < t->from.count; j++) {
				ptrdiff_t from = state_at(p, t->from.items[j]);
				if (to >= 0 && from >= 0 && (seen >> from & 1)) seen |= UINT64_C(1) << to;
			}
		}
	}
	return seen;
}

static bool has_way_out(const struct procedure *p, struct str state)
{
	for (int who = WHO_STAFF; who <= WHO_SYSTEM; who++) {
		const struct transition *one;
		if (procedure_transitions_from(p, state, (enum transition_who)who, &one, 1)) return true;
	}
	return false;
}

void workflow_check(struct reader *r, struct procedure *p)
{
	size_t count = p->workflow.states.count;
	if (count == 0 || count > STATES_MAX) return;
	uint64_t seen = reachable(p);
	for (size_t i = 0; i < count; i++) {
		const struct state *s = &p->workflow.states.items[i];
		bool goes_on = has_way_out(p, s->id);
		if (!(seen >> i & 1))
			reader_error(r, &s->id, "no transition leads to the state '%.*s'", STR_FMT(s->id));
		if (s->is_final && goes_on) reader_error(r, &s->is_final, "a final state has no way out");
		if (!s->is_final && !goes_on)
			reader_error(r, &s->id, "the state '%.*s' has no way out and is not 'final'", STR_FMT(s->id));
		if (s->is_final && s->turn != TURN_NOBODY)
			reader_error(r, &s->turn, "in a final state it is nobody's turn");
		if (s->is_final && s->outcome == OUTCOME_OPEN)
			reader_error(r, &s->id, "a final state has an 'outcome'");
	}
	for (size_t i = 0; i < p->workflow.transitions.count; i++) {
		check_transition(r, p, &p->workflow.transitions.items[i]);
		check_ambiguity(r, p, i);
	}
}
