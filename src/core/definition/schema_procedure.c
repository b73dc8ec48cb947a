/* The file of a procedure, key by key: sheet, form, money, workflow, documents. Tests: schema_test.c. */
#include "core/definition/schema_procedure.h"
#include "core/definition/schema_tests.h"

#define IN(type, member) .offset = offsetof(struct type, member)

static const struct schema_row legal_basis_rows[] = {
	{ "law", KIND_TEXT, IN(legal_basis, law), .required = true, .help = "the rule's name" },
	{ "article", KIND_LINE, IN(legal_basis, article) },
	{ "url", KIND_LINE, IN(legal_basis, url) },
	{ "source", KIND_LINE, IN(legal_basis, source) },
};
const struct schema legal_basis_schema = { .what = "a legal basis",
	.size = sizeof(struct legal_basis),
	SCHEMA_ROWS(legal_basis_rows) };

/* ---- sheet ------------------------------------------------------------------------------------------- */

static const char *const requirement_forms[] = { "digital", "original", "copy", "both", "nothing", NULL };
static const struct schema_row requirement_rows[] = {
	{ "id", KIND_SLUG, IN(requirement, id), .required = true },
	{ "name", KIND_TEXT, IN(requirement, name), .required = true },
	{ "detail", KIND_TEXT, IN(requirement, detail), .help = "what counts, in which shape" },
	{ "origin", KIND_TEXT, IN(requirement, origin), .help = "who issues it" },
	{ "how", KIND_TEXT, IN(requirement, how), .help = "how to get it" },
	{ "form", KIND_ENUM, IN(requirement, form), .names = requirement_forms,
		.help = "'nothing': the town looks it up itself" },
	{ "copies", KIND_INT, IN(requirement, copies), .min = 0, .max = 20 },
	{ "field", KIND_NAME, IN(requirement, field), .help = "the field of the form that receives it" },
	{ "procedure", KIND_SLUG, IN(requirement, procedure),
		.help = "the procedure of this town that yields it" },
	{ "icon", KIND_SLUG, IN(requirement, icon) },
	{ "when", KIND_EXPR, IN(requirement, when), .help = "needed only then" },
	{ "source", KIND_LINE, IN(requirement, source) },
};
static const struct schema requirement_schema = { .what = "a requirement",
	.size = sizeof(struct requirement),
	SCHEMA_ROWS(requirement_rows) };

static const struct schema_row step_rows[] = {
	{ "title", KIND_TEXT, IN(sheet_step, title), .required = true },
	{ "text", KIND_TEXT, IN(sheet_step, text) },
};
static const struct schema step_schema = { .what = "a step",
	.size = sizeof(struct sheet_step),
	SCHEMA_ROWS(step_rows) };

static const char *const fee_moments[] = { "none", "on_filing", "after_assessment", "on_delivery", NULL };
static const struct schema_row fee_rows[] = {
	{ "free", KIND_BOOL, IN(fee_summary, is_free) },
	{ "amount", KIND_MONEY, IN(fee_summary, amount), .help = "of the usual case" },
	{ "summary", KIND_TEXT, IN(fee_summary, summary),
		.help = "'Según superficie' when there is no single amount" },
	{ "where", KIND_TEXT, IN(fee_summary, where) },
	{ "moment", KIND_ENUM, IN(fee_summary, moment), .names = fee_moments, .help = "when it is paid" },
	{ "source", KIND_LINE, IN(fee_summary, source) },
};
static void fee_finish(struct reader *r, const struct yaml_node *node, void *target)
{
	struct fee_summary *fee = target;
	fee->has_amount = yaml_get(node, STR("amount")) != NULL;
	if (fee->is_free && (fee->has_amount || fee->moment != FEE_NONE))
		finding_add(r->findings, node->line, node->column,
			"a fee is free or has an amount and a moment, not both");
	if (!fee->is_free && !fee->has_amount && text_is_empty(fee->summary))
		finding_add(r->findings, node->line, node->column, "say 'free: true', an 'amount' or a 'summary'");
}
static const struct schema fee_schema = { .what = "a fee",
	.size = sizeof(struct fee_summary),
	.finish = fee_finish,
	SCHEMA_ROWS(fee_rows) };

