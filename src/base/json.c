/*
 * Reading JSON: jansson parses, and its tree is copied into the arena. Before that one pass over the text
 * bounds depth and number of values and notes where the decimals stand, because jansson would hand them out
 * as floats; the copy takes their text from there, in the same order. Writing is in json_write.c.
 */
/* jansson's name for its null would clash with ours. */
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef JSON_NULL

#include "base/json.h"

enum { MAX_DECIMALS = 6, FIRST_DECIMALS = 16 };

/* What the first pass found: the text of each number that is not an integer. */
struct decimals {
	struct str *items;
	size_t count, capacity, next;
};

struct reader {
	struct arena *arena;
	struct str text;
	struct decimals decimals;
	size_t values;
	int depth;
};

static struct err *malformed(const struct reader *r, size_t at, const char *what)
{
	struct str before = str_slice(r->text, 0, at);
	size_t line = 1, column = 1;
	for (size_t i = 0; i < before.n; i++) {
		bool end = before.p[i] == '\n';
		line += end;
		column = end ? 1 : column + 1;
	}
	return ERR(r->arena, ERR_MALFORMED, NULL, "JSON line %zu, column %zu: %s", line, column, what);
}

static void note_decimal(struct reader *r, struct str number)
{
	struct decimals *d = &r->decimals;
	if (d->count == d->capacity) {
		size_t capacity = d->capacity ? d->capacity * 2 : FIRST_DECIMALS;
		struct str *items = ARENA_ARRAY(r->arena, struct str, capacity);
		if (d->count) memcpy(items, d->items, d->count * sizeof *items);
		d->items = items;
		d->capacity = capacity;
	}
	d->items[d->count++] = number;
}

/* Moves *pos past a string; one that never ends is left for the parser to report. */
static void skip_string(const struct reader *r, size_t *pos)
{
	struct str s = r->text;
	size_t i = *pos + 1;
	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' ? 2 : 1;
	*pos = i < s.n ? i + 1 : s.n;
}

/* Moves *pos past a number. Its grammar is checked by the parser later, its kind here. */
static struct err *scan_number(struct reader *r, size_t *pos)
{
	struct str s = r->text;
	size_t from = *pos, i = from, point = 0;
	for (; i < s.n; i++) {
		char c = s.p[i];
		if (c == 'e' || c == 'E') return malformed(r, from, "a number with an exponent");
		if (c == '.' && !point) point = i;
		if (c != '-' && c != '+' && c != '.' && (c < '0' || c > '9')) break;
	}
	*pos = i;
	if (!point) return NULL;
	if (i - point - 1 > MAX_DECIMALS) return malformed(r, from, "a number with more than six decimals");
	note_decimal(r, str_slice(s, from, i));
	return NULL;
}

static struct err *scan(struct reader *r)
{
	struct str s = r->text;
	size_t values = 1;
	int depth = 0;
	for (size_t pos = 0; pos < s.n;) {
		char c = s.p[pos];
		if (c == '"') {
			skip_string(r, &pos);
			continue;
		}
		if (c == '-' || (c >= '0' && c <= '9')) {
			TRY(scan_number(r, &pos));
			continue;
		}
		if (c == ',' || c == '[' || c == '{') values++;
		if (values > JSON_MAX_VALUES)
			return ERR(r->arena, ERR_TOO_LARGE, NULL, "JSON of more than %d values", JSON_MAX_VALUES);
		if ((c == '[' || c == '{') && ++depth > JSON_MAX_DEPTH) return malformed(r, pos, "nested too deeply");
		if (c == ']' || c == '}') depth--;
		pos++;
	}
	return NULL;
}

static struct json *copy_value(struct reader *r, const json_t *from);

/* Appends a child; `*last` is where the next one goes. */
static void append(struct json *parent, struct json ***last, struct json *child)
{
	**last = child;
	*last = &child->next;
	parent->count++;
}

static void copy_list(struct reader *r, const json_t *from, struct json *to)
{
	struct json **last = &to->first;
	for (size_t i = 0; i < json_array_size(from); i++)
		append(to, &last, copy_value(r, json_array_get(from, i)));
}

/* jansson keeps the members in the order of the text. */
static void copy_map(struct reader *r, json_t *from, struct json *to)
{
	struct json **last = &to->first;
	for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at)) {
		struct json *child = copy_value(r, json_object_iter_value(at));
		child->key = arena_cstr(r->arena, json_object_iter_key(at));
		append(to, &last, child);
	}
}

static struct json *copy_value(struct reader *r, const json_t *from)
{
	struct json *to = ARENA_NEW(r->arena, struct json);
	switch (json_typeof(from)) {
	case JANSSON_NULL: to->kind = JSON_NULL; break;
	case JSON_TRUE:
	case JSON_FALSE:
		to->kind = JSON_BOOL;
		to->b = json_is_true(from);
		break;
	case JSON_INTEGER:
		to->kind = JSON_INT;
		to->i = json_integer_value(from);
		break;
	case JSON_REAL:
		to->kind = JSON_DECIMAL;
		must(r->decimals.next < r->decimals.count);
		to->text = arena_str(r->arena, r->decimals.items[r->decimals.next++]);
		break;
	case JSON_STRING:
		to->kind = JSON_TEXT;
		to->text = arena_str(r->arena, (struct str){ json_string_value(from), json_string_length(from) });
		break;
	case JSON_ARRAY:
		to->kind = JSON_LIST;
		copy_list(r, from, to);
		break;
	case JSON_OBJECT:
		to->kind = JSON_MAP;
		copy_map(r, (json_t *)(uintptr_t)from, to); /* its iterator wants a mutable one and changes nothing */
		break;
	}
	return to;
}

struct err *json_parse(struct arena *a, struct str text, struct json **ret)
{
	if (text.n > JSON_MAX_BYTES) return ERR(a, ERR_TOO_LARGE, NULL, "JSON of %zu bytes", text.n);
	struct reader r = { .arena = a, .text = text };
	TRY(scan(&r));

	json_error_t e;
	json_t *tree = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	if (!tree) {
		/* The parser quotes the text after "near": that may be somebody's data. */
		struct str what = str_of(e.text);
		ptrdiff_t near = str_find(what, STR(" near "));
		if (near >= 0) what = str_slice(what, 0, (size_t)near);
		return ERR(a, ERR_MALFORMED, NULL, "JSON line %d, column %d: %.*s", e.line, e.column, STR_FMT(what));
	}
	*ret = copy_value(&r, tree);
	json_decref(tree);
	return NULL;
}

const struct json *json_get(const struct json *map, struct str key)
{
	if (!map || map->kind != JSON_MAP) return NULL;
	for (const struct json *child = map->first; child; child = child->next) {
		if (str_eq(child->key, key)) return child;
	}
	return NULL;
}

struct str json_text(const struct json *map, struct str key)
{
	const struct json *value = json_get(map, key);
	return value && value->kind == JSON_TEXT ? value->text : STR_NONE;
}
