#include "core/casepage/correction_form.h"
#include "core/crypto/crypto.h"
#include "core/i18n.h"

enum { ROUNDS_MAX = 20 };

/* --- what is asked -------------------------------------------------------------------------------------------- */

static bool is_asked(const struct correction *c, const struct field *f)
{
	for (size_t i = 0; i < c->items.count; i++)
		if (c->items.items[i].field == f) return true;
	return false;
}

static bool comes_before(const struct field *f, const struct field *other)
{
	return f->page != other->page ? f->page < other->page : f < other;
}

/* In the place where the form has it, so that the correction reads like the form. */
static void ask(struct correction *c, const struct field *f, struct str reason)
{
	if (!f || f->page < 0 || f->group || is_asked(c, f)) return;
	size_t at = c->items.count++;
	for (; at > 0 && comes_before(f, c->items.items[at - 1].field); at--)
		c->items.items[at] = c->items.items[at - 1];
	c->items.items[at] = (struct correction_item){ f, reason };
}

static bool is_infected(const struct attachment_of_case_row *row)
{
	return str_eq(row->state, STR("refused")) && str_eq(row->reason, STR("file.infected"));
}

static void ask_for_refused_files(struct correction *c)
{
	enum message why;
	for (size_t i = 0; i < c->rows.count; i++) {
		const struct attachment_of_case_row *row = &c->rows.items[i];
		if (is_infected(row) && i18n_find(row->reason, &why))
			ask(c, procedure_field(c->record.procedure, row->field), i18n_text(c->lang, why));
	}
}

static struct err *ask_what_the_clerk_asked(struct correction *c, struct db *db, struct arena *a)
{
	struct case_correction_open_row open;
	bool found;
	struct case_items items;
	TRY(case_correction_open(db, a, &(struct case_correction_open_in){ .case_id = c->record.row.id }, &open,
		&found));
	if (!found) return NULL;
	c->id = open.id;
	c->reason = open.reason;
	c->due = open.due_on;
	TRY(case_items_parse(a, open.items, &items));
	for (size_t i = 0; i < items.count; i++)
		ask(c, procedure_field(c->record.procedure, items.items[i].field), items.items[i].reason);
	return NULL;
}

struct err *correction_load(struct town *t, struct db *db, struct arena *a, int64_t case_id, struct str lang,
	struct correction *ret, bool *ret_asked)
{
	struct correction c = { .lang = lang, .due = DATE_NONE };
	TRY(case_load(t, db, a, case_id, &c.record));
	TRY(attachment_of_case(db, a, &(struct attachment_of_case_in){ .case_id = case_id }, &c.rows));
	c.items.items = ARENA_ARRAY(a, struct correction_item, (size_t)c.record.procedure->form.slots);
	if (c.record.state->outcome == OUTCOME_OPEN) {
		TRY(ask_what_the_clerk_asked(&c, db, a));
		ask_for_refused_files(&c);
	}
	c.before = answers_check(c.record.answers, a);
	*ret = c;
	*ret_asked = c.items.count > 0;
	return NULL;
}

/* --- reading what was posted ------------------------------------------------------------------------------------ */

struct taking {
	struct tx *tx;
	struct arena *arena;
	const struct form *form;
	struct correction *c;
	struct answer_inputs inputs;
	bool *was_visible;        /* by index of the field */
	struct field_error **end; /* of c->errors */
};

static bool is_offered(const struct attachment_of_case_row *row, struct str field)
{
	bool counts = str_eq(row->state, STR("offered")) || str_eq(row->state, STR("given")) ||
		str_eq(row->state, STR("accepted"));
	return counts && str_eq(row->field, field);
}

static void read_files(struct taking *t, const struct field *f)
{
	const struct attachment_of_case_rows *rows = &t->c->rows;
	struct attachment *files = ARENA_ARRAY(t->arena, struct attachment, rows->count);
	size_t count = 0;
	for (size_t i = 0; i < rows->count; i++) {
		const struct attachment_of_case_row *row = &rows->items[i];
		if (is_offered(row, f->id))
			files[count++] = (struct attachment){ .id = arena_printf(t->arena, "%lld",
													  (long long)row->file_id),
				.name = row->file_name,
				.type = row->media_type,
				.bytes = row->bytes,
				.sha256 = hex_encode(t->arena, row->sha256) };
	}
	answers_set_files(t->c->record.answers, f, -1, files, count);
}

