/*
 * Tiles: how the tree is published (C2SP tlog-tiles). A tile holds up to 256 hashes of one level; full ones
 * never change, and the partial one at the right edge is named by its width. An entry bundle holds the leaf
 * data of a level-0 tile. This file knows names and sizes; the registry fills them.
 */
#pragma once
#include "base/buf.h"
#include "core/merkle/tree.h"

struct tile {
	int level; /* 0 to 63; TILE_ENTRIES: the bundle of leaf data */
	uint64_t index;
	int width; /* 1 to 256 */
};
enum { TILE_ENTRIES = -1, TILE_ENTRY_MAX = 65535 };

/* How many hashes the tile has in a tree of that size: 0 (not begun) to 256. */
int tile_width(uint64_t size, int level, uint64_t index);
/* "tile/0/x001/x234/067.p/8", "tile/entries/000". */
struct str tile_path(struct arena *a, const struct tile *t);
/* Only the one canonical spelling of a tile. */
bool tile_parse(struct arena *a, struct str path, struct tile *ret);
/* A leaf's data in a bundle: length in two bytes, then the bytes. At most TILE_ENTRY_MAX. */
void tile_add_entry(struct buf *bundle, struct str data);
/* Takes the next one off; false at the end or when cut short (then *rest is not empty). */
bool tile_next_entry(struct str *rest, struct str *ret);
