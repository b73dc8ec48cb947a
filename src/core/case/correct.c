/* Corrections: asking, answering. */
#include "base/json.h"
#include "core/case/case_clock.h"
#include "core/case/case_words.h"
#include "core/case/filing.h"
#include "core/case/step.h"
#include "core/file/queries.h"

enum { ITEMS_JSON_MAX = 256 * 1024 };

static struct str items_json(struct arena *a, struct case_items items)
{
	struct buf out = buf_new(a, ITEMS_JSON_MAX);
	struct json_writer w = json_writer(&out);
	json_open(&w, '[');
	for (size_t i = 0; i < items.count; i++) {
		json_open(&w, '{');
		json_field(&w, STR("field"), items.items[i].field);
		json_field(&w, STR("reason"), items.items[i].reason);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	return buf_str(&out);
}

/* Attachments that the clerk asks for again are marked refused, with the reason. */
static struct err *refuse_attachments(struct tx *tx, int64_t case_id, struct case_items items)
{
	struct attachment_of_case_rows rows;
	TRY(attachment_of_case(tx->db, tx->arena, &(struct attachment_of_case_in){ .case_id = case_id }, &rows));
	for (size_t i = 0; i < rows.count; i++) {
		for (size_t k = 0; k < items.count; k++) {
			if (!str_eq(rows.items[i].field, items.items[k].field) || !str_eq(rows.items[i].state, STR("given")))
				continue;
			TRY(attachment_set_state(tx->db, tx->arena,
				&(struct attachment_set_state_in){ .id = rows.items[i].id, .state = STR("refused"),
					.reason = items.items[k].reason },
				NULL));
		}
	}
	return NULL;
}

struct err *case_ask_correction(struct tx *tx, const struct case_step *step, struct str reason, struct case_items items)
{
	struct case_record c;
	const struct transition *t;
	must(items.count > 0);
	TRY(step_load(tx, step, &c));
	TRY(step_transition(tx, &c, ACTION_ASK_CORRECTION, step->by.as, &t));
	struct date due;
	TRY(case_correction_due(step->town, c.procedure, tx->arena, tx->now, &due));
	int64_t id;
	TRY(case_correction_insert(tx->db, tx->arena,
		&(struct case_correction_insert_in){ .case_id = c.row.id, .staff_id = step->by.staff_id, .reason = reason,
			.items = items_json(tx->arena, items), .requested_at = tx->now, .due_on = due },
		&id));
	TRY(refuse_attachments(tx, c.row.id, items));
	return step_move(tx, step, &c, t, "case.correction_asked");
}

/* What was asked for again and came again replaces what was refused. */
static struct err *replace_attachments(struct tx *tx, int64_t case_id, int64_t draft_id)
{
	struct attachment_of_draft_rows fresh;
	struct attachment_of_case_rows old;
	TRY(attachment_of_draft(tx->db, tx->arena, &(struct attachment_of_draft_in){ .draft_id = draft_id }, &fresh));
	TRY(attachment_of_case(tx->db, tx->arena, &(struct attachment_of_case_in){ .case_id = case_id }, &old));
	for (size_t i = 0; i < old.count; i++) {
		bool is_replaced = false;
		for (size_t k = 0; k < fresh.count; k++)
			is_replaced |= str_eq(old.items[i].field, fresh.items[k].field);
		if (is_replaced && str_eq(old.items[i].state, STR("refused")))
			TRY(attachment_set_state(tx->db, tx->arena,
				&(struct attachment_set_state_in){ .id = old.items[i].id, .state = STR("replaced"),
					.reason = old.items[i].reason },
				NULL));
	}
	return attachment_file_away(tx->db, tx->arena,
		&(struct attachment_file_away_in){ .case_id = case_id, .draft_id = draft_id }, NULL);
}

struct err *case_answer_correction(struct tx *tx, const struct case_step *step, const struct answers *changed,
	int64_t draft_id)
{
	struct case_record c;
	const struct transition *t;
	TRY(step_load(tx, step, &c));
	TRY(step_transition(tx, &c, ACTION_ANSWER_CORRECTION, step->by.as, &t));
	struct case_correction_open_row open;
	bool found;
	TRY(case_correction_open(tx->db, tx->arena, &(struct case_correction_open_in){ .case_id = c.row.id }, &open, &found));
	if (!found)
		return ERR(tx->arena, ERR_CONFLICT, "case.not_now", "no correction is open");
	TRY(case_correction_answer(tx->db, tx->arena,
		&(struct case_correction_answer_in){ .id = open.id, .answered_at = tx->now }, NULL));
	if (draft_id)
		TRY(replace_attachments(tx, c.row.id, draft_id));
	TRY(filing_store_answers(tx, &c, changed));
	return step_move(tx, step, &c, t, "case.correction_answered");
}
