#include "base/testing.h"
#include "core/keyring/test_folder.h"
#include "core/merkle/tile.h"
#include "core/registry/log_internal.h"
#include "core/registry/receipt.h"
#include "core/registry/registry.h"
#include "data/migrate.h"

/* A migrated town of its own, with its writer and a reader beside it. */
struct town_bench {
	struct test *t;
	struct writer *writer;
	struct db *db;
	const struct zone *zone;
	struct instant now;
};

static const struct str seed = STR("0123456789abcdef0123456789ABCDEF"),
						witness_seed = STR("a witness's seed, thirty-two by.");
static const struct registry_signer signer = { STR("leon.example/registro"), STR("0011223344556677"),
	STR("0123456789abcdef0123456789ABCDEF") };

static struct instant bench_clock(void *state) { return ((struct town_bench *)state)->now; }

static void bench_close(void *resource)
{
	struct town_bench *b = resource;
	writer_stop(b->writer);
	db_close(b->db);
}

static struct err *migrate(struct arena *a, struct str url, struct instant now)
{
	struct db *db;
	int applied;
	TRY(db_open(a, url, DB_WRITE, &db));
	struct err *e = migrate_apply(db, a, schema_migrations, now, &applied);
	db_close(db);
	return e;
}

static struct err *bench_open(struct test *t, struct town_bench **ret)
{
	struct town_bench *b = ARENA_NEW(t->arena, struct town_bench);
	struct zone *zone;
	b->t = t;
	b->now = (struct instant){ 1794329527000 }; /* 2026-11-10T16:52:07Z */
	struct str url = arena_printf(t->arena, "sqlite:%s/town.db", test_folder_new(t).p);
	arena_defer(t->arena, bench_close, b);
	TRY(zone_load(t->arena, STR("America/Mexico_City"), &zone));
	b->zone = zone;
	TRY(migrate(t->arena, url, b->now));
	TRY(writer_start(t->arena, &(struct writer_options){ .url = url, .clock = bench_clock, .clock_state = b },
		&b->writer));
	TRY(db_open(t->arena, url, DB_READ, &b->db));
	*ret = b;
	return NULL;
}

struct filing {
	struct town_bench *bench;
	enum registry_kind kind;
	struct str party;
	const struct number *number; /* taken before */
	bool fails;                  /* after everything was recorded */
	struct registry_entry entry;
};

static struct err *file(struct tx *tx, void *input)
{
	struct filing *f = input;
	struct sha256 content = sha256_of(STR("{\"frente\":\"8.50\"}"));
	struct entry_file plan = { STR("plano.pdf"), STR("application/pdf"), 52000, sha256_str(&content) };
	struct registry_facts facts = { .entry = { .origin = signer.origin,
										.kind = f->kind,
										.presented = INSTANT_NONE,
										.effect = DATE_NONE,
										.channel = STR("web"),
										.office = STR(""),
										.subject = STR("Alineamiento y número oficial"),
										.party = f->party,
										.party_id = STR("AAAA000101HGTXXX01"),
										.department = STR("desarrollo-urbano"),
										.procedure = STR("alineamiento@1"),
										.case_number = STR("AN-2026-000001"),
										.content_sha256 = sha256_str(&content),
										.files = &plan,
										.file_count = 1 },
		.zone = f->bench->zone,
		.department_id = 1,
		.compartment = STR("ordinary"),
		.number = f->number };
	TRY(registry_record(tx, &facts, &f->entry));
	return f->fails ? ERR(tx->arena, ERR_CONFLICT, NULL, "asked to fail") : NULL;
}

static struct err *file_one(struct town_bench *b, enum registry_kind kind, bool fails,
	struct registry_entry *ret)
{
	struct filing f = { .bench = b,
		.kind = kind,
		.party = STR("Ana Ñúñez \"la de la esquina\""),
		.fails = fails };
	TRY(writer_run(b->writer, b->t->arena, file, &f));
	*ret = f.entry;
	return NULL;
}

static struct err *sign_commit(struct tx *tx, void *input) { return registry_checkpoint(tx, &signer, input); }

