/*
 * What a request of this module works on: the procedure its path names and the draft this browser has of it.
 * filing_rule() finds it and leaves it in r->work; pages ask visit_of() and let visit_turn_away() answer when there
 * is nothing to work on.
 */
#pragma once
#include "core/draft/draft.h"
#include "core/draft/draft_file.h"
#include "mod/filing/filing.h"
#include "web/form.h"

struct visit {
	struct request *r;
	const struct pack *pack;           /* the draft's version; without a draft the current one */
	const struct procedure *procedure; /* NULL: no such procedure that can be filed online */
	bool has_draft;                    /* open: neither expired nor filed */
	bool is_expired;
	struct draft draft; /* also when expired or filed */

	/* What the steps of a POST hand on. */
	struct answers *answers;
	struct draft_files files;
	const struct page *page;
	struct field_error *errors;    /* of this page, refused files included */
	bool is_clean;                 /* no errors */
	bool is_more;                  /* only questions that nobody has seen are missing */
	struct question_file *refused; /* files that were not taken, to be shown once */
	size_t refused_count;
	struct str cookie, holder_cookie; /* new ones; none: no change */
	int64_t case_id;                  /* it is, or was already, filed */
	bool is_undeclared;               /* the declaration was not signed */
};

static inline struct visit *visit_of(struct request *r) { return r->work; }

/* Answers instead of the page when there is no draft to show: how to come back, an expired one, or the receipt of
 * a filed one. *ret_answered false: go on. ERR_NOT_FOUND for an unknown procedure. */
MUST_USE struct err *visit_turn_away(struct visit *v, struct response *out, bool *ret_answered);

/* "/tramites/{slug}/{rest}" */
struct str visit_href(const struct visit *v, const char *rest);
struct str visit_page_href(const struct visit *v, const struct page *page);
/* The page to go on with: the first that is not done, or the review. */
struct str visit_next_href(const struct visit *v, const struct answers *answers);

/* What stands beside the form. `now` NULL: the review. */
struct aside_view visit_aside(const struct visit *v, const struct answers *answers, const struct page *now);
struct str visit_saved_words(const struct visit *v);
/* The files of the draft, and those just refused, as questions show them. */
struct question_file *visit_question_files(const struct visit *v, size_t *ret_count);

/* Everything that was typed, to be carried along. `page` is added as CARRIED_PAGE. */
struct carried_fields visit_carried(struct request *r, struct str page);
#define CARRIED_PAGE "_pagina"
#define RESUME_CODE "_codigo" /* the input of a return code */
/* Inside a commit: takes carried answers into a draft. */
MUST_USE struct err *visit_take_carried(struct tx *tx, struct visit *v, struct draft *d);
/* The control for a return code. */
struct form_control visit_code_control(struct request *r, struct str typed, struct str error);
