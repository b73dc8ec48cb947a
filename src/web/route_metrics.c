/* Per-route series, found by the route's address: a sorted table, made once. */
#include "web/metrics.h"
#include "web/route.h"

enum { CLASSES = 4 }; /* 2xx, 3xx, 4xx, 5xx */

struct series {
	const struct route *route;
	struct metric *answers[CLASSES], *time;
};

struct route_metrics {
	struct series *items; /* sorted by address */
	size_t count;
	struct series none;
	struct metric *arena;
};

static int by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct series *)a)->route,
			  y = (uintptr_t)((const struct series *)b)->route;
	return x < y ? -1 : x > y;
}

static void make_series(struct metrics *m, struct series *s, const struct route *route)
{
	static const char *const classes[CLASSES] = { "2xx", "3xx", "4xx", "5xx" };
	static const char *const methods[] = { [METHOD_GET] = "GET",
		[METHOD_POST] = "POST",
		[METHOD_PUT] = "PUT",
		[METHOD_DELETE] = "DELETE",
		[METHOD_OTHER] = "" };
	const char *path = route ? route->path : "", *method = route ? methods[route->method] : "";
	s->route = route;
	for (int i = 0; i < CLASSES; i++) {
		const char *labels[] = { "route", path, "method", method, "status", classes[i], NULL };
		s->answers[i] = metrics_add(m, METRIC_COUNTER, "http_requests_total",
			"Answers by route and class of status", labels);
	}
	const char *labels[] = { "route", path, "method", method, NULL };
	s->time = metrics_add(m, METRIC_SECONDS, "http_request_seconds", "From the header to the last byte sent",
		labels);
}

struct route_metrics *route_metrics_new(struct metrics *m, struct arena *a, const struct route *const *tables)
{
	struct route_metrics *rm = ARENA_NEW(a, struct route_metrics);
	size_t total = 0;
	for (const struct route *const *t = tables; *t; t++)
		for (const struct route *r = *t; r->path; r++)
			total++;
	rm->items = ARENA_ARRAY(a, struct series, total);
	for (const struct route *const *t = tables; *t; t++)
		for (const struct route *r = *t; r->path; r++)
			make_series(m, &rm->items[rm->count++], r);
	qsort(rm->items, rm->count, sizeof *rm->items, by_address);
	make_series(m, &rm->none, NULL);
	rm->arena = metrics_add(m, METRIC_BYTES, "http_arena_bytes", "Memory that one request took", NULL);
	return rm;
}

void route_metrics_count(struct route_metrics *rm, const struct route *route, int status, int64_t us,
	int64_t arena_bytes)
{
	struct series key = { .route = route };
	struct series *s = route && rm->count ? bsearch(&key, rm->items, rm->count, sizeof key, by_address)
										  : NULL;
	if (!s) s = &rm->none;
	int class = status < 300 ? 0 : status < 400 ? 1 : status < 500 ? 2 : 3;
	metric_add(s->answers[class], 1);
	metric_observe_us(s->time, us);
	metric_observe_bytes(rm->arena, arena_bytes);
}
