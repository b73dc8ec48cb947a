/*
 * The life of one request, from its first line to its last byte, as a machine over `enum stage`. The adapter
 * calls in when the library has something and does what comes back; what core has to do is a step, run
 * outside the library by flight_work(). A step touches what is the flight's own; what the loop has to know of
 * its outcome is done after it, in settle(), by whoever drives the loop then. Start at flight_head() and
 * flight_whole().
 */
#include "web/adapter.h"
#include "web/form_add.h"

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
	struct arena *a = loop_arena(loop);
	struct flight *f = ARENA_NEW(a, struct flight);
	struct request *r = &f->x.request;
	f->wire = wire;
	f->connection = connection;
	f->started_us = monotonic_us();
	f->head.uri = arena_cstr(a, uri);
	f->x.loop = loop;
	f->x.response.request = r;
	r->arena = a;
	r->id = loop_request_id(loop, a);
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

/* --- steps: outside the library, on a thread that may lose the loop meanwhile ----------------------------- */

static void make(struct flight *f, struct gzip *gzip)
{
	answer_make(&f->x.response, gzip, &f->answer);
	f->is_done = true;
}

static void make_step(struct flight *f, struct gzip *gzip) { make(f, gzip); }

static void begin_step(struct flight *f, struct gzip *gzip)
{
	(void)gzip;
	const struct server_hooks *hooks = &options_of(f)->hooks;
	f->x.request.now = hooks->clock(hooks->state);
	if (f->refused) return;
	f->refused = hooks->begin(hooks->state, &f->x);
	if (!f->is_held && !f->refused) f->refused = f->decision;
}

static void refuse_plainly(struct flight *f)
{
	struct response *out = &f->x.response;
	out->status = err_http_status(f->refused);
	response_text(out, arena_printf(f->x.request.arena, "%d\n", out->status));
}

static void refuse(struct flight *f)
{
	const struct server_hooks *hooks = &options_of(f)->hooks;
	f->x.response.status = err_http_status(f->refused);
	if (hooks->refuse)
		hooks->refuse(hooks->state, &f->x, f->refused);
	else
		refuse_plainly(f);
	if (f->refused_status) f->x.response.status = f->refused_status;
	exchange_answer(&f->x);
}

static void handle_step(struct flight *f, struct gzip *gzip)
{
	const struct server_hooks *hooks = &options_of(f)->hooks;
	if (!f->refused) f->refused = body_end(&f->body, &f->x);
	if (f->refused)
		refuse(f);
	else
		hooks->handle(hooks->state, &f->x);
	if (f->is_done) make(f, gzip);
}

static void continue_step(struct flight *f, struct gzip *gzip)
{
	void (*on_loop)(struct exchange * x, void *state) = f->on_loop;
	f->on_loop = NULL;
	on_loop(&f->x, f->on_loop_state);
	if (f->is_done) make(f, gzip);
}

static void count(const struct flight *f, const struct exchange_facts *facts)
{
	struct route_metrics *routes = options_of(f)->routes;
	if (routes)
		route_metrics_count(routes, f->x.request.route, facts->status, facts->total_us,
			(int64_t)facts->arena_bytes);
}

static void end_step(struct flight *f, struct gzip *gzip)
{
	(void)gzip;
	const struct server_hooks *hooks = &options_of(f)->hooks;
	int64_t now_us = monotonic_us();
	body_abandon(&f->body);
	struct exchange_facts facts = {
		.status = f->is_late ? 503 : f->answer.status,
		.is_sent = f->is_sent,
		.bytes_in = f->body.taken + f->swallowed,
		.bytes_out = f->is_sent && f->x.request.method != METHOD_HEAD ? f->answer.length : 0,
		.handle_us = (f->answered_us ? f->answered_us : now_us) - f->started_us,
		.total_us = now_us - f->started_us,
		.arena_bytes = arena_bytes(f->x.request.arena),
	};
	count(f, &facts);
	if (hooks->end) hooks->end(hooks->state, &f->x, &facts);
}

/* --- between steps: on the loop --------------------------------------------------------------------------- */

static void flight_free(struct flight *f)
{
	struct loop *loop = f->x.loop;
	if (f->scratch) arena_free(f->scratch);
	loop->flights--;
	loop_arena_free(loop, f->x.request.arena);
}

static void end(struct flight *f)
{
	f->stage = STAGE_ENDED;
	f->step = end_step;
}

/* Nobody has it any more but the library; and where the client has gone meanwhile, not even that. */
static void let_go(struct flight *f)
{
	f->is_away = false;
	if (!f->wire)
		end(f);
	else if (f->is_suspended)
		adapter_resume(f->x.loop->adapter, f);
}

