/* The form of a correction, as it is shown and as it comes back. */
#include "base/utf8.h"
#include "core/casepage/correction_form.h"
#include "core/i18n.h"
#include "i18n/casepage.h"

#define FORM_ID "corregir"
#define WHICH "_correccion" /* the correction that the form answers: a later one is another form */

/* --- showing ------------------------------------------------------------------------------------------------------- */

/* What stands below a file's name: why it was refused, or that it goes along when the form is sent. */
static struct str facts_of(struct arena *a, const struct correction *c,
	const struct attachment_of_case_row *row)
{
	enum message why;
	struct str size = file_size_text(a, row->bytes, &c->record.pack->numbers);
	if (str_eq(row->state, STR("offered")))
		return arena_printf(a, "%.*s · %.*s", STR_FMT(size),
			STR_FMT(i18n_text(c->lang, MSG_CASEPAGE_FILE_OFFERED)));
	if (!str_eq(row->state, STR("refused"))) return size;
	/* The clerk's reason stands above the question. */
	return i18n_text(c->lang, i18n_find(row->reason, &why) ? why : MSG_CASEPAGE_FILE_BEFORE);
}

static struct file_row row_of(struct arena *a, const struct correction *c,
	const struct attachment_of_case_row *row)
{
	struct file_row shown = { .kind = draft_file_short_type(row->media_type),
		.name = row->file_name,
		.facts = facts_of(a, c, row),
		.is_bad = str_eq(row->state, STR("refused")) };
	if (str_eq(row->state, STR("offered"))) {
		shown.remove_form = STR(FORM_ID);
		shown.remove_name = STR(QUESTION_REMOVE_FILE);
		shown.remove_value = arena_printf(a, "%lld", (long long)row->id);
	}
	return shown;
}

static struct questions question_of(struct arena *a, const struct correction *c, const struct form *posted,
	const struct field *f)
{
	struct question_context context = correction_context(c);
	context.posted = posted;
	struct question_file *files = ARENA_ARRAY(a, struct question_file, c->rows.count + c->refused_count);
	for (size_t i = 0; i < c->rows.count; i++) {
		const struct attachment_of_case_row *row = &c->rows.items[i];
		if (str_eq(row->field, f->id) && !str_eq(row->state, STR("replaced")))
			files[context.file_count++] = (struct question_file){ row->field, row_of(a, c, row) };
	}
	for (size_t i = 0; i < c->refused_count; i++)
		files[context.file_count++] = c->refused[i];
	context.files = files;
	context.form = STR(FORM_ID);
	struct fields one = { (struct field *)f, 1 };
	struct questions list = questions_of_fields(a, &context, &one);
	/* Whether it is asked was decided by who asked: the browser has nothing to show or hide. */
	list.items[0].when = STR_NONE;
	return list;
}

static struct str shown_names(struct arena *a, const struct correction *c)
{
	struct str *names = ARENA_ARRAY(a, struct str, c->items.count);
	for (size_t i = 0; i < c->items.count; i++)
		names[i] = c->items.items[i].field->id;
	return arena_join(a, names, c->items.count, STR(" "));
}

static struct form_control message_control(struct request *r, bool is_bad)
{
	struct str typed = r->method == METHOD_POST ? form_text(r->form, STR(CORRECTION_MESSAGE)) : STR_NONE;
	return (struct form_control){ .kind = CONTROL_TEXTAREA,
		.id = STR(CORRECTION_MESSAGE),
		.name = STR(CORRECTION_MESSAGE),
		.label = i18n_text(r->lang, MSG_CASEPAGE_CORRECTION_MESSAGE),
		.is_optional = true,
		.error = is_bad ? i18n_text(r->lang, MSG_CASEPAGE_CORRECTION_MESSAGE_BAD) : STR_NONE,
		.value = typed,
		.rows = 3,
		.max_length = CASE_TEXT_MAX };
}

static struct str due_text(struct request *r, struct date due)
{
	if (date_is_none(due)) return STR_NONE;
	struct i18n_arg args[] = { I18N_ARG("date", i18n_date(r->arena, r->lang, due, I18N_LONG)), { 0 } };
	return i18n_format(r->arena, r->lang, MSG_CASEPAGE_CORRECTION_DUE, args);
}

/* The errors of the questions, and that of the message after them. */
static struct error_summary_view all_errors(struct request *r, const struct correction *c,
	const struct form_control *message)
{
	struct question_context context = correction_context(c);
	struct error_summary_view found = questions_errors(r->arena, &context);
	if (str_is_none(message->error)) return found;
	struct error_summary_line *lines = ARENA_ARRAY(r->arena, struct error_summary_line,
		found.lines.count + 1);
	for (size_t i = 0; i < found.lines.count; i++)
		lines[i] = found.lines.items[i];
	lines[found.lines.count] = (struct error_summary_line){ STR("#" CORRECTION_MESSAGE), message->error };
	return (struct error_summary_view){ { lines, found.lines.count + 1 } };
}

void correction_view_fill(struct request *r, const struct correction *c, bool is_message_bad,
	struct correction_view *v)
{
	v->reason = c->id ? c->reason : i18n_text(r->lang, MSG_CASEPAGE_CORRECTION_FILES);
	v->due_text = due_text(r, c->due);
	v->is_more = c->is_more;
	v->id = c->id;
	v->shown = shown_names(r->arena, c);
	v->message = message_control(r, is_message_bad);
	v->errors = all_errors(r, c, &v->message);
	v->items.items = ARENA_ARRAY(r->arena, struct correction_question, c->items.count);
	for (size_t i = 0; i < c->items.count; i++)
		v->items.items[v->items.count++] = (struct correction_question){ c->items.items[i].reason,
			question_of(r->arena, c, r->method == METHOD_POST ? r->form : NULL, c->items.items[i].field) };
}

/* --- coming back ----------------------------------------------------------------------------------------------------- */

struct err *correction_commit(struct request *r, struct tx *tx, const struct case_by *by,
	struct correction_post *post)
{
	struct correction *c = &post->correction;
	struct str message = form_text(r->form, STR(CORRECTION_MESSAGE));
	int64_t answers = -1;
	bool is_asked;
	TRY(correction_load(r->town, tx->db, tx->arena, r->case_id, r->lang, c, &is_asked));
	form_int(r->form, STR(WHICH), 0, INT64_MAX, &answers);
	post->number = c->record.row.number;
	post->is_over = !is_asked || answers != c->id;
	post->is_message_bad = message.n > CASE_TEXT_MAX || !utf8_is_plain(message, true);
	if (post->is_over) return NULL;
	TRY(correction_take(tx, r->form, by, !post->is_message_bad, c));
	if (!c->is_sent || str_is_empty(message)) return NULL;
	/* Whoever writes it down, it is the citizen's. */
	struct case_step step = { r->town, r->case_id, 0, *by };
	return case_say(tx, &step, MESSAGE_CITIZEN, message);
}
