/*
 * All catalogues of the product as one: every key in Spanish, the same placeholders and the same kind
 * (plural or not) in every language, no key twice. A text that a language lacks falls back to Spanish.
 */
#pragma once
#include "tools/po2c/po.h"

enum { PO_LANGUAGES = 3, PO_MAX_ARGS = 12, PO_MAX_FAMILY = 1023 };
/* The first is the one that must be complete. */
extern const char *const po_languages[PO_LANGUAGES];

struct po_message {
	struct str key;
	struct str name;                            /* of its constant: MSG_CASE_DAYS */
	const struct po_entry *texts[PO_LANGUAGES]; /* NULL: not translated */
	bool is_plural;
	struct str args[PO_MAX_ARGS]; /* the placeholders, without 'n' of a plural repeated */
	int arg_count;
};
/* The messages whose keys begin alike ("case." of case.days): a header of its own, so that a new text has only
 * those compiled again that speak its family. */
struct po_family {
	struct str name;
	size_t first, count; /* in items */
};
struct po_catalogue {
	struct po_message *items; /* by key */
	size_t count;
	struct po_family *families; /* by name */
	size_t family_count;
	struct str plural[PO_LANGUAGES];
	int plural_count[PO_LANGUAGES];
};

/* -1 when the product does not speak it. */
int po_language_index(struct str language);
struct str po_family_name(struct str key); /* "case" of "case.days"; all of a key without a point */
void po_merge(struct arena *a, const struct po_file *files, struct po_catalogue *ret, struct complaints *c);

/* The header of one family, and "messages.c". */
struct str po_emit_header(struct arena *a, const struct po_catalogue *all, const struct po_family *family);
struct str po_emit_source(struct arena *a, const struct po_catalogue *all);
