/*
 * POST /expedientes/{number}/correccion/respuesta: the correction that somebody brought to the counter. As in the
 * page: what was asked for is given again, and what those answers bring along; nothing else of the case changes.
 */
#include "core/casepage/correction.h"
#include "core/file/queries.h"
#include "core/i18n.h"
#include "mod/api/pages.h"
#include "i18n/api.h"

struct mending {
	struct request *r;
	struct correction *c;
	const struct json *given;
	struct api_uses *uses;
	struct api_problems *problems;
	bool *was_visible; /* by index of the field */
};

static bool is_asked(const struct correction *c, const struct field *f)
{
	for (size_t i = 0; i < c->items.count; i++)
		if (c->items.items[i].field == f) return true;
	return false;
}

static void remember_visible(struct mending *m)
{
	const struct procedure *p = m->c->record.procedure;
	m->was_visible = ARENA_ARRAY(m->r->arena, bool, (size_t)p->form.slots);
	for (size_t i = 0; i < p->form.pages.count; i++) {
		const struct fields *fields = &p->form.pages.items[i].fields;
		for (size_t k = 0; k < fields->count; k++)
			if (field_type_has_answer(fields->items[k].type))
				m->was_visible[fields->items[k].index] = field_is_visible(m->c->record.answers,
					&fields->items[k], -1);
	}
}

static bool was_wrong(const struct correction *c, const struct field_error *e)
{
	for (const struct field_error *b = c->before.first; b; b = b->next)
		if (str_eq(b->name, e->name) && b->key == e->key) return true;
	return false;
}

/* An answer that was asked for made this one visible, or broke a rule at it. */
static bool is_brought(const struct mending *m, const struct field *f, const struct field_errors *errors)
{
	if (!m->was_visible[f->index]) return true;
	for (const struct field_error *e = errors->first; e; e = e->next)
		if (!e->is_warning && (e->field == f || (e->field && e->field->group == f)) && !was_wrong(m->c, e))
			return true;
	return false;
}

/* The members of `given` that were asked for, or those that were not. */
static struct json members(const struct mending *m, bool asked)
{
	struct json map = { .kind = JSON_MAP }, **end = &map.first;
	for (const struct json *member = m->given->first; member; member = member->next) {
		const struct field *f = procedure_field(m->c->record.procedure, member->key);
		if ((f && is_asked(m->c, f)) != asked) continue;
		struct json *copy = ARENA_NEW(m->r->arena, struct json);
		*copy = *member;
		copy->next = NULL;
		*end = copy;
		end = &copy->next;
		map.count++;
	}
	return map;
}

static struct err *take(struct mending *m, const struct json *map)
{
	struct api_uses uses = { 0 };
	api_take_answers(m->r, m->c->record.answers, map, false, m->problems);
	TRY(api_take_files(m->r, m->c->record.answers, map, &uses, m->problems));
	for (size_t i = 0; i < uses.count && m->uses->count < m->uses->room; i++)
		m->uses->items[m->uses->count++] = uses.items[i];
	return NULL;
}

static void demand_asked(struct mending *m)
{
	for (size_t i = 0; i < m->c->items.count; i++) {
		struct str id = m->c->items.items[i].field->id;
		if (!json_get(m->given, id))
			api_problem_add(m->r, m->problems, id, "body.missing", i18n_text(m->r->lang, MSG_API_MISSING));
	}
}

static void refuse_unasked(struct mending *m, const struct json *others)
{
	struct field_errors errors = answers_check(m->c->record.answers, m->r->arena);
	for (const struct json *member = others->first; member; member = member->next) {
		const struct field *f = procedure_field(m->c->record.procedure, member->key);
		if (f && f->page >= 0 && !f->group && !is_brought(m, f, &errors))
			api_problem_add(m->r, m->problems, member->key, "correction.not_asked",
				i18n_text(m->r->lang, MSG_API_CORRECTION_NOT_ASKED));
	}
}

static void judge(struct mending *m)
{
	struct field_errors found = answers_check(m->c->record.answers, m->r->arena), fresh = { 0 };
	fresh.end = &fresh.first;
	for (struct field_error *e = found.first, *next; e; e = next) {
		next = e->next;
		e->next = NULL;
		bool is_ours = e->field && is_asked(m->c, e->field->group ? e->field->group : e->field);
		if (!is_ours && was_wrong(m->c, e)) continue;
		*fresh.end = e;
		fresh.end = &e->next;
	}
	api_add_errors(m->r, &fresh, m->problems);
}

static struct err *read_answers(struct mending *m)
{
	struct json asked = members(m, true), others = members(m, false);
	m->uses->room = 20 * (asked.count + others.count);
	m->uses->items = ARENA_ARRAY(m->r->arena, struct api_use, m->uses->room);
	remember_visible(m);
	demand_asked(m);
	TRY(take(m, &asked));
	refuse_unasked(m, &others);
	TRY(take(m, &others));
	judge(m);
	return NULL;
}

struct mend_work {
	struct api_work step; /* first: what steps share */
	struct correction correction;
};

struct err *api_mend_prepare(struct request *r, struct response *out)
{
	struct mend_work *work = ARENA_NEW(r->arena, struct mend_work);
	const struct json *body;
	struct api_problems problems = { 0 };
	bool is_asked_now;
	TRY(api_begin(r, out, &body));
	if (!body) return NULL;
	work->step = *(struct api_work *)r->work;
	r->work = work;
	TRY(correction_load(r->town, r->db, r->arena, r->case_id, r->lang, &work->correction, &is_asked_now));
	if (!is_asked_now) return ERR(r->arena, ERR_CONFLICT, "case.not-now", "nothing is asked for");
	struct mending m = { .r = r,
		.c = &work->correction,
		.given = json_get(body, STR("answers")),
		.uses = &work->step.files,
		.problems = &problems };
	TRY(read_answers(&m));
	api_problems_answer(r, out, &problems);
	return NULL;
}

struct err *api_mend_commit(struct request *r, struct tx *tx)
{
	const struct mend_work *work = r->work;
	struct case_step step = api_step(r);
	for (size_t i = 0; i < work->step.files.count; i++) {
		const struct api_use *use = &work->step.files.items[i];
		int64_t id;
		TRY(api_use_up(tx, use));
		TRY(attachment_insert(tx->db, tx->arena,
			&(struct attachment_insert_in){ .has_case_id = true,
				.case_id = r->case_id,
				.field = use->file.field,
				.file_id = use->file.file_id,
				.file_name = use->file.name,
				.at = tx->now },
			&id));
	}
	if (work->correction.id)
		TRY(case_answer_correction(tx, &step, work->correction.record.answers));
	else
		TRY(case_give_files(tx, &step, work->correction.record.answers));
	return api_end(r, tx);
}
