#include "core/question/question.h"
#include "base/utf8.h"
#include "core/draft/draft_file.h"
#include "core/i18n.h"
#include "core/markdown.h"
#include "core/question/question_internal.h"
#include "i18n/question.h"

enum { SHORT_TEXT = 6, MIDDLE_TEXT = 20, WHEN_MAX = 64 * 1024 };

struct builder {
	struct arena *arena;
	const struct question_context *c;
};

struct str question_name(struct arena *a, const struct field *f, int row)
{
	if (!f->group || row < 0) return f->id;
	return arena_printf(a, "%.*s.%d.%.*s", STR_FMT(f->group->id), row, STR_FMT(f->id));
}

static struct str part_name(struct arena *a, struct str name, const char *part)
{
	return arena_printf(a, "%.*s.%s", STR_FMT(name), part);
}

static const struct field_answer *answer_at(const struct builder *b, const struct field *f, int row)
{
	static const struct field_answer empty;
	const struct answers *s = b->c->answers;
	if (f->group && row >= 0) {
		const struct field_answer *group = answer_of(s, f->group, -1);
		if ((size_t)row >= group->count) return &empty; /* the extra row */
	}
	return answer_of(s, f, row);
}

static bool is_required(const struct builder *b, const struct field *f, int row)
{
	if (f->group && (size_t)row >= answer_of(b->c->answers, f->group, -1)->count) return f->required;
	return field_is_required(b->c->answers, f, row);
}

/* --- what all questions have ------------------------------------------------------------------------------------ */

static struct form_control basics(const struct builder *b, const struct field *f, int row)
{
	struct str name = question_name(b->arena, f, row), lang = b->c->lang;
	return (struct form_control){ .id = name,
		.name = name,
		.label = text_in(f->label, lang),
		.hint = text_in(f->hint, lang),
		.error = question_error_at(b->arena, b->c, name),
		.is_optional = !is_required(b, f, row),
		.autocomplete = f->autocomplete };
}

static void set_choices(const struct builder *b, const struct field *f, const struct field_answer *answer,
	struct form_control *control)
{
	struct form_choices list = { ARENA_ARRAY(b->arena, struct form_choice, f->options.count), 0 };
	for (size_t i = 0; i < f->options.count; i++) {
		const struct option *o = &f->options.items[i];
		if (b->c->is_without_mail && f->role == ROLE_NOTIFY_BY && str_eq(o->id, STR("mail"))) continue;
		struct form_choice *choice = &list.items[list.count++];
		*choice = (struct form_choice){ .id = part_name(b->arena, control->name, arena_cz(b->arena, o->id)),
			.value = o->id,
			.label = text_in(o->label, b->c->lang),
			.hint = text_in(o->hint, b->c->lang) };
		if (f->type == FIELD_CHOICE) choice->is_chosen = answer->filled && str_eq(answer->text, o->id);
		for (size_t k = 0; f->type == FIELD_CHOICES && k < answer->count; k++)
			choice->is_chosen |= str_eq(answer->items[k], o->id);
	}
	control->choices = list;
	control->kind = f->type == FIELD_CHOICES ? CONTROL_CHECKBOX
		: f->as_select                       ? CONTROL_SELECT
											 : CONTROL_RADIO;
	if (control->kind == CONTROL_SELECT) control->empty_choice = i18n_text(b->c->lang, MSG_QUESTION_CHOOSE);
}

static void set_yes_no(const struct builder *b, const struct field_answer *answer,
	struct form_control *control)
{
	struct form_choice *items = ARENA_ARRAY(b->arena, struct form_choice, 2);
	items[0] = (struct form_choice){ .id = part_name(b->arena, control->name, "yes"),
		.value = STR("yes"),
		.label = i18n_text(b->c->lang, MSG_QUESTION_YES),
		.is_chosen = answer->filled && answer->i };
	items[1] = (struct form_choice){ .id = part_name(b->arena, control->name, "no"),
		.value = STR("no"),
		.label = i18n_text(b->c->lang, MSG_QUESTION_NO),
		.is_chosen = answer->filled && !answer->i };
	control->choices = (struct form_choices){ items, 2 };
	control->kind = CONTROL_RADIO;
}

/* What was typed stays as it was typed: three pieces, whatever they are. */
static void set_date(const struct builder *b, const struct field_answer *answer, struct form_control *control)
{
	control->kind = CONTROL_DATE;
	if (answer->filled) {
		int year, month, day;
		date_to_ymd((struct date){ (int32_t)answer->i }, &year, &month, &day);
		control->day = arena_printf(b->arena, "%d", day);
		control->month = arena_printf(b->arena, "%d", month);
		control->year = arena_printf(b->arena, "%d", year);
		return;
	}
	struct str rest = answer->raw;
	control->day = str_cut(&rest, '/');
	control->month = str_cut(&rest, '/');
	control->year = rest;
}

