#include "core/page.h"
#include "mod/filing/step.h"
#include "mod/filing/step.html.h"

static bool has_files(const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		if (fields->items[i].type == FIELD_ATTACHMENT) return true;
	return false;
}

/* One question whose words are the page's own is asked once, as the title. */
static bool is_one_question(struct step_view *step)
{
	if (step->questions.count != 1) return false;
	struct question *q = &step->questions.items[0];
	if (q->kind == QUESTION_HEADING || q->kind == QUESTION_NOTE || !str_eq(q->control.label, step->title))
		return false;
	q->control.is_title = true;
	return true;
}

static struct notice_lines warnings_of(const struct visit *v)
{
	struct arena *a = v->r->arena;
	size_t count = 0;
	for (const struct field_error *e = v->errors; e; e = e->next)
		count += e->is_warning;
	struct notice_lines lines = { ARENA_ARRAY(a, struct str, count), 0 };
	for (const struct field_error *e = v->errors; e; e = e->next)
		if (e->is_warning) lines.items[lines.count++] = question_error_text(a, v->r->lang, e);
	return lines;
}

static struct str back_href(const struct visit *v)
{
	const struct page *before = page_before(v->answers, v->page);
	if (str_eq(form_text(v->r->form, STR("volver")), STR("revisar"))) return visit_href(v, "revisar");
	return before ? visit_page_href(v, before) : visit_href(v, "iniciar");
}

void step_show(struct visit *v, struct response *out, const struct field *extra_row)
{
	struct request *r = v->r;
	struct view *view = page_view(r);
	struct question_context c = { .answers = v->answers,
		.lang = r->lang,
		.errors = v->errors,
		.form = STR("paso"),
		.extra_row = extra_row,
		.has_map_buttons = true,
		.posted = r->method == METHOD_POST ? r->form : NULL,
		.is_without_mail = !r->town->mail };
	struct step_view step = { .page = page_citizen(r, text_in(v->page->title, r->lang)) };
	c.files = visit_question_files(v, &c.file_count);
	step.page.is_hidden = true;
	step.page.task = text_in(v->procedure->name, r->lang);
	step.aside = visit_aside(v, v->answers, v->page);
	step.action = visit_page_href(v, v->page);
	step.back_href = back_href(v);
	step.title = text_in(v->page->title, r->lang);
	step.intro = text_in(v->page->intro, r->lang);
	step.has_files = has_files(&v->page->fields);
	step.is_more = v->is_more;
	step.errors = questions_errors(r->arena, &c);
	step.page.has_errors = step.errors.lines.count > 0;
	step.warnings = warnings_of(v);
	step.questions = questions_of_fields(r->arena, &c, &v->page->fields);
	step.is_one_question = is_one_question(&step);
	step.script = questions_script(r->arena, &c, &v->page->fields);
	step.shown = questions_shown(r->arena, &step.questions);
	if (str_eq(form_text(r->form, STR("volver")), STR("revisar"))) step.return_to = STR("revisar");
	step_html(view, &step);
	page_send_with_map(r, out, view);
}
