#include "base/log.h"
#include "core/crypto/crypto.h"
#include "core/dispatch/dispatch_internal.h"
#include "core/job/job.h"
#include "core/session/queries.h"
#include "web/csrf.h"
#include "web/form.h"

enum { PREPARE_BUDGET_US = 5 * 1000 * 1000, IDEMPOTENCY_KEY_MAX = 200 };

struct post {
	struct commit commit; /* first: the writer gives it back */
	struct exchange *x;
	/* An API call that may be repeated: what it answered is kept in the same commit. */
	struct str idempotency_key, caller, request_hash;
};

static struct err *check_csrf(struct request *r)
{
	if (r->route->flags & (ROUTE_TOKEN | ROUTE_NO_CSRF))
		return NULL;
	struct str keys[2];
	size_t count = 0;
	for (size_t n = 0; count < 2; n++) {
		const struct key *key = keyring_at(r->town->keyring, n);
		if (!key)
			break;
		if (key->purpose == KEY_CSRF && (key->state == KEY_ACTIVE || key->state == KEY_RETIRED))
			keys[count++] = key->secret;
	}
	return csrf_check(r, keys, count);
}

/* Finds the stored answer of the same call. The key names the call; another body under it is a conflict. */
static struct err *find_repeated(struct post *post, bool *ret_answered)
{
	struct exchange *x = post->x;
	struct request *r = &x->request;
	*ret_answered = false;
	struct str key = request_header(r, STR("idempotency-key"));
	if (!(r->route->flags & ROUTE_TOKEN) || str_is_none(key))
		return NULL;
	if (str_is_empty(key) || key.n > IDEMPOTENCY_KEY_MAX)
		return ERR(r->arena, ERR_MALFORMED, "api.idempotency", "an Idempotency-Key of %zu bytes", key.n);
	struct str parts[] = { r->path, STR("\n"), x->body.bytes };
	struct sha256 hash = sha256_of_parts(parts, 3);
	post->request_hash = arena_str(r->arena, sha256_str(&hash));
	post->caller = arena_printf(r->arena, "token/%lld", (long long)r->who->session_id);
	post->idempotency_key = key;
	struct idempotency_get_row row;
	bool found;
	TRY(idempotency_get(r->db, r->arena, &(struct idempotency_get_in){ .caller = post->caller, .key = key }, &row,
		&found));
	if (!found)
		return NULL;
	if (!str_eq(row.request_hash, post->request_hash))
		return ERR(r->arena, ERR_CONFLICT, "api.idempotency", "the key was used for another request");
	x->response.status = (int)row.status;
	response_json(&x->response, row.body);
	response_header(&x->response, STR("Idempotent-Replayed"), STR("true"));
	*ret_answered = true;
	return NULL;
}

static struct err *run_prepare(struct post *post, struct readers *readers, bool *ret_answered)
{
	struct exchange *x = post->x;
	struct request *r = &x->request;
	TRY(check_csrf(r));
	TRY(readers_get(readers, r->arena, r->town, &r->db));
	TRY(db_snapshot_begin(r->db));
	db_set_deadline(r->db, monotonic_us() + PREPARE_BUDGET_US);
	struct err *e = find_repeated(post, ret_answered);
	if (!e && !*ret_answered)
		e = dispatch_object_rule(x);
	if (!e && !*ret_answered && r->route->prepare)
		e = r->route->prepare(r, &x->response);
	if (!e && !*ret_answered && !r->is_answered && !r->route->commit)
		e = r->route->answer(r, &x->response);
	db_set_deadline(r->db, 0);
	db_snapshot_end(r->db);
	return e;
}

static struct err *commit_post(struct tx *tx, void *input)
{
	struct post *post = input;
	struct request *r = &post->x->request;
	TRY(r->route->commit(r, tx));
	if (str_is_none(post->idempotency_key))
		return NULL;
	/* The answer of an API call is made inside its commit, so that it can be kept with it. */
	struct response *out = &post->x->response;
	TRY(r->route->answer(r, out));
	return idempotency_insert(tx->db, tx->arena,
		&(struct idempotency_insert_in){ .caller = post->caller, .key = post->idempotency_key,
			.request_hash = post->request_hash, .status = out->status, .body = out->body, .created_at = tx->now },
		NULL);
}

/* Back on the loop, once what was done is durable or was undone. */
static void answer_post(struct exchange *x, void *state)
{
	const struct post *post = state;
	struct err *e = post->commit.err;
	if (!e && str_is_none(post->idempotency_key))
		e = x->request.route->answer(&x->request, &x->response);
	if (e)
		dispatch_error_answer(x, e);
	exchange_answer(x);
}

static void post_done(struct commit *commit)
{
	struct post *post = commit->input;
	jobs_wake(post->x->request.town->jobs);
	exchange_continue(post->x, answer_post, post);
}

void dispatch_post(struct exchange *x, struct readers *readers)
{
	struct request *r = &x->request;
	struct post *post = ARENA_NEW(r->arena, struct post);
	post->x = x;
	bool is_answered = false;
	struct err *e = run_prepare(post, readers, &is_answered);
	if (e && e->key && (str_eq(str_of(e->key), STR("csrf.stale")) || str_eq(str_of(e->key), STR("csrf.missing"))))
		dispatch_resend_answer(x);
	else if (e)
		dispatch_error_answer(x, e);
	if (e || is_answered || !r->route->commit || r->is_answered) {
		exchange_answer(x);
		return;
	}
	r->db = NULL; /* commits read through tx */
	post->commit = (struct commit){ .run = commit_post, .input = post, .arena = r->arena, .done = post_done };
	writer_submit(r->town->writer, &post->commit);
}
