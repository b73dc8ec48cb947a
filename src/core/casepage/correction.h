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

/* The item as a question: the one question of the list. `form`: id of the <form>. */
struct questions correction_question(struct arena *a, const struct correction *c,
	const struct correction_item *item, struct str form);
struct error_summary_view correction_errors(struct arena *a, const struct correction *c);
/* For the hidden field QUESTION_SHOWN. */
struct str correction_shown(struct arena *a, const struct correction *c);
