/*
 * Names and expressions of a procedure. One array holds all names; while the form is gone through in order, what
 * comes later is marked so. A condition can only look back, hence conditions cannot form a circle; the same
 * holds for fee lines.
 */
#include "core/definition/document_fill.h"
#include "core/definition/expr_parse.h"
#include "core/definition/procedure_read.h"

struct compiler {
	struct reader *reader;
	struct procedure *procedure;
	struct expr_name *names;
	struct expr_scope scope;
};

static enum expr_type type_of(const struct field *f)
{
	switch (f->type) {
	case FIELD_NUMBER: return EXPR_NUMBER;
	case FIELD_MONEY: return EXPR_AMOUNT;
	case FIELD_DATE: return EXPR_DATE;
	case FIELD_YES_NO: return EXPR_YES_NO;
	case FIELD_CHOICES:
	case FIELD_ATTACHMENT: return EXPR_LIST;
	case FIELD_GROUP: return EXPR_GROUP;
	default: return EXPR_TEXT;
	}
}

static size_t count_names(const struct fields *fields)
{
	size_t n = fields->count;
	for (size_t i = 0; i < fields->count; i++)
		n += fields->items[i].fields.count;
	return n;
}

/* Fields, constants and fee lines share one space of names. */
static void check_id(struct compiler *c, struct str id, const void *place)
{
	if (expr_is_reserved(id)) {
		reader_error(c->reader, place, "'%.*s' is a word of the expression language; choose another",
			STR_FMT(id));
		return;
	}
	for (size_t i = 0; i < c->scope.count; i++) {
		if (!str_eq(c->names[i].id, id)) continue;
		reader_error(c->reader, place, "the id '%.*s' is already used at line %d", STR_FMT(id),
			c->names[i].line);
		return;
	}
}

static struct expr_name *add_name(struct compiler *c, struct str id, enum expr_type type, struct text label,
	const void *what, const struct str *place)
{
	struct expr_name *name = &c->names[c->scope.count++];
	struct reader_place at = reader_place(c->reader, place);
	*name = (struct expr_name){ .id = id,
		.type = type,
		.label = label,
		.is_later = true,
		.what = what,
		.line = at.line ? at.line : 1 };
	return name;
}

static void add_options(struct compiler *c, struct expr_name *name, const struct field *f)
{
	if (f->type != FIELD_CHOICE && f->type != FIELD_CHOICES) return;
	struct str *ids = ARENA_ARRAY(c->reader->arena, struct str, f->options.count);
	struct text *labels = ARENA_ARRAY(c->reader->arena, struct text, f->options.count);
	for (size_t i = 0; i < f->options.count; i++) {
		ids[i] = f->options.items[i].id;
		labels[i] = f->options.items[i].label;
	}
	name->options = ids;
	name->option_labels = labels;
	name->option_count = f->options.count;
}

static void add_fields(struct compiler *c, const struct fields *fields, struct str group)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->items[i];
		if (!field_type_has_answer(f->type) || f->id.n == 0) continue;
		struct str id = group.n ? arena_printf(c->reader->arena, "%.*s.%.*s", STR_FMT(group), STR_FMT(f->id))
								: f->id;
		check_id(c, id, &f->id);
		struct expr_name *name = add_name(c, id, type_of(f), field_short_label(f), f, &f->id);
		name->group = group;
		add_options(c, name, f);
		if (f->type == FIELD_GROUP) add_fields(c, &f->fields, f->id);
	}
}

static void add_constants_and_lines(struct compiler *c)
{
	struct procedure *p = c->procedure;
	for (size_t i = 0; i < p->constants.count; i++) {
		struct constant *k = &p->constants.items[i];
		check_id(c, k->id, &k->id);
		struct expr_name *name = add_name(c, k->id, (enum expr_type)k->value_type, k->label, k, &k->id);
		name->is_constant = true;
		name->is_later = false;
		name->constant = expr_int((enum expr_type)k->value_type, k->value);
	}
	for (size_t i = 0; i < p->fees.count; i++) {
		struct fee_line *line = &p->fees.items[i];
		check_id(c, line->id, &line->id);
		add_name(c, line->id, EXPR_AMOUNT, line->label, line, &line->id);
	}
}

