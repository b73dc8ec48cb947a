/* What the files of this folder share; nobody else includes it. */
#pragma once
#include "core/question/question.h"
#include "core/question/point.h"

/* Degrees with up to seven decimals: -101.6841. */
struct str question_degrees(struct arena *a, int64_t e7);
/* "niveles.2.superficie" for a field in a row, else its id. */
struct str question_name(struct arena *a, const struct field *f, int row);
/* The first error at that input; STR_NONE when it has none. */
struct str question_error_at(struct arena *a, const struct question_context *c, struct str name);
/* The offices of the pack that have a point: [["Desarrollo Urbano",21.1,-101.6], …]. */
struct str question_landmarks(struct arena *a, const struct pack *pack, struct str lang);

/* --- question_map.c --------------------------------------------------------------------------------------------- */

/* What a map's button or a click on it makes of that question's point. */
enum point_act { POINT_KEPT, POINT_PUT, POINT_TAKEN };
enum point_act question_point_act(const struct form *form, struct arena *a, struct str field,
	struct map_point *ret);
/* NULL when the town has no map. `at` NULL: no point yet. */
struct question_map *question_map_of(struct arena *a, const struct question_context *c, struct str field,
	const struct map_point *at);
