#include "base/log.h"
#include "core/dispatch/access_log.h"
#include "core/dispatch/dispatch_internal.h"

struct err *dispatch_object_rule(struct exchange *x)
{
	struct request *r = &x->request;
	if (!r->route->rule) return NULL;
	bool allowed = false;
	TRY(r->route->rule(r, &allowed));
	return allowed ? NULL
				   : ERR(r->arena, ERR_NOT_FOUND, NULL, "the object rule of %s says no", r->route->path);
}

struct access {
	struct commit commit; /* first: the writer gives it back */
	struct access_insert_in row;
	struct exchange *x;
};

static struct err *access_commit(struct tx *tx, void *input)
{
	const struct access *access = input;
	return access_insert(tx->db, tx->arena, &access->row, NULL);
}

/* Its request id lives as long as the request. */
static struct access_insert_in row_of(const struct request *r)
{
	return (struct access_insert_in){ .at = r->now,
		.actor_kind = r->who->actor == ACTOR_TOKEN ? STR("token") : STR("staff"),
		.actor_id = r->who->staff_id,
		.route = str_of(r->route->path),
		.has_case_id = r->case_id != 0,
		.case_id = r->case_id,
		.shows = r->route->shows == SHOWS_SENSITIVE ? STR("sensitive") : STR("personal"),
		.request_id = r->id };
}

/* Citizens who read their own case by its key are not "staff reading personal data". */
static bool is_recorded(const struct exchange *x)
{
	const struct request *r = &x->request;
	if (x->response.status / 100 == 3) return false; /* it leads elsewhere and shows nothing */
	return r->route->shows != SHOWS_NOTHING && r->who->actor != ACTOR_ANONYMOUS;
}

static struct access_log *access_log_of(const struct town *t)
{
	size_t i = 0;
	while (t->app->towns[i].town->state != t->state)
		i++;
	return t->app->towns[i].access;
}

/* Written with a later batch; a failure is logged. */
static void record_access(struct exchange *x)
{
	struct access_insert_in row = row_of(&x->request);
	access_log_add(access_log_of(x->request.town), &row);
}

/* Without its record the page does not leave. */
static void back_on_loop(struct exchange *x, void *state)
{
	const struct access *access = state;
	if (access->commit.err) dispatch_error_answer(x, access->commit.err);
	exchange_answer(x);
}

static void access_written_first(struct commit *commit)
{
	struct access *access = commit->input;
	exchange_continue(access->x, back_on_loop, access);
}

/* Durable before the exchange goes on. */
static void record_access_first(struct exchange *x)
{
	struct arena *a = x->request.arena;
	struct access *access = ARENA_NEW(a, struct access);
	access->x = x;
	access->row = row_of(&x->request);
	access->commit = (struct commit){ .run = access_commit,
		.input = access,
		.arena = a,
		.done = access_written_first };
	writer_submit(x->request.town->writer, &access->commit);
}

static struct err *run_page(struct exchange *x, struct readers *readers, int64_t deadline_us)
{
	struct request *r = &x->request;
	TRY(readers_get(readers, r->arena, r->town, &r->db));
	TRY(db_snapshot_begin(r->db));
	db_set_deadline(r->db, deadline_us);
	struct err *e = dispatch_object_rule(x);
	e = e ? e : r->route->page(r, &x->response);
	db_set_deadline(r->db, 0);
	db_snapshot_end(r->db);
	r->db = NULL; /* this thread's; what follows may run on another */
	return e;
}

void dispatch_answer(struct exchange *x, struct err *e)
{
	bool is_sensitive = x->request.route->shows == SHOWS_SENSITIVE;
	if (!e && is_sensitive && is_recorded(x)) {
		record_access_first(x);
		return;
	}
	if (e)
		dispatch_error_answer(x, e);
	else if (is_recorded(x))
		record_access(x);
	exchange_answer(x);
}

void dispatch_get(struct exchange *x, struct readers *readers, enum dispatch_place place)
{
	struct dispatch_attempt attempt = dispatch_attempt(x, place);
	struct err *e = run_page(x, readers, attempt.deadline_us);
	if (dispatch_is_for_pool(x, &attempt, e)) {
		dispatch_to_pool(x);
		return;
	}
	dispatch_answer(x, e);
}
