#include "core/session/session.h"
#include "core/codes/code.h"
#include "core/crypto/crypto.h"
#include "core/session/password.h"
#include "core/session/queries.h"
#include "core/staff/queries.h"
#include "web/limits.h"

enum { TOKEN_CHARS_MAX = 128 };

const struct who who_anonymous = {
	.actor = ACTOR_ANONYMOUS,
	.permissions = UINT64_C(1) << PERM_PUBLIC | UINT64_C(1) << PERM_HOLDER,
};

struct err *session_token_hash(struct town *t, struct arena *a, struct str token, struct str *ret)
{
	const struct key *key;
	TRY(keyring_active(t->keyring, a, KEY_SESSION_HMAC, STR_NONE, &key));
	struct sha256 hash = hmac_sha256(key->secret, token);
	*ret = arena_str(a, sha256_str(&hash));
	return NULL;
}

bool session_token_trial(struct town *t, struct arena *a, struct str token, size_t n, struct str *ret)
{
	const struct key *key = keyring_good(t->keyring, KEY_SESSION_HMAC, n);
	if (!key) return false;
	struct sha256 hash = hmac_sha256(key->secret, token);
	*ret = arena_str(a, sha256_str(&hash));
	return true;
}

/* All that the person's roles allow together. */
static struct err *permissions_of(struct db *db, struct arena *a, int64_t staff_id, uint64_t *ret)
{
	struct staff_role_all_rows rows;
	TRY(staff_role_all(db, a, &(struct staff_role_all_in){ .staff_id = staff_id }, &rows));
	uint64_t set = who_anonymous.permissions | UINT64_C(1) << PERM_STAFF;
	for (size_t i = 0; i < rows.count; i++)
		set |= role_permissions(rows.items[i].role);
	*ret = set;
	return NULL;
}

struct err *session_of_cookie(struct town *t, struct db *db, struct arena *a, struct str cookie,
	struct instant now, const struct who **ret)
{
	if (str_is_empty(cookie) || cookie.n > TOKEN_CHARS_MAX) {
		*ret = &who_anonymous;
		return NULL;
	}
	struct str hash;
	struct session_by_token_row row;
	bool found = false;
	for (size_t n = 0; !found && session_token_trial(t, a, cookie, n, &hash); n++)
		TRY(session_by_token(db, a, &(struct session_by_token_in){ .token_hash = hash, .now = now }, &row,
			&found));
	if (!found) {
		*ret = &who_anonymous;
		return NULL;
	}
	struct who *who = ARENA_NEW(a, struct who);
	*who = (struct who){ .actor = ACTOR_STAFF,
		.staff_id = row.staff_id,
		.session_id = row.id,
		.name = row.display_name,
		.post = row.post,
		.office = row.office };
	TRY(permissions_of(db, a, row.staff_id, &who->permissions));
	*ret = who;
	return NULL;
}

struct err *session_of_bearer(struct town *t, struct db *db, struct arena *a, struct str token,
	struct instant now, const struct who **ret)
{
	if (str_is_empty(token) || token.n > TOKEN_CHARS_MAX) {
		*ret = &who_anonymous;
		return NULL;
	}
	struct str hash;
	struct api_token_by_hash_row row;
	bool found = false;
	for (size_t n = 0; !found && session_token_trial(t, a, token, n, &hash); n++)
		TRY(api_token_by_hash(db, a, &(struct api_token_by_hash_in){ .token_hash = hash, .now = now }, &row,
			&found));
	if (!found) {
		*ret = &who_anonymous;
		return NULL;
	}
	struct who *who = ARENA_NEW(a, struct who);
	*who = (struct who){ .actor = ACTOR_TOKEN,
		.staff_id = row.staff_id,
		.session_id = row.id,
		.name = row.display_name,
		.post = row.post,
		.office = STR("api") };
	TRY(permissions_of(db, a, row.staff_id, &who->permissions));
	*ret = who;
	return NULL;
}

/* A fresh secret: two keys' worth of base32. */
static struct str new_token(struct tx *tx)
{
	struct str parts[2];
	for (int i = 0; i < 2; i++)
		parts[i] = code_of_random(tx->arena, CODE_KEY, tx_random(tx, CODE_RANDOM_BYTES));
	return arena_join(tx->arena, parts, 2, STR(""));
}

struct err *session_open(struct tx *tx, struct town *t, int64_t staff_id, struct str office,
	struct str *ret_token)
{
	struct str token = new_token(tx), hash;
	TRY(session_token_hash(t, tx->arena, token, &hash));
	struct instant expires = { tx->now.ms + (int64_t)SESSION_HOURS * 3600 * 1000 };
	int64_t id;
	TRY(session_insert(tx->db, tx->arena,
		&(struct session_insert_in){ .token_hash = hash,
			.staff_id = staff_id,
			.office = office,
			.created_at = tx->now,
			.expires_at = expires },
		&id));
	*ret_token = token;
	return NULL;
}

struct err *session_close(struct tx *tx, int64_t session_id)
{
	return session_end(tx->db, tx->arena, &(struct session_end_in){ .id = session_id, .ended_at = tx->now },
		NULL);
}

struct err *session_token_create(struct tx *tx, struct town *t, int64_t staff_id, struct str name,
	struct instant expires_at, struct str *ret_token)
{
	struct str token = new_token(tx), hash;
	TRY(session_token_hash(t, tx->arena, token, &hash));
	int64_t id;
	TRY(api_token_insert(tx->db, tx->arena,
		&(struct api_token_insert_in){ .token_hash = hash,
			.staff_id = staff_id,
			.name = name,
			.created_at = tx->now,
			.expires_at = expires_at },
		&id));
	*ret_token = token;
	return NULL;
}

struct err *session_attempt_failed(struct tx *tx, int64_t staff_id)
{
	return staff_attempt_failed(tx->db, tx->arena,
		&(struct staff_attempt_failed_in){ .id = staff_id,
			.max = SESSION_FAILURES_MAX,
			.now = tx->now,
			.locked_until = { tx->now.ms + INT64_C(60000) * SESSION_LOCK_MINUTES } },
		NULL);
}

struct err *session_attempt_good(struct tx *tx, int64_t staff_id, bool *ret_open)
{
	int64_t changed = 0;
	TRY(staff_attempt_good(tx->db, tx->arena,
		&(struct staff_attempt_good_in){ .id = staff_id, .now = tx->now }, &changed));
	*ret_open = changed == 1;
	return NULL;
}

struct err *session_confirm(struct request *r, struct str password, bool *ret_right)
{
	static const struct limit_rule confirmations = { "confirm", 60, 600 };
	struct staff_password_row row;
	bool found;
	struct str account = arena_printf(r->arena, "%.*s/%lld", STR_FMT(r->town->slug),
		(long long)r->who->staff_id);
	if (r->town->limits) TRY(limits_take(r->town->limits, &confirmations, r, account, NULL));
	TRY(staff_password(r->db, r->arena, &(struct staff_password_in){ .id = r->who->staff_id }, &row, &found));
	*ret_right = password_matches(r->arena, found ? row.password_hash : STR_NONE, password);
	return NULL;
}
