/*
 * What a stream says and when; all of it belongs to the server's loop. The library asks for bytes (streams_read) and is
 * left alone, its connection suspended, while there is nothing to say; what is to be done at a time of its own is the
 * wire's deadline, which the loop looks at.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/adapter.h"
#include "web/entropy.h"
#include "web/siphash.h"
#include "web/streams_internal.h"

enum {
	GONE_AT_ONCE = 64,
	SEND_BUFFER_BYTES = 8192, /* the kernel's, for each: what a client does not read does not pile up there */
	UNANSWERED_MS = 60 * 1000, /* a machine that vanished without a word is given up after this */
};

/* --- beginning and end of all --------------------------------------------------------------------------- */

static void fill(int64_t *value, int64_t otherwise)
{
	if (*value == 0) *value = otherwise;
}

static int64_t open_now(void *streams) { return streams_open(streams); }

static void add_metrics(struct streams *s)
{
	struct metrics *m = s->options.metrics;
	if (!m) return;
	metrics_add_source(m, METRIC_GAUGE, "streams_open", "Event streams that are open", NULL, open_now, s);
	s->refused = metrics_add(m, METRIC_COUNTER, "streams_refused_total",
		"Event streams for which there was no room", NULL);
	s->slow = metrics_add(m, METRIC_COUNTER, "streams_slow_total",
		"Event streams closed because their client did not read", NULL);
	s->messages = metrics_add(m, METRIC_COUNTER, "streams_messages_total", "Messages given to event streams",
		NULL);
}

struct err *streams_new(struct arena *a, const struct streams_options *options, struct loop *loop,
	struct streams **ret)
{
	struct streams *s = ARENA_NEW(a, struct streams);
	must(options->groups > 0 && options->kinds);
	s->options = *options;
	if (s->options.most == 0) s->options.most = 20000;
	if (s->options.per_client == 0) s->options.per_client = 100;
	fill(&s->options.life_ms, 15 * 60 * 1000);
	fill(&s->options.beat_ms, 30 * 1000);
	fill(&s->options.pause_ms, 2 * 1000);
	fill(&s->options.slow_ms, 20 * 1000);
	fill(&s->options.retry_ms, 5 * 1000);
	s->loop = loop;
	s->groups = ARENA_ARRAY(a, struct group, (size_t)s->options.groups);
	s->gone_fd = epoll_create1(EPOLL_CLOEXEC);
	if (s->gone_fd < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "epoll: %m");
	must(pthread_mutex_init(&s->lock, NULL) == 0);
	entropy_fill(s->hash_key, sizeof s->hash_key);
	add_metrics(s);
	*ret = s;
	return NULL;
}

void streams_free(struct streams *s)
{
	if (!s) return;
	must(!s->first);
	for (int i = 0; i < s->options.groups; i++)
		free(s->groups[i].waiting.news);
	close(s->gone_fd);
	pthread_mutex_destroy(&s->lock);
}

int streams_fd(const struct streams *s) { return s->gone_fd; }

int streams_open(struct streams *s) { return s->open; }

/* --- by topic, by address -------------------------------------------------------------------------------- */

static size_t bucket_of(const struct streams *s, const void *key, size_t n)
{
	return siphash(s->hash_key, (struct str){ key, n }) % BUCKETS;
}

struct subscription **stream_topic_bucket(struct streams *s, int group, struct stream_topic topic)
{
	int64_t key[3] = { group, topic.kind, topic.id };
	return &s->topics[bucket_of(s, key, sizeof key)];
}

static void subscribe(struct stream *stream, struct stream_topic topic)
{
	struct subscription *sub = &stream->topics[stream->topic_count++];
	struct subscription **bucket = stream_topic_bucket(stream->all, stream->group, topic);
	*sub = (struct subscription){ .topic = topic, .stream = stream, .next = *bucket, .link = bucket };
	if (sub->next) sub->next->link = &sub->next;
	*bucket = sub;
}

static void unsubscribe(struct subscription *sub)
{
	*sub->link = sub->next;
	if (sub->next) sub->next->link = sub->link;
}

