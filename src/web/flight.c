/*
 * The life of one request, from its first line to its last byte, as a machine over `enum stage`. The adapter
 * calls in when the library has something and does what comes back. Start at flight_head() and
 * flight_whole().
 */
#include "web/form_add.h"
#include "web/loop.h"

enum {
	SWALLOW_MAX = 64 * 1024 * 1024,  /* of a refused body */
	LATE_GRACE_US = 2 * 1000 * 1000, /* core's own 503 comes first */
};

static const struct server_options *options_of(const struct flight *f) { return &f->x.loop->server->options; }

/* Time that `bytes` may take at the slowest rate that is tolerated. */
static int64_t transfer_us(const struct flight *f, int64_t bytes)
{
	return bytes > 0 ? bytes * 1000000 / options_of(f)->rate_min : 0;
}

struct flight *flight_new(struct wire *wire, void *connection, const char *uri)
{
	struct loop *loop = wire->loop;
	const struct server_hooks *hooks = &loop->server->options.hooks;
	struct arena *a = loop_arena(loop);
	struct flight *f = ARENA_NEW(a, struct flight);
	struct request *r = &f->x.request;
	f->wire = wire;
	f->connection = connection;
	f->started_us = monotonic_us();
	f->head.uri = arena_cstr(a, uri);
	f->x.loop = loop;
	f->x.loop_state = loop->state;
	f->x.response.request = r;
	r->arena = a;
	r->id = loop_request_id(loop, a);
	r->now = hooks->clock(hooks->state);
	r->path = r->query = r->host = STR("");
	r->lang = STR("");
	r->deadline_us = f->started_us + options_of(f)->request_ms * 1000;
	r->form = form_new(a);
	wire->flight = f;
	loop->fresh -= wire->is_fresh;
	wire->is_fresh = false;
	loop->flights++;
	return f;
}

/* Reads the head and asks core. The error, if any, is in f->refused. */
static void ask_core(struct flight *f)
{
	struct request *r = &f->x.request;
	const struct server_options *o = options_of(f);
	struct head_limits limits = { o->header_bytes_max, o->headers_max };
	struct address client = f->wire->address;
	f->refused = head_read(&f->head, &limits, r, &f->refused_status);
	if (f->refused) {
		if (!f->refused_status) f->refused_status = err_http_status(f->refused);
		return;
	}
	r->is_tls = f->x.loop->server->tls != NULL;
	head_forwarded(r, f->x.loop->server->proxies, &client, &r->is_tls);
	r->network = address_text(r->arena, &client);
	if (f->wire->is_refused) {
		f->refused = ERR(r->arena, ERR_UNAVAILABLE, NULL, "no room for another connection");
		f->refused_status = 503;
		return;
	}
	bool is_read = r->method == METHOD_GET || r->method == METHOD_HEAD;
	if (is_read && r->query.n > 0) f->refused = form_parse(r->arena, r->query, &r->form);
	if (f->refused) return;
	f->in_hook = true;
	f->refused = o->hooks.begin(o->hooks.state, &f->x);
	f->in_hook = false;
	if (!f->is_held && !f->refused) f->refused = f->decision;
}

/* Whether the body of a refused request is worth reading, so that the connection lives on and the answer is
 * seen: not when the head was unsound, for then nobody knows where the body ends, and not from a client that
 * waits for 100 and has sent none. Otherwise the answer goes out at once and the connection is closed after
 * it. */
static bool is_worth_swallowing(const struct flight *f)
{
	bool is_bounded = f->head.content_length >= 0 && f->head.content_length <= SWALLOW_MAX;
	return is_bounded && !f->head.expects_continue && !f->refused_status;
}

/* The head is decided: go on to the body, or to a refusal. */
static enum next after_head(struct flight *f)
{
	struct request *r = &f->x.request;
	if (!f->refused) f->refused = body_begin(&f->body, &f->x, &f->head, options_of(f)->arena_max);
	f->stage = f->refused ? STAGE_SWALLOW : STAGE_BODY;
	if (f->refused && !is_worth_swallowing(f)) return flight_whole(f);
	if (f->head.has_body) {
		int64_t announced = f->head.content_length >= 0 ? f->head.content_length : f->body.limit;
		r->deadline_us += transfer_us(f, announced);
	}
	f->wire->deadline_us = r->deadline_us;
	return NEXT_READ;
}

