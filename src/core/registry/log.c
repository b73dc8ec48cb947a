#include "core/registry/log_internal.h"

struct err *log_frontier_read(struct db *db, struct arena *a, struct merkle_frontier *ret)
{
	struct log_frontier_get_row row;
	struct merkle_frontier f = { 0 };
	bool found;
	TRY(log_frontier_get(db, a, &row, &found));
	if (found) {
		f.size = (uint64_t)row.size;
		if (row.size < 0 || row.peaks.n != merkle_peaks(f.size) * SHA256_BYTES)
			return ERR(a, ERR_INTERNAL, NULL, "the log's frontier is damaged at size %lld",
				(long long)row.size);
		if (row.peaks.n) memcpy(f.peaks, row.peaks.p, row.peaks.n);
	}
	*ret = f;
	return NULL;
}

struct err *log_append(struct tx *tx, const struct sha256 *commitment, int64_t *ret_leaf_index)
{
	struct db *db = tx->db;
	struct merkle_frontier f;
	struct merkle_done done;
	TRY(log_frontier_read(db, tx->arena, &f));
	int64_t index = (int64_t)f.size;
	struct sha256 leaf = merkle_leaf(sha256_str(commitment));
	merkle_append(&f, &leaf, &done);
	TRY(log_leaf_insert(db, tx->arena,
		&(struct log_leaf_insert_in){ .leaf_index = index, .commitment = sha256_str(commitment) }, NULL));
	for (size_t i = 0; i < done.count; i++)
		TRY(log_hash_insert(db, tx->arena,
			&(struct log_hash_insert_in){ .level = done.items[i].level,
				.position = (int64_t)done.items[i].index,
				.hash = sha256_str(&done.items[i].hash) },
			NULL));
	struct str peaks = { (const char *)f.peaks, merkle_peaks(f.size) * SHA256_BYTES };
	TRY(log_frontier_set(db, tx->arena,
		&(struct log_frontier_set_in){ .size = (int64_t)f.size, .peaks = peaks }, NULL));
	*ret_leaf_index = index;
	return NULL;
}

static struct err *read_hashes(void *state, struct arena *a, int level, uint64_t index, size_t count,
	struct sha256 *ret)
{
	struct log_hash_range_rows rows;
	int64_t first = (int64_t)index;
	TRY(log_hash_range(state, a,
		&(struct log_hash_range_in){ .level = level, .first = first, .after = first + (int64_t)count },
		&rows));
	if (rows.count != count)
		return ERR(a, ERR_INTERNAL, NULL, "the log lacks hashes of level %d from %lld on", level,
			(long long)first);
	for (size_t i = 0; i < count; i++)
		if (!sha256_from(rows.items[i].hash, &ret[i]))
			return ERR(a, ERR_INTERNAL, NULL, "a hash of the log is damaged");
	return NULL;
}

struct merkle_source log_source(struct db *db) { return (struct merkle_source){ read_hashes, db }; }
