#include "core/draft/draft.h"
#include "base/json.h"
#include "core/codes/code.h"
#include "core/draft/draft_file.h"
#include "core/draft/queries.h"
#include "core/session/session.h"

enum { DAY_S = 24 * 3600, COOKIE_CHARS = CODE_KEY_CHARS + CODE_STATUS_CHARS, PAGES_DONE_MAX = 16 * 1024 };

/* --- the browser's side ---------------------------------------------------------------------------------------- */

struct str draft_cookie_name(struct arena *a, struct str slug)
{
	return arena_printf(a, "borrador-%.*s", STR_FMT(slug));
}

void draft_cookie(struct response *out, struct arena *a, struct str slug, struct str cookie)
{
	response_cookie(out, draft_cookie_name(a, slug), cookie, (int64_t)DRAFT_DAYS * DAY_S);
}

void draft_cookie_clear(struct response *out, struct arena *a, struct str slug)
{
	response_cookie(out, draft_cookie_name(a, slug), STR(""), 0);
}

struct str draft_code_of_cookie(struct str cookie)
{
	return cookie.n == COOKIE_CHARS ? str_slice(cookie, CODE_KEY_CHARS, cookie.n) : STR_NONE;
}

/* --- finding ----------------------------------------------------------------------------------------------------- */

static struct err *fill(struct town *t, struct db *db, struct arena *a, const struct draft_by_id_row *row,
	struct draft *ret)
{
	struct draft d = { .id = row->id,
		.pack_version = row->pack_version_id,
		.slug = row->procedure_slug,
		.lang = row->lang,
		.channel = row->channel,
		.staff_id = row->has_staff_id ? row->staff_id : 0,
		.saved_at = row->saved_at,
		.expires_at = row->expires_at,
		.filed_case_id = row->has_filed_case_id ? row->filed_case_id : 0,
		.answers = row->answers,
		.pages_done = row->pages_done };
	TRY(town_pack_of(t, db, a, d.pack_version, &d.pack));
	d.procedure = pack_procedure(d.pack, d.slug);
	if (!d.procedure)
		return ERR(a, ERR_INTERNAL, NULL, "draft %lld is of a procedure that its pack version lacks",
			(long long)d.id);
	*ret = d;
	return NULL;
}

struct err *draft_of_cookie(struct town *t, struct db *db, struct arena *a, struct str slug,
	struct str cookie, struct draft *ret, bool *ret_found)
{
	struct str code = draft_code_of_cookie(cookie), hash;
	if (str_is_none(code)) {
		*ret_found = false;
		return NULL;
	}
	struct draft_by_id_row row;
	bool found = false;
	for (size_t n = 0; !found && session_token_trial(t, a, cookie, n, &hash); n++)
		TRY(draft_by_token(db, a, &(struct draft_by_token_in){ .token_hash = hash }, &row, &found));
	if (found && str_eq(row.procedure_slug, slug)) {
		TRY(fill(t, db, a, &row, ret));
		ret->code = arena_str(a, code);
		*ret_found = true;
		return NULL;
	}
	*ret_found = false;
	return NULL;
}

struct err *draft_again(struct tx *tx, struct town *t, const struct draft *seen, struct draft *ret)
{
	struct draft_by_id_row row;
	struct str code = seen->code;
	bool found;
	TRY(draft_by_id(tx->db, tx->arena, &(struct draft_by_id_in){ .id = seen->id }, &row, &found));
	if (!found) return ERR(tx->arena, ERR_NOT_FOUND, NULL, "draft %lld is gone", (long long)seen->id);
	TRY(fill(t, tx->db, tx->arena, &row, ret));
	ret->code = code;
	return NULL;
}

static struct err *hash_code(struct town *t, struct arena *a, struct str code, struct str *ret)
{
	const struct key *key;
	TRY(keyring_active(t->keyring, a, KEY_CODE_HASH, STR_NONE, &key));
	struct sha256 hash = code_hash(key->secret, CODE_STATUS, code);
	*ret = arena_str(a, sha256_str(&hash));
	return NULL;
}

