/*
 * Event streams over real sockets (WHATWG HTML, section 9.2, server-sent events): what is told and to whom, that nobody
 * who comes in between misses anything, and that every limit holds.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/test_serving.h"

enum { MANY = 1000, TOPIC = 7 };

static const char *const kinds[] = { "step", "document", NULL };

static struct streams *start(struct serving *s, struct test *t, struct streams_options options)
{
	struct streams_options *lasting = ARENA_NEW(t->arena, struct streams_options);
	*lasting = options;
	lasting->groups = 2;
	lasting->kinds = kinds;
	serving_start(s, t, (struct server_options){ .streams = lasting, .connection_bytes = 6144 });
	return server_streams(s->server);
}

static int ask(struct test *t, struct serving *s, const char *query)
{
	int fd = client_connect(t, s->port);
	client_send(t, fd, arena_printf(t->arena, "GET /stream?%s HTTP/1.1\r\nHost: town.test\r\n\r\n", query));
	return fd;
}

/* Reads until `what` has come; false when the connection ended before. */
static bool hear(int fd, struct buf *in, const char *what)
{
	char bytes[4096];
	while (str_find(buf_str(in), str_of(what)) < 0) {
		ssize_t n = recv(fd, bytes, sizeof bytes, 0);
		if (n <= 0) return false;
		buf_add(in, (struct str){ bytes, (size_t)n });
	}
	return true;
}

static void wait_open(struct streams *all, int n)
{
	while (streams_open(all) != n)
		sched_yield();
}

/* As the thread that reads the news does: from where the group has to be read, up to `until`, one each id. */
static void publish_up_to(struct streams *all, int64_t until, int64_t topic, int64_t from)
{
	int64_t after;
	uint64_t round;
	while (!streams_wanted(all, 0, &after, &round))
		sched_yield();
	struct stream_news news[256];
	size_t count = 0;
	for (int64_t id = after + 1; id <= until; id++)
		news[count++] = (struct stream_news){ id, { 1, topic }, 1u << (id % 2), from, id };
	streams_publish(all, 0, round, news, count, until);
}

TEST(streams_tell_what_comes_after_where_they_began)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .pause_ms = 1 });
	struct buf in = buf_new(t->arena, 100000);
	int fd = ask(t, &s, "tema=7&desde=40");
	CHECK(hear(fd, &in, "id: 40\n\n"));
	struct str head = buf_str(&in);
	CHECK(str_find(head, STR("HTTP/1.1 200")) == 0);
	CHECK(str_find(head, STR("Content-Type: text/event-stream\r\n")) > 0);
	CHECK(str_find(head, STR("Access-Control-Allow-Origin: http://town.test:8080\r\n")) > 0);
	CHECK(str_find(head, STR("Access-Control-Allow-Credentials: true\r\n")) > 0);
	CHECK(str_find(head, STR("Cache-Control: no-store\r\n")) > 0);
	CHECK(str_find(head, STR("X-Content-Type-Options: nosniff\r\n")) > 0);
	CHECK(str_find(head, STR("retry: ")) > 0);
	publish_up_to(all, 42, TOPIC, 0);
	CHECK(hear(fd, &in, "id: 42\nevent: changed\ndata: {\"n\":2,\"kinds\":[\"step\",\"document\"]}\n\n"));
	publish_up_to(all, 43, TOPIC + 1,
		0); /* nothing of its topic, but the next place to begin at is after it */
	publish_up_to(all, 44, TOPIC, 0);
	CHECK(hear(fd, &in, "id: 44\nevent: changed\ndata: {\"n\":1,\"kinds\":[\"step\"]}\n\n"));
	close(fd);
	serving_stop(&s);
}

TEST(streams_tell_nobody_of_what_they_did_themselves)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .pause_ms = 1 });
	struct buf mine = buf_new(t->arena, 10000), other = buf_new(t->arena, 10000);
	int a = ask(t, &s, "tema=7&desde=0&yo=5"), b = ask(t, &s, "tema=7&desde=0&yo=6");
	wait_open(all, 2);
	publish_up_to(all, 3, TOPIC, 5);
	CHECK(hear(b, &other, "\"n\":3"));
	publish_up_to(all, 4, TOPIC, 6);
	CHECK(hear(a, &mine, "\"n\":1"));
	CHECK(str_find(buf_str(&mine), STR("\"n\":3")) < 0);
	close(a);
	close(b);
	serving_stop(&s);
}