static void come(struct compiler *c, const void *what)
{
	for (size_t i = 0; i < c->scope.count; i++)
		if (c->names[i].what == what) c->names[i].is_later = false;
}

/* What the reader left as source and place becomes a checked tree, or NULL after findings. */
static void compile(struct compiler *c, const struct expr **e, enum expr_type type)
{
	if (!*e) return;
	*e = expr_compile(c->reader->arena, (*e)->source, &c->scope, type, c->reader->findings, (*e)->line,
		(*e)->column);
}

static void compile_fields(struct compiler *c, struct fields *fields, struct str group)
{
	for (size_t i = 0; i < fields->count; i++) {
		struct field *f = &fields->items[i];
		c->scope.group = group;
		compile(c, &f->when, EXPR_YES_NO);
		compile(c, &f->required_when, EXPR_YES_NO);
		compile(c, &f->min_date, EXPR_DATE);
		compile(c, &f->max_date, EXPR_DATE);
		come(c, f);
		if (f->type == FIELD_GROUP) compile_fields(c, &f->fields, f->id);
	}
	c->scope.group = STR_NONE;
}

static void compile_form(struct compiler *c)
{
	struct form_definition *form = &c->procedure->form;
	for (size_t i = 0; i < form->pages.count; i++) {
		compile(c, &form->pages.items[i].when, EXPR_YES_NO);
		compile_fields(c, &form->pages.items[i].fields, STR_NONE);
	}
	for (size_t i = 0; i < form->checks.count; i++) {
		compile(c, &form->checks.items[i].when, EXPR_YES_NO);
		compile(c, &form->checks.items[i].rule, EXPR_YES_NO);
	}
	struct requirements *requirements = &c->procedure->sheet.requirements;
	for (size_t i = 0; i < requirements->count; i++)
		compile(c, &requirements->items[i].when, EXPR_YES_NO);
	compile_fields(c, &form->decision, STR_NONE);
}

static void compile_rest(struct compiler *c)
{
	struct procedure *p = c->procedure;
	for (size_t i = 0; i < p->fees.count; i++) {
		compile(c, &p->fees.items[i].when, EXPR_YES_NO);
		compile(c, &p->fees.items[i].amount, EXPR_AMOUNT);
		come(c, &p->fees.items[i]);
	}
	struct str own = c->reader->findings->file;
	if (p->workflow.id.n)
		c->reader->findings->file = arena_printf(c->reader->arena, "workflows/%.*s.yaml",
			STR_FMT(p->workflow.id));
	for (size_t i = 0; i < p->workflow.transitions.count; i++)
		compile(c, &p->workflow.transitions.items[i].when, EXPR_YES_NO);
	for (size_t i = 0; i < p->documents.count; i++) {
		struct document *d = &p->documents.items[i];
		for (size_t j = 0; j < d->body_count; j++) {
			if (d->bodies[j].text.n == 0) continue;
			c->reader->findings->file = d->bodies[j].file;
			d->bodies[j].parts = document_parse(c->reader->arena, d->bodies[j].text, p, &c->scope,
				c->reader->findings);
		}
	}
	c->reader->findings->file = own;
}

void procedure_compile(struct reader *r, struct procedure *p)
{
	size_t count = count_names(&p->form.decision) + p->constants.count + p->fees.count;
	for (size_t i = 0; i < p->form.pages.count; i++)
		count += count_names(&p->form.pages.items[i].fields);
	struct compiler *c = ARENA_NEW(r->arena, struct compiler); /* expressions keep pointing to its names */
	*c = (struct compiler){ .reader = r,
		.procedure = p,
		.names = ARENA_ARRAY(r->arena, struct expr_name, count) };
	c->scope.items = c->names;
	for (size_t i = 0; i < p->form.pages.count; i++)
		add_fields(c, &p->form.pages.items[i].fields, STR_NONE);
	add_fields(c, &p->form.decision, STR_NONE);
	add_constants_and_lines(c);
	compile_form(c);
	compile_rest(c);
}
