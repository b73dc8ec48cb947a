/* What the rules of core/consistency share: an examination of one town, and the list of what breaks the rule at hand. */
#pragma once
#include "base/buf.h"
#include "core/consistency/consistency.h"
#include "core/consistency/queries.h"

struct exam {
	struct town *town;
	struct db *db;
	struct arena *arena, *row_arena; /* row_arena: what one row needs, reset after it */
	const struct consistency_teller *teller;
	int64_t offenders; /* of the rule at hand */
	struct buf names;  /* the first of them */
};

/* One more that breaks the rule: by its number, or else by kind and id. */
void exam_offends(struct exam *l, struct str name, int64_t id);
/* Ends the rule: tells it, with what breaks it, and begins the next. */
void exam_tell(struct exam *l, const char *rule);

/* Files on disk against their rows; outside of a snapshot. */
MUST_USE struct err *exam_files(struct exam *l);
