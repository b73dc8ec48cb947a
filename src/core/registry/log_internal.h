/*
 * The stored tree, for the parts of the registry: growing it by a leaf, and reading its hashes back.
 */
#pragma once
#include "core/merkle/tree.h"
#include "core/registry/queries.h"
#include "data/writer.h"

MUST_USE struct err *log_frontier_read(struct db *db, struct arena *a, struct merkle_frontier *ret);
/* Adds the commitment as the next leaf: leaf, hashes and frontier. */
MUST_USE struct err *log_append(struct tx *tx, const struct sha256 *commitment, int64_t *ret_leaf_index);

/* A source over log_hash for merkle_inclusion() and the others. */
struct merkle_source log_source(struct db *db);
