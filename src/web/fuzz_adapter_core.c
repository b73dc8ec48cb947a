#include <pthread.h>

#include "web/form_add.h"
#include "web/fuzz_adapter.h"

enum { REQUESTS = 4096, PAGE_BYTES = 2000 };

enum way { AT_ONCE, FROM_MEMORY, FIXED, FROM_POOL, AFTER_POOL, HELD, REFUSED };

struct place {
	const char *path;
	unsigned kinds;
	bool takes_files;
	enum way way;
};

static const struct place places[] = {
	{ "/hello", 0, false, AT_ONCE },
	{ "/memory", 0, false, FROM_MEMORY },
	{ "/fixed", 0, false, FIXED },
	{ "/pool", BODY_BYTES, false, FROM_POOL },
	{ "/later", 0, false, AFTER_POOL },
	{ "/held", BODY_FORM, false, HELD },
	{ "/form", BODY_FORM | BODY_MULTIPART, false, AT_ONCE },
	{ "/file", BODY_MULTIPART, true, AT_ONCE },
	{ "/json", BODY_JSON, false, AFTER_POOL },
	{ "/bytes", BODY_BYTES, false, AT_ONCE },
	{ "/no", 0, false, REFUSED },
};

static struct {
	struct arena *arena;
	struct pool *pool;
	pthread_mutex_t lock;
	struct met met[REQUESTS];
	int met_count;
	_Atomic int under_way;
	char page[PAGE_BYTES];
} core;

static const struct place *place_of(const struct exchange *x)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (str_eq(x->request.raw_path, str_of(places[i].path))) return &places[i];
	return NULL;
}

static struct met *meet(struct exchange *x)
{
	if (x->request.work) return x->request.work;
	pthread_mutex_lock(&core.lock);
	must(core.met_count < REQUESTS);
	struct met *m = &core.met[core.met_count++];
	*m = (struct met){ .is_head = x->request.method == METHOD_HEAD, .x = x, .place = place_of(x) };
	must(x->request.id.n == sizeof m->id - 1);
	memcpy(m->id, x->request.id.p, sizeof m->id - 1);
	pthread_mutex_unlock(&core.lock);
	core.under_way++;
	return x->request.work = m;
}

static struct err *taking_begin(void *state, struct form *form, struct str field, struct str file_name)
{
	struct met *m = state;
	(void)form;
	(void)field;
	(void)file_name;
	must(!m->is_open);
	m->is_open = true;
	return NULL;
}

static struct err *taking_bytes(void *state, struct str bytes)
{
	struct met *m = state;
	must(m->is_open && bytes.n > 0);
	return NULL;
}

static struct err *taking_end(void *state)
{
	struct met *m = state;
	must(m->is_open);
	m->is_open = false;
	return NULL;
}

static void taking_abandon(void *state) { (void)taking_end(state); }

static const struct multipart_sink files = { taking_begin, taking_bytes, taking_end, taking_abandon };

/* What was understood, as the client can check it: method, path, bytes of the body. The page is long and packs well. */
static void say_what(struct exchange *x)
{
	struct request *r = &x->request;
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OTHER" };
	const struct flight *f = (struct flight *)x;
	struct str text = arena_printf(r->arena, "%s %.*s %lld %s\n", methods[r->method], STR_FMT(r->raw_path),
		(long long)f->body.taken, r->form->fields ? core.page : "");
	response_text(&x->response, text);
}

static void on_loop(struct exchange *x, void *state)
{
	(void)state;
	say_what(x);
	exchange_answer(x);
}

static void on_pool(struct pool_job *job, void *thread_state)
{
	(void)thread_state;
	struct met *m = (struct met *)((char *)job - offsetof(struct met, job));
	if (m->place->way == HELD) {
		exchange_go(m->x, NULL);
	} else if (m->place->way == AFTER_POOL) {
		exchange_continue(m->x, on_loop, NULL);
	} else {
		say_what(m->x);
		exchange_answer(m->x);
	}
}

static void to_pool(struct met *m)
{
	m->job.run = on_pool;
	must(pool_submit(core.pool, &m->job));
}

const struct str core_fixed_text = { "the same for everybody\n", 23 };

static bool hook_from_memory(void *state, struct exchange *x)
{
	(void)state;
	struct met *m = meet(x);
	if (!m->place || (m->place->way != FROM_MEMORY && m->place->way != FIXED)) return false;
	if (m->place->way == FROM_MEMORY) {
		say_what(x);
		return true;
	}
	response_text(&x->response, core_fixed_text);
	x->response.is_fixed = true;
	x->response.cache = CACHE_FOREVER;
	return true;
}

static struct err *hook_begin(void *state, struct exchange *x)
{
	(void)state;
	struct met *m = meet(x);
	if (!m->place) return ERR(x->request.arena, ERR_NOT_FOUND, NULL, "nothing there");
	if (m->place->way == REFUSED) return ERR(x->request.arena, ERR_FORBIDDEN, NULL, "not you");
	x->body = (struct body_plan){ .kinds = m->place->kinds, .max_bytes = 100000 };
	if (m->place->takes_files) x->body.sink = &files;
	x->body.sink_state = m;
	if (m->place->way == HELD) {
		exchange_hold(x);
		to_pool(m);
	}
	return NULL;
}

static void hook_handle(void *state, struct exchange *x)
{
	struct met *m = meet(x);
	if (m->place->way == FROM_POOL || m->place->way == AFTER_POOL)
		to_pool(m);
	else
		on_loop(x, state);
}

static void hook_refuse(void *state, struct exchange *x, struct err *why)
{
	(void)state;
	meet(x);
	response_text(&x->response, arena_printf(x->request.arena, "%s\n", err_code_name(why->code)));
}

static void hook_end(void *state, struct exchange *x, const struct exchange_facts *facts)
{
	(void)state;
	(void)facts;
	struct met *m = meet(x); /* a client may have gone before core was asked */
	must(!m->is_open);
	core.under_way--;
}

static struct instant hook_clock(void *state)
{
	(void)state;
	return (struct instant){ 1767225600000 };
}

/* --- for the play ------------------------------------------------------------------------------------------ */

struct server *core_start(void)
{
	struct server *server;
	struct pool_options workers = { .name = "fuzz", .threads = 1, .queue_max = REQUESTS };
	struct server_options options = { .loops = 1,
		.idle_ms = 3600 * 1000,
		.hooks = { .from_memory = hook_from_memory,
			.begin = hook_begin,
			.handle = hook_handle,
			.refuse = hook_refuse,
			.end = hook_end,
			.clock = hook_clock } };
	core.arena = arena_new((size_t)256 * 1024 * 1024);
	pthread_mutex_init(&core.lock, NULL);
	memset(core.page, '.', sizeof core.page - 1);
	must(!pool_start(core.arena, &workers, &core.pool));
	options.pool = core.pool;
	must(!server_start(core.arena, &options, &server));
	return server;
}

void core_forget(void) { core.met_count = 0; }

bool core_is_busy(void) { return core.under_way > 0; }

struct met *core_met(struct str id)
{
	struct met *found = NULL;
	pthread_mutex_lock(&core.lock);
	for (int i = 0; i < core.met_count && !found; i++)
		if (str_eq((struct str){ core.met[i].id, 16 }, id)) found = &core.met[i];
	pthread_mutex_unlock(&core.lock);
	must(found);
	return found;
}
