/*
 * A town for tests: León from packs/leon in a folder of its own, with a simulated clock that stands at Tuesday 2 June
 * 2026, 10:00, four members of staff and a press. Steps of a case run through the real writer, jobs through the real
 * runner. A function of this file that fails fails the test, and gives zero or NULL.
 */
#pragma once
#include "base/testing.h"
#include "core/case/case.h"
#include "core/case/filing.h"
#include "core/draft/draft.h"

struct test_town {
	struct test *t;
	struct arena *arena;
	struct str folder;
	struct town_options options;
	struct town *town;
	struct db *db; /* a read connection without snapshot */
	const struct press *press;
	struct test_town_open *open; /* test_town.c's */
	int64_t clerk, other_clerk, officer,
		cashier; /* other_clerk: of a department that has nothing to do with it */
};

/* Ends with the test's arena. False: the test has failed. */
bool test_town_open(struct test *t, struct test_town *ret);
/* As after a kill: closed without ceremony, opened again. */
bool test_town_reopen(struct test_town *tt);
bool test_town_forward(struct test_town *tt, int64_t minutes);

/* --- filing ------------------------------------------------------------------------------------------------------- */

/* Answers of the sample form, as JSON, that differ in these members; "" for none. */
struct test_filing {
	const char *given, *surnames, *curp, *street, *front; /* NULL: the sample's */
	const char *mail;                                     /* NULL: asks at the counter instead */
	bool with_files;                                      /* a draft with two attachments */
	const char *file_bytes;                               /* of the first; NULL: a PDF */
};
/* The draft, saved, with its files: *ret_answers as read back from it. 0 when it failed. */
int64_t test_draft(struct test_town *tt, const struct test_filing *f, struct answers **ret_answers);
/* Files; the zero struct after a failure. */
struct filed test_file(struct test_town *tt, const struct test_filing *f);
struct err *test_file_draft(struct test_town *tt, int64_t draft, const struct answers *answers,
	struct filed *ret);

/* --- steps --------------------------------------------------------------------------------------------------------- */

struct test_step {
	struct case_step step;
	int64_t assignee;
	struct str text, folio;
	struct case_items items;
	enum state_outcome outcome;
	const struct answers *answers;
	struct money amount;
	enum case_message_kind kind;
	int64_t document;
};
typedef struct err *test_step_fn(struct tx *tx, struct test_step *s);
test_step_fn test_take, test_ask, test_answer, test_decide, test_return, test_sign, test_pay, test_deliver,
	test_withdraw, test_say, test_revoke;
/* On the case's present revision. */
struct test_step test_step_now(struct test_town *tt, int64_t case_id, int64_t staff_id);
struct err *test_run(struct test_town *tt, test_step_fn *fn, struct test_step *s);
/* The same, failing the test when it fails. */
bool test_do(struct test_town *tt, test_step_fn *fn, struct test_step *s);
/* take → approve → sign; false after a failure. */
bool test_approve(struct test_town *tt, int64_t case_id);
/* The case with a valid decision filled in, for test_decide. */
struct answers *test_decision(struct test_town *tt, int64_t case_id);
struct case_record test_record(struct test_town *tt, int64_t case_id);

/* --- looking ------------------------------------------------------------------------------------------------------- */

/* One number of one statement without parameters; -1 after a failure. */
int64_t test_number(struct test_town *tt, const char *sql);
struct str test_text(struct test_town *tt, const char *sql);
/* Behind the program's back: what a test cannot do otherwise. */
bool test_write(struct test_town *tt, const char *sql);
int test_drain(struct test_town *tt); /* jobs that ran */
bool test_audit(struct test_town *tt);
