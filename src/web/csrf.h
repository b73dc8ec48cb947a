/*
 * Cross-site request forgery: a POST from a form must carry a token that only a page of ours could hold.
 *
 * A browser gets a random cookie; the token is HMAC-SHA256(key, cookie and hour of issue), hidden under a
 * fresh random mask in every page, so that compression of the page tells nothing about it. Nothing is stored.
 * The check also refuses what the browser itself calls foreign (Origin, Sec-Fetch-Site). Sign-in must give
 * the browser a new cookie (csrf_cookie_new): tokens of before are then stale.
 */
#pragma once
#include "web/request.h"

enum { CSRF_KEY_BYTES = 32, CSRF_MAX_AGE_S = 24 * 3600 };
#define CSRF_COOKIE "csrf"         /* response_cookie adds the __Host- prefix, request_cookie finds either */
#define CSRF_FIELD "_csrf"         /* the form's hidden field */
#define CSRF_HEADER "x-csrf-token" /* scripts may send it here instead */

struct str csrf_cookie_new(struct arena *a); /* 26 base32 characters */
/* Whether `cookie` could be one of ours; anything else is replaced by a new one. */
bool csrf_cookie_is_sound(struct str cookie);

/* A token for this cookie; another text at every call. `key` has CSRF_KEY_BYTES. */
struct str csrf_token(struct arena *a, struct str key, struct str cookie, struct instant now);

/* ERR_FORBIDDEN with key "csrf.missing", "csrf.stale" (too old or another cookie's: the form may be shown
 * again with what was typed), "csrf.forged" or "csrf.foreign". `keys`: the active one, then those still
 * accepted. Reads r->form or the header, the cookie, Origin, Sec-Fetch-Site, r->is_tls and r->now. */
MUST_USE struct err *csrf_check(const struct request *r, const struct str *keys, size_t key_count);
/* Whether the browser itself says that a page of ours sent this (Sec-Fetch-Site, or Origin): only then may a form
 * without a good token be shown again with what it brought, for else another site could fill it in. */
bool csrf_came_from_here(const struct request *r);
