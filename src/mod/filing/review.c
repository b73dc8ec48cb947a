#include "mod/filing/review.h"
#include "core/case/case_clock.h"
#include "core/page.h"
#include "core/question/point.h"
#include "core/sheet/sheet.h"
#include "mod/filing/pages.h"
#include "mod/filing/review.html.h"
#include "i18n/filing.h"

/* --- answers, page by page ---------------------------------------------------------------------------------------- */

static struct summary_line line_of(const struct visit *v, const struct summary_row *row)
{
	struct arena *a = v->r->arena;
	struct str value = row->value;
	if (str_is_empty(value)) value = i18n_text(v->r->lang, MSG_FILING_REVIEW_EMPTY);
	struct summary_line line = { .key = row->label,
		.value = value,
		.is_number = row->field->type == FIELD_NUMBER || row->field->type == FIELD_MONEY,
		.change_href = arena_printf(a, "%.*s?volver=revisar#%.*s", STR_FMT(visit_page_href(v, row->page)),
			STR_FMT(row->name)),
		.change_what = row->label };
	point_show(a, v->pack, row->field, answer_of(v->answers, row->field, row->row), v->r->lang, &line);
	return line;
}

static struct review_groups groups_of(const struct visit *v)
{
	struct arena *a = v->r->arena;
	struct summary_rows rows = answers_summary(v->answers, a, v->r->lang);
	struct review_groups groups = { ARENA_ARRAY(a, struct review_group, v->procedure->form.pages.count), 0 };
	const struct page *page = NULL;
	for (size_t i = 0; i < rows.count; i++) {
		const struct summary_row *row = &rows.items[i];
		if (row->page != page) {
			page = row->page;
			groups.items[groups.count++] = (struct review_group){ .title = text_in(page_short_name(page),
																	  v->r->lang),
				.id = page->id,
				.rows = { .rows = { ARENA_ARRAY(a, struct summary_line, rows.count - i), 0 } } };
		}
		struct summary_lines *lines = &groups.items[groups.count - 1].rows.rows;
		lines->items[lines->count++] = line_of(v, row);
	}
	return groups;
}

/* What is missing leads to its page; warnings only say so. */
static void fill_problems(const struct visit *v, struct review_view *review)
{
	struct arena *a = v->r->arena;
	struct field_errors all = answers_check(v->answers, a);
	review->errors.lines = (struct error_summary_lines){
		ARENA_ARRAY(a, struct error_summary_line, (size_t)all.errors + 1), 0
	};
	review->warnings = (struct notice_lines){ ARENA_ARRAY(a, struct str, (size_t)all.warnings), 0 };
	for (const struct field_error *e = all.first; e; e = e->next) {
		struct str text = question_error_text(a, v->r->lang, e);
		if (e->is_warning) {
			review->warnings.items[review->warnings.count++] = text;
			continue;
		}
		struct str href = arena_printf(a, "%.*s?volver=revisar#%.*s", STR_FMT(visit_page_href(v, e->page)),
			STR_FMT(e->name));
		review->errors.lines.items[review->errors.lines.count++] = (struct error_summary_line){ href, text };
	}
	if (!v->is_undeclared) return;
	review->declaration_error = i18n_text(v->r->lang, MSG_FILING_REVIEW_DECLARE);
	review->errors.lines.items[review->errors.lines.count++] = (struct error_summary_line){ STR("#declara"),
		review->declaration_error };
}

/* --- what will happen ---------------------------------------------------------------------------------------------- */

