/* Taking, deciding, signing, paying, handing over, talking. */
#include "base/utf8.h"
#include "core/case/step.h"
#include "core/document/permit.h"
#include "core/document/queries.h"
#include "core/notice/notice.h"

struct err *case_take(struct tx *tx, const struct case_step *step, int64_t assignee_id)
{
	struct case_record c;
	TRY(step_load(tx, step, &c));
	if (!c.row.is_open)
		return ERR(tx->arena, ERR_CONFLICT, "case.not-now", "case %lld is closed", (long long)c.row.id);
	int64_t changed = 0;
	TRY(case_set_assignee(tx->db, tx->arena,
		&(struct case_set_assignee_in){ .id = c.row.id,
			.revision = c.row.revision,
			.has_assignee_id = assignee_id != 0,
			.assignee_id = assignee_id },
		&changed));
	if (changed != 1)
		return ERR(tx->arena, ERR_CONFLICT, "case.changed", "case %lld was taken meanwhile",
			(long long)c.row.id);
	c.row.revision++;
	const struct transition *t = procedure_transition(c.procedure, c.row.state, ACTION_TAKE, step->by.as);
	if (assignee_id && t && !case_by_may(&step->by, t))
		return ERR(tx->arena, ERR_FORBIDDEN, NULL, "taking needs %.*s", STR_FMT(t->permission));
	if (assignee_id && t) return step_move(tx, step, &c, t, "case.taken");
	return step_event(tx, step, &c, assignee_id ? "case.taken" : "case.given_back");
}

static enum action action_of(enum state_outcome outcome)
{
	must(outcome == OUTCOME_APPROVED || outcome == OUTCOME_REFUSED);
	return outcome == OUTCOME_APPROVED ? ACTION_APPROVE : ACTION_REFUSE;
}

static struct str outcome_name(enum state_outcome outcome)
{
	return outcome == OUTCOME_APPROVED ? STR("approved") : STR("refused");
}

/* What is owed by these answers, decision fields included. */
static struct err *assess(struct tx *tx, struct case_record *c, const struct answers *answers)
{
	c->row.fee = answers_fee(answers, tx->arena, c->row.lang).total;
	return case_set_answers(tx->db, tx->arena,
		&(struct case_set_answers_in){ .id = c->row.id,
			.answers = c->row.answers,
			.place = c->row.place,
			.fee = c->row.fee },
		NULL);
}

struct err *case_decide(struct tx *tx, const struct case_step *step, enum state_outcome outcome,
	struct str reasons, const struct answers *decided)
{
	struct case_record c;
	const struct transition *t;
	TRY(step_load(tx, step, &c));
	struct case_record judged = c; /* guards see the decision's fields too */
	judged.answers = (struct answers *)decided;
	TRY(step_transition(tx, &judged, action_of(outcome), &step->by, &t));
	TRY(step_undecided(tx, &c));
	if ((t->needs & NEED_REASONS) && str_is_empty(reasons))
		return ERR(tx->arena, ERR_INVALID, "case.reasons", "a decision without reasons");
	struct str fields = outcome == OUTCOME_APPROVED ? answers_to_json(tx->arena, decided, ANSWERS_DECISION)
													: STR("{}");
	TRY(case_decision_insert(tx->db, tx->arena,
		&(struct case_decision_insert_in){ .case_id = c.row.id,
			.outcome = outcome_name(outcome),
			.reasons = reasons,
			.fields = fields,
			.decided_by = step->by.staff_id,
			.decided_at = tx->now },
		NULL));
	if (outcome == OUTCOME_APPROVED)
		TRY(assess(tx, &c, decided)); /* what was measured may change what is owed */
	return step_touch(tx, step, &c, "case.decided");
}

struct err *case_return(struct tx *tx, const struct case_step *step, struct str why)
{
	struct case_record c;
	TRY(step_load(tx, step, &c));
	int64_t changed = 0;
	TRY(case_decision_delete(tx->db, tx->arena, &(struct case_decision_delete_in){ .case_id = c.row.id },
		&changed));
	if (changed != 1) return ERR(tx->arena, ERR_CONFLICT, "case.not-now", "there is no unsigned decision");
	TRY(case_message_insert(tx->db, tx->arena,
		&(struct case_message_insert_in){ .case_id = c.row.id,
			.kind = STR("note"),
			.has_staff_id = true,
			.staff_id = step->by.staff_id,
			.text = why,
			.at = tx->now },
		NULL));
	TRY(assess(tx, &c, c.answers)); /* as declared, until it is decided anew */
	return step_touch(tx, step, &c, "case.returned");
}

struct err *case_sign(struct tx *tx, const struct case_step *step)
{
	struct case_record c;
	struct case_decision_get_row decision;
	bool decided;
	TRY(case_load_decided(step->town, tx->db, tx->arena, step->case_id, &c, &decision, &decided));
	if (c.row.revision != step->revision)
		return ERR(tx->arena, ERR_CONFLICT, "case.changed", "case %lld moved on", (long long)step->case_id);
	if (!decided || !instant_is_none(decision.signed_at))
		return ERR(tx->arena, ERR_CONFLICT, "case.not-now", "there is no decision to sign");
	bool is_approved = str_eq(decision.outcome, STR("approved"));
	const struct transition *t;
	TRY(step_transition(tx, &c, is_approved ? ACTION_APPROVE : ACTION_REFUSE, &step->by, &t));
	TRY(case_decision_sign(tx->db, tx->arena,
		&(struct case_decision_sign_in){ .case_id = c.row.id,
			.has_signed_by = true,
			.signed_by = step->by.staff_id,
			.signed_at = tx->now },
		NULL));
	TRY(step_move(tx, step, &c, t, is_approved ? "case.approved" : "case.refused"));
	/* With a document the citizen is told once it is there: core/document/issue.c. */
	if (str_is_empty(t->document))
		return notice_add(tx, &c, case_is_paid(&c) ? NOTICE_DECIDED : NOTICE_PAYMENT_DUE, STR_NONE);
	return permit_freeze(tx, &c, &decision, t->document, step->by.staff_id);
}

