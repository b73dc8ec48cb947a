/* The metrics page, by the text format's own rules (Prometheus exposition format 0.0.4). */
#include "base/testing.h"
#include "web/metrics.h"
#include "web/route.h"

static int64_t seven(void *state)
{
	(void)state;
	return 7;
}

TEST(metrics_page_lists_families_and_series)
{
	struct metrics *m = metrics_new(t->arena);
	const char *a[] = { "kind", "a\"\\\n", NULL }, *b[] = { "kind", "b", "x", "y", NULL };
	struct metric *one = metrics_add(m, METRIC_COUNTER, "things_total", "Things", a);
	struct metric *level = metrics_add(m, METRIC_GAUGE, "level", "A level", NULL);
	struct metric *two = metrics_add(m, METRIC_COUNTER, "things_total", "Things", b);
	metrics_add_source(m, METRIC_GAUGE, "seven", "Seven", NULL, seven, NULL);
	metric_add(one, 2);
	metric_add(one, 1);
	metric_add(two, 5);
	metric_set(level, -4);
	metric_add(NULL, 1);
	CHECK_STR(metrics_text(m, t->arena),
		"# HELP things_total Things\n# TYPE things_total counter\n"
		"things_total{kind=\"a\\\"\\\\\\n\"} 3\nthings_total{kind=\"b\",x=\"y\"} 5\n"
		"# HELP level A level\n# TYPE level gauge\nlevel -4\n"
		"# HELP seven Seven\n# TYPE seven gauge\nseven 7\n");
}

TEST(metrics_histograms_are_cumulative)
{
	struct metrics *m = metrics_new(t->arena);
	const char *labels[] = { "route", "/", NULL };
	struct metric *time = metrics_add(m, METRIC_SECONDS, "time_seconds", "Time", labels);
	metric_observe_us(time, 1000); /* on a bound: inside it */
	metric_observe_us(time, 1001);
	metric_observe_us(time, 20000000);
	CHECK_INT(metric_value(time), 3);
	struct str page = metrics_text(m, t->arena);
	static const char *const lines[] = { "\ntime_seconds_bucket{route=\"/\",le=\"0.001\"} 1\n",
		"\ntime_seconds_bucket{route=\"/\",le=\"0.0025\"} 2\n",
		"\ntime_seconds_bucket{route=\"/\",le=\"10\"} 2\n",
		"\ntime_seconds_bucket{route=\"/\",le=\"+Inf\"} 3\n", "\ntime_seconds_sum{route=\"/\"} 20.002001\n",
		"\ntime_seconds_count{route=\"/\"} 3\n" };
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (str_find(page, str_of(lines[i])) < 0) test_fail(t, __FILE__, __LINE__, "missing: %s", lines[i]);
	struct metric *size = metrics_add(m, METRIC_BYTES, "size_bytes", "Size", NULL);
	metric_observe_bytes(size, 5000);
	page = metrics_text(m, t->arena);
	CHECK(str_find(page, STR("\nsize_bytes_bucket{le=\"4096\"} 0\nsize_bytes_bucket{le=\"16384\"} 1\n")) > 0);
	CHECK(str_find(page, STR("\nsize_bytes_sum 5000\nsize_bytes_count 1\n")) > 0);
}

TEST(metrics_count_by_route)
{
	static const struct route routes[] = { { .method = METHOD_GET, .path = "/a", .permission = 1 },
		{ .method = METHOD_POST, .path = "/a", .permission = 1 }, { .path = NULL } };
	const struct route *tables[] = { routes, NULL };
	struct metrics *m = metrics_new(t->arena);
	struct route_metrics *rm = route_metrics_new(m, t->arena, tables);
	route_metrics_count(rm, &routes[1], 303, 1500, 9000);
	route_metrics_count(rm, &routes[1], 200, 1500, 9000);
	route_metrics_count(rm, NULL, 404, 10, 100);
	route_metrics_count(rm, &routes[2], 500, 10, 100); /* not of the tables: counted as no route */
	struct str page = metrics_text(m, t->arena);
	static const char *const lines[] = {
		"\nhttp_requests_total{route=\"/a\",method=\"POST\",status=\"3xx\"} 1\n",
		"\nhttp_requests_total{route=\"/a\",method=\"POST\",status=\"2xx\"} 1\n",
		"\nhttp_requests_total{route=\"/a\",method=\"GET\",status=\"2xx\"} 0\n",
		"\nhttp_requests_total{route=\"\",method=\"\",status=\"4xx\"} 1\n",
		"\nhttp_requests_total{route=\"\",method=\"\",status=\"5xx\"} 1\n",
		"\nhttp_request_seconds_count{route=\"/a\",method=\"POST\"} 2\n", "\nhttp_arena_bytes_count 4\n"
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (str_find(page, str_of(lines[i])) < 0) test_fail(t, __FILE__, __LINE__, "missing: %s", lines[i]);
}
