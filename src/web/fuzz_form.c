/* Any urlencoded body: what is taken is text within the limits, and survives being written and read again. */
#include "base/html.h"
#include "base/utf8.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str write_out(struct arena *a, const struct form *f)
{
	struct buf out = buf_new(a, 64 * 1024 * 1024);
	for (const struct form_field *i = f->fields; i; i = i->next) {
		must(utf8_is_plain(i->name, false) && utf8_valid(i->value) && str_find_char(i->value, '\r') < 0);
		must(i->name.n <= FORM_MAX_NAME && i->value.n <= FORM_MAX_VALUE);
		html_url_part(&out, i->name);
		buf_add_char(&out, '=');
		html_url_part(&out, i->value);
		buf_add_char(&out, '&');
	}
	return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct form *first = NULL, *second = NULL;
	struct err *e = form_parse(a, (struct str){ size ? (const char *)data : "", size }, &first);
	must(!e == !!first);
	if (first) {
		struct str text = write_out(a, first);
		if (text.n <= FORM_MAX_BYTES) {
			must(!form_parse(a, text, &second));
			must(str_eq(write_out(a, second), text));
		}
		for (const struct form_field *i = first->fields; i; i = i->next)
			must(form_has(first, i->name));
	}
	arena_free(a);
	return 0;
}
