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

struct str questions_script(struct arena *a, const struct question_context *c, const struct fields *fields)
{
	struct names names = { .count = 0 };
	struct expr_env env = answers_env(c->answers, -1);
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
	for (size_t i = 0; i < names.count; i++) {
		if (!is_asked(fields, names.items[i]->id)) continue;
		json_field(&w, names.items[i]->id, str_of(expr_type_name(names.items[i]->type)));
	}
	json_close(&w, '}');
	json_key(&w, STR("known"));
	json_open(&w, '{');
	for (size_t i = 0; i < names.count; i++) {
		const struct expr_name *name = names.items[i];
		if (is_asked(fields, name->id)) continue;
		struct expr_value v = name->is_constant ? name->constant : env.get(env.state, name, -1);
		json_key(&w, name->id);
		write_value(&w, &v);
	}
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
