/*
 * Pack versions in the database: storing a folder as a new version, and building versions when they are needed.
 * town.c's own; others use town_pack(), town_pack_of(), town_pack_load().
 */
#pragma once
#include "core/definition/pack.h"
#include "data/db.h"
#include "data/writer.h"

struct town_packs; /* the versions that are built; locks itself */

/* Versions that nobody uses are kept up to this many, those used last. */
enum { TOWN_PACKS_IDLE = 64 };

struct town_packs *town_packs_new(void);
/* Versions in use stay good, and the last use takes `packs` with it. */
void town_packs_close(struct town_packs *packs);
/* Builds the version unless it is there. It is valid until `a` is reset or freed. */
MUST_USE struct err *town_packs_get(struct town_packs *packs, struct db *db, struct arena *a, int64_t version,
	const struct pack **ret);
int town_packs_count(struct town_packs *packs);

/* The version that was stored last; 0 when there never was one. */
MUST_USE struct err *town_pack_in_force(struct db *db, struct arena *a, int64_t *ret_version);
/* Checks the folder (ERR_INVALID with the findings), stores it with its departments and puts it in force. Content
 * that was stored before is no new version: it is in force again. */
MUST_USE struct err *town_pack_store(struct writer *w, struct arena *a, struct str folder,
	int64_t *ret_version);
extern const struct pack_options town_pack_options;
