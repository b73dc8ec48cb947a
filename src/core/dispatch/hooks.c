#include "base/log.h"
#include "core/dispatch/dispatch_internal.h"
#include "core/i18n.h"
#include "core/registry/registry.h"
#include "core/session/session.h"
#include "web/csrf.h"
#include "web/form.h"
#include "web/upload.h"
#include "core/asset.h"

enum {
	UPLOAD_MAX_BYTES = 25 * 1024 * 1024,
	UPLOAD_BODY_MAX = 130 * 1024 * 1024,
	JSON_BODY_MAX = 1024 * 1024
};

struct town *app_town_of_host(const struct app *app, struct str host)
{
	for (size_t i = 0; i < app->town_count; i++) {
		struct town *t = app->towns[i].town;
		for (size_t h = 0; h < t->host_count; h++) {
			if (str_eq(t->hosts[h], host)) return t;
		}
	}
	return NULL;
}

static bool is_language_of(struct town *t, struct str lang)
{
	const struct pack *pack = town_pack(t);
	for (size_t i = 0; i < pack->languages.count; i++) {
		if (str_eq(pack->languages.items[i], lang)) return true;
	}
	return false;
}

/* The language the person chose, or the first of the browser's that the town speaks, or the town's own. */
static struct str language_of(const struct request *r)
{
	struct str chosen = request_cookie(r, STR("idioma"));
	if (!str_is_empty(chosen) && is_language_of(r->town, chosen)) return chosen;
	struct str accepted = request_header(r, STR("accept-language"));
	while (!str_is_none(accepted)) {
		struct str tag = str_trim(str_cut(&accepted, ','));
		struct str primary = str_cut(&tag, ';');
		primary = str_cut(&primary, '-');
		if (is_language_of(r->town, primary)) return primary;
	}
	return town_pack(r->town)->languages.items[0];
}

/* Who asks: the bearer token of a program, or the session cookie of a member of staff. */
static struct err *identify(struct request *r)
{
	const struct who *who = &who_anonymous;
	if (r->route->flags & ROUTE_TOKEN) {
		struct str authorization = request_header(r, STR("authorization"));
		if (str_starts_with(authorization, STR("Bearer ")))
			TRY(session_of_bearer(r->town, r->db, r->arena,
				str_trim(str_slice(authorization, 7, authorization.n)), r->now, &who));
	} else {
		TRY(session_of_cookie(r->town, r->db, r->arena, request_cookie(r, STR(SESSION_COOKIE)), r->now,
			&who));
	}
	r->who = (struct who *)who;
	return NULL;
}

static struct err *check_permission(const struct request *r)
{
	enum permission needed = (enum permission)r->route->permission;
	if (who_may(r->who, needed)) return NULL;
	if (r->who->actor == ACTOR_ANONYMOUS)
		return ERR(r->arena, ERR_SIGN_IN, NULL, "%s needs %s", r->route->path, permission_name(needed));
	return ERR(r->arena, ERR_FORBIDDEN, NULL, "%s needs %s", r->route->path, permission_name(needed));
}

/* Every browser holds a cookie that its forms' tokens are made from. */
static struct err *give_csrf(struct exchange *x)
{
	struct request *r = &x->request;
	struct str cookie = request_cookie(r, STR(CSRF_COOKIE));
	if (!csrf_cookie_is_sound(cookie)) {
		cookie = csrf_cookie_new(r->arena);
		if (r->method == METHOD_GET) response_cookie(&x->response, STR(CSRF_COOKIE), cookie, 400 * 24 * 3600);
	}
	const struct key *key;
	TRY(keyring_active(r->town->keyring, r->arena, KEY_CSRF, STR_NONE, &key));
	r->csrf = csrf_token(r->arena, key->secret, cookie, r->now);
	return NULL;
}

