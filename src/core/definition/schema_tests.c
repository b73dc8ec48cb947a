/* Tests inside a definition: answers given, what is expected. Answers become the JSON that the API would take. */
#include "core/definition/schema_tests.h"

#define IN(type, member) .offset = offsetof(struct type, member)

/* Every scalar is a text but true and false: answers are read by the field's type. */
static struct json *json_of(struct arena *a, const struct yaml_node *node)
{
	struct json *j = ARENA_NEW(a, struct json);
	j->key = node->key;
	j->count = node->count;
	if (node->kind == YAML_SCALAR) {
		bool yes = str_eq(node->text, STR("true")),
			 is_bool = node->is_plain && (yes || str_eq(node->text, STR("false")));
		j->kind = is_bool ? JSON_BOOL : JSON_TEXT;
		j->b = yes;
		j->text = node->text;
		return j;
	}
	j->kind = node->kind == YAML_MAP ? JSON_MAP : JSON_LIST;
	struct json **end = &j->first;
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		*end = json_of(a, c);
		end = &(*end)->next;
	}
	return j;
}

static void read_answers(struct reader *r, const struct yaml_node *node, void *target)
{
	if (node->kind != YAML_MAP)
		reader_wrong(r, node, "a map of answers");
	else
		*(const struct json **)target = json_of(r->arena, node);
}

static struct definition_test *test_of(void *target, size_t offset)
{
	return (struct definition_test *)((char *)target - offset);
}

/* errors: {frente: answer.number, predio.street: any} */
static void read_errors(struct reader *r, const struct yaml_node *node, void *target)
{
	struct definition_test *t = test_of(target, offsetof(struct definition_test, errors));
	if (node->kind != YAML_MAP) {
		reader_wrong(r, node, "a map from input name to message key (or 'any')");
		return;
	}
	t->errors = ARENA_ARRAY(r->arena, struct expect_error, node->count);
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		struct expect_error *e = &t->errors[t->error_count];
		if (!reader_line(r, c, 100, &e->key)) continue;
		e->field = c->key;
		if (str_eq(e->key, STR("any"))) e->key = STR_NONE;
		t->error_count++;
	}
}

/* documents: {permiso: [Calle de Ejemplo, 412.00]} */
static void read_texts(struct reader *r, const struct yaml_node *node, void *target)
{
	struct definition_test *t = test_of(target, offsetof(struct definition_test, texts));
	size_t count = 0;
	for (const struct yaml_node *c = node->first; c; c = c->next)
		count += c->count;
	t->texts = ARENA_ARRAY(r->arena, struct expect_text, count);
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		if (node->kind != YAML_MAP || c->kind != YAML_LIST) {
			reader_wrong(r, c, "a map from document to a list of texts");
			return;
		}
		for (const struct yaml_node *item = c->first; item; item = item->next) {
			struct expect_text *e = &t->texts[t->text_count];
			if (!reader_line(r, item, 500, &e->contains)) continue;
			e->document = c->key;
			t->text_count++;
		}
	}
}

static void read_due(struct reader *r, const struct yaml_node *node, void *target)
{
	struct definition_test *t = test_of(target, offsetof(struct definition_test, filed_on));
	const struct yaml_node *filed = yaml_get(node, STR("filed")), *on = yaml_get(node, STR("on"));
	if (!filed || !on || node->count != 2) {
		reader_wrong(r, node, "{filed: YYYY-MM-DD, on: YYYY-MM-DD}");
		return;
	}
	reader_date(r, filed, &t->filed_on);
	reader_date(r, on, &t->due_on);
}

static const struct schema_row test_rows[] = {
	{ "name", KIND_LINE, IN(definition_test, name), .required = true },
	{ "answers", KIND_CUSTOM, IN(definition_test, answers), .required = true, .read = read_answers,
		.help = "a map of answers" },
	{ "decision", KIND_CUSTOM, IN(definition_test, decision), .read = read_answers,
		.help = "a map of decision fields" },
	{ "valid", KIND_BOOL, IN(definition_test, expects_valid), .help = "no error at all" },
	{ "errors", KIND_CUSTOM, IN(definition_test, errors), .read = read_errors,
		.help = "a map from input name to message key (or 'any')" },
	{ "fee", KIND_MONEY, IN(definition_test, fee), .help = "the total" },
	{ "documents", KIND_CUSTOM, IN(definition_test, texts), .read = read_texts,
		.help = "a map from document to a list of texts it contains" },
	{ "pages", KIND_STRINGS, IN(definition_test, pages), .help = "ids of the visible pages, in order" },
	{ "due", KIND_CUSTOM, IN(definition_test, filed_on), .read = read_due,
		.help = "{filed: date, on: date}" },
};

static void test_start(void *target)
{
	struct definition_test *t = target;
	t->filed_on = t->due_on = DATE_NONE;
}

static void test_finish(struct reader *r, const struct yaml_node *node, void *target)
{
	struct definition_test *t = target;
	t->line = node->line;
	t->has_fee = yaml_get(node, STR("fee")) != NULL;
	t->has_pages = yaml_get(node, STR("pages")) != NULL;
	if (t->expects_valid && t->error_count)
		finding_add(r->findings, node->line, node->column,
			"a test expects 'valid: true' or 'errors', not both");
}

const struct schema test_schema = { .what = "a test",
	.size = sizeof(struct definition_test),
	.start = test_start,
	.finish = test_finish,
	SCHEMA_ROWS(test_rows) };
