/*
 * A point that somebody gave, as pages show it: a small map with its marker, and where it lies in words.
 */
#pragma once
#include "core/definition/answers.h"
#include "core/definition/pack.h"
#include "core/layout/parts.h"

/* "Centro Histórico. El punto queda a 120 m al norte de Desarrollo Urbano.", or that it lies outside the town. STR_NONE
 * when the pack has neither map nor an office with a point. */
struct str point_where(struct arena *a, const struct pack *pack, struct map_point at, struct str lang);
/* The line of a summary gets a drawing with the marker in its middle and these words, when the field is a point that was
 * given and the town has a map. */
void point_show(struct arena *a, const struct pack *pack, const struct field *f,
	const struct field_answer *answer, struct str lang, struct summary_line *line);
/* Where the browser fetches the town's map: an address that changes with it (mod/map answers it). */
struct str point_map_address(struct arena *a, const struct pack *pack, struct str lang);
