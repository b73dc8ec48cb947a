/* What the file says about a field: one row a key, with the types it is for. */
#include "core/definition/schema_procedure.h"

#define FOR(type) (UINT32_C(1) << FIELD_##type)

static const char *const type_names[] = {
#define X(e, name, answers) name,
	FIELD_TYPES(X)
#undef X
		NULL
};
static const char *const role_names[] = {
#define X(e, name) name,
	FIELD_ROLES(X)
#undef X
		NULL
};
static const char *const personal_names[] = { "none", "personal", "sensitive", NULL };
static const char *const accept_names[] = { "pdf", "jpeg", "png", "dxf", NULL };

#define LINE_TYPES (FOR(TEXT) | FOR(TEXTAREA))
#define DATA_TYPES (~(FOR(HEADING) | FOR(NOTE)))
#define IN_FIELD(member) .offset = offsetof(struct field, member)

static struct field *field_of(void *target, size_t offset)
{
	return (struct field *)((char *)target - offset);
}

/* required: true, false, or an expression */
static void read_required(struct reader *r, const struct yaml_node *node, void *target)
{
	struct field *f = field_of(target, offsetof(struct field, required));
	bool is_bool = node->kind == YAML_SCALAR &&
		(str_eq(node->text, STR("true")) || str_eq(node->text, STR("false")));
	if (is_bool && node->is_plain)
		reader_bool(r, node, &f->required);
	else
		f->required_when = reader_expr(r, node);
}

/* min and max: in the unit of the type; of a date also an expression, as "today" or "today - 30 days". */
static bool read_bound(struct reader *r, const struct yaml_node *node, const struct field *f, int64_t *ret,
	const struct expr **ret_moving)
{
	struct money m;
	struct date d;
	if (f->type == FIELD_MONEY) {
		if (node->kind == YAML_SCALAR && money_parse(node->text, &m)) return *ret = m.cents, true;
		reader_wrong(r, node, "an amount such as 412.00");
		return false;
	}
	if (f->type == FIELD_DATE) {
		if (node->kind == YAML_SCALAR && date_parse(node->text, &d)) return *ret = d.days, true;
		*ret_moving = reader_expr(r, node);
		return false;
	}
	return reader_decimal(r, node, ret);
}

static void read_min(struct reader *r, const struct yaml_node *node, void *target)
{
	struct field *f = field_of(target, offsetof(struct field, min));
	f->has_min = read_bound(r, node, f, &f->min, &f->min_date);
}

static void read_max(struct reader *r, const struct yaml_node *node, void *target)
{
	struct field *f = field_of(target, offsetof(struct field, max));
	f->has_max = read_bound(r, node, f, &f->max, &f->max_date);
}

static void read_max_megabytes(struct reader *r, const struct yaml_node *node, void *target)
{
	int64_t n;
	if (reader_int(r, node, 1, 25, &n)) *(int64_t *)target = n * 1024 * 1024;
}

static const struct schema_row option_rows[] = {
	{ "id", KIND_SLUG, .offset = offsetof(struct option, id), .required = true,
		.help = "what expressions compare with" },
	{ "label", KIND_TEXT, .offset = offsetof(struct option, label), .required = true },
	{ "hint", KIND_TEXT, .offset = offsetof(struct option, hint) },
};
static const struct schema option_schema = { .what = "an option",
	.size = sizeof(struct option),
	SCHEMA_ROWS(option_rows) };

