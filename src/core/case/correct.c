/* Corrections: asking, answering. */
#include "base/json.h"
#include "core/case/case_clock.h"
#include "core/case/case_words.h"
#include "core/case/filing.h"
#include "core/case/presented.h"
#include "core/case/step.h"
#include "core/file/file.h"
#include "core/file/queries.h"
#include "core/notice/notice.h"

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
			if (!str_eq(rows.items[i].field, items.items[k].field) ||
				!str_eq(rows.items[i].state, STR("given")))
				continue;
			TRY(attachment_set_state(tx->db, tx->arena,
				&(struct attachment_set_state_in){ .id = rows.items[i].id,
					.state = STR("refused"),
					.reason = items.items[k].reason },
				NULL));
		}
	}
	return NULL;
}

struct err *case_ask_correction(struct tx *tx, const struct case_step *step, struct str reason,
	struct case_items items)
{
	struct case_record c;
	const struct transition *t;
	TRY(step_load(tx, step, &c));
	if (items.count == 0) return ERR(tx->arena, ERR_INVALID, "case.items", "a correction of nothing");
	TRY(step_undecided(tx, &c));
	TRY(step_transition(tx, &c, ACTION_ASK_CORRECTION, &step->by, &t));
	struct date due;
	TRY(case_correction_due(step->town, c.procedure, tx->arena, tx->now, &due));
	int64_t id;
	TRY(case_correction_insert(tx->db, tx->arena,
		&(struct case_correction_insert_in){ .case_id = c.row.id,
			.staff_id = step->by.staff_id,
			.reason = reason,
			.items = items_json(tx->arena, items),
			.requested_at = tx->now,
			.due_on = due },
		&id));
	TRY(refuse_attachments(tx, c.row.id, items));
	TRY(step_move(tx, step, &c, t, "case.correction_asked"));
	return notice_add(tx, &c, NOTICE_CORRECTION_ASKED, STR_NONE);
}

/* What came for a field that had been refused replaces it. */
static struct err *replace_attachments(struct tx *tx, int64_t case_id)
{
	struct attachment_of_case_rows rows;
	TRY(attachment_of_case(tx->db, tx->arena, &(struct attachment_of_case_in){ .case_id = case_id }, &rows));
	for (size_t i = 0; i < rows.count; i++) {
		bool is_replaced = false;
		for (size_t k = i + 1; k < rows.count; k++)
			is_replaced |= str_eq(rows.items[i].field, rows.items[k].field) &&
				str_eq(rows.items[k].state, STR("given"));
		if (is_replaced && str_eq(rows.items[i].state, STR("refused")))
			TRY(attachment_set_state(tx->db, tx->arena,
				&(struct attachment_set_state_in){ .id = rows.items[i].id,
					.state = STR("replaced"),
					.reason = rows.items[i].reason },
				NULL));
	}
	return NULL;
}

struct err *case_attach(struct tx *tx, struct town *t, int64_t case_id, const struct case_upload *upload,
	int64_t *ret_id)
{
	int64_t file_id;
	TRY(file_record(tx, t, &upload->facts, (enum media)upload->media, FILE_QUARANTINE, &file_id));
	return attachment_offer(tx->db, tx->arena,
		&(struct attachment_offer_in){ .has_case_id = true,
			.case_id = case_id,
			.field = upload->field,
			.file_id = file_id,
			.file_name = upload->file_name,
			.at = tx->now },
		ret_id);
}

struct err *case_detach(struct tx *tx, int64_t case_id, int64_t attachment_id)
{
	struct attachment_by_id_row row;
	bool found;
	int64_t changed = 0;
	TRY(attachment_by_id(tx->db, tx->arena, &(struct attachment_by_id_in){ .id = attachment_id }, &row,
		&found));
	if (!found) return NULL;
	TRY(attachment_remove_offered(tx->db, tx->arena,
		&(struct attachment_remove_offered_in){ .id = attachment_id, .case_id = case_id }, &changed));
	return changed
		? stored_file_forget(tx->db, tx->arena, &(struct stored_file_forget_in){ .id = row.file_id }, NULL)
		: NULL;
}

/* What was offered counts from now on, the changed answers are the case's, and the registry says so. */
static struct err *take_in(struct tx *tx, const struct case_step *step, struct case_record *c,
	const struct answers *changed, struct str *ret_entry)
{
	struct attachment_of_case_rows rows;
	TRY(attachment_of_case(tx->db, tx->arena, &(struct attachment_of_case_in){ .case_id = c->row.id },
		&rows));
	struct entry_file *files = ARENA_ARRAY(tx->arena, struct entry_file, rows.count);
	size_t count = 0;
	for (size_t i = 0; i < rows.count; i++)
		if (str_eq(rows.items[i].state, STR("offered")))
			files[count++] = (struct entry_file){ rows.items[i].file_name, rows.items[i].media_type,
				rows.items[i].bytes, rows.items[i].sha256 };
	TRY(presented_correction(tx, c, &step->by, changed, files, count, ret_entry));
	TRY(attachment_accept_offered(tx->db, tx->arena,
		&(struct attachment_accept_offered_in){ .case_id = c->row.id }, NULL));
	TRY(replace_attachments(tx, c->row.id));
	return filing_store_answers(tx, c, changed);
}

struct err *case_answer_correction(struct tx *tx, const struct case_step *step, const struct answers *changed)
{
	struct case_record c;
	const struct transition *t;
	TRY(step_load(tx, step, &c));
	TRY(step_transition(tx, &c, ACTION_ANSWER_CORRECTION, &step->by, &t));
	struct case_correction_open_row open;
	bool found;
	TRY(case_correction_open(tx->db, tx->arena, &(struct case_correction_open_in){ .case_id = c.row.id },
		&open, &found));
	if (!found) return ERR(tx->arena, ERR_CONFLICT, "case.not-now", "no correction is open");
	TRY(case_correction_answer(tx->db, tx->arena,
		&(struct case_correction_answer_in){ .id = open.id, .answered_at = tx->now }, NULL));
	struct str entry;
	TRY(take_in(tx, step, &c, changed, &entry));
	TRY(step_move(tx, step, &c, t, "case.correction_answered"));
	return notice_add(tx, &c, NOTICE_CORRECTION_RECEIVED, entry);
}

struct err *case_give_files(struct tx *tx, const struct case_step *step, const struct answers *changed)
{
	struct case_record c;
	TRY(step_load(tx, step, &c));
	if (c.state->outcome != OUTCOME_OPEN)
		return ERR(tx->arena, ERR_CONFLICT, "case.not-now", "case %lld is decided", (long long)c.row.id);
	TRY(step_undecided(tx, &c));
	struct str entry;
	TRY(take_in(tx, step, &c, changed, &entry));
	TRY(step_touch(tx, step, &c, "case.files_given"));
	return notice_add(tx, &c, NOTICE_CORRECTION_RECEIVED, entry);
}
