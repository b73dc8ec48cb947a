/*
 * Signed-in staff: sessions in the browser and API tokens.
 *
 * The browser holds a random token; the database its HMAC only. A session ends after SESSION_HOURS, at sign-out,
 * or when the person is deactivated; nothing prolongs it silently. An API token carries the rights of the member
 * of staff it was made for. Passwords are Argon2id (password.h).
 */
#pragma once
#include "core/town/town.h"
#include "core/who.h"
#include "web/request.h"

enum { SESSION_HOURS = 10, SESSION_TOKEN_BYTES = 32 };
#define SESSION_COOKIE "sesion"

extern const struct who who_anonymous;

/* The person behind a cookie or bearer token; the anonymous one when it opens nothing (never an error). */
MUST_USE struct err *session_of_cookie(struct town *t, struct db *db, struct arena *a, struct str cookie,
	struct instant now, const struct who **ret);
MUST_USE struct err *session_of_bearer(struct town *t, struct db *db, struct arena *a, struct str token,
	struct instant now, const struct who **ret);

/* Inside a commit. ret_token is the cookie's value, to be given once. */
MUST_USE struct err *session_open(struct tx *tx, struct town *t, int64_t staff_id, struct str office,
	struct str *ret_token);
MUST_USE struct err *session_close(struct tx *tx, int64_t session_id);
MUST_USE struct err *session_token_create(struct tx *tx, struct town *t, int64_t staff_id, struct str name,
	struct instant expires_at, struct str *ret_token);

/* Inside the commit of a sign-in. SESSION_FAILURES_MAX failures of one account lock it, and no other, for
 * SESSION_LOCK_MINUTES; *ret_open false: it is locked, or nobody's any more, whatever the password was. */
enum { SESSION_FAILURES_MAX = 5, SESSION_LOCK_MINUTES = 5 };
MUST_USE struct err *session_attempt_failed(struct tx *tx, int64_t staff_id);
MUST_USE struct err *session_attempt_good(struct tx *tx, int64_t staff_id, bool *ret_open);

/* The second confirmation of an act: the signed-in person's password once more, whether they came by cookie or by
 * token. As slow as signing in: for `prepare` of a route marked slow. ERR_LIMITED when somebody seems to guess. */
MUST_USE struct err *session_confirm(struct request *r, struct str password, bool *ret_right);

/* What is stored of a secret token: HMAC-SHA-256 under the town's session key. */
MUST_USE struct err *session_token_hash(struct town *t, struct arena *a, struct str token, struct str *ret);
/* For looking one up: its hash under the n-th good key (keyring_good), so that a rotation signs nobody out. False past
 * the last. */
bool session_token_trial(struct town *t, struct arena *a, struct str token, size_t n, struct str *ret);
