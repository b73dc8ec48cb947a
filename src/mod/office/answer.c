/* The counter: what the citizen brought for a correction, entered for the person standing there. */
#include "core/casepage/correction.h"
#include "core/page.h"
#include "mod/office/answer.html.h"
#include "mod/office/pages.h"
#include "i18n/office.h"

enum { STATUS_TO_MEND = 422 };

static void show(struct request *r, struct response *out, const struct correction *c, bool is_message_bad)
{
	struct str number = c->record.row.number, base = office_base(r, number);
	struct view *view = page_view(r);
	struct office_answer_view v = { .number = number,
		.title = i18n_text(r->lang, MSG_OFFICE_ANSWER_TITLE),
		.form = { .action = arena_printf(r->arena, "%.*s/corregir", STR_FMT(base)), .back_href = base } };
	correction_view_fill(r, c, is_message_bad, &v.form);
	v.page = page_office(r, view, arena_printf(r->arena, "%.*s, %.*s", STR_FMT(v.title), STR_FMT(number)));
	v.page.has_errors = v.form.errors.lines.count > 0;
	office_answer_html(view, &v);
	page_send_with_map(r, out, view);
}

struct err *office_answer_page(struct request *r, struct response *out)
{
	struct correction c;
	bool is_asked;
	TRY(correction_load(r->town, r->db, r->arena, r->case_id, r->lang, &c, &is_asked));
	if (is_asked)
		show(r, out, &c, false);
	else
		response_redirect(out, office_base(r, c.record.row.number));
	return NULL;
}

struct err *office_answer_commit(struct request *r, struct tx *tx)
{
	struct correction_post *post = ARENA_NEW(r->arena, struct correction_post);
	struct case_by by = case_by_who(r->who);
	r->work = post;
	return correction_commit(r, tx, &by, post);
}

struct err *office_answer_answer(struct request *r, struct response *out)
{
	const struct correction_post *post = r->work;
	if (post->is_over || post->correction.is_sent) {
		response_redirect(out, office_base(r, post->number));
		return NULL;
	}
	out->status = STATUS_TO_MEND;
	show(r, out, &post->correction, post->is_message_bad);
	return NULL;
}
