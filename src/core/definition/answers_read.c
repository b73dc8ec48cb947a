/* From what a browser posts to typed answers. What cannot be read stays as typed, to be shown again. */
#include "core/definition/answers_state.h"
#include "base/utf8.h"
#include "core/definition/mask.h"
#include "core/identity/identity.h"

enum { RAW_MAX = 500, ROW_LIMIT = 100, PART_MAX = 200 };

/* ---- numbers ----------------------------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Groups of three after the first separator: "1,234,567". */
static bool is_grouped(struct str s, char thousands)
{
	struct str rest = s, first = str_cut(&rest, thousands);
	if (first.n == 0 || first.n > 3 || str_is_none(rest)) return false;
	while (!str_is_none(rest))
		if (str_cut(&rest, thousands).n != 3) return false;
	return true;
}

/* Digits and decimals to `places`; false when there are more or it does not fit. */
static bool scaled(struct str whole, struct str fraction, int places, bool negative, int64_t *ret)
{
	int64_t n;
	if (!str_to_int64(whole, 0, 9000000000000, &n) || fraction.n > (size_t)places) return false;
	for (int i = 0; i < places; i++) {
		char c = (size_t)i < fraction.n ? fraction.p[i] : '0';
		if (!is_digit(c) || n > (INT64_MAX - 9) / 10) return false;
		n = n * 10 + (c - '0');
	}
	*ret = negative ? -n : n;
	return true;
}

bool number_read(struct str text, const struct number_style *style, int places, int64_t *ret)
{
	char space[64];
	struct str s = str_trim(text);
	bool negative = false;
	if (s.n && s.p[0] == '-') negative = true, s = str_slice(s, 1, s.n);
	if (str_starts_with(s, STR("−"))) negative = true, s = str_slice(s, 3, s.n);
	if (s.n == 0 || s.n >= sizeof space) return false;
	char decimal = style ? style->decimal : '.', thousands = style ? style->thousands : '\0';
	/* "8,5" where the comma separates thousands cannot be a thousand: it is a decimal sign. */
	if (thousands && str_find_char(s, decimal) < 0 && str_find_char(s, thousands) >= 0 &&
		!is_grouped(s, thousands)) {
		decimal = thousands;
		thousands = '\0';
	}
	struct str rest = s, whole = str_cut(&rest, decimal);
	size_t n = 0;
	if (thousands && str_find_char(whole, thousands) >= 0 && !is_grouped(whole, thousands)) return false;
	for (size_t i = 0; i < whole.n; i++) {
		if (is_digit(whole.p[i]))
			space[n++] = whole.p[i];
		else if (whole.p[i] != thousands)
			return false;
	}
	if (n == 0 || (!str_is_none(rest) && rest.n == 0)) return false;
	return scaled((struct str){ space, n }, rest, places, negative, ret);
}

/* "$ 1,234.50" */
static struct str without_currency(struct str s, const struct number_style *style)
{
	if (style && style->currency.n && str_starts_with(s, style->currency))
		return str_trim(str_slice(s, style->currency.n, s.n));
	if (style && style->currency.n && str_ends_with(s, style->currency))
		return str_trim(str_slice(s, 0, s.n - style->currency.n));
	return s;
}

/* ---- dates ------------------------------------------------------------------------------------------- */

/* YYYY-MM-DD, or day, month, year between '/', '-', '.' or spaces. */
static bool date_read(struct str s, struct date *ret)
{
	if (date_parse(s, ret)) return true;
	int64_t part[3];
	struct str rest = s;
	for (int i = 0; i < 3; i++) {
		size_t n = 0;
		while (n < rest.n && is_digit(rest.p[n]))
			n++;
		if (!str_to_int64(str_slice(rest, 0, n), 1, 9999, &part[i])) return false;
		rest = str_slice(rest, n, rest.n);
		if (i < 2) {
			if (rest.n == 0 || !strchr("/-. ", rest.p[0])) return false;
			rest = str_slice(rest, 1, rest.n);
		}
	}
	return rest.n == 0 && part[2] > 999 && date_of_ymd((int)part[2], (int)part[1], (int)part[0], ret);
}

