#include "base/log.h"
#include "core/dispatch/pace.h"
#include "core/dispatch/readers.h"
#include "core/feed/feed.h"
#include "core/feed/hub.h"

enum { ARENA_MAX = 16 * 1024 * 1024, READ_MS = 5000, PAGE = 500 };

struct hub {
	struct app *app;
	struct streams *streams;
	struct readers *readers;
	bool *is_failing; /* by town: its reason was logged */
	struct pace pace;
};

static struct err *read_after(struct hub *h, const struct town *t, int64_t after, struct arena *a,
	struct event_after_rows *ret)
{
	struct db *db;
	TRY(readers_get(h->readers, a, t, &db));
	db_set_deadline(db, monotonic_us() + READ_MS * 1000);
	struct err *e = event_after(db, a, &(struct event_after_in){ .after = after }, ret);
	db_set_deadline(db, 0);
	return e;
}

/* Whether there is more to be read at once. */
static bool look(struct hub *h, size_t at, struct arena *a)
{
	const struct town *t = h->app->towns[at].town;
	struct event_after_rows rows;
	int64_t after;
	uint64_t round;
	if (!streams_wanted(h->streams, (int)at, &after, &round)) return false;
	struct err *e = read_after(h, t, after, a, &rows);
	if (e && !h->is_failing[at]) log_error("feed.read", e, t->slug);
	h->is_failing[at] = e != NULL;
	if (e || rows.count == 0) return false;
	struct stream_news *news = ARENA_ARRAY(a, struct stream_news, rows.count * FEED_NEWS_MAX);
	size_t count = 0;
	for (size_t i = 0; i < rows.count; i++)
		count += feed_news_of(&rows.items[i], news + count);
	streams_publish(h->streams, (int)at, round, news, count, rows.items[rows.count - 1].id);
	return rows.count == PAGE;
}

static void *hub_thread(void *argument)
{
	struct hub *h = argument;
	struct arena *own = arena_new(ARENA_MAX), *work = arena_new(ARENA_MAX);
	int64_t pause_ms = HUB_MS;
	h->readers = readers_new(own);
	while (pace_wait(&h->pace, pause_ms)) {
		bool is_more = false;
		for (size_t i = 0; i < h->app->town_count; i++) {
			is_more |= look(h, i, work);
			arena_reset(work);
		}
		pause_ms = is_more ? HUB_MS / 10 : HUB_MS;
	}
	readers_close(h->readers);
	arena_free(work);
	arena_free(own);
	return NULL;
}

struct err *hub_start(struct app *app, struct hub **ret)
{
	struct hub *h = ARENA_NEW(app->arena, struct hub);
	h->app = app;
	h->streams = server_streams(app->streams);
	h->is_failing = ARENA_ARRAY(app->arena, bool, app->town_count);
	TRY(pace_start(&h->pace, app->arena, hub_thread, h));
	*ret = h;
	return NULL;
}

void hub_stop(struct hub *h)
{
	if (h) pace_stop(&h->pace);
}
