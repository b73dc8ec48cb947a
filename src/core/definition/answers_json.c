/*
 * Answers as JSON. One shape for drafts, registry, API and tests: texts as they are, numbers as decimal text,
 * dates YYYY-MM-DD, yes/no as booleans, choices as lists of ids, an address as a map of its parts, a point as
 * {"lat","lon"}, files as a list of maps, a group as a list of maps. A draft also holds {"raw": what was typed}.
 */
#include "core/definition/answers_state.h"
#include "base/utf8.h"

enum { JSON_MAX = 1024 * 1024, FILES_MAX = 100, ROWS_MAX = 100, TEXT_MAX = 20000 };

/* ---- writing ----------------------------------------------------------------------------------------- */

static void write_decimal(struct json_writer *w, int64_t scaled, int places)
{
	char text[32];
	uint64_t unit = 1, all = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
	for (int i = 0; i < places; i++)
		unit *= 10;
	int n = snprintf(text, sizeof text, "%s%llu.%0*llu", scaled < 0 ? "-" : "",
		(unsigned long long)(all / unit), places, (unsigned long long)(all % unit));
	/* Amounts keep their two decimals; numbers lose what says nothing. */
	if (places != 2) {
		while (text[n - 1] == '0')
			n--;
		if (text[n - 1] == '.') n--;
	}
	json_add_text(w, (struct str){ text, (size_t)n });
}

static void write_files(struct json_writer *w, const struct field_answer *answer)
{
	json_open(w, '[');
	for (size_t i = 0; i < answer->count; i++) {
		const struct attachment *f = &answer->files[i];
		json_open(w, '{');
		json_field(w, STR("id"), f->id);
		json_field(w, STR("name"), f->name);
		json_field(w, STR("type"), f->type);
		json_key(w, STR("bytes"));
		json_add_int(w, f->bytes);
		json_field(w, STR("sha256"), f->sha256);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_fields(struct json_writer *w, const struct fields *fields, const struct field_answer *items,
	bool draft);

static void write_value(struct json_writer *w, const struct field *f, const struct field_answer *answer,
	bool draft)
{
	struct date d = { (int32_t)answer->i };
	int y, m, day;
	char text[16];
	switch (f->type) {
	case FIELD_NUMBER: write_decimal(w, answer->i, 6); break;
	case FIELD_MONEY: write_decimal(w, answer->i, 2); break;
	case FIELD_YES_NO: json_add_bool(w, answer->i != 0); break;
	case FIELD_DATE:
		date_to_ymd(d, &y, &m, &day);
		json_add_text(w,
			(struct str){ text, (size_t)snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, day) });
		break;
	case FIELD_CHOICES:
		json_open(w, '[');
		for (size_t i = 0; i < answer->count; i++)
			json_add_text(w, answer->items[i]);
		json_close(w, ']');
		break;
	case FIELD_ADDRESS:
		json_open(w, '{');
		for (int i = 0; i < ADDRESS_PART_MAX; i++)
			if (answer->address->parts[i].n)
				json_field(w, str_of(address_part_name((enum address_part)i)), answer->address->parts[i]);
		json_close(w, '}');
		break;
	case FIELD_POINT:
		json_open(w, '{');
		json_key(w, STR("lat"));
		write_decimal(w, answer->i, 7);
		json_key(w, STR("lon"));
		write_decimal(w, answer->longitude, 7);
		json_close(w, '}');
		break;
	case FIELD_ATTACHMENT: write_files(w, answer); break;
	case FIELD_GROUP:
		json_open(w, '[');
		for (size_t row = 0; row < answer->count; row++) {
			json_open(w, '{');
			write_fields(w, &f->fields, answer->rows[row].items, draft);
			json_close(w, '}');
		}
		json_close(w, ']');
		break;
	default: json_add_text(w, answer->text); break;
	}
}

static void write_fields(struct json_writer *w, const struct fields *fields, const struct field_answer *items,
	bool draft)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->items[i];
		const struct field_answer *answer = &items[f->index];
		if (!field_type_has_answer(f->type)) continue;
		if (answer->filled && (draft || answer->visible)) {
			json_key(w, f->id);
			write_value(w, f, answer, draft);
		} else if (draft && answer->raw.n) {
			json_key(w, f->id);
			json_open(w, '{');
			json_field(w, STR("raw"), answer->raw);
			json_close(w, '}');
		}
	}
}

