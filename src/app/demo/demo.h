/*
 * The demonstration: simulated towns with half a year of cases, filed and decided through the program's own code,
 * the same at every run but for the codes, which are secret and therefore drawn by the town's own generator.
 * Start at demo_make().
 */
#pragma once
#include "app/installation.h"

#define DEMO_PASSWORD "demo-ventanilla-2026"

struct demo_options {
	struct str data;  /* an empty folder */
	struct str packs; /* holds leon/ and barakaldo/ */
	int port;         /* in the public addresses */
	int cases;        /* of the first town; the second has a tenth */
};
/* Prints accounts and codes to `out` as it makes them. */
MUST_USE struct err *demo_make(struct arena *a, const struct demo_options *options, struct buf *out);
