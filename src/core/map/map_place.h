/*
 * Where in a JSON text the value of a path stands. base/json keeps no places; a map's errors need them, and only when
 * there is one, so the text is walked again then. The text is known to be well-formed.
 */
#pragma once
#include "base/buf.h"

struct map_step {              /* one step of a path, innermost first */
	const struct map_step *up; /* NULL: the root */
	const char *key;           /* NULL: a list's item */
	size_t index;
};

/* "features[3].geometry"; "" for the root. */
void map_step_print(const struct map_step *step, struct buf *out);
/* Line and column, from 1, of the value there; of the nearest value around it when it is absent. */
void map_step_find(struct str text, const struct map_step *step, int *ret_line, int *ret_column);
