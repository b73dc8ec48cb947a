/*
 * What a citizen is asked to send again: the fields of an open correction with the clerk's reasons, or other files
 * instead of those that the scan refused. The same form serves the citizen's page and the counter.
 *
 * correction_load() says what is asked; correction_take(), inside the commit, reads a posted form on the case as it
 * is then, keeps the files that are good, and sends the correction when nothing is left to mend. An answer that
 * brings further questions, or breaks a rule at another field, adds those to the form: nothing else of the case can
 * be changed through it.
 */
#pragma once
#include "core/case/case.h"
#include "core/file/queries.h"
#include "core/question/question.h"
#include "web/request.h"

struct correction_item {
	const struct field *field;
	struct str reason; /* none: nobody asked; an answer brought it */
};
struct correction_items {
	struct correction_item *items;
	size_t count;
};

struct correction {
	struct case_record record; /* its answers: as they will be */
	struct str lang;           /* the reader's */
	int64_t id;                /* of the correction; 0: only files that the scan refused */
	struct str reason;
	struct date due;
	struct correction_items items;       /* what is asked, in the definition's order */
	struct attachment_of_case_rows rows; /* the case's attachments */
	struct field_errors before;          /* what was wrong already and is not asked for */

	/* correction_take() */
	struct field_error *errors; /* to mend; refused files first */
	bool is_more;               /* an answer brought further questions */
	bool is_sent;
	const struct field *extra_row; /* a group that gets one more, empty row */
	struct question_file *refused; /* files that were not taken, to be shown once */
	size_t refused_count;
};

/* *ret_asked false: nothing is asked for now. */
MUST_USE struct err *correction_load(struct town *t, struct db *db, struct arena *a, int64_t case_id,
	struct str lang, struct correction *ret, bool *ret_asked);
/* `c` as loaded in the same commit. `may_send` false: files are kept, nothing is sent. */
MUST_USE struct err *correction_take(struct tx *tx, const struct form *form, const struct case_by *by,
	bool may_send, struct correction *c);

/* --- the form, {{call correction_form(v.form)}} ------------------------------------------------------------------ */

#define CORRECTION_MESSAGE "_mensaje" /* what else the person wants to say; may be left empty */

struct correction_question {
	struct str reason; /* none: an answer brought it */
	struct questions questions;
};
struct correction_questions {
	struct correction_question *items;
	size_t count;
};
struct correction_view {
	struct str action, back_href;
	struct str reason, due_text; /* may be none */
	struct error_summary_view errors;
	bool is_more; /* an answer brought further questions */
	int64_t id;
	struct str shown;
	struct correction_questions items;
	struct form_control message;
};
/* `is_message_bad`: what was written beside it cannot be kept. */
void correction_view_fill(struct request *r, const struct correction *c, bool is_message_bad,
	struct correction_view *v);

/* Inside a commit: everything between the posted form and the case. *ret_over: it answers a correction that is not
 * open any more (another tab, the counter). Whoever may, says something with it. */
struct correction_post {
	struct str number; /* of the case */
	bool is_over, is_message_bad;
	struct correction correction;
};
MUST_USE struct err *correction_commit(struct request *r, struct tx *tx, const struct case_by *by,
	struct correction_post *post);
