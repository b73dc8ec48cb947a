#include "core/dispatch/access_log.h"
#include "core/dispatch/dispatch_internal.h"
#include "core/dispatch/watch.h"
#include "core/job/job.h"

enum {
	APP_ARENA_MAX = 256 * 1024 * 1024,
	POOL_THREADS = 4,
	POOL_QUEUE = 256,
	JOB_THREADS = 2,
	ROUTE_TABLES_MAX = 256
};

static struct err *thread_open(void *state, struct arena *a, void **ret)
{
	(void)state;
	*ret = readers_new(a);
	return NULL;
}

static void thread_close(void *state, void *thread_state)
{
	(void)state;
	readers_close(thread_state);
}

static struct instant machine_clock(void *state)
{
	const struct app *app = state;
	return town_now(app->towns[0].town); /* `begin` sets the clock of the town that is asked */
}

static const struct route *const *route_tables(struct arena *a)
{
	const struct route **tables = ARENA_ARRAY(a, const struct route *, ROUTE_TABLES_MAX);
	size_t count = 0;
	for (const struct module *const *m = modules; *m; m++) {
		must(count + 1 < ROUTE_TABLES_MAX);
		if ((*m)->routes) tables[count++] = (*m)->routes;
	}
	return tables;
}

static int64_t queued_of(void *state)
{
	const struct town *t = state;
	return writer_stats(t->writer).queued;
}

static int64_t commits_of(void *state)
{
	const struct town *t = state;
	return writer_stats(t->writer).commits;
}

static int64_t batches_of(void *state)
{
	const struct town *t = state;
	return writer_stats(t->writer).batches;
}

static int64_t retried_of(void *state)
{
	const struct town *t = state;
	return writer_stats(t->writer).retried;
}

static int64_t editions_of(void *state) { return town_stats(state).editions; }

static int64_t pack_versions_of(void *state) { return town_stats(state).pack_versions; }

static void add_metrics(struct app *app, struct town *t)
{
	const char *labels[] = { "town", arena_cz(app->arena, t->slug), NULL };
	metrics_add_source(app->metrics, METRIC_GAUGE, "writer_queue", "Commits waiting for the writer", labels,
		queued_of, t);
	metrics_add_source(app->metrics, METRIC_COUNTER, "writer_commits_total", "Commits made durable", labels,
		commits_of, t);
	metrics_add_source(app->metrics, METRIC_COUNTER, "writer_batches_total", "Batches, one fsync each",
		labels, batches_of, t);
	metrics_add_source(app->metrics, METRIC_COUNTER, "writer_retried_total",
		"Commits run again by themselves because their batch was lost", labels, retried_of, t);
	metrics_add_source(app->metrics, METRIC_GAUGE, "town_editions",
		"States of pack and keys that a request or job still holds, the current one included", labels,
		editions_of, t);
	metrics_add_source(app->metrics, METRIC_GAUGE, "town_pack_versions", "Versions of the pack in memory",
		labels, pack_versions_of, t);
}

static struct err *start_parts(struct app *app, const struct route *const *tables)
{
	struct arena *a = app->arena;
	const struct app_options *o = &app->options;
	struct limits_options limiting = { .trusted = o->trusted };
	TRY(limits_new(a, &limiting, &app->limits));
	struct str watchers = str_is_empty(o->metrics_networks) ? STR("127.0.0.0/8, ::1") : o->metrics_networks;
	TRY(networks_parse(a, watchers, &app->watchers));
	struct pool_options pooling = { .name = "pool",
		.threads = POOL_THREADS,
		.queue_max = POOL_QUEUE,
		.thread_open = thread_open,
		.thread_close = thread_close,
		.state = app };
	TRY(pool_start(a, &pooling, &app->pool));
	for (size_t i = 0; i < app->town_count; i++) {
		struct town *t = app->towns[i].town;
		t->app = app;
		t->limits = o->no_limits ? NULL : app->limits;
		app->towns[i].access = access_log_new(a, t);
		add_metrics(app, t);
		if (!o->no_jobs) TRY(jobs_start(a, t, JOB_THREADS, &app->towns[i].jobs));
	}
	TRY(watch_start(app, &app->watch));
	app->route_metrics = route_metrics_new(app->metrics, a, tables);
	struct server_options serving = { .address = o->address,
		.port = o->port,
		.loops = o->loops,
		.connections_max = o->connections,
		.tls_certificate = o->tls_certificate,
		.tls_key = o->tls_key,
		.proxies = o->proxies,
		.pool = app->pool,
		.metrics = app->metrics,
		.routes = app->route_metrics,
		.hooks = { .from_memory = dispatch_from_memory,
			.begin = dispatch_begin,
			.handle = dispatch_handle,
			.refuse = dispatch_refuse,
			.end = dispatch_end,
			.thread_open = thread_open,
			.thread_close = thread_close,
			.clock = machine_clock,
			.state = app } };
	TRY(server_start(a, &serving, &app->server));
	return o->streams.are_served ? dispatch_start_streams(app, &serving) : NULL;
}

struct err *app_start(struct arena *a, const struct app_options *options, struct town *const *towns,
	size_t count, struct app **ret)
{
	must(count > 0);
	struct arena *own = arena_new(APP_ARENA_MAX);
	struct app *app = ARENA_NEW(own, struct app);
	app->arena = own;
	app->options = *options;
	app->towns = ARENA_ARRAY(own, struct app_town, count);
	app->town_count = count;
	for (size_t i = 0; i < count; i++)
		app->towns[i].town = towns[i];
	app->metrics = metrics_new(own);
	const struct route *const *tables = route_tables(own);
	struct err *e = router_new(own, tables, &app->router);
	e = e ? e : start_parts(app, tables);
	if (e) {
		e = err_copy(a, e);
		must(app_stop(app, 0)); /* nothing was served */
		return e;
	}
	*ret = app;
	return NULL;
}

bool app_stop(struct app *app, int64_t drain_ms)
{
	if (!app) return true;
	bool is_over = dispatch_stop_streams(app);
	is_over &= server_stop(app->server, drain_ms);
	for (size_t i = 0; i < app->town_count && !is_over; i++)
		access_log_flush(app->towns[i].access);
	if (!is_over) return false;
	watch_stop(app->watch);
	for (size_t i = 0; i < app->town_count; i++) {
		access_log_stop(app->towns[i].access);
		jobs_stop(app->towns[i].jobs);
		app->towns[i].town->limits = NULL;
		app->towns[i].town->app = NULL;
	}
	pool_stop(app->pool);
	arena_free(app->arena);
	return true;
}
