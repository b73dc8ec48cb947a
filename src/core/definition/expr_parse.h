/* The first half of expr_compile(): text → tree without types. For expr_check.c and the fuzzer. */
#pragma once
#include "core/definition/expr.h"

/* NULL after one finding. Names are not looked up yet: `word` has them. */
struct expr_node *expr_parse(struct arena *a, struct str source, struct findings *findings, int line,
	int column);
/* Words that a name cannot be. */
bool expr_is_reserved(struct str word);