TEST(streams_tell_nobody_what_they_must_not_hear)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .pause_ms = 1 });
	struct buf deaf = buf_new(t->arena, 10000), other = buf_new(t->arena, 10000);
	int a = ask(t, &s, "tema=7&desde=0&sordo=2"), b = ask(t, &s, "tema=7&desde=0");
	wait_open(all, 2);
	publish_up_to(all, 3, TOPIC, 0);
	CHECK(hear(b, &other, "\"n\":3"));
	CHECK(hear(a, &deaf, "\"n\":2"));
	close(a);
	close(b);
	serving_stop(&s);
}

TEST(streams_say_at_once_what_was_missed)
{
	struct serving s;
	start(&s, t, (struct streams_options){ 0 });
	struct buf in = buf_new(t->arena, 10000);
	int fd = ask(t, &s, "tema=7&desde=40&faltan=12");
	CHECK(hear(fd, &in, "id: 40\nevent: changed\ndata: {\"n\":12,\"kinds\":[\"step\"]}\n\n"));
	close(fd);
	serving_stop(&s);
}

/* A burst is one message, and then one more with all that came in the pause. */
TEST(streams_add_up_what_comes_in_a_pause)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .pause_ms = 300 });
	struct buf in = buf_new(t->arena, 10000);
	int fd = ask(t, &s, "tema=7&desde=0");
	wait_open(all, 1);
	publish_up_to(all, 1, TOPIC, 0);
	CHECK(hear(fd, &in, "\"n\":1"));
	for (int64_t id = 2; id <= 6; id++)
		publish_up_to(all, id, TOPIC, 0);
	CHECK(hear(fd, &in, "id: 6\nevent: changed\ndata: {\"n\":5,"));
	close(fd);
	serving_stop(&s);
}

/* The sum of all "n" that were heard. */
static int64_t sum(struct str text)
{
	int64_t total = 0;
	for (ptrdiff_t at; (at = str_find(text, STR("\"n\":"))) >= 0;) {
		int64_t n = 0;
		text = str_slice(text, (size_t)at + 4, text.n);
		ptrdiff_t end = str_find_char(text, ',');
		must(str_to_int64(str_slice(text, 0, (size_t)end), 1, INT32_MAX, &n));
		total += n;
	}
	return total;
}

/* Streams that come with an older place than where reading is, in the middle of it: each hears all that came after its
 * place, once. Reading goes back for them, and what was read before they came is not taken. */
TEST(streams_miss_nothing_and_hear_nothing_twice)
{
	enum { STREAMS = 40, LAST = 120 };
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .pause_ms = 1 });
	int fds[STREAMS];
	struct buf in[STREAMS];
	int64_t after;
	uint64_t round;
	for (int i = 0; i < STREAMS; i++) {
		int64_t begin = i * 2 < 9 ? 0 : i * 2 - 9; /* further and further on, but always behind */
		in[i] = buf_new(t->arena, 100000);
		fds[i] = ask(t, &s, arena_printf(t->arena, "tema=7&desde=%lld", (long long)begin).p);
		if (i % 3 ==
			0) { /* read for those who were there; whether the newcomer is among them, nobody knows */
			while (!streams_wanted(all, 0, &after, &round))
				sched_yield();
			wait_open(all, i + 1);
			struct stream_news stale = { LAST + 1, { 1, TOPIC }, 1, 0, 0 };
			streams_publish(all, 0, round - 1, &stale, 1, LAST + 1);
		}
		publish_up_to(all, i * 2 + 1, TOPIC, 0);
	}
	wait_open(all, STREAMS);
	do {
		publish_up_to(all, LAST, TOPIC, 0);
		while (!streams_wanted(all, 0, &after, &round))
			sched_yield();
	} while (after < LAST);
	for (int i = 0; i < STREAMS; i++) {
		int64_t begin = i * 2 < 9 ? 0 : i * 2 - 9;
		CHECK(hear(fds[i], &in[i], arena_printf(t->arena, "id: %d\nevent: changed", LAST).p));
		CHECK(hear(fds[i], &in[i], "]}\n\n"));
		CHECK_INT(sum(buf_str(&in[i])), LAST - begin);
		close(fds[i]);
	}
	serving_stop(&s);
}

