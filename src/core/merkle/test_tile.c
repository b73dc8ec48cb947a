#include "base/testing.h"
#include "core/merkle/tile.h"

/* C2SP tlog-tiles: 70 000 leaves are 273 full tiles and one of 112, then 1 and 17, then a width of 1. */
TEST(tile_widths_of_70000)
{
	CHECK_INT(tile_width(70000, 0, 272), 256);
	CHECK_INT(tile_width(70000, 0, 273), 112);
	CHECK_INT(tile_width(70000, 0, 274), 0);
	CHECK_INT(tile_width(70000, 1, 0), 256);
	CHECK_INT(tile_width(70000, 1, 1), 17);
	CHECK_INT(tile_width(70000, 2, 0), 1);
	CHECK_INT(tile_width(70000, 3, 0), 0);
	CHECK_INT(tile_width(70000, 63, 0), 0);
	CHECK_INT(tile_width(70000, TILE_ENTRIES, 273), 112);
}

TEST(tile_paths)
{
	CHECK_STR(tile_path(t->arena, &(struct tile){ 0, 1234067, 256 }), "tile/0/x001/x234/067");
	CHECK_STR(tile_path(t->arena, &(struct tile){ 1, 0, 17 }), "tile/1/000.p/17");
	CHECK_STR(tile_path(t->arena, &(struct tile){ TILE_ENTRIES, 273, 112 }), "tile/entries/273.p/112");
	CHECK_STR(tile_path(t->arena, &(struct tile){ 0, 1000, 256 }), "tile/0/x001/000");
	static const uint64_t indexes[] = { 0, 9, 999, 1000, 999999, 1000000, 72057594037927935 };
	for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
		struct tile in = { 3, indexes[i], i % 2 ? 256 : 1 }, out = { 0 };
		CHECK(tile_parse(t->arena, tile_path(t->arena, &in), &out));
		CHECK(out.level == 3 && out.index == in.index && out.width == in.width);
	}
}

TEST(tile_paths_have_one_spelling)
{
	static const char *const bad[] = { "", "tile", "tile/0", "tile/0/", "tile/64/000", "tile/-1/000",
		"tile/00/000", "tile/0/0", "tile/0/0000", "tile/0/x000/001", "tile/0/x001", "tile/0/001/002",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "tile/0/000.p/",
		"tile/0/000/1", "tile/0/x1/000", "tile/entries/000/", "tiles/0/000", "tile/0/-01",
		"tile/0/x001/x234/067.p/8/9", "tile/0/x999/x999/x999/x999/x999/x999/x999/999" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct tile out;
		if (tile_parse(t->arena, str_of(bad[i]), &out)) test_fail(t, __FILE__, __LINE__, "took %s", bad[i]);
	}
}

TEST(tile_bundles_hold_their_entries)
{
	struct buf b = buf_new(t->arena, 1000);
	char long_one[300] = { 0 };
	tile_add_entry(&b, STR("abc"));
	tile_add_entry(&b, STR(""));
	tile_add_entry(&b, (struct str){ long_one, sizeof long_one });
	struct str rest = buf_str(&b), entry;
	CHECK_INT(rest.n, 2 + 3 + 2 + 2 + 300);
	CHECK(tile_next_entry(&rest, &entry) && str_eq(entry, STR("abc")));
	CHECK(tile_next_entry(&rest, &entry) && entry.n == 0);
	CHECK(tile_next_entry(&rest, &entry) && entry.n == 300);
	CHECK(!tile_next_entry(&rest, &entry) && rest.n == 0);
	rest = STR("\x00\x05"
			   "abcd");
	CHECK(!tile_next_entry(&rest, &entry) && rest.n == 6);
}
