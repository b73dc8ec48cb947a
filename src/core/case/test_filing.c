/* Filing: number, entry, party, words, clock, receipt, all in one commit or none. */
#include "core/case/case_clock.h"
#include "core/case/test_town.h"
#include "core/codes/code.h"
#include "core/crypto/crypto.h"
#include "core/document/queries.h"
#include "core/job/queries.h"
#include "core/party/queries.h"

static struct str hash_of(struct test_town *tt, enum code_kind kind, struct str code)
{
	const struct key *key = NULL;
	struct err *e = keyring_active(tt->town->keyring, tt->arena, KEY_CODE_HASH, STR_NONE, &key);
	must(!e);
	struct sha256 hash = code_hash(key->secret, kind, code);
	return arena_str(tt->arena, sha256_str(&hash));
}

TEST(filing_gives_numbers_without_gaps)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	for (int i = 1; i <= 3; i++) {
		struct filed filed = test_file(&tt, &(struct test_filing){ 0 });
		CHECK_STR(filed.number, arena_cz(t->arena, arena_printf(t->arena, "AN-2026-%06d", i)));
		CHECK_STR(filed.registry_number, arena_cz(t->arena, arena_printf(t->arena, "E-2026-%06d", i)));
		CHECK_INT(filed.at.ms, town_now(tt.town).ms);
	}
	CHECK(test_audit(&tt));
}

/* A commit that fails takes its numbers back: the next one gets them. */
TEST(filing_that_fails_leaves_nothing)
{
	struct test_town tt;
	struct answers *answers = NULL;
	struct filed filed;
	if (!test_town_open(t, &tt)) return;
	int64_t draft = test_draft(&tt, &(struct test_filing){ 0 }, &answers);
	CHECK(draft);
	CHECK_OK(test_file_draft(&tt, draft, answers, &filed));
	CHECK_ERR(test_file_draft(&tt, draft, answers, &filed), ERR_CONFLICT);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM cases"), 1);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM document"), 1);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM event"), 1);
	struct filed next = test_file(&tt, &(struct test_filing){ 0 });
	CHECK_STR(next.number, "AN-2026-000002");
	CHECK_STR(next.registry_number, "E-2026-000002");
	CHECK(test_audit(&tt));
}

TEST(filing_one_draft_twice_is_one_case)
{
	struct test_town tt;
	struct answers *answers = NULL;
	struct filed filed, again;
	if (!test_town_open(t, &tt)) return;
	int64_t draft = test_draft(&tt, &(struct test_filing){ 0 }, &answers);
	CHECK_OK(test_file_draft(&tt, draft, answers, &filed));
	struct err *e = test_file_draft(&tt, draft, answers, &again);
	CHECK(e && e->key);
	CHECK_STR(str_of(e->key), "filing.twice");
	CHECK_INT(test_number(&tt, "SELECT filed_case_id FROM draft"), filed.case_id);
	CHECK_STR(test_text(&tt, "SELECT answers FROM draft"), "{}"); /* not kept twice */
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM attachment WHERE case_id IS NOT NULL"), 2);
}

TEST(filing_knows_a_person_by_number_and_name)
{
	struct test_town tt;
	struct test_filing ana = { .given = "Ana", .surnames = "García Peña", .curp = "BOXW310820HNERXN09" };
	struct test_filing again = { .given = "ANA",
		.surnames = "Garcia Pena",
		.curp = "boxw310820hnerxn09",
		.mail = "ana@correo.example" };
	struct test_filing other = { .given = "Berta", .surnames = "Otra", .curp = "BOXW310820HNERXN09" };
	if (!test_town_open(t, &tt)) return;
	int64_t first = test_file(&tt, &ana).case_id, second = test_file(&tt, &again).case_id;
	int64_t third = test_file(&tt, &other).case_id, fourth = test_file(&tt, &ana).case_id;
	int64_t party = test_record(&tt, first).row.applicant_id;
	CHECK_INT(test_record(&tt, second).row.applicant_id, party);
	CHECK(test_record(&tt, third).row.applicant_id !=
		party); /* one number, two names: two people, until a clerk says otherwise */
	CHECK_INT(test_record(&tt, fourth).row.applicant_id, party); /* … and the first is still known */
	struct party_by_id_row row;
	bool found;
	CHECK_OK(party_by_id(tt.db, t->arena, &(struct party_by_id_in){ .id = party }, &row, &found));
	CHECK_STR(row.display_name, "Ana García Peña");
	CHECK_STR(row.mail, "ana@correo.example"); /* given once, and not taken away by a filing without */
}

TEST(filing_without_identity_number_is_a_person_each)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t first = test_file(&tt, &(struct test_filing){ 0 }).case_id,
			second = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	CHECK(test_record(&tt, first).row.applicant_id != test_record(&tt, second).row.applicant_id);
}

TEST(filing_codes_are_stored_hashed_and_open_the_case)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ 0 });
	CHECK_INT(filed.status_code.n, CODE_STATUS_CHARS);
	CHECK_INT(filed.key.n, CODE_KEY_CHARS);
	struct case_id_by_status_code_row by_code;
	struct case_id_by_key_row by_key;
	bool found;
	CHECK_OK(case_id_by_status_code(tt.db, t->arena,
		&(struct case_id_by_status_code_in){
			.status_code_hash = hash_of(&tt, CODE_STATUS, filed.status_code) },
		&by_code, &found));
	CHECK(found && by_code.id == filed.case_id);
	CHECK_OK(case_id_by_key(tt.db, t->arena,
		&(struct case_id_by_key_in){ .key_hash = hash_of(&tt, CODE_KEY, filed.key) }, &by_key, &found));
	CHECK(found && by_key.id == filed.case_id);
	/* One code is not the other, and the case's key is no document's. */
	CHECK_OK(case_id_by_key(tt.db, t->arena,
		&(struct case_id_by_key_in){ .key_hash = hash_of(&tt, CODE_STATUS, filed.status_code) }, &by_key,
		&found));
	CHECK(!found);
	struct document_by_key_row document;
	CHECK_OK(document_by_key(tt.db, t->arena,
		&(struct document_by_key_in){ .key_hash = hash_of(&tt, CODE_KEY, filed.key) }, &document, &found));
	CHECK(!found);
}

