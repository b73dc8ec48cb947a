/* From a posted form back to answers, whoever's form it was. */
#include "core/i18n.h"
#include "core/question/question_internal.h"
#include "i18n/question.h"

enum { EXTENSION_MAX = 4 };

/* Names that begin so are ours: buttons, tokens, what was shown. */
static bool is_ours(struct str name) { return str_starts_with(name, STR("_")); }

/* What lies below "niveles.1". */
static bool is_below(struct str name, struct str whole)
{
	return whole.n > 0 && str_starts_with(name, whole) && name.n > whole.n && name.p[whole.n] == '.';
}

static bool is_pasted_point(const struct form *form, struct arena *a, const struct form_field *f,
	struct str *ret_whole)
{
	if (!str_ends_with(f->name, STR(".lat")) || str_find_char(f->value, ',') < 0) return false;
	struct str whole = str_slice(f->name, 0, f->name.n - 4);
	*ret_whole = whole;
	return str_is_empty(form_text(form, arena_printf(a, "%.*s.lon", STR_FMT(whole))));
}

/* A map's button puts the point that the two inputs of a question hold, or takes it away. */
static struct str moved(const struct form *form, struct arena *a, const struct form_field *f)
{
	bool is_lat = str_ends_with(f->name, STR(".lat"));
	struct map_point at;
	if (!is_lat && !str_ends_with(f->name, STR(".lon"))) return f->value;
	switch (question_point_act(form, a, str_slice(f->name, 0, f->name.n - 4), &at)) {
	case POINT_TAKEN: return STR("");
	case POINT_PUT: return question_degrees(a, is_lat ? at.lat_e7 : at.lon_e7);
	default: return f->value;
	}
}

struct answer_inputs questions_inputs(struct arena *a, const struct form *form)
{
	struct str removed = form_text(form, STR(QUESTION_REMOVE_ROW)), whole;
	size_t count = 0, room = 0;
	for (const struct form_field *f = form->fields; f; f = f->next)
		room++;
	struct answer_input *items = ARENA_ARRAY(a, struct answer_input, room);
	for (const struct form_field *f = form->fields; f; f = f->next) {
		if (is_ours(f->name) || is_below(f->name, removed)) continue;
		bool is_point = is_pasted_point(form, a, f, &whole);
		items[count++] = (struct answer_input){ is_point ? whole : f->name,
			is_point ? f->value : moved(form, a, f) };
	}
	return (struct answer_inputs){ items, count };
}

bool question_was_shown(struct str shown, const struct field_error *e)
{
	if (str_is_none(shown)) return true;
	for (struct str rest = shown; !str_is_none(rest);) {
		struct str name = str_cut(&rest, ' ');
		if (str_eq(e->name, name)) return true;
		if (is_below(e->name, name) && !(e->field && e->field->group)) return true;
	}
	return false;
}

/* "DOCX" of "escritura.docx": what stands in the little sheet of paper beside the name. */
static struct str extension_of(struct arena *a, struct str name)
{
	struct str rest = name, last = STR("");
	while (!str_is_none(rest)) {
		str_cut(&rest, '.');
		if (!str_is_none(rest)) last = rest;
	}
	struct buf out = buf_new(a, EXTENSION_MAX + 1);
	for (size_t i = 0; i < last.n && out.n < EXTENSION_MAX; i++) {
		char c = last.p[i];
		if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) buf_add_char(&out, c);
	}
	return buf_str(&out);
}

struct field_error *question_file_refused(struct arena *a, const struct question_context *c,
	const struct field *f, const struct upload *u, enum draft_refusal why, struct question_file *ret_row)
{
	static const struct {
		enum message sentence, word;
	} words[] = {
		[DRAFT_TAKEN] = { MSG_QUESTION_FILE_EMPTY, MSG_QUESTION_FILE_NOT_EMPTY },
		[DRAFT_EMPTY] = { MSG_QUESTION_FILE_EMPTY, MSG_QUESTION_FILE_NOT_EMPTY },
		[DRAFT_WRONG_TYPE] = { MSG_QUESTION_FILE_WRONG_TYPE, MSG_QUESTION_FILE_NOT_TYPE },
		[DRAFT_TOO_LARGE] = { MSG_QUESTION_FILE_TOO_LARGE, MSG_QUESTION_FILE_NOT_SIZE },
		[DRAFT_TOO_MANY] = { MSG_QUESTION_FILE_TOO_MANY, MSG_QUESTION_FILE_NOT_MORE },
	};
	struct str size = draft_file_limit(a, f, &c->answers->pack->numbers);
	struct i18n_arg args[] = { I18N_ARG("name", u->file_name), I18N_ARG("types", draft_file_types(a, f)),
		I18N_ARG("size", size), I18N_ARG("n", f->max_files), { 0 } };
	struct field_error *e = ARENA_NEW(a, struct field_error);
	*e = (struct field_error){ .name = f->id,
		.field = f,
		.text = text_of(a, c->lang, i18n_format(a, c->lang, words[why].sentence, args)) };
	if (f->page >= 0) e->page = &c->answers->procedure->form.pages.items[f->page];
	*ret_row = (struct question_file){ f->id,
		{ .kind = extension_of(a, u->file_name),
			.name = u->file_name,
			.facts = i18n_text(c->lang, words[why].word),
			.is_bad = true } };
	return e;
}