struct err *draft_of_code(struct town *t, struct db *db, struct arena *a, struct str typed,
	struct instant now, int64_t *ret_id, struct str *ret_slug, struct str *ret_code, bool *ret_found)
{
	const struct key *key;
	struct str code = STR_NONE;
	bool is_code = code_parse(a, CODE_STATUS, typed, &code), found = false;
	/* What is no code is looked up all the same: it takes as long as a wrong one. */
	if (!is_code) code = STR("000000000000");
	struct draft_by_code_row row;
	for (size_t n = 0; !found && (key = keyring_good(t->keyring, KEY_CODE_HASH, n)); n++) {
		struct sha256 hash = code_hash(key->secret, CODE_STATUS, code);
		TRY(draft_by_code(db, a, &(struct draft_by_code_in){ .code_hash = sha256_str(&hash), .now = now },
			&row, &found));
	}
	*ret_found = found && is_code;
	if (!*ret_found) return NULL;
	*ret_id = row.id;
	*ret_slug = row.procedure_slug;
	*ret_code = code;
	return NULL;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

struct err *draft_read(const struct draft *d, struct town *t, struct db *db, struct arena *a,
	struct instant now, struct answers **ret)
{
	struct json *json;
	struct answers *answers = answers_new(a, d->pack, d->procedure, zone_date(t->zone, now));
	TRY(json_parse(a, d->answers, &json));
	TRY(answers_from_json(answers, json));
	TRY(draft_read_files(d, db, a, answers));
	*ret = answers;
	return NULL;
}

/* The ids in the draft's list; a list that cannot be read is an empty one. */
static const struct json *pages_of(const struct draft *d, struct arena *a)
{
	struct json *list = NULL;
	return json_parse(a, d->pages_done, &list) || list->kind != JSON_LIST ? NULL : list->first;
}

bool draft_has_done(const struct draft *d, struct arena *a, struct str page_id)
{
	for (const struct json *item = pages_of(d, a); item; item = item->next)
		if (str_eq(item->text, page_id)) return true;
	return false;
}

/* --- inside a commit ---------------------------------------------------------------------------------------------- */

static struct instant expiry(struct instant now)
{
	return (struct instant){ now.ms + (int64_t)DRAFT_DAYS * DAY_S * 1000 };
}

/* A cookie for this code with a token that nobody had before. */
static struct err *new_cookie(struct tx *tx, struct town *t, struct str code, struct str *ret,
	struct str *ret_hash)
{
	struct str token = code_of_random(tx->arena, CODE_KEY, tx_random(tx, CODE_RANDOM_BYTES));
	struct str cookie = arena_printf(tx->arena, "%.*s%.*s", STR_FMT(token), STR_FMT(code));
	TRY(session_token_hash(t, tx->arena, cookie, ret_hash));
	*ret = cookie;
	return NULL;
}

struct err *draft_start(struct tx *tx, const struct draft_start *s, int64_t *ret_id, struct str *ret_cookie)
{
	struct str code = code_of_random(tx->arena, CODE_STATUS, tx_random(tx, CODE_RANDOM_BYTES));
	struct str cookie, token_hash, code_hash;
	TRY(new_cookie(tx, s->town, code, &cookie, &token_hash));
	TRY(hash_code(s->town, tx->arena, code, &code_hash));
	TRY(draft_insert(tx->db, tx->arena,
		&(struct draft_insert_in){ .token_hash = token_hash,
			.code_hash = code_hash,
			.procedure_slug = s->slug,
			.pack_version_id = s->pack_version,
			.lang = s->lang,
			.channel = s->channel,
			.has_staff_id = s->staff_id != 0,
			.staff_id = s->staff_id,
			.created_at = tx->now,
			.expires_at = expiry(tx->now) },
		ret_id));
	*ret_cookie = cookie;
	return NULL;
}

struct err *draft_hand_over(struct tx *tx, struct town *t, int64_t id, struct str code,
	struct str *ret_cookie)
{
	struct str cookie, hash;
	TRY(new_cookie(tx, t, code, &cookie, &hash));
	TRY(draft_set_token(tx->db, tx->arena, &(struct draft_set_token_in){ .id = id, .token_hash = hash },
		NULL));
	*ret_cookie = cookie;
	return NULL;
}

/* The list without `page`, and with it at the end when it is done. */
static struct str write_pages(struct draft *d, struct arena *a, const struct page *page, bool is_done)
{
	struct buf out = buf_new(a, PAGES_DONE_MAX);
	struct json_writer w = json_writer(&out);
	json_open(&w, '[');
	for (const struct json *item = pages_of(d, a); item; item = item->next)
		if (!str_eq(item->text, page->id)) json_add_text(&w, item->text);
	if (is_done) json_add_text(&w, page->id);
	json_close(&w, ']');
	return buf_str(&out);
}

struct err *draft_store(struct tx *tx, struct draft *d, const struct answers *answers,
	const struct page *page, bool is_done)
{
	d->answers = answers_to_json(tx->arena, answers, ANSWERS_DRAFT);
	if (page) d->pages_done = write_pages(d, tx->arena, page, is_done);
	d->saved_at = tx->now;
	d->expires_at = expiry(tx->now);
	int64_t changed = 0;
	TRY(draft_save(tx->db, tx->arena,
		&(struct draft_save_in){ .id = d->id,
			.answers = d->answers,
			.pages_done = d->pages_done,
			.lang = d->lang,
			.saved_at = d->saved_at,
			.expires_at = d->expires_at },
		&changed));
	if (changed == 1) return NULL;
	return ERR(tx->arena, ERR_CONFLICT, "filing.twice", "draft %lld was already filed", (long long)d->id);
}
