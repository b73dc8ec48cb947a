/*
 * Citizens without an account: a browser that filed a case, or once showed its key, holds a random token and may
 * open those cases again. The token is a cookie; the database has its HMAC. Whoever shares a computer can forget
 * everything with one button.
 */
#pragma once
#include "core/town/town.h"
#include "core/who.h"
#include "web/request.h"
#include "web/response.h"

#define HOLDER_COOKIE "llavero"
enum { HOLDER_DAYS = 180 };

/* The holder behind the request's cookie; 0 when there is none. */
MUST_USE struct err *holder_of_request(struct request *r, struct db *db, int64_t *ret_holder);

/* Inside a commit: adds a case, making a holder when `holder` is 0. *ret_token: the new cookie's value, or none
 * when the browser has one already. */
MUST_USE struct err *holder_add(struct tx *tx, struct town *t, int64_t holder, int64_t case_id,
	struct str *ret_token);
MUST_USE struct err *holder_forget(struct tx *tx, int64_t holder);
void holder_cookie(struct response *out, struct str token); /* nothing for none */

/* Object rules: the case whose number is the path's first parameter, open to this browser (holder_rule) or in
 * the scope of this member of staff (case_scope_rule). Both set r->case_id. */
struct err *holder_rule(struct request *r, bool *ret_allowed);
struct err *case_scope_rule(struct request *r, bool *ret_allowed);