/* While the news after 10 were read somebody came who has to hear those after 5: what was read is not taken, or their
 * place would be passed. */
TEST(streams_are_read_for_from_the_place_of_who_is_furthest_back)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .pause_ms = 1 });
	struct buf in_a = buf_new(t->arena, 10000), in_b = buf_new(t->arena, 10000);
	struct stream_news news = { 11, { 1, TOPIC }, 1, 0, 0 };
	int64_t after;
	uint64_t round, newer;
	int a = ask(t, &s, "tema=7&desde=10");
	wait_open(all, 1);
	CHECK(streams_wanted(all, 0, &after, &round));
	CHECK_INT(after, 10);
	int b = ask(t, &s, "tema=7&desde=5");
	wait_open(all, 2);
	streams_publish(all, 0, round, &news, 1, 11);
	CHECK(streams_wanted(all, 0, &after, &newer));
	CHECK_INT(after, 5);
	publish_up_to(all, 12, TOPIC, 0);
	CHECK(hear(b, &in_b, "\"n\":7"));
	CHECK(hear(a, &in_a, "\"n\":2"));
	close(a);
	close(b);
	serving_stop(&s);
}

TEST(streams_of_a_thousand_hear_it_and_leave_nothing)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .pause_ms = 1 });
	static int fds[MANY];
	int64_t after;
	uint64_t round;
	CHECK(!streams_wanted(all, 0, &after, &round)); /* nobody listens: nothing is read */
	for (int i = 0; i < MANY; i++)
		fds[i] = ask(t, &s, i % 2 ? "tema=7&desde=10" : "tema=8&desde=10");
	wait_open(all, MANY);
	publish_up_to(all, 12, TOPIC, 0);
	publish_up_to(all, 13, TOPIC + 1, 0);
	for (int i = 0; i < MANY; i++) {
		struct buf in = buf_new(t->arena, 10000);
		CHECK(hear(fds[i], &in, i % 2 ? "{\"n\":2," : "{\"n\":1,"));
	}
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	wait_open(all, 0);
	CHECK(!streams_wanted(all, 0, &after, &round));
	serving_stop(&s);
}

TEST(streams_have_room_for_so_many)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .most = 2 });
	struct buf in = buf_new(t->arena, 10000);
	int a = ask(t, &s, "tema=7"), b = ask(t, &s, "tema=7");
	wait_open(all, 2);
	struct reply r = client_ask(t, s.port, STR("GET /stream?tema=7 HTTP/1.1\r\nHost: town.test\r\n\r\n"));
	CHECK_INT(r.status, 503);
	CHECK(!str_is_none(reply_header(&r, "retry-after")));
	close(a);
	wait_open(all, 1);
	int c = ask(t, &s, "tema=7");
	CHECK(hear(c, &in, "retry: "));
	close(b);
	close(c);
	serving_stop(&s);
}

TEST(streams_have_room_for_so_many_of_one_address)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .per_client = 2 });
	int a = ask(t, &s, "tema=7&cliente=192.0.2.1"), b = ask(t, &s, "tema=7&cliente=192.0.2.1");
	wait_open(all, 2);
	static const struct {
		const char *address;
		int status;
	} tries[] = { { "192.0.2.1", 503 }, { "2001:db8::1", 200 }, { "2001:db8::2", 200 },
		{ "2001:db8::3", 503 }, /* one /64 is one client */ { "", 200 } };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct buf in = buf_new(t->arena, 10000);
		int fd = ask(t, &s, arena_printf(t->arena, "tema=7&cliente=%s", tries[i].address).p);
		CHECK(hear(fd, &in, arena_printf(t->arena, "HTTP/1.1 %d", tries[i].status).p)); /* and stays open */
	}
	close(a);
	wait_open(all, 4);
	struct buf in = buf_new(t->arena, 10000);
	CHECK(hear(ask(t, &s, "tema=7&cliente=192.0.2.1"), &in, "HTTP/1.1 200"));
	close(b);
	serving_stop(&s);
}

