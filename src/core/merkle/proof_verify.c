#include "core/merkle/tree.h"

/* RFC 9162, 2.1.3.2, with its names. */
bool merkle_verify_inclusion(uint64_t index, uint64_t size, const struct sha256 *leaf_hash,
	const struct merkle_proof *proof, const struct sha256 *root)
{
	if (index >= size) return false;
	uint64_t fn = index, sn = size - 1;
	struct sha256 r = *leaf_hash;
	for (size_t i = 0; i < proof->count; i++) {
		if (sn == 0) return false;
		if ((fn & 1) || fn == sn) {
			r = merkle_node(&proof->items[i], &r);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = merkle_node(&r, &proof->items[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && sha256_eq(&r, root);
}

/* RFC 9162, 2.1.4.2, from the first node `first` and the rest of the path. */
static bool verify_growth(uint64_t old_size, uint64_t size, const struct sha256 *first,
	const struct sha256 *path, size_t count, const struct sha256 *old_root, const struct sha256 *root)
{
	uint64_t fn = old_size - 1, sn = size - 1;
	while (fn & 1) {
		fn >>= 1;
		sn >>= 1;
	}
	struct sha256 fr = *first, sr = *first;
	for (size_t i = 0; i < count; i++) {
		if (sn == 0) return false;
		if ((fn & 1) || fn == sn) {
			fr = merkle_node(&path[i], &fr);
			sr = merkle_node(&path[i], &sr);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			sr = merkle_node(&sr, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && sha256_eq(&fr, old_root) && sha256_eq(&sr, root);
}

bool merkle_verify_consistency(uint64_t old_size, uint64_t size, const struct sha256 *old_root,
	const struct sha256 *root, const struct merkle_proof *proof)
{
	if (old_size == 0 || old_size > size) return false;
	if (old_size == size) return proof->count == 0 && sha256_eq(old_root, root);
	if (proof->count == 0) return false;
	bool is_power_of_two = (old_size & (old_size - 1)) == 0;
	if (is_power_of_two) /* the old tree is a subtree of the new one: its root was not repeated in the proof */
		return verify_growth(old_size, size, old_root, proof->items, proof->count, old_root, root);
	return verify_growth(old_size, size, &proof->items[0], proof->items + 1, proof->count - 1, old_root,
		root);
}
