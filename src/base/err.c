/*
 * Making, wrapping, copying and describing errors. The list of codes is ERR_CODES in the header. Nothing
 * here writes to the log: who does is said there.
 */
#include "base/err.h"
#include "base/buf.h"

enum { DESCRIPTION_MAX_BYTES = 8 * 1024 };

static const struct {
	const char *name;
	int http_status, exit_code;
} codes[ERR_CODE_MAX] = {
#define X(code, http, exit) [code] = { #code, http, exit },
	ERR_CODES(X)
#undef X
};

struct err *err_new(struct arena *a, enum err_code code, const char *key, const char *file, int line,
	const char *format, ...)
{
	must(code < ERR_CODE_MAX);
	va_list args;
	va_start(args, format);
	struct err *e = ARENA_NEW(a, struct err);
	*e = (struct err){ code, key, arena_vprintf(a, format, args).p, file, line, NULL };
	va_end(args);
	return e;
}

struct err *err_around(struct arena *a, struct err *cause, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct err *e = ARENA_NEW(a, struct err);
	*e = (struct err){ cause->code, cause->key, arena_vprintf(a, format, args).p, cause->file, cause->line,
		cause };
	va_end(args);
	return e;
}

struct err *err_copy_of(struct arena *a, const struct err *e)
{
	struct err *first = NULL;
	for (const struct err **link = (const struct err **)&first; e; e = e->cause) {
		struct err *copy = ARENA_NEW(a, struct err);
		*copy = *e;
		copy->key = arena_cstr(a, e->key).p;
		copy->detail = arena_cstr(a, e->detail).p;
		copy->file = arena_cstr(a, e->file).p;
		*link = copy;
		link = &copy->cause;
	}
	return first;
}

int err_http_status(const struct err *e) { return e ? codes[e->code].http_status : 200; }

int err_exit_code(const struct err *e) { return e ? codes[e->code].exit_code : 0; }

const char *err_code_name(enum err_code code)
{
	return code < ERR_CODE_MAX ? codes[code].name : "ERR_UNKNOWN";
}

/* A wrapping error carries its cause's place, so the place is written once, at the root. */
struct str err_describe(struct arena *a, const struct err *e)
{
	struct buf out = buf_new(a, DESCRIPTION_MAX_BYTES);
	for (; e; e = e->cause) {
		buf_add(&out, str_of(e->detail));
		if (e->cause)
			buf_add(&out, STR(" ← "));
		else
			buf_printf(&out, " (%s:%d)", e->file, e->line);
	}
	return buf_str(&out);
}

_Noreturn void must_fail(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: must hold: %s\n", file, line, condition);
	abort();
}
