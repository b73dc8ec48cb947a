/*
 * The Merkle tree of RFC 6962 and RFC 9162: hashes, an append that stores only the frontier, proofs and
 * their verification. No storage of its own: what an append completes is handed out (struct merkle_done) and
 * what a proof needs is asked for (struct merkle_source), so that the registry keeps it in its tables and the
 * offline verifier in files. tile.h names the pieces as the C2SP tlog-tiles do.
 */
#pragma once
#include "core/crypto/crypto.h"

enum { MERKLE_LEVELS = 63, TILE_HEIGHT = 8, TILE_WIDTH = 256, MERKLE_DONE_MAX = 8 };

struct sha256 merkle_leaf(struct str data);
struct sha256 merkle_node(const struct sha256 *left, const struct sha256 *right);
struct sha256 merkle_empty(void);

/* The compact state of a growing tree: the roots of its complete subtrees, largest first. */
struct merkle_frontier {
	uint64_t size;
	struct sha256 peaks[MERKLE_LEVELS];
};
struct sha256 merkle_root(const struct merkle_frontier *f);
size_t merkle_peaks(uint64_t size); /* how many of peaks[] a tree of that size uses */

/* The tile hashes that one append completes: always the leaf (level 0), and one more for each tile filled. */
struct merkle_done {
	size_t count;
	struct {
		int level; /* tile level: its hashes cover 256^level leaves */
		uint64_t index;
		struct sha256 hash;
	} items[MERKLE_DONE_MAX];
};
void merkle_append(struct merkle_frontier *f, const struct sha256 *leaf_hash, struct merkle_done *ret);

/* Where stored tile hashes come from: `count` hashes of a tile level from `index` on, never beyond a tile. */
struct merkle_source {
	struct err *(
		*read)(void *state, struct arena *a, int level, uint64_t index, size_t count, struct sha256 *ret);
	void *state;
};
struct merkle_proof {
	struct sha256 *items;
	size_t count;
};
/* ERR_INVALID when index >= size. */
MUST_USE struct err *merkle_inclusion(const struct merkle_source *s, struct arena *a, uint64_t index,
	uint64_t size, struct merkle_proof *ret);
/* ERR_INVALID unless 0 < old_size <= size. Equal sizes give the empty proof. */
MUST_USE struct err *merkle_consistency(const struct merkle_source *s, struct arena *a, uint64_t old_size,
	uint64_t size, struct merkle_proof *ret);
/* The root at any past size, from stored hashes. */
MUST_USE struct err *merkle_root_at(const struct merkle_source *s, struct arena *a, uint64_t size,
	struct sha256 *ret);

/* RFC 9162, 2.1.3.2 and 2.1.4.2. */
bool merkle_verify_inclusion(uint64_t index, uint64_t size, const struct sha256 *leaf_hash,
	const struct merkle_proof *proof, const struct sha256 *root);
bool merkle_verify_consistency(uint64_t old_size, uint64_t size, const struct sha256 *old_root,
	const struct sha256 *root, const struct merkle_proof *proof);
