/*
 * Issuing: a frozen document is printed and sealed by a job, its seal stamped where the town asks for that, its bytes
 * made durable, and then issued by a second commit (hash, outgoing registry entry, event). Interrupted anywhere it runs
 * again and finds what was done.
 */
#pragma once
#include "core/case/case.h"
#include "core/document/print.h"
#include "core/module.h"

extern const struct module document_module; /* jobs: document.issue, document.forget */
extern const struct module stamp_module;    /* job: document.stamp, the same where seals are stamped */

enum { DOCUMENT_BYTES_MAX = 16 * 1024 * 1024 };

struct document_secrets { /* bare codes; none where the paper has none */
	struct str status_code, case_key, document_key;
};
/* Wraps the codes for the row, and hashes the document's key. */
MUST_USE struct err *document_secrets_wrap(struct arena *a, struct town *t, const struct document_secrets *s,
	struct str *ret_wrapped, struct str *ret_key_id, struct str *ret_key_hash);
MUST_USE struct err *document_secrets_unwrap(struct arena *a, struct town *t, struct str wrapped,
	struct str key_id, struct document_secrets *ret);

/* Inside the freezing commit: the row, and its job. */
struct document_freeze {
	const struct case_record *record;
	const char *kind; /* "receipt", "permit", "refusal" */
	struct str template, title, registry_number, content;
	struct document_secrets secrets;
	int64_t signed_by; /* 0: none */
	struct date valid_until;
};
MUST_USE struct err *document_freeze(struct tx *tx, const struct document_freeze *f, int64_t *ret_id);

/* What the printer is told of a document that is frozen and not printed yet (ERR_GONE afterwards). */
MUST_USE struct err *document_print(struct town *t, struct db *db, struct arena *a, int64_t id,
	struct print *ret);

/* Withdraws an issued document: the check page says revoked from then on. */
MUST_USE struct err *document_revoke_issued(struct tx *tx, const struct case_step *step, int64_t document_id,
	struct str reason);
