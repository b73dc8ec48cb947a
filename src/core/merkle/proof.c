/*
 * Making proofs from stored tile hashes. Only complete subtrees are read; what lies at the ragged right edge is
 * put together from them, as RFC 9162, 2.1.3.1 and 2.1.4.1 define it.
 */
#include "core/merkle/tree.h"

/* The root of the complete subtree of 2^height leaves that begins at leaf `begin`: one read within a tile. */
static struct err *complete(const struct merkle_source *s, struct arena *a, uint64_t begin, int height,
	struct sha256 *ret)
{
	int level = height / TILE_HEIGHT;
	size_t count = (size_t)1 << height % TILE_HEIGHT;
	struct sha256 hashes[TILE_WIDTH];
	TRY(s->read(s->state, a, level, begin >> (level * TILE_HEIGHT), count, hashes));
	for (; count > 1; count /= 2)
		for (size_t i = 0; i < count / 2; i++)
			hashes[i] = merkle_node(&hashes[2 * i], &hashes[2 * i + 1]);
	*ret = hashes[0];
	return NULL;
}

static int log2_below(uint64_t n) /* the largest k with 2^k < n; n > 1 */
{
	return 63 - __builtin_clzll(n - 1);
}

/* The root of the leaves [begin, end), whose beginning is where a subtree of the tree begins. */
static struct err *range(const struct merkle_source *s, struct arena *a, uint64_t begin, uint64_t end,
	struct sha256 *ret)
{
	struct sha256 parts[MERKLE_LEVELS], hash;
	size_t count = 0;
	while (begin < end) {
		int height = 63 - __builtin_clzll(end - begin);
		TRY(complete(s, a, begin, height, &parts[count++]));
		begin += (uint64_t)1 << height;
	}
	hash = parts[--count];
	while (count-- > 0)
		hash = merkle_node(&parts[count], &hash);
	*ret = hash;
	return NULL;
}

struct err *merkle_root_at(const struct merkle_source *s, struct arena *a, uint64_t size, struct sha256 *ret)
{
	if (size >> 62) return ERR(a, ERR_INVALID, NULL, "a tree cannot be that large");
	if (size > 0) return range(s, a, 0, size, ret);
	*ret = merkle_empty();
	return NULL;
}

/* PATH(m, D[n]): from the root down, the sibling of the half in which the leaf lies; collected top-down and
 * turned round at the end, since proofs begin at the leaf. */
struct err *merkle_inclusion(const struct merkle_source *s, struct arena *a, uint64_t index, uint64_t size,
	struct merkle_proof *ret)
{
	if (index >= size || size >> 62) return ERR(a, ERR_INVALID, NULL, "no leaf of that number in the tree");
	struct sha256 path[MERKLE_LEVELS + 1];
	size_t count = 0;
	uint64_t begin = 0, end = size;
	while (end - begin > 1) {
		uint64_t split = begin + ((uint64_t)1 << log2_below(end - begin));
		if (index < split) {
			TRY(range(s, a, split, end, &path[count++]));
			end = split;
		} else {
			TRY(range(s, a, begin, split, &path[count++]));
			begin = split;
		}
	}
	*ret = (struct merkle_proof){ ARENA_ARRAY(a, struct sha256, count), count };
	for (size_t i = 0; i < count; i++)
		ret->items[i] = path[count - 1 - i];
	return NULL;
}

/* SUBPROOF(m, D[n], b): goes down towards leaf m - 1 until the subtree is one that both trees have; its root
 * stands first unless it is the whole old tree. */
struct err *merkle_consistency(const struct merkle_source *s, struct arena *a, uint64_t old_size,
	uint64_t size, struct merkle_proof *ret)
{
	if (old_size == 0 || old_size > size || size >> 62)
		return ERR(a, ERR_INVALID, NULL, "a tree cannot have grown so");
	struct sha256 path[MERKLE_LEVELS + 2];
	size_t count = 0;
	uint64_t begin = 0, end = size;
	while (old_size != end) {
		uint64_t split = begin + ((uint64_t)1 << log2_below(end - begin));
		if (old_size <= split) {
			TRY(range(s, a, split, end, &path[count++]));
			end = split;
		} else {
			TRY(range(s, a, begin, split, &path[count++]));
			begin = split;
		}
	}
	if (begin > 0) TRY(range(s, a, begin, end, &path[count++]));
	*ret = (struct merkle_proof){ ARENA_ARRAY(a, struct sha256, count), count };
	for (size_t i = 0; i < count; i++)
		ret->items[i] = path[count - 1 - i];
	return NULL;
}
