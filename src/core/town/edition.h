/*
 * An edition: what is in force in a town at one time, as one immutable whole: the version of its pack with calendar,
 * zone and departments, and its keyring. Whoever serves a request or a job holds one (town_hold()); a newer one is
 * made aside and put in its place; the older is freed when its last holder lets go. town.c's own; others see an
 * edition through their `struct town`.
 */
#pragma once
#include "core/town/queries.h"
#include "core/town/town.h"
#include "core/town/town_pack.h"

/* How what is stored looks from outside: two equal marks need no new edition. */
struct edition_mark {
	int64_t version;    /* of the pack in force */
	struct sha256 keys; /* keyring_mark() */
};

struct edition {
	struct edition_mark mark;
	const struct pack *pack;
	const struct zone *zone;
	const struct work_calendar *calendar;
	struct department_all_rows departments;
	struct keyring *keyring;
	struct arena *arena;
	int holders; /* under the lock of editions */
};

struct editions; /* those of one town that somebody holds */

/* `keys` and `credentials` (may be none): the folders of the keyring. */
struct editions *editions_new(struct town_packs *packs, struct str keys, struct str credentials);
/* Holds that are left stay good, and the last of them takes `all` with it. */
void editions_close(struct editions *all);

/* Looks at what is stored and makes it current if it is not. *ret_changed: it was not. What failed is not tried again
 * before it changes or EDITION_RETRY_MS have passed: until then the answer is no error and no change. */
enum { EDITION_RETRY_MS = 60 * 1000 };
MUST_USE struct err *editions_refresh(struct editions *all, struct db *db, struct arena *errors,
	bool *ret_changed);

/* The current one, held until edition_release(). There must have been a good editions_refresh(). */
struct edition *editions_hold(struct editions *all);
void edition_release(struct editions *all, struct edition *e);
int editions_alive(struct editions *all);