/* ---- one input --------------------------------------------------------------------------------------- */

static void take_options(const struct field *f, struct field_answer *answer, struct arena *a,
	const struct str *ids, size_t count)
{
	struct str *items = ARENA_ARRAY(a, struct str, f->options.count);
	size_t n = 0;
	for (size_t i = 0; i < f->options.count; i++) {
		bool chosen = false;
		for (size_t j = 0; j < count; j++)
			chosen = chosen || str_eq(ids[j], f->options.items[i].id);
		if (chosen) items[n++] = f->options.items[i].id;
	}
	answer_clear(answer);
	answer->items = items;
	answer->count = n;
	answer->filled = n > 0;
	for (size_t j = 0; j < count; j++)
		if (ids[j].n && !field_option(f, ids[j])) answer->raw = arena_str(a, ids[j]);
}

static void take_point(const struct answers *s, struct field_answer *answer, struct str text)
{
	int64_t latitude, longitude;
	struct str rest = text, first = str_cut(&rest, ',');
	bool good = number_read(str_trim(first), NULL, 7, &latitude) &&
		number_read(str_trim(rest), NULL, 7, &longitude);
	if (!good || latitude < -900000000 || latitude > 900000000 || longitude < -1800000000 ||
		longitude > 1800000000) {
		answer_set_raw(answer, arena_str(s->arena, text));
		return;
	}
	answer_set_int(answer, latitude);
	answer->longitude = longitude;
}

static bool yes_no_read(struct str s, bool *ret)
{
	bool yes = str_eq(s, STR("yes")) || str_eq(s, STR("true")),
		 no = str_eq(s, STR("no")) || str_eq(s, STR("false"));
	*ret = yes;
	return yes || no;
}

/* Identity numbers keep a wrong value as text: the check says what is wrong with it. */
static void take_text(const struct answers *s, const struct field *f, struct field_answer *answer,
	struct str text)
{
	struct str canonical = STR_NONE;
	struct arena *a = s->arena;
	bool good = true;
	switch (f->type) {
	case FIELD_CURP:
	case FIELD_RFC:
	case FIELD_NIF: canonical = identity_canonical(a, text); break;
	case FIELD_PHONE:
		good = phone_canonical(a, text, s->pack->phone_prefix, s->pack->phone_digits, &canonical);
		break;
	case FIELD_MAIL: good = mail_canonical(a, text, &canonical); break;
	case FIELD_CADASTRAL_KEY:
		if (s->pack->cadastral_mask.n)
			good = mask_canonical(a, s->pack->cadastral_mask, text, &canonical);
		else
			canonical = arena_str(a, text);
		break;
	default:
		if (!f->pattern.n || !mask_canonical(a, f->pattern, text, &canonical)) canonical = arena_str(a, text);
		break;
	}
	if (good)
		answer_set_text(answer, canonical);
	else
		answer_set_raw(answer, arena_str(a, text));
}

void answer_take(const struct answers *s, const struct field *f, struct field_answer *answer, struct str text,
	const struct number_style *style)
{
	int64_t n = 0;
	struct date d;
	bool yes, good = true;
	answer_clear(answer);
	if (text.n == 0) return;
	switch (f->type) {
	case FIELD_NUMBER: good = number_read(text, style, 6, &n); break;
	case FIELD_MONEY: good = number_read(without_currency(text, style), style, 2, &n); break;
	case FIELD_DATE:
		good = style ? date_read(text, &d) : date_parse(text, &d);
		if (good) n = d.days;
		break;
	case FIELD_YES_NO:
		good = yes_no_read(text, &yes);
		n = good && yes;
		break;
	case FIELD_CHOICE:
		if (field_option(f, text))
			answer_set_text(answer, field_option(f, text)->id);
		else
			answer_set_raw(answer, arena_str(s->arena, text));
		return;
	case FIELD_CHOICES: take_options(f, answer, s->arena, &text, 1); return;
	case FIELD_POINT: take_point(s, answer, text); return;
	default: take_text(s, f, answer, text); return;
	}
	if (good)
		answer_set_int(answer, n);
	else
		answer_set_raw(answer, arena_str(s->arena, text));
}

