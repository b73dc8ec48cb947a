/* A page of the form as it is shown: after a GET, and after a POST that has something to mend. */
#pragma once
#include "mod/filing/visit.h"

/* v->answers, v->page, v->files and v->errors are set. `extra_row`: a group with one more empty row, or NULL. */
void step_show(struct visit *v, struct response *out, const struct field *extra_row);
