/*
 * The server over real sockets: what every answer carries, the two ways to answer, and the freeze that the
 * HTTP library's own threads have (reference: exactly 128 or 256 connections ready at once are never served).
 */
#include <unistd.h>

#include "web/test_serving.h"

#define HOST "Host: town.test\r\n"

static void check_three_answers(struct test *t, const char *request, const char *body)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	int fd = client_connect(t, s.port);
	for (int i = 0; i < 3; i++) {
		client_send(t, fd, str_of(request));
		struct reply r = client_receive(t, fd, false);
		CHECK_INT(r.status, 200);
		CHECK_STR(r.body, body);
		CHECK_INT(reply_header(&r, "x-request-id").n, 16);
		CHECK(!r.is_closed);
	}
	close(fd);
	serving_stop(&s);
	CHECK_INT(serving_ended(&s), 3);
}

TEST(server_answers_and_keeps_the_connection)
{
	check_three_answers(t, "GET /hello HTTP/1.1\r\n" HOST "\r\n", "hello\n");
}

TEST(server_answers_from_memory_and_keeps_the_connection)
{
	check_three_answers(t, "GET /memory HTTP/1.1\r\n" HOST "\r\n", "from memory\n");
}

TEST(server_answers_posts_and_keeps_the_connection)
{
	check_three_answers(t, "POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbody",
		"host=town.test path=/bytes network=127.0.0.1 tls=0 bytes=4\n");
}

TEST(server_puts_security_headers_on_every_answer)
{
	static const char *const requests[] = {
		"GET /hello HTTP/1.1\r\n" HOST "\r\n",
		"GET /private HTTP/1.1\r\n" HOST "\r\n",
		"GET / HTTP/1.1\r\nHost: unknown.test\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"POST /hello HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx",
	};
	static const int statuses[] = { 200, 403, 421, 400, 415 };
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		struct reply r = client_ask(t, s.port, str_of(requests[i]));
		CHECK_INT(r.status, statuses[i]);
		CHECK(str_find(reply_header(&r, "content-security-policy"),
				  STR("default-src 'none'; script-src 'self'")) == 0);
		CHECK(str_find(reply_header(&r, "content-security-policy"), STR("frame-ancestors 'none'")) > 0);
		CHECK_STR(reply_header(&r, "x-content-type-options"), "nosniff");
		CHECK_STR(reply_header(&r, "referrer-policy"), "same-origin");
		CHECK_STR(reply_header(&r, "cache-control"), "no-store");
		CHECK(!str_is_none(reply_header(&r, "cross-origin-opener-policy")));
		CHECK(!str_is_none(reply_header(&r, "permissions-policy")));
		CHECK(str_is_none(reply_header(&r, "strict-transport-security"))); /* over TLS only */
	}
	serving_stop(&s);
}

TEST(server_takes_answers_from_other_threads)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	struct reply r = client_ask(t, s.port, STR("GET /pool HTTP/1.1\r\n" HOST "\r\n"));
	CHECK_STR(r.body, "from the pool\n");
	r = client_ask(t, s.port, STR("GET /continue HTTP/1.1\r\n" HOST "\r\n"));
	CHECK_STR(r.body, "on its loop\n");

	int one = client_connect(t, s.port), two = client_connect(t, s.port);
	client_send(t, one, STR("GET /core HTTP/1.1\r\n" HOST "\r\n"));
	client_send(t, two, STR("GET /held HTTP/1.1\r\n" HOST "\r\n"));
	serving_wait_core(&s, 2);
	serving_release_core(&s);
	r = client_receive(t, one, false);
	CHECK_STR(r.body, "released\n");
	r = client_receive(t, two, false);
	CHECK_INT(r.status, 200);
	close(one);
	close(two);
	serving_stop(&s);
}

/* `n` connections become readable while the loop stands still: its next look finds all of them at once. */
static void make_ready_at_once(struct test *t, int n)
{
	struct serving s;
	int *fds = ARENA_ARRAY(t->arena, int, (size_t)n);
	serving_start(&s, t, (struct server_options){ 0 });
	for (int i = 0; i < n; i++) {
		fds[i] = client_connect(t, s.port);
		client_send(t, fds[i], STR("GET /hello HTTP/1.1\r\n" HOST "\r\n"));
		if (client_receive(t, fds[i], false).status != 200)
			test_fail(t, __FILE__, __LINE__, "no first answer");
	}
	int gate = client_connect(t, s.port);
	client_send(t, gate, STR("GET /gate HTTP/1.1\r\n" HOST "\r\n"));
	serving_wait_gate(&s);
	for (int i = 0; i < n; i++)
		client_send(t, fds[i], STR("GET /hello HTTP/1.1\r\n" HOST "\r\n"));
	serving_open_gate(&s);
	int answered = 0;
	for (int i = 0; i < n; i++) {
		answered += client_receive(t, fds[i], false).status == 200;
		close(fds[i]);
	}
	close(gate);
	serving_stop(&s);
	CHECK_INT(answered, n);
}

TEST(server_serves_127_connections_ready_at_once) { make_ready_at_once(t, 127); }
TEST(server_serves_128_connections_ready_at_once) { make_ready_at_once(t, 128); }
TEST(server_serves_129_connections_ready_at_once) { make_ready_at_once(t, 129); }
TEST(server_serves_256_connections_ready_at_once) { make_ready_at_once(t, 256); }
