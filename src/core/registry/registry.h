/*
 * The registry: numbers without gaps, entries in strict order of time, and the public log over them.
 *
 * registry_record() runs inside the commit that files or issues something: number, entry, leaf and frontier
 * are one transaction with it, so either all exist or none. A checkpoint is signed by a job; a receipt says
 * 'recorded' at once and can be proved as soon as a checkpoint covers its leaf. The log publishes commitments
 * only (entry.h). Read /registro/log/… through registry_log_read(). Start here: registry_record().
 */
#pragma once
#include "base/zone.h"
#include "core/codes/number.h"
#include "core/merkle/note.h"
#include "core/merkle/tree.h"
#include "core/registry/entry.h"
#include "data/scope.h"
#include "data/writer.h"

#define SERIES_IN "E"
#define SERIES_OUT "S"

/* Takes the next number of a series in the year that `tx->now` falls in, in the town's zone. */
MUST_USE struct err *registry_number(struct tx *tx, const struct zone *zone, struct str series,
	struct number *ret);

struct registry_facts {
	struct entry entry; /* `number` and `at` are filled here; `presented` none: now; `effect` none: its day */
	const struct zone *zone;
	int64_t department_id; /* whose eyes: the scope of the row */
	struct str compartment;
	int64_t case_id; /* 0: none */
	/* Taken before with registry_number(), for a case that names the entry it begins with; NULL: the next one. */
	const struct number *number;
};
struct registry_entry {
	int64_t id;
	struct str number;
	struct instant at;
	struct str canonical, salt, commitment;
	int64_t leaf_index;
};
MUST_USE struct err *registry_record(struct tx *tx, const struct registry_facts *facts,
	struct registry_entry *ret);

/* By number, for a member of staff's scope, or for the program itself (receipts, jobs). */
MUST_USE struct err *registry_find(struct db *db, struct arena *a, struct str number, struct scope scope,
	struct registry_entry *ret, bool *ret_found);
MUST_USE struct err *registry_find_system(struct db *db, struct arena *a, struct str number,
	struct registry_entry *ret, bool *ret_found);

/* --- the log ---------------------------------------------------------------------------------------- */

struct registry_signer {
	struct str origin; /* of the log: host and path without scheme; a simulated town has one of its own */
	struct str key_id; /* of the keyring's registry-log-signing key */
	struct str seed;
};
/* Signs the log as it stands, when it grew since the last checkpoint. */
MUST_USE struct err *registry_checkpoint(struct tx *tx, const struct registry_signer *signer,
	bool *ret_written);
/* Adds a witness's cosignature line to the checkpoint of that size, once checked against `witness`. */
MUST_USE struct err *registry_cosign(struct tx *tx, int64_t size, struct str line,
	const struct note_key *witness);

struct registry_checkpoint {
	int64_t size;
	struct str root;
	struct str note;
	struct instant at;
	int64_t witnesses;
};
MUST_USE struct err *registry_last_checkpoint(struct db *db, struct arena *a, struct registry_checkpoint *ret,
	bool *ret_found);
MUST_USE struct err *registry_inclusion(struct db *db, struct arena *a, int64_t leaf_index, int64_t size,
	struct merkle_proof *ret);
MUST_USE struct err *registry_consistency(struct db *db, struct arena *a, int64_t old_size, int64_t size,
	struct merkle_proof *ret);

struct registry_log_answer {
	struct str bytes;
	const char *media_type;
	bool is_immutable; /* may be cached for ever */
};
/* What stands at /registro/log/<path>: "checkpoint", "tile/0/000", "tile/entries/000.p/7". */
MUST_USE struct err *registry_log_read(struct db *db, struct arena *a, struct str path,
	struct registry_log_answer *ret, bool *ret_found);

/* The receipt that core/verify checks offline: entry, salt, proof and the newest checkpoint that covers it.
 * Not found: no checkpoint does yet. */
MUST_USE struct err *registry_receipt(struct db *db, struct arena *a, const struct registry_entry *e,
	struct str *ret, bool *ret_found);

/* `doctor`: recomputes every stored hash, the frontier and the commitments of the entries that are there, and
 * looks for gaps in numbers and leaves. ERR_CONFLICT with the first thing that is wrong. */
MUST_USE struct err *registry_audit(struct db *db, struct arena *a, int64_t *ret_entries);
