/* What must agree with what inside one procedure, and with its pack. Each rule is one small function. */
#include "core/definition/procedure_read.h"
#include "core/definition/mask.h"

static void no_such(struct reader *r, const void *place, const char *what, struct str id,
	const struct near *near)
{
	reader_error(r, place, "there is no %s '%.*s'%.*s", what, STR_FMT(id),
		STR_FMT(near_hint(r->arena, near)));
}

/* ---- form -------------------------------------------------------------------------------------------- */

struct roles {
	const struct field *of[FIELD_ROLE_MAX];
};

static const char *role_type_problem(const struct field *f)
{
	switch (f->role) {
	case ROLE_APPLICANT_MAIL: return f->type == FIELD_MAIL ? NULL : "mail";
	case ROLE_APPLICANT_PHONE: return f->type == FIELD_PHONE ? NULL : "phone";
	case ROLE_PLACE_ADDRESS: return f->type == FIELD_ADDRESS ? NULL : "address";
	case ROLE_PLACE_POINT: return f->type == FIELD_POINT ? NULL : "point";
	case ROLE_PLACE_KEY:
		return f->type == FIELD_CADASTRAL_KEY || f->type == FIELD_TEXT ? NULL : "cadastral_key";
	case ROLE_NOTIFY_BY: return f->type == FIELD_CHOICE ? NULL : "choice";
	case ROLE_APPLICANT_NAME:
	case ROLE_APPLICANT_GIVEN:
	case ROLE_APPLICANT_SURNAMES:
	case ROLE_REPRESENTED_NAME: return f->type == FIELD_TEXT ? NULL : "text";
	default: return NULL;
	}
}

static void check_role(struct reader *r, const struct field *f, struct roles *roles)
{
	if (f->role == ROLE_NONE) return;
	const char *wanted = role_type_problem(f);
	if (wanted)
		reader_error(r, &f->role, "the role %s is for a field of type %s, not %s", field_role_name(f->role),
			wanted, field_type_name(f->type));
	if (f->group) reader_error(r, &f->role, "a field of a group has no role");
	if (roles->of[f->role])
		reader_error(r, &f->role, "the role %s is already that of '%.*s' (line %d)", field_role_name(f->role),
			STR_FMT(roles->of[f->role]->id), roles->of[f->role]->line);
	else
		roles->of[f->role] = f;
}

static void check_fields(struct reader *r, const struct fields *fields, struct roles *roles, const char *kind)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->items[i];
		check_role(r, f, roles);
		if (f->pattern.n && !mask_is_good(f->pattern))
			reader_error(r, &f->pattern,
				"'%.*s' is not a mask: 9 is a digit, A a letter, X either, | stands for 'or'",
				STR_FMT(f->pattern));
		bool inside = f->group != NULL;
		if (inside && (f->type == FIELD_GROUP || f->type == FIELD_ATTACHMENT || f->type == FIELD_POINT))
			reader_error(r, &f->type, "a field of type %s cannot stand inside a group",
				field_type_name(f->type));
		if (kind && (f->type == FIELD_GROUP || f->type == FIELD_ATTACHMENT))
			reader_error(r, &f->type, "a %s cannot be of type %s", kind, field_type_name(f->type));
		if (f->options.count == 1 && f->type == FIELD_CHOICE)
			reader_error(r, &f->options, "a choice has at least two options");
		if (f->type == FIELD_GROUP) check_fields(r, &f->fields, roles, kind);
	}
}

static void check_form(struct reader *r, const struct procedure *p)
{
	struct roles roles = { 0 };
	for (size_t i = 0; i < p->form.pages.count; i++)
		check_fields(r, &p->form.pages.items[i].fields, &roles, NULL);
	check_fields(r, &p->form.decision, &roles, "decision field");
	for (size_t i = 0; i < p->form.checks.count; i++) {
		const struct form_check *c = &p->form.checks.items[i];
		const struct field *f = c->field.n ? procedure_field(p, c->field) : NULL;
		if (c->field.n && (!f || f->page < 0))
			reader_error(r, &c->field, "there is no field '%.*s' in the form", STR_FMT(c->field));
	}
	bool named = roles.of[ROLE_APPLICANT_NAME] ||
		(roles.of[ROLE_APPLICANT_GIVEN] && roles.of[ROLE_APPLICANT_SURNAMES]);
	if (p->is_online && !named)
		reader_error(r, &p->form, "the form asks nobody's name: a field needs the role applicant_name");
}

