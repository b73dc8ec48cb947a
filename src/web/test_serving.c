/* The little core and the client of the server tests. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/test_serving.h"

/* --- core
 * ------------------------------------------------------------------------------------------------ */

struct waiting {
	struct exchange *x;
	bool is_held;
	struct waiting *next;
};

struct core {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool gate_is_taken, gate_is_open;
	struct waiting *waiting;
	int waiting_count, ended, abandoned;
	size_t uploaded;
	struct server *server; /* NULL: stopped */
	struct pool *pool;
	struct str page, large;
};

struct pool_answer {
	struct pool_job job;
	struct exchange *x;
	pthread_t loop;
};

static struct instant test_clock(void *state)
{
	(void)state;
	return (struct instant){ 1767225600000 }; /* 2026-01-01 */
}

static struct err *sink_begin(void *state, struct form *form, struct str field, struct str file_name)
{
	(void)state;
	(void)form;
	(void)field;
	(void)file_name;
	return NULL;
}

static struct err *sink_bytes(void *state, struct str bytes)
{
	struct core *c = state;
	pthread_mutex_lock(&c->lock);
	c->uploaded += bytes.n;
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static struct err *sink_end(void *state)
{
	(void)state;
	return NULL;
}

static void sink_abandon(void *state)
{
	struct core *c = state;
	pthread_mutex_lock(&c->lock);
	c->abandoned++;
	pthread_mutex_unlock(&c->lock);
}

static const struct multipart_sink test_sink = { sink_begin, sink_bytes, sink_end, sink_abandon };

static void wait_in_core(struct core *c, struct exchange *x, bool is_held)
{
	struct waiting *w = ARENA_NEW(x->request.arena, struct waiting);
	pthread_mutex_lock(&c->lock);
	*w = (struct waiting){ x, is_held, c->waiting };
	c->waiting = w;
	c->waiting_count++;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

static struct err *core_begin(void *state, struct exchange *x)
{
	struct core *c = state;
	const struct request *r = &x->request;
	if (str_eq(r->host, STR("unknown.test"))) return ERR(r->arena, ERR_WRONG_HOST, NULL, "no such town");
	if (str_eq(r->path, STR("/private"))) return ERR(r->arena, ERR_FORBIDDEN, NULL, "not you");
	if (str_eq(r->path, STR("/form"))) x->body.kinds = BODY_FORM | BODY_MULTIPART;
	if (str_eq(r->path, STR("/json"))) x->body.kinds = BODY_JSON;
	if (str_eq(r->path, STR("/bytes"))) x->body = (struct body_plan){ .kinds = BODY_BYTES, .max_bytes = 100 };
	if (str_eq(r->path, STR("/upload")))
		x->body = (struct body_plan){ .kinds = BODY_MULTIPART,
			.max_bytes = 64 << 20,
			.sink = &test_sink,
			.sink_state = c };
	if (str_eq(r->path, STR("/held"))) {
		exchange_hold(x);
		wait_in_core(c, x, true);
	}
	return NULL;
}

static void answer_from_pool(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	struct exchange *x = ((struct pool_answer *)job)->x;
	response_text(&x->response, STR("from the pool\n"));
	exchange_answer(x);
}

static void answer_on_loop(struct exchange *x, void *state)
{
	bool is_on_loop = pthread_equal(pthread_self(), *(pthread_t *)state);
	response_text(&x->response, is_on_loop ? STR("on its loop\n") : STR("elsewhere\n"));
	exchange_answer(x);
}

static void continue_from_pool(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	struct pool_answer *answer = (struct pool_answer *)job;
	exchange_continue(answer->x, answer_on_loop, &answer->loop);
}

static void submit(struct core *c, struct exchange *x, void (*run)(struct pool_job *job, void *thread_state))
{
	struct pool_answer *job = ARENA_NEW(x->request.arena, struct pool_answer);
	*job = (struct pool_answer){ { .run = run }, x, pthread_self() };
	must(pool_submit(c->pool, &job->job));
}

static void stand_in_gate(struct core *c)
{
	pthread_mutex_lock(&c->lock);
	c->gate_is_taken = true;
	pthread_cond_broadcast(&c->changed);
	while (!c->gate_is_open)
		pthread_cond_wait(&c->changed, &c->lock);
	c->gate_is_taken = c->gate_is_open = false;
	pthread_mutex_unlock(&c->lock);
}

/* What was understood of the request, for the tests to look at. */
static void echo(struct exchange *x)
{
	struct request *r = &x->request;
	struct buf out = buf_new(r->arena, 100000);
	buf_printf(&out, "host=%.*s path=%.*s network=%.*s tls=%d", STR_FMT(r->host), STR_FMT(r->path),
		STR_FMT(r->network), r->is_tls);
	for (const struct form_field *f = r->form->fields; f; f = f->next)
		buf_printf(&out, " %.*s=[%.*s]", STR_FMT(f->name), STR_FMT(f->value));
	if (r->json) buf_printf(&out, " json=%zu", r->json->count);
	buf_printf(&out, " bytes=%zu\n", x->body.bytes.n);
	response_text(&x->response, buf_str(&out));
}

static void core_handle(void *state, struct exchange *x)
{
	struct core *c = state;
	struct request *r = &x->request;
	struct response *out = &x->response;
	if (str_eq(r->path, STR("/core"))) {
		wait_in_core(c, x, false);
		return;
	}
	if (str_eq(r->path, STR("/pool"))) {
		submit(c, x, answer_from_pool);
		return;
	}
	if (str_eq(r->path, STR("/continue"))) {
		submit(c, x, continue_from_pool);
		return;
	}
	if (str_eq(r->path, STR("/gate"))) {
		stand_in_gate(c);
		response_text(out, STR("gate\n"));
	} else if (str_eq(r->path, STR("/page"))) {
		response_text(out, c->page);
		out->cache = CACHE_PUBLIC;
	} else if (str_eq(r->path, STR("/large"))) {
		out->content_type = STR("application/octet-stream");
		out->body = c->large;
	} else if (str_eq(r->path, STR("/hello"))) {
		response_text(out, STR("hello\n"));
	} else {
		echo(x);
	}
	exchange_answer(x);
}

static void core_refuse(void *state, struct exchange *x, struct err *why)
{
	(void)state;
	response_text(&x->response, arena_printf(x->request.arena, "refused: %s\n", err_code_name(why->code)));
}

static void core_end(void *state, struct exchange *x, const struct exchange_facts *facts)
{
	struct core *c = state;
	(void)x;
	(void)facts;
	pthread_mutex_lock(&c->lock);
	c->ended++;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

static struct str make_page(struct arena *a)
{
	struct buf out = buf_new(a, 12288);
	for (int i = 0; out.n + 16 <= 12288; i++)
		buf_printf(&out, "%010d line\n", i);
	while (out.n < 12288)
		buf_add_char(&out, '.');
	return buf_str(&out);
}

static void open_gate(struct core *c)
{
	pthread_mutex_lock(&c->lock);
	c->gate_is_open = true;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

static void release(struct core *c)
{
	pthread_mutex_lock(&c->lock);
	struct waiting *w = c->waiting;
	c->waiting = NULL;
	c->waiting_count = 0;
	pthread_mutex_unlock(&c->lock);
	for (struct waiting *next; w; w = next) {
		struct exchange *x = w->x;
		next = w->next;
		if (w->is_held) {
			exchange_go(x, NULL);
			continue;
		}
		response_text(&x->response, STR("released\n"));
		exchange_answer(x);
	}
}

/* Also after a check that failed: no thread may outlive its test. */
static void core_stop(void *core)
{
	struct core *c = core;
	if (!c->pool) return;
	open_gate(c);
	release(c);
	server_stop(c->server, 0);
	pool_stop(c->pool);
	c->server = NULL;
	c->pool = NULL;
}

static void core_destroy(void *core)
{
	struct core *c = core;
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
}

void serving_start(struct serving *s, struct test *t, struct server_options options)
{
	struct core *c = ARENA_NEW(t->arena, struct core);
	struct pool_options workers = { .name = "test", .threads = 1, .queue_max = 1000 };
	*s = (struct serving){ .arena = t->arena, .core = c, .metrics = metrics_new(t->arena) };
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	arena_defer(t->arena, core_destroy, c);
	c->page = make_page(t->arena);
	c->large = (struct str){ arena_alloc(t->arena, LARGE_BYTES), LARGE_BYTES };
	struct err *failed = pool_start(t->arena, &workers, &s->pool);
	c->pool = s->pool;
	options.hooks = (struct server_hooks){ .begin = core_begin,
		.handle = core_handle,
		.refuse = core_refuse,
		.end = core_end,
		.clock = test_clock,
		.state = c };
	options.metrics = s->metrics;
	if (!options.pool) options.pool = s->pool;
	if (!options.loops) options.loops = 1;
	if (!failed) failed = server_start(t->arena, &options, &s->server);
	if (failed) test_fail(t, __FILE__, __LINE__, "%s", failed->detail);
	must(!failed);
	s->port = server_port(s->server);
	c->server = s->server;
	arena_defer(t->arena, core_stop, c);
}

void serving_stop(struct serving *s) { core_stop(s->core); }

void serving_drain(struct serving *s, int64_t drain_ms)
{
	server_stop(s->server, drain_ms);
	s->core->server = NULL;
}

void serving_wait_gate(struct serving *s)
{
	struct core *c = s->core;
	pthread_mutex_lock(&c->lock);
	while (!c->gate_is_taken)
		pthread_cond_wait(&c->changed, &c->lock);
	pthread_mutex_unlock(&c->lock);
}

void serving_open_gate(struct serving *s) { open_gate(s->core); }

void serving_wait_core(struct serving *s, int n)
{
	struct core *c = s->core;
	pthread_mutex_lock(&c->lock);
	while (c->waiting_count < n)
		pthread_cond_wait(&c->changed, &c->lock);
	pthread_mutex_unlock(&c->lock);
}

void serving_release_core(struct serving *s) { release(s->core); }

int serving_ended(struct serving *s)
{
	pthread_mutex_lock(&s->core->lock);
	int ended = s->core->ended;
	pthread_mutex_unlock(&s->core->lock);
	return ended;
}

void serving_wait_ended(struct serving *s, int n)
{
	struct core *c = s->core;
	pthread_mutex_lock(&c->lock);
	while (c->ended < n)
		pthread_cond_wait(&c->changed, &c->lock);
	pthread_mutex_unlock(&c->lock);
}

size_t serving_uploaded(struct serving *s)
{
	pthread_mutex_lock(&s->core->lock);
	size_t uploaded = s->core->uploaded;
	pthread_mutex_unlock(&s->core->lock);
	return uploaded;
}

int serving_abandoned(struct serving *s)
{
	pthread_mutex_lock(&s->core->lock);
	int abandoned = s->core->abandoned;
	pthread_mutex_unlock(&s->core->lock);
	return abandoned;
}

/* --- client
 * ---------------------------------------------------------------------------------------------- */

int client_connect(struct test *t, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	struct timeval patience = { CLIENT_PATIENCE_MS / 1000, 0 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		test_fail(t, __FILE__, __LINE__, "connect: %s", strerror(errno));
	return fd;
}

bool client_try_send(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n <= 0) return false;
		bytes = str_slice(bytes, (size_t)n, bytes.n);
	}
	return true;
}

void client_send(struct test *t, int fd, struct str bytes)
{
	if (!client_try_send(fd, bytes)) test_fail(t, __FILE__, __LINE__, "send: %s", strerror(errno));
}

struct str reply_header(const struct reply *r, const char *name)
{
	struct str rest = r->head;
	while (!str_is_none(rest)) {
		struct str value = str_trim(str_cut(&rest, '\n')), key = str_cut(&value, ':');
		if (!str_is_none(value) && str_eq_ci(key, str_of(name))) return str_trim(value);
	}
	return STR_NONE;
}

/* Reads at least up to `wanted` bytes of the connection into `in`; false at its end. */
static bool read_some(int fd, struct buf *in)
{
	char bytes[16384];
	ssize_t n = recv(fd, bytes, sizeof bytes, 0);
	if (n > 0) buf_add(in, (struct str){ bytes, (size_t)n });
	return n > 0;
}

struct reply client_receive(struct test *t, int fd, bool is_head)
{
	struct reply r = { 0 };
	struct buf in = buf_new(t->arena, 32 << 20);
	ptrdiff_t end;
	while ((end = str_find(buf_str(&in), STR("\r\n\r\n"))) < 0) {
		if (read_some(fd, &in)) continue;
		r.is_closed = true;
		return r;
	}
	size_t body_at = (size_t)end + 4;
	int64_t length = 0, status = 0;
	r.head = arena_str(t->arena, str_slice(buf_str(&in), 0, (size_t)end));
	str_to_int64(str_slice(r.head, 9, 12), 100, 599, &status);
	r.status = (int)status;
	if (str_eq(reply_header(&r, "connection"), STR("close"))) r.is_closed = true;
	if (r.status == 100) { /* the answer proper follows */
		must(in.n == body_at);
		return r;
	}
	str_to_int64(reply_header(&r, "content-length"), 0, INT32_MAX, &length);
	if (is_head || r.status == 304) length = 0;
	while (in.n < body_at + (size_t)length)
		if (!read_some(fd, &in)) {
			r.is_closed = true;
			break;
		}
	r.body = str_slice(buf_str(&in), body_at, in.n);
	return r;
}

struct reply client_ask(struct test *t, int port, struct str bytes)
{
	int fd = client_connect(t, port);
	client_send(t, fd, bytes);
	struct reply r = client_receive(t, fd, false);
	close(fd);
	return r;
}

bool client_is_closed(int fd)
{
	char bytes[4096];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (poll(&p, 1, CLIENT_PATIENCE_MS) > 0)
		if (recv(fd, bytes, sizeof bytes, 0) <= 0) return true;
	return false;
}