static void plan_body(struct exchange *x)
{
	const struct route *route = x->request.route;
	if (route->method != METHOD_POST) return;
	if (route->flags & ROUTE_UPLOAD) {
		x->body.kinds = BODY_MULTIPART | BODY_FORM;
		x->body.max_bytes = UPLOAD_BODY_MAX;
		x->body.sink = &upload_sink_table;
		x->body.sink_state = upload_sink_new(x->request.arena, x->request.town->files, UPLOAD_MAX_BYTES);
	} else if (route->flags & ROUTE_TOKEN) {
		x->body.kinds = BODY_JSON;
		x->body.max_bytes = JSON_BODY_MAX;
	} else {
		x->body.kinds = BODY_FORM;
	}
}

static struct err *take_limit(struct app *app, const struct request *r)
{
	static const struct limit_rule anonymous_post = { "anonymous-post", 60, 1200 };
	static const struct limit_rule account = { "account", 2000, 360000 };
	if (app->options.no_limits) return NULL;
	if (r->who->actor != ACTOR_ANONYMOUS) {
		struct str name = arena_printf(r->arena, "%.*s/%lld", STR_FMT(r->town->slug),
			(long long)r->who->staff_id);
		return limits_take(app->limits, &account, r, name, NULL);
	}
	return r->method == METHOD_POST ? limits_take(app->limits, &anonymous_post, r, STR_NONE, NULL) : NULL;
}

/* A form of the office from somebody whose session has ended: it is read all the same, so that nothing typed is
 * lost on the way through the sign-in page. */
static bool is_expired_form(const struct request *r)
{
	return r->method == METHOD_POST && !(r->route->flags & ROUTE_TOKEN) && r->who->actor == ACTOR_ANONYMOUS &&
		!who_may(r->who, (enum permission)r->route->permission);
}

/* Who asks, and whether they may. */
static struct err *admit(struct app *app, struct exchange *x)
{
	struct request *r = &x->request;
	TRY(readers_get(x->thread_state, r->arena, r->town, &r->db));
	TRY(identify(r));
	TRY(take_limit(app, r));
	if (!(r->route->flags & (ROUTE_TOKEN | ROUTE_STREAM))) TRY(give_csrf(x));
	if (is_expired_form(r)) {
		x->body.kinds = BODY_FORM;
		return NULL;
	}
	TRY(check_permission(r));
	plan_body(x);
	return NULL;
}

/* Each server has the routes of its kind, and of the others it knows nothing. */
static struct err *begin(struct app *app, struct exchange *x, bool is_stream)
{
	struct request *r = &x->request;
	r->who = (struct who *)&who_anonymous;
	const struct town *town = app_town_of_host(app, r->host);
	if (!town) return ERR(r->arena, ERR_WRONG_HOST, NULL, "no municipality is served under this name");
	r->town = town_hold(town, r->arena);
	r->now = town_now(r->town);
	r->lang = language_of(r);
	struct str allow = STR_NONE;
	/* By another method than dispatch_from_memory() is asked for, or with a body. */
	if (asset_by_address(r->path))
		allow = STR("GET, HEAD");
	else
		router_match(app->router, r, &r->route, &allow);
	if (r->route && ((r->route->flags & ROUTE_STREAM) != 0) != is_stream) r->route = NULL;
	if (!r->route && !str_is_empty(allow)) {
		response_header(&x->response, STR("Allow"), allow);
		return ERR(r->arena, ERR_METHOD, NULL, "only %.*s", STR_FMT(allow));
	}
	if (!r->route) return ERR(r->arena, ERR_NOT_FOUND, NULL, "no such path");
	if (is_stream) TRY(dispatch_check_page(r));
	struct err *e = admit(app, x);
	r->db = NULL; /* this thread's; what follows may run on another */
	return e;
}

struct err *dispatch_begin(void *state, struct exchange *x) { return begin(state, x, false); }

struct err *dispatch_begin_stream(void *state, struct exchange *x) { return begin(state, x, true); }

