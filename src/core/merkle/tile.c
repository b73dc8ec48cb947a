#include "core/merkle/tile.h"

int tile_width(uint64_t size, int level, uint64_t index)
{
	int shift = (level == TILE_ENTRIES ? 0 : level) * TILE_HEIGHT;
	uint64_t hashes = shift < 64 ? size >> shift : 0;
	uint64_t full = hashes / TILE_WIDTH;
	if (index < full) return TILE_WIDTH;
	return index == full ? (int)(hashes % TILE_WIDTH) : 0;
}

/* 1234067 is "x001/x234/067": groups of three digits, all but the last marked. */
static struct str index_path(struct arena *a, uint64_t index)
{
	struct str path = arena_printf(a, "%03d", (int)(index % 1000));
	while (index >= 1000) {
		index /= 1000;
		path = arena_printf(a, "x%03d/%s", (int)(index % 1000), path.p);
	}
	return path;
}

struct str tile_path(struct arena *a, const struct tile *t)
{
	must(t->width >= 1 && t->width <= TILE_WIDTH && t->level >= TILE_ENTRIES && t->level < 64);
	struct str level = t->level == TILE_ENTRIES ? STR("entries") : arena_printf(a, "%d", t->level);
	struct str path = arena_printf(a, "tile/%s/%s", level.p, index_path(a, t->index).p);
	return t->width == TILE_WIDTH ? path : arena_printf(a, "%s.p/%d", path.p, t->width);
}

static bool parse_index(struct str *rest, uint64_t *ret)
{
	uint64_t index = 0;
	for (int groups = 0; groups < 6; groups++) {
		struct str group = str_cut(rest, '/');
		bool more = group.n == 4 && group.p[0] == 'x';
		int64_t n;
		if (more) group = str_slice(group, 1, 4);
		if (!more && group.n == 5 && str_ends_with(group, STR(".p"))) {
			if (str_is_none(*rest)) return false;
			group.n = 3;
		} else if (!more && !str_is_none(*rest)) {
			return false;
		}
		if (group.n != 3 || group.p[0] == '-' || !str_to_int64(group, 0, 999, &n)) return false;
		index = index * 1000 + (uint64_t)n;
		if (more) continue;
		*ret = index;
		return true;
	}
	return false;
}

/* Reads leniently, then asks whether that is how it would be written. */
bool tile_parse(struct arena *a, struct str path, struct tile *ret)
{
	enum { PATH_MAX_BYTES = 64 };
	struct str rest = path;
	struct tile t = { .width = TILE_WIDTH };
	int64_t n;
	if (path.n > PATH_MAX_BYTES || !str_eq(str_cut(&rest, '/'), STR("tile"))) return false;
	struct str level = str_cut(&rest, '/');
	if (str_eq(level, STR("entries")))
		t.level = TILE_ENTRIES;
	else if (str_to_int64(level, 0, 63, &n))
		t.level = (int)n;
	else
		return false;
	if (str_is_none(rest) || !parse_index(&rest, &t.index)) return false;
	if (!str_is_none(rest)) {
		if (!str_to_int64(rest, 1, TILE_WIDTH - 1, &n)) return false;
		t.width = (int)n;
	}
	if (!str_eq(tile_path(a, &t), path)) return false;
	*ret = t;
	return true;
}

void tile_add_entry(struct buf *bundle, struct str data)
{
	must(data.n <= TILE_ENTRY_MAX);
	buf_add_char(bundle, (char)(data.n >> 8));
	buf_add_char(bundle, (char)(data.n & 0xff));
	buf_add(bundle, data);
}

bool tile_next_entry(struct str *rest, struct str *ret)
{
	if (rest->n < 2) return false;
	size_t n = (size_t)(uint8_t)rest->p[0] << 8 | (uint8_t)rest->p[1];
	if (rest->n - 2 < n) return false;
	*ret = (struct str){ rest->p + 2, n };
	*rest = (struct str){ rest->p + 2 + n, rest->n - 2 - n };
	return true;
}
