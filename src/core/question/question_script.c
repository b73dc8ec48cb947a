/*
 * What the browser needs to show and hide questions at once: types of what stands in the page, values of what was
 * answered on other pages. Only names that a condition of these questions mentions are given out.
 */
#include "core/question/question_internal.h"

enum { SCRIPT_MAX = 256 * 1024, NAMES_MAX = 500 };

struct names {
	const struct expr_name *items[NAMES_MAX];
	size_t count;
};

static void collect(void *state, const struct expr_name *name)
{
	struct names *names = state;
	for (size_t i = 0; i < names->count; i++)
		if (str_eq(names->items[i]->id, name->id)) return;
	if (names->count < NAMES_MAX) names->items[names->count++] = name;
}

static void collect_all(const struct fields *fields, struct names *names)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->items[i];
		if (f->when) expr_names(f->when, collect, names);
		collect_all(&f->fields, names);
	}
}

/* Does this name belong to a field that is asked here? */
static bool is_asked(const struct fields *fields, struct str id)
{
	for (size_t i = 0; i < fields->count; i++) {
		struct str own = fields->items[i].id;
		if (str_eq(own, id)) return true;
		if (str_starts_with(id, own) && id.n > own.n && id.p[own.n] == '.') return true;
	}
	return false;
}

static void write_value(struct json_writer *w, const struct expr_value *v)
{
	json_open(w, '[');
	if (!v->has) {
		json_add_null(w);
	} else if (v->type == EXPR_YES_NO) {
		json_add_text(w, STR("yes/no"));
		json_add_bool(w, v->i != 0);
	} else if (v->type == EXPR_TEXT) {
		json_add_text(w, STR("text"));
		json_add_text(w, v->text);
	} else if (v->type == EXPR_LIST) {
		json_add_text(w, STR("list"));
		json_open(w, '[');
		for (size_t i = 0; i < v->count; i++)
			json_add_text(w, v->items[i]);
		json_close(w, ']');
	} else {
		char digits[24];
		int n = snprintf(digits, sizeof digits, "%lld", (long long)v->i);
		json_add_text(w, STR("integer"));
		json_add_text(w, (struct str){ digits, (size_t)n });
	}
	json_close(w, ']');
}

/* How many rows of a group were filled in. */
static size_t rows_of(const struct question_context *c, struct str group)
{
	const struct field *f = procedure_field(c->answers->procedure, group);
	return f && f->type == FIELD_GROUP ? answer_of(c->answers, f, -1)->count : 0;
}

/* ["rows",[…]]: the values of a field in each row of a group on another page. */
static void write_rows(struct json_writer *w, const struct question_context *c, const struct expr_env *env,
	const struct expr_name *name)
{
	size_t count = rows_of(c, name->group);
	json_open(w, '[');
	json_add_text(w, STR("rows"));
	json_open(w, '[');
	for (size_t row = 0; row < count; row++) {
		struct expr_value v = env->get(env->state, name, (int)row);
		write_value(w, &v);
	}
	json_close(w, ']');
	json_close(w, ']');
}

static bool is_named(const struct names *names, struct str id)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_eq(names->items[i]->id, id)) return true;
	return false;
}

/* A sum over rows names their field; how many rows there are must be known as well. */
static bool brings_group(const struct names *names, size_t i)
{
	struct str group = names->items[i]->group;
	if (str_is_empty(group) || is_named(names, group)) return false;
	for (size_t before = 0; before < i; before++)
		if (str_eq(names->items[before]->group, group)) return false;
	return true;
}

static void write_types(struct json_writer *w, const struct fields *fields, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct expr_name *name = names->items[i];
		if (!is_asked(fields, name->id)) continue;
		json_field(w, name->id, str_of(expr_type_name(name->type)));
		if (brings_group(names, i)) json_field(w, name->group, STR("group"));
	}
}

static void write_known(struct json_writer *w, const struct question_context *c, const struct fields *fields,
	const struct names *names)
{
	struct expr_env env = answers_env(c->answers, -1);
	for (size_t i = 0; i < names->count; i++) {
		const struct expr_name *name = names->items[i];
		if (is_asked(fields, name->id)) continue;
		json_key(w, name->id);
		if (!str_is_empty(name->group)) {
			write_rows(w, c, &env, name);
		} else {
			struct expr_value v = name->is_constant ? name->constant : env.get(env.state, name, -1);
			write_value(w, &v);
		}
		if (!brings_group(names, i)) continue;
		struct expr_value rows = expr_int(EXPR_GROUP, (int64_t)rows_of(c, name->group));
		json_key(w, name->group);
		write_value(w, &rows);
	}
}

struct str questions_script(struct arena *a, const struct question_context *c, const struct fields *fields)
{
	struct names names = { .count = 0 };
	struct buf out = buf_new(a, SCRIPT_MAX);
	struct json_writer w = json_writer(&out);
	char decimal[1] = { c->answers->pack->numbers.decimal };
	collect_all(fields, &names);
	json_open(&w, '{');
	json_field(&w, STR("decimal"), (struct str){ decimal, 1 });
	json_key(&w, STR("today"));
	json_add_int(&w, c->answers->today.days);
	json_key(&w, STR("types"));
	json_open(&w, '{');
	write_types(&w, fields, &names);
	json_close(&w, '}');
	json_key(&w, STR("known"));
	json_open(&w, '{');
	write_known(&w, c, fields, &names);
	json_close(&w, '}');
	json_close(&w, '}');
	return buf_str(&out);
}

static void add_shown(struct buf *out, const struct questions *questions)
{
	for (size_t i = 0; i < questions->count; i++) {
		const struct question *q = &questions->items[i];
		if (q->is_hidden) continue;
		if (out->n) buf_add_char(out, ' ');
		buf_add(out, q->name);
		for (size_t row = 0; row < q->rows.count; row++)
			add_shown(out, &q->rows.items[row].questions);
	}
}

struct str questions_shown(struct arena *a, const struct questions *questions)
{
	struct buf out = buf_new(a, SCRIPT_MAX);
	add_shown(&out, questions);
	return buf_str(&out);
}
