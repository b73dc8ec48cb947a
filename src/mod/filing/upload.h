/* Files that came with a page: taken or refused one by one, each with its reason. */
#pragma once
#include "mod/filing/visit.h"

/* Inside a commit. What was refused stands in v->refused, to be listed once, and in *ret_refusals, a list of
 * errors at their fields. */
MUST_USE struct err *upload_take(struct tx *tx, struct visit *v, struct field_error **ret_refusals);