static struct err *add_due(const struct visit *v, struct fact_lines *facts)
{
	struct request *r = v->r;
	struct deadline deadline;
	bool has;
	TRY(case_deadline_of_filing(r->town, v->procedure, r->arena, r->now, &deadline, &has));
	struct str span = sheet_span(r->arena, r->lang, &v->procedure->sheet.term);
	struct fact_line line = { .icon = STR("calendar-event"),
		.label = i18n_text(r->lang, MSG_FILING_REVIEW_DUE),
		.value = span };
	if (has && !date_is_none(deadline.due)) {
		line.value = i18n_date(r->arena, r->lang, deadline.due, I18N_WEEKDAY);
		line.note = i18n_format(r->arena, r->lang, MSG_FILING_REVIEW_DUE_NOTE,
			(const struct i18n_arg[]){ I18N_ARG("span", span), { 0 } });
	}
	facts->items[facts->count++] = line;
	return NULL;
}

static void add_fee(const struct visit *v, const struct fee_rows *fee, struct fact_lines *facts)
{
	struct request *r = v->r;
	const struct fee_summary *summary = &v->procedure->sheet.fee;
	struct fact_line line = { .icon = STR("coin"),
		.label = i18n_text(r->lang, MSG_FILING_REVIEW_FEE),
		.value = sheet_fee(r->arena, r->lang, v->pack, summary),
		.note = sheet_fee_moment(r->lang, summary) };
	if (fee->count > 0 && fee->known) line.value = money_display(r->arena, fee->total, &v->pack->numbers);
	facts->items[facts->count++] = line;
}

/* A line that is one figure of the tariff has nothing to explain. */
static struct str explanation_of(const struct fee_row *row)
{
	return str_find(row->explanation, STR(" = ")) < 0 ? STR_NONE : row->explanation;
}

static struct err *fill_outlook(const struct visit *v, struct review_view *review)
{
	struct request *r = v->r;
	const struct number_style *style = &v->pack->numbers;
	struct fee_rows fee = answers_fee(v->answers, r->arena, r->lang);
	struct fact_lines facts = { ARENA_ARRAY(r->arena, struct fact_line, 2), 0 };
	TRY(add_due(v, &facts));
	add_fee(v, &fee, &facts);
	review->facts.facts = facts;
	review->fees = (struct review_fees){ ARENA_ARRAY(r->arena, struct review_fee, fee.count), fee.count };
	for (size_t i = 0; i < fee.count; i++)
		review->fees.items[i] = (struct review_fee){ text_in(fee.items[i].line->label, r->lang),
			fee.items[i].known ? money_display(r->arena, fee.items[i].amount, style) : STR_NONE,
			explanation_of(&fee.items[i]) };
	if (fee.count > 0 && fee.known) review->fee_total = money_display(r->arena, fee.total, style);
	review->fee_where = text_in(v->procedure->sheet.fee.where, r->lang);
	return NULL;
}

struct err *review_show(struct visit *v, struct response *out)
{
	struct request *r = v->r;
	struct view *view = page_view(r);
	struct review_view review = { .page = page_citizen(r, i18n_text(r->lang, MSG_FILING_REVIEW_TITLE)),
		.aside = visit_aside(v, v->answers, NULL),
		.action = visit_href(v, "presentar"),
		.groups = groups_of(v),
		.declaration = text_in(v->procedure->form.declaration, r->lang) };
	const struct page *last = page_before(v->answers, NULL);
	review.page.is_hidden = true;
	review.page.task = text_in(v->procedure->name, r->lang);
	review.page.leave_href = visit_href(v, "salir");
	review.back_href = last ? visit_page_href(v, last) : visit_href(v, "iniciar");
	if (str_is_empty(review.declaration))
		review.declaration = i18n_text(r->lang, MSG_FILING_REVIEW_DECLARATION);
	fill_problems(v, &review);
	review.page.has_errors = review.errors.lines.count > 0;
	TRY(fill_outlook(v, &review));
	review_html(view, &review);
	page_send_with_map(r, out, view);
	return NULL;
}

struct err *filing_review_page(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	bool answered;
	TRY(visit_turn_away(v, out, &answered));
	if (answered) return NULL;
	TRY(draft_read(&v->draft, r->town, r->db, r->arena, r->now, &v->answers));
	return review_show(v, out);
}
