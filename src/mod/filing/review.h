/* Check your answers: shown before filing, and again when the declaration or an answer is missing. */
#pragma once
#include "mod/filing/visit.h"

/* v->answers is set; what is missing anywhere is found here. */
MUST_USE struct err *review_show(struct visit *v, struct response *out);