struct str answers_to_json(struct arena *a, const struct answers *s, enum answers_form form)
{
	struct buf out = buf_new(a, JSON_MAX);
	struct json_writer w = json_writer(&out);
	bool draft = form == ANSWERS_DRAFT;
	answers_refresh(s);
	json_open(&w, '{');
	for (size_t i = 0; form != ANSWERS_DECISION && i < s->procedure->form.pages.count; i++)
		write_fields(&w, &s->procedure->form.pages.items[i].fields, s->items, draft);
	if (form != ANSWERS_FILED) write_fields(&w, &s->procedure->form.decision, s->items, draft);
	json_close(&w, '}');
	must(!buf_overflowed(&out));
	return buf_str(&out);
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static bool take_json(struct answers *s, const struct field *f, struct field_answer *answer,
	const struct json *value);

static bool take_address(struct answers *s, struct field_answer *answer, const struct json *map)
{
	struct postal_address *address = ARENA_NEW(s->arena, struct postal_address);
	answer_clear(answer);
	answer->address = address;
	for (const struct json *j = map->first; j; j = j->next) {
		int part = 0;
		while (part < ADDRESS_PART_MAX && !str_eq(j->key, str_of(address_part_name((enum address_part)part))))
			part++;
		if (part == ADDRESS_PART_MAX || j->kind != JSON_TEXT || !utf8_is_plain(j->text, false)) return false;
		address->parts[part] = utf8_nfc(s->arena, str_trim(utf8_cut(str_trim(j->text), 200)));
		if (address->parts[part].n) answer->filled = true;
	}
	return true;
}

static bool take_list(struct answers *s, const struct field *f, struct field_answer *answer,
	const struct json *list)
{
	struct str *ids = ARENA_ARRAY(s->arena, struct str, f->options.count);
	size_t n = 0;
	for (size_t i = 0; i < f->options.count; i++)
		for (const struct json *j = list->first; j; j = j->next)
			if (j->kind == JSON_TEXT && str_eq(j->text, f->options.items[i].id) &&
				(!n || !str_eq(ids[n - 1], j->text)))
				ids[n++] = f->options.items[i].id;
	for (const struct json *j = list->first; j; j = j->next)
		if (j->kind != JSON_TEXT || !field_option(f, j->text)) return false;
	answer_clear(answer);
	answer->items = ids;
	answer->count = n;
	answer->filled = n > 0;
	return true;
}

static bool take_files(struct answers *s, struct field_answer *answer, const struct json *list)
{
	if (list->count > FILES_MAX) return false;
	answer_clear(answer);
	answer->files = ARENA_ARRAY(s->arena, struct attachment, list->count);
	for (const struct json *j = list->first; j; j = j->next) {
		const struct json *bytes = json_get(j, STR("bytes"));
		struct attachment file = { .id = json_text(j, STR("id")),
			.name = json_text(j, STR("name")),
			.type = json_text(j, STR("type")),
			.sha256 = json_text(j, STR("sha256")) };
		if (!file.name.n || !utf8_is_plain(file.name, false)) return false;
		if (bytes && bytes->kind == JSON_INT) file.bytes = bytes->i;
		answer->files[answer->count++] = file;
	}
	answer->filled = answer->count > 0;
	return true;
}

static bool take_rows(struct answers *s, const struct field *group, struct field_answer *answer,
	const struct json *list)
{
	if (list->count > ROWS_MAX) return false;
	answer_clear(answer);
	answer->rows = ARENA_ARRAY(s->arena, struct answers_row, list->count);
	for (const struct json *row = list->first; row; row = row->next) {
		struct answers_row *target = &answer->rows[answer->count++];
		*target = answers_row_new(s->arena, group);
		if (row->kind != JSON_MAP) return false;
		for (const struct json *j = row->first; j; j = j->next) {
			const struct field *child = NULL;
			for (size_t i = 0; i < group->fields.count; i++)
				if (str_eq(group->fields.items[i].id, j->key)) child = &group->fields.items[i];
			if (!child || !take_json(s, child, &target->items[child->index], j)) return false;
		}
	}
	answer->filled = answer->count > 0;
	return true;
}

static bool take_point(struct answers *s, const struct field *f, struct field_answer *answer,
	const struct json *map)
{
	struct str lat = json_text(map, STR("lat")), lon = json_text(map, STR("lon"));
	if (lat.n == 0 || lon.n == 0) return false;
	answer_take(s, f, answer, arena_printf(s->arena, "%.*s,%.*s", STR_FMT(lat), STR_FMT(lon)), NULL);
	return true;
}

static bool take_scalar(struct answers *s, const struct field *f, struct field_answer *answer,
	const struct json *value)
{
	struct str text = value->text;
	if (value->kind == JSON_BOOL) {
		if (f->type != FIELD_YES_NO) return false;
		text = value->b ? STR("yes") : STR("no");
	} else if (value->kind == JSON_INT) {
		text = arena_printf(s->arena, "%lld", (long long)value->i);
	}
	text = str_trim(text);
	bool multiline = f->type == FIELD_TEXTAREA;
	if (text.n > TEXT_MAX || !utf8_is_plain(text, multiline)) return false;
	answer_take(s, f, answer, utf8_nfc(s->arena, text), NULL);
	return true;
}

/* False when the value cannot be one of that field. One that breaks a limit is taken: the check tells. */
static bool take_json(struct answers *s, const struct field *f, struct field_answer *answer,
	const struct json *value)
{
	answer_clear(answer);
	if (value->kind == JSON_NULL) return true;
	if (!field_type_has_answer(f->type)) return false;
	if (value->kind == JSON_MAP && !str_is_none(json_text(value, STR("raw")))) {
		answer_set_raw(answer, arena_str(s->arena, json_text(value, STR("raw"))));
		return true;
	}
	bool is_map = value->kind == JSON_MAP, is_list = value->kind == JSON_LIST;
	switch (f->type) {
	case FIELD_ADDRESS: return is_map && take_address(s, answer, value);
	case FIELD_POINT: return is_map && take_point(s, f, answer, value);
	case FIELD_CHOICES: return is_list && take_list(s, f, answer, value);
	case FIELD_ATTACHMENT: return is_list && take_files(s, answer, value);
	case FIELD_GROUP: return is_list && take_rows(s, f, answer, value);
	default: return !is_map && !is_list && take_scalar(s, f, answer, value);
	}
}

static bool take_named(struct answers *s, const struct json *value)
{
	const struct field *f = procedure_field(s->procedure, value->key);
	if (!f || f->group || !take_json(s, f, &s->items[f->index], value)) {
		if (f && !f->group) answer_clear(&s->items[f->index]);
		return false;
	}
	return true;
}

struct err *answers_from_json(struct answers *s, const struct json *map)
{
	if (!map || map->kind != JSON_MAP)
		return ERR(s->arena, ERR_MALFORMED, "answer.not_a_map", "answers are not a JSON map");
	answers_touch(s);
	for (const struct json *j = map->first; j; j = j->next) {
		if (take_named(s, j)) continue;
		bool known = procedure_field(s->procedure, j->key) != NULL;
		return ERR(s->arena, ERR_INVALID, known ? "answer.wrong_shape" : "answer.unknown", "%s '%.*s'",
			known ? "wrong kind of value for" : "the form has no", STR_FMT(utf8_cut(j->key, 60)));
	}
	return NULL;
}

struct err *answers_from_draft(struct answers *s, const struct json *map, int *ret_lost)
{
	int lost = 0;
	if (!map || map->kind != JSON_MAP)
		return ERR(s->arena, ERR_MALFORMED, "answer.not_a_map", "answers are not a JSON map");
	answers_touch(s);
	for (const struct json *j = map->first; j; j = j->next)
		if (!take_named(s, j)) lost++;
	*ret_lost = lost;
	return NULL;
}