/* What the pack of León says: 15 working days (its own test has the same dates). */
TEST(filing_starts_the_clock)
{
	struct test_town tt;
	struct deadline deadline;
	bool has;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ 0 });
	CHECK_STR(date_iso(t->arena, filed.effect), "2026-06-02");
	CHECK_STR(date_iso(t->arena, filed.due), "2026-06-23");
	struct case_record c = test_record(&tt, filed.case_id);
	CHECK_STR(c.row.queue_key, "2026-06-23");
	CHECK_STR(c.row.stage, "review");
	CHECK_STR(c.row.waits_for, "town");
	CHECK_OK(case_deadline(&c, tt.db, t->arena, town_now(tt.town), &deadline, &has));
	CHECK(has && deadline.state == DEADLINE_RUNNING);
	CHECK_INT(deadline.left, 15);
}

/* In Guanajuato a filing stands on its day, also on a closed one, and the first day that counts is the next working
 * day (regime mx-guanajuato). */
TEST(filing_on_a_saturday_stands_and_counts_from_monday)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	CHECK(test_town_forward(&tt, 4 * 24 * 60)); /* Saturday 6 June */
	struct filed filed = test_file(&tt, &(struct test_filing){ 0 });
	CHECK_STR(date_iso(t->arena, filed.effect), "2026-06-06");
	CHECK_STR(date_iso(t->arena, filed.due), "2026-06-26");
}

TEST(filing_assesses_the_fee)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	CHECK_INT(test_record(&tt, test_file(&tt, &(struct test_filing){ 0 }).case_id).row.fee.cents, 41200);
	/* 12.4 m: 265 + 26.50 × 2.4 + 147 */
	CHECK_INT(test_record(&tt, test_file(&tt, &(struct test_filing){ .front = "12.4" }).case_id)
				  .row.fee.cents,
		47560);
}

TEST(filing_freezes_its_receipt_and_asks_for_its_jobs)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ .with_files = true });
	CHECK(filed.receipt_id);
	CHECK_STR(test_text(&tt, "SELECT state FROM document"), "frozen");
	CHECK_STR(test_text(&tt, "SELECT registry_number FROM document"), "E-2026-000001");
	CHECK_INT(test_number(&tt,
				  "SELECT count(*) FROM job WHERE kind = 'document.issue' AND state = 'waiting'"),
		1);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM job WHERE kind = 'file.scan' AND state = 'waiting'"), 2);
	struct str content = test_text(&tt, "SELECT content FROM document");
	CHECK(str_find(content, STR("AN-2026-000001")) >= 0);
	CHECK(str_find(content, STR("contrato.pdf")) >= 0);
	CHECK(str_find(content, filed.key) < 0); /* the secrets are wrapped, beside it */
	CHECK(str_find(content, filed.status_code) < 0);
	/* No job's row names a person. */
	CHECK_INT(
		test_number(&tt,
			"SELECT count(*) FROM job WHERE input LIKE '%Solicitante%' OR unique_key LIKE '%Solicitante%'"),
		0);
}

/* Killed between the filing's commit and the receipt's job: the receipt is there after the next start. */
TEST(filing_outlives_a_kill_before_its_receipt)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ .with_files = true });
	CHECK(test_town_reopen(&tt));
	CHECK_STR(test_record(&tt, filed.case_id).row.number, arena_cz(t->arena, filed.number));
	CHECK(test_drain(&tt) >= 3);
	CHECK_STR(test_text(&tt, "SELECT state FROM document"), "issued");
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM job WHERE state NOT IN ('done', 'waiting')"), 0);
	CHECK(test_audit(&tt));
	/* Its bytes are made once: another round finds nothing to do. */
	struct str sha256 = test_text(&tt, "SELECT hex(sha256) FROM document");
	CHECK_INT(test_drain(&tt), 0);
	CHECK_STR(test_text(&tt, "SELECT hex(sha256) FROM document"), arena_cz(t->arena, sha256));
}

TEST(filing_records_one_event_without_personal_data)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = test_file(&tt, &(struct test_filing){ 0 });
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM event WHERE type = 'case.filed'"), 1);
	CHECK_INT(test_number(&tt, "SELECT case_id FROM event"), filed.case_id);
	CHECK_STR(test_text(&tt, "SELECT actor_kind || '/' || channel FROM event"), "citizen/web");
}

/* Nothing to be done about a form that asks nobody's name, but it must not become a case. */
TEST(filing_refuses_an_applicant_without_name)
{
	struct test_town tt;
	struct filed filed;
	if (!test_town_open(t, &tt)) return;
	const struct pack *pack = town_pack(tt.town);
	struct answers *answers = answers_new(t->arena, pack,
		pack_procedure(pack, STR("alineamiento-y-numero-oficial")),
		zone_date(tt.town->zone, town_now(tt.town)));
	CHECK_ERR(test_file_draft(&tt, 0, answers, &filed), ERR_INVALID);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM cases"), 0);
}
