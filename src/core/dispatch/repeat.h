/*
 * API calls that may be repeated: a POST with an Idempotency-Key is carried out once. What it answered is kept with
 * the same commit, wrapped, and given again to whoever sends the same call under the same key; another call under it
 * is a conflict. Refusals are not kept: the call may be mended and sent again.
 */
#pragma once
#include "data/writer.h"
#include "web/server.h"

enum { REPEAT_KEPT_HOURS = 24 };

struct repeat {
	struct str key;    /* none: the caller sent no key */
	struct str caller; /* "token/12" */
	struct str hash;   /* of the whole call */
};
/* ERR_MALFORMED for a key that is none. */
MUST_USE struct err *repeat_begin(struct exchange *x, struct repeat *ret);
/* Fills x->response when the call was answered before. ERR_CONFLICT when the key names another call. In `prepare` and
 * once more in the commit: two of them may be under way at once. */
MUST_USE struct err *repeat_find(const struct repeat *r, struct exchange *x, struct db *db, bool *ret_found);
/* Inside the commit: keeps what x->response says. */
MUST_USE struct err *repeat_keep(const struct repeat *r, struct exchange *x, struct tx *tx);
