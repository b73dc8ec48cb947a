/* From frozen to issued: once, with the bytes that the hash says, and with codes that are forgotten. */
#include "core/case/test_town.h"
#include "core/codes/code.h"
#include "core/document/issue.h"
#include "core/document/paper.h"
#include "core/document/queries.h"
#include "core/file/file.h"
#include "core/pdf/pades.h"

enum { BYTES_MAX = 8 * 1024 * 1024 };

static struct document_by_id_row document(struct test_town *tt, const char *kind)
{
	struct document_by_id_row row = { 0 };
	bool found = false;
	struct str sql = arena_printf(tt->arena, "SELECT id FROM document WHERE kind = '%s'", kind);
	struct err *e = document_by_id(tt->db, tt->arena,
		&(struct document_by_id_in){ .id = test_number(tt, arena_cz(tt->arena, sql)) }, &row, &found);
	if (e || !found) test_fail(tt->t, __FILE__, __LINE__, "no %s", kind);
	return row;
}

TEST(issue_seals_what_was_frozen)
{
	struct test_town tt;
	struct str bytes;
	struct pades_facts seal;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ 0 });
	CHECK(test_drain(&tt) >= 1);
	struct document_by_id_row receipt = document(&tt, "receipt");
	CHECK_STR(receipt.state, "issued");
	CHECK_OK(file_load_stored(tt.town, tt.db, t->arena, receipt.file_id, BYTES_MAX, &bytes));
	struct sha256 hash = sha256_of(bytes);
	CHECK(str_eq(sha256_str(&hash), receipt.sha256));
	const struct key *key = keyring_by_id(tt.town->keyring, receipt.seal_key_id);
	CHECK(key);
	CHECK_OK(pades_verify(t->arena, bytes, &(struct pades_trust){ .seals = key->public_key }, &seal));
	CHECK(seal.has_seal && seal.intact && seal.trusted);
	/* The bytes do not name the person's codes in clear; they stand in the drawn page. */
	CHECK(str_find(bytes, filed.key) < 0);
	CHECK(str_find(bytes, filed.status_code) < 0);
}

TEST(issue_happens_once)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ 0 });
	CHECK(test_approve(&tt, filed.case_id));
	CHECK(test_drain(&tt) >= 2);
	struct str before = test_text(&tt, "SELECT group_concat(hex(sha256)) FROM document");
	int64_t entries = test_number(&tt, "SELECT count(*) FROM registry_entry");
	CHECK_INT(entries, 2); /* what came in and the permit */
	/* As after a kill between the issuing commit and the end of the job. */
	CHECK(test_write(&tt, "UPDATE job SET state = 'running', attempts = 0 WHERE kind = 'document.issue'"));
	CHECK(test_town_reopen(&tt));
	CHECK(test_write(&tt, "UPDATE job SET state = 'waiting', run_at = 0 WHERE state = 'running'"));
	CHECK(test_drain(&tt) >= 2);
	CHECK_STR(test_text(&tt, "SELECT group_concat(hex(sha256)) FROM document"), arena_cz(t->arena, before));
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM registry_entry"), entries);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM event WHERE type = 'document.issued'"),
		1); /* a receipt is no news */
	CHECK(test_audit(&tt));
}

/* Until it can be printed it stays frozen; nothing half-made is ever seen. */
TEST(issue_waits_while_nothing_can_print)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	tt.options.press = NULL;
	CHECK(test_town_reopen(&tt));
	CHECK(test_file(&tt, &(struct test_filing){ 0 }).case_id);
	CHECK(test_drain(&tt) >= 1);
	CHECK_STR(document(&tt, "receipt").state, "frozen");
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM stored_file"), 0);
	CHECK_INT(test_number(&tt,
				  "SELECT count(*) FROM job WHERE kind = 'document.issue' AND state = 'waiting'"),
		1);
	tt.options.press = tt.press;
	CHECK(test_town_reopen(&tt));
	CHECK(test_town_forward(&tt, 1));
	CHECK(test_drain(&tt) >= 1);
	CHECK_STR(document(&tt, "receipt").state, "issued");
}

