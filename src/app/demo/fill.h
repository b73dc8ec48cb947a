/*
 * Answers as people would give them, drawn from a procedure's own definition: whatever its pages ask, by the field's
 * role, type and limits. What comes out passes answers_check(); a field that cannot be satisfied is ERR_INVALID
 * with its name, because a demonstration that silently skips a procedure would hide a defect of its pack.
 */
#pragma once
#include "app/demo/people.h"
#include "core/definition/answers.h"
#include "core/file/file.h"

struct fill_file {
	const struct field *field;
	struct str name, bytes;
	enum media media;
};

struct filled {
	struct answers *answers; /* attachments are named in it, with ids that mean nothing yet */
	struct person applicant;
	struct fill_file *files;
	size_t file_count;
};

/* The form of `p` on `today`. `n`: which applicant, for unique addresses. */
MUST_USE struct err *fill_form(struct dice *d, struct arena *a, const struct pack *pack,
	const struct procedure *p, struct date today, int n, struct filled *ret);
/* The decision's fields, into the answers of a case. */
MUST_USE struct err *fill_decision(struct dice *d, struct arena *a, struct answers *answers);
/* Another answer to a field that can be typed (a corrected one); false when the form has none such. */
bool fill_again(struct dice *d, struct arena *a, struct answers *answers, const struct field *f);
/* A file that the field takes. */
struct fill_file fill_file(struct dice *d, struct arena *a, const struct pack *pack, const struct field *f);
