/* Values: what each kind looks like in the file, and its place in C. */
#include "core/definition/schema_value.h"
#include "base/utf8.h"

enum { LINE_MAX = 500, TEXT_MAX = 8000, ID_MAX = 60, LIST_MAX = 500, SPAN_MAX_COUNT = 10000 };

/* "'title' should be a text per language (es:, eu:, …), found 'Página 2'" */
void reader_wrong(struct reader *r, const struct yaml_node *node, const char *expected)
{
	struct str key = node->key.n ? node->key : r->key;
	if (node->kind != YAML_SCALAR)
		finding_add(r->findings, node->line, node->column, "'%.*s' should be %s, found %s", STR_FMT(key),
			expected, yaml_kind_name(node->kind));
	else if (node->text.n == 0)
		finding_add(r->findings, node->line, node->column, "'%.*s' should be %s, found nothing", STR_FMT(key),
			expected);
	else
		finding_add(r->findings, node->line, node->column, "'%.*s' should be %s, found '%.*s'", STR_FMT(key),
			expected, STR_FMT(utf8_cut(node->text, 40)));
}

bool reader_line(struct reader *r, const struct yaml_node *node, size_t max_bytes, struct str *ret)
{
	if (node->kind != YAML_SCALAR || node->text.n == 0) {
		reader_wrong(r, node, "a text");
		return false;
	}
	if (!utf8_is_plain(node->text, false)) {
		finding_add(r->findings, node->line, node->column,
			"one line of plain text, please: no control characters");
		return false;
	}
	if (node->text.n > max_bytes) {
		finding_add(r->findings, node->line, node->column, "too long: %zu bytes, at most %zu", node->text.n,
			max_bytes);
		return false;
	}
	*ret = utf8_nfc(r->arena, node->text);
	return true;
}

static bool is_language_code(struct str s)
{
	if (s.n < 2 || s.n > 3) return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'a' || s.p[i] > 'z') return false;
	return true;
}

static bool language_is_known(const struct reader *r, struct str lang)
{
	for (size_t i = 0; i < r->languages.count; i++)
		if (str_eq(r->languages.items[i], lang)) return true;
	return r->languages.count == 0 && is_language_code(lang);
}

static void unknown_language(struct reader *r, const struct yaml_node *node)
{
	struct buf list = buf_new(r->arena, 200);
	for (size_t i = 0; i < r->languages.count; i++)
		buf_printf(&list, "%s%.*s", i ? ", " : "", STR_FMT(r->languages.items[i]));
	bool is_comma = node->kind == YAML_SCALAR && node->is_plain && node->text.n == 0;
	finding_add(r->findings, node->key_line, node->key_column,
		"'%.*s' is not a language of this pack (%.*s)%s", STR_FMT(node->key), STR_FMT(buf_str(&list)),
		is_comma ? ": inside { } a text with a comma needs quotes" : "");
}

bool reader_text(struct reader *r, const struct yaml_node *node, struct text *ret)
{
	if (node->kind != YAML_MAP) {
		reader_wrong(r, node, "a text per language (es:, eu:, …)");
		return false;
	}
	struct text text = { .items = ARENA_ARRAY(r->arena, struct text_entry, node->count) };
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		if (str_eq(c->key, STR("source"))) {
			reader_line(r, c, LINE_MAX, &text.source);
		} else if (!language_is_known(r, c->key)) {
			unknown_language(r, c);
		} else if (c->kind != YAML_SCALAR || str_trim(c->text).n == 0) {
			reader_wrong(r, c, "a text");
		} else if (!utf8_is_plain(c->text, true) || c->text.n > TEXT_MAX) {
			finding_add(r->findings, c->line, c->column, "plain text of at most %d bytes, please", TEXT_MAX);
		} else {
			struct str s = utf8_nfc(r->arena, str_trim(c->text));
			text.items[text.count++] = (struct text_entry){ .lang = c->key, .text = s };
		}
	}
	if (r->languages.count && !yaml_get(node, r->languages.items[0])) {
		finding_add(r->findings, node->line, node->column, "this text lacks the main language '%.*s:'",
			STR_FMT(r->languages.items[0]));
		return false;
	}
	*ret = text;
	return true;
}

static bool is_id(struct str s, bool hyphens)
{
	if (s.n == 0 || s.n > ID_MAX || s.p[0] < 'a' || s.p[0] > 'z') return false;
	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (hyphens && c == '-')))
			return false;
	}
	return true;
}

static void read_id(struct reader *r, const struct yaml_node *node, bool hyphens, struct str *ret)
{
	if (node->kind == YAML_SCALAR && is_id(node->text, hyphens))
		*ret = node->text;
	else
		reader_wrong(r, node,
			hyphens ? "an id (small letters, digits, - and _)" : "a name (small letters, digits and _)");
}

