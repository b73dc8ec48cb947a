#include "base/instant.h"
#include "base/utf8.h"
#include "mod/api/schema.h"

struct checking {
	struct arena *arena;
	struct schema_fault *first, **end;
	int count;
};

static void add(struct checking *c, enum schema_fault_kind kind, struct str field,
	const struct schema_field *rule)
{
	if (c->count++ >= SCHEMA_FAULTS_MAX) return;
	struct schema_fault *fault = ARENA_NEW(c->arena, struct schema_fault);
	*fault = (struct schema_fault){ kind, field, rule, NULL };
	*c->end = fault;
	c->end = &fault->next;
}

static struct str below(struct checking *c, struct str path, struct str name)
{
	return str_is_empty(path) ? name : arena_printf(c->arena, "%.*s.%.*s", STR_FMT(path), STR_FMT(name));
}

static void check_object(struct checking *c, const struct schema *s, const struct json *value,
	struct str path);

static void check_text(struct checking *c, const struct schema_field *f, struct str text, struct str path)
{
	struct str s = str_trim(text);
	size_t length = utf8_length(s);
	if (!utf8_is_plain(s, f->flags & SCHEMA_LINES))
		add(c, FAULT_TYPE, path, f);
	else if ((int64_t)length < f->min)
		add(c, FAULT_MISSING, path, f);
	else if (f->max && (int64_t)length > f->max)
		add(c, FAULT_LENGTH, path, f);
}

static void check_choice(struct checking *c, const struct schema_field *f, struct str text, struct str path)
{
	struct str rest = str_of(f->of);
	while (!str_is_none(rest))
		if (str_eq(str_cut(&rest, ' '), text)) return;
	add(c, FAULT_CHOICE, path, f);
}

static bool is_decimal(const struct json *value)
{
	struct str s = value->text;
	if (value->kind == JSON_INT || value->kind == JSON_DECIMAL) return true;
	if (value->kind != JSON_TEXT || s.n > 30) return false;
	struct str rest = str_starts_with(s, STR("-")) ? str_slice(s, 1, s.n) : s, whole = str_cut(&rest, '.');
	int64_t n;
	return str_to_int64(whole, 0, INT64_MAX, &n) &&
		(str_is_none(rest) || str_to_int64(rest, 0, INT64_MAX, &n));
}

static bool has_type(const struct schema_field *f, const struct json *value)
{
	struct date day;
	struct instant at;
	switch (f->type) {
	case SCHEMA_TEXT:
	case SCHEMA_CHOICE: return value->kind == JSON_TEXT;
	case SCHEMA_WHOLE: return value->kind == JSON_INT;
	case SCHEMA_YES_NO: return value->kind == JSON_BOOL;
	case SCHEMA_DATE: return value->kind == JSON_TEXT && date_parse(value->text, &day);
	case SCHEMA_INSTANT: return value->kind == JSON_TEXT && instant_parse(value->text, &at);
	case SCHEMA_DECIMAL: return is_decimal(value);
	case SCHEMA_OBJECT:
	case SCHEMA_MAP: return value->kind == JSON_MAP;
	case SCHEMA_ANY: return true;
	case SCHEMA_FILE: return false;
	}
	return false;
}

static void check_value(struct checking *c, const struct schema_field *f, const struct json *value,
	struct str path)
{
	if (!has_type(f, value)) {
		add(c, FAULT_TYPE, path, f);
		return;
	}
	if (f->type == SCHEMA_TEXT) check_text(c, f, value->text, path);
	if (f->type == SCHEMA_CHOICE) check_choice(c, f, value->text, path);
	if (f->type == SCHEMA_WHOLE && f->min < f->max && (value->i < f->min || value->i > f->max))
		add(c, FAULT_RANGE, path, f);
	if (f->type == SCHEMA_OBJECT) check_object(c, schema_find(f->of), value, path);
}

static void check_list(struct checking *c, const struct schema_field *f, const struct json *list,
	struct str path)
{
	if (list->kind != JSON_LIST)
		add(c, FAULT_TYPE, path, f);
	else if (list->count == 0 && (f->flags & SCHEMA_REQUIRED))
		add(c, FAULT_MISSING, path, f);
	else if (f->max && (int64_t)list->count > f->max)
		add(c, FAULT_LENGTH, path, f);
	size_t at = 0;
	for (const struct json *item = list->first; list->kind == JSON_LIST && item; item = item->next, at++)
		check_value(c, f, item, arena_printf(c->arena, "%.*s.%zu", STR_FMT(path), at));
}

static const struct schema_field *field_of(const struct schema *s, struct str name)
{
	for (const struct schema_field *f = s->fields; f->name; f++)
		if (str_eq(str_of(f->name), name)) return f;
	return NULL;
}

static void check_object(struct checking *c, const struct schema *s, const struct json *value,
	struct str path)
{
	must(s != NULL);
	for (const struct schema_field *f = s->fields; f->name; f++) {
		struct str name = below(c, path, str_of(f->name));
		const struct json *member = json_get(value, str_of(f->name));
		if (!member && (f->flags & SCHEMA_REQUIRED)) add(c, FAULT_MISSING, name, f);
		if (member && (f->flags & SCHEMA_LIST))
			check_list(c, f, member, name);
		else if (member)
			check_value(c, f, member, name);
	}
	for (const struct json *member = value->first; s->is_request && member; member = member->next)
		if (!field_of(s, member->key))
			add(c, FAULT_UNKNOWN, below(c, path, utf8_cut(member->key, 100)), NULL);
}

struct schema_fault *schema_check(struct arena *a, const struct schema *s, const struct json *value)
{
	struct checking c = { .arena = a };
	c.end = &c.first;
	if (!value || value->kind != JSON_MAP)
		add(&c, FAULT_TYPE, STR(""), NULL);
	else
		check_object(&c, s, value, STR(""));
	return c.first;
}