/* The address's count, one higher; NULL when it has all it may have. */
static struct client *count_client(struct streams *s, const struct address *address)
{
	struct client **bucket = &s->clients[bucket_of(s, address, sizeof *address)], *c = *bucket;
	while (c && memcmp(&c->address, address, sizeof *address) != 0)
		c = c->next;
	if (c && c->streams >= s->options.per_client) return NULL;
	if (!c) {
		c = calloc(1, sizeof *c);
		must(c);
		*c = (struct client){ .address = *address, .next = *bucket, .link = bucket };
		if (c->next) c->next->link = &c->next;
		*bucket = c;
	}
	c->streams++;
	return c;
}

static void discount_client(struct client *c)
{
	if (!c || --c->streams > 0) return;
	*c->link = c->next;
	if (c->next) c->next->link = c->link;
	free(c);
}

/* --- one stream ------------------------------------------------------------------------------------------ */

/* Between low and high, by chance. */
static int64_t dice(int64_t low, int64_t high)
{
	uint64_t noise;
	entropy_fill(&noise, sizeof noise);
	return high > low ? low + (int64_t)(noise % (uint64_t)(high - low + 1)) : low;
}

static int64_t next_beat(const struct streams *s, int64_t now_us)
{
	int64_t ms = s->options.beat_ms;
	return now_us + dice(ms - ms / 5, ms + ms / 5) * 1000;
}

void stream_set_deadline(struct stream *stream, int64_t now_us)
{
	int64_t at_us = now_us + stream->all->options.slow_ms * 1000;
	if (stream->is_idle) {
		at_us = stream->ends_us < stream->beat_us ? stream->ends_us : stream->beat_us;
		if (stream->count > 0 && stream->quiet_us < at_us) at_us = stream->quiet_us;
	}
	stream->wire->deadline_us = at_us;
}

void stream_wake(struct stream *stream, int64_t now_us)
{
	if (!stream->is_idle) return;
	stream->is_idle = false;
	stream_set_deadline(stream, now_us);
	adapter_wake(stream->all->loop, stream->wire->connection);
}

static bool has_room(struct streams *s, const struct stream_plan *plan, struct client **ret_client)
{
	struct address address;
	*ret_client = NULL;
	if (s->is_draining || s->open >= s->options.most) return false;
	if (str_is_none(plan->client) || !address_parse(plan->client, &address)) return true;
	address = address_counted(&address);
	*ret_client = count_client(s, &address);
	return *ret_client != NULL;
}

/* Small buffers, an end for peers that vanished, and word of those that leave. */
static void prepare_socket(struct stream *stream)
{
	int bytes = SEND_BUFFER_BYTES, fd = stream->wire->fd;
	unsigned unanswered = UNANSWERED_MS;
	struct epoll_event event = { .events = EPOLLRDHUP | EPOLLET, .data.ptr = stream };
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered, sizeof unanswered);
	must(epoll_ctl(stream->all->gone_fd, EPOLL_CTL_ADD, fd, &event) == 0);
}

static void be_deaf(struct stream *stream, const struct stream_plan *plan)
{
	if (plan->deaf_count == 0) return;
	stream->deaf_to = malloc(plan->deaf_count * sizeof *stream->deaf_to);
	must(stream->deaf_to);
	memcpy(stream->deaf_to, plan->deaf_to, plan->deaf_count * sizeof *stream->deaf_to);
	stream->deaf_count = plan->deaf_count;
}

struct stream *streams_begin(struct streams *s, struct wire *wire, const struct stream_plan *plan)
{
	struct client *client;
	int64_t now_us = monotonic_us();
	must(plan->group >= 0 && plan->group < s->options.groups && plan->topic_count <= STREAM_TOPICS_MAX);
	if (!has_room(s, plan, &client)) {
		metric_add(s->refused, 1);
		return NULL;
	}
	struct stream *stream = calloc(1, sizeof *stream + plan->topic_count * sizeof stream->topics[0]);
	must(stream);
	*stream = (struct stream){ .all = s,
		.wire = wire,
		.client = client,
		.next = s->first,
		.link = &s->first,
		.told = plan->after,
		.self = plan->self,
		.count = plan->missed,
		.kinds = plan->missed_kinds,
		.ends_us = now_us + dice(s->options.life_ms * 2 / 3, s->options.life_ms) * 1000,
		.beat_us = next_beat(s, now_us),
		.group = plan->group,
		.is_new = true };
	be_deaf(stream, plan);
	if (stream->next) stream->next->link = &stream->next;
	s->first = stream;
	for (size_t i = 0; i < plan->topic_count; i++)
		subscribe(stream, plan->topics[i]);
	stream_join_group(stream);
	prepare_socket(stream);
	stream_set_deadline(stream, now_us);
	s->open++;
	return stream;
}

