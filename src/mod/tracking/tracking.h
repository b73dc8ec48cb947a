/*
 * The citizen follows a case: by status code without names (/estado), or, holding its key, on its own page with
 * messages, corrections and the resulting document (/mis-tramites, /expedientes/…).
 */
#pragma once
#include "core/casepage/casepage.h"
#include "core/casepage/correction.h"
#include "core/feed/feed.h"
#include "core/layout/handover.h"
#include "core/module.h"

extern const struct module tracking_module;

/* /estado */
struct status_view {
	struct page_view page;
	bool has_answer; /* a code was asked for and opens a case */
	struct form_control code;
	struct str who_icon, who; /* "Le toca a usted" */
	bool is_yours;
	struct str where; /* "Está en Desarrollo Urbano, en revisión" */
	struct str procedure, number;
	struct deadline_view due;
	struct str due_label;
	struct timeline_view history;
};

/* /mis-tramites */
struct mine_row {
	struct str number, href, procedure, where, place;
	bool is_yours;
	struct deadline_view due;
};
struct mine_rows {
	struct mine_row *items;
	size_t count;
};
struct mine_view {
	struct page_view page;
	struct error_summary_view errors;
	struct mine_rows rows;
	struct form_control key;
};

/* /expedientes/{number} */
struct document_row {
	struct str title, number, href; /* href none: not yet, `state` says why */
	struct str state;
	struct str action; /* where to POST to open it for the first time; none: a plain link */
};
struct document_rows {
	struct document_row *items;
	size_t count;
};
struct item_row {
	struct str label, reason;
};
struct item_rows {
	struct item_row *items;
	size_t count;
};
struct corrected_row {
	struct str registry_number;
	struct instant at;
};
struct corrected_rows {
	struct corrected_row *items;
	size_t count;
};
struct case_view {
	struct page_view page;
	struct feed_view live;
	struct str number, registry_number, procedure, place, attends, base;
	/* the first line: where is it, and whose move is it */
	bool is_yours, is_over;
	struct str who_icon, who, where, text;
	int due_days;
	bool has_due;
	struct str due_unit, due_text;
	struct str action_href, action_text; /* the one button; none: nothing to do */
	struct item_rows items;              /* of the open correction */
	struct str correction_reason;
	struct document_rows documents;
	struct file_rows files;
	struct timeline_view history;
	struct message_lines messages;
	struct form_control message;
	struct error_summary_view errors; /* of the message */
	struct clock_view clock;
	struct summary_view answers;
	struct summary_line place_point; /* its drawing, beside the place; none: it has none */
	struct corrected_rows corrected; /* each with a registry entry of its own */
	struct str fee_text;             /* "Pague $ 412.00 en …"; none: nothing owed */
	bool may_withdraw, may_write;
	/* told by mail, or not; only where the town sends mail and the case is not over */
	bool has_notices, is_told, has_failed;
	struct str told_address;
	struct form_control address;
	int64_t revision;
};

/* /expedientes/{number}/corregir */
struct correct_view {
	struct page_view page;
	struct correction_view form;
};

struct withdraw_view {
	struct page_view page;
	struct str number, base;
	int64_t revision;
};

struct access_row {
	struct instant at;
	struct str post, what;
};
struct access_rows {
	struct access_row *items;
	size_t count;
};
struct access_view {
	struct page_view page;
	struct str number, base;
	struct access_rows rows;
};
