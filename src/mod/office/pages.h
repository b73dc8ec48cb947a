/* The handlers of this module, and what its files share. */
#pragma once
#include "core/case/case_input.h"
#include "core/page.h"
#include "mod/office/office.h"
#include "web/route.h"

/* sign_in.c */
page_fn office_sign_in_page;
prepare_fn office_sign_in_prepare;
route_commit_fn office_sign_in_commit;
answer_fn office_sign_in_answer;
route_commit_fn office_sign_out_commit;
answer_fn office_sign_out_answer;
/* inbox.c */
page_fn office_start_page;
page_fn office_inbox_page;
page_fn office_inbox_stream;
page_fn office_search_page;
prepare_fn office_next_prepare;
route_commit_fn office_next_commit;
answer_fn office_next_answer;
/* case.c */
page_fn office_case_page;
/* act.c */
prepare_fn office_take_prepare;
route_commit_fn office_take_commit;
prepare_fn office_give_back_prepare;
prepare_fn office_note_prepare;
prepare_fn office_message_prepare;
route_commit_fn office_say_commit;
prepare_fn office_deliver_prepare;
route_commit_fn office_deliver_commit;
answer_fn office_back_answer;
/* correct.c */
page_fn office_correct_page;
prepare_fn office_correct_prepare;
route_commit_fn office_correct_commit;
/* decide.c */
page_fn office_approve_page;
prepare_fn office_approve_prepare;
page_fn office_refuse_page;
prepare_fn office_refuse_prepare;
route_commit_fn office_decide_commit;
page_fn office_return_page;
prepare_fn office_return_prepare;
route_commit_fn office_return_commit;
/* sign.c */
page_fn office_sign_page;
prepare_fn office_sign_prepare;
route_commit_fn office_sign_commit;
page_fn office_revoke_page;
prepare_fn office_revoke_prepare;
route_commit_fn office_revoke_commit;
/* counter.c */
page_fn office_counter_page;
prepare_fn office_counter_prepare;
route_commit_fn office_counter_commit;
answer_fn office_counter_answer;
/* answer.c */
page_fn office_answer_page;
route_commit_fn office_answer_commit;
answer_fn office_answer_answer;
/* cashier.c */
page_fn office_cashier_page;
page_fn office_pay_page;
prepare_fn office_pay_prepare;
route_commit_fn office_pay_commit;
answer_fn office_pay_answer;

/* What every step of this module carries from prepare to answer. */
struct office_work {
	struct str number; /* of the case */
	int64_t revision, assignee_id;
	enum case_message_kind kind;
	struct str text; /* message, note, reasons */
	struct case_items items;
	enum state_outcome outcome;
	const struct answers *answers;
	int64_t document_id;
	struct case_payment payment;
	struct case_record record;
};
/* Loads the case and the revision that the form names into r->work. */
MUST_USE struct err *office_begin(struct request *r, struct office_work **ret);
struct case_step office_step(const struct request *r);
struct str office_base(struct request *r, struct str number); /* "/oficina/expedientes/AN-2026-…" */
struct str office_department_name(struct request *r, int64_t id);
/* A page of a single step, filled with what all of them have. */
MUST_USE struct err *office_step_page(struct request *r, enum message title, enum message lead,
	enum message button, const char *path, struct office_step_view *ret);
MUST_USE struct err *office_step_send(struct request *r, struct response *out,
	const struct office_step_view *v);
struct error_summary_view office_one_error(struct request *r, struct str href, struct str text);
struct fee_lines_view office_fee(struct request *r, const struct fee_rows *fee, const struct pack *pack);
/* One row of a list. */
struct inbox_row office_row(struct request *r, const struct case_list_row *row);