enum next flight_head(struct flight *f)
{
	loop_busy(f->wire);
	f->wire->deadline_us = f->x.request.deadline_us;
	ask_core(f);
	if (f->is_held && !f->refused) {
		f->stage = STAGE_HELD;
		return NEXT_WAIT;
	}
	return after_head(f);
}

static void feed_job(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	struct flight *f = (struct flight *)((char *)job - offsetof(struct flight, job));
	f->refused = body_feed(&f->body, f->is_finishing);
	loop_return(f->x.loop, f);
}

/* Hands the piece to the pool, or to the parser at once where there is none. */
static enum next feed(struct flight *f, bool is_last)
{
	struct pool *pool = options_of(f)->pool;
	f->is_finishing = is_last;
	if (!pool) {
		f->refused = body_feed(&f->body, is_last);
		if (f->refused) f->stage = STAGE_SWALLOW;
		return NEXT_READ;
	}
	f->stage = STAGE_FEEDING;
	f->job.run = feed_job;
	if (pool_submit(pool, &f->job)) return NEXT_WAIT;
	f->stage = STAGE_SWALLOW;
	f->refused = ERR(f->x.request.arena, ERR_UNAVAILABLE, NULL, "the pool is full");
	return NEXT_READ;
}

enum next flight_resume(struct flight *f)
{
	if (f->stage == STAGE_HELD) {
		f->refused = f->decision;
		return after_head(f);
	}
	must(f->stage == STAGE_FEEDING);
	f->stage = f->refused ? STAGE_SWALLOW : STAGE_BODY;
	return NEXT_READ;
}

static enum next swallow(struct flight *f, struct str bytes)
{
	f->swallowed += (int64_t)bytes.n;
	return f->swallowed > SWALLOW_MAX ? NEXT_CLOSE : NEXT_READ;
}

enum next flight_bytes(struct flight *f, struct str bytes, bool *ret_taken)
{
	*ret_taken = false;
	if (f->is_suspended) return NEXT_READ; /* the library may ask again before the suspension holds */
	if (f->stage == STAGE_BODY) {
		f->refused = body_take(&f->body, &f->x, bytes, ret_taken);
		if (!f->refused && !*ret_taken) {
			enum next next = feed(f, false);
			if (next != NEXT_READ || f->stage != STAGE_BODY) return next;
			f->refused = body_take(&f->body, &f->x, bytes, ret_taken);
		}
		if (!f->refused) return NEXT_READ;
		f->stage = STAGE_SWALLOW;
	}
	*ret_taken = true;
	return swallow(f, bytes);
}

static void refuse_plainly(struct flight *f)
{
	struct response *out = &f->x.response;
	out->status = err_http_status(f->refused);
	response_text(out, arena_printf(f->x.request.arena, "%d\n", out->status));
}

static enum next refuse(struct flight *f)
{
	const struct server_hooks *hooks = &options_of(f)->hooks;
	f->x.response.status = err_http_status(f->refused);
	if (hooks->refuse)
		hooks->refuse(hooks->state, &f->x, f->refused);
	else
		refuse_plainly(f);
	if (f->refused_status) f->x.response.status = f->refused_status;
	f->stage = STAGE_ANSWERED;
	f->answered_us = monotonic_us();
	return NEXT_ANSWER;
}

static enum next ask_for_answer(struct flight *f)
{
	const struct server_options *o = options_of(f);
	struct request *r = &f->x.request;
	/* A body that took its time leaves core a third of a request's time at least. */
	int64_t least = monotonic_us() + o->request_ms * 1000 / 3;
	if (r->deadline_us < least) r->deadline_us = least;
	f->wire->deadline_us = r->deadline_us + LATE_GRACE_US;
	f->stage = STAGE_CORE;
	f->is_done = false;
	f->in_hook = true;
	o->hooks.handle(o->hooks.state, &f->x);
	f->in_hook = false;
	if (!f->is_done) return NEXT_WAIT;
	f->stage = STAGE_ANSWERED;
	return NEXT_ANSWER;
}

