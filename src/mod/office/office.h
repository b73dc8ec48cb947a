/*
 * The office: where staff sign in, see what is due, work a case, decide, sign, file at the counter and take fees.
 */
#pragma once
#include "core/casepage/casepage.h"
#include "core/feed/feed.h"
#include "core/casepage/correction.h"
#include "core/layout/parts.h"
#include "core/module.h"
#include "core/question/question.h"

extern const struct module office_module;

/* --- inboxes and search (inbox.html) ---------------------------------------------------------------------- */

struct inbox_tab {
	struct str href, text, count;
	bool is_current, is_hot;
};
struct inbox_tabs {
	struct inbox_tab *items;
	size_t count;
};
struct inbox_row {
	struct str number, href, procedure, who, place, state;
	struct deadline_view due;
	enum part_tone tone;
	struct str assignee; /* of others; none when nobody has it */
};
struct inbox_rows {
	struct inbox_row *items;
	size_t count;
};
struct inbox_view {
	struct office_view page;
	struct str title, caption, empty;
	struct inbox_tabs tabs, departments;
	struct inbox_rows rows;
	struct pager_view pager;
	bool may_take;         /* offers "take the next" */
	struct str department; /* slug */
	struct feed_view live;
};

/* --- a case (case.html) ------------------------------------------------------------------------------------- */

struct fee_line_view {
	struct str label, amount, explanation;
};
struct fee_lines_view {
	struct fee_line_view *items;
	size_t count;
};
struct office_action {
	struct str href, text, icon, key; /* a page that asks for what the step needs */
	struct str post;                  /* instead: done at once by this POST */
	bool is_main;
};
struct office_actions {
	struct office_action *items;
	size_t count;
};
struct office_document {
	struct str title, number, state, href, revoke_href;
};
struct office_documents {
	struct office_document *items;
	size_t count;
};
struct office_file {
	struct str name, facts, href, viewer_href;
	bool is_current;
};
struct office_files {
	struct office_file *items;
	size_t count;
};
struct office_case_view {
	struct office_view page;
	struct feed_view live;
	struct str number, base, procedure, applicant, place, version, channel;
	struct tag_view state;
	struct str assignee; /* none: nobody has it */
	struct deadline_view due;
	struct summary_view answers, decision;
	bool has_decision;
	struct str decision_title, reasons;
	struct fee_lines_view fee;
	struct str fee_total, fee_state;
	struct office_files files;
	struct str shown_href, shown_name; /* the file in the viewer; none: there is none to show */
	bool is_image;
	struct office_documents documents;
	struct office_actions actions;
	struct clock_view clock;
	struct timeline_view history;
	struct message_lines messages;
	struct form_control message;
	int64_t revision;
	bool may_write;
	struct str previous_cases; /* "2 trámites anteriores de esta persona"; none */
};

/* --- the pages of single steps (steps.html) ----------------------------------------------------------------- */

struct item_choice {
	struct str id, field, label, value;
	bool is_chosen;
	struct str reason;
};
struct item_choices {
	struct item_choice *items;
	size_t count;
};
struct office_step_view {
	struct office_view page;
	struct str number, base, action, title, lead, button;
	bool is_danger;
	int64_t revision;
	struct error_summary_view errors;
	struct item_choices items;    /* correction: what must be mended */
	struct questions questions;   /* approval: the decision's fields */
	struct form_control reasons;  /* its label none: not asked */
	struct form_control password; /* signing: the second confirmation */
	struct summary_view summary;  /* signing: what is signed */
	struct str summary_reasons;
	struct summary_view answers; /* what was said, beside the form */
};

struct office_answer_view {
	struct office_view page;
	struct str number, title;
	struct correction_view form;
};

/* --- counter and cashier (counter.html) ---------------------------------------------------------------------- */

struct counter_choice {
	struct str slug, name, summary;
};
struct counter_choices {
	struct counter_choice *items;
	size_t count;
};
struct counter_view {
	struct office_view page;
	struct counter_choices procedures;
};
struct cashier_view {
	struct office_view page;
	struct error_summary_view errors;
	struct inbox_rows rows; /* what is owed in the cashier's departments */
	struct pager_view pager;
	/* one case */
	bool has_case;
	struct str number, procedure, applicant, amount, base;
	struct fee_lines_view fee;
	int64_t revision;
	struct form_control folio, paid, method;
};