bool reader_int(struct reader *r, const struct yaml_node *node, int64_t min, int64_t max, int64_t *ret)
{
	int64_t n;
	if (node->kind == YAML_SCALAR && str_to_int64(node->text, min, max, &n)) {
		*ret = n;
		return true;
	}
	reader_wrong(r, node,
		arena_cz(r->arena,
			arena_printf(r->arena, "a whole number from %lld to %lld", (long long)min, (long long)max)));
	return false;
}

bool reader_decimal(struct reader *r, const struct yaml_node *node, int64_t *ret_millionths)
{
	struct str rest = node->text, digits = str_cut(&rest, '.');
	int64_t whole = 0;
	bool negative = str_starts_with(digits, STR("-"));
	bool good = node->kind == YAML_SCALAR && str_to_int64(digits, -9000000000000, 9000000000000, &whole) &&
		rest.n <= 6 && (str_is_none(rest) || rest.n > 0);
	int64_t fraction = 0;
	for (size_t i = 0; good && i < 6; i++) {
		char c = i < rest.n ? rest.p[i] : '0';
		good = c >= '0' && c <= '9';
		fraction = fraction * 10 + (c - '0');
	}
	if (!good) {
		reader_wrong(r, node, "a number with a decimal point and at most six decimals");
		return false;
	}
	*ret_millionths = whole * 1000000 + (negative ? -fraction : fraction);
	return true;
}

bool reader_bool(struct reader *r, const struct yaml_node *node, bool *ret)
{
	bool yes = node->kind == YAML_SCALAR && node->is_plain && str_eq(node->text, STR("true"));
	if (!yes && !(node->kind == YAML_SCALAR && node->is_plain && str_eq(node->text, STR("false")))) {
		reader_wrong(r, node, "true or false");
		return false;
	}
	*ret = yes;
	return true;
}

bool reader_date(struct reader *r, const struct yaml_node *node, struct date *ret)
{
	if (node->kind == YAML_SCALAR && date_parse(node->text, ret)) return true;
	reader_wrong(r, node, "a date (YYYY-MM-DD)");
	return false;
}

struct expr *reader_expr(struct reader *r, const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR || node->text.n == 0 || node->is_block ||
		str_find_char(node->text, '\n') >= 0) {
		reader_wrong(r, node, "an expression on one line");
		return NULL;
	}
	struct expr *e = ARENA_NEW(r->arena, struct expr);
	*e = (struct expr){ .source = node->text,
		.line = node->line,
		.column = node->column + (node->is_plain ? 0 : 1) };
	return e;
}

/* The position of the node's text among the names, or -1 after a finding. */
static int read_name(struct reader *r, const struct yaml_node *node, const char *const *names)
{
	if (node->kind != YAML_SCALAR) {
		reader_wrong(r, node, "a text");
		return -1;
	}
	struct near near = near_start(node->text);
	struct buf list = buf_new(r->arena, 2000);
	for (int i = 0; names[i]; i++) {
		if (str_eq(node->text, str_of(names[i]))) return i;
		near_try(&near, str_of(names[i]));
		buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
	}
	finding_add(r->findings, node->line, node->column, "'%.*s' is not a known '%.*s' (%.*s)%.*s",
		STR_FMT(utf8_cut(node->text, 40)), STR_FMT(r->key), STR_FMT(buf_str(&list)),
		STR_FMT(near_hint(r->arena, &near)));
	return -1;
}

static void read_enum(struct reader *r, const struct yaml_node *node, const char *const *names, void *target)
{
	int found = read_name(r, node, names);
	if (found >= 0) memcpy(target, &found, sizeof found);
}

static void read_flags(struct reader *r, const struct yaml_node *node, const char *const *names,
	unsigned *ret)
{
	if (node->kind != YAML_LIST) {
		reader_wrong(r, node, "a list");
		return;
	}
	unsigned flags = 0;
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		int found = read_name(r, c, names);
		if (found >= 0) flags |= 1u << found;
	}
	*ret = flags;
}

static void read_strings(struct reader *r, const struct yaml_node *node, struct str_list *ret)
{
	if (node->kind != YAML_LIST) {
		reader_wrong(r, node, "a list of texts");
		return;
	}
	struct str_list list = { .items = ARENA_ARRAY(r->arena, struct str, node->count) };
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		if (!reader_line(r, c, LINE_MAX, &list.items[list.count])) continue;
		reader_note(r, &list.items[list.count], c);
		list.count++;
	}
	*ret = list;
}

/* ---- spans ------------------------------------------------------------------------------------------- */

static const char *const span_units[] = {
#define X(e, name) name,
	SPAN_UNITS(X)
#undef X
		NULL
};

static bool span_has_count(enum span_unit unit) { return unit >= SPAN_HOURS && unit <= SPAN_YEARS; }

