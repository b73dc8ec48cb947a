/*
 * Time and room: deadlines that trickling does not move, a full server that says so, an end that loses
 * nothing.
 */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "web/test_serving.h"

#define HOST "Host: town.test\r\n"
#define HELLO "GET /hello HTTP/1.1\r\n" HOST "\r\n"

/* Sends one byte of `bytes` each 20 ms until the other side hangs up; the time it took. */
static int64_t trickle(struct test *t, int fd, struct str bytes)
{
	int64_t from_us = monotonic_us();
	struct pollfd closed = { .fd = fd, .events = POLLIN };
	for (size_t i = 0; poll(&closed, 1, 20) == 0; i++) {
		if (i == bytes.n) {
			test_fail(t, __FILE__, __LINE__, "all was sent and nobody hung up");
			break;
		}
		if (!client_try_send(fd, str_slice(bytes, i, i + 1))) break;
	}
	return monotonic_us() - from_us;
}

TEST(server_cuts_a_head_that_trickles)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ .header_ms = 300 });
	int fd = client_connect(t, s.port);
	struct str head = arena_printf(t->arena, "GET / HTTP/1.1\r\n" HOST "X: %01000d", 1);
	int64_t us = trickle(t, fd, head);
	CHECK(us >= 300 * 1000);
	CHECK(us < 5 * 1000 * 1000);
	CHECK(client_is_closed(fd));
	close(fd);
	serving_stop(&s);
}

/* Found by the fuzzer: the HTTP library does not notice a client's end that comes with its last bytes (RFC 9112 section
 * 9.6), and kept the connection until the idle deadline. */
static void check_ends_with_its_client(struct test *t, const char *said, int answers)
{
	struct serving s;
	serving_start(&s, t,
		(struct server_options){ .idle_ms = 10 * CLIENT_PATIENCE_MS,
			.header_ms = 10 * CLIENT_PATIENCE_MS,
			.request_ms = 10 * CLIENT_PATIENCE_MS });
	int gate = client_connect(t, s.port), fd = client_connect(t, s.port);
	client_send(t, gate, STR("GET /gate HTTP/1.1\r\n" HOST "\r\n"));
	serving_wait_gate(&s);
	client_send(t, fd, str_of(said));
	shutdown(fd, SHUT_WR);
	serving_open_gate(&s);
	for (int i = 0; i < answers; i++)
		CHECK_INT(client_receive(t, fd, false).status, 200);
	CHECK(client_is_closed(fd));
	close(fd);
	close(gate);
	serving_stop(&s);
}

TEST(server_ends_a_connection_whose_client_asked_and_left)
{
	check_ends_with_its_client(t, HELLO, 1);
	check_ends_with_its_client(t, HELLO "GE", 1);
}

TEST(server_ends_a_connection_whose_client_left_in_the_middle)
{
	check_ends_with_its_client(t, "GET /he", 0);
	check_ends_with_its_client(t, "POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbo", 0);
}

/* A body that is refused unread, more of it than the server has room for, behind requests that were answered. */
static int say_too_much(struct test *t, struct serving *s, int answers)
{
	int fd = client_connect_narrow(t, s->port);
	struct buf said = buf_new(t->arena, 1 << 20);
	for (int i = 0; i < answers; i++)
		buf_add(&said, STR(HELLO));
	buf_add(&said, STR("POST /private HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n10000\r\n"));
	buf_add(&said, arena_printf(t->arena, "%0*d", 0x10000, 0));
	client_send(t, fd, buf_str(&said));
	serving_wait_ended(s, answers + 1);
	client_ask(t, s->port, STR(HELLO)); /* the server has gone on since */
	return fd;
}

/* All that comes until the connection ends. */
static struct str hear_all(struct test *t, int fd)
{
	struct buf heard = buf_new(t->arena, 1 << 20);
	char bytes[4096];
	ssize_t n;
	while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
		buf_add(&heard, (struct str){ bytes, (size_t)n });
	if (n != 0) test_fail(t, __FILE__, __LINE__, "it broke off after %zu bytes", heard.n);
	return buf_str(&heard);
}

/* Found by the fuzzer. RFC 9112 section 9.6: who closes while the client still sends has the last answers lost. */
TEST(server_lets_a_client_read_why_its_connection_ends)
{
	enum { ANSWERS = 16 };
	struct serving s;
	serving_start(&s, t, (struct server_options){ .linger_ms = 10 * CLIENT_PATIENCE_MS });
	int fd = say_too_much(t, &s, ANSWERS);
	client_send(t, fd, STR("and more"));
	struct str heard = hear_all(t, fd);
	for (int i = 0; i < ANSWERS; i++) {
		ptrdiff_t at = str_find(heard, STR("HTTP/1.1 200 "));
		CHECK(at >= 0);
		heard = str_slice(heard, (size_t)at + 1, heard.n);
	}
	CHECK(str_find(heard, STR("HTTP/1.1 403 ")) > 0);
	CHECK(str_find(heard, STR("Connection: close\r\n")) > 0);
	close(fd);
	CHECK(serving_drain(&s, 10 * CLIENT_PATIENCE_MS));
	serving_stop(&s);
}

