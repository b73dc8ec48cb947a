/* Answers as values: slots, visibility in the order of the form, and how expressions see them. */
#include "core/definition/answers_state.h"

static struct field_answer *answers_array(struct arena *a, size_t count)
{
	return ARENA_ARRAY(a, struct field_answer, count);
}

struct answers *answers_new(struct arena *a, const struct pack *pack, const struct procedure *p,
	struct date today)
{
	struct answers *s = ARENA_NEW(a, struct answers);
	*s = (struct answers){ .arena = a,
		.procedure = p,
		.pack = pack,
		.today = today,
		.items = answers_array(a, (size_t)p->form.slots),
		.state = ARENA_NEW(a, struct answers_state) };
	s->state->stale = true;
	s->state->pages = ARENA_ARRAY(a, bool, p->form.pages.count);
	s->state->fees = ARENA_ARRAY(a, struct expr_value, p->fees.count);
	s->state->fee_applies = ARENA_ARRAY(a, bool, p->fees.count);
	return s;
}

struct answers_row answers_row_new(struct arena *a, const struct field *group)
{
	return (struct answers_row){ .items = answers_array(a, group->fields.count) };
}

void answers_touch(struct answers *s) { s->state->stale = true; }

struct field_answer *answer_slot(const struct answers *s, const struct field *f, int row)
{
	if (!f->group) return &s->items[f->index];
	struct field_answer *group = &s->items[f->group->index];
	return row >= 0 && (size_t)row < group->count ? &group->rows[row].items[f->index] : NULL;
}

void answer_clear(struct field_answer *answer)
{
	*answer = (struct field_answer){ .visible = answer->visible };
}

void answer_set_text(struct field_answer *answer, struct str text)
{
	answer_clear(answer);
	answer->filled = text.n > 0;
	answer->text = text;
}

void answer_set_raw(struct field_answer *answer, struct str raw)
{
	answer_clear(answer);
	answer->raw = raw;
}

void answer_set_int(struct field_answer *answer, int64_t i)
{
	answer_clear(answer);
	answer->filled = true;
	answer->i = i;
}

/* ---- what follows ------------------------------------------------------------------------------------ */

static void refresh_rows(const struct answers *s, const struct field *group, bool shown)
{
	struct field_answer *answer = &s->items[group->index];
	for (size_t row = 0; row < answer->count; row++) {
		struct expr_env env = answers_env(s, (int)row);
		for (size_t i = 0; i < group->fields.count; i++) {
			const struct field *f = &group->fields.items[i];
			answer->rows[row].items[f->index].visible = shown && expr_is_true(f->when, &env);
		}
	}
}

static void refresh_fields(const struct answers *s, const struct fields *fields, bool shown)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->items[i];
		struct expr_env env = answers_env(s, -1);
		s->items[f->index].visible = shown && expr_is_true(f->when, &env);
		if (f->type == FIELD_GROUP) refresh_rows(s, f, s->items[f->index].visible);
	}
}

/* A condition only looks back, so one pass in order settles everything. */
void answers_refresh(const struct answers *s)
{
	struct answers_state *state = s->state;
	if (!state->stale) return;
	state->stale = false; /* first: the expressions below ask for earlier values */
	const struct procedure *p = s->procedure;
	struct expr_env env = answers_env(s, -1);
	for (size_t i = 0; i < p->form.pages.count; i++) {
		state->pages[i] = expr_is_true(p->form.pages.items[i].when, &env);
		refresh_fields(s, &p->form.pages.items[i].fields, state->pages[i]);
	}
	refresh_fields(s, &p->form.decision, true);
	for (size_t i = 0; i < p->fees.count; i++) {
		const struct fee_line *line = &p->fees.items[i];
		state->fee_applies[i] = expr_is_true(line->when, &env);
		state->fees[i] = !state->fee_applies[i] ? expr_int(EXPR_AMOUNT, 0)
			: line->amount                      ? expr_eval(line->amount, &env)
												: expr_none(EXPR_AMOUNT);
	}
}

/* ---- for expressions --------------------------------------------------------------------------------- */

