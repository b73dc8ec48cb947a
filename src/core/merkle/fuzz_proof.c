/*
 * Proofs and tile paths of any origin. A forged proof must not hold: the leaf is one that no input can contain
 * the preimage path of, so that success would be a break of the verifier (or of SHA-256).
 */
#include "core/merkle/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t number(const uint8_t *p)
{
	uint64_t n = 0;
	for (int i = 0; i < 8; i++)
		n = n << 8 | p[i];
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(16 * 1024 * 1024);
	struct str path = { (const char *)data, size };
	struct tile tile;
	if (tile_parse(a, path, &tile)) must(str_eq(tile_path(a, &tile), path));
	if (size >= 16 && size < 16 + 80 * SHA256_BYTES) {
		struct merkle_proof proof = { ARENA_ARRAY(a, struct sha256, (size - 16) / SHA256_BYTES),
			(size - 16) / SHA256_BYTES };
		if (proof.count) memcpy(proof.items, data + 16, proof.count * SHA256_BYTES);
		struct sha256 leaf = merkle_leaf(STR("leaf")), root = sha256_of(STR("root")),
					  old = sha256_of(STR("old"));
		must(!merkle_verify_inclusion(number(data), number(data + 8), &leaf, &proof, &root));
		must(!merkle_verify_consistency(number(data), number(data + 8), &old, &root, &proof));
		struct str rest = path, entry;
		while (tile_next_entry(&rest, &entry))
			must(entry.n <= TILE_ENTRY_MAX);
	}
	arena_free(a);
	return 0;
}
