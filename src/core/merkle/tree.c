#include "core/merkle/tree.h"

struct sha256 merkle_leaf(struct str data)
{
	const struct str parts[] = { { "\x00", 1 }, data };
	return sha256_of_parts(parts, 2);
}

struct sha256 merkle_node(const struct sha256 *left, const struct sha256 *right)
{
	char both[1 + 2 * SHA256_BYTES] = { 1 };
	memcpy(both + 1, left->b, SHA256_BYTES);
	memcpy(both + 1 + SHA256_BYTES, right->b, SHA256_BYTES);
	return sha256_of((struct str){ both, sizeof both });
}

struct sha256 merkle_empty(void) { return sha256_of(STR("")); }

size_t merkle_peaks(uint64_t size) { return (size_t)__builtin_popcountll(size); }

struct sha256 merkle_root(const struct merkle_frontier *f)
{
	if (f->size == 0) return merkle_empty();
	size_t at = merkle_peaks(f->size) - 1;
	struct sha256 root = f->peaks[at];
	while (at-- > 0)
		root = merkle_node(&f->peaks[at], &root);
	return root;
}

/* A new leaf is a tree of one; while the tree before it has the same size, the two become one. The leaf's
 * number says how often: once for each of its trailing one bits. Subtrees of 256^level leaves are tile hashes. */
void merkle_append(struct merkle_frontier *f, const struct sha256 *leaf_hash, struct merkle_done *ret)
{
	must(f->size >> 62 == 0);
	size_t at = merkle_peaks(f->size);
	uint64_t index = f->size;
	struct sha256 hash = *leaf_hash;
	*ret = (struct merkle_done){ .count = 1, .items = { { 0, index, hash } } };
	for (int level = 1; (f->size >> (level - 1)) & 1; level++) {
		hash = merkle_node(&f->peaks[--at], &hash);
		if (level % TILE_HEIGHT) continue;
		ret->items[ret->count].level = level / TILE_HEIGHT;
		ret->items[ret->count].index = index >> level;
		ret->items[ret->count++].hash = hash;
	}
	f->peaks[at] = hash;
	f->size++;
}
