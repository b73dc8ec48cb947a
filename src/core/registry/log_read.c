/*
 * The public face of the log: the bytes behind /registro/log/….
 */
#include "core/merkle/tile.h"
#include "core/registry/log_internal.h"
#include "core/registry/registry.h"

static struct err *hashes(struct db *db, struct arena *a, const struct tile *t, struct buf *out)
{
	struct sha256 *items = ARENA_ARRAY(a, struct sha256, (size_t)t->width);
	struct merkle_source source = log_source(db);
	TRY(source.read(source.state, a, t->level, t->index * TILE_WIDTH, (size_t)t->width, items));
	for (int i = 0; i < t->width; i++)
		buf_add(out, sha256_str(&items[i]));
	return NULL;
}

static struct err *entries(struct db *db, struct arena *a, const struct tile *t, struct buf *out)
{
	struct log_leaf_range_rows rows;
	int64_t first = (int64_t)(t->index * TILE_WIDTH);
	TRY(log_leaf_range(db, a, &(struct log_leaf_range_in){ .first = first, .after = first + t->width },
		&rows));
	if (rows.count != (size_t)t->width)
		return ERR(a, ERR_INTERNAL, NULL, "the log lacks leaves from %lld on", (long long)first);
	for (size_t i = 0; i < rows.count; i++)
		tile_add_entry(out, rows.items[i].commitment);
	return NULL;
}

static struct err *read_checkpoint(struct db *db, struct arena *a, struct registry_log_answer *ret,
	bool *ret_found)
{
	struct registry_checkpoint c;
	bool found;
	TRY(registry_last_checkpoint(db, a, &c, &found));
	if (found) *ret = (struct registry_log_answer){ c.note, "text/plain; charset=utf-8", false };
	*ret_found = found;
	return NULL;
}

/* Tiles are served up to the newest checkpoint: what no signature covers yet is not published. */
struct err *registry_log_read(struct db *db, struct arena *a, struct str path,
	struct registry_log_answer *ret, bool *ret_found)
{
	enum { TILE_MAX_BYTES = TILE_WIDTH * (SHA256_BYTES + 2) };
	struct registry_checkpoint c;
	struct tile t;
	bool found;
	if (str_eq(path, STR("checkpoint"))) return read_checkpoint(db, a, ret, ret_found);
	if (!tile_parse(a, path, &t)) {
		*ret_found = false;
		return NULL;
	}
	TRY(registry_last_checkpoint(db, a, &c, &found));
	if (found && tile_width((uint64_t)c.size, t.level, t.index) >= t.width) {
		struct buf out = buf_new(a, TILE_MAX_BYTES);
		TRY(t.level == TILE_ENTRIES ? entries(db, a, &t, &out) : hashes(db, a, &t, &out));
		*ret = (struct registry_log_answer){ buf_str(&out), "application/octet-stream", true };
		*ret_found = true;
		return NULL;
	}
	*ret_found = false;
	return NULL;
}
