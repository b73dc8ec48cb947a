#include "base/testing.h"
#include "core/merkle/tree.h"

/* A tree kept as its tile hashes, as the registry keeps it. */
enum { STORE_MAX = 70000 };
struct store {
	struct sha256 *levels[3];
	uint64_t counts[3];
	struct merkle_frontier frontier;
};

static struct err *read_store(void *state, struct arena *a, int level, uint64_t index, size_t count,
	struct sha256 *ret)
{
	const struct store *s = state;
	must(count <= TILE_WIDTH && index / TILE_WIDTH == (index + count - 1) / TILE_WIDTH);
	if (level > 2 || index + count > s->counts[level])
		return ERR(a, ERR_NOT_FOUND, NULL, "hash %d/%llu", level, (unsigned long long)index);
	memcpy(ret, s->levels[level] + index, count * sizeof *ret);
	return NULL;
}

static struct store *store_new(struct test *t, size_t max)
{
	struct store *s = ARENA_NEW(t->arena, struct store);
	for (int level = 0; level < 3; level++)
		s->levels[level] = ARENA_ARRAY(t->arena, struct sha256, level == 0 ? max : max / 256 + 1);
	return s;
}

static void append(struct store *s, struct str data)
{
	struct sha256 leaf = merkle_leaf(data);
	struct merkle_done done;
	merkle_append(&s->frontier, &leaf, &done);
	for (size_t i = 0; i < done.count; i++) {
		must(done.items[i].index == s->counts[done.items[i].level]++);
		s->levels[done.items[i].level][done.items[i].index] = done.items[i].hash;
	}
}

static struct str hex_of(struct test *t, const struct sha256 *h)
{
	return hex_encode(t->arena, sha256_str(h));
}

static struct str prefixes(struct test *t, const struct merkle_proof *p)
{
	struct str parts[64];
	for (size_t i = 0; i < p->count; i++)
		parts[i] = str_slice(hex_of(t, &p->items[i]), 0, 16);
	return arena_join(t->arena, parts, p->count, STR(" "));
}

static struct store *published(struct test *t, size_t count)
{
	static const struct str leaves[] = { STR(""), STR("\x00"), STR("\x10"), STR("\x20\x21"), STR("\x30\x31"),
		STR("\x40\x41\x42\x43"), STR("\x50\x51\x52\x53\x54\x55\x56\x57"),
		STR("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f") };
	struct store *s = store_new(t, 8);
	for (size_t i = 0; i < count; i++)
		append(s, leaves[i]);
	return s;
}