static const struct schema_row field_rows[] = {
	{ "id", KIND_NAME, IN_FIELD(id), .required = true,
		.help = "its name in expressions, documents and the API" },
	{ "type", KIND_ENUM, IN_FIELD(type), .required = true, .names = type_names },
	{ "label", KIND_TEXT, IN_FIELD(label), .required = true, .help = "the question, or the heading",
		.mask = ~FOR(NOTE) },
	{ "short_label", KIND_TEXT, IN_FIELD(short_label), .mask = DATA_TYPES,
		.help = "in summaries, documents and explanations" },
	{ "hint", KIND_TEXT, IN_FIELD(hint), .mask = DATA_TYPES },
	{ "role", KIND_ENUM, IN_FIELD(role), .names = role_names, .mask = DATA_TYPES & ~FOR(GROUP),
		.help = "what it means to the case" },
	{ "personal", KIND_ENUM, IN_FIELD(personal), .names = personal_names, .mask = DATA_TYPES,
		.help = "class of personal data; 'personal' unless said" },
	{ "required", KIND_CUSTOM, IN_FIELD(required), .read = read_required, .mask = DATA_TYPES & ~FOR(GROUP),
		.help = "true (unless said), false, or an expression" },
	{ "when", KIND_EXPR, IN_FIELD(when), .help = "shown only then; hidden fields have no answer" },
	{ "min", KIND_CUSTOM, IN_FIELD(min), .read = read_min, .mask = FOR(NUMBER) | FOR(MONEY) | FOR(DATE),
		.help = "the least value; of a date also an expression" },
	{ "max", KIND_CUSTOM, IN_FIELD(max), .read = read_max, .mask = FOR(NUMBER) | FOR(MONEY) | FOR(DATE),
		.help = "the greatest value; of a date also an expression" },
	{ "min_length", KIND_INT, IN_FIELD(min_length), .mask = LINE_TYPES, .min = 1, .max = 20000,
		.help = "characters" },
	{ "max_length", KIND_INT, IN_FIELD(max_length), .mask = LINE_TYPES, .min = 1, .max = 20000,
		.help = "characters" },
	{ "decimals", KIND_INT, IN_FIELD(decimals), .mask = FOR(NUMBER), .min = 0, .max = 6,
		.help = "at most so many" },
	{ "rows", KIND_INT, IN_FIELD(rows), .mask = FOR(TEXTAREA), .min = 2, .max = 20,
		.help = "height of the box" },
	{ "pattern", KIND_LINE, IN_FIELD(pattern), .mask = FOR(TEXT),
		.help = "a mask: 9 digit, A letter, X either, | or; needs pattern_message" },
	{ "pattern_message", KIND_TEXT, IN_FIELD(pattern_message), .mask = FOR(TEXT), .help = "how to mend it" },
	{ "unit", KIND_TEXT, IN_FIELD(unit), .mask = FOR(NUMBER) },
	{ "autocomplete", KIND_SLUG, IN_FIELD(autocomplete), .mask = DATA_TYPES,
		.help = "token of the HTML standard" },
	{ "options", KIND_LIST, IN_FIELD(options), .required = true, .mask = FOR(CHOICE) | FOR(CHOICES),
		.sub = &option_schema, .max = 200 },
	{ "select", KIND_BOOL, IN_FIELD(as_select), .mask = FOR(CHOICE), .help = "a drop-down for many options" },
	{ "accept", KIND_FLAGS, IN_FIELD(accept), .names = accept_names, .mask = FOR(ATTACHMENT),
		.help = "all unless said" },
	{ "max_size_mb", KIND_CUSTOM, IN_FIELD(max_bytes), .read = read_max_megabytes, .mask = FOR(ATTACHMENT),
		.help = "megabytes a file, 1 to 25" },
	{ "max_files", KIND_INT, IN_FIELD(max_files), .mask = FOR(ATTACHMENT), .min = 1, .max = 20 },
	{ "only_inside", KIND_BOOL, IN_FIELD(only_inside), .mask = FOR(POINT),
		.help = "a point outside the outline of the town's map is an error, not only a warning" },
	{ "min_rows", KIND_INT, IN_FIELD(min_rows), .mask = FOR(GROUP), .min = 0, .max = 50 },
	{ "max_rows", KIND_INT, IN_FIELD(max_rows), .mask = FOR(GROUP), .min = 1, .max = 50 },
	{ "fields", KIND_LIST, IN_FIELD(fields), .required = true, .mask = FOR(GROUP), .sub = &field_schema,
		.max = 30 },
	{ "row_label", KIND_TEXT, IN_FIELD(row_label), .mask = FOR(GROUP), .help = "'Nivel' gives 'Nivel 2'" },
	{ "text", KIND_TEXT, IN_FIELD(text), .required = true, .mask = FOR(NOTE),
		.help = "paragraphs and lists" },
	{ "source", KIND_LINE, IN_FIELD(source) },
};

static void field_start(void *target)
{
	struct field *f = target;
	*f = (struct field){ .required = true,
		.personal = PERSONAL_ORDINARY,
		.decimals = 2,
		.rows = 5,
		.accept = ACCEPT_PDF | ACCEPT_JPEG | ACCEPT_PNG | ACCEPT_DXF,
		.max_bytes = 25 * 1024 * 1024,
		.max_files = 5,
		.max_rows = 20 };
}

static void field_finish(struct reader *r, const struct yaml_node *node, void *target)
{
	struct field *f = target;
	f->line = node->line;
	f->column = node->column;
	if (!f->max_length) f->max_length = f->type == FIELD_TEXTAREA ? 4000 : 200;
	if (f->type == FIELD_GROUP) f->required = f->min_rows > 0;
	if (!field_type_has_answer(f->type)) f->required = false;
	if (f->min_length > f->max_length) reader_error(r, &f->min_length, "'min_length' is above 'max_length'");
	if (f->has_min && f->has_max && f->min > f->max) reader_error(r, &f->min, "'min' is above 'max'");
	if (f->min_rows > f->max_rows) reader_error(r, &f->min_rows, "'min_rows' is above 'max_rows'");
	if (f->pattern.n && text_is_empty(f->pattern_message))
		reader_error(r, &f->pattern, "a 'pattern' needs a 'pattern_message' that says how to mend it");
}

const struct schema field_schema = { .what = "a field",
	.size = sizeof(struct field),
	.selector = "type",
	.start = field_start,
	.finish = field_finish,
	SCHEMA_ROWS(field_rows) };