TEST(server_does_not_linger_for_ever)
{
	struct serving s;
	char bytes[4096] = { 0 };
	serving_start(&s, t, (struct server_options){ .linger_ms = 200 });
	int fd = say_too_much(t, &s, 0);
	int64_t from_us = monotonic_us();
	while (client_try_send(fd, (struct str){ bytes, sizeof bytes })) /* until nobody is there */
		CHECK(monotonic_us() - from_us < CLIENT_PATIENCE_MS * 1000);
	close(fd);
	serving_stop(&s);
}

TEST(server_has_room_before_it_lingers)
{
	struct serving s;
	serving_start(&s, t,
		(struct server_options){ .linger_ms = 10 * CLIENT_PATIENCE_MS, .connections_max = 2 });
	int ended = say_too_much(t, &s, 0), first = client_connect(t, s.port);
	client_send(t, first, STR(HELLO));
	CHECK_INT(client_receive(t, first, false).status, 200);
	CHECK_INT(client_ask(t, s.port, STR(HELLO)).status, 200); /* the third */
	client_send(t, first, STR(HELLO));
	CHECK_INT(client_receive(t, first, false).status, 200);
	close(ended);
	close(first);
	serving_stop(&s);
}

/* 4,000 bytes at 50 a second would take 80 s, and each byte comes well within any inactivity timeout. */
TEST(server_cuts_a_body_that_trickles_and_serves_the_others)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ .request_ms = 500, .rate_min = 1 << 20 });
	int slow = client_connect(t, s.port), quick = client_connect(t, s.port);
	client_send(t, slow,
		STR("POST /form HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
			"Content-Length: 4000\r\n\r\n"));
	int64_t longest_us = 0, from_us = monotonic_us();
	struct pollfd closed = { .fd = slow, .events = POLLIN };
	while (poll(&closed, 1, 20) == 0 && client_try_send(slow, STR("a"))) {
		int64_t asked_us = monotonic_us();
		client_send(t, quick, STR(HELLO));
		CHECK_INT(client_receive(t, quick, false).status, 200);
		int64_t took_us = monotonic_us() - asked_us;
		if (took_us > longest_us) longest_us = took_us;
		CHECK(monotonic_us() - from_us < 10 * 1000 * 1000);
	}
	CHECK(client_is_closed(slow));
	CHECK(monotonic_us() - from_us >= 450 * 1000);
	CHECK(longest_us < 400 * 1000);
	close(slow);
	close(quick);
	serving_stop(&s);
}

TEST(server_cuts_a_reader_that_trickles)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ .request_ms = 500, .rate_min = 1LL << 40 });
	int fd = client_connect(t, s.port), small = 4096, ended = serving_ended(&s);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	client_send(t, fd, STR("GET /large HTTP/1.1\r\n" HOST "\r\n"));
	char byte;
	struct pollfd never = { .fd = -1 };
	while (serving_ended(&s) == ended) {
		if (recv(fd, &byte, 1, 0) <= 0) break;
		poll(&never, 1, 20); /* the pace of this client, not a wait for the server */
	}
	serving_wait_ended(&s, ended + 1);
	CHECK_INT(client_ask(t, s.port, STR(HELLO)).status, 200);
	close(fd);
	serving_stop(&s);
}

TEST(server_closes_idle_connections)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ .idle_ms = 100 });
	int fd = client_connect(t, s.port);
	client_send(t, fd, STR(HELLO));
	CHECK_INT(client_receive(t, fd, false).status, 200);
	CHECK(client_is_closed(fd));
	close(fd);
	serving_stop(&s);
}

/* Core that never answers does not hold its client for ever; its own answer, when it comes, is dropped. */
static void check_late(struct test *t, const char *path)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ .request_ms = 100 });
	int fd = client_connect(t, s.port);
	client_send(t, fd, arena_printf(t->arena, "GET %s HTTP/1.1\r\n" HOST "\r\n", path));
	struct reply r = client_receive(t, fd, false);
	CHECK_INT(r.status, 503);
	CHECK_STR(reply_header(&r, "retry-after"), "5");
	CHECK(client_is_closed(fd));
	close(fd);
	CHECK_INT(serving_ended(&s), 0); /* core has it still */
	serving_release_core(&s);
	serving_wait_ended(&s, 1);
	serving_stop(&s);
}

TEST(server_answers_503_for_a_handler_that_is_late) { check_late(t, "/core"); }
TEST(server_answers_503_for_a_decision_that_is_late) { check_late(t, "/held"); }

