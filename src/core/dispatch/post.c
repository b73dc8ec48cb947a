#include "base/log.h"
#include "core/dispatch/dispatch_internal.h"
#include "core/dispatch/repeat.h"
#include "core/job/job.h"
#include "web/csrf.h"
#include "web/form.h"

struct post {
	struct commit commit; /* first: the writer gives it back */
	struct exchange *x;
	struct repeat repeat;
	struct header **mark; /* of the response, before the commit */
};

static struct err *check_csrf(struct request *r)
{
	if (r->route->flags & (ROUTE_TOKEN | ROUTE_NO_CSRF)) return NULL;
	struct str keys[2];
	size_t count = 0;
	const struct key *key;
	for (; count < 2 && (key = keyring_good(r->town->keyring, KEY_CSRF, count)); count++)
		keys[count] = key->secret;
	return csrf_check(r, keys, count);
}

static struct err *run_prepare(struct post *post, struct readers *readers, int64_t deadline_us,
	bool *ret_answered)
{
	struct exchange *x = post->x;
	struct request *r = &x->request;
	TRY(check_csrf(r));
	TRY(readers_get(readers, r->arena, r->town, &r->db));
	TRY(db_snapshot_begin(r->db));
	db_set_deadline(r->db, deadline_us);
	struct err *e = repeat_begin(x, &post->repeat);
	e = e ? e : repeat_find(&post->repeat, x, r->db, ret_answered);
	if (!e && !*ret_answered) e = dispatch_object_rule(x);
	if (!e && !*ret_answered && r->route->prepare) e = r->route->prepare(r, &x->response);
	if (!e && !*ret_answered && !r->is_answered && !r->route->commit) e = r->route->answer(r, &x->response);
	db_set_deadline(r->db, 0);
	db_snapshot_end(r->db);
	r->db = NULL; /* this thread's, and commits read through tx */
	return e;
}

static struct err *commit_post(struct tx *tx, void *input)
{
	struct post *post = input;
	struct request *r = &post->x->request;
	bool is_repeated;
	TRY(repeat_find(&post->repeat, post->x, tx->db, &is_repeated));
	if (is_repeated) return NULL;
	TRY(r->route->commit(r, tx));
	if (str_is_none(post->repeat.key)) return NULL;
	/* The answer of a call that may be repeated is made inside its commit, so that it can be kept with it: once more
	 * when its batch failed and it runs alone. */
	response_go_back(&post->x->response, post->mark);
	TRY(r->route->answer(r, &post->x->response));
	return repeat_keep(&post->repeat, post->x, tx);
}

/* A form whose token no longer counts: too old, or of a cookie that the browser has lost. */
static bool is_late_form(const struct request *r, const struct err *e)
{
	struct str key = str_of(e && e->key ? e->key : "");
	bool had_token = r->form && form_has(r->form, STR(CSRF_FIELD));
	return (str_eq(key, STR("csrf.stale")) || (str_eq(key, STR("csrf.missing")) && had_token)) &&
		csrf_came_from_here(r);
}

/* Back on the loop, once what was done is durable or was undone. */
static void answer_post(struct exchange *x, void *state)
{
	const struct post *post = state;
	struct err *e = post->commit.err;
	if (!e && str_is_none(post->repeat.key)) e = x->request.route->answer(&x->request, &x->response);
	dispatch_answer(x, e);
}

static void post_done(struct commit *commit)
{
	struct post *post = commit->input;
	jobs_wake(post->x->request.town->jobs);
	exchange_continue(post->x, answer_post, post);
}

void dispatch_post(struct exchange *x, struct readers *readers, enum dispatch_place place)
{
	struct request *r = &x->request;
	struct post *post = ARENA_NEW(r->arena, struct post);
	post->x = x;
	bool is_answered = false;
	struct dispatch_attempt attempt = dispatch_attempt(x, place);
	struct err *e = run_prepare(post, readers, attempt.deadline_us, &is_answered);
	if (dispatch_is_for_pool(x, &attempt, e)) {
		dispatch_to_pool(x);
		return;
	}
	if (is_late_form(r, e)) {
		dispatch_resend_answer(x);
		exchange_answer(x);
		return;
	}
	if (e || is_answered || !r->route->commit || r->is_answered) {
		dispatch_answer(x, e);
		return;
	}
	post->mark = response_mark(&x->response);
	post->commit = (struct commit){ .run = commit_post, .input = post, .arena = r->arena, .done = post_done };
	writer_submit(r->town->writer, &post->commit);
}
