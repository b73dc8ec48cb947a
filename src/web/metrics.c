/*
 * Metrics: families of series, each series a handful of atomics. Only metrics_add and the page take the lock.
 * Start at metrics_add() and metrics_text().
 */
#include <pthread.h>
#include <stdatomic.h>

#include "web/metrics.h"

enum { BUCKETS_MAX = 13, PAGE_MAX = 16 * 1024 * 1024, LABELS_MAX = 2000 };

static const int64_t seconds_us[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000,
	2500000, 5000000, 10000000 };
static const int64_t sizes[] = { 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20,
	64 << 20 };

struct metric {
	enum metric_kind kind;
	struct str labels;     /* `a="b",c="d"` or "" */
	_Atomic int64_t value; /* histograms: the count */
	_Atomic int64_t sum;
	_Atomic int64_t buckets[BUCKETS_MAX]; /* not cumulative here; the page adds them up */
	int64_t (*read)(void *state);
	void *state;
	struct metric *next;
};

struct family {
	struct str name, help;
	enum metric_kind kind;
	struct metric *series, **end;
	struct family *next;
};

struct metrics {
	struct arena *arena;
	pthread_mutex_t lock;
	struct family *families, **end;
};

static void destroy_lock(void *metrics) { pthread_mutex_destroy(&((struct metrics *)metrics)->lock); }

struct metrics *metrics_new(struct arena *a)
{
	struct metrics *m = ARENA_NEW(a, struct metrics);
	m->arena = a;
	m->end = &m->families;
	must(pthread_mutex_init(&m->lock, NULL) == 0);
	arena_defer(a, destroy_lock, m);
	return m;
}

static struct family *family_of(struct metrics *m, enum metric_kind kind, const char *name, const char *help)
{
	for (struct family *f = m->families; f; f = f->next) {
		if (!str_eq(f->name, str_of(name))) continue;
		must(f->kind == kind);
		return f;
	}
	struct family *f = ARENA_NEW(m->arena, struct family);
	f->name = arena_cstr(m->arena, name);
	f->help = arena_cstr(m->arena, help);
	f->kind = kind;
	f->end = &f->series;
	*m->end = f;
	m->end = &f->next;
	return f;
}

/* In a label's value, backslash, quote and line end are escaped. */
static struct str labels_text(struct arena *a, const char *const *labels)
{
	struct buf out = buf_new(a, LABELS_MAX);
	for (; labels && labels[0]; labels += 2) {
		buf_printf(&out, "%s%s=\"", out.n ? "," : "", labels[0]);
		for (const char *c = labels[1]; *c; c++) {
			if (*c == '\n') {
				buf_add(&out, STR("\\n"));
				continue;
			}
			if (*c == '\\' || *c == '"') buf_add_char(&out, '\\');
			buf_add_char(&out, *c);
		}
		buf_add_char(&out, '"');
	}
	must(!buf_overflowed(&out));
	return buf_str(&out);
}

static struct metric *add_series(struct metrics *m, enum metric_kind kind, const char *name, const char *help,
	const char *const *labels, int64_t (*read)(void *state), void *state)
{
	pthread_mutex_lock(&m->lock);
	struct family *f = family_of(m, kind, name, help);
	struct metric *s = ARENA_NEW(m->arena, struct metric);
	s->kind = kind;
	s->labels = labels_text(m->arena, labels);
	s->read = read;
	s->state = state;
	*f->end = s;
	f->end = &s->next;
	pthread_mutex_unlock(&m->lock);
	return s;
}

struct metric *metrics_add(struct metrics *m, enum metric_kind kind, const char *name, const char *help,
	const char *const *labels)
{
	return add_series(m, kind, name, help, labels, NULL, NULL);
}

void metrics_add_source(struct metrics *m, enum metric_kind kind, const char *name, const char *help,
	const char *const *labels, int64_t (*read)(void *state), void *state)
{
	must(kind == METRIC_COUNTER || kind == METRIC_GAUGE);
	add_series(m, kind, name, help, labels, read, state);
}

static void count(_Atomic int64_t *at, int64_t n) { atomic_fetch_add_explicit(at, n, memory_order_relaxed); }

void metric_add(struct metric *s, int64_t n)
{
	if (s) count(&s->value, n);
}

