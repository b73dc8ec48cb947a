#include <pthread.h>

#include "core/clock/from_pack.h"
#include "core/town/edition.h"

enum { EDITION_ARENA_MAX = 256 * 1024 * 1024, EDITIONS_ARENA_MAX = 64 * 1024 };

struct editions {
	struct arena *arena;
	struct town_packs *packs;
	struct str keys, credentials;
	pthread_mutex_t loading; /* one refresh at a time; guards what follows */
	bool has_failed;
	struct edition_mark failed; /* what could not be taken over */
	int64_t retry_us;
	pthread_mutex_t lock; /* guards what follows */
	struct edition *current;
	int alive;
	bool is_closed; /* goes with the last holder */
};

struct editions *editions_new(struct town_packs *packs, struct str keys, struct str credentials)
{
	struct arena *a = arena_new(EDITIONS_ARENA_MAX);
	struct editions *all = ARENA_NEW(a, struct editions);
	all->arena = a;
	all->packs = packs;
	all->keys = arena_str(a, keys);
	all->credentials = arena_str(a, credentials);
	pthread_mutex_init(&all->loading, NULL);
	pthread_mutex_init(&all->lock, NULL);
	return all;
}

/* --- holding ---------------------------------------------------------------------------------------------- */

struct edition *editions_hold(struct editions *all)
{
	pthread_mutex_lock(&all->lock);
	struct edition *e = all->current;
	e->holders++;
	pthread_mutex_unlock(&all->lock);
	return e;
}

static void destroy(struct editions *all)
{
	pthread_mutex_destroy(&all->lock);
	pthread_mutex_destroy(&all->loading);
	arena_free(all->arena);
}

void edition_release(struct editions *all, struct edition *e)
{
	pthread_mutex_lock(&all->lock);
	bool is_last = --e->holders == 0;
	all->alive -= is_last ? 1 : 0;
	bool is_end = all->is_closed && all->alive == 0;
	pthread_mutex_unlock(&all->lock);
	if (is_last) arena_free(e->arena);
	if (is_end) destroy(all);
}

int editions_alive(struct editions *all)
{
	pthread_mutex_lock(&all->lock);
	int alive = all->alive;
	pthread_mutex_unlock(&all->lock);
	return alive;
}

void editions_close(struct editions *all)
{
	pthread_mutex_lock(&all->lock);
	struct edition *e = all->current;
	all->current = NULL;
	all->is_closed = true;
	pthread_mutex_unlock(&all->lock);
	if (e)
		edition_release(all, e);
	else
		destroy(all);
}

/* --- making ------------------------------------------------------------------------------------------------ */

static struct err *look(const struct editions *all, struct db *db, struct arena *a, struct edition_mark *ret)
{
	TRY(town_pack_in_force(db, a, &ret->version));
	if (!ret->version) return ERR(a, ERR_UNAVAILABLE, NULL, "no pack was ever loaded");
	return keyring_mark(a, all->keys, all->credentials, &ret->keys);
}

static bool mark_eq(const struct edition_mark *x, const struct edition_mark *y)
{
	return x->version == y->version && sha256_eq(&x->keys, &y->keys);
}

/* Keys that change after the look have another mark at the next one. */
static struct err *fill(const struct editions *all, struct db *db, struct edition *e)
{
	struct arena *a = e->arena;
	struct zone *zone;
	struct work_calendar *calendar;
	TRY(town_packs_get(all->packs, db, a, e->mark.version, &e->pack));
	TRY(zone_load(a, e->pack->zone, &zone));
	TRY(calendar_from_pack(a, &e->pack->calendar, e->pack->languages.items[0], &calendar));
	e->zone = zone;
	e->calendar = calendar;
	TRY(department_all(db, a, &e->departments));
	return keyring_open(a, all->keys, all->credentials, &e->keyring);
}

static struct err *make(const struct editions *all, struct db *db, struct arena *errors,
	const struct edition_mark *mark, struct edition **ret)
{
	struct arena *own = arena_new(EDITION_ARENA_MAX);
	struct edition *e = ARENA_NEW(own, struct edition);
	*e = (struct edition){ .mark = *mark, .arena = own, .holders = 1 };
	struct err *failure = fill(all, db, e);
	if (failure) {
		failure = err_copy(errors, failure);
		arena_free(own);
		return failure;
	}
	*ret = e;
	return NULL;
}

static void swap(struct editions *all, struct edition *e)
{
	pthread_mutex_lock(&all->lock);
	struct edition *former = all->current;
	all->current = e;
	all->alive++;
	pthread_mutex_unlock(&all->lock);
	if (former) edition_release(all, former);
}

static struct err *refresh(struct editions *all, struct db *db, struct arena *errors, bool *ret_changed)
{
	struct edition_mark mark;
	struct edition *e;
	*ret_changed = false;
	TRY(look(all, db, errors, &mark));
	/* Only refresh() changes `current`, and one runs at a time. */
	if (all->current && mark_eq(&mark, &all->current->mark)) return NULL;
	if (all->has_failed && mark_eq(&mark, &all->failed) && monotonic_us() < all->retry_us) return NULL;
	struct err *failure = make(all, db, errors, &mark, &e);
	all->has_failed = failure != NULL;
	if (failure) {
		all->failed = mark;
		all->retry_us = monotonic_us() + (int64_t)EDITION_RETRY_MS * 1000;
		return failure;
	}
	swap(all, e);
	*ret_changed = true;
	return NULL;
}

struct err *editions_refresh(struct editions *all, struct db *db, struct arena *errors, bool *ret_changed)
{
	pthread_mutex_lock(&all->loading);
	struct err *e = refresh(all, db, errors, ret_changed);
	pthread_mutex_unlock(&all->loading);
	return e;
}
