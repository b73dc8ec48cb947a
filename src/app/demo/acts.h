/* Carries out one act of a story on a town whose clock stands at its time. */
#pragma once
#include "app/demo/story.h"

struct acting {
	struct town *town;
	struct dice *dice;
	const struct story_staff *staff;
	struct arena *arena; /* of the town's demonstration: what a story keeps */
};
/* `work`: for this act alone. */
MUST_USE struct err *act_run(const struct acting *acting, struct arena *work, struct story *s, enum act act);
