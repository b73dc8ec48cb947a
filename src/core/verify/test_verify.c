#include "base/testing.h"
#include "core/merkle/tile.h"
#include "core/verify/verify.h"

static const struct str seed = STR("0123456789abcdef0123456789ABCDEF"),
						witness_seed = STR("a witness's seed, thirty-two by.");
#define ORIGIN STR("leon.example/registro")

/* A log of `size` entries in memory: leaves, and each piece a mirror would hold. */
struct piece {
	struct str path, bytes;
};
struct mirror {
	struct test *t;
	struct sha256 leaves[700];
	struct str canonical[700], salts[700];
	struct merkle_frontier frontier;
	struct piece pieces[64];
	size_t count;
	struct public_key keys[2];
	struct key_history history;
};

static void add_entry(struct mirror *m)
{
	struct arena *a = m->t->arena;
	size_t i = m->frontier.size;
	struct sha256 content = sha256_of(STR("content"));
	struct entry e = { .origin = ORIGIN,
		.number = arena_printf(a, "E-2026-%06zu", i + 1),
		.at = { 1794329527000 },
		.presented = { 1794329527000 },
		.party = STR("Ana"),
		.content_sha256 = sha256_str(&content) };
	must(date_of_ymd(2026, 11, 10, &e.effect));
	must(!entry_canonical(a, &e, &m->canonical[i]));
	struct sha256 salt = sha256_of(e.number);
	m->salts[i] = arena_str(a, sha256_str(&salt));
	m->leaves[i] = entry_commitment(m->salts[i], m->canonical[i]);
	struct sha256 leaf = merkle_leaf(sha256_str(&m->leaves[i]));
	struct merkle_done done;
	merkle_append(&m->frontier, &leaf, &done);
}

static struct mirror *mirror(struct test *t, size_t size)
{
	struct mirror *m = ARENA_NEW(t->arena, struct mirror);
	m->t = t;
	for (size_t i = 0; i < size; i++)
		add_entry(m);
	m->keys[0] = (struct public_key){ .purpose = KEY_LOG_SIGNING,
		.kind = KEY_ED25519,
		.state = KEY_ACTIVE,
		.id = STR("0011223344556677"),
		.from = { 1700000000000 },
		.until = INSTANT_NONE,
		.public_key = ed25519_public(t->arena, seed) };
	m->history = (struct key_history){ .origin = ORIGIN, .items = m->keys, .count = 1 };
	return m;
}

static struct str checkpoint_note(struct mirror *m)
{
	struct checkpoint c = { ORIGIN, m->frontier.size, merkle_root(&m->frontier) };
	return note_sign(m->t->arena, checkpoint_format(m->t->arena, &c), ORIGIN, seed);
}

static struct err *leaf_hashes(void *state, struct arena *a, int level, uint64_t index, size_t count,
	struct sha256 *ret)
{
	const struct mirror *m = state;
	for (size_t i = 0; i < count; i++) {
		if (level == 0) {
			ret[i] = merkle_leaf(sha256_str(&m->leaves[index + i]));
			continue;
		}
		struct merkle_source below = { leaf_hashes, state };
		struct sha256 tile[TILE_WIDTH];
		TRY(below.read(state, a, level - 1, (index + i) * TILE_WIDTH, TILE_WIDTH, tile));
		for (int width = TILE_WIDTH; width > 1; width /= 2)
			for (int k = 0; k < width / 2; k++)
				tile[k] = merkle_node(&tile[2 * k], &tile[2 * k + 1]);
		ret[i] = tile[0];
	}
	return NULL;
}

static struct receipt receipt_of(struct mirror *m, size_t i)
{
	struct receipt r = { m->canonical[i], m->salts[i], i, { NULL, 0 }, checkpoint_note(m) };
	struct merkle_source source = { leaf_hashes, m };
	must(!merkle_inclusion(&source, m->t->arena, i, m->frontier.size, &r.proof));
	return r;
}

static struct verify_report check(struct mirror *m, const struct receipt *r)
{
	struct verify_report report = { 0 };
	must(!verify_receipt(m->t->arena, receipt_write(m->t->arena, r), &m->history, &report));
	return report;
}