/* ---- what was posted --------------------------------------------------------------------------------- */

/* Trimmed, NFC, with \n alone as line break; false (and *ret as printable as can be) when it is not plain text. */
static bool clean(struct arena *a, struct str value, bool multiline, struct str *ret)
{
	struct str s = str_trim(value);
	if (str_find_char(s, '\r') >= 0) {
		struct buf out = buf_new(a, s.n + 1);
		for (size_t i = 0; i < s.n; i++)
			if (s.p[i] != '\r' || i + 1 == s.n || s.p[i + 1] != '\n')
				buf_add_char(&out, s.p[i] == '\r' ? '\n' : s.p[i]);
		s = buf_str(&out);
	}
	if (!utf8_is_plain(s, multiline)) {
		*ret = utf8_valid(s) ? s : STR("?");
		return false;
	}
	*ret = utf8_nfc(a, s);
	return true;
}

static struct str input_of(struct answer_inputs inputs, struct str name)
{
	for (size_t i = 0; i < inputs.count; i++)
		if (str_eq(inputs.items[i].name, name)) return inputs.items[i].value;
	return STR_NONE;
}

static struct str part_of(struct arena *a, struct answer_inputs inputs, struct str name, const char *part)
{
	struct str value = input_of(inputs, arena_printf(a, "%.*s.%s", STR_FMT(name), part)), s;
	return clean(a, value, false, &s) ? str_trim(utf8_cut(s, PART_MAX)) : STR("");
}

static void read_address(const struct answers *s, struct field_answer *answer, struct answer_inputs inputs,
	struct str name)
{
	struct postal_address *address = ARENA_NEW(s->arena, struct postal_address);
	answer_clear(answer);
	for (int i = 0; i < ADDRESS_PART_MAX; i++) {
		address->parts[i] = part_of(s->arena, inputs, name, address_part_name((enum address_part)i));
		if (address->parts[i].n) answer->filled = true;
	}
	answer->address = address;
}

/* One input with a date, or three with its parts. */
static struct str date_input(const struct answers *s, struct answer_inputs inputs, struct str name)
{
	struct str day = part_of(s->arena, inputs, name, "day"), month = part_of(s->arena, inputs, name, "month");
	struct str year = part_of(s->arena, inputs, name, "year");
	if (day.n + month.n + year.n == 0) return input_of(inputs, name);
	return arena_printf(s->arena, "%.*s/%.*s/%.*s", STR_FMT(day), STR_FMT(month), STR_FMT(year));
}

static struct str point_input(const struct answers *s, struct answer_inputs inputs, struct str name)
{
	struct str lat = part_of(s->arena, inputs, name, "lat"), lon = part_of(s->arena, inputs, name, "lon");
	if (lat.n + lon.n == 0) return input_of(inputs, name);
	return arena_printf(s->arena, "%.*s,%.*s", STR_FMT(lat), STR_FMT(lon));
}

static void read_choices(const struct answers *s, const struct field *f, struct field_answer *answer,
	struct answer_inputs inputs, struct str name)
{
	struct str *ids = ARENA_ARRAY(s->arena, struct str, inputs.count);
	size_t n = 0;
	for (size_t i = 0; i < inputs.count; i++)
		if (str_eq(inputs.items[i].name, name)) ids[n++] = inputs.items[i].value;
	take_options(f, answer, s->arena, ids, n);
}