static struct err *sign_log(struct town_bench *b, bool *ret_written)
{
	return writer_run(b->writer, b->t->arena, sign_commit, ret_written);
}

TEST(registry_numbers_have_no_gaps)
{
	struct town_bench *b;
	struct registry_entry e;
	CHECK_OK(bench_open(t, &b));
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_STR(e.number, "E-2026-000001");
	CHECK_ERR(file_one(b, REGISTRY_IN, true, &e), ERR_CONFLICT); /* takes number and leaf back with it */
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_STR(e.number, "E-2026-000002");
	CHECK_INT(e.leaf_index, 1);
	CHECK_OK(file_one(b, REGISTRY_OUT, false, &e));
	CHECK_STR(e.number, "S-2026-000001");
	b->now.ms = 1798783199000; /* 23:59:59 on 31 December in Mexico, already 2027 in UTC */
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_STR(e.number, "E-2026-000003");
	b->now.ms += 1000;
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_STR(e.number, "E-2027-000001");
	int64_t entries = 0;
	CHECK_OK(registry_audit(b->db, t->arena, &entries));
	CHECK_INT(entries, 5);
}

TEST(registry_entry_is_found_and_says_what_was_filed)
{
	struct town_bench *b;
	struct registry_entry e, found;
	struct entry parsed;
	bool is_found;
	CHECK_OK(bench_open(t, &b));
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_OK(registry_find_system(b->db, t->arena, STR("E-2026-000001"), &found, &is_found));
	CHECK(is_found && str_eq(found.canonical, e.canonical) && str_eq(found.salt, e.salt) &&
		found.at.ms == b->now.ms);
	CHECK_OK(entry_parse(t->arena, found.canonical, &parsed));
	CHECK_STR(parsed.party, "Ana Ñúñez \"la de la esquina\"");
	CHECK_STR(date_iso(t->arena, parsed.effect), "2026-11-10");
	CHECK(parsed.file_count == 1 && parsed.files[0].bytes == 52000);
	struct sha256 commitment = entry_commitment(found.salt, found.canonical);
	CHECK(str_eq(found.commitment, sha256_str(&commitment)));
	/* Nobody without a grant sees it. */
	CHECK_OK(registry_find(b->db, t->arena, STR("E-2026-000001"), (struct scope){ 7 }, &found, &is_found));
	CHECK(!is_found);
	CHECK_OK(registry_find_system(b->db, t->arena, STR("E-2026-000009"), &found, &is_found));
	CHECK(!is_found);
}

TEST(registry_receipt_waits_for_a_checkpoint)
{
	struct town_bench *b;
	struct registry_entry e;
	struct str text;
	bool found = true, written = false;
	CHECK_OK(bench_open(t, &b));
	CHECK_OK(sign_log(b, &written));
	CHECK(!written); /* an empty log has nothing to sign */
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_OK(registry_receipt(b->db, t->arena, &e, &text, &found));
	CHECK(!found);
	CHECK_OK(sign_log(b, &written));
	CHECK(written);
	CHECK_OK(sign_log(b, &written));
	CHECK(!written);
	CHECK_OK(registry_receipt(b->db, t->arena, &e, &text, &found));
	CHECK(found);
	struct receipt r;
	struct note note;
	struct checkpoint c;
	CHECK_OK(receipt_read(t->arena, text, &r));
	CHECK(str_eq(r.canonical, e.canonical) && str_eq(r.salt, e.salt) && r.leaf_index == 0);
	CHECK_OK(note_parse(t->arena, r.checkpoint, &note));
	CHECK_OK(checkpoint_parse(t->arena, note.text, &c));
	struct sha256 commitment = entry_commitment(r.salt, r.canonical),
				  leaf = merkle_leaf(sha256_str(&commitment));
	CHECK(merkle_verify_inclusion(r.leaf_index, c.size, &leaf, &r.proof, &c.root));
}