struct err *case_pay(struct tx *tx, const struct case_step *step, struct str folio, struct money amount,
	struct str method)
{
	struct case_record c;
	TRY(step_load(tx, step, &c));
	if (case_is_paid(&c)) return ERR(tx->arena, ERR_CONFLICT, "case.paid", "nothing is owed");
	if (amount.cents != c.row.fee.cents)
		return ERR(tx->arena, ERR_INVALID, "case.amount", "paid %lld of %lld", (long long)amount.cents,
			(long long)c.row.fee.cents);
	struct case_payment_by_folio_row other;
	bool used;
	TRY(case_payment_by_folio(tx->db, tx->arena, &(struct case_payment_by_folio_in){ .folio = folio }, &other,
		&used));
	if (used) return ERR(tx->arena, ERR_INVALID, "case.folio-used", "the folio was used");
	TRY(case_payment_insert(tx->db, tx->arena,
		&(struct case_payment_insert_in){ .case_id = c.row.id,
			.folio = folio,
			.amount = amount,
			.method = method,
			.staff_id = step->by.staff_id,
			.at = tx->now },
		NULL));
	TRY(case_set_paid(tx->db, tx->arena, &(struct case_set_paid_in){ .id = c.row.id, .paid_at = tx->now },
		NULL));
	c.row.paid_at = tx->now;
	TRY(step_touch(tx, step, &c, "case.paid"));
	return notice_add(tx, &c, NOTICE_PAID, STR_NONE);
}

/* What is handed over exists: it is issued, not still being printed, and nobody has withdrawn it since. */
static struct err *is_issued(struct tx *tx, const struct case_record *c)
{
	struct document_of_case_rows rows;
	const char *key = NULL;
	TRY(document_of_case(tx->db, tx->arena, &(struct document_of_case_in){ .case_id = c->row.id }, &rows));
	for (size_t i = 0; i < rows.count; i++) {
		if (str_eq(rows.items[i].kind, STR("receipt"))) continue;
		if (str_eq(rows.items[i].state, STR("issued"))) return NULL;
		key = str_eq(rows.items[i].state, STR("frozen")) ? "case.printing" : "case.revoked";
	}
	return key ? ERR(tx->arena, ERR_CONFLICT, key, "case %lld has no issued document", (long long)c->row.id)
			   : NULL;
}

struct err *case_deliver(struct tx *tx, const struct case_step *step)
{
	struct case_record c;
	const struct transition *t;
	TRY(case_load(step->town, tx->db, tx->arena, step->case_id, &c));
	if (!procedure_transition(c.procedure, c.row.state, ACTION_DELIVER, step->by.as))
		return NULL; /* delivered before, or a decision that is only read */
	TRY(step_transition(tx, &c, ACTION_DELIVER, &step->by, &t));
	if (!case_is_paid(&c)) return ERR(tx->arena, ERR_CONFLICT, "case.unpaid", "the fee is not paid");
	TRY(is_issued(tx, &c));
	TRY(step_move(tx, step, &c, t, "case.delivered"));
	return notice_add(tx, &c, NOTICE_DELIVERED, STR_NONE);
}

struct err *case_withdraw(struct tx *tx, const struct case_step *step)
{
	struct case_record c;
	const struct transition *t;
	TRY(step_load(tx, step, &c));
	TRY(step_transition(tx, &c, ACTION_WITHDRAW, &step->by, &t));
	TRY(case_decision_delete(tx->db, tx->arena, &(struct case_decision_delete_in){ .case_id = c.row.id },
		NULL));
	return step_move(tx, step, &c, t, "case.withdrawn");
}

struct err *case_say(struct tx *tx, const struct case_step *step, enum case_message_kind kind,
	struct str text)
{
	static const struct {
		const char *kind, *event;
	} names[] = { { "citizen", "message.received" }, { "staff", "message.sent" },
		{ "note", "note.written" } };
	struct case_record c;
	TRY(case_load(step->town, tx->db, tx->arena, step->case_id, &c));
	if (text.n == 0 || text.n > CASE_TEXT_MAX)
		return ERR(tx->arena, ERR_INVALID, "case.text", "a text of %zu bytes", text.n);
	if (step->by.as == WHO_CITIZEN && c.state->is_final)
		return ERR(tx->arena, ERR_CONFLICT, "case.not-now", "case %lld is over", (long long)c.row.id);
	TRY(case_message_insert(tx->db, tx->arena,
		&(struct case_message_insert_in){ .case_id = c.row.id,
			.kind = str_of(names[kind].kind),
			.has_staff_id = step->by.staff_id != 0,
			.staff_id = step->by.staff_id,
			.text = text,
			.at = tx->now },
		NULL));
	return step_event(tx, step, &c, names[kind].event);
}