static void read_field(struct taking *t, const struct field *f)
{
	if (f->type == FIELD_ATTACHMENT)
		read_files(t, f);
	else
		answers_read_field(t->c->record.answers, f, -1, t->inputs);
}

static bool was_wrong(const struct correction *c, const struct field_error *e)
{
	for (const struct field_error *b = c->before.first; b; b = b->next)
		if (str_eq(b->name, e->name) && b->key == e->key) return true;
	return false;
}

static const struct field *asked_field_of(const struct field_error *e)
{
	return e->field && e->field->group ? e->field->group : e->field;
}

/* A field that what was read has made visible, or at which it has broken a rule. */
static bool is_brought(const struct taking *t, const struct field *f, const struct field_errors *errors)
{
	const struct answers *answers = t->c->record.answers;
	if (!field_type_has_answer(f->type) || is_asked(t->c, f) || !field_is_visible(answers, f, -1))
		return false;
	if (!t->was_visible[f->index]) return true;
	for (const struct field_error *e = errors->first; e; e = e->next)
		if (!e->is_warning && asked_field_of(e) == f && !was_wrong(t->c, e)) return true;
	return false;
}

static bool was_shown(const struct taking *t, const struct field *f)
{
	struct field_error at = { .name = f->id, .field = f };
	return question_was_shown(form_text(t->form, STR(QUESTION_SHOWN)), &at);
}

static bool bring_further(struct taking *t)
{
	const struct pages *pages = &t->c->record.procedure->form.pages;
	struct field_errors errors = answers_check(t->c->record.answers, t->arena);
	bool is_any = false;
	for (size_t p = 0; p < pages->count; p++) {
		for (size_t i = 0; i < pages->items[p].fields.count; i++) {
			const struct field *f = &pages->items[p].fields.items[i];
			if (!is_brought(t, f, &errors)) continue;
			ask(t->c, f, STR_NONE);
			if (was_shown(t, f)) read_field(t, f); /* else it keeps what it has until it is asked */
			is_any = true;
		}
	}
	return is_any;
}

static void remember_visible(struct taking *t)
{
	const struct pages *pages = &t->c->record.procedure->form.pages;
	t->was_visible = ARENA_ARRAY(t->arena, bool, (size_t)t->c->record.procedure->form.slots);
	for (size_t p = 0; p < pages->count; p++) {
		for (size_t i = 0; i < pages->items[p].fields.count; i++) {
			const struct field *f = &pages->items[p].fields.items[i];
			if (field_type_has_answer(f->type))
				t->was_visible[f->index] = field_is_visible(t->c->record.answers, f, -1);
		}
	}
}

static void read_answers(struct taking *t)
{
	for (size_t i = 0; i < t->c->items.count; i++) {
		const struct correction_item *item = &t->c->items.items[i];
		if (!str_is_none(item->reason) || was_shown(t, item->field)) read_field(t, item->field);
	}
	for (int round = 0; round < ROUNDS_MAX && bring_further(t); round++) {
	}
}

/* --- files -------------------------------------------------------------------------------------------------------- */

struct question_context correction_context(const struct correction *c)
{
	return (struct question_context){ .answers = c->record.answers,
		.lang = c->lang,
		.errors = c->errors,
		.extra_row = c->extra_row,
		.has_map_buttons = true };
}

static size_t offered_count(const struct correction *c, struct str field)
{
	size_t count = 0;
	for (size_t i = 0; i < c->rows.count; i++)
		count += is_offered(&c->rows.items[i], field);
	return count;
}

static const struct field *attachment_field(const struct correction *c, struct str name)
{
	const struct field *f = procedure_field(c->record.procedure, name);
	bool takes = f && f->type == FIELD_ATTACHMENT && f->page >= 0 && !f->group;
	return takes && is_asked(c, f) ? f : NULL;
}

