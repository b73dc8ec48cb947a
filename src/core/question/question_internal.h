/* What the files of this folder share; nobody else includes it. */
#pragma once
#include "core/question/question.h"

/* Degrees with up to seven decimals: -101.6841. */
struct str question_degrees(struct arena *a, int64_t e7);
/* "niveles.2.superficie" for a field in a row, else its id. */
struct str question_name(struct arena *a, const struct field *f, int row);
/* The first error at that input; STR_NONE when it has none. */
struct str question_error_at(struct arena *a, const struct question_context *c, struct str name);
/* The offices of the pack that have a point: [["Desarrollo Urbano",21.1,-101.6], …]. */
struct str question_landmarks(struct arena *a, const struct pack *pack, struct str lang);