static struct str file_words(const struct builder *b, const struct field *f)
{
	struct str size = draft_file_limit(b->arena, f, &b->c->answers->pack->numbers);
	return i18n_format(b->arena, b->c->lang,
		f->max_files > 1 ? MSG_QUESTION_FILE_TYPES_MANY : MSG_QUESTION_FILE_TYPES,
		(const struct i18n_arg[]){ I18N_ARG("types", draft_file_types(b->arena, f)), I18N_ARG("size", size),
			I18N_ARG("n", f->max_files), { 0 } });
}

static void set_files(const struct builder *b, const struct field *f, struct form_control *control)
{
	const struct question_context *c = b->c;
	struct file_rows rows = { ARENA_ARRAY(b->arena, struct file_row, c->file_count), 0 };
	control->kind = CONTROL_FILE;
	control->accept = draft_file_accept(b->arena, f);
	control->is_multiple = f->max_files > 1;
	if (str_is_empty(control->hint)) control->hint = file_words(b, f);
	for (size_t i = 0; i < c->file_count; i++)
		if (str_eq(c->files[i].field, control->name)) rows.items[rows.count++] = c->files[i].row;
	control->files = rows;
}

/* Lines of text and what stands behind or beside them. */
static void set_text(const struct builder *b, const struct field *f, const struct field_answer *answer,
	struct form_control *control)
{
	const struct pack *pack = b->c->answers->pack;
	control->kind = f->type == FIELD_TEXTAREA ? CONTROL_TEXTAREA : CONTROL_TEXT;
	control->value = question_value(b->arena, pack, f, answer);
	control->rows = f->rows;
	if (f->type == FIELD_TEXT || f->type == FIELD_TEXTAREA) control->max_length = f->max_length;
	if (f->type == FIELD_TEXT && f->max_length <= SHORT_TEXT)
		control->width = CONTROL_WIDTH_4;
	else if (f->type == FIELD_TEXT && f->max_length <= MIDDLE_TEXT)
		control->width = CONTROL_WIDTH_10;
	if (f->type == FIELD_NUMBER) control->unit = text_in(f->unit, b->c->lang);
	if (f->type == FIELD_MONEY) control->unit = pack->currency;
	if (f->type == FIELD_NUMBER || f->type == FIELD_MONEY)
		control->input_mode = f->type == FIELD_NUMBER && f->decimals == 0 ? STR("numeric") : STR("decimal");
	if (f->type == FIELD_PHONE) control->type = STR("tel");
	if (f->type == FIELD_PHONE) control->width = CONTROL_WIDTH_10;
	if (f->type == FIELD_MAIL) control->type = STR("email");
	if (f->type == FIELD_CURP || f->type == FIELD_RFC || f->type == FIELD_NIF ||
		f->type == FIELD_CADASTRAL_KEY)
		control->width = CONTROL_WIDTH_CODE;
	if (f->type == FIELD_CADASTRAL_KEY && str_is_empty(control->hint))
		control->hint = text_in(pack->cadastral_hint, b->c->lang);
}

/* --- questions of several inputs ---------------------------------------------------------------------------------- */

static bool is_wide_part(int part)
{
	return part == ADDRESS_STREET || part == ADDRESS_NEIGHBOURHOOD || part == ADDRESS_BETWEEN ||
		part == ADDRESS_TEXT;
}

static void set_address(const struct builder *b, const struct field_answer *answer, struct question *q)
{
	const struct address_rules *rules = &b->c->answers->pack->address;
	struct question_parts parts = { ARENA_ARRAY(b->arena, struct question_part, rules->count), rules->count };
	for (size_t i = 0; i < rules->count; i++) {
		const struct address_rule *rule = &rules->items[i];
		struct str name = part_name(b->arena, q->name, address_part_name((enum address_part)rule->part));
		parts.items[i].is_wide = is_wide_part(rule->part);
		parts.items[i].control = (struct form_control){ .id = name,
			.name = name,
			.label = text_in(rule->label, b->c->lang),
			.hint = text_in(rule->hint, b->c->lang),
			.error = question_error_at(b->arena, b->c, name),
			.value = answer->address ? answer->address->parts[rule->part] : STR_NONE,
			.is_optional = !rule->required && rule->or_parts.count == 0,
			.max_length = rule->max_length,
			.input_mode = rule->part == ADDRESS_POSTAL_CODE ? STR("numeric") : STR_NONE };
	}
	q->kind = QUESTION_PARTS;
	q->parts = parts;
}

