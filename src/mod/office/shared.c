/* What the steps of a case share: who asks, on which revision, and where it goes back to. */
#include "core/i18n.h"
#include "mod/office/pages.h"
#include "mod/office/steps.html.h"
#include "web/form.h"

struct str office_base(struct request *r, struct str number)
{
	return arena_printf(r->arena, "/oficina/expedientes/%.*s", STR_FMT(number));
}

struct err *office_begin(struct request *r, struct office_work **ret)
{
	struct office_work *work = ARENA_NEW(r->arena, struct office_work);
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &work->record));
	work->number = work->record.row.number;
	if (!form_int(r->form, STR("revision"), 0, INT64_MAX, &work->revision))
		return ERR(r->arena, ERR_MALFORMED, NULL, "the form names no revision");
	r->work = work;
	*ret = work;
	return NULL;
}

struct case_step office_step(const struct request *r)
{
	const struct office_work *work = r->work;
	return (struct case_step){ r->town, r->case_id, work->revision, case_by_who(r->who) };
}

struct err *office_back_answer(struct request *r, struct response *out)
{
	const struct office_work *work = r->work;
	response_redirect(out, office_base(r, work->number));
	return NULL;
}

struct str office_department_name(struct request *r, int64_t id)
{
	const struct department *d = pack_department(town_pack(r->town), town_department_slug(r->town, id));
	return d ? text_in(d->name, r->lang) : STR("");
}

struct error_summary_view office_one_error(struct request *r, struct str href, struct str text)
{
	struct error_summary_line *line = ARENA_NEW(r->arena, struct error_summary_line);
	*line = (struct error_summary_line){ href, text };
	return (struct error_summary_view){ { line, 1 } };
}

struct fee_lines_view office_fee(struct request *r, const struct fee_rows *fee, const struct pack *pack)
{
	struct fee_lines_view lines = { ARENA_ARRAY(r->arena, struct fee_line_view, fee->count), 0 };
	for (size_t i = 0; i < fee->count; i++)
		lines.items[lines.count++] = (struct fee_line_view){ text_in(fee->items[i].line->label, r->lang),
			fee->items[i].known ? money_display(r->arena, fee->items[i].amount, &pack->numbers) : STR("—"),
			fee->items[i].explanation };
	return lines;
}

static struct summary_view answers_of(struct request *r, const struct case_record *c)
{
	struct summary_rows rows = answers_summary(c->answers, r->arena, r->lang);
	struct summary_view v = { .rows = { ARENA_ARRAY(r->arena, struct summary_line, rows.count), 0 } };
	for (size_t i = 0; i < rows.count; i++) {
		if (!str_is_empty(rows.items[i].value))
			v.rows.items[v.rows.count++] = (struct summary_line){ .key = rows.items[i].label,
				.value = rows.items[i].value };
	}
	return v;
}

struct err *office_step_page(struct request *r, enum message title, enum message lead, enum message button,
	const char *path, struct office_step_view *ret)
{
	struct case_record c;
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	struct str base = office_base(r, c.row.number);
	*ret = (struct office_step_view){ .number = c.row.number,
		.base = base,
		.action = arena_printf(r->arena, "%.*s%s", STR_FMT(base), path),
		.title = i18n_text(r->lang, title),
		.lead = i18n_text(r->lang, lead),
		.button = i18n_text(r->lang, button),
		.answers = answers_of(r, &c),
		.revision = c.row.revision };
	return NULL;
}

struct err *office_step_send(struct request *r, struct response *out, const struct office_step_view *v)
{
	struct office_step_view page = *v;
	struct view *view = page_view(r);
	page.page = page_office(r, view,
		arena_printf(r->arena, "%.*s, %.*s", STR_FMT(v->title), STR_FMT(v->number)));
	page.page.has_errors = v->errors.lines.count > 0;
	if (page.page.has_errors) out->status = 422;
	office_step_html(view, &page);
	page_send(out, view);
	return NULL;
}
