/*
 * The read connections of one thread: one a town, opened when first needed, the least recently used closed when
 * there are more towns than READERS_MAX.
 */
#pragma once
#include "core/town/town.h"

enum { READERS_MAX = 32 };

struct readers;

struct readers *readers_new(struct arena *a);
void readers_close(struct readers *r);
MUST_USE struct err *readers_get(struct readers *r, struct arena *errors, const struct town *t,
	struct db **ret);
