/* The handlers of this module. */
#pragma once
#include "web/route.h"

object_rule_fn filing_rule; /* visit.c */

page_fn filing_start_page; /* start.c */
route_commit_fn filing_start_commit;
answer_fn filing_start_answer;

page_fn filing_step_page; /* step.c */
prepare_fn filing_step_prepare;
route_commit_fn filing_step_commit;
answer_fn filing_step_answer;

page_fn filing_review_page;        /* review.c */
prepare_fn filing_present_prepare; /* present.c */
route_commit_fn filing_present_commit;
answer_fn filing_present_answer;

page_fn filing_receipt_page; /* receipt.c */
page_fn filing_receipt_pdf_page;

page_fn filing_saved_page; /* leave.c */
answer_fn filing_forget_answer;

page_fn filing_resume_page; /* resume.c */
prepare_fn filing_resume_prepare;
route_commit_fn filing_resume_commit;
answer_fn filing_resume_answer;