static void read_one(const struct answers *s, const struct field *f, struct field_answer *answer,
	struct answer_inputs inputs, struct str name)
{
	struct str value, text;
	switch (f->type) {
	case FIELD_ADDRESS: read_address(s, answer, inputs, name); return;
	case FIELD_CHOICES: read_choices(s, f, answer, inputs, name); return;
	case FIELD_DATE: value = date_input(s, inputs, name); break;
	case FIELD_POINT: value = point_input(s, inputs, name); break;
	default: value = input_of(inputs, name); break;
	}
	if (clean(s->arena, value, f->type == FIELD_TEXTAREA, &text))
		answer_take(s, f, answer, text, &s->pack->numbers);
	else
		answer_set_raw(answer, arena_str(s->arena, utf8_cut(text, RAW_MAX)));
}

/* The highest row named in the inputs, plus one. */
static size_t rows_posted(struct answer_inputs inputs, struct str group)
{
	size_t rows = 0;
	for (size_t i = 0; i < inputs.count; i++) {
		struct str rest = inputs.items[i].name;
		int64_t row;
		if (!str_eq(str_cut(&rest, '.'), group) || str_is_none(rest)) continue;
		if (str_to_int64(str_cut(&rest, '.'), 0, ROW_LIMIT - 1, &row) && (size_t)row + 1 > rows)
			rows = (size_t)row + 1;
	}
	return rows;
}

/* Rows in which nothing was written are dropped. */
static void read_group(const struct answers *s, const struct field *group, struct field_answer *answer,
	struct answer_inputs inputs)
{
	size_t posted = rows_posted(inputs, group->id), count = 0;
	struct answers_row *rows = ARENA_ARRAY(s->arena, struct answers_row, posted);
	for (size_t row = 0; row < posted; row++) {
		bool has_any = false;
		rows[count] = answers_row_new(s->arena, group);
		for (size_t i = 0; i < group->fields.count; i++) {
			const struct field *f = &group->fields.items[i];
			struct field_answer *one = &rows[count].items[f->index];
			if (!field_type_has_answer(f->type)) continue;
			read_one(s, f, one, inputs,
				arena_printf(s->arena, "%.*s.%zu.%.*s", STR_FMT(group->id), row, STR_FMT(f->id)));
			has_any = has_any || one->filled || one->raw.n;
		}
		if (has_any) count++;
	}
	answer_clear(answer);
	answer->rows = rows;
	answer->count = count;
	answer->filled = count > 0;
}

void answers_read_field(struct answers *s, const struct field *f, int row, struct answer_inputs inputs)
{
	if (!field_type_has_answer(f->type) || f->type == FIELD_ATTACHMENT) return;
	struct field_answer *answer = answer_slot(s, f, row);
	if (!answer) return;
	struct str name = f->group
		? arena_printf(s->arena, "%.*s.%d.%.*s", STR_FMT(f->group->id), row, STR_FMT(f->id))
		: f->id;
	if (f->type == FIELD_GROUP)
		read_group(s, f, answer, inputs);
	else
		read_one(s, f, answer, inputs, name);
	answers_touch(s);
}

void answers_read_page(struct answers *s, const struct page *page, struct answer_inputs inputs)
{
	for (size_t i = 0; i < page->fields.count; i++)
		answers_read_field(s, &page->fields.items[i], -1, inputs);
}

void answers_read_decision(struct answers *s, struct answer_inputs inputs)
{
	const struct fields *fields = &s->procedure->form.decision;
	for (size_t i = 0; i < fields->count; i++)
		answers_read_field(s, &fields->items[i], -1, inputs);
}

void answers_set_files(struct answers *s, const struct field *f, int row, const struct attachment *files,
	size_t count)
{
	struct field_answer *answer = answer_slot(s, f, row);
	if (!answer || f->type != FIELD_ATTACHMENT) return;
	answer_clear(answer);
	answer->files = ARENA_ARRAY(s->arena, struct attachment, count);
	if (count) memcpy(answer->files, files, count * sizeof *files);
	answer->count = count;
	answer->filled = count > 0;
	answers_touch(s);
}
