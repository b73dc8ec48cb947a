/*
 * What the program counts, in Prometheus' text format: counters, gauges, histograms with fixed buckets.
 *
 * Series are made at start (metrics_add) and live for ever, so that nobody outside can create one; counting
 * is an atomic addition. Gauges that somebody else knows (a queue's length) are read when the page is asked
 * for.
 */
#pragma once
#include "base/buf.h"
#include "base/err.h"

struct metrics;
struct metric; /* one series */
struct route;

enum metric_kind {
	METRIC_COUNTER,
	METRIC_GAUGE,
	METRIC_SECONDS, /* histogram of durations: 1, 2.5, 5, 10, 25, 50, 100, 250, 500 ms, 1, 2.5, 5, 10 s */
	METRIC_BYTES,   /* histogram of sizes: 1, 4, 16, 64, 256 KiB, 1, 4, 16, 64 MiB */
};

struct metrics *metrics_new(struct arena *a);
/* `name` "http_requests_total"; the same name again with other labels is another series of the family.
 * `labels`: pairs of name and value, ending with NULL, or NULL. Thread-safe; meant for start. All texts are
 * copied. */
struct metric *metrics_add(struct metrics *m, enum metric_kind kind, const char *name, const char *help,
	const char *const *labels);
/* A gauge or counter whose value is asked for at every scrape. `read` must be thread-safe. */
void metrics_add_source(struct metrics *m, enum metric_kind kind, const char *name, const char *help,
	const char *const *labels, int64_t (*read)(void *state), void *state);

/* NULL is fine in all of these and counts nothing. */
void metric_add(struct metric *s, int64_t n);           /* counter, gauge (may be negative) */
void metric_set(struct metric *s, int64_t value);       /* gauge */
void metric_observe_us(struct metric *s, int64_t us);   /* METRIC_SECONDS */
void metric_observe_bytes(struct metric *s, int64_t n); /* METRIC_BYTES */
int64_t metric_value(const struct metric *s);           /* histograms: the count; for tests */

/* The whole page; content type METRICS_TYPE. */
#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
struct str metrics_text(struct metrics *m, struct arena *a);

/* A row of series for each route: answers by class of status, and time. `tables` ends with NULL, each table
 * with a route whose path is NULL. Given to server_options.routes, the server counts. */
struct route_metrics;
struct route_metrics *route_metrics_new(struct metrics *m, struct arena *a,
	const struct route *const *tables);
/* `route` NULL: no route matched. */
void route_metrics_count(struct route_metrics *rm, const struct route *route, int status, int64_t us,
	int64_t arena_bytes);
