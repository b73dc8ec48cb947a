/*
 * Form input: decoded, checked for UTF-8, bounded, and read through typed getters that collect one error per
 * field. Whatever was typed can be shown again. Uploaded files arrive already stored (data/files.h).
 */
#pragma once
#include "base/money.h"
#include "data/files.h"
#include "web/request.h"

enum { FORM_MAX_FIELDS = 500, FORM_MAX_NAME = 100, FORM_MAX_VALUE = 20000, FORM_MAX_BYTES = 1024 * 1024 };

struct upload {
	struct str field;
	struct str file_name; /* as the browser gave it, cleaned: no path, plain text, at most 200 bytes */
	struct file_facts facts;
	struct str head;   /* the first 4 KiB, to tell the type by content */
	bool is_too_large; /* it passed the limit of a file: nothing of it was stored, `facts` is empty */
	struct upload *next;
};

struct form_field {
	struct str name, value;
	struct form_field *next;
};
struct form_error {
	struct str field; /* "" for the form as a whole */
	struct str text;  /* already in the reader's language */
	struct form_error *next;
};

struct form {
	struct arena *arena;
	struct form_field *fields; /* in order */
	struct upload *uploads;
	struct form_error *errors, **errors_end;
	int error_count;
};

/* Decodes application/x-www-form-urlencoded. ERR_MALFORMED for broken escapes or UTF-8, ERR_TOO_LARGE past a
 * limit. */
MUST_USE struct err *form_parse(struct arena *a, struct str body, struct form **ret);

bool form_has(const struct form *f, struct str name);
struct str form_text(const struct form *f,
	struct str name); /* the first; trimmed, NFC; STR_NONE when absent */
/* All values of a name, in order (checkbox groups). */
size_t form_texts(const struct form *f, struct arena *a, struct str name, const struct str **ret);
bool form_int(const struct form *f, struct str name, int64_t min, int64_t max, int64_t *ret);
const struct upload *form_upload(const struct form *f, struct str name);

void form_error_add(struct form *f, struct str field, struct str text);
struct str form_error_of(const struct form *f, struct str field); /* STR_NONE when it has none */
static inline bool form_is_ok(const struct form *f) { return f->error_count == 0; }
