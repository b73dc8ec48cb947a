/*
 * A case (expediente): one procedure for one party, from filing to delivery.
 *
 * The definition says which steps there are (definition/procedure.h, workflow); this folder carries them out.
 * Every step is one function that runs inside a commit, names the revision it was decided on (somebody faster
 * means ERR_CONFLICT, never an overwrite), moves the clock, writes the event, and asks for the jobs that follow.
 * Pages, the counter and the API call the same functions. filing.h makes a case; case_load() reads one; steps
 * are below; case_clock.h says why the due date is what it is.
 */
#pragma once
#include "core/case/queries.h"
#include "core/definition/answers.h"
#include "core/town/town.h"
#include "core/who.h"

struct case_record {
	struct town *town;
	struct case_by_id_row row;
	const struct pack *pack; /* the version the case stands on */
	const struct procedure *procedure;
	const struct state *state;
	const struct department *department; /* may be NULL when the pack no longer has it */
	struct answers *answers;
};
/* ERR_NOT_FOUND. The definition and its pack live as long as the town. */
MUST_USE struct err *case_load(struct town *t, struct db *db, struct arena *a, int64_t id,
	struct case_record *ret);
/* With the decision's fields filled in, where there is a decision. */
MUST_USE struct err *case_load_decided(struct town *t, struct db *db, struct arena *a, int64_t id,
	struct case_record *ret, struct case_decision_get_row *ret_decision, bool *ret_decided);

/* Who takes a step, and through what. */
struct case_by {
	enum transition_who as; /* staff, citizen, system */
	int64_t staff_id;       /* 0 unless staff */
	uint64_t permissions;   /* of the member of staff; 0: the program's own doing, which no rule stops */
	struct str channel;     /* "web", "counter", "api", "system" */
	struct str office;
	bool is_token;
};
struct case_by case_by_who(const struct who *w);
/* Whether the definition lets this actor take that transition. */
bool case_by_may(const struct case_by *by, const struct transition *t);
extern const struct case_by case_by_citizen, case_by_system;

/* What every step takes. `revision` is the one that the person saw. */
struct case_step {
	struct town *town;
	int64_t case_id, revision;
	struct case_by by;
};

/* Takes a case (or, with staff_id 0, gives it back); a case still 'received' begins its review. */
MUST_USE struct err *case_take(struct tx *tx, const struct case_step *step, int64_t assignee_id);

struct case_item { /* something to be corrected: a field of the form, and why */
	struct str field, reason;
};
struct case_items {
	struct case_item *items;
	size_t count;
};
/* Asks the citizen for a correction; the clock pauses as the definition says. At least one item. */
MUST_USE struct err *case_ask_correction(struct tx *tx, const struct case_step *step, struct str reason,
	struct case_items items);
/* A file that is already durable is offered for a correction: its scan follows at once, the clerk sees it when the
 * correction is sent. Until then it can be taken back. */
struct case_upload {
	struct str field, file_name;
	struct file_facts facts;
	int media; /* enum media of core/file/file.h */
};
MUST_USE struct err *case_attach(struct tx *tx, struct town *t, int64_t case_id,
	const struct case_upload *upload, int64_t *ret_id);
/* Nothing happens when that is no offered attachment of this case. */
MUST_USE struct err *case_detach(struct tx *tx, int64_t case_id, int64_t attachment_id);
/* The citizen's answer: the changed answers, checked by the caller, after case_attach() of the new files. */
MUST_USE struct err *case_answer_correction(struct tx *tx, const struct case_step *step,
	const struct answers *changed);
/* Other files instead of those that the scan refused, when no correction is open. The clock goes on. */
MUST_USE struct err *case_give_files(struct tx *tx, const struct case_step *step,
	const struct answers *changed);
/* A correction's items, as stored. */
MUST_USE struct err *case_items_parse(struct arena *a, struct str json, struct case_items *ret);

/* The clerk's decision: OUTCOME_APPROVED or OUTCOME_REFUSED with reasons, and the decision's fields (checked by
 * the caller). It waits for the officer's signature. */
MUST_USE struct err *case_decide(struct tx *tx, const struct case_step *step, enum state_outcome outcome,
	struct str reasons, const struct answers *decided);
/* The officer hands an unsigned decision back to review. */
MUST_USE struct err *case_return(struct tx *tx, const struct case_step *step, struct str why);
/* The named officer's act: the decision takes effect, its document is frozen and will be sealed and issued. */
MUST_USE struct err *case_sign(struct tx *tx, const struct case_step *step);

/* The cashier: the assessed fee was paid. A folio is used once. */
MUST_USE struct err *case_pay(struct tx *tx, const struct case_step *step, struct str folio,
	struct money amount, struct str method);
/* The document was handed over or opened by its holder. Nothing happens when it already was. */
MUST_USE struct err *case_deliver(struct tx *tx, const struct case_step *step);
MUST_USE struct err *case_withdraw(struct tx *tx, const struct case_step *step);

enum case_message_kind { MESSAGE_CITIZEN, MESSAGE_STAFF, MESSAGE_NOTE };
enum { CASE_TEXT_MAX = 5000 };
/* A line of the conversation, or an internal note. The text is checked and bounded by the caller. */
MUST_USE struct err *case_say(struct tx *tx, const struct case_step *step, enum case_message_kind kind,
	struct str text);

/* Whether the document may be handed over: nothing to pay, or paid. */
bool case_is_paid(const struct case_record *c);
/* The same, of a row of a list. */
bool case_owes(const struct state *state, struct money fee, struct instant paid_at);
/* "2026-11-24" and so on: the transitions that `who` may take from the case's state now. */
size_t case_actions(const struct case_record *c, enum transition_who who, const struct transition **ret,
	size_t max);
