/* The little core of the server tests. */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "web/form.h"
#include "web/relay.h"
#include "web/test_serving.h"

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
	_Atomic int spinning, let_go; /* hooks that began to spin; those of them that may end */
	struct server *server;        /* NULL: stopped */
	struct pool *pool;
	struct str page, large;
};

struct pool_answer {
	struct pool_job job;
	struct exchange *x;
	struct core *core;
	pthread_t worker;
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

/* A handler that loops: in plain C, with nothing that could interrupt it. */
static void spin(struct core *c)
{
	int mine = atomic_fetch_add(&c->spinning, 1) + 1;
	while (atomic_load(&c->let_go) < mine)
		;
}

/* As long as the watcher lets it, more or less. */
static void spin_a_while(void)
{
	int64_t until_us = monotonic_us() + RELAY_HOLD_US + RELAY_LOOK_US / 2;
	while (monotonic_us() < until_us)
		;
}

static void answer_from_pool(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	struct exchange *x = ((struct pool_answer *)job)->x;
	response_text(&x->response, STR("from the pool\n"));
	exchange_answer(x);
}

static void go_from_pool(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	exchange_go(((struct pool_answer *)job)->x, NULL);
}

static void answer_on_loop(struct exchange *x, void *state)
{
	const struct pool_answer *answer = state;
	bool is_on_loop = !pthread_equal(pthread_self(), answer->worker);
	if (str_eq(x->request.path, STR("/spin-continue"))) spin(answer->core);
	response_text(&x->response, is_on_loop ? STR("on its loop\n") : STR("elsewhere\n"));
	exchange_answer(x);
}

static void continue_from_pool(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	struct pool_answer *answer = (struct pool_answer *)job;
	answer->worker = pthread_self();
	exchange_continue(answer->x, answer_on_loop, answer);
}

static void submit(struct core *c, struct exchange *x, void (*run)(struct pool_job *job, void *thread_state))
{
	struct pool_answer *job = ARENA_NEW(x->request.arena, struct pool_answer);
	*job = (struct pool_answer){ { .run = run }, x, c, pthread_self() };
	must(pool_submit(c->pool, &job->job));
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
	if (str_eq(r->path, STR("/spin-refuse"))) return ERR(r->arena, ERR_FORBIDDEN, NULL, "not you");
	if (str_eq(r->path, STR("/spin-begin"))) spin(c);
	if (str_eq(r->path, STR("/spin-held"))) {
		exchange_hold(x);
		submit(c, x, go_from_pool);
		spin(c);
	}
	return NULL;
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

/* Inside the library, where nobody takes the loop over. */
static bool core_from_memory(void *state, struct exchange *x)
{
	bool is_gate = str_eq(x->request.path, STR("/gate"));
	if (!is_gate && !str_eq(x->request.path, STR("/memory"))) return false;
	if (is_gate) stand_in_gate(state);
	response_text(&x->response, STR("from memory\n"));
	return true;
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

/* "/stream?tema=7&desde=40&yo=1": in group 0, topics of kind 1; `cliente` is an address to count by, `sordo` what it is
 * deaf to. */
static void stream(struct exchange *x)
{
	struct request *r = &x->request;
	struct stream_plan *plan = ARENA_NEW(r->arena, struct stream_plan);
	struct stream_topic *topic = ARENA_NEW(r->arena, struct stream_topic);
	topic->kind = 1;
	form_int(r->form, STR("tema"), 0, INT64_MAX, &topic->id);
	form_int(r->form, STR("desde"), 0, INT64_MAX, &plan->after);
	form_int(r->form, STR("yo"), 0, INT64_MAX, &plan->self);
	form_int(r->form, STR("faltan"), 0, INT64_MAX, &plan->missed);
	plan->missed_kinds = 1;
	int64_t *deaf_to = ARENA_NEW(r->arena, int64_t);
	plan->deaf_count = form_int(r->form, STR("sordo"), 1, INT64_MAX, deaf_to);
	plan->deaf_to = deaf_to;
	plan->topics = topic;
	plan->topic_count = 1;
	plan->client = form_text(r->form, STR("cliente"));
	response_stream(&x->response, plan, STR("http://town.test:8080"));
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
	if (str_eq(r->path, STR("/continue")) || str_eq(r->path, STR("/spin-continue"))) {
		submit(c, x, continue_from_pool);
		return;
	}
	if (str_eq(r->path, STR("/spin-pool"))) {
		submit(c, x, answer_from_pool);
		spin(c);
		return;
	}
	if (str_eq(r->path, STR("/spin"))) spin(c);
	if (str_eq(r->path, STR("/while"))) spin_a_while();
	if (str_eq(r->path, STR("/let-go"))) c->let_go = c->spinning;
	if (str_eq(r->path, STR("/stream"))) {
		stream(x);
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
	if (str_eq(x->request.path, STR("/spin-refuse"))) spin(state);
	response_text(&x->response, arena_printf(x->request.arena, "refused: %s\n", err_code_name(why->code)));
}

static void core_end(void *state, struct exchange *x, const struct exchange_facts *facts)
{
	struct core *c = state;
	(void)facts;
	if (str_eq(x->request.path, STR("/spin-end"))) spin(c);
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
	c->let_go = INT_MAX;
	release(c);
	must(server_stop(c->server, 0));
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
	options.hooks = (struct server_hooks){ .from_memory = core_from_memory,
		.begin = core_begin,
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

bool serving_drain(struct serving *s, int64_t drain_ms)
{
	bool is_over = server_stop(s->server, drain_ms);
	if (is_over) s->core->server = NULL;
	return is_over;
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

void serving_wait_spinning(struct serving *s, int n)
{
	while (s->core->spinning < n)
		sched_yield();
}

void serving_let_go(struct serving *s) { s->core->let_go = s->core->spinning; }

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