/* "15 working_days", "15-30 working_days", "permanent" */
static bool span_of_words(struct str s, struct span *ret)
{
	struct str rest = str_trim(s), unit = STR_NONE;
	struct span span = { 0 };
	if (rest.n && rest.p[0] >= '0' && rest.p[0] <= '9') {
		unit = rest;
		struct str figures = str_cut(&unit, ' '), from = str_cut(&figures, '-');
		int64_t min, max;
		if (!str_to_int64(from, 1, SPAN_MAX_COUNT, &min)) return false;
		if (!str_is_none(figures) && !str_to_int64(figures, min, SPAN_MAX_COUNT, &max)) return false;
		span.min = (int)min;
		span.max = str_is_none(figures) ? (int)min : (int)max;
	} else {
		unit = rest;
	}
	for (int i = 0; span_units[i]; i++) {
		if (!str_eq(str_trim(unit), str_of(span_units[i]))) continue;
		span.unit = (enum span_unit)i;
		if (span_has_count(span.unit) != (span.max > 0)) return false;
		*ret = span;
		return true;
	}
	return false;
}

static void read_span(struct reader *r, const struct yaml_node *node, struct span *ret)
{
	static const char expected[] =
		"a span such as '15 working_days', '15-30 calendar_days', '12 months' or 'permanent'";
	const struct yaml_node *words = node->kind == YAML_MAP ? yaml_get(node, STR("is")) : node;
	struct span span = { 0 };
	if (!words || words->kind != YAML_SCALAR || !span_of_words(words->text, &span)) {
		reader_wrong(r, words ? words : node, expected);
		return;
	}
	for (const struct yaml_node *c = node->kind == YAML_MAP ? node->first : NULL; c; c = c->next) {
		if (str_eq(c->key, STR("note")))
			reader_text(r, c, &span.note);
		else if (str_eq(c->key, STR("source")))
			reader_line(r, c, LINE_MAX, &span.source);
		else if (c != words)
			finding_add(r->findings, c->key_line, c->key_column,
				"'%.*s' is not a key of a span: is, note, source", STR_FMT(c->key));
	}
	*ret = span;
}

/* ---- collections ------------------------------------------------------------------------------------- */

struct any_list { /* what every { items, count } looks like */
	void *items;
	size_t count;
};

static void check_unique_ids(struct reader *r, const struct yaml_node *list)
{
	for (const struct yaml_node *c = list->first; c; c = c->next) {
		const struct yaml_node *id = yaml_get(c, STR("id"));
		if (!id || id->kind != YAML_SCALAR) continue;
		for (const struct yaml_node *before = list->first; before != c; before = before->next) {
			const struct yaml_node *other = yaml_get(before, STR("id"));
			if (!other || !str_eq(other->text, id->text)) continue;
			finding_add(r->findings, id->line, id->column, "the id '%.*s' is already used at line %d",
				STR_FMT(id->text), other->line);
			break;
		}
	}
}

static void read_list(struct reader *r, const struct yaml_node *node, const struct schema_row *row,
	void *target)
{
	if (node->kind != YAML_LIST) {
		reader_wrong(r, node,
			arena_cz(r->arena, arena_printf(r->arena, "a list, each item %s", row->sub->what)));
		return;
	}
	size_t most = row->max > 0 ? (size_t)row->max : LIST_MAX;
	if (node->count > most) {
		finding_add(r->findings, node->line, node->column, "'%s' has %zu items; at most %zu", row->key,
			node->count, most);
		return;
	}
	struct any_list list = { arena_alloc_array(r->arena, node->count, row->sub->size), node->count };
	char *item = list.items;
	for (const struct yaml_node *c = node->first; c; c = c->next, item += row->sub->size)
		schema_read(r, c, row->sub, item);
	check_unique_ids(r, node);
	memcpy(target, &list, sizeof list);
}

void row_read(struct reader *r, const struct yaml_node *node, const struct schema_row *row, void *target)
{
	int64_t n = 0;
	reader_note(r, target, node);
	switch (row->kind) {
	case KIND_TEXT: reader_text(r, node, target); break;
	case KIND_LINE: reader_line(r, node, LINE_MAX, target); break;
	case KIND_SLUG: read_id(r, node, true, target); break;
	case KIND_NAME: read_id(r, node, false, target); break;
	case KIND_INT:
		if (reader_int(r, node, row->min, row->max, &n)) *(int *)target = (int)n;
		break;
	case KIND_BOOL: reader_bool(r, node, target); break;
	case KIND_ENUM: read_enum(r, node, row->names, target); break;
	case KIND_FLAGS: read_flags(r, node, row->names, target); break;
	case KIND_DATE: reader_date(r, node, target); break;
	case KIND_MONEY:
		if (node->kind != YAML_SCALAR || !money_parse(node->text, target))
			reader_wrong(r, node, "an amount such as 412.00");
		break;
	case KIND_STRINGS: read_strings(r, node, target); break;
	case KIND_SPAN: read_span(r, node, target); break;
	case KIND_EXPR: *(struct expr **)target = reader_expr(r, node); break;
	case KIND_MAP: schema_read(r, node, row->sub, target); break;
	case KIND_LIST: read_list(r, node, row, target); break;
	case KIND_CUSTOM: row->read(r, node, target); break;
	}
}