static const char *const silence_effects[] = { "unknown", "none", "negative", "positive", NULL };
static const struct schema_row silence_rows[] = {
	{ "effect", KIND_ENUM, IN(silence, effect), .required = true, .names = silence_effects },
	{ "explanation", KIND_TEXT, IN(silence, explanation) },
	{ "basis", KIND_LIST, IN(silence, basis), .sub = &legal_basis_schema },
	{ "confirmed", KIND_BOOL, IN(silence, confirmed),
		.help = "only a confirmed rule has an automatic effect" },
	{ "source", KIND_LINE, IN(silence, source) },
};
static void silence_finish(struct reader *r, const struct yaml_node *node, void *target)
{
	(void)node;
	struct silence *s = target;
	if (s->confirmed && (s->basis.count == 0 || source_is_demo(s->source)))
		reader_error(r, &s->confirmed,
			"a confirmed rule of silence names its legal basis and is not a sample");
}
static const struct schema silence_schema = { .what = "a rule of silence",
	.size = sizeof(struct silence),
	.finish = silence_finish,
	SCHEMA_ROWS(silence_rows) };

static const char *const channels[] = { "online", "in_person", "phone", NULL };
static const struct schema_row sheet_rows[] = {
	{ "what", KIND_TEXT, IN(sheet, what), .required = true, .help = "what it is and what for" },
	{ "who", KIND_TEXT, IN(sheet, who), .required = true, .help = "who may ask" },
	{ "receives", KIND_TEXT, IN(sheet, receives), .help = "what comes out" },
	{ "notes", KIND_TEXT, IN(sheet, notes) },
	{ "minutes", KIND_INT, IN(sheet, minutes), .min = 1, .max = 600, .help = "usual time to fill it in" },
	{ "requirements", KIND_LIST, IN(sheet, requirements), .sub = &requirement_schema },
	{ "basis", KIND_LIST, IN(sheet, basis), .sub = &legal_basis_schema },
	{ "steps", KIND_LIST, IN(sheet, steps), .sub = &step_schema },
	{ "fee", KIND_MAP, IN(sheet, fee), .required = true, .sub = &fee_schema },
	{ "term", KIND_SPAN, IN(sheet, term), .required = true, .help = "maximum time to answer" },
	{ "prevention", KIND_SPAN, IN(sheet, prevention), .help = "the town's time to say what is missing" },
	{ "correction", KIND_SPAN, IN(sheet, correction), .help = "the citizen's time to bring it" },
	{ "validity", KIND_SPAN, IN(sheet, validity), .help = "of what comes out" },
	{ "silence", KIND_MAP, IN(sheet, silence), .required = true, .sub = &silence_schema },
	{ "channels", KIND_FLAGS, IN(sheet, channels), .required = true, .names = channels },
	{ "reviewed_on", KIND_DATE, IN(sheet, reviewed_on) },
};
static void sheet_start(void *target) { ((struct sheet *)target)->reviewed_on = DATE_NONE; }
static const struct schema sheet_schema = { .what = "a sheet",
	.size = sizeof(struct sheet),
	.start = sheet_start,
	SCHEMA_ROWS(sheet_rows) };

/* ---- form -------------------------------------------------------------------------------------------- */

static const struct schema_row page_rows[] = {
	{ "id", KIND_SLUG, IN(page, id), .required = true },
	{ "title", KIND_TEXT, IN(page, title), .required = true, .help = "the page's question" },
	{ "name", KIND_TEXT, IN(page, name), .help = "two words for the list of steps" },
	{ "intro", KIND_TEXT, IN(page, intro) },
	{ "when", KIND_EXPR, IN(page, when), .help = "shown only then" },
	{ "fields", KIND_LIST, IN(page, fields), .required = true, .sub = &field_schema, .max = 60 },
};
static const struct schema page_schema = { .what = "a page",
	.size = sizeof(struct page),
	SCHEMA_ROWS(page_rows) };