static void set_deadline(struct flight *f, int64_t deadline_us)
{
	if (f->wire && !f->is_late) f->wire->deadline_us = deadline_us;
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

/* Nothing more of the request is to come, or to be read. */
static void ask_for_answer(struct flight *f)
{
	struct request *r = &f->x.request;
	/* A body that took its time leaves core a third of a request's time at least. */
	int64_t least = monotonic_us() + options_of(f)->request_ms * 1000 / 3;
	if (r->deadline_us < least) r->deadline_us = least;
	set_deadline(f, r->deadline_us + LATE_GRACE_US);
	f->stage = STAGE_CORE;
	f->step = handle_step;
}

/* The head is decided: go on to the body, or to the answer. */
static void after_head(struct flight *f)
{
	struct request *r = &f->x.request;
	if (!f->refused) f->refused = body_begin(&f->body, &f->x, &f->head, options_of(f)->arena_max);
	/* Where the library did not have to stop at the head, there is no body, and it is past it. */
	bool is_unread = f->is_suspended && f->refused && !is_worth_swallowing(f);
	if (!f->is_suspended || is_unread) {
		if (f->wire && is_unread) f->wire->is_agreed = false;
		ask_for_answer(f);
		return;
	}
	int64_t announced = f->head.content_length >= 0 ? f->head.content_length
													: f->body.limit; /* 0 where is none */
	r->deadline_us += transfer_us(f, announced);
	set_deadline(f, r->deadline_us);
	f->stage = STAGE_DECIDED;
	let_go(f);
}

/* Core has handed it back from elsewhere: what is left is here. */
static void take_back(struct flight *f)
{
	f->is_returned = false;
	if (f->stage == STAGE_CORE) {
		f->step = f->on_loop ? continue_step : make_step;
	} else if (f->stage == STAGE_HELD) {
		f->refused = f->decision;
		after_head(f);
	} else {
		must(f->stage == STAGE_FEEDING);
		let_go(f);
	}
}

/* What has become of it in a step. False: it is gone. */
static bool settle(struct flight *f)
{
	if (f->stage == STAGE_ENDED) {
		flight_free(f);
		return false;
	}
	if (f->stage == STAGE_HEAD && f->is_held && !f->refused) {
		f->stage = STAGE_HELD;
	} else if (f->stage == STAGE_HEAD) {
		after_head(f);
		return true;
	} else if (f->is_done) {
		f->stage = STAGE_ANSWERED;
		let_go(f);
		return true;
	}
	if (f->is_returned) take_back(f);
	return true;
}

/* A client that has gone, or has had its 503, is not worth asking core. What core has begun it ends. */
static bool is_wanted(const struct flight *f)
{
	return (f->step != begin_step && f->step != handle_step) || (f->wire && !f->is_late);
}

bool flight_work(struct flight *f)
{
	while (f->step) {
		relay_step *step = f->step;
		bool is_wanted_still = is_wanted(f);
		f->step = NULL;
		if (!is_wanted_still) {
			let_go(f);
			continue;
		}
		f->is_done = false;
		if (!relay_run(f, step)) return false;
		if (!settle(f)) return true;
	}
	return true;
}

static void queue(struct flight *f)
{
	if (f->step) loop_work(f->x.loop, f);
}

void flight_returned(struct flight *f)
{
	f->is_returned = true;
	if (f->is_stuck) return; /* the hook that gave it away has not come back itself */
	take_back(f);
	queue(f);
}

void flight_given_back(struct flight *f)
{
	f->is_stuck = false;
	if (settle(f)) queue(f);
}

void flight_closed(struct flight *f, bool is_sent)
{
	f->is_sent = is_sent;
	if (f->stage == STAGE_NEW) { /* core has never heard of it */
		flight_free(f);
		return;
	}
	end(f);
	queue(f);
}

/* --- what the library says -------------------------------------------------------------------------------- */

/* All that is read from the head before core is asked. The error, if any, is in f->refused. */
static void read_head(struct flight *f)
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
}

static bool is_last(const struct flight *f)
{
	struct str connection = request_header(&f->x.request, STR("connection"));
	return str_eq_ci(connection, STR("close")) || str_eq(f->head.version, STR("HTTP/1.0"));
}

static bool is_from_memory(struct flight *f)
{
	const struct server_hooks *hooks = &options_of(f)->hooks;
	enum method method = f->x.request.method;
	if (f->refused || f->head.has_body || !hooks->from_memory) return false;
	if (method != METHOD_GET && method != METHOD_HEAD) return false;
	if (!hooks->from_memory(hooks->state, &f->x)) return false;
	f->answered_us = monotonic_us();
	answer_make(&f->x.response, NULL, &f->answer);
	f->stage = STAGE_ANSWERED;
	return true;
}

enum next flight_head(struct flight *f)
{
	loop_busy(f->wire);
	f->wire->deadline_us = f->x.request.deadline_us;
	read_head(f);
	f->wire->is_agreed = is_last(f);
	if (is_from_memory(f)) return NEXT_READ; /* an answer to the head alone would end the connection */
	f->stage = STAGE_HEAD;
	f->step = begin_step;
	queue(f);
	/* Where a body may follow the library stands still: not a byte of it is read, and no 100 sent, before core says so. */
	bool may_have_body = f->head.has_body || f->head.expects_continue || f->refused_status;
	return may_have_body ? NEXT_WAIT : NEXT_READ;
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

void flight_resume(struct flight *f) { f->stage = f->refused ? STAGE_SWALLOW : STAGE_BODY; }

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

enum next flight_whole(struct flight *f)
{
	if (f->stage == STAGE_ANSWERED) return NEXT_ANSWER;
	if (!f->refused && body_is_streamed(&f->body) && !f->body.is_fed) {
		enum next next = feed(f, true);
		if (next == NEXT_WAIT) return next;
	}
	ask_for_answer(f);
	queue(f);
	return NEXT_READ;
}

void flight_sends(struct flight *f)
{
	f->wire->deadline_us = f->x.loop->now_us + options_of(f)->request_ms * 1000 +
		transfer_us(f, f->answer.length);
}

void flight_give_up(struct flight *f)
{
	f->is_late = true;
	f->wire->is_agreed = false;
	metric_add(f->x.loop->server->late, 1);
}

/* --- what core calls ------------------------------------------------------------------------------------ */

void exchange_answer(struct exchange *x)
{
	struct flight *f = (struct flight *)x;
	f->answered_us = monotonic_us();
	if (relay_is_inside(f)) /* no detour */
		f->is_done = true;
	else
		loop_return(x->loop, f);
}

void exchange_hold(struct exchange *x) { ((struct flight *)x)->is_held = true; }

void exchange_go(struct exchange *x, struct err *refused)
{
	struct flight *f = (struct flight *)x;
	f->decision = refused;
	if (relay_is_inside(f))
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
