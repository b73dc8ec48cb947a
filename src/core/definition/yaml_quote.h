/*
 * Finds the likely slip behind a YAML syntax error: a quote that its line does not close, or a tab that indents.
 * The parser itself reports such a quote where the next one happens to stand, pages below.
 */
#pragma once
#include "base/str.h"

struct yaml_slip {
	const char *what; /* NULL: nothing suspicious */
	int line, column;
};
/* Looks at the lines up to and including `last_line`. */
struct yaml_slip yaml_find_slip(struct str source, int last_line);