/* Vectors of the reference implementations of RFC 6962. */
TEST(merkle_hashes_of_leaf_and_node)
{
	struct sha256 leaf = merkle_leaf(STR("L123456"));
	CHECK_STR(hex_of(t, &leaf), "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
	const struct str node[] = { STR("\x01"), STR("N123"), STR("N456") };
	struct sha256 h = sha256_of_parts(node, 3);
	CHECK_STR(hex_of(t, &h), "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
	struct sha256 l = sha256_of(STR("l")), r = sha256_of(STR("r"));
	const struct str both[] = { STR("\x01"), sha256_str(&l), sha256_str(&r) };
	struct sha256 ours = merkle_node(&l, &r), theirs = sha256_of_parts(both, 3);
	CHECK(sha256_eq(&ours, &theirs));
}

TEST(merkle_roots_by_size)
{
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		NULL,
		NULL,
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	for (size_t size = 0; size <= 8; size++) {
		struct store *s = published(t, size);
		struct merkle_source source = { read_store, s };
		struct sha256 root = merkle_root(&s->frontier), again;
		if (roots[size]) CHECK_STR(hex_of(t, &root), roots[size]);
		CHECK_OK(merkle_root_at(&source, t->arena, size, &again));
		CHECK(sha256_eq(&root, &again));
	}
}

TEST(merkle_published_proofs)
{
	struct merkle_source eight = { read_store, published(t, 8) }, five = { read_store, published(t, 5) };
	struct merkle_proof p;
	CHECK_OK(merkle_inclusion(&eight, t->arena, 5, 8, &p));
	CHECK_STR(prefixes(t, &p), "bc1a0643b12e4d2d ca854ea128ed050b d37ee418976dd957");
	CHECK_OK(merkle_inclusion(&eight, t->arena, 0, 8, &p));
	CHECK_STR(prefixes(t, &p), "96a296d224f285c6 5f083f0a1a33ca07 6b47aaf29ee3c2af");
	CHECK_OK(merkle_consistency(&eight, t->arena, 6, 8, &p));
	CHECK_STR(prefixes(t, &p), "0ebc5d3437fbe2db ca854ea128ed050b d37ee418976dd957");
	CHECK_OK(merkle_consistency(&five, t->arena, 2, 5, &p));
	CHECK_STR(prefixes(t, &p), "5f083f0a1a33ca07 bc1a0643b12e4d2d");
}

/* Every leaf of every tree to 40, every growth; and no proof holds for another leaf, size or root. */
TEST(merkle_proofs_exhaustively)
{
	enum { N = 40 };
	struct store *s = store_new(t, N);
	struct merkle_source source = { read_store, s };
	struct sha256 roots[N + 1], leaves[N];
	roots[0] = merkle_empty();
	for (int i = 0; i < N; i++) {
		append(s, arena_printf(t->arena, "leaf %d", i));
		leaves[i] = s->levels[0][i];
		roots[i + 1] = merkle_root(&s->frontier);
	}
	struct merkle_proof p;
	for (uint64_t size = 1; size <= N; size++) {
		for (uint64_t i = 0; i < size; i++) {
			CHECK_OK(merkle_inclusion(&source, t->arena, i, size, &p));
			for (uint64_t other = 0; other < size; other++)
				CHECK(merkle_verify_inclusion(other, size, &leaves[i], &p, &roots[size]) == (other == i));
			CHECK(!merkle_verify_inclusion(i, size, &leaves[i], &p, &roots[size - 1]));
			if (p.count) p.count--;
			CHECK(size == 1 || !merkle_verify_inclusion(i, size, &leaves[i], &p, &roots[size]));
		}
		for (uint64_t old = 1; old <= size; old++) {
			CHECK_OK(merkle_consistency(&source, t->arena, old, size, &p));
			for (uint64_t other = 1; other <= size; other++)
				CHECK(merkle_verify_consistency(other, size, &roots[other], &roots[size], &p) ==
					(other == old));
			CHECK(!merkle_verify_consistency(old, size, &roots[old - 1], &roots[size], &p));
			CHECK(!merkle_verify_consistency(old, size, &roots[old], &roots[size - 1], &p));
		}
	}
	CHECK_ERR(merkle_inclusion(&source, t->arena, 40, 40, &p), ERR_INVALID);
	CHECK_ERR(merkle_consistency(&source, t->arena, 0, 40, &p), ERR_INVALID);
	CHECK_ERR(merkle_consistency(&source, t->arena, 41, 40, &p), ERR_INVALID);
}

/* 70 000 leaves: proofs cross two tile levels. */
TEST(merkle_proofs_across_tiles)
{
	struct store *s = store_new(t, STORE_MAX);
	struct merkle_source source = { read_store, s };
	for (int i = 0; i < STORE_MAX; i++)
		append(s, (struct str){ (const char *)&i, sizeof i });
	CHECK_INT(s->counts[0], 70000);
	CHECK_INT(s->counts[1], 273);
	CHECK_INT(s->counts[2], 1);
	struct sha256 root = merkle_root(&s->frontier), old;
	static const uint64_t places[] = { 0, 1, 255, 256, 65535, 65536, 69887, 69888, 69999 };
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct merkle_proof p;
		CHECK_OK(merkle_inclusion(&source, t->arena, places[i], STORE_MAX, &p));
		CHECK(merkle_verify_inclusion(places[i], STORE_MAX, &s->levels[0][places[i]], &p, &root));
		CHECK_OK(merkle_consistency(&source, t->arena, places[i] + 1, STORE_MAX, &p));
		CHECK_OK(merkle_root_at(&source, t->arena, places[i] + 1, &old));
		CHECK(merkle_verify_consistency(places[i] + 1, STORE_MAX, &old, &root, &p));
	}
}