static void set_point(const struct builder *b, const struct field_answer *answer, struct question *q)
{
	struct question_part *items = ARENA_ARRAY(b->arena, struct question_part, 2);
	struct str typed = answer->raw, lat = str_cut(&typed, ','), lon = typed;
	if (answer->filled) {
		lat = question_degrees(b->arena, answer->i);
		lon = question_degrees(b->arena, answer->longitude);
	}
	for (int i = 0; i < 2; i++) {
		struct str name = part_name(b->arena, q->name, i ? "lon" : "lat");
		items[i].control = (struct form_control){ .id = name,
			.name = name,
			.label = i18n_text(b->c->lang, i ? MSG_QUESTION_POINT_LON : MSG_QUESTION_POINT_LAT),
			.error = question_error_at(b->arena, b->c, name),
			.value = i ? lon : lat };
	}
	q->kind = QUESTION_POINT;
	q->parts = (struct question_parts){ items, 2 };
	const struct pack *pack = b->c->answers->pack;
	struct map_point at = { (int32_t)answer->i, (int32_t)answer->longitude };
	q->landmarks = question_landmarks(b->arena, pack, b->c->lang);
	q->town = text_in(pack->name, b->c->lang);
	q->decimal = arena_printf(b->arena, "%c", pack->numbers.decimal);
	q->map = question_map_of(b->arena, b->c, q->name, answer->filled ? &at : NULL);
	if (answer->filled) q->where = point_where(b->arena, pack, at, b->c->lang);
}

static struct question build(const struct builder *b, const struct field *f, int row);

static struct questions build_row(const struct builder *b, const struct field *group, int row)
{
	struct questions list = { ARENA_ARRAY(b->arena, struct question, group->fields.count),
		group->fields.count };
	for (size_t i = 0; i < list.count; i++)
		list.items[i] = build(b, &group->fields.items[i], row);
	return list;
}

static void set_rows(const struct builder *b, const struct field *f, const struct field_answer *answer,
	struct question *q)
{
	struct arena *a = b->arena;
	size_t least = f->min_rows > 0 ? (size_t)f->min_rows : 1, count = answer->count;
	if (b->c->extra_row == f) count++;
	if (count < least) count = least;
	q->kind = QUESTION_ROWS;
	q->title = text_in(f->row_label, b->c->lang);
	q->form = b->c->form;
	q->rows = (struct question_rows){ ARENA_ARRAY(a, struct question_row, count), count };
	for (size_t i = 0; i < count; i++) {
		struct str title = i18n_format(a, b->c->lang, MSG_QUESTION_ROW_TITLE,
			(const struct i18n_arg[]){ I18N_ARG("name", q->title), I18N_ARG("n", i + 1), { 0 } });
		struct str id = arena_printf(a, "%.*s.%zu", STR_FMT(f->id), i);
		bool may_go = count > least && i < answer->count;
		q->rows.items[i] = (struct question_row){ .id = id,
			.title = title,
			.questions = build_row(b, f, (int)i),
			.form = b->c->form,
			.remove_value = may_go ? id : STR_NONE };
	}
	if (f->max_rows == 0 || count < (size_t)f->max_rows) q->add_value = f->id;
}

/* --- one question --------------------------------------------------------------------------------------------------- */

static struct str condition_json(struct arena *a, const struct expr *when)
{
	if (!when) return STR_NONE;
	struct buf out = buf_new(a, WHEN_MAX);
	struct json_writer w = json_writer(&out);
	expr_json(when, &w);
	return buf_str(&out);
}

static bool is_hidden(const struct builder *b, const struct field *f, int row)
{
	if (!f->when) return false;
	if (f->group && (size_t)row >= answer_of(b->c->answers, f->group, -1)->count) return true;
	struct expr_env env = answers_env(b->c->answers, row);
	return !expr_is_true(f->when, &env);
}

static struct question build(const struct builder *b, const struct field *f, int row)
{
	struct question q = { .name = question_name(b->arena, f, row),
		.when = condition_json(b->arena, f->when),
		.is_hidden = is_hidden(b, f, row) };
	if (f->type == FIELD_HEADING) {
		q.kind = QUESTION_HEADING;
		q.title = text_in(f->label, b->c->lang);
		return q;
	}
	if (f->type == FIELD_NOTE) {
		q.kind = QUESTION_NOTE;
		q.note = markdown_html(b->arena, text_in(f->text, b->c->lang));
		return q;
	}
	const struct field_answer *answer = answer_at(b, f, row);
	q.control = basics(b, f, row);
	switch (f->type) {
	case FIELD_CHOICE:
	case FIELD_CHOICES: set_choices(b, f, answer, &q.control); break;
	case FIELD_YES_NO: set_yes_no(b, answer, &q.control); break;
	case FIELD_DATE: set_date(b, answer, &q.control); break;
	case FIELD_ATTACHMENT: set_files(b, f, &q.control); break;
	case FIELD_ADDRESS: set_address(b, answer, &q); break;
	case FIELD_POINT: set_point(b, answer, &q); break;
	case FIELD_GROUP: set_rows(b, f, answer, &q); break;
	default: set_text(b, f, answer, &q.control); break;
	}
	return q;
}

struct questions questions_of_fields(struct arena *a, const struct question_context *c,
	const struct fields *fields)
{
	struct builder b = { a, c };
	struct questions list = { ARENA_ARRAY(a, struct question, fields->count), fields->count };
	for (size_t i = 0; i < fields->count; i++)
		list.items[i] = build(&b, &fields->items[i], -1);
	return list;
}
