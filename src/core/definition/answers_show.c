/* Answers as people read them: one value, an address on one line, the rows of a summary. */
#include "core/definition/answers_state.h"
#include "core/definition/expr_words.h"

enum { SHOWN_MAX = 64 * 1024 };

const char *address_part_name(enum address_part part)
{
	static const char *const names[] = {
#define X(e, name) #name,
		ADDRESS_PARTS(X)
#undef X
	};
	return names[part];
}

/* The pack's order; "Mz {}" puts the part into words; the street and its number stand without a comma. */
struct str address_line(struct arena *a, const struct pack *pack, const struct postal_address *address,
	struct str lang)
{
	struct buf out = buf_new(a, 4000);
	for (size_t i = 0; i < pack->address.count; i++) {
		const struct address_rule *rule = &pack->address.items[i];
		struct str part = address->parts[rule->part];
		if (part.n == 0) continue;
		if (out.n) buf_add(&out, rule->part == ADDRESS_NUMBER ? STR(" ") : STR(", "));
		struct str shown = text_in(rule->shown, lang);
		ptrdiff_t hole = shown.n ? str_find(shown, STR("{}")) : -1;
		if (hole >= 0) buf_add(&out, str_slice(shown, 0, (size_t)hole));
		buf_add(&out, part);
		if (hole >= 0) buf_add(&out, str_slice(shown, (size_t)hole + 2, shown.n));
	}
	return buf_str(&out);
}

static struct str show_choices(struct arena *a, const struct field *f, const struct field_answer *answer,
	struct str lang)
{
	struct str *labels = ARENA_ARRAY(a, struct str, answer->count);
	for (size_t i = 0; i < answer->count; i++) {
		const struct option *option = field_option(f, answer->items[i]);
		labels[i] = option ? text_in(option->label, lang) : answer->items[i];
	}
	return arena_join(a, labels, answer->count, STR("\n"));
}

static struct str show_size(struct arena *a, int64_t bytes, const struct number_style *style)
{
	if (bytes < 1000) return arena_printf(a, "%lld B", (long long)bytes);
	bool mega = bytes >= 1000 * 1000;
	int64_t tenths = (bytes + (mega ? 50000 : 50)) / (mega ? 100000 : 100);
	struct str size = number_display(a, tenths * 100000, 0, style);
	return arena_printf(a, "%.*s %s", STR_FMT(size), mega ? "MB" : "kB");
}

static struct str show_files(struct arena *a, const struct field_answer *answer,
	const struct number_style *style)
{
	struct str *lines = ARENA_ARRAY(a, struct str, answer->count);
	for (size_t i = 0; i < answer->count; i++) {
		struct str size = show_size(a, answer->files[i].bytes, style);
		lines[i] = arena_printf(a, "%.*s (%.*s)", STR_FMT(answer->files[i].name), STR_FMT(size));
	}
	return arena_join(a, lines, answer->count, STR("\n"));
}

/* "+524770000000" → "477 000 0000" inside the country; others as they are. */
static struct str show_phone(struct arena *a, const struct pack *pack, struct str number)
{
	struct str prefix = pack->phone_prefix;
	if (!prefix.n || !str_starts_with(number, prefix)) return number;
	struct str rest = str_slice(number, prefix.n, number.n);
	if (rest.n < 7) return rest;
	return arena_printf(a, "%.*s %.*s %.*s", STR_FMT(str_slice(rest, 0, 3)),
		STR_FMT(str_slice(rest, 3, rest.n - 4)), STR_FMT(str_slice(rest, rest.n - 4, rest.n)));
}

static struct str show_point(struct arena *a, const struct field_answer *answer)
{
	int64_t part[2] = { answer->i, answer->longitude };
	struct str shown[2];
	for (int i = 0; i < 2; i++) {
		uint64_t all = part[i] < 0 ? 0 - (uint64_t)part[i] : (uint64_t)part[i];
		shown[i] = arena_printf(a, "%s%llu.%07llu", part[i] < 0 ? "-" : "",
			(unsigned long long)(all / 10000000), (unsigned long long)(all % 10000000));
	}
	return arena_printf(a, "%.*s, %.*s", STR_FMT(shown[0]), STR_FMT(shown[1]));
}

static struct str show_number(struct arena *a, const struct field *f, int64_t millionths, struct str lang,
	const struct number_style *style)
{
	struct str number = number_display(a, millionths, 0, style), unit = text_in(f->unit, lang);
	return unit.n ? arena_printf(a, "%.*s %.*s", STR_FMT(number), STR_FMT(unit)) : number;
}

