#include <pthread.h>

#include "base/log.h"
#include "core/dispatch/readers.h"
#include "core/dispatch/watch.h"

enum { LOOK_ARENA_MAX = 64 * 1024 * 1024 };

struct watch {
	struct app *app;
	struct readers *readers;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool stopping;
};

static void look(struct watch *w, const struct town *t, struct arena *a)
{
	struct db *db;
	bool changed = false;
	struct err *e = readers_get(w->readers, a, t, &db);
	e = e ? e : town_refresh(t, db, a, &changed);
	if (e) log_error("town.refresh", e, t->slug);
	if (changed)
		log_event(LOG_INFO, "town.refresh", LOG_S("town", t->slug),
			LOG_I("pack_version", town_pack_version(town_hold(t, a))));
}

/* False when the watch ends. */
static bool wait(struct watch *w)
{
	struct timespec until;
	int64_t wake_us = monotonic_us() + WATCH_MS * 1000;
	until.tv_sec = wake_us / 1000000;
	until.tv_nsec = wake_us % 1000000 * 1000;
	pthread_mutex_lock(&w->lock);
	int woken = 0;
	while (!w->stopping && !woken)
		woken = pthread_cond_timedwait(&w->wake, &w->lock, &until);
	bool go_on = !w->stopping;
	pthread_mutex_unlock(&w->lock);
	return go_on;
}

static void *watch_thread(void *argument)
{
	struct watch *w = argument;
	struct arena *own = arena_new(LOOK_ARENA_MAX), *work = arena_new(LOOK_ARENA_MAX);
	w->readers = readers_new(own);
	while (wait(w)) {
		for (size_t i = 0; i < w->app->town_count; i++) {
			look(w, w->app->towns[i].town, work);
			arena_reset(work);
		}
	}
	readers_close(w->readers);
	arena_free(work);
	arena_free(own);
	return NULL;
}

struct err *watch_start(struct app *app, struct watch **ret)
{
	struct watch *w = ARENA_NEW(app->arena, struct watch);
	pthread_condattr_t monotonic;
	w->app = app;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&w->thread, NULL, watch_thread, w))
		return ERR(app->arena, ERR_UNAVAILABLE, NULL, "cannot start the watch");
	*ret = w;
	return NULL;
}

void watch_stop(struct watch *w)
{
	if (!w) return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
}
