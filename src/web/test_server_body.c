/*
 * Bodies over real sockets, above all bad ones: too large, cut short, of the wrong type, not UTF-8, smuggled.
 * Each must end in a clean answer (or a closed connection), never in a guess.
 */
#include <pthread.h>
#include <unistd.h>

#include "web/test_serving.h"

#define HOST "Host: town.test\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define MULTIPART "Content-Type: multipart/form-data; boundary=XyZ\r\n"

/* The status of the answer to each request, on a connection of its own. */
struct refusal {
	const char *request;
	int status;
};

static void check_all(struct test *t, const struct refusal *cases, size_t count)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	for (size_t i = 0; i < count; i++) {
		struct reply r = client_ask(t, s.port, str_of(cases[i].request));
		if (r.status != cases[i].status)
			test_fail(t, __FILE__, __LINE__, "%d, not %d: %.60s", r.status, cases[i].status,
				cases[i].request);
	}
	serving_stop(&s);
}
#define CHECK_ALL(cases) check_all(t, (cases), sizeof(cases) / sizeof *(cases))

TEST(server_reads_forms)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	struct reply r = client_ask(t, s.port,
		STR("POST /form HTTP/1.1\r\n" HOST FORM "Content-Length: 22\r\n\r\nname=Garc%C3%ADa&x=a+b"));
	CHECK_STR(r.body, "host=town.test path=/form network=127.0.0.1 tls=0 name=[García] x=[a b] bytes=22\n");
	r = client_ask(t, s.port, STR("GET /echo?q=%C3%B1&q=2 HTTP/1.1\r\n" HOST "\r\n"));
	CHECK_STR(r.body, "host=town.test path=/echo network=127.0.0.1 tls=0 q=[ñ] q=[2] bytes=0\n");
	r = client_ask(t, s.port,
		STR("POST /form HTTP/1.1\r\n" HOST FORM
			"Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n"));
	CHECK_STR(r.body, "host=town.test path=/form network=127.0.0.1 tls=0 a=[1] b=[2] bytes=7\n");
	r = client_ask(t, s.port,
		STR("POST /json HTTP/1.1\r\n" HOST
			"Content-Type: application/json\r\nContent-Length: 7\r\n\r\n[1,2,3]"));
	CHECK_STR(r.body, "host=town.test path=/json network=127.0.0.1 tls=0 json=3 bytes=7\n");
	serving_stop(&s);
}

static int64_t time_of_requests(struct test *t, int fd, const char *request, int count)
{
	int64_t begin_us = monotonic_us();
	for (int i = 0; i < count; i++) {
		client_send(t, fd, str_of(request));
		if (client_receive(t, fd, false).status != 200) return 0;
	}
	return monotonic_us() - begin_us;
}

/* A loop that is otherwise idle takes up a request with a body at once, not when it looks at its deadlines next: that would
 * be a thousand times as long as a page takes. */
TEST(server_takes_up_a_body_at_once)
{
	enum { REQUESTS = 20, MUCH = 200 };
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	int fd = client_connect(t, s.port);
	int64_t pages_us = time_of_requests(t, fd, "GET /hello HTTP/1.1\r\nHost: x.example\r\n\r\n", REQUESTS);
	int64_t forms_us = time_of_requests(t, fd,
		"POST /form HTTP/1.1\r\nHost: x.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
		"Content-Length: 3\r\n\r\na=1",
		REQUESTS);
	close(fd);
	serving_stop(&s);
	CHECK(pages_us > 0 && forms_us > 0);
	CHECK(forms_us < MUCH * pages_us);
}