TEST(streams_end_after_their_life)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .life_ms = 200 });
	struct buf in = buf_new(t->arena, 10000);
	int fd = ask(t, &s, "tema=7&desde=3");
	CHECK(hear(fd, &in, "\r\n0\r\n\r\n")); /* a whole answer: EventSource comes back */
	CHECK(client_is_closed(fd));
	wait_open(all, 0);
	close(fd);
	serving_stop(&s);
}

/* So that no proxy takes the connection for dead; the client's place goes on with it, without an event. */
TEST(streams_beat_with_the_place_they_are_at)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ .beat_ms = 50 });
	struct buf in = buf_new(t->arena, 10000);
	int fd = ask(t, &s, "tema=7&desde=3");
	wait_open(all, 1);
	publish_up_to(all, 9, TOPIC + 1, 0);
	CHECK(hear(fd, &in, "id: 9\n\n"));
	CHECK(str_find(buf_str(&in), STR("event:")) < 0);
	close(fd);
	serving_stop(&s);
}

TEST(streams_close_a_client_that_does_not_read)
{
	struct serving s;
	struct metrics *metrics = metrics_new(t->arena);
	struct streams *all = start(&s, t,
		(struct streams_options){ .pause_ms = 1, .slow_ms = 300, .metrics = metrics });
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)s.port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int slow = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), small = 1024;
	setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	CHECK(connect(slow, (struct sockaddr *)&to, sizeof to) == 0);
	client_send(t, slow, STR("GET /stream?tema=7 HTTP/1.1\r\nHost: town.test\r\n\r\n"));
	int quick = ask(t, &s, "tema=8");
	wait_open(all, 2);
	int64_t id = 0;
	while (streams_open(all) == 2)
		publish_up_to(all, ++id, TOPIC, 0);
	CHECK_INT(streams_open(all), 1);
	CHECK(str_find(metrics_text(metrics, t->arena), STR("streams_slow_total 1\n")) >= 0);
	struct buf in = buf_new(t->arena, 10000);
	publish_up_to(all, id + 1, TOPIC + 1, 0);
	CHECK(hear(quick, &in, "\"n\":1"));
	close(slow);
	close(quick);
	serving_stop(&s);
}

TEST(streams_end_when_the_server_does)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ 0 });
	struct buf in = buf_new(t->arena, 10000);
	int fd = ask(t, &s, "tema=7&desde=3");
	wait_open(all, 1);
	int64_t from_us = monotonic_us();
	CHECK(serving_drain(&s, 60 * 1000));
	CHECK(monotonic_us() - from_us < 30 * 1000 * 1000);
	CHECK(hear(fd, &in, "\r\n0\r\n\r\n"));
	close(fd);
	serving_stop(&s);
}

TEST(streams_cut_whoever_never_asks)
{
	struct serving s;
	struct streams_options options = { .groups = 1, .kinds = kinds };
	serving_start(&s, t, (struct server_options){ .streams = &options, .header_ms = 200 });
	int fd = client_connect(t, s.port);
	client_send(t, fd, STR("GET /stream?tema=7 HTTP/1.1\r\nHost: town.test\r\n"));
	CHECK(client_is_closed(fd));
	CHECK_INT(streams_open(server_streams(s.server)), 0);
	close(fd);
	serving_stop(&s);
}

TEST(streams_answer_head_without_staying)
{
	struct serving s;
	struct streams *all = start(&s, t, (struct streams_options){ 0 });
	int fd = client_connect(t, s.port);
	client_send(t, fd, STR("HEAD /stream?tema=7 HTTP/1.1\r\nHost: town.test\r\n\r\n"));
	struct reply r = client_receive(t, fd, true);
	CHECK_INT(r.status, 200);
	CHECK_STR(reply_header(&r, "content-type"), "text/event-stream");
	CHECK_INT(streams_open(all), 0);
	close(fd);
	serving_stop(&s);
}
