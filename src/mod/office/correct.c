/* Asking for a correction: which answers or documents, and why, one line each. */
#include "base/utf8.h"
#include "core/i18n.h"
#include "mod/office/pages.h"
#include "web/form.h"
#include "i18n/office.h"

static struct form_control reason_control(struct request *r, struct str value)
{
	return (struct form_control){ .kind = CONTROL_TEXTAREA,
		.id = STR("motivo"),
		.name = STR("motivo"),
		.label = i18n_text(r->lang, MSG_OFFICE_CORRECT_REASON),
		.hint = i18n_text(r->lang, MSG_OFFICE_CORRECT_REASON_HINT),
		.value = value,
		.rows = 3,
		.max_length = CASE_ITEM_REASON_MAX };
}

static struct err *choices(struct request *r, struct item_choices *ret)
{
	struct case_record c;
	TRY(case_load(r->town, r->db, r->arena, r->case_id, &c));
	struct summary_rows rows = case_correctable(&c, r->arena, r->lang);
	*ret = (struct item_choices){ ARENA_ARRAY(r->arena, struct item_choice, rows.count), 0 };
	for (size_t i = 0; i < rows.count; i++) {
		struct str field = rows.items[i].field->id;
		ret->items[ret->count++] = (struct item_choice){ .id = arena_printf(r->arena, "campo-%zu", i),
			.field = field,
			.label = rows.items[i].label,
			.value = rows.items[i].value,
			.is_chosen = form_has(r->form, arena_printf(r->arena, "pide.%.*s", STR_FMT(field))),
			.reason = form_text(r->form, arena_printf(r->arena, "porque.%.*s", STR_FMT(field))) };
	}
	return NULL;
}

static struct err *show(struct request *r, struct response *out, struct str error)
{
	struct office_step_view v;
	TRY(office_step_page(r, MSG_OFFICE_CORRECT_TITLE, MSG_OFFICE_CORRECT_LEAD, MSG_OFFICE_CORRECT_SEND,
		"/correccion", &v));
	TRY(choices(r, &v.items));
	v.reasons = reason_control(r, form_text(r->form, STR("motivo")));
	if (!str_is_none(error)) v.errors = office_one_error(r, STR("#motivo"), error);
	return office_step_send(r, out, &v);
}

struct err *office_correct_page(struct request *r, struct response *out) { return show(r, out, STR_NONE); }

struct err *office_correct_prepare(struct request *r, struct response *out)
{
	struct office_work *work;
	struct item_choices all;
	TRY(office_begin(r, &work));
	TRY(choices(r, &all));
	work->text = form_text(r->form, STR("motivo"));
	work->items.items = ARENA_ARRAY(r->arena, struct case_item, all.count);
	for (size_t i = 0; i < all.count; i++) {
		struct str reason = all.items[i].reason;
		if (all.items[i].is_chosen)
			work->items.items[work->items.count++] = (struct case_item){ all.items[i].field,
				str_is_empty(reason) ? work->text : utf8_cut(reason, CASE_ITEM_REASON_MAX) };
	}
	enum message wrong = work->items.count == 0 ? MSG_OFFICE_CORRECT_NOTHING
		: str_is_empty(work->text)              ? MSG_OFFICE_CORRECT_NO_REASON
		: !utf8_is_plain(work->text, true)      ? MSG_OFFICE_TEXT_BAD
												: MESSAGE_NONE;
	if (wrong == MESSAGE_NONE) return NULL;
	r->is_answered = true;
	return show(r, out, i18n_text(r->lang, wrong));
}

struct err *office_correct_commit(struct request *r, struct tx *tx)
{
	const struct office_work *work = r->work;
	struct case_step step = office_step(r);
	return case_ask_correction(tx, &step, work->text, work->items);
}