/* 600 entries: the first tiles fill, and every entry can be proved from what is stored. */
TEST(registry_log_is_served_as_tiles)
{
	struct town_bench *b;
	struct registry_entry e;
	struct registry_log_answer answer;
	bool found, written;
	CHECK_OK(bench_open(t, &b));
	for (int i = 0; i < 600; i++)
		CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_OK(registry_log_read(b->db, t->arena, STR("tile/0/000"), &answer, &found));
	CHECK(!found); /* no checkpoint covers it */
	CHECK_OK(sign_log(b, &written));
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_OK(registry_log_read(b->db, t->arena, STR("checkpoint"), &answer, &found));
	CHECK(
		found && !answer.is_immutable && str_starts_with(answer.bytes, STR("leon.example/registro\n600\n")));
	static const struct {
		const char *path;
		size_t bytes;
	} tiles[] = { { "tile/0/000", 8192 }, { "tile/0/001", 8192 }, { "tile/0/002.p/88", 88 * 32 },
		{ "tile/1/000.p/2", 64 }, { "tile/0/002.p/7", 7 * 32 }, { "tile/entries/002.p/88", 88 * 34 },
		{ "tile/entries/000", 256 * 34 } };
	for (size_t i = 0; i < sizeof tiles / sizeof tiles[0]; i++) {
		CHECK_OK(registry_log_read(b->db, t->arena, str_of(tiles[i].path), &answer, &found));
		if (!found) test_fail(t, __FILE__, __LINE__, "%s is not there", tiles[i].path);
		CHECK(answer.is_immutable);
		CHECK_INT(answer.bytes.n, tiles[i].bytes);
	}
	static const char *const absent[] = { "tile/0/002.p/89", "tile/0/002", "tile/0/003.p/1", "tile/1/000",
		"tile/2/000.p/1", "", "entries", "tile/9/000" };
	for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
		CHECK_OK(registry_log_read(b->db, t->arena, str_of(absent[i]), &answer, &found));
		CHECK(!found);
	}
	struct merkle_proof proof;
	struct registry_checkpoint old;
	CHECK_OK(registry_last_checkpoint(b->db, t->arena, &old, &found));
	CHECK_OK(sign_log(b, &written));
	struct registry_checkpoint last;
	CHECK_OK(registry_last_checkpoint(b->db, t->arena, &last, &found));
	struct sha256 old_root, root;
	CHECK(sha256_from(old.root, &old_root) && sha256_from(last.root, &root) && last.size == 601);
	CHECK_OK(registry_consistency(b->db, t->arena, old.size, last.size, &proof));
	CHECK(merkle_verify_consistency(600, 601, &old_root, &root, &proof));
	int64_t entries;
	CHECK_OK(registry_audit(b->db, t->arena, &entries));
	CHECK_INT(entries, 601);
}

struct cosigning {
	struct str line;
	struct note_key witness;
};

static struct err *cosign(struct tx *tx, void *input)
{
	struct cosigning *c = input;
	return registry_cosign(tx, 1, c->line, &c->witness);
}

TEST(registry_takes_cosignatures_that_hold)
{
	struct town_bench *b;
	struct registry_entry e;
	struct registry_checkpoint c;
	struct note note;
	bool found, written;
	struct cosigning in = { .witness = note_key_new(STR("w.example/1"), NOTE_COSIGNATURE,
								ed25519_public(t->arena, witness_seed)) };
	CHECK_OK(bench_open(t, &b));
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_OK(sign_log(b, &written));
	CHECK_OK(registry_last_checkpoint(b->db, t->arena, &c, &found));
	CHECK_OK(note_parse(t->arena, c.note, &note));
	in.line = note_cosign(t->arena, &note, STR("w.example/1"), seed, 1794329600); /* not the witness's key */
	CHECK_ERR(writer_run(b->writer, t->arena, cosign, &in), ERR_INVALID);
	in.line = note_cosign(t->arena, &note, STR("w.example/1"), witness_seed, 1794329600);
	CHECK_OK(writer_run(b->writer, t->arena, cosign, &in));
	CHECK_OK(writer_run(b->writer, t->arena, cosign, &in)); /* again: nothing */
	CHECK_OK(registry_last_checkpoint(b->db, t->arena, &c, &found));
	CHECK_INT(c.witnesses, 1);
	struct note_outcome o;
	CHECK_OK(note_parse(t->arena, c.note, &note));
	CHECK_OK(note_verify(t->arena, &note, &in.witness, 1, &o));
	CHECK(note.count == 2 && o.cosignatures == 1 && o.cosigned_at == 1794329600);
}

