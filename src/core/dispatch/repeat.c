#include "core/dispatch/repeat.h"
#include "core/crypto/crypto.h"
#include "core/dispatch/dispatch_internal.h"
#include "core/session/queries.h"
#include "web/form.h"

enum { KEY_MAX = 200, BLOCK = 8, FILES_MAX = 20 };

/* Path, query, body; of files what they hold. */
static struct str hash_of(struct exchange *x)
{
	const struct request *r = &x->request;
	struct str parts[5 + 3 * FILES_MAX] = { r->path, STR("\n"), r->query, STR("\n"), x->body.bytes };
	size_t n = 5;
	for (const struct upload *u = r->form->uploads; u && n + 3 <= sizeof(parts) / sizeof(parts[0]);
		 u = u->next) {
		parts[n++] = STR("\n");
		parts[n++] = u->facts.sha256;
		parts[n++] = u->file_name;
	}
	struct sha256 hash = sha256_of_parts(parts, n);
	return arena_str(r->arena, sha256_str(&hash));
}

struct err *repeat_begin(struct exchange *x, struct repeat *ret)
{
	struct request *r = &x->request;
	struct str key = request_header(r, STR("idempotency-key"));
	*ret = (struct repeat){ STR_NONE, STR_NONE, STR_NONE };
	if (!(r->route->flags & ROUTE_TOKEN) || !r->route->commit || str_is_none(key)) return NULL;
	if (str_is_empty(key) || key.n > KEY_MAX)
		return ERR(r->arena, ERR_MALFORMED, "api.idempotency", "an Idempotency-Key of %zu bytes", key.n);
	*ret = (struct repeat){ key, arena_printf(r->arena, "token/%lld", (long long)r->who->session_id),
		hash_of(x) };
	return NULL;
}

struct err *repeat_find(const struct repeat *r, struct exchange *x, struct db *db, bool *ret_found)
{
	struct arena *a = x->request.arena;
	struct idempotency_get_row row;
	bool found = false;
	*ret_found = false;
	if (str_is_none(r->key)) return NULL;
	TRY(idempotency_get(db, a, &(struct idempotency_get_in){ .caller = r->caller, .key = r->key }, &row,
		&found));
	if (!found) return NULL;
	if (!str_eq(row.request_hash, r->hash))
		return ERR(a, ERR_CONFLICT, "api.idempotency", "the key was used for another request");
	struct str body;
	TRY(keyring_unwrap(x->request.town->keyring, a, row.body, row.wrapping_key_id, &body));
	x->response.status = (int)row.status;
	response_json(&x->response, str_trim(body));
	if (!str_is_empty(row.location)) response_header(&x->response, STR("Location"), row.location);
	response_header(&x->response, STR("Idempotent-Replayed"), STR("true"));
	*ret_found = true;
	return NULL;
}

static struct str location_of(const struct response *r)
{
	for (const struct header *h = r->headers; h; h = h->next)
		if (str_eq(h->name, STR("Location"))) return h->value;
	return STR_NONE;
}

/* White space at the end of JSON means nothing, and wrapping takes whole blocks. */
static struct str padded(struct arena *a, struct str body)
{
	size_t n = (body.n + BLOCK - 1) / BLOCK * BLOCK;
	n = n < 2 * BLOCK ? 2 * BLOCK : n;
	return arena_printf(a, "%.*s%*s", STR_FMT(body), (int)(n - body.n), "");
}

struct err *repeat_keep(const struct repeat *r, struct exchange *x, struct tx *tx)
{
	const struct response *out = &x->response;
	if (str_is_none(r->key)) return NULL;
	struct str wrapped, key_id;
	TRY(keyring_wrap(x->request.town->keyring, tx->arena, padded(tx->arena, out->body), &wrapped, &key_id));
	return idempotency_insert(tx->db, tx->arena,
		&(struct idempotency_insert_in){ .caller = r->caller,
			.key = r->key,
			.request_hash = r->hash,
			.status = out->status,
			.body = wrapped,
			.location = location_of(out),
			.wrapping_key_id = key_id,
			.created_at = tx->now },
		NULL);
}
