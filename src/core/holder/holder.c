#include "core/holder/holder.h"
#include "core/case/queries.h"
#include "core/codes/code.h"
#include "core/codes/number.h"
#include "core/holder/queries.h"
#include "core/session/session.h"

enum { DAY_S = 24 * 3600 };

struct err *holder_of_request(struct request *r, struct db *db, int64_t *ret_holder)
{
	struct str cookie = request_cookie(r, STR(HOLDER_COOKIE));
	*ret_holder = 0;
	if (str_is_empty(cookie) || cookie.n > 128) return NULL;
	struct str hash;
	struct holder_by_token_row row;
	bool found = false;
	for (size_t n = 0; !found && session_token_trial(r->town, r->arena, cookie, n, &hash); n++)
		TRY(holder_by_token(db, r->arena, &(struct holder_by_token_in){ .token_hash = hash, .now = r->now },
			&row, &found));
	if (found) *ret_holder = row.id;
	return NULL;
}

static struct err *open_holder(struct tx *tx, struct town *t, int64_t *ret_holder, struct str *ret_token)
{
	struct str token = code_of_random(tx->arena, CODE_KEY, tx_random(tx, CODE_RANDOM_BYTES)), hash;
	TRY(session_token_hash(t, tx->arena, token, &hash));
	TRY(holder_insert(tx->db, tx->arena,
		&(struct holder_insert_in){ .token_hash = hash,
			.created_at = tx->now,
			.expires_at = { tx->now.ms + (int64_t)HOLDER_DAYS * DAY_S * 1000 } },
		ret_holder));
	*ret_token = token;
	return NULL;
}

struct err *holder_add(struct tx *tx, struct town *t, int64_t holder, int64_t case_id, struct str *ret_token)
{
	struct str token = STR_NONE;
	if (!holder) TRY(open_holder(tx, t, &holder, &token));
	TRY(holder_case_insert(tx->db, tx->arena,
		&(struct holder_case_insert_in){ .holder_id = holder, .case_id = case_id, .opened_at = tx->now },
		NULL));
	*ret_token = token;
	return NULL;
}

struct err *holder_forget(struct tx *tx, int64_t holder)
{
	TRY(holder_case_delete(tx->db, tx->arena, &(struct holder_case_delete_in){ .holder_id = holder }, NULL));
	return holder_end(tx->db, tx->arena, &(struct holder_end_in){ .id = holder, .now = tx->now }, NULL);
}

void holder_cookie(struct response *out, struct str token)
{
	if (!str_is_none(token)) response_cookie(out, STR(HOLDER_COOKIE), token, (int64_t)HOLDER_DAYS * DAY_S);
}

/* The path's number in its canonical form; false when it cannot be one. */
static bool number_of_path(struct request *r, struct str *ret)
{
	struct number number;
	if (!number_parse(r->arena, r->params[0], &number)) return false;
	*ret = number_format(r->arena, &number);
	return true;
}

struct err *holder_rule(struct request *r, bool *ret_allowed)
{
	struct str number;
	int64_t holder;
	TRY(holder_of_request(r, r->db, &holder));
	if (!holder || !number_of_path(r, &number)) {
		*ret_allowed = false;
		return NULL;
	}
	struct holder_case_by_number_row row;
	bool found;
	TRY(holder_case_by_number(r->db, r->arena,
		&(struct holder_case_by_number_in){ .number = number, .holder_id = holder }, &row, &found));
	if (found) r->case_id = row.id;
	*ret_allowed = found;
	return NULL;
}

struct err *case_scope_rule(struct request *r, bool *ret_allowed)
{
	struct str number;
	bool found = false;
	struct case_id_in_scope_row row;
	if (number_of_path(r, &number))
		TRY(case_id_in_scope(r->db, r->arena,
			&(struct case_id_in_scope_in){ .number = number, .scope = who_scope(r->who) }, &row, &found));
	if (found) r->case_id = row.id;
	*ret_allowed = found;
	return NULL;
}
