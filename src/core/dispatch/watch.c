#include "base/log.h"
#include "core/dispatch/pace.h"
#include "core/dispatch/readers.h"
#include "core/dispatch/watch.h"

enum { LOOK_ARENA_MAX = 64 * 1024 * 1024 };

struct watch {
	struct app *app;
	struct readers *readers;
	struct pace pace;
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

static void *watch_thread(void *argument)
{
	struct watch *w = argument;
	struct arena *own = arena_new(LOOK_ARENA_MAX), *work = arena_new(LOOK_ARENA_MAX);
	w->readers = readers_new(own);
	while (pace_wait(&w->pace, WATCH_MS)) {
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
	w->app = app;
	TRY(pace_start(&w->pace, app->arena, watch_thread, w));
	*ret = w;
	return NULL;
}

void watch_stop(struct watch *w)
{
	if (w) pace_stop(&w->pace);
}
