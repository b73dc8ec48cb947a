/* The shape of the tables that tools/po2c generates; read through i18n.h. */
#pragma once
#include "base/str.h"

struct i18n_text {
	struct str text;         /* the only form, or the first; none: not translated */
	const struct str *forms; /* of a plural; NULL otherwise */
};
struct i18n_language {
	struct str code; /* "es" */
	int64_t (*plural)(int64_t n);
	const struct i18n_text *texts; /* by enum message */
};
extern const struct i18n_language i18n_languages[]; /* the first is complete: the others fall back to it */
extern const size_t i18n_language_count;
extern const struct str i18n_keys[]; /* by enum message, which is the order of the keys */
extern const size_t i18n_message_count;