/* The step that failed, or VERIFY_STEP_MAX. */
static enum verify_step failed(const struct verify_report *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (!r->findings[i].is_ok && !r->findings[i].is_advice) return r->findings[i].step;
	return VERIFY_STEP_MAX;
}

TEST(verify_receipt_that_holds)
{
	struct mirror *m = mirror(t, 7);
	for (size_t i = 0; i < 7; i++) {
		struct receipt r = receipt_of(m, i);
		struct verify_report report = check(m, &r);
		CHECK(report.is_valid && !report.is_witnessed && failed(&report) == VERIFY_STEP_MAX);
		CHECK_STR(report.entry.number, arena_printf(t->arena, "E-2026-%06zu", i + 1).p);
		CHECK(report.checkpoint.size == 7 && str_eq(report.key_id, STR("0011223344556677")));
	}
}

TEST(verify_receipt_that_was_changed)
{
	struct mirror *m = mirror(t, 7);
	struct receipt good = receipt_of(m, 3), r = good;
	struct verify_report report;
	r.leaf_index = 4;
	report = check(m, &r);
	CHECK(!report.is_valid && failed(&report) == VERIFY_INCLUSION);
	r = good;
	r.salt = m->salts[4];
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_INCLUSION);
	r = good;
	r.canonical = m->canonical[4];
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_INCLUSION);
	r.canonical = arena_printf(t->arena, "%s ", good.canonical.p);
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_ENTRY);
	r = good;
	r.checkpoint = arena_str(t->arena, good.checkpoint);
	((char *)r.checkpoint.p)[ORIGIN.n + 1] = '8'; /* another size */
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_SIGNATURE);
	r.checkpoint = STR("nothing");
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_CHECKPOINT);
	must(!verify_receipt(t->arena, STR("{}"), &m->history, &report));
	CHECK(!report.is_valid && failed(&report) == VERIFY_READ && report.count == 1);
	m->history.origin = STR("another.example/registro");
	report = check(m, &good);
	CHECK_INT(failed(&report), VERIFY_ENTRY);
}

TEST(verify_receipt_by_the_history_of_keys)
{
	struct mirror *m = mirror(t, 3);
	struct receipt r = receipt_of(m, 1);
	struct public_key good = m->keys[0];
	struct verify_report report;
	m->keys[0].public_key = ed25519_public(t->arena, witness_seed);
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_SIGNATURE);
	m->keys[0] = good;
	m->keys[0].state = KEY_NEXT;
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_KEY);
	m->keys[0].state = KEY_RETIRED; /* retired the day after the entry: good; the day before: not */
	m->keys[0].until.ms = 1794329527000 + 86400000;
	report = check(m, &r);
	CHECK(report.is_valid);
	m->keys[0].until.ms = 1794329527000 - 86400000;
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_KEY);
	m->keys[0].until.ms = 1794329527000 + 86400000;
	m->keys[0].state = KEY_COMPROMISED;
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_KEY);
}

/* A witness's time is what saves a checkpoint by a key that was compromised later. */
TEST(verify_receipt_with_a_witness)
{
	struct mirror *m = mirror(t, 3);
	struct receipt r = receipt_of(m, 1);
	struct note note;
	struct note_key witness = note_key_new(STR("w.example/1"), NOTE_COSIGNATURE,
		ed25519_public(t->arena, witness_seed));
	struct str vkey = note_key_format(t->arena, &witness);
	m->history.witnesses = &vkey;
	m->history.witness_count = 1;
	CHECK_OK(note_parse(t->arena, r.checkpoint, &note));
	r.checkpoint = arena_printf(t->arena, "%s%s", r.checkpoint.p,
		note_cosign(t->arena, &note, STR("w.example/1"), witness_seed, 1794329600).p);
	struct verify_report report = check(m, &r);
	CHECK(
		report.is_valid && report.is_witnessed && report.witnesses == 1 && report.cosigned_at == 1794329600);
	m->keys[0].state = KEY_COMPROMISED;
	m->keys[0].until.ms = INT64_C(1794329601) * 1000;
	report = check(m, &r);
	CHECK(report.is_valid);
	m->keys[0].until.ms = INT64_C(1794329600) * 1000;
	report = check(m, &r);
	CHECK_INT(failed(&report), VERIFY_KEY);
}

