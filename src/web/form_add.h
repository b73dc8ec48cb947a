/*
 * How a form is filled, field by field and within its limits; shared by the two decoders (form.c,
 * multipart.c).
 */
#pragma once
#include "web/form.h"

struct form_builder {
	struct form *form;
	struct form_field **end;
	size_t count, bytes;
};

struct form *form_new(struct arena *a); /* empty */
void form_builder_init(struct form_builder *b, struct form *form);
/* ERR_TOO_LARGE past a limit, ERR_MALFORMED for what is not UTF-8 text. Both strings must live in the form's
 * arena. */
MUST_USE struct err *form_builder_add(struct form_builder *b, struct str name, struct str value);