enum next flight_whole(struct flight *f)
{
	if (f->stage == STAGE_ANSWERED) return NEXT_ANSWER;
	if (!f->refused && body_is_streamed(&f->body) && !f->body.is_fed) {
		enum next next = feed(f, true);
		if (next == NEXT_WAIT) return next;
	}
	if (!f->refused) f->refused = body_end(&f->body, &f->x);
	return f->refused ? refuse(f) : ask_for_answer(f);
}

bool flight_continue(struct flight *f)
{
	void (*on_loop)(struct exchange * x, void *state) = f->on_loop;
	f->on_loop = NULL;
	f->is_done = false;
	f->in_hook = true;
	on_loop(&f->x, f->on_loop_state);
	f->in_hook = false;
	return f->is_done;
}

void flight_answer(struct flight *f)
{
	int64_t now_us = monotonic_us();
	answer_make(&f->x.response, f->x.loop->gzip, &f->answer);
	f->wire->deadline_us = now_us + options_of(f)->request_ms * 1000 + transfer_us(f, f->answer.length);
}

void flight_give_up(struct flight *f)
{
	f->is_late = true;
	metric_add(f->x.loop->server->late, 1);
}

static void count(const struct flight *f, const struct exchange_facts *facts)
{
	struct route_metrics *routes = options_of(f)->routes;
	if (routes)
		route_metrics_count(routes, f->x.request.route, facts->status, facts->total_us,
			(int64_t)facts->arena_bytes);
}

void flight_end(struct flight *f, bool is_sent)
{
	struct loop *loop = f->x.loop;
	const struct server_hooks *hooks = &options_of(f)->hooks;
	int64_t now_us = monotonic_us();
	body_abandon(&f->body);
	struct exchange_facts facts = {
		.status = f->is_late ? 503 : f->answer.status,
		.is_sent = is_sent,
		.bytes_in = f->body.taken + f->swallowed,
		.bytes_out = is_sent && f->x.request.method != METHOD_HEAD ? f->answer.length : 0,
		.handle_us = (f->answered_us ? f->answered_us : now_us) - f->started_us,
		.total_us = now_us - f->started_us,
		.arena_bytes = arena_bytes(f->x.request.arena),
	};
	if (f->stage != STAGE_NEW) {
		count(f, &facts);
		if (hooks->end) hooks->end(hooks->state, &f->x, &facts);
	}
	if (f->scratch) arena_free(f->scratch);
	loop->flights--;
	loop_arena_free(loop, f->x.request.arena);
}

/* --- what core calls ------------------------------------------------------------------------------------ */

/* Whether this is core inside a hook on the loop: then the answer needs no detour. */
static bool is_inside_hook(const struct flight *f)
{
	return pthread_equal(pthread_self(), f->x.loop->thread) && f->in_hook;
}

void exchange_answer(struct exchange *x)
{
	struct flight *f = (struct flight *)x;
	f->answered_us = monotonic_us();
	if (is_inside_hook(f))
		f->is_done = true;
	else
		loop_return(x->loop, f);
}

void exchange_hold(struct exchange *x) { ((struct flight *)x)->is_held = true; }

void exchange_go(struct exchange *x, struct err *refused)
{
	struct flight *f = (struct flight *)x;
	f->decision = refused;
	if (is_inside_hook(f))
		f->is_held = false;
	else
		loop_return(x->loop, f);
}

void exchange_continue(struct exchange *x, void (*on_loop)(struct exchange *x, void *state), void *state)
{
	struct flight *f = (struct flight *)x;
	f->on_loop = on_loop;
	f->on_loop_state = state;
	loop_return(x->loop, f);
}

void exchange_set_deadline(struct exchange *x, int64_t monotonic_us_deadline)
{
	x->request.deadline_us = monotonic_us_deadline;
}
