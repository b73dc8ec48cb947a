/* Starting, reloading and stopping the server; its defaults and its own metrics. */
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "web/loop.h"
#include "web/tls.h"

enum { SPARE_FILES = 256, LOOPS_MAX = 64, SPARE_THREADS = 16 };

static void fill(int64_t *value, int64_t otherwise)
{
	if (*value == 0) *value = otherwise;
}

/* Those that this process may run on: a container's or a service's share is often less than the machine. */
static int cores_of(void)
{
	cpu_set_t mine;
	if (sched_getaffinity(0, sizeof(mine), &mine) != 0)
		return LOOPS_MAX; /* more cores than the set has room for */
	int cores = CPU_COUNT(&mine);
	return cores > LOOPS_MAX ? LOOPS_MAX : cores;
}

static struct server_options with_defaults(const struct server_options *given)
{
	struct server_options o = *given;
	if (str_is_empty(o.address)) o.address = STR("127.0.0.1");
	if (o.loops == 0) o.loops = cores_of();
	if (o.connections_max == 0) o.connections_max = 10000;
	if (o.headers_max == 0) o.headers_max = 64;
	if (o.header_bytes_max == 0) o.header_bytes_max = 8192;
	if (o.connection_bytes == 0) o.connection_bytes = 16384;
	if (o.arena_max == 0) o.arena_max = (size_t)256 * 1024 * 1024;
	fill(&o.header_ms, 10000);
	fill(&o.idle_ms, 30000);
	fill(&o.linger_ms, 5000);
	fill(&o.request_ms, 30000);
	fill(&o.rate_min, 16384);
	fill(&o.held_ms, 10000);
	if (o.spare_threads == 0) o.spare_threads = SPARE_THREADS;
	if (o.spare_threads < 0) o.spare_threads = 0;
	return o;
}

/* Those that are told 503 are open too. */
static int files_of(const struct server_options *o) { return o->connections_max * 3 / 2 + SPARE_FILES; }

int server_files(const struct server_options *options)
{
	struct server_options o = with_defaults(options);
	return files_of(&o);
}

/* As many files as connections need; where the system gives fewer, fewer connections. */
static void fit_files(struct server_options *o)
{
	struct rlimit files;
	rlim_t wanted = (rlim_t)files_of(o) + (rlim_t)o->files_besides;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted) return;
	files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= wanted) return;
	int left = (int)files.rlim_cur - o->files_besides;
	int most = left > 2 * SPARE_FILES ? (left - SPARE_FILES) / 3 * 2 : SPARE_FILES / 2;
	log_event(LOG_WARN, "http.files", LOG_I("connections_max", most), LOG_I("wanted", o->connections_max));
	o->connections_max = most;
}

static int64_t connections_now(void *server) { return ((struct server *)server)->connections; }

static int64_t pool_queued(void *pool) { return pool_stats(pool).queued; }

static int64_t pool_refused(void *pool) { return pool_stats(pool).refused; }

static void add_metrics(struct server *s)
{
	struct metrics *m = s->options.metrics;
	if (!m) return;
	metrics_add_source(m, METRIC_GAUGE, "http_connections", "Open connections", NULL, connections_now, s);
	s->refused = metrics_add(m, METRIC_COUNTER, "http_connections_over_cap_total",
		"Connections that came when there was no room", NULL);
	s->cut = metrics_add(m, METRIC_COUNTER, "http_connections_cut_total", "Connections cut at a deadline",
		NULL);
	s->late = metrics_add(m, METRIC_COUNTER, "http_answers_late_total",
		"Requests that were not answered in time", NULL);
	if (!s->options.pool) return;
	metrics_add_source(m, METRIC_GAUGE, "pool_queue_length", "Jobs that wait for a worker", NULL, pool_queued,
		s->options.pool);
	metrics_add_source(m, METRIC_COUNTER, "pool_refused_total", "Jobs refused for a full queue", NULL,
		pool_refused, s->options.pool);
}

static struct err *open_loops(struct server *s, struct arena *a)
{
	for (int i = 0; i < s->loop_count; i++) {
		struct loop *loop = &s->loops[i];
		*loop = (struct loop){ .server = s,
			.index = i,
			.epoll_fd = -1,
			.listen_fd = -1,
			.work_end = &loop->work };
		loop->arena = arena_new((size_t)64 * 1024 * 1024);
		loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		must(loop->wake_fd >= 0);
		/* The first takes the port that was asked for, or a free one; the others the same. */
		TRY(loop_listen(loop, a, i == 0 ? s->options.port : s->port));
		TRY(loop_open(loop));
	}
	return NULL;
}

static void close_loops(struct server *s)
{
	for (int i = 0; i < s->loop_count && s->loops[i].arena; i++) {
		struct loop *loop = &s->loops[i];
		loop_shut(loop);
		close(loop->wake_fd);
		arena_free(loop->arena);
	}
	streams_free(s->streams);
}

struct err *server_start(struct arena *a, const struct server_options *options, struct server **ret)
{
	struct server *s = ARENA_NEW(a, struct server);
	must(options->hooks.begin && options->hooks.handle && options->hooks.clock);
	s->options = with_defaults(options);
	fit_files(&s->options);
	TRY(networks_parse(a, s->options.proxies, &s->proxies));
	if (!str_is_empty(s->options.tls_certificate))
		TRY(tls_new(a, s->options.tls_certificate, s->options.tls_key, &s->tls));
	s->loop_count = s->options.streams ? 1 : s->options.loops;
	s->loops = ARENA_ARRAY(a, struct loop, (size_t)s->loop_count);
	add_metrics(s);
	if (s->options.streams) TRY(streams_new(a, s->options.streams, &s->loops[0], &s->streams));

	struct err *failed = open_loops(s, a);
	failed = failed ? err_copy(a, failed) : relay_start(a, s, &s->relay);
	if (failed) {
		close_loops(s);
		return failed;
	}
	*ret = s;
	return NULL;
}

int server_port(const struct server *s) { return s->port; }

struct streams *server_streams(struct server *s) { return s->streams; }

struct err *server_reload(struct server *s, struct arena *a) { return s->tls ? tls_reload(s->tls, a) : NULL; }

bool server_stop(struct server *s, int64_t drain_ms)
{
	if (!s) return true;
	int64_t drained_by_us = monotonic_us() + drain_ms * 1000;
	s->drained_by_us = drained_by_us;
	s->stops = true;
	for (int i = 0; i < s->loop_count; i++)
		loop_wake(&s->loops[i]);
	if (!relay_wait(s->relay, drained_by_us + s->options.held_ms * 1000)) return false;
	relay_stop(s->relay);
	close_loops(s);
	return true;
}
