/* The handlers of this module. */
#pragma once
#include "web/route.h"

/* status.c */
page_fn tracking_status_page;
answer_fn tracking_status_answer;
/* mine.c */
page_fn tracking_mine_page;
prepare_fn tracking_mine_prepare;
route_commit_fn tracking_mine_commit;
answer_fn tracking_mine_answer;
route_commit_fn tracking_forget_commit;
answer_fn tracking_forget_answer;
/* case.c */
page_fn tracking_case_page;
page_fn tracking_access_page;
page_fn tracking_withdraw_page;
page_fn tracking_document_page;
/* act.c */
prepare_fn tracking_message_prepare;
route_commit_fn tracking_message_commit;
answer_fn tracking_back_answer;
prepare_fn tracking_notices_prepare;
route_commit_fn tracking_notices_commit;
answer_fn tracking_notices_answer;
prepare_fn tracking_withdraw_prepare;
route_commit_fn tracking_withdraw_commit;
prepare_fn tracking_deliver_prepare;
route_commit_fn tracking_deliver_commit;
answer_fn tracking_deliver_answer;
/* correct.c */
page_fn tracking_correct_page;
route_commit_fn tracking_correct_commit;
answer_fn tracking_correct_answer;

/* What was typed into one of the page's two fields and cannot be taken, and why. */
struct tracking_typed {
	const char *field; /* "mensaje", "correo"; NULL: nothing was typed */
	struct str value, error;
};
/* The case's page again, with that. */
MUST_USE struct err *tracking_case_show(struct request *r, struct response *out,
	const struct tracking_typed *typed);
/* "/expedientes/AN-2026-002614" of the path's number. */
struct str tracking_base(struct request *r, struct str number);
