/*
 * Filing. The commit looks at the draft as it is then: whoever clicks twice gets the one case, and what another tab
 * changed a moment ago is checked with the rest.
 */
#include "core/case/filing.h"
#include "core/holder/holder.h"
#include "mod/filing/pages.h"
#include "mod/filing/review.h"

enum { STATUS_TO_MEND = 422 };

struct err *filing_present_prepare(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	TRY(visit_turn_away(v, out, &r->is_answered));
	if (r->is_answered) return NULL;
	TRY(draft_read(&v->draft, r->town, r->db, r->arena, r->now, &v->answers));
	v->is_undeclared = !form_has(r->form, STR("declara"));
	if (!v->is_undeclared && answers_check(v->answers, r->arena).errors == 0) return NULL;
	r->is_answered = true;
	out->status = STATUS_TO_MEND;
	return review_show(v, out);
}

/* Who types: the citizen, or the member of staff who began this draft at the counter. */
static struct case_by filed_by(const struct visit *v)
{
	if (!v->draft.staff_id) return case_by_citizen;
	return (struct case_by){ .as = WHO_STAFF,
		.staff_id = v->draft.staff_id,
		.channel = STR("counter"),
		.office = v->r->who->office };
}

static struct err *file_it(struct tx *tx, struct visit *v)
{
	struct request *r = v->r;
	struct filing filing = { .town = r->town,
		.pack_version = v->draft.pack_version,
		.procedure = v->draft.procedure,
		.answers = v->answers,
		.lang = r->lang,
		.by = filed_by(v),
		.draft_id = v->draft.id };
	struct filed filed;
	TRY(draft_detach_refused(tx, &v->draft));
	TRY(filing_record(tx, &filing, &filed));
	v->case_id = filed.case_id;
	return NULL;
}

struct err *filing_present_commit(struct request *r, struct tx *tx)
{
	struct visit *v = visit_of(r);
	int64_t holder;
	TRY(draft_again(tx, r->town, &v->draft, &v->draft));
	v->case_id = v->draft.filed_case_id;
	v->is_clean = true;
	if (!v->case_id) {
		TRY(draft_read(&v->draft, r->town, tx->db, tx->arena, tx->now, &v->answers));
		v->is_clean = answers_check(v->answers, tx->arena).errors == 0;
		if (!v->is_clean) return NULL;
		TRY(file_it(tx, v));
	}
	if (v->draft.staff_id) return NULL; /* the counter's browser keeps nobody's cases */
	TRY(holder_of_request(r, tx->db, &holder));
	return holder_add(tx, r->town, holder, v->case_id, &v->holder_cookie);
}

struct err *filing_present_answer(struct request *r, struct response *out)
{
	struct visit *v = visit_of(r);
	if (!v->is_clean) {
		out->status = STATUS_TO_MEND;
		return review_show(v, out);
	}
	holder_cookie(out, v->holder_cookie);
	response_redirect(out, visit_href(v, "acuse"));
	return NULL;
}