void metric_set(struct metric *s, int64_t value)
{
	if (s) atomic_store_explicit(&s->value, value, memory_order_relaxed);
}

static void observe(struct metric *s, int64_t n, const int64_t *bounds, size_t bound_count)
{
	size_t i = 0;
	while (i < bound_count && n > bounds[i])
		i++;
	if (i < bound_count) count(&s->buckets[i], 1);
	count(&s->sum, n);
	count(&s->value, 1);
}

void metric_observe_us(struct metric *s, int64_t us)
{
	if (s) observe(s, us, seconds_us, sizeof seconds_us / sizeof *seconds_us);
}

void metric_observe_bytes(struct metric *s, int64_t n)
{
	if (s) observe(s, n, sizes, sizeof sizes / sizeof *sizes);
}

int64_t metric_value(const struct metric *s)
{
	return s ? atomic_load_explicit(&s->value, memory_order_relaxed) : 0;
}

/* Microseconds as seconds, without floats: "0.0025", "1". */
static void add_seconds(struct buf *out, int64_t us)
{
	char text[32];
	int n = snprintf(text, sizeof text, "%lld.%06lld", (long long)(us / 1000000), (long long)(us % 1000000));
	while (text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.') n--;
	buf_add(out, (struct str){ text, (size_t)n });
}

static void add_number(struct buf *out, enum metric_kind kind, int64_t n)
{
	if (kind == METRIC_SECONDS)
		add_seconds(out, n);
	else
		buf_add_int(out, n);
}

static void add_histogram(struct buf *out, const struct family *f, const struct metric *s)
{
	bool is_time = f->kind == METRIC_SECONDS;
	const int64_t *bounds = is_time ? seconds_us : sizes;
	size_t bound_count = is_time ? sizeof seconds_us / sizeof *seconds_us : sizeof sizes / sizeof *sizes;
	const char *comma = s->labels.n ? "," : "";
	int64_t below = 0, total = metric_value(s);
	for (size_t i = 0; i < bound_count; i++) {
		below += atomic_load_explicit(&s->buckets[i], memory_order_relaxed);
		buf_printf(out, "%.*s_bucket{%.*s%sle=\"", STR_FMT(f->name), STR_FMT(s->labels), comma);
		add_number(out, f->kind, bounds[i]);
		buf_printf(out, "\"} %lld\n", (long long)below);
	}
	if (total < below) total = below; /* counted between the two readings */
	buf_printf(out, "%.*s_bucket{%.*s%sle=\"+Inf\"} %lld\n", STR_FMT(f->name), STR_FMT(s->labels), comma,
		(long long)total);
	const char *open = s->labels.n ? "{" : "", *close = s->labels.n ? "}" : "";
	buf_printf(out, "%.*s_sum%s%.*s%s ", STR_FMT(f->name), open, STR_FMT(s->labels), close);
	add_number(out, f->kind, atomic_load_explicit(&s->sum, memory_order_relaxed));
	buf_printf(out, "\n%.*s_count%s%.*s%s %lld\n", STR_FMT(f->name), open, STR_FMT(s->labels), close,
		(long long)total);
}

static void add_plain(struct buf *out, const struct family *f, const struct metric *s)
{
	int64_t value = s->read ? s->read(s->state) : metric_value(s);
	buf_add(out, f->name);
	if (s->labels.n) buf_printf(out, "{%.*s}", STR_FMT(s->labels));
	buf_printf(out, " %lld\n", (long long)value);
}

struct str metrics_text(struct metrics *m, struct arena *a)
{
	static const char *const types[] = { [METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_SECONDS] = "histogram",
		[METRIC_BYTES] = "histogram" };
	struct buf out = buf_new(a, PAGE_MAX);
	pthread_mutex_lock(&m->lock);
	for (const struct family *f = m->families; f; f = f->next) {
		buf_printf(&out, "# HELP %.*s %.*s\n# TYPE %.*s %s\n", STR_FMT(f->name), STR_FMT(f->help),
			STR_FMT(f->name), types[f->kind]);
		for (const struct metric *s = f->series; s; s = s->next) {
			if (f->kind == METRIC_SECONDS || f->kind == METRIC_BYTES)
				add_histogram(&out, f, s);
			else
				add_plain(&out, f, s);
		}
	}
	pthread_mutex_unlock(&m->lock);
	return buf_str(&out);
}