static const struct schema_row check_rows[] = {
	{ "id", KIND_SLUG, IN(form_check, id), .required = true },
	{ "when", KIND_EXPR, IN(form_check, when) },
	{ "rule", KIND_EXPR, IN(form_check, rule), .required = true, .help = "must not be no" },
	{ "message", KIND_TEXT, IN(form_check, message), .required = true },
	{ "field", KIND_NAME, IN(form_check, field), .help = "where the error is shown" },
	{ "warning", KIND_BOOL, IN(form_check, is_warning), .help = "shown, but does not stop" },
};
static const struct schema check_schema = { .what = "a check",
	.size = sizeof(struct form_check),
	SCHEMA_ROWS(check_rows) };

static const struct schema_row form_rows[] = {
	{ "declaration", KIND_TEXT, IN(form_definition, declaration), .required = true,
		.help = "what the applicant declares" },
	{ "pages", KIND_LIST, IN(form_definition, pages), .required = true, .sub = &page_schema, .max = 30 },
	{ "checks", KIND_LIST, IN(form_definition, checks), .sub = &check_schema, .max = 60 },
	{ "decision", KIND_LIST, IN(form_definition, decision), .sub = &field_schema, .max = 60,
		.help = "fields the clerk fills in" },
};
static const struct schema form_schema = { .what = "a form",
	.size = sizeof(struct form_definition),
	SCHEMA_ROWS(form_rows) };

/* ---- money ------------------------------------------------------------------------------------------- */

static void constant_set(struct reader *r, const struct yaml_node *node, void *target, enum expr_type type,
	int64_t per)
{
	struct constant *c = (struct constant *)((char *)target - offsetof(struct constant, value));
	int64_t n;
	if (c->value_type >= 0)
		finding_add(r->findings, node->key_line, node->key_column,
			"a constant is one of amount, number or percentage");
	if (!reader_decimal(r, node, &n)) return;
	if (n % per) reader_wrong(r, node, type == EXPR_AMOUNT ? "an amount with two decimals" : "a percentage");
	c->value_type = (int)type;
	c->value = n / per;
}
static void read_amount(struct reader *r, const struct yaml_node *node, void *target)
{
	constant_set(r, node, target, EXPR_AMOUNT, 10000);
}
static void read_number(struct reader *r, const struct yaml_node *node, void *target)
{
	constant_set(r, node, target, EXPR_NUMBER, 1);
}
static void read_percentage(struct reader *r, const struct yaml_node *node, void *target)
{
	constant_set(r, node, target, EXPR_PERCENT, 100);
}

static const struct schema_row constant_rows[] = {
	{ "id", KIND_NAME, IN(constant, id), .required = true },
	{ "label", KIND_TEXT, IN(constant, label), .required = true },
	{ "amount", KIND_CUSTOM, IN(constant, value), .read = read_amount, .help = "an amount such as 412.00" },
	{ "number", KIND_CUSTOM, IN(constant, value), .read = read_number, .help = "a number" },
	{ "percentage", KIND_CUSTOM, IN(constant, value), .read = read_percentage, .help = "10 is 10 %" },
	{ "source", KIND_LINE, IN(constant, source) },
};
static void constant_start(void *target) { ((struct constant *)target)->value_type = -1; }
static void constant_finish(struct reader *r, const struct yaml_node *node, void *target)
{
	struct constant *c = target;
	if (c->value_type >= 0) return;
	finding_add(r->findings, node->line, node->column,
		"this constant lacks one of amount, number or percentage");
	c->value_type = EXPR_NUMBER;
}
static const struct schema constant_schema = { .what = "a constant",
	.size = sizeof(struct constant),
	.start = constant_start,
	.finish = constant_finish,
	SCHEMA_ROWS(constant_rows) };

static const struct schema_row fee_line_rows[] = {
	{ "id", KIND_NAME, IN(fee_line, id), .required = true, .help = "later lines may name it" },
	{ "label", KIND_TEXT, IN(fee_line, label), .required = true },
	{ "when", KIND_EXPR, IN(fee_line, when), .help = "charged only then" },
	{ "amount", KIND_EXPR, IN(fee_line, amount), .required = true },
	{ "basis", KIND_LIST, IN(fee_line, basis), .sub = &legal_basis_schema },
	{ "source", KIND_LINE, IN(fee_line, source) },
};
static const struct schema fee_line_schema = { .what = "a fee line",
	.size = sizeof(struct fee_line),
	SCHEMA_ROWS(fee_line_rows) };

