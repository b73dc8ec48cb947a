/* Look-ups in a procedure, and the names of its vocabulary. */
#include "core/definition/procedure.h"

static const struct field *field_in(const struct fields *fields, struct str id)
{
	struct str rest = id, first = str_cut(&rest, '.');
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->items[i];
		if (!str_eq(f->id, first)) continue;
		return str_is_none(rest) ? f : f->type == FIELD_GROUP ? field_in(&f->fields, rest) : NULL;
	}
	return NULL;
}

const struct field *procedure_field(const struct procedure *p, struct str id)
{
	for (size_t i = 0; i < p->form.pages.count; i++) {
		const struct field *f = field_in(&p->form.pages.items[i].fields, id);
		if (f) return f;
	}
	return field_in(&p->form.decision, id);
}

const struct field *procedure_field_with_role(const struct procedure *p, enum field_role role)
{
	for (size_t i = 0; i < p->form.pages.count; i++) {
		const struct fields *fields = &p->form.pages.items[i].fields;
		for (size_t j = 0; j < fields->count; j++)
			if (fields->items[j].role == role) return &fields->items[j];
	}
	return NULL;
}

const struct page *procedure_page(const struct procedure *p, struct str id)
{
	for (size_t i = 0; i < p->form.pages.count; i++)
		if (str_eq(p->form.pages.items[i].id, id)) return &p->form.pages.items[i];
	return NULL;
}

const struct state *procedure_state(const struct procedure *p, struct str id)
{
	for (size_t i = 0; i < p->workflow.states.count; i++)
		if (str_eq(p->workflow.states.items[i].id, id)) return &p->workflow.states.items[i];
	return NULL;
}

const struct document *procedure_document(const struct procedure *p, struct str id)
{
	for (size_t i = 0; i < p->documents.count; i++)
		if (str_eq(p->documents.items[i].id, id)) return &p->documents.items[i];
	return NULL;
}

const struct fee_line *procedure_fee_line(const struct procedure *p, struct str id)
{
	for (size_t i = 0; i < p->fees.count; i++)
		if (str_eq(p->fees.items[i].id, id)) return &p->fees.items[i];
	return NULL;
}

const struct option *field_option(const struct field *f, struct str id)
{
	for (size_t i = 0; i < f->options.count; i++)
		if (str_eq(f->options.items[i].id, id)) return &f->options.items[i];
	return NULL;
}

struct text field_short_label(const struct field *f)
{
	return text_is_empty(f->short_label) ? f->label : f->short_label;
}

static bool leaves(const struct transition *t, struct str state)
{
	for (size_t i = 0; i < t->from.count; i++)
		if (str_eq(t->from.items[i], state)) return true;
	return false;
}

const struct transition *procedure_transition(const struct procedure *p, struct str state, enum action action,
	enum transition_who who)
{
	for (size_t i = 0; i < p->workflow.transitions.count; i++) {
		const struct transition *t = &p->workflow.transitions.items[i];
		if (t->action == action && t->who == who && leaves(t, state)) return t;
	}
	return NULL;
}

size_t procedure_transitions_from(const struct procedure *p, struct str state, enum transition_who who,
	const struct transition **ret, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < p->workflow.transitions.count && n < max; i++) {
		const struct transition *t = &p->workflow.transitions.items[i];
		if (t->who == who && leaves(t, state)) ret[n++] = t;
	}
	return n;
}

bool field_type_has_answer(enum field_type type)
{
	static const bool has[] = {
#define X(e, name, answers) answers,
		FIELD_TYPES(X)
#undef X
	};
	return type < FIELD_TYPE_MAX && has[type];
}

const char *field_type_name(enum field_type type)
{
	static const char *const names[] = {
#define X(e, name, answers) name,
		FIELD_TYPES(X)
#undef X
	};
	return names[type];
}

const char *field_role_name(enum field_role role)
{
	static const char *const names[] = {
#define X(e, name) name,
		FIELD_ROLES(X)
#undef X
	};
	return names[role];
}

const char *span_unit_name(enum span_unit unit)
{
	static const char *const names[] = {
#define X(e, name) name,
		SPAN_UNITS(X)
#undef X
	};
	return names[unit];
}

static const char *const action_names[] = {
#define X(e, name) name,
	ACTIONS(X)
#undef X
};

const char *action_name(enum action action) { return action_names[action]; }

bool action_of_name(struct str name, enum action *ret)
{
	for (int i = 0; i < ACTION_MAX; i++) {
		if (!str_eq(name, str_of(action_names[i]))) continue;
		*ret = (enum action)i;
		return true;
	}
	return false;
}

const char *channel_name(enum channel channel)
{
	if (channel == CHANNEL_ONLINE) return "online";
	return channel == CHANNEL_IN_PERSON ? "in_person" : "phone";
}
