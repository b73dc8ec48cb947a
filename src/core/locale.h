/*
 * How a municipality writes numbers and money. It comes from the pack, not from the reader's language: a
 * Mexican town's page in English still says "$ 1,234.00". Words (months, weekdays) are the language's and
 * live in i18n.h.
 */
#pragma once
#include "base/str.h"

struct locale {
	struct str name;           /* "es-MX" */
	struct str decimal, group; /* "." and ","; the group mark may be empty */
	struct str currency;       /* "$", "€" */
	bool currency_first;
};

/* The ones that are written down here: es-MX, es-ES, eu-ES. */
bool locale_find(struct str name, struct locale *ret);