TEST(server_refuses_bad_bodies)
{
	static const struct refusal cases[] = {
		{ "POST /form HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx", 415 },
		{ "POST /form HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx", 415 },
		{ "POST /hello HTTP/1.1\r\n" HOST FORM "Content-Length: 1\r\n\r\nx", 415 },
		{ "POST /form HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\n\r\na=\xff", 400 },
		{ "POST /form HTTP/1.1\r\n" HOST FORM "Content-Length: 4\r\n\r\na=%4", 400 },
		{ "POST /form HTTP/1.1\r\n" HOST FORM "Content-Length: 5\r\n\r\na=%00", 400 },
		{ "POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 101\r\nExpect: 100-continue\r\n\r\n", 413 },
		{ "POST /json HTTP/1.1\r\n" HOST "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[1",
			400 },
		{ "POST /form HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\nx",
			400 },
		{ "POST /form HTTP/1.1\r\n" HOST MULTIPART "Content-Length: 5\r\n\r\n--XyZ", 400 },
		{ "POST /form HTTP/1.1\r\n" HOST MULTIPART "Content-Length: 7\r\n\r\ngarbage", 400 },
		/* a file where the route takes none */
		{ "POST /form HTTP/1.1\r\n" HOST MULTIPART "Content-Length: 84\r\n\r\n"
		  "--XyZ\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\n"
		  "datadata\r\n--XyZ--\r\n",
			400 },
		{ "POST /bytes HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400 },
	};
	CHECK_ALL(cases);
}

/* RFC 9112 sections 2.2, 3.2 and 6.3: what two parsers could read differently. */
TEST(server_refuses_bad_heads)
{
	static const struct refusal cases[] = {
		{ "GET / HTTP/1.1\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400 },
		{ "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400 },
		{ "GET / HTTP/1.0\r\n\r\n", 400 },
		{ "GET /%ff HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /\xff HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /%00 HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /%0a HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /%4 HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /?a=%ff HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /?a=\xff HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET / HTTP/1.1\r\n" HOST "X-A: \xff\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\n" HOST "X-A: a\x01\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\n" HOST "X A: b\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\n" HOST "X-A : b\r\n\r\n", 400 },
		{ "POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400 },
		{ "POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			400 },
		{ "POST /bytes HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400 },
		{ "POST /bytes HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400 },
		{ "POST /bytes HTTP/1.1\r\n" HOST "Expect: wonders\r\nContent-Length: 1\r\n\r\nx", 400 },
		{ "GET http://other.test/ HTTP/1.1\r\n" HOST "\r\n", 200 },
		{ "GET http://unknown.test/ HTTP/1.1\r\n" HOST "\r\n", 421 },
	};
	CHECK_ALL(cases);
}

TEST(server_limits_the_size_of_heads)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ .headers_max = 20 });
	struct buf out = buf_new(t->arena, 100000);
	buf_printf(&out, "GET / HTTP/1.1\r\n" HOST "X-Long: %09000d\r\n\r\n", 1);
	CHECK_INT(client_ask(t, s.port, buf_str(&out)).status, 431);

	buf_clear(&out);
	buf_printf(&out, "GET /%05000d HTTP/1.1\r\n" HOST "\r\n", 1);
	CHECK_INT(client_ask(t, s.port, buf_str(&out)).status, 414);

	buf_clear(&out);
	buf_add(&out, STR("GET / HTTP/1.1\r\n" HOST));
	for (int i = 0; i < 20; i++)
		buf_printf(&out, "X-%d: 1\r\n", i);
	buf_add(&out, STR("\r\n"));
	CHECK_INT(client_ask(t, s.port, buf_str(&out)).status, 431);

	/* Past the library's own buffer it answers by itself, or hangs up; but it ends. */
	buf_clear(&out);
	buf_printf(&out, "GET / HTTP/1.1\r\n" HOST "X-Long: %040000d\r\n\r\n", 1);
	struct reply r = client_ask(t, s.port, buf_str(&out));
	CHECK(r.status == 431 || r.status == 0);
	CHECK_INT(client_ask(t, s.port, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n")).status, 200);
	serving_stop(&s);
}

/* A body that is refused by its announced size is still read, so that a browser sees the answer and not a
 * reset connection; and the connection goes on. */
TEST(server_reads_past_a_refused_body)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	int fd = client_connect(t, s.port);
	struct str body = { arena_alloc(t->arena, 3 << 20), 3 << 20 };
	client_send(t, fd, STR("POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 3145728\r\n\r\n"));
	client_send(t, fd, body);
	CHECK_INT(client_receive(t, fd, false).status, 413);
	client_send(t, fd, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n"));
	CHECK_INT(client_receive(t, fd, false).status, 200);
	close(fd);

	/* The same without a size: in pieces. */
	fd = client_connect(t, s.port);
	client_send(t, fd, STR("POST /bytes HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n300000\r\n"));
	client_send(t, fd, body);
	client_send(t, fd, STR("\r\n0\r\n\r\n"));
	CHECK_INT(client_receive(t, fd, false).status, 413);
	close(fd);
	serving_stop(&s);
}

TEST(server_confirms_100_continue_only_when_it_will_read)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	int fd = client_connect(t, s.port);
	client_send(t, fd,
		STR("POST /bytes HTTP/1.1\r\n" HOST "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
	CHECK_INT(client_receive(t, fd, false).status, 100);
	client_send(t, fd, STR("body"));
	CHECK_INT(client_receive(t, fd, false).status, 200);
	close(fd);
	struct reply r = client_ask(t, s.port,
		STR("POST /private HTTP/1.1\r\n" HOST "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
	CHECK_INT(r.status, 403);
	CHECK(r.is_closed);
	serving_stop(&s);
}

static struct str upload_of(struct arena *a, size_t bytes, bool is_whole)
{
	struct buf body = buf_new(a, bytes + 1000), out = buf_new(a, bytes + 2000);
	buf_add(&body,
		STR("--XyZ\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhola\r\n--XyZ\r\n"
			"Content-Disposition: form-data; name=\"plan\"; filename=\"C:\\tmp\\plano.pdf\"\r\n"
			"Content-Type: application/pdf\r\n\r\n"));
	for (size_t i = 0; i < bytes; i++)
		buf_add_char(&body, (char)(i * 31 % 251));
	if (is_whole) buf_add(&body, STR("\r\n--XyZ--\r\n"));
	buf_printf(&out, "POST /upload HTTP/1.1\r\n" HOST MULTIPART "Content-Length: %zu\r\n\r\n", body.n);
	buf_add(&out, buf_str(&body));
	return buf_str(&out);
}

TEST(server_streams_uploads_to_the_sink)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	struct reply r = client_ask(t, s.port, upload_of(t->arena, 5 << 20, true));
	CHECK_STR(r.body, "host=town.test path=/upload network=127.0.0.1 tls=0 note=[hola] bytes=0\n");
	CHECK_INT(serving_uploaded(&s), 5 << 20);
	CHECK_INT(serving_abandoned(&s), 0);
	serving_stop(&s);
}

TEST(server_refuses_truncated_uploads)
{
	struct serving s;
	serving_start(&s, t, (struct server_options){ 0 });
	/* whole by its length, but without the closing boundary */
	CHECK_INT(client_ask(t, s.port, upload_of(t->arena, 200000, false)).status, 400);
	serving_wait_ended(&s, 1);
	CHECK_INT(serving_abandoned(&s), 1);
	/* the connection breaks off inside the file */
	struct str whole = upload_of(t->arena, 200000, true);
	int fd = client_connect(t, s.port);
	client_send(t, fd, str_slice(whole, 0, whole.n / 2));
	close(fd);
	serving_wait_ended(&s, 2);
	CHECK_INT(serving_abandoned(&s), 2);
	CHECK_INT(client_ask(t, s.port, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n")).status, 200);
	serving_stop(&s);
}

/* A worker that stands still, and a job that waits behind it: the queue is full. */
struct stopper {
	struct pool_job job;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_running, is_released;
};

static void stand_still(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	struct stopper *s = (struct stopper *)job;
	pthread_mutex_lock(&s->lock);
	s->is_running = true;
	pthread_cond_broadcast(&s->changed);
	while (!s->is_released)
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

static void nothing(struct pool_job *job, void *thread_state)
{
	(void)job;
	(void)thread_state;
}

TEST(server_answers_503_to_uploads_when_the_pool_is_full)
{
	struct serving s;
	struct stopper stopper = { { .run = stand_still }, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
		false, false };
	struct pool_job behind = { .run = nothing };
	struct pool_options workers = { .name = "full", .threads = 1, .queue_max = 1 };
	struct pool *pool;
	CHECK_OK(pool_start(t->arena, &workers, &pool));
	CHECK(pool_submit(pool, &stopper.job));
	pthread_mutex_lock(&stopper.lock);
	while (!stopper.is_running)
		pthread_cond_wait(&stopper.changed, &stopper.lock);
	pthread_mutex_unlock(&stopper.lock);
	CHECK(pool_submit(pool, &behind));

	serving_start(&s, t, (struct server_options){ .pool = pool });
	struct reply r = client_ask(t, s.port, upload_of(t->arena, 300000, true));
	CHECK_INT(r.status, 503);
	CHECK_STR(reply_header(&r, "retry-after"), "5");
	pthread_mutex_lock(&stopper.lock);
	stopper.is_released = true;
	pthread_cond_broadcast(&stopper.changed);
	pthread_mutex_unlock(&stopper.lock);
	serving_stop(&s);
	pool_stop(pool);
}

TEST(server_believes_forwarding_from_trusted_proxies_only)
{
	struct serving s;
	struct str request = STR("GET /x HTTP/1.1\r\n" HOST "X-Forwarded-For: 198.51.100.9, 203.0.113.7\r\n"
							 "X-Forwarded-Proto: https\r\n\r\n");
	serving_start(&s, t, (struct server_options){ 0 });
	CHECK_STR(client_ask(t, s.port, request).body,
		"host=town.test path=/x network=127.0.0.1 tls=0 bytes=0\n");
	serving_stop(&s);
	serving_start(&s, t, (struct server_options){ .proxies = STR("127.0.0.0/8") });
	/* the nearest that is not a proxy of ours; what stands before it anybody could have written */
	CHECK_STR(client_ask(t, s.port, request).body,
		"host=town.test path=/x network=203.0.113.7 tls=1 bytes=0\n");
	serving_stop(&s);
}