/* --- the log ---------------------------------------------------------------------------------------- */

static void add_piece(struct mirror *m, struct str path, struct str bytes)
{
	m->pieces[m->count++] = (struct piece){ path, arena_str(m->t->arena, bytes) };
}

static void publish(struct mirror *m)
{
	struct arena *a = m->t->arena;
	struct merkle_source source = { leaf_hashes, m };
	m->count = 0;
	add_piece(m, STR("checkpoint"), checkpoint_note(m));
	for (int level = TILE_ENTRIES; level < 2; level++) {
		int width;
		for (uint64_t index = 0; (width = tile_width(m->frontier.size, level, index)) > 0; index++) {
			struct sha256 hashes[TILE_WIDTH];
			struct buf bundle = buf_new(a, 64 * 1024);
			if (level >= 0) must(!source.read(m, a, level, index * TILE_WIDTH, (size_t)width, hashes));
			for (int i = 0; i < width; i++)
				if (level >= 0)
					buf_add(&bundle, sha256_str(&hashes[i]));
				else
					tile_add_entry(&bundle, sha256_str(&m->leaves[index * TILE_WIDTH + (uint64_t)i]));
			add_piece(m, tile_path(a, &(struct tile){ level, index, width }), buf_str(&bundle));
		}
	}
}

static struct err *read_piece(void *state, struct arena *a, struct str path, struct str *ret)
{
	const struct mirror *m = state;
	(void)a;
	*ret = STR_NONE;
	for (size_t i = 0; i < m->count; i++)
		if (str_eq(m->pieces[i].path, path)) *ret = m->pieces[i].bytes;
	return NULL;
}

static struct verify_report check_log(struct mirror *m, struct str old)
{
	struct verify_report report = { 0 };
	struct verify_log log = { read_piece, m };
	struct err *e = verify_log(m->t->arena, &log, &m->history, old, &report);
	if (e) test_fail(m->t, __FILE__, __LINE__, "%s", e->detail);
	return report;
}

TEST(verify_log_from_its_leaves)
{
	static const size_t sizes[] = { 1, 2, 255, 256, 257, 512, 600 };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct mirror *m = mirror(t, sizes[i]);
		publish(m);
		struct verify_report report = check_log(m, STR_NONE);
		if (!report.is_valid)
			test_fail(t, __FILE__, __LINE__, "size %zu: step %d", sizes[i], failed(&report));
		CHECK_INT(report.checkpoint.size, sizes[i]);
		/* Every piece matters: none may be missing, and not a byte of one may differ. */
		for (size_t piece = 0; piece < m->count; piece++) {
			struct str whole = m->pieces[piece].bytes;
			m->pieces[piece].bytes = STR_NONE;
			CHECK(!check_log(m, STR_NONE).is_valid);
			m->pieces[piece].bytes = arena_str(t->arena, whole);
			((char *)m->pieces[piece].bytes.p)[whole.n / 2] ^= 1;
			CHECK(!check_log(m, STR_NONE).is_valid);
			m->pieces[piece].bytes = whole;
		}
	}
}

TEST(verify_log_that_grew_and_one_that_was_rewritten)
{
	struct mirror *m = mirror(t, 300), *other = mirror(t, 300);
	struct str old = checkpoint_note(m);
	for (int i = 0; i < 100; i++)
		add_entry(m);
	publish(m);
	struct verify_report report = check_log(m, old);
	CHECK(report.is_valid && report.findings[report.count - 1].step == VERIFY_GROWTH);
	struct sha256 forged = sha256_of(STR("forged")), leaf = merkle_leaf(sha256_str(&forged));
	struct merkle_done done;
	merkle_append(&other->frontier, &leaf, &done);
	report = check_log(m, checkpoint_note(other)); /* signed by the same key, over another past */
	CHECK(!report.is_valid && failed(&report) == VERIFY_GROWTH);
	report = check_log(m, STR("no checkpoint"));
	CHECK_INT(failed(&report), VERIFY_GROWTH);
}