static struct str show(const struct answers *s, struct arena *a, const struct field *f,
	const struct field_answer *answer, struct str lang);

/* "Nivel 1: 80 m², Casa" a line. */
static struct str show_rows(const struct answers *s, struct arena *a, const struct field *f,
	const struct field_answer *answer, struct str lang)
{
	struct buf out = buf_new(a, SHOWN_MAX);
	for (size_t row = 0; row < answer->count; row++) {
		struct str label = text_in(text_is_empty(f->row_label) ? field_short_label(f) : f->row_label, lang);
		buf_printf(&out, "%s%.*s %zu:", row ? "\n" : "", STR_FMT(label), row + 1);
		const char *separator = " ";
		for (size_t i = 0; i < f->fields.count; i++) {
			const struct field *child = &f->fields.items[i];
			const struct field_answer *one = &answer->rows[row].items[child->index];
			if (!one->filled || !one->visible) continue;
			buf_add(&out, str_of(separator));
			buf_add(&out, show(s, a, child, one, lang));
			separator = ", ";
		}
	}
	return buf_str(&out);
}

static struct str show(const struct answers *s, struct arena *a, const struct field *f,
	const struct field_answer *answer, struct str lang)
{
	const struct number_style *style = &s->pack->numbers;
	if (!answer->filled) return answer->raw.n ? answer->raw : STR("");
	switch (f->type) {
	case FIELD_NUMBER: return show_number(a, f, answer->i, lang, style);
	case FIELD_MONEY: return money_display(a, money_of_cents(answer->i), style);
	case FIELD_DATE: return expr_show_value(a, expr_int(EXPR_DATE, answer->i), lang, style);
	case FIELD_YES_NO: return str_of(expr_pattern(lang, answer->i ? WORD_YES_ALONE : WORD_NO_ALONE));
	case FIELD_CHOICE: {
		const struct option *option = field_option(f, answer->text);
		return option ? text_in(option->label, lang) : answer->text;
	}
	case FIELD_CHOICES: return show_choices(a, f, answer, lang);
	case FIELD_ADDRESS: return address_line(a, s->pack, answer->address, lang);
	case FIELD_POINT: return show_point(a, answer);
	case FIELD_PHONE: return show_phone(a, s->pack, answer->text);
	case FIELD_ATTACHMENT: return show_files(a, answer, style);
	case FIELD_GROUP: return show_rows(s, a, f, answer, lang);
	default: return answer->text;
	}
}

struct str answer_display(const struct answers *s, struct arena *a, const struct field *f, int row,
	struct str lang)
{
	const struct field_answer *answer = answer_of(s, f, row);
	return answer ? show(s, a, f, answer, lang) : STR("");
}

/* The first input of a field, for a link that jumps there. */
static struct str input_name(struct arena *a, const struct field *f)
{
	if (f->type == FIELD_ADDRESS) return arena_printf(a, "%.*s.street", STR_FMT(f->id));
	if (f->type == FIELD_POINT) return arena_printf(a, "%.*s.lat", STR_FMT(f->id));
	return f->id;
}

static void add_rows(struct summary_rows *rows, const struct answers *s, struct arena *a,
	const struct page *page, const struct fields *fields, struct str lang)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->items[i];
		if (!field_type_has_answer(f->type) || !field_is_visible(s, f, -1)) continue;
		rows->items[rows->count++] = (struct summary_row){ .page = page,
			.field = f,
			.row = -1,
			.name = input_name(a, f),
			.label = text_in(field_short_label(f), lang),
			.value = answer_display(s, a, f, -1, lang) };
	}
}

struct summary_rows answers_summary(const struct answers *s, struct arena *a, struct str lang)
{
	struct summary_rows rows = { .items = ARENA_ARRAY(a, struct summary_row,
									 (size_t)s->procedure->form.slots) };
	for (const struct page *page = page_after(s, NULL); page; page = page_after(s, page))
		add_rows(&rows, s, a, page, &page->fields, lang);
	return rows;
}

struct summary_rows answers_summary_decision(const struct answers *s, struct arena *a, struct str lang)
{
	struct summary_rows rows = { .items = ARENA_ARRAY(a, struct summary_row,
									 (size_t)s->procedure->form.slots) };
	add_rows(&rows, s, a, NULL, &s->procedure->form.decision, lang);
	return rows;
}
