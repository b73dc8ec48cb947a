/* Any multipart body, in any cut: the outcome must be the same as in one piece. The first byte is the cut's
 * size. */
#include "base/utf8.h"
#include "web/form_add.h"
#include "web/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct record {
	struct buf out;
	bool is_open;
};

static struct err *sink_begin(void *state, struct form *form, struct str field, struct str file_name)
{
	struct record *r = state;
	(void)form;
	must(!r->is_open && field.n > 0 && field.n <= FORM_MAX_NAME);
	must(utf8_is_plain(file_name, false) && str_find_char(file_name, '/') < 0 &&
		str_find_char(file_name, '\\') < 0);
	r->is_open = true;
	buf_printf(&r->out, "<%.*s|%.*s>", STR_FMT(field), STR_FMT(file_name));
	return NULL;
}

static struct err *sink_bytes(void *state, struct str bytes)
{
	struct record *r = state;
	must(r->is_open && bytes.n > 0);
	buf_add(&r->out, bytes);
	return NULL;
}

static struct err *sink_end(void *state)
{
	struct record *r = state;
	must(r->is_open);
	r->is_open = false;
	buf_add(&r->out, STR("</>"));
	return NULL;
}

static void sink_abandon(void *state)
{
	struct record *r = state;
	must(r->is_open);
	r->is_open = false;
}

static const struct multipart_sink sink = { sink_begin, sink_bytes, sink_end, sink_abandon };

/* The outcome as one text: fields and files, or the error's code. */
static struct str outcome(struct arena *a, struct str body, size_t step)
{
	struct record r = { .out = buf_new(a, 64 * 1024 * 1024) };
	struct form *form = form_new(a);
	struct multipart *m;
	must(!multipart_new(form, STR("multipart/form-data; boundary=XyZ"), &sink, &r, &m));
	struct err *e = NULL;
	for (size_t at = 0; at < body.n && !e; at += step)
		e = multipart_feed(m, str_slice(body, at, at + step));
	if (!e) e = multipart_finish(m);
	if (e) multipart_abandon(m);
	must(!r.is_open);
	if (e) return str_of(err_code_name(e->code));
	for (const struct form_field *f = form->fields; f; f = f->next) {
		must(utf8_valid(f->value));
		buf_printf(&r.out, "%.*s=%.*s;", STR_FMT(f->name), STR_FMT(f->value));
	}
	return buf_str(&r.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) return 0;
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct str body = { (const char *)data + 1, size - 1 };
	must(str_eq(outcome(a, body, body.n ? body.n : 1), outcome(a, body, 1 + data[0] % 50)));
	arena_free(a);
	return 0;
}
