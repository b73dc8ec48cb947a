/*
 * `doctor`'s look at the registry: everything that can be recomputed is.
 */
#include "core/registry/log_internal.h"
#include "core/registry/registry.h"

enum { AUDIT_ARENA_BYTES = 16 * 1024 * 1024 };

struct audit {
	struct db *db;
	struct arena *arena, *row_arena; /* row_arena: one row's, reset after it */
	struct merkle_frontier frontier;
	int64_t hashes, entries;
	struct instant newest; /* of the entries so far */
	struct registry_checkpoint checkpoint;
	bool has_checkpoint;
};

static struct err *wrong(struct audit *w, const char *what, int64_t where)
{
	return ERR(w->arena, ERR_CONFLICT, NULL, "the registry is damaged: %s at %lld", what, (long long)where);
}

static struct err *check_hashes(struct audit *w, const struct merkle_done *done)
{
	for (size_t i = 0; i < done->count; i++, w->hashes++) {
		struct log_hash_get_row row;
		bool found;
		int64_t position = (int64_t)done->items[i].index;
		TRY(log_hash_get(w->db, w->row_arena,
			&(struct log_hash_get_in){ .level = done->items[i].level, .position = position }, &row, &found));
		if (!found || !str_eq(row.hash, sha256_str(&done->items[i].hash)))
			return wrong(w, "a stored hash", position);
	}
	return NULL;
}

static struct err *check_leaf(void *state, const struct log_leaf_all_row *row)
{
	struct audit *w = state;
	struct merkle_done done;
	if (row->leaf_index != (int64_t)w->frontier.size) return wrong(w, "a gap in the leaves", row->leaf_index);
	struct sha256 leaf = merkle_leaf(row->commitment);
	merkle_append(&w->frontier, &leaf, &done);
	struct err *e = check_hashes(w, &done);
	if (e) return err_copy(w->arena, e);
	arena_reset(w->row_arena);
	if (!w->has_checkpoint || w->checkpoint.size != (int64_t)w->frontier.size) return NULL;
	struct sha256 root = merkle_root(&w->frontier);
	return str_eq(w->checkpoint.root, sha256_str(&root)) ? NULL
														 : wrong(w, "the checkpoint's root", row->leaf_index);
}

static struct err *commitment_of_leaf(struct audit *w, int64_t index, struct str *ret)
{
	struct log_leaf_range_rows rows;
	TRY(log_leaf_range(w->db, w->row_arena, &(struct log_leaf_range_in){ .first = index, .after = index + 1 },
		&rows));
	*ret = rows.count == 1 ? rows.items[0].commitment : STR_NONE;
	return NULL;
}

/* The row's own columns, by which entries are found, say what its bytes say. */
static bool row_says_the_same(struct arena *a, const struct registry_entry_all_row *row,
	const struct entry *e)
{
	struct number n;
	bool is_number = number_parse(a, e->number, &n);
	return is_number && str_eq(row->name, e->number) && str_eq(row->series, n.series) &&
		row->year == n.year && row->number == n.n && row->at.ms == e->at.ms &&
		str_eq(row->series, e->kind == REGISTRY_IN ? STR(SERIES_IN) : STR(SERIES_OUT)) &&
		str_eq(row->channel, e->channel) && str_eq(row->office, e->office) &&
		str_eq(row->procedure, e->procedure) && str_eq(row->case_number, e->case_number);
}

static struct err *check_entry(void *state, const struct registry_entry_all_row *row)
{
	struct audit *w = state;
	struct str leaf;
	struct entry e;
	if (row->leaf_index != w->entries++) return wrong(w, "a leaf without entry", row->leaf_index);
	struct err *failed = commitment_of_leaf(w, row->leaf_index, &leaf);
	if (failed) return err_copy(w->arena, failed);
	if (row->at.ms < w->newest.ms) return wrong(w, "an entry older than the one before it", row->leaf_index);
	w->newest = row->at;
	if (!str_eq(leaf, row->commitment)) return wrong(w, "an entry's commitment in the log", row->leaf_index);
	if (str_is_none(row->canonical) && str_is_none(row->salt)) return NULL; /* erased */
	if (str_is_none(row->canonical) || row->salt.n != ENTRY_SALT_BYTES)
		return wrong(w, "an entry's salt", row->leaf_index);
	struct sha256 commitment = entry_commitment(row->salt, row->canonical);
	if (!str_eq(row->commitment, sha256_str(&commitment)))
		return wrong(w, "an entry's bytes", row->leaf_index);
	if (entry_parse(w->row_arena, row->canonical, &e)) return wrong(w, "an entry's form", row->leaf_index);
	if (!row_says_the_same(w->row_arena, row, &e)) return wrong(w, "an entry's row", row->leaf_index);
	arena_reset(w->row_arena);
	return NULL;
}

static struct err *check_series(struct audit *w)
{
	struct registry_series_counts_rows rows;
	TRY(registry_series_counts(w->db, w->arena, &rows));
	for (size_t i = 0; i < rows.count; i++) {
		const struct registry_series_counts_row *row = &rows.items[i];
		struct registry_series_get_row series;
		bool found;
		TRY(registry_series_get(w->db, w->arena,
			&(struct registry_series_get_in){ .series = row->series, .year = row->year }, &series, &found));
		if (row->first_number != 1 || row->last_number != row->entries || !found ||
			series.last_number != row->last_number)
			return wrong(w, "a gap in the numbers of year", row->year);
	}
	return NULL;
}

static struct err *check_frontier(struct audit *w)
{
	struct merkle_frontier stored;
	struct log_hash_count_row count;
	bool found;
	TRY(log_frontier_read(w->db, w->arena, &stored));
	if (stored.size != w->frontier.size ||
		memcmp(stored.peaks, w->frontier.peaks, merkle_peaks(stored.size) * SHA256_BYTES) != 0)
		return wrong(w, "the frontier", (int64_t)stored.size);
	TRY(log_hash_count(w->db, w->arena, &count, &found));
	if (count.hashes != w->hashes) return wrong(w, "the number of hashes", count.hashes);
	if (w->has_checkpoint && w->checkpoint.size > (int64_t)w->frontier.size)
		return wrong(w, "a checkpoint beyond the log", w->checkpoint.size);
	return NULL;
}

static struct err *audit(struct audit *w)
{
	TRY(registry_last_checkpoint(w->db, w->arena, &w->checkpoint, &w->has_checkpoint));
	TRY(log_leaf_all(w->db, w->arena, check_leaf, w));
	TRY(check_frontier(w));
	TRY(registry_entry_all(w->db, w->arena, check_entry, w));
	if (w->entries != (int64_t)w->frontier.size) return wrong(w, "leaves without entries", w->entries);
	return check_series(w);
}

struct err *registry_audit(struct db *db, struct arena *a, int64_t *ret_entries)
{
	struct audit w = { .db = db, .arena = a, .row_arena = arena_new(AUDIT_ARENA_BYTES) };
	struct err *e = audit(&w);
	arena_free(w.row_arena);
	if (!e) *ret_entries = w.entries;
	return e;
}
