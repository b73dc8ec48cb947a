#include "core/dispatch/readers.h"

enum { READER_ARENA_MAX = 8 * 1024 * 1024 };

struct reader {
	const struct town_state *town; /* the same for all holders */
	struct arena *arena;
	struct db *db;
	int64_t used; /* the turn at which it was last asked for */
};

struct readers {
	struct reader items[READERS_MAX];
	int64_t turn;
};

struct readers *readers_new(struct arena *a) { return ARENA_NEW(a, struct readers); }

static void reader_close(struct reader *r)
{
	db_close(r->db);
	arena_free(r->arena);
	*r = (struct reader){ 0 };
}

void readers_close(struct readers *r)
{
	for (int i = 0; r && i < READERS_MAX; i++)
		reader_close(&r->items[i]);
}

struct err *readers_get(struct readers *r, struct arena *errors, const struct town *t, struct db **ret)
{
	struct reader *slot = &r->items[0];
	for (int i = 0; i < READERS_MAX && slot->town != t->state; i++) {
		struct reader *candidate = &r->items[i];
		if (candidate->town == t->state || candidate->used < slot->used) slot = candidate;
	}
	slot->used = ++r->turn;
	if (slot->town == t->state) {
		*ret = slot->db;
		return NULL;
	}
	reader_close(slot);
	struct arena *own = arena_new(READER_ARENA_MAX);
	struct db *db;
	struct err *e = town_connect(t, own, &db);
	if (e) {
		e = err_copy(errors, e);
		arena_free(own);
		return e;
	}
	*slot = (struct reader){ t->state, own, db, r->turn };
	*ret = db;
	return NULL;
}
