/*
 * The published key history: every public key the town ever signed with, and from when until when it was
 * good. What `ventanilla verify` takes to check a receipt years later, without asking the town.
 * JSON, "ventanilla-keys/v1"; secrets never appear in it.
 */
#pragma once
#include "core/keyring/keyring.h"

struct public_key {
	enum key_purpose purpose;
	struct str id;
	enum key_kind kind;
	enum key_state state;
	struct instant from, until;
	struct str public_key;
	struct str label;
};
struct key_history {
	struct str origin; /* the log's origin: the name its checkpoints are signed under */
	struct public_key *items;
	size_t count;
	struct str *witnesses; /* vkeys of the witnesses the town names */
	size_t witness_count;
};
struct str key_history_write(struct arena *a, const struct keyring *k, struct str origin,
	const struct str *witnesses, size_t witness_count);
/* ERR_MALFORMED, ERR_INVALID. */
MUST_USE struct err *key_history_read(struct arena *a, struct str json, struct key_history *ret);