TEST(issue_forgets_the_codes_a_day_later)
{
	struct test_town tt;
	struct document_by_key_row found_row;
	struct document_secrets secrets;
	bool found;
	if (!test_town_open(t, &tt)) return;
	CHECK(test_file(&tt, &(struct test_filing){ 0 }).case_id);
	struct document_by_id_row receipt = document(&tt, "receipt");
	CHECK_OK(document_secrets_unwrap(t->arena, tt.town, receipt.secrets, receipt.wrapping_key_id, &secrets));
	CHECK_INT(secrets.document_key.n, CODE_KEY_CHARS);
	CHECK(test_drain(&tt) >= 1);
	CHECK(test_town_forward(&tt, 24 * 60 - 1));
	CHECK(test_drain(&tt) >= 0);
	CHECK(!str_is_none(document(&tt, "receipt").secrets));
	CHECK(test_town_forward(&tt, 1));
	CHECK(test_drain(&tt) >= 1);
	CHECK(str_is_none(document(&tt, "receipt").secrets));
	/* Whoever holds the paper can still ask. */
	const struct key *key;
	CHECK_OK(keyring_active(tt.town->keyring, t->arena, KEY_CODE_HASH, STR_NONE, &key));
	struct sha256 hash = code_hash(key->secret, CODE_KEY, secrets.document_key);
	CHECK_OK(document_by_key(tt.db, t->arena, &(struct document_by_key_in){ .key_hash = sha256_str(&hash) },
		&found_row, &found));
	CHECK(found && found_row.id == receipt.id);
}

TEST(issue_wraps_codes_that_are_missing_too)
{
	struct test_town tt;
	struct document_secrets in = { STR(""), STR(""), STR("7K4MQ2XP9B3D5F6G7H8J9KALMN") }, out;
	struct str wrapped, id, hash;
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(document_secrets_wrap(t->arena, tt.town, &in, &wrapped, &id, &hash));
	CHECK(str_find(wrapped, in.document_key) < 0);
	CHECK_OK(document_secrets_unwrap(t->arena, tt.town, wrapped, id, &out));
	CHECK_STR(out.document_key, "7K4MQ2XP9B3D5F6G7H8J9KALMN");
	CHECK(str_is_empty(out.status_code) && str_is_empty(out.case_key));
}

/* What was frozen reads back to the same bytes: the paper can be made again from it alone. */
TEST(paper_reads_back_what_it_wrote)
{
	struct test_town tt;
	struct receipt_view receipt;
	struct document_view permit;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ .with_files = true });
	CHECK(test_approve(&tt, filed.case_id));
	struct str content = document(&tt, "receipt").content;
	CHECK_OK(paper_read_receipt(t->arena, content, &receipt));
	CHECK_STR(paper_write_receipt(t->arena, &receipt), arena_cz(t->arena, content));
	CHECK_INT(receipt.file_count, 2);
	content = document(&tt, "permit").content;
	CHECK_OK(paper_read_document(t->arena, content, &permit));
	CHECK_STR(paper_write_document(t->arena, &permit), arena_cz(t->arena, content));
	CHECK(permit.section_count > 0);
}

/* The pack of León: 12 months. */
TEST(permit_is_valid_for_a_year)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	CHECK(test_approve(&tt, test_file(&tt, &(struct test_filing){ 0 }).case_id));
	CHECK_STR(date_iso(t->arena, document(&tt, "permit").valid_until), "2027-06-02");
	CHECK(date_is_none(document(&tt, "receipt").valid_until)); /* a receipt does not lapse */
}

/* What a citizen types stands on the paper as typed, and means nothing to the paper's own markup. */
TEST(permit_takes_names_as_they_are)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt,
		&(struct test_filing){ .given = "**Ana** <b>",
			.surnames = "## {{fee.total}} | [x](http://x)",
			.street = "C. _A_ & \\\\ # 1" });
	CHECK(filed.case_id);
	CHECK(test_approve(&tt, filed.case_id));
	struct str content = document(&tt, "permit").content;
	CHECK(str_find(content, STR("{{")) < 0 || str_find(content, STR("fee.total")) >= 0);
	CHECK(test_drain(&tt) >= 2);
	CHECK_STR(document(&tt, "permit").state, "issued");
	CHECK_STR(document(&tt, "receipt").state, "issued");
}
