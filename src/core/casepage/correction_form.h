/* What correction.c and correction_form.c share; nobody else includes it. */
#pragma once
#include "core/casepage/correction.h"

struct question_context correction_context(const struct correction *c);