void streams_end(struct stream *stream)
{
	struct streams *s = stream->all;
	epoll_ctl(s->gone_fd, EPOLL_CTL_DEL, stream->wire->fd, NULL);
	stream_leave_group(stream);
	for (int i = 0; i < stream->topic_count; i++)
		unsubscribe(&stream->topics[i]);
	discount_client(stream->client);
	*stream->link = stream->next;
	if (stream->next) stream->next->link = stream->link;
	s->open--;
	free(stream->deaf_to);
	free(stream);
}

void streams_due(struct stream *stream, int64_t now_us)
{
	if (!stream->is_idle) {
		metric_add(stream->all->slow, 1);
		loop_cut(stream->wire);
		return;
	}
	if (now_us >= stream->ends_us) stream->is_ending = true;
	if (now_us >= stream->beat_us) stream->has_beat = true;
	stream_wake(stream, now_us);
}

void streams_drain(struct streams *s)
{
	int64_t now_us = monotonic_us();
	s->is_draining = true;
	for (struct stream *stream = s->first; stream; stream = stream->next) {
		stream->is_ending = true;
		stream_wake(stream, now_us);
	}
}

/* --- what it says ---------------------------------------------------------------------------------------- */

/* Up to which id it has heard everything. */
static int64_t place_of(const struct stream *stream)
{
	const struct group *g = &stream->all->groups[stream->group];
	return g->heard > stream->from && g->heard_until > stream->told ? g->heard_until : stream->told;
}

static void write_kinds(struct buf *out, const char *const *names, uint32_t kinds)
{
	const char *before = "";
	for (int i = 0; names[i]; i++) {
		if (!(kinds >> i & 1)) continue;
		buf_printf(out, "%s\"%s\"", before, names[i]);
		before = ",";
	}
}

static void write_message(struct stream *stream, struct buf *out, int64_t now_us)
{
	const struct streams_options *o = &stream->all->options;
	buf_printf(out, "id: %lld\nevent: changed\ndata: {\"n\":%lld,\"kinds\":[", (long long)place_of(stream),
		(long long)stream->count);
	write_kinds(out, o->kinds, stream->kinds);
	buf_add(out, STR("]}\n\n"));
	stream->count = 0;
	stream->kinds = 0;
	stream->quiet_us = now_us + o->pause_ms * 1000;
	metric_add(stream->all->messages, 1);
}

int streams_read(struct stream *stream, char *bytes, size_t max)
{
	struct streams *s = stream->all;
	struct buf out = { .p = bytes, .capacity = max, .max = max - 1 };
	int64_t now_us = monotonic_us();
	if (stream->wire->is_cut || max < STREAM_MESSAGE_MAX) return -1;
	if (stream->is_new)
		buf_printf(&out, "retry: %lld\nid: %lld\n\n",
			(long long)dice(s->options.retry_ms, 2 * s->options.retry_ms), (long long)stream->told);
	if (stream->count > 0 && (now_us >= stream->quiet_us || stream->has_beat || stream->is_ending))
		write_message(stream, &out, now_us);
	else if (stream->has_beat)
		buf_printf(&out, "id: %lld\n\n", (long long)place_of(stream));
	stream->is_new = false;
	if (stream->has_beat) stream->beat_us = next_beat(s, now_us);
	stream->has_beat = false;
	if (out.n == 0 && stream->is_ending) return -1;
	stream->is_idle = out.n == 0;
	stream_set_deadline(stream, now_us);
	return (int)out.n;
}

/* --- each turn ---------------------------------------------------------------------------------------- */

/* A client that ends its half of the connection has left: nobody else does so. */
static void let_go(struct streams *s)
{
	struct epoll_event gone[GONE_AT_ONCE];
	int n = epoll_wait(s->gone_fd, gone, GONE_AT_ONCE, 0);
	for (int i = 0; i < n; i++) {
		struct stream *stream = gone[i].data.ptr;
		loop_cut(stream->wire);
		stream_wake(stream, monotonic_us());
	}
}

void streams_turn(struct streams *s)
{
	if (atomic_exchange(&s->has_batches, false)) streams_tell(s);
	let_go(s);
}
