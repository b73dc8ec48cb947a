/*
 * All catalogues of the product as one: every key in Spanish, the same placeholders and the same kind
 * (plural or not) in every language, no key twice. A text that a language lacks falls back to Spanish.
 */
#pragma once
#include "tools/po2c/po.h"

enum { PO_LANGUAGES = 3, PO_MAX_ARGS = 12 };
/* The first is the one that must be complete. */
extern const char *const po_languages[PO_LANGUAGES];

struct po_message {
	struct str key;
	struct str name;                            /* of the enum's constant: MSG_CASE_DAYS */
	const struct po_entry *texts[PO_LANGUAGES]; /* NULL: not translated */
	bool is_plural;
	struct str args[PO_MAX_ARGS]; /* the placeholders, without 'n' of a plural repeated */
	int arg_count;
};
struct po_catalogue {
	struct po_message *items; /* by key */
	size_t count;
	struct str plural[PO_LANGUAGES];
	int plural_count[PO_LANGUAGES];
};

/* -1 when the product does not speak it. */
int po_language_index(struct str language);
void po_merge(struct arena *a, const struct po_file *files, struct po_catalogue *ret, struct complaints *c);

/* "messages.h" and "messages.c". */
struct str po_emit_header(struct arena *a, const struct po_catalogue *all);
struct str po_emit_source(struct arena *a, const struct po_catalogue *all);
