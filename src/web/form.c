/* Forms: decoding application/x-www-form-urlencoded, and the getters that serve both kinds of body. */
#include "base/utf8.h"
#include "web/form.h"
#include "web/form_add.h"
#include "web/percent.h"

struct form *form_new(struct arena *a)
{
	struct form *f = ARENA_NEW(a, struct form);
	f->arena = a;
	f->errors_end = &f->errors;
	return f;
}

void form_builder_init(struct form_builder *b, struct form *form)
{
	*b = (struct form_builder){ .form = form, .end = &form->fields };
}

/* Line ends come as CRLF from some browsers and as LF from others; inside the program they are LF. Other
 * control characters but the tab are no text. */
static bool text_is_sound(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) return false;
	}
	return utf8_valid(s);
}

static struct str with_plain_line_ends(struct arena *a, struct str s)
{
	if (str_find_char(s, '\r') < 0) return s;
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool is_pair = s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n';
		if (!is_pair) p[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
	}
	return (struct str){ p, n };
}

struct err *form_builder_add(struct form_builder *b, struct str name, struct str value)
{
	struct arena *a = b->form->arena;
	if (b->count >= FORM_MAX_FIELDS)
		return ERR(a, ERR_TOO_LARGE, NULL, "more than %d fields", FORM_MAX_FIELDS);
	if (name.n > FORM_MAX_NAME || value.n > FORM_MAX_VALUE)
		return ERR(a, ERR_TOO_LARGE, NULL, "a field of %zu and %zu bytes", name.n, value.n);
	b->bytes += name.n + value.n;
	if (b->bytes > FORM_MAX_BYTES)
		return ERR(a, ERR_TOO_LARGE, NULL, "a form of more than %d bytes", FORM_MAX_BYTES);
	if (!utf8_is_plain(name, false) || !text_is_sound(value))
		return ERR(a, ERR_MALFORMED, NULL, "a field that is not UTF-8 text");

	struct form_field *field = ARENA_NEW(a, struct form_field);
	*field = (struct form_field){ name, with_plain_line_ends(a, value), NULL };
	*b->end = field;
	b->end = &field->next;
	b->count++;
	return NULL;
}

struct err *form_parse(struct arena *a, struct str body, struct form **ret)
{
	struct form *form = form_new(a);
	struct form_builder builder;
	if (body.n > FORM_MAX_BYTES) return ERR(a, ERR_TOO_LARGE, NULL, "a form of %zu bytes", body.n);
	form_builder_init(&builder, form);
	while (!str_is_none(body)) {
		struct str value = str_cut(&body, '&'), name, plain_name, plain_value;
		if (value.n == 0) continue;
		name = str_cut(&value, '=');
		if (str_is_none(value)) value = STR("");
		if (!percent_decode(a, name, true, &plain_name) || !percent_decode(a, value, true, &plain_value))
			return ERR(a, ERR_MALFORMED, NULL, "a broken escape in a form");
		TRY(form_builder_add(&builder, plain_name, plain_value));
	}
	*ret = form;
	return NULL;
}

static const struct form_field *find(const struct form_field *f, struct str name)
{
	while (f && !str_eq(f->name, name))
		f = f->next;
	return f;
}

bool form_has(const struct form *f, struct str name) { return find(f->fields, name) != NULL; }

struct str form_text(const struct form *f, struct str name)
{
	const struct form_field *field = find(f->fields, name);
	return field ? utf8_nfc(f->arena, str_trim(field->value)) : STR_NONE;
}

size_t form_texts(const struct form *f, struct arena *a, struct str name, const struct str **ret)
{
	size_t count = 0, at = 0;
	for (const struct form_field *i = find(f->fields, name); i; i = find(i->next, name))
		count++;
	struct str *values = ARENA_ARRAY(a, struct str, count);
	for (const struct form_field *i = find(f->fields, name); i; i = find(i->next, name))
		values[at++] = utf8_nfc(a, str_trim(i->value));
	*ret = values;
	return count;
}

bool form_int(const struct form *f, struct str name, int64_t min, int64_t max, int64_t *ret)
{
	const struct form_field *field = find(f->fields, name);
	return field && str_to_int64(str_trim(field->value), min, max, ret);
}

const struct upload *form_upload(const struct form *f, struct str name)
{
	const struct upload *u = f->uploads;
	while (u && !str_eq(u->field, name))
		u = u->next;
	return u;
}

/* One error a field, the first: what follows is usually its consequence. */
void form_error_add(struct form *f, struct str field, struct str text)
{
	if (!str_is_none(form_error_of(f, field))) return;
	struct form_error *e = ARENA_NEW(f->arena, struct form_error);
	*e = (struct form_error){ arena_str(f->arena, field), arena_str(f->arena, text), NULL };
	*f->errors_end = e;
	f->errors_end = &e->next;
	f->error_count++;
}

struct str form_error_of(const struct form *f, struct str field)
{
	for (const struct form_error *e = f->errors; e; e = e->next)
		if (str_eq(e->field, field)) return e->text;
	return STR_NONE;
}
