/*
 * The whole log from its leaves: every published tile is recomputed and compared, then the root.
 */
#include "core/merkle/tile.h"
#include "core/verify/verify_internal.h"

enum { LEVELS = 8, SCRATCH_BYTES = 4 * 1024 * 1024 };

struct walk {
	struct arena *arena, *scratch; /* scratch: one bundle's */
	const struct verify_log *log;
	struct checkpoint checkpoint, old;
	bool has_old, old_seen;
	struct merkle_frontier frontier;
	struct sha256 tiles[LEVELS][TILE_WIDTH]; /* the tile being filled, of each level */
	int widths[LEVELS];
	struct str wrong; /* the first thing that does not fit; none: nothing yet */
};

static struct err *read_piece(struct walk *w, int level, uint64_t index, int width, struct str *ret)
{
	struct str path = tile_path(w->scratch, &(struct tile){ level, index, width });
	TRY(w->log->read(w->log->state, w->scratch, path, ret));
	if (str_is_none(*ret)) w->wrong = arena_printf(w->arena, "%s is missing", path.p);
	return NULL;
}

/* A tile is full, or the log ends in it: it must be the published one. */
static struct err *compare_tile(struct walk *w, int level, uint64_t index)
{
	struct str published, ours = { (const char *)w->tiles[level], (size_t)w->widths[level] * SHA256_BYTES };
	TRY(read_piece(w, level, index, w->widths[level], &published));
	w->widths[level] = 0;
	if (str_is_none(w->wrong) && !str_eq(published, ours))
		w->wrong = arena_printf(w->arena, "tile %d/%llu is not what its leaves give", level,
			(unsigned long long)index);
	return NULL;
}

static struct err *take_leaf(struct walk *w, struct str data)
{
	struct merkle_done done;
	struct sha256 leaf = merkle_leaf(data);
	merkle_append(&w->frontier, &leaf, &done);
	for (size_t i = 0; i < done.count && str_is_none(w->wrong); i++) {
		int level = done.items[i].level;
		w->tiles[level][w->widths[level]++] = done.items[i].hash;
		if (w->widths[level] == TILE_WIDTH) TRY(compare_tile(w, level, done.items[i].index / TILE_WIDTH));
	}
	if (w->has_old && w->frontier.size == w->old.size) {
		struct sha256 root = merkle_root(&w->frontier);
		w->old_seen = sha256_eq(&root, &w->old.root);
	}
	return NULL;
}

static struct err *take_bundle(struct walk *w, uint64_t index, int width)
{
	struct str rest, data;
	int count = 0;
	TRY(read_piece(w, TILE_ENTRIES, index, width, &rest));
	for (; count < width && str_is_none(w->wrong) && tile_next_entry(&rest, &data); count++)
		TRY(take_leaf(w, data));
	if (str_is_none(w->wrong) && (count != width || rest.n != 0))
		w->wrong = arena_printf(w->arena, "the entries of bundle %llu do not fill it",
			(unsigned long long)index);
	return NULL;
}

static struct err *take_all(struct walk *w)
{
	uint64_t size = w->checkpoint.size;
	for (uint64_t at = 0; at < size && str_is_none(w->wrong); at += TILE_WIDTH) {
		TRY(take_bundle(w, at / TILE_WIDTH, tile_width(size, TILE_ENTRIES, at / TILE_WIDTH)));
		arena_reset(w->scratch);
	}
	for (int level = 0; level < LEVELS && str_is_none(w->wrong); level++)
		if (w->widths[level]) TRY(compare_tile(w, level, (size >> (8 * level)) / TILE_WIDTH));
	struct sha256 root = merkle_root(&w->frontier);
	if (str_is_none(w->wrong) && !sha256_eq(&root, &w->checkpoint.root))
		w->wrong = STR("the leaves give another root than the checkpoint's");
	return NULL;
}

static struct err *check_log(struct walk *w, const struct key_history *history, struct str old_checkpoint,
	struct verify_report *r)
{
	struct str note;
	TRY(w->log->read(w->log->state, w->arena, STR("checkpoint"), &note));
	if (!report_add(r, VERIFY_READ, !str_is_none(note),
			str_is_none(note) ? STR("checkpoint is missing") : STR("")))
		return NULL;
	note = arena_str(w->arena, note);
	if (!report_checkpoint(r, w->arena, note, history, INSTANT_NONE)) return NULL;
	w->checkpoint = r->checkpoint;
	w->has_old = !str_is_none(old_checkpoint);
	if (w->has_old && !checkpoint_holds(w->arena, old_checkpoint, history, &w->old)) {
		report_add(r, VERIFY_GROWTH, false, STR("the older checkpoint is not one of this log"));
		return NULL;
	}
	TRY(take_all(w));
	bool fits = str_is_none(w->wrong);
	if (!report_add(r, VERIFY_TILES, fits, fits ? STR("") : w->wrong) || !w->has_old) return NULL;
	bool grew = w->old.size == 0 || w->old_seen;
	report_add(r, VERIFY_GROWTH, grew,
		grew ? STR("") : STR("the older checkpoint is no beginning of this log"));
	return NULL;
}

struct err *verify_log(struct arena *a, const struct verify_log *log, const struct key_history *history,
	struct str old_checkpoint, struct verify_report *ret)
{
	struct verify_report r = { 0 };
	struct walk *w = ARENA_NEW(a, struct walk);
	w->arena = a;
	w->scratch = arena_new(SCRATCH_BYTES);
	w->log = log;
	w->wrong = STR_NONE;
	struct err *e = err_copy(a, check_log(w, history, old_checkpoint, &r));
	arena_free(w->scratch);
	report_conclude(&r);
	if (!e) *ret = r;
	return e;
}
