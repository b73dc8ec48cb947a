/* The shape of the tables that tools/po2c generates; read through i18n.h. */
#pragma once
#include "base/str.h"

/* A message's id: its family (the word before the point of its key), counted from 1, and its place in it. The
 * constants stand in a header a family, i18n/case.h for the keys case.…; what speaks them includes it. */
enum message { MESSAGE_NONE };
enum { I18N_FAMILY_BITS = 10 };

struct i18n_text {
	struct str text;         /* the only form, or the first; none: not translated */
	const struct str *forms; /* of a plural; NULL otherwise */
};
struct i18n_language {
	struct str code; /* "es" */
	int64_t (*plural)(int64_t n);
	const struct i18n_text *texts; /* in the order of the keys */
};
extern const struct i18n_language i18n_languages[]; /* the first is complete: the others fall back to it */
extern const size_t i18n_language_count;
struct i18n_family {
	size_t first, count; /* in the order of the keys */
};
extern const struct str i18n_keys[]; /* sorted by family, then by key */
extern const struct i18n_family i18n_families[];
extern const size_t i18n_family_count;