/* ---- workflow ---------------------------------------------------------------------------------------- */

static const char *const turns[] = { "town", "citizen", "nobody", NULL };
static const char *const outcomes[] = { "open", "approved", "refused", "withdrawn", "expired", NULL };
static const struct schema_row state_rows[] = {
	{ "id", KIND_SLUG, IN(state, id), .required = true },
	{ "name", KIND_TEXT, IN(state, name), .required = true, .help = "for the office" },
	{ "citizen", KIND_TEXT, IN(state, citizen), .required = true,
		.help = "one line: where it is, what follows" },
	{ "turn", KIND_ENUM, IN(state, turn), .required = true, .names = turns, .help = "whose move it is" },
	{ "outcome", KIND_ENUM, IN(state, outcome), .names = outcomes },
	{ "final", KIND_BOOL, IN(state, is_final) },
};
static const struct schema state_schema = { .what = "a state",
	.size = sizeof(struct state),
	SCHEMA_ROWS(state_rows) };

static const char *const actions[] = {
#define X(e, name) name,
	ACTIONS(X)
#undef X
		NULL
};
static const char *const whos[] = { "staff", "citizen", "system", NULL };
static const char *const needs[] = { "reasons", "payment", "signature", "items", "decision", NULL };
static const char *const clock_effects[] = { "none", "pause", "resume", "stop", NULL };
static const struct schema_row transition_rows[] = {
	{ "action", KIND_ENUM, IN(transition, action), .required = true, .names = actions },
	{ "from", KIND_STRINGS, IN(transition, from), .required = true, .help = "states" },
	{ "to", KIND_SLUG, IN(transition, to), .required = true },
	{ "label", KIND_TEXT, IN(transition, label), .required = true, .help = "the button" },
	{ "who", KIND_ENUM, IN(transition, who), .required = true, .names = whos },
	{ "permission", KIND_LINE, IN(transition, permission), .help = "staff: as 'case.decide'" },
	{ "needs", KIND_FLAGS, IN(transition, needs), .names = needs },
	{ "clock", KIND_ENUM, IN(transition, clock), .names = clock_effects,
		.help = "effect on the legal clock" },
	{ "document", KIND_SLUG, IN(transition, document), .help = "the document it issues" },
	{ "after", KIND_SPAN, IN(transition, after), .help = "system: so long in the state" },
	{ "when", KIND_EXPR, IN(transition, when), .help = "guard over answers and decision" },
};
static const struct schema transition_schema = { .what = "a transition",
	.size = sizeof(struct transition),
	SCHEMA_ROWS(transition_rows) };

static const struct schema_row workflow_rows[] = {
	{ "states", KIND_LIST, IN(workflow, states), .required = true, .sub = &state_schema, .max = 40 },
	{ "transitions", KIND_LIST, IN(workflow, transitions), .required = true, .sub = &transition_schema,
		.max = 100 },
};
const struct schema workflow_schema = { .what = "a workflow",
	.size = sizeof(struct workflow),
	SCHEMA_ROWS(workflow_rows) };

/* The name of a file in workflows/, or the map itself. The file is read in procedure_read.c. */
static void read_workflow(struct reader *r, const struct yaml_node *node, void *target)
{
	struct workflow *w = target;
	if (node->kind == YAML_SCALAR)
		reader_line(r, node, 60, &w->id);
	else
		schema_read(r, node, &workflow_schema, w);
}

/* ---- documents --------------------------------------------------------------------------------------- */

/* body: {es: documents/x.md, eu: documents/x.eu.md} */
static void read_body(struct reader *r, const struct yaml_node *node, void *target)
{
	struct document *d = (struct document *)((char *)target - offsetof(struct document, bodies));
	if (node->kind != YAML_MAP) {
		reader_wrong(r, node, "a file per language ({es: documents/permiso.md})");
		return;
	}
	d->bodies = ARENA_ARRAY(r->arena, struct document_body, node->count);
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		struct document_body *body = &d->bodies[d->body_count];
		if (!reader_line(r, c, 200, &body->file)) continue;
		reader_note(r, &body->file, c);
		body->lang = c->key;
		d->body_count++;
	}
}

