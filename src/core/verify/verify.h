/*
 * Checking offline what the town hall says: a receipt, or a copy of its whole public log, against the
 * published key history. No database, no network, no clock: what `ventanilla verify` runs, and what a citizen's
 * lawyer may run on another machine years later.
 *
 * An examination never fails on bad evidence: each step is a finding, and `is_valid` is their conjunction.
 */
#pragma once
#include "core/keyring/history.h"
#include "core/registry/receipt.h"

/* X(step, message key): in the order in which they are taken. */
#define VERIFY_STEPS(X)                                                                                      \
	X(VERIFY_READ, "evidence.read")             /* the file is what it claims to be */                       \
	X(VERIFY_ENTRY, "evidence.entry")           /* the entry is canonical */                                 \
	X(VERIFY_CHECKPOINT, "evidence.checkpoint") /* the checkpoint is one, of the entry's log */              \
	X(VERIFY_INCLUSION, "evidence.inclusion")   /* the entry's commitment is in the tree it states */        \
	X(VERIFY_SIGNATURE, "evidence.signature")   /* signed by a key of the history */                         \
	X(VERIFY_KEY, "evidence.key")               /* that key was good when it signed */                       \
	X(VERIFY_WITNESS, "evidence.witness")       /* cosigned by a witness of the history: not compulsory */   \
	X(VERIFY_TILES, "evidence.tiles")           /* every hash of the log follows from its leaves */          \
	X(VERIFY_GROWTH, "evidence.growth")         /* the log only grew since an older checkpoint */

enum verify_step {
#define X(step, key) step,
	VERIFY_STEPS(X)
#undef X
		VERIFY_STEP_MAX
};
struct verify_finding {
	enum verify_step step;
	bool is_ok;
	bool is_advice;    /* does not decide: a missing witness */
	struct str detail; /* what exactly, for the log and the command line */
};
struct verify_report {
	bool is_valid, is_witnessed;
	struct verify_finding findings[VERIFY_STEP_MAX];
	size_t count;
	struct entry entry;           /* of a receipt, when it could be read */
	struct checkpoint checkpoint; /* when it could be read */
	struct str key_id;            /* the signing key's, when known */
	int witnesses;
	int64_t cosigned_at; /* unix seconds, 0 without */
};
const char *verify_step_key(enum verify_step step);

MUST_USE struct err *verify_receipt(struct arena *a, struct str receipt, const struct key_history *history,
	struct verify_report *ret);

/* A copy of the log: `read` gives the bytes of "checkpoint", "tile/0/000"…, STR_NONE when it has none. What it
 * returns must live until the next call. */
struct verify_log {
	struct err *(*read)(void *state, struct arena *a, struct str path, struct str *ret);
	void *state;
};
/* Recomputes the whole log. `old_checkpoint` (may be none) must be one that the log grew from. */
MUST_USE struct err *verify_log(struct arena *a, const struct verify_log *log,
	const struct key_history *history, struct str old_checkpoint, struct verify_report *ret);
/* A log copied into a folder. */
struct verify_log verify_log_folder(struct arena *a, struct str folder);
