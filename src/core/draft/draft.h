/*
 * Drafts: a form being filled in, saved at every step, opened again by its code, filed once.
 *
 * A browser holds a draft by a cookie of its own per procedure (draft_cookie_name); the database has only hashes
 * of it and of the code. The cookie's value is the token followed by the bare code, so that every step can show
 * the code without anybody storing it. A draft stays on the pack version it was begun on, also when that is no
 * longer the current one. Start at draft_start(); a page is saved by draft_read() → answers_read_page() →
 * draft_save(), all inside one commit. Files of a draft: draft_file.h; their end: draft_expire.c.
 */
#pragma once
#include "core/definition/answers.h"
#include "core/module.h"
#include "core/town/town.h"
#include "web/request.h"
#include "web/response.h"

enum { DRAFT_DAYS = 90, DRAFT_PAGES_MAX = 100 };

struct draft {
	int64_t id, pack_version;
	struct str slug, lang, channel;
	int64_t staff_id; /* who types for the citizen; 0: nobody */
	struct str code;  /* bare; none when the draft was not reached through its cookie */
	struct instant saved_at, expires_at;
	int64_t filed_case_id; /* 0: not filed yet */
	const struct pack *pack;
	const struct procedure *procedure;
	struct str answers;    /* JSON, ANSWERS_DRAFT */
	struct str pages_done; /* JSON: a list of page ids */
};
static inline bool draft_is_expired(const struct draft *d, struct instant now)
{
	return d->expires_at.ms <= now.ms;
}

/* --- the browser's side ---------------------------------------------------------------------------------------- */

struct str draft_cookie_name(struct arena *a, struct str slug); /* "borrador-alineamiento…" */
void draft_cookie(struct response *out, struct arena *a, struct str slug, struct str cookie);
void draft_cookie_clear(struct response *out, struct arena *a, struct str slug);
struct str draft_code_of_cookie(struct str cookie); /* the bare code; none when it is no such cookie */

/* --- finding ----------------------------------------------------------------------------------------------------- */

/* Whatever the cookie opens, expired or filed ones too; the caller looks. A draft of another procedure is not
 * found. */
MUST_USE struct err *draft_of_cookie(struct town *t, struct db *db, struct arena *a, struct str slug,
	struct str cookie, struct draft *ret, bool *ret_found);
/* Inside a commit: the draft as it is now. ERR_NOT_FOUND when it was collected meanwhile. `code` is kept. */
MUST_USE struct err *draft_again(struct tx *tx, struct town *t, const struct draft *seen, struct draft *ret);
/* By what a person typed. A wrong, a malformed and an expired code look the same: not found. */
MUST_USE struct err *draft_of_code(struct town *t, struct db *db, struct arena *a, struct str typed,
	struct instant now, int64_t *ret_id, struct str *ret_slug, struct str *ret_code, bool *ret_found);

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* What was answered so far, attachments included (those that a scan refused are not). */
MUST_USE struct err *draft_read(const struct draft *d, struct town *t, struct db *db, struct arena *a,
	struct instant now, struct answers **ret);
bool draft_has_done(const struct draft *d, struct arena *a, struct str page_id);

/* --- inside a commit ---------------------------------------------------------------------------------------------- */

struct draft_start {
	struct town *town;
	int64_t pack_version;
	struct str slug, lang, channel; /* channel: "web", "counter" */
	int64_t staff_id;               /* 0: none */
};
/* *ret_cookie is the cookie's value; draft_code_of_cookie() gives the code. */
MUST_USE struct err *draft_start(struct tx *tx, const struct draft_start *s, int64_t *ret_id,
	struct str *ret_cookie);
/* Gives the draft to the browser that knows its code; the former one's cookie opens nothing from then on. */
MUST_USE struct err *draft_hand_over(struct tx *tx, struct town *t, int64_t id, struct str code,
	struct str *ret_cookie);
/* `page` is done when `is_done`, and not when not; NULL leaves the list as it is. The draft's `answers`,
 * `pages_done`, `saved_at` and `expires_at` are brought up to date. ERR_CONFLICT "filing.twice" when it was filed. */
MUST_USE struct err *draft_store(struct tx *tx, struct draft *d, const struct answers *answers,
	const struct page *page, bool is_done);

extern const struct module draft_module; /* job: draft.expire */
