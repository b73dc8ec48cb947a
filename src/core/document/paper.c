#include "core/document/paper.h"
#include "core/i18n.h"
#include "i18n/paper.h"

static void write_facts(struct json_writer *w, struct str key, const struct paper_fact *facts, size_t count)
{
	json_key(w, key);
	json_open(w, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(w, '{');
		json_field(w, STR("key"), facts[i].key);
		json_field(w, STR("value"), facts[i].value);
		json_field(w, STR("note"), facts[i].note);
		json_key(w, STR("strong"));
		json_add_bool(w, facts[i].strong);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static const struct paper_fact *read_facts(struct arena *a, const struct json *list, size_t *ret_count)
{
	size_t count = list ? list->count : 0;
	struct paper_fact *facts = ARENA_ARRAY(a, struct paper_fact, count);
	const struct json *item = list ? list->first : NULL;
	for (size_t i = 0; i < count; i++, item = item->next) {
		const struct json *strong = json_get(item, STR("strong"));
		facts[i] = (struct paper_fact){ json_text(item, STR("key")), json_text(item, STR("value")),
			json_text(item, STR("note")), strong && strong->b };
	}
	*ret_count = count;
	return facts;
}

/* The texts of a view by name: one table serves writing and reading. */
struct text_field {
	const char *name;
	size_t offset;
};
#define RECEIPT(field)                                                                                       \
	{                                                                                                        \
#field, offsetof(struct receipt_view, field)                                                         \
	}
static const struct text_field receipt_fields[] = { RECEIPT(lang), RECEIPT(author), RECEIPT(title),
	RECEIPT(number_label), RECEIPT(number), RECEIPT(files_heading), RECEIPT(files_name), RECEIPT(files_size),
	RECEIPT(files_sha256), RECEIPT(code_heading), RECEIPT(code_text), RECEIPT(stub_text),
	RECEIPT(steps_heading), RECEIPT(seal_date), RECEIPT(seal_line) };
#define DOCUMENT(field)                                                                                      \
	{                                                                                                        \
#field, offsetof(struct document_view, field)                                                        \
	}
static const struct text_field document_fields[] = { DOCUMENT(lang), DOCUMENT(author), DOCUMENT(department),
	DOCUMENT(title), DOCUMENT(grant_value), DOCUMENT(grant_text), DOCUMENT(decisions_heading),
	DOCUMENT(basis_heading), DOCUMENT(basis), DOCUMENT(validity), DOCUMENT(officer), DOCUMENT(post),
	DOCUMENT(organ), DOCUMENT(seal_line), DOCUMENT(place_date), DOCUMENT(seal_date) };
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void write_fields(struct json_writer *w, const struct text_field *fields, size_t count,
	const char *view)
{
	for (size_t i = 0; i < count; i++) {
		struct str text;
		memcpy(&text, view + fields[i].offset, sizeof(text));
		json_field(w, str_of(fields[i].name), text);
	}
}

static void read_fields(const struct json *tree, const struct text_field *fields, size_t count, char *view)
{
	for (size_t i = 0; i < count; i++) {
		struct str text = json_text(tree, str_of(fields[i].name));
		memcpy(view + fields[i].offset, &text, sizeof(text));
	}
}

static void write_instant(struct json_writer *w, struct instant t)
{
	json_key(w, STR("made"));
	json_add_int(w, t.ms);
}

static struct instant read_instant(const struct json *tree)
{
	const struct json *made = json_get(tree, STR("made"));
	return made && made->kind == JSON_INT ? (struct instant){ made->i } : INSTANT_NONE;
}

struct str paper_write_receipt(struct arena *a, const struct receipt_view *v)
{
	struct buf out = buf_new(a, PAPER_JSON_MAX);
	struct json_writer w = json_writer(&out);
	json_open(&w, '{');
	write_instant(&w, v->made);
	write_fields(&w, receipt_fields, COUNT(receipt_fields), (const char *)v);
	write_facts(&w, STR("facts"), v->facts, v->fact_count);
	json_key(&w, STR("files"));
	json_open(&w, '[');
	for (size_t i = 0; i < v->file_count; i++) {
		json_open(&w, '{');
		json_field(&w, STR("name"), v->files[i].name);
		json_field(&w, STR("size"), v->files[i].size);
		json_field(&w, STR("sha256"), v->files[i].sha256);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_key(&w, STR("steps"));
	json_open(&w, '[');
	for (size_t i = 0; i < v->step_count; i++) {
		json_open(&w, '{');
		json_field(&w, STR("title"), v->steps[i].title);
		json_field(&w, STR("text"), v->steps[i].text);
		json_key(&w, STR("done"));
		json_add_bool(&w, v->steps[i].done);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return buf_str(&out);
}

struct err *paper_read_receipt(struct arena *a, struct str content, struct receipt_view *ret)
{
	struct json *tree;
	TRY(json_parse(a, content, &tree));
	struct receipt_view v = { .made = read_instant(tree) };
	read_fields(tree, receipt_fields, COUNT(receipt_fields), (char *)&v);
	v.facts = read_facts(a, json_get(tree, STR("facts")), &v.fact_count);
	const struct json *files = json_get(tree, STR("files")), *steps = json_get(tree, STR("steps"));
	struct receipt_file *file = ARENA_ARRAY(a, struct receipt_file, files ? files->count : 0);
	v.files = file;
	for (const struct json *item = files ? files->first : NULL; item; item = item->next)
		file[v.file_count++] = (struct receipt_file){ json_text(item, STR("name")),
			json_text(item, STR("size")), json_text(item, STR("sha256")) };
	struct receipt_step *step = ARENA_ARRAY(a, struct receipt_step, steps ? steps->count : 0);
	v.steps = step;
	for (const struct json *item = steps ? steps->first : NULL; item; item = item->next) {
		const struct json *done = json_get(item, STR("done"));
		step[v.step_count++] = (struct receipt_step){ json_text(item, STR("title")),
			json_text(item, STR("text")), done && done->b };
	}
	*ret = v;
	return NULL;
}

static void write_numbers(struct json_writer *w, const struct document_view *v)
{
	json_key(w, STR("numbers"));
	json_open(w, '[');
	for (size_t i = 0; i < v->number_count; i++) {
		json_open(w, '{');
		json_field(w, STR("label"), v->numbers[i].label);
		json_field(w, STR("value"), v->numbers[i].value);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_sections(struct json_writer *w, const struct document_view *v)
{
	json_key(w, STR("sections"));
	json_open(w, '[');
	for (size_t i = 0; i < v->section_count; i++) {
		json_open(w, '{');
		json_field(w, STR("heading"), v->sections[i].heading);
		json_field(w, STR("markdown"), v->sections[i].markdown);
		write_facts(w, STR("facts"), v->sections[i].facts, v->sections[i].fact_count);
		json_close(w, '}');
	}
	json_close(w, ']');
}

struct str paper_write_document(struct arena *a, const struct document_view *v)
{
	struct buf out = buf_new(a, PAPER_JSON_MAX);
	struct json_writer w = json_writer(&out);
	json_open(&w, '{');
	write_instant(&w, v->made);
	write_fields(&w, document_fields, COUNT(document_fields), (const char *)v);
	write_numbers(&w, v);
	write_sections(&w, v);
	json_key(&w, STR("decisions"));
	json_open(&w, '[');
	for (size_t i = 0; i < v->decision_count; i++)
		json_add_text(&w, v->decisions[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return buf_str(&out);
}

static void read_sections(struct arena *a, const struct json *list, struct document_view *v)
{
	struct document_section *sections = ARENA_ARRAY(a, struct document_section, list ? list->count : 0);
	v->sections = sections;
	for (const struct json *item = list ? list->first : NULL; item; item = item->next) {
		struct document_section *s = &sections[v->section_count++];
		s->heading = json_text(item, STR("heading"));
		s->markdown = json_text(item, STR("markdown"));
		s->facts = read_facts(a, json_get(item, STR("facts")), &s->fact_count);
	}
}

struct err *paper_read_document(struct arena *a, struct str content, struct document_view *ret)
{
	struct json *tree;
	TRY(json_parse(a, content, &tree));
	struct document_view v = { .made = read_instant(tree) };
	read_fields(tree, document_fields, COUNT(document_fields), (char *)&v);
	const struct json *numbers = json_get(tree, STR("numbers")),
					  *decisions = json_get(tree, STR("decisions"));
	struct document_number *number = ARENA_ARRAY(a, struct document_number, numbers ? numbers->count : 0);
	v.numbers = number;
	for (const struct json *item = numbers ? numbers->first : NULL; item; item = item->next)
		number[v.number_count++] = (struct document_number){ json_text(item, STR("label")),
			json_text(item, STR("value")) };
	read_sections(a, json_get(tree, STR("sections")), &v);
	struct str *decision = ARENA_ARRAY(a, struct str, decisions ? decisions->count : 0);
	v.decisions = decision;
	for (const struct json *item = decisions ? decisions->first : NULL; item; item = item->next)
		decision[v.decision_count++] = item->text;
	*ret = v;
	return NULL;
}

static struct paper_rgb rgb_of(const struct pack *pack, enum look_token token)
{
	uint32_t c = pack->look.colours[token];
	return (struct paper_rgb){ (uint8_t)(c >> 16), (uint8_t)(c >> 8), (uint8_t)c };
}

struct paper_brand paper_brand(struct arena *a, struct town *t, const struct pack *pack, struct str lang)
{
	struct str rim[] = { text_in(pack->seal_name, lang), text_in(pack->seal_legend, lang) };
	return (struct paper_brand){ .name = text_in(pack->full_name, lang),
		.sub = text_in(pack->state, lang),
		.logo_svg = pack->look.logo_svg,
		.seal_text = arena_join(a, rim, 2, STR(" · ")),
		.town = rgb_of(pack, LOOK_TOWN),
		.town_deep = rgb_of(pack, LOOK_TOWN_DEEP),
		.town_tint = rgb_of(pack, LOOK_TOWN_TINT),
		.town_line = rgb_of(pack, LOOK_TOWN_LINE),
		.watermark = t->is_simulated ? i18n_text(lang, MSG_PAPER_WATERMARK) : STR_NONE };
}

struct paper_labels paper_labels(struct str lang)
{
	return (struct paper_labels){ .page = i18n_text(lang, MSG_PAPER_PAGE),
		.margin = i18n_text(lang, MSG_PAPER_MARGIN),
		.check = i18n_text(lang, MSG_PAPER_CHECK),
		.seal_alt = i18n_text(lang, MSG_PAPER_SEAL_ALT),
		.qr_alt = i18n_text(lang, MSG_PAPER_QR_ALT),
		.seal_field = i18n_text(lang, MSG_PAPER_SEAL_FIELD) };
}

struct str paper_seal_date(struct arena *a, struct str lang, struct date d)
{
	struct str rest = i18n_date(a, lang, d, I18N_SHORT);
	struct buf out = buf_new(a, 128);
	while (!str_is_none(rest)) {
		struct str word = str_cut(&rest, ' ');
		for (size_t i = 0; i < word.n; i++)
			buf_add_char(&out,
				word.p[i] >= 'a' && word.p[i] <= 'z' ? (char)(word.p[i] - 'a' + 'A') : word.p[i]);
		buf_add(&out, STR(" · "));
	}
	buf_add_int(&out, date_year(d));
	return buf_str(&out);
}