static const char *const document_kinds[] = { "permit", "refusal", "notice", NULL };
static const struct schema_row document_rows[] = {
	{ "id", KIND_SLUG, IN(document, id), .required = true },
	{ "kind", KIND_ENUM, IN(document, kind), .required = true, .names = document_kinds },
	{ "title", KIND_TEXT, IN(document, title), .required = true },
	{ "body", KIND_CUSTOM, IN(document, bodies), .required = true, .read = read_body,
		.help = "a file per language ({es: documents/permiso.md})" },
	{ "officer", KIND_SLUG, IN(document, officer), .required = true, .help = "the post that signs" },
	{ "grant", KIND_NAME, IN(document, grant), .help = "the field whose value is shown large" },
	{ "validity", KIND_SPAN, IN(document, validity), .help = "unless said, the sheet's" },
};
static const struct schema document_schema = { .what = "a document",
	.size = sizeof(struct document),
	SCHEMA_ROWS(document_rows) };

/* ---- the whole --------------------------------------------------------------------------------------- */

static const char *const retention_thens[] = { "erase", "archive", "anonymise", NULL };
static const struct schema_row retention_rows[] = {
	{ "span", KIND_SPAN, IN(retention, span), .required = true, .help = "from the case's end" },
	{ "then", KIND_ENUM, IN(retention, then), .required = true, .names = retention_thens },
	{ "basis", KIND_LIST, IN(retention, basis), .sub = &legal_basis_schema },
	{ "source", KIND_LINE, IN(retention, source) },
};
static const struct schema retention_schema = { .what = "a retention rule",
	.size = sizeof(struct retention),
	SCHEMA_ROWS(retention_rows) };

static const struct schema_row procedure_rows[] = {
	{ "id", KIND_SLUG, IN(procedure, id), .required = true,
		.help = "= the file's name; its address for ever" },
	{ "prefix", KIND_LINE, IN(procedure, prefix), .required = true, .help = "of case numbers: 'AN'" },
	{ "version", KIND_INT, IN(procedure, version), .required = true, .min = 1, .max = 100000 },
	{ "name", KIND_TEXT, IN(procedure, name), .required = true },
	{ "summary", KIND_TEXT, IN(procedure, summary), .required = true, .help = "one plain line for cards" },
	{ "department", KIND_SLUG, IN(procedure, department), .required = true },
	{ "offices", KIND_STRINGS, IN(procedure, offices), .help = "where it can be asked for in person" },
	{ "topic", KIND_SLUG, IN(procedure, topic), .required = true },
	{ "keywords", KIND_STRINGS, IN(procedure, keywords), .help = "how people say it" },
	{ "icon", KIND_SLUG, IN(procedure, icon) },
	{ "most_used", KIND_INT, IN(procedure, most_used), .min = 1, .max = 100,
		.help = "rank on the home page" },
	{ "regime", KIND_SLUG, IN(procedure, regime), .help = "rules of its clock; unless said, the pack's" },
	{ "sheet", KIND_MAP, IN(procedure, sheet), .required = true, .sub = &sheet_schema },
	{ "form", KIND_MAP, IN(procedure, form), .sub = &form_schema,
		.help = "without one it cannot be filed online" },
	{ "constants", KIND_LIST, IN(procedure, constants), .sub = &constant_schema, .max = 100 },
	{ "fees", KIND_LIST, IN(procedure, fees), .sub = &fee_line_schema, .max = 60 },
	{ "workflow", KIND_CUSTOM, IN(procedure, workflow), .read = read_workflow, .sub = &workflow_schema,
		.help = "a file of workflows/, or states and transitions" },
	{ "documents", KIND_LIST, IN(procedure, documents), .sub = &document_schema, .max = 20 },
	{ "retention", KIND_MAP, IN(procedure, retention), .sub = &retention_schema },
	{ "tests", KIND_LIST, IN(procedure, tests), .sub = &test_schema, .max = 200 },
	{ "source", KIND_LINE, IN(procedure, source) },
};
const struct schema procedure_schema = { .what = "a procedure",
	.size = sizeof(struct procedure),
	SCHEMA_ROWS(procedure_rows) };
