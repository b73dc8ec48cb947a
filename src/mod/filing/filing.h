/*
 * The citizen's way from "Empezar" to the receipt: one topic a page, every page saved at once, everything typed
 * kept, filed once. The draft's own service is core/draft, the questions are core/question; here are the pages.
 * Read module.c for the addresses, then visit.h (what a request works on) and step.c (a page of the form).
 */
#pragma once
#include "core/layout/handover.h"
#include "core/feed/feed.h"
#include "core/layout/parts.h"
#include "core/module.h"
#include "core/question/question.h"

extern const struct module filing_module;

/* What was typed and found no draft to go to: it travels along until there is one. */
struct carried_field {
	struct str name, value;
};
struct carried_fields {
	struct carried_field *items;
	size_t count;
};

struct filing_requirement {
	struct str icon, name, detail;
};
struct filing_requirements {
	struct filing_requirement *items;
	size_t count;
};

/* --- start.html ------------------------------------------------------------------------------------------------- */

struct start_view {
	struct page_view page;
	struct str name, slug, sheet_href;
	struct filing_requirements requirements;
	int minutes; /* 0: unknown */
	bool has_draft;
	struct str saved, resume_href; /* "Guardado hoy a las 10:31" */
};

/* --- step.html, review.html -------------------------------------------------------------------------------------- */

/* What stands beside every page of the form. */
struct aside_view {
	struct steps_view steps;
	struct str saved, code, slug;
};
struct notice_lines {
	struct str *items;
	size_t count;
};
struct step_view {
	struct page_view page;
	struct aside_view aside;
	struct str action, back_href;
	struct str title, intro;
	bool is_one_question; /* its label is the page's title */
	bool has_files;
	bool is_more; /* an answer brought further questions */
	struct error_summary_view errors;
	struct notice_lines warnings;
	struct questions questions;
	struct str script, shown;
	struct str return_to; /* "revisar": where saving leads, if not to the next page */
};

struct review_group {
	struct str title, id;
	struct summary_view rows;
};
struct review_groups {
	struct review_group *items;
	size_t count;
};
struct review_fee {
	struct str label, amount, explanation;
};
struct review_fees {
	struct review_fee *items;
	size_t count;
};
struct review_view {
	struct page_view page;
	struct aside_view aside;
	struct str action, back_href;
	struct error_summary_view errors;
	struct notice_lines warnings;
	struct review_groups groups;
	struct facts_view facts;
	struct review_fees fees;
	struct str fee_total, fee_where;
	struct str declaration, declaration_error;
};

/* --- receipt.html --------------------------------------------------------------------------------------------------- */

struct receipt_line {
	struct str key, value, note;
	bool is_strong;
};
struct receipt_lines {
	struct receipt_line *items;
	size_t count;
};
struct receipt_stop {
	struct str title, text;
	bool is_done;
};
struct receipt_stops {
	struct receipt_stop *items;
	size_t count;
};
struct receipt_page_view {
	struct page_view page;
	struct feed_view live;
	struct seal_view seal;
	struct str title, number_label, number;
	struct receipt_lines facts;
	struct str files_heading;
	struct receipt_lines files;
	bool has_codes;
	struct str code, key;
	struct html qr;
	struct receipt_stops steps;
	bool is_ready; /* the PDF is there */
	struct str pdf_href, case_href, self_href;
};

/* --- resume.html, gone.html, saved.html ----------------------------------------------------------------------------- */

struct resume_view {
	struct page_view page;
	struct error_summary_view errors;
	struct form_control code;
	struct carried_fields carried;
};
enum gone_reason { GONE_MISSING, GONE_EXPIRED };
struct gone_view {
	struct page_view page;
	enum gone_reason reason;
	struct str name, slug;
	struct date expired_on;
	struct form_control code;
	struct carried_fields carried; /* what was just typed */
};
struct saved_view {
	struct page_view page;
	struct str name, slug, code, resume_href;
	struct date kept_until;
};
struct making_view { /* the PDF is not there yet */
	struct page_view page;
	struct str pdf_href, back_href;
};
