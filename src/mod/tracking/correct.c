/* /expedientes/{number}/corregir: what the town asked for again. Everything is read on the case as it is in the
 * commit (core/casepage/correction.h); what is right is kept, what is not comes back with all that was typed. */
#include "core/page.h"
#include "mod/tracking/correct.html.h"
#include "mod/tracking/pages.h"
#include "mod/tracking/tracking.h"
#include "i18n/tracking.h"

enum { STATUS_TO_MEND = 422 };

static void show(struct request *r, struct response *out, const struct correction *c, bool is_message_bad)
{
	struct str number = c->record.row.number, base = tracking_base(r, number);
	struct correct_view v = { .page = page_citizen(r, i18n_text(r->lang, MSG_TRACKING_CORRECT_TITLE)),
		.form = { .action = arena_printf(r->arena, "%.*s/corregir", STR_FMT(base)), .back_href = base } };
	correction_view_fill(r, c, is_message_bad, &v.form);
	v.page.is_hidden = true;
	v.page.has_errors = v.form.errors.lines.count > 0;
	page_crumb(r, &v.page, i18n_text(r->lang, MSG_TRACKING_MINE_TITLE), STR("/mis-tramites"));
	page_crumb(r, &v.page, number, base);
	page_crumb(r, &v.page, v.page.title, STR_NONE);
	struct view *view = page_view(r);
	correct_html(view, &v);
	page_send_with_map(r, out, view);
}

struct err *tracking_correct_page(struct request *r, struct response *out)
{
	struct correction c;
	bool is_asked;
	TRY(correction_load(r->town, r->db, r->arena, r->case_id, r->lang, &c, &is_asked));
	if (is_asked)
		show(r, out, &c, false);
	else
		response_redirect(out, tracking_base(r, c.record.row.number));
	return NULL;
}

struct err *tracking_correct_commit(struct request *r, struct tx *tx)
{
	struct correction_post *post = ARENA_NEW(r->arena, struct correction_post);
	r->work = post;
	return correction_commit(r, tx, &case_by_citizen, post);
}

struct err *tracking_correct_answer(struct request *r, struct response *out)
{
	const struct correction_post *post = r->work;
	if (post->is_over || post->correction.is_sent) {
		response_redirect(out, tracking_base(r, post->number));
		return NULL;
	}
	out->status = STATUS_TO_MEND;
	show(r, out, &post->correction, post->is_message_bad);
	return NULL;
}
