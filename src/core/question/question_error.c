/* What is wrong, in the reader's words, and where to go to mend it. */
#include "core/i18n.h"
#include "core/question/question_internal.h"

struct str question_error_text(struct arena *a, struct str lang, const struct field_error *e)
{
	enum message m;
	struct i18n_arg args[MESSAGE_PARAM_MAX + 1] = { 0 };
	if (!e->key || !i18n_find(str_of(e->key), &m)) return text_in(e->text, lang);
	for (int i = 0; i < MESSAGE_PARAM_MAX && e->params[i].name; i++)
		args[i] = i18n_arg_text(e->params[i].name, message_param_in(&e->params[i], lang));
	return i18n_format(a, lang, m, args);
}

struct str question_error_at(struct arena *a, const struct question_context *c, struct str name)
{
	for (const struct field_error *e = c->errors; e; e = e->next)
		if (!e->is_warning && str_eq(e->name, name)) return question_error_text(a, c->lang, e);
	return STR_NONE;
}

/* The input that a line of the summary leads to: the first of several. */
static struct str target_of(struct arena *a, const struct field_error *e)
{
	const struct field *f = e->field;
	bool is_whole = f && (!f->group ? str_eq(e->name, f->id) : str_ends_with(e->name, f->id));
	if (is_whole && f->type == FIELD_DATE) return arena_printf(a, "#%.*s-day", STR_FMT(e->name));
	if (is_whole && f->type == FIELD_YES_NO) return arena_printf(a, "#%.*s.yes", STR_FMT(e->name));
	if (is_whole && f->type == FIELD_POINT) return arena_printf(a, "#%.*s.lat", STR_FMT(e->name));
	if (is_whole && f->options.count > 0 && !f->as_select)
		return arena_printf(a, "#%.*s.%.*s", STR_FMT(e->name), STR_FMT(f->options.items[0].id));
	return str_is_empty(e->name) ? STR("#main") : arena_printf(a, "#%.*s", STR_FMT(e->name));
}

struct error_summary_view questions_errors(struct arena *a, const struct question_context *c)
{
	size_t count = 0;
	for (const struct field_error *e = c->errors; e; e = e->next)
		count += !e->is_warning;
	struct error_summary_view view = { { ARENA_ARRAY(a, struct error_summary_line, count), 0 } };
	for (const struct field_error *e = c->errors; e; e = e->next)
		if (!e->is_warning)
			view.lines.items[view.lines.count++] = (struct error_summary_line){ target_of(a, e),
				question_error_text(a, c->lang, e) };
	return view;
}