/* ---- sheet, money, documents ------------------------------------------------------------------------- */

static void check_requirements(struct reader *r, const struct procedure *p)
{
	for (size_t i = 0; i < p->sheet.requirements.count; i++) {
		const struct requirement *q = &p->sheet.requirements.items[i];
		if (q->field.n && p->is_online && !procedure_field(p, q->field))
			reader_error(r, &q->field, "there is no field '%.*s' in the form", STR_FMT(q->field));
	}
}

static void check_money(struct reader *r, const struct procedure *p)
{
	if (p->sheet.fee.is_free && p->fees.count)
		reader_error(r, &p->fees, "the sheet says it is free, and here are fee lines");
	if (p->is_online && !p->sheet.fee.is_free && p->fees.count == 0)
		reader_error(r, &p->sheet.fee, "a procedure with a form and a cost needs 'fees'");
}

static void check_documents(struct reader *r, const struct procedure *p)
{
	for (size_t i = 0; i < p->documents.count; i++) {
		const struct document *d = &p->documents.items[i];
		const struct field *f = d->grant.n ? procedure_field(p, d->grant) : NULL;
		if (d->grant.n && (!f || f->page >= 0 || f->type == FIELD_TEXTAREA))
			reader_error(r, &d->grant, "there is no decision field of one line '%.*s'", STR_FMT(d->grant));
		if (d->body_count == 0) reader_error(r, &d->bodies, "a document has a body in at least one language");
	}
	for (size_t i = 0; i < p->workflow.transitions.count; i++) {
		const struct transition *t = &p->workflow.transitions.items[i];
		if (t->document.n && !procedure_document(p, t->document))
			reader_error(r, p->workflow.id.n ? (const void *)&p->workflow : &t->document,
				"'%s' issues a document '%.*s', which this procedure lacks", action_name(t->action),
				STR_FMT(t->document));
	}
}

static void check_whole(struct reader *r, const struct procedure *p)
{
	bool good_prefix = p->prefix.n >= 1 && p->prefix.n <= 6;
	for (size_t i = 0; i < p->prefix.n; i++)
		good_prefix = good_prefix && p->prefix.p[i] >= 'A' && p->prefix.p[i] <= 'Z';
	if (!good_prefix) reader_error(r, &p->prefix, "a prefix is 1 to 6 capital letters");
	if (!p->is_online) {
		if (p->sheet.channels & CHANNEL_ONLINE) reader_error(r, &p->sheet.channels, "'online' needs a form");
		return;
	}
	if (!(p->sheet.channels & CHANNEL_ONLINE)) reader_error(r, &p->form, "a form needs the channel 'online'");
	if (p->workflow.states.count == 0) reader_error(r, &p->id, "a procedure with a form needs a 'workflow'");
	if (p->retention.span.unit == SPAN_UNKNOWN)
		reader_error(r, &p->id, "a procedure with a form needs a 'retention'");
}

/* ---- the pack ---------------------------------------------------------------------------------------- */

/* For lists of structs whose first member is the id. */
static void check_known(struct reader *r, const struct str *id, const char *what, const void *items,
	size_t count, size_t size)
{
	struct near near = near_start(*id);
	for (size_t i = 0; i < count; i++) {
		const struct str *other = (const struct str *)((const char *)items + i * size);
		if (str_eq(*other, *id)) return;
		near_try(&near, *other);
	}
	if (id->n) no_such(r, id, what, *id, &near);
}

static void check_pack(struct reader *r, const struct procedure *p, const struct pack *pack)
{
	check_known(r, &p->department, "department", pack->departments.items, pack->departments.count,
		sizeof(struct department));
	check_known(r, &p->topic, "topic", pack->topics.items, pack->topics.count, sizeof(struct topic));
	for (size_t i = 0; i < p->offices.count; i++)
		check_known(r, &p->offices.items[i], "office", pack->offices.items, pack->offices.count,
			sizeof(struct office));
	for (size_t i = 0; i < p->documents.count; i++)
		check_known(r, &p->documents.items[i].officer, "officer", pack->officers.items, pack->officers.count,
			sizeof(struct officer));
	if (p->regime.n == 0 && pack->regime.n == 0)
		reader_error(r, &p->id, "neither the pack nor this file names a 'regime'");
}

void procedure_check(struct reader *r, struct procedure *p, const struct pack *pack)
{
	check_whole(r, p);
	check_form(r, p);
	check_requirements(r, p);
	check_money(r, p);
	check_documents(r, p);
	if (pack) check_pack(r, p, pack);
}