static struct err *reload_files(struct taking *t)
{
	return attachment_of_case(t->tx->db, t->arena,
		&(struct attachment_of_case_in){ .case_id = t->c->record.row.id }, &t->c->rows);
}

static struct err *take_file(struct taking *t, const struct upload *u, const struct field *f)
{
	struct correction *c = t->c;
	struct question_context context = correction_context(c);
	enum media media;
	int64_t id;
	enum draft_refusal why = draft_file_judge(f, u, offered_count(c, f->id), &media);
	if (why != DRAFT_TAKEN) {
		*t->end = question_file_refused(t->arena, &context, f, u, why, &c->refused[c->refused_count++]);
		t->end = &(*t->end)->next;
		return NULL;
	}
	struct case_upload upload = { f->id, u->file_name, u->facts, (int)media };
	TRY(case_attach(t->tx, c->record.town, c->record.row.id, &upload, &id));
	return reload_files(t);
}

/* Files for a field that nobody asked about are collected as orphans. */
static struct err *take_files(struct taking *t)
{
	struct correction *c = t->c;
	size_t room = 0;
	int64_t removed;
	for (const struct upload *u = t->form->uploads; u; u = u->next)
		room++;
	c->refused = ARENA_ARRAY(t->arena, struct question_file, room);
	if (form_int(t->form, STR(QUESTION_REMOVE_FILE), 1, INT64_MAX, &removed)) {
		TRY(case_detach(t->tx, c->record.row.id, removed));
		TRY(reload_files(t));
	}
	for (const struct upload *u = t->form->uploads; u; u = u->next) {
		const struct field *f = attachment_field(c, u->field);
		if (f) TRY(take_file(t, u, f));
	}
	return NULL;
}

/* --- sending ------------------------------------------------------------------------------------------------------- */

static bool is_said(const struct correction *c, struct str name)
{
	for (const struct field_error *e = c->errors; e; e = e->next)
		if (str_eq(e->name, name)) return true;
	return false;
}

/* What is wrong at the questions of this form. What is missing only because nobody had asked yet is no error. */
static void judge(struct taking *t)
{
	struct correction *c = t->c;
	struct str shown = form_text(t->form, STR(QUESTION_SHOWN));
	struct field_errors found = answers_check(c->record.answers, t->arena);
	for (struct field_error *e = found.first, *next; e; e = next) {
		const struct field *f = asked_field_of(e);
		next = e->next;
		e->next = NULL;
		bool is_ours = f ? is_asked(c, f) : !was_wrong(c, e);
		if (e->is_warning || !is_ours || is_said(c, e->name)) continue;
		if (f && !t->was_visible[f->index] && !question_was_shown(shown, e)) {
			c->is_more = true;
			continue;
		}
		*t->end = e;
		t->end = &e->next;
	}
}

static struct err *send(struct taking *t, const struct case_by *by)
{
	const struct case_by_id_row *row = &t->c->record.row;
	struct case_step step = { t->c->record.town, row->id, row->revision, *by };
	t->c->is_sent = true;
	return t->c->id ? case_answer_correction(t->tx, &step, t->c->record.answers)
					: case_give_files(t->tx, &step, t->c->record.answers);
}

struct err *correction_take(struct tx *tx, const struct form *form, const struct case_by *by, bool may_send,
	struct correction *c)
{
	struct taking t = { .tx = tx, .arena = tx->arena, .form = form, .c = c };
	t.inputs = questions_inputs(tx->arena, form);
	t.end = &c->errors;
	remember_visible(&t);
	read_answers(&t); /* says which questions there are … */
	TRY(take_files(&t));
	read_answers(&t); /* … and now with their files */
	bool is_map = questions_map_acted(form);
	if (!is_map) judge(&t);
	const struct field *group = procedure_field(c->record.procedure, form_text(form, STR(QUESTION_ADD_ROW)));
	c->extra_row = group && group->type == FIELD_GROUP ? group : NULL;
	bool stays = is_map || form_has(form, STR(QUESTION_REMOVE_FILE)) ||
		form_has(form, STR(QUESTION_ADD_ROW)) || form_has(form, STR(QUESTION_REMOVE_ROW));
	return c->errors || c->is_more || stays || !may_send ? NULL : send(&t, by);
}
