/* The walk over maps and rows. What a value of each kind looks like is in schema_value.c. */
#include <stdarg.h>
#include "core/definition/schema_value.h"

void reader_note(struct reader *r, const void *value, const struct yaml_node *node)
{
	if (r->place_count == r->place_capacity) {
		size_t capacity = r->place_capacity ? r->place_capacity * 2 : 256;
		struct reader_place *places = ARENA_ARRAY(r->arena, struct reader_place, capacity);
		if (r->place_count) memcpy(places, r->places, r->place_count * sizeof *places);
		r->places = places;
		r->place_capacity = capacity;
	}
	r->places[r->place_count++] = (struct reader_place){ value, node->line, node->column };
}

struct reader_place reader_place(const struct reader *r, const void *value)
{
	/* A struct and its first member share an address; the member was noted last and is the narrower place. */
	for (size_t i = r->place_count; i > 0; i--)
		if (r->places[i - 1].value == value) return r->places[i - 1];
	return (struct reader_place){ value, 0, 0 };
}

void reader_error(struct reader *r, const void *value, const char *format, ...)
{
	struct reader_place place = reader_place(r, value);
	va_list args;
	va_start(args, format);
	struct str text = arena_vprintf(r->arena, format, args);
	va_end(args);
	finding_add(r->findings, place.line, place.column, "%.*s", STR_FMT(text));
}

static uint32_t variant_bit(int variant) { return variant < 0 ? UINT32_MAX : UINT32_C(1) << variant; }
static bool row_applies(const struct schema_row *row, int variant)
{
	return row->mask == 0 || variant < 0 || (row->mask & variant_bit(variant));
}

static const struct schema_row *schema_row(const struct schema *s, struct str key)
{
	for (size_t i = 0; i < s->count; i++)
		if (str_eq(key, str_of(s->rows[i].key))) return &s->rows[i];
	return NULL;
}

static void unknown_key(struct reader *r, const struct yaml_node *node, const struct schema *s, int variant)
{
	struct near near = near_start(node->key);
	for (size_t i = 0; i < s->count; i++)
		if (row_applies(&s->rows[i], variant)) near_try(&near, str_of(s->rows[i].key));
	finding_add(r->findings, node->key_line, node->key_column, "'%.*s' is not a key of %s%.*s",
		STR_FMT(node->key), s->what, STR_FMT(near_hint(r->arena, &near)));
}

/* "'max_size_mb' does not apply to a field of type date; it is for: attachment" */
static void misplaced_key(struct reader *r, const struct yaml_node *node, const struct schema *s,
	const struct schema_row *row, int variant)
{
	const char *const *names = schema_row(s, str_of(s->selector))->names;
	struct buf list = buf_new(r->arena, 1000);
	for (int i = 0; names[i]; i++)
		if (row->mask & variant_bit(i)) buf_printf(&list, "%s%s", list.n ? ", " : "", names[i]);
	finding_add(r->findings, node->key_line, node->key_column,
		"'%s' does not apply to %s of type %s; it is for: %.*s", row->key, s->what, names[variant],
		STR_FMT(buf_str(&list)));
}

static const char *expected_of(const struct schema_row *row)
{
	static const char *const kinds[] = { "a text per language", "a text",
		"an id (small letters, digits, - and _)", "a name (small letters, digits and _)", "a whole number",
		"true or false", "one of a list", "a list", "a date (YYYY-MM-DD)", "an amount", "a list of texts",
		"a span such as '15 working_days'", "an expression", "a map", "a list", NULL };
	return row->kind == KIND_CUSTOM ? row->help : kinds[row->kind];
}

static void missing_keys(struct reader *r, const struct yaml_node *node, const struct schema *s, int variant)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct schema_row *row = &s->rows[i];
		if (!row->required || !row_applies(row, variant) || yaml_get(node, str_of(row->key))) continue;
		const char *noun = strchr(s->what, ' ');
		finding_add(r->findings, node->line, node->column, "this %s lacks '%s'; expected %s",
			noun ? noun + 1 : s->what, row->key, expected_of(row));
	}
}

/* The variant is read first: what other keys mean depends on it. -1: none, or not known. */
static int read_selector(struct reader *r, const struct yaml_node *node, const struct schema *s, char *target)
{
	if (!s->selector) return -1;
	const struct schema_row *row = schema_row(s, str_of(s->selector));
	const struct yaml_node *value = yaml_get(node, str_of(s->selector));
	if (!value) return -1;
	r->now = s;
	r->key = value->key;
	int before = r->findings->errors;
	row_read(r, value, row, target + row->offset);
	int variant;
	memcpy(&variant, target + row->offset, sizeof variant);
	return r->findings->errors == before ? variant : -1;
}

void schema_read(struct reader *r, const struct yaml_node *node, const struct schema *s, void *target)
{
	if (node->kind != YAML_MAP) {
		reader_wrong(r, node, s->what);
		return;
	}
	reader_note(r, target, node);
	if (s->start) s->start(target);
	int variant = read_selector(r, node, s, target);
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		const struct schema_row *row = schema_row(s, c->key);
		if (!row)
			unknown_key(r, c, s, variant);
		else if (!row_applies(row, variant))
			misplaced_key(r, c, s, row, variant);
		else if (!s->selector || strcmp(row->key, s->selector) != 0) {
			r->now = s;
			r->key = c->key;
			row_read(r, c, row, (char *)target + row->offset);
		}
	}
	missing_keys(r, node, s, variant);
	if (s->finish) s->finish(r, node, target);
}

/* ---- the manual -------------------------------------------------------------------------------------- */

static void describe_row(const struct schema *s, const struct schema_row *row, struct buf *out)
{
	buf_printf(out, "| `%s`%s | %s", row->key, row->required ? " *" : "", expected_of(row));
	if (row->kind == KIND_ENUM || row->kind == KIND_FLAGS) {
		buf_add(out, STR(": "));
		for (int i = 0; row->names[i]; i++)
			buf_printf(out, "%s%s", i ? ", " : "", row->names[i]);
	}
	if (row->kind == KIND_INT) buf_printf(out, ", %lld to %lld", (long long)row->min, (long long)row->max);
	if (row->sub) buf_printf(out, " of *%s*", row->sub->what);
	buf_add(out, STR(" | "));
	for (const char *p = row->kind == KIND_CUSTOM || !row->help ? "" : row->help; *p; p++) {
		if (*p == '|') buf_add_char(out, '\\');
		buf_add_char(out, *p);
	}
	buf_add(out, STR(" |"));
	if (row->mask && s->selector) {
		const char *const *names = schema_row(s, str_of(s->selector))->names;
		for (int i = 0; names[i]; i++)
			if (row->mask & variant_bit(i)) buf_printf(out, " %s", names[i]);
	}
	buf_add(out, STR(" |\n"));
}

enum { DESCRIBE_MAX = 40 };

static void describe(const struct schema *s, struct buf *out, const struct schema **done, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		if (done[i] == s) return;
	if (*count == DESCRIBE_MAX) return;
	done[(*count)++] = s;
	buf_printf(out, "\n## %c%s\n\n| key | value | meaning | only for |\n|---|---|---|---|\n",
		s->what[0] - 'a' + 'A', s->what + 1);
	for (size_t i = 0; i < s->count; i++)
		describe_row(s, &s->rows[i], out);
	for (size_t i = 0; i < s->count; i++)
		if (s->rows[i].sub) describe(s->rows[i].sub, out, done, count);
}

void schema_describe(const struct schema *schema, struct buf *out)
{
	const struct schema *done[DESCRIBE_MAX];
	size_t count = 0;
	describe(schema, out, done, &count);
}