TEST(server_makes_room_by_closing_the_oldest_idle_connection)
{
	struct serving s;
	int fds[4];
	serving_start(&s, t, (struct server_options){ .connections_max = 3 });
	for (int i = 0; i < 4; i++) {
		fds[i] = client_connect(t, s.port);
		client_send(t, fds[i], STR(HELLO));
		CHECK_INT(client_receive(t, fds[i], false).status, 200);
	}
	CHECK(client_is_closed(fds[0]));
	for (int i = 1; i < 4; i++) { /* the younger ones live */
		client_send(t, fds[i], STR(HELLO));
		CHECK_INT(client_receive(t, fds[i], false).status, 200);
	}
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	serving_stop(&s);
}

TEST(server_tells_newcomers_503_when_all_are_busy)
{
	struct serving s;
	int busy[3];
	serving_start(&s, t, (struct server_options){ .connections_max = 3 });
	for (int i = 0; i < 3; i++) {
		busy[i] = client_connect(t, s.port);
		client_send(t, busy[i], STR("GET /core HTTP/1.1\r\n" HOST "\r\n"));
	}
	serving_wait_core(&s, 3);
	struct reply r = client_ask(t, s.port, STR(HELLO));
	CHECK_INT(r.status, 503);
	CHECK_STR(reply_header(&r, "retry-after"), "5");
	CHECK(r.is_closed);
	CHECK(!str_is_none(reply_header(&r, "content-security-policy")));
	serving_release_core(&s);
	for (int i = 0; i < 3; i++) {
		CHECK_INT(client_receive(t, busy[i], false).status, 200);
		close(busy[i]);
	}
	serving_wait_ended(&s, 4);
	CHECK_INT(client_ask(t, s.port, STR(HELLO)).status, 200);
	serving_stop(&s);
}

/* The log says that it is full, but not once for every connection of a flood. */
TEST(server_logs_a_full_house_once_a_second)
{
	struct serving s;
	int pipe_fds[2];
	CHECK_INT(pipe(pipe_fds), 0);
	serving_start(&s, t, (struct server_options){ .connections_max = 1 });
	int busy = client_connect(t, s.port);
	client_send(t, busy, STR("GET /core HTTP/1.1\r\n" HOST "\r\n"));
	serving_wait_core(&s, 1);
	int64_t from_us = monotonic_us();
	log_set_fd(pipe_fds[1]);
	for (int i = 0; i < 50; i++)
		CHECK_INT(client_ask(t, s.port, STR(HELLO)).status, 503);
	log_set_fd(2);
	close(pipe_fds[1]);
	int64_t seconds = (monotonic_us() - from_us) / 1000000, lines = 0;
	char text[65536];
	ssize_t n = read(pipe_fds[0], text, sizeof text);
	for (ssize_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	CHECK(lines >= 1);
	CHECK(lines <= seconds + 2);
	close(pipe_fds[0]);
	close(busy);
	serving_stop(&s);
}

static void *stop(void *serving)
{
	struct serving *s = serving;
	must(serving_drain(s, CLIENT_PATIENCE_MS));
	return NULL;
}

TEST(server_drain_finishes_what_is_in_flight)
{
	struct serving s;
	pthread_t stopper;
	serving_start(&s, t, (struct server_options){ 0 });
	int idle = client_connect(t, s.port), busy = client_connect(t, s.port), half = client_connect(t, s.port);
	client_send(t, idle, STR(HELLO));
	CHECK_INT(client_receive(t, idle, false).status, 200);
	client_send(t, busy, STR("GET /core HTTP/1.1\r\n" HOST "\r\n"));
	client_send(t, half,
		STR("POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
	CHECK_INT(client_receive(t, half, false).status, 100);
	serving_wait_core(&s, 1);
	CHECK_INT(pthread_create(&stopper, NULL, stop, &s), 0);
	CHECK(client_is_closed(idle)); /* the drain has begun */

	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)s.port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int late = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(connect(late, (struct sockaddr *)&to, sizeof to) != 0);
	close(late);

	client_send(t, half, STR("body"));
	struct reply r = client_receive(t, half, false);
	CHECK_INT(r.status, 200);
	serving_release_core(&s);
	r = client_receive(t, busy, false);
	CHECK_INT(r.status, 200);
	CHECK_STR(r.body, "released\n");
	CHECK(r.is_closed);
	pthread_join(stopper, NULL);
	close(idle);
	close(busy);
	close(half);
	serving_stop(&s);
}

TEST(server_drain_cuts_what_does_not_finish)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	int fd = client_connect(t, s.port);
	client_send(t, fd,
		STR("POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
	CHECK_INT(client_receive(t, fd, false).status, 100);
	CHECK(serving_drain(&s, 50));
	CHECK(client_is_closed(fd));
	close(fd);
	serving_stop(&s);
}