static struct expr_value list_value(const struct answers *s, const struct field *f,
	const struct field_answer *a)
{
	struct expr_value v = { .type = EXPR_LIST, .has = a->count > 0, .items = a->items, .count = a->count };
	if (f->type != FIELD_ATTACHMENT) return v;
	struct str *names = ARENA_ARRAY(s->arena, struct str, a->count);
	for (size_t i = 0; i < a->count; i++)
		names[i] = a->files[i].name;
	v.items = names;
	return v;
}

static struct expr_value field_value(const struct answers *s, const struct field *f, enum expr_type type,
	int row)
{
	const struct field_answer *a = answer_slot(s, f, row);
	if (type == EXPR_GROUP) return expr_int(EXPR_GROUP, a && a->visible ? (int64_t)a->count : 0);
	if (!a || !a->filled || !a->visible) return expr_none(type);
	if (type == EXPR_LIST) return list_value(s, f, a);
	if (f->type == FIELD_ADDRESS)
		return expr_text(address_line(s->arena, s->pack, a->address, s->pack->languages.items[0]));
	if (f->type == FIELD_POINT)
		return expr_text(arena_printf(s->arena, "%lld,%lld", (long long)a->i, (long long)a->longitude));
	return type == EXPR_TEXT ? expr_text(a->text) : expr_int(type, a->i);
}

static struct expr_value answers_get(const void *state, const struct expr_name *name, int row)
{
	const struct answers *s = state;
	answers_refresh(s);
	const struct fee_lines *fees = &s->procedure->fees;
	const struct fee_line *line = name->what;
	for (size_t i = 0; i < fees->count; i++)
		if (line == &fees->items[i]) return s->state->fees[i];
	return field_value(s, name->what, name->type, row);
}

struct expr_env answers_env(const struct answers *s, int row)
{
	return (struct expr_env){ .get = answers_get, .state = s, .today = s->today, .row = row };
}

/* ---- questions --------------------------------------------------------------------------------------- */

const struct field_answer *answer_of(const struct answers *s, const struct field *f, int row)
{
	answers_refresh(s);
	return answer_slot(s, f, row);
}

const struct field_answer *answer_with_role(const struct answers *s, enum field_role role)
{
	const struct field *f = procedure_field_with_role(s->procedure, role);
	const struct field_answer *a = f ? answer_of(s, f, -1) : NULL;
	return a && a->filled && a->visible ? a : NULL;
}

struct str answers_applicant_name(const struct answers *s)
{
	const struct field_answer *whole = answer_with_role(s, ROLE_APPLICANT_NAME);
	if (whole) return whole->text;
	const struct field_answer *given = answer_with_role(s, ROLE_APPLICANT_GIVEN);
	const struct field_answer *surnames = answer_with_role(s, ROLE_APPLICANT_SURNAMES);
	if (given && surnames)
		return arena_printf(s->arena, "%.*s %.*s", STR_FMT(given->text), STR_FMT(surnames->text));
	return given ? given->text : surnames ? surnames->text : STR_NONE;
}

bool page_is_visible(const struct answers *s, const struct page *page)
{
	answers_refresh(s);
	return s->state->pages[page - s->procedure->form.pages.items];
}

bool field_is_visible(const struct answers *s, const struct field *f, int row)
{
	const struct field_answer *a = answer_of(s, f, row);
	if (a) return a->visible;
	/* A field of a group without that row yet: as if the row were blank. */
	return f->group && field_is_visible(s, f->group, -1) && !f->when;
}

bool field_is_required(const struct answers *s, const struct field *f, int row)
{
	struct expr_env env = answers_env(s, row);
	return f->required_when ? expr_is_true(f->required_when, &env) : f->required;
}

const struct page *page_after(const struct answers *s, const struct page *page)
{
	const struct pages *pages = &s->procedure->form.pages;
	for (size_t i = page ? (size_t)(page - pages->items) + 1 : 0; i < pages->count; i++)
		if (page_is_visible(s, &pages->items[i])) return &pages->items[i];
	return NULL;
}

const struct page *page_before(const struct answers *s, const struct page *page)
{
	const struct pages *pages = &s->procedure->form.pages;
	for (size_t i = page ? (size_t)(page - pages->items) : pages->count; i > 0; i--)
		if (page_is_visible(s, &pages->items[i - 1])) return &pages->items[i - 1];
	return NULL;
}

bool requirement_applies(const struct answers *s, const struct requirement *r)
{
	struct expr_env env = answers_env(s, -1);
	return expr_is_true(r->when, &env);
}