bool dispatch_from_memory(void *state, struct exchange *x)
{
	const struct asset *asset = asset_by_address(x->request.path);
	const struct town *town = asset ? app_town_of_host(state, x->request.host) : NULL;
	if (!town) return false;
	x->request.town = town_hold(town, x->request.arena);
	x->response.content_type = asset->type;
	x->response.body = asset->bytes;
	x->response.gzip = asset->gzip;
	x->response.version = asset->version;
	x->response.cache = CACHE_FOREVER;
	x->response.is_fixed = true;
	return true;
}

struct slow_job {
	struct pool_job job;
	struct exchange *x;
};

static void run_slow(struct pool_job *job, void *thread_state)
{
	struct slow_job *slow = (struct slow_job *)job;
	if (slow->x->request.method == METHOD_POST)
		dispatch_post(slow->x, thread_state, ON_POOL);
	else
		dispatch_get(slow->x, thread_state, ON_POOL);
}

void dispatch_to_pool(struct exchange *x)
{
	struct request *r = &x->request;
	struct slow_job *slow = ARENA_NEW(r->arena, struct slow_job);
	*slow = (struct slow_job){ .job = { .run = run_slow }, .x = x };
	if (pool_submit(r->town->app->pool, &slow->job)) return;
	dispatch_error_answer(x, ERR(r->arena, ERR_UNAVAILABLE, NULL, "the pool's queue is full"));
	exchange_answer(x);
}

struct dispatch_attempt dispatch_attempt(struct exchange *x, enum dispatch_place place)
{
	int64_t budget_us = place == ON_LOOP ? LOOP_BUDGET_US : POOL_BUDGET_US;
	return (struct dispatch_attempt){ place, monotonic_us() + budget_us, response_mark(&x->response) };
}

bool dispatch_is_for_pool(struct exchange *x, const struct dispatch_attempt *attempt, const struct err *e)
{
	struct request *r = &x->request;
	if (attempt->place != ON_LOOP || !e || e->code != ERR_UNAVAILABLE ||
		monotonic_us() < attempt->deadline_us)
		return false;
	response_go_back(&x->response, attempt->mark);
	r->work = NULL;
	r->case_id = 0;
	r->is_answered = false;
	r->form->errors = NULL;
	r->form->errors_end = &r->form->errors;
	r->form->error_count = 0;
	return true;
}

void dispatch_handle(void *state, struct exchange *x)
{
	(void)state;
	struct request *r = &x->request;
	if (is_expired_form(r)) {
		dispatch_sign_in_answer(x);
		exchange_answer(x);
		return;
	}
	if (r->route->flags & ROUTE_SLOW)
		dispatch_to_pool(x);
	else if (r->method == METHOD_POST)
		dispatch_post(x, x->thread_state, ON_LOOP);
	else
		dispatch_get(x, x->thread_state, ON_LOOP);
}

void dispatch_refuse(void *state, struct exchange *x, struct err *why)
{
	(void)state;
	if (why->code == ERR_SIGN_IN && x->request.route && !(x->request.route->flags & ROUTE_TOKEN))
		dispatch_sign_in_answer(x);
	else
		dispatch_error_answer(x, why);
}

void dispatch_refuse_stream(void *state, struct exchange *x, struct err *why)
{
	(void)state;
	dispatch_stream_error(x, why);
}

void dispatch_end(void *state, struct exchange *x, const struct exchange_facts *facts)
{
	(void)state;
	const struct request *r = &x->request;
	log_event(LOG_INFO, "http.request", LOG_S("request", r->id),
		LOG_S("town", r->town ? r->town->slug : STR("")),
		LOG_S("route", r->route ? str_of(r->route->path) : STR("")), LOG_I("status", facts->status),
		LOG_I("us", facts->total_us), LOG_I("handle_us", facts->handle_us), LOG_I("bytes", facts->bytes_out),
		LOG_I("arena", facts->arena_bytes));
}