static struct err *tamper(struct tx *tx, void *input)
{
	static const struct query damage[] = {
		{ .name = "damage",
			.sqlite = "UPDATE registry_entry SET canonical = CAST('{}' AS BLOB) WHERE leaf_index = 1",
			.index = 4000,
			.writes = true },
		{ .name = "damage",
			.sqlite = "UPDATE log_leaf SET commitment = zeroblob(32) WHERE leaf_index = 1",
			.index = 4001,
			.writes = true },
		{ .name = "damage",
			.sqlite = "UPDATE log_hash SET hash = zeroblob(32) WHERE position = 1",
			.index = 4002,
			.writes = true },
		{ .name = "damage",
			.sqlite = "DELETE FROM registry_entry WHERE leaf_index = 1",
			.index = 4003,
			.writes = true },
		{ .name = "damage",
			.sqlite = "UPDATE log_frontier SET size = size + 1",
			.index = 4004,
			.writes = true },
		{ .name = "damage",
			.sqlite = "UPDATE log_checkpoint SET root = zeroblob(32)",
			.index = 4005,
			.writes = true },
		{ .name = "damage",
			.sqlite = "UPDATE registry_series SET last_number = 9",
			.index = 4006,
			.writes = true },
	};
	struct stmt *s;
	bool row;
	TRY(db_statement(tx->db, tx->arena, &damage[*(int *)input], &s));
	struct err *e = stmt_step(s, tx->arena, &row);
	stmt_done(s);
	return e;
}

TEST(registry_audit_finds_each_kind_of_damage)
{
	for (int kind = 0; kind < 7; kind++) {
		struct town_bench *b;
		struct registry_entry e;
		int64_t entries;
		bool written;
		CHECK_OK(bench_open(t, &b));
		for (int i = 0; i < 3; i++)
			CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
		CHECK_OK(sign_log(b, &written));
		CHECK_OK(registry_audit(b->db, t->arena, &entries));
		CHECK_OK(writer_run(b->writer, t->arena, tamper, &kind));
		struct err *found = registry_audit(b->db, t->arena, &entries);
		if (!found) test_fail(t, __FILE__, __LINE__, "damage %d was not noticed", kind);
	}
}

/* As if a writer had trusted the machine's clock, which can be set back. */
static struct err *file_in_the_past(struct tx *tx, void *input)
{
	struct tx past = *tx;
	past.now.ms -= 1;
	return file(&past, input);
}

TEST(registry_audit_finds_an_entry_out_of_order)
{
	struct town_bench *b;
	struct registry_entry e;
	int64_t entries;
	CHECK_OK(bench_open(t, &b));
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	struct filing late = { .bench = b, .kind = REGISTRY_IN, .party = STR("Ana Ñúñez") };
	CHECK_OK(writer_run(b->writer, t->arena, file_in_the_past, &late));
	CHECK_ERR(registry_audit(b->db, t->arena, &entries), ERR_CONFLICT);
}

/* A case is written before the entry that it begins with, and names it. */
static struct err *file_under(struct tx *tx, void *input)
{
	struct filing *f = input;
	struct number number;
	TRY(registry_number(tx, f->bench->zone, STR(SERIES_IN), &number));
	f->number = &number;
	TRY(file(tx, f));
	return str_eq(f->entry.number, number_format(tx->arena, &number))
		? NULL
		: ERR(tx->arena, ERR_INTERNAL, NULL, "recorded as %.*s", STR_FMT(f->entry.number));
}

TEST(registry_records_under_a_number_taken_before_and_leaves_no_gap)
{
	struct town_bench *b;
	struct registry_entry e;
	int64_t entries;
	CHECK_OK(bench_open(t, &b));
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	struct filing under = { .bench = b, .kind = REGISTRY_IN, .party = STR("Ana Ñúñez") };
	CHECK_OK(writer_run(b->writer, t->arena, file_under, &under));
	CHECK_OK(file_one(b, REGISTRY_IN, false, &e));
	CHECK_OK(registry_audit(b->db, t->arena, &entries));
	CHECK_INT(entries, 3);
}
