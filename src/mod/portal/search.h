/*
 * Finding a procedure by the words people use: folded (accents, case and ñ do not matter), over name, everyday
 * words, summary and topic, in every language of the pack; whole words first, beginnings next, near spellings
 * last. Nothing is stored: a town has some hundreds of procedures, and folding them takes a millisecond.
 */
#pragma once
#include "core/definition/pack.h"

struct search_hit {
	const struct procedure *procedure;
	int score;
	int words; /* of the query that were found */
};
struct search_hits {
	struct search_hit *items; /* best first */
	size_t count;
	bool is_near; /* no procedure has all the words; these have some, or nearly */
};
/* An empty query gives all of them by name. */
struct search_hits search_procedures(struct arena *a, const struct pack *pack, struct str query,
	struct str lang);
