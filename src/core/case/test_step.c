/* The steps of a case: each on the revision that was seen, each with its conflicts. */
#include "core/case/case_clock.h"
#include "core/case/test_town.h"
#include "core/document/queries.h"
#include "core/permission.h"
#include "core/registry/registry.h"

static bool is_conflict(struct err *e, const char *key)
{
	return e && e->code == ERR_CONFLICT && e->key && str_eq(str_of(e->key), str_of(key));
}

static struct str state_of(struct test_town *tt, int64_t id) { return test_record(tt, id).row.state; }

static struct str stage_of(struct test_town *tt, int64_t id) { return test_record(tt, id).row.stage; }

TEST(step_take_begins_the_review)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step take = test_step_now(&tt, id, tt.clerk);
	CHECK(test_do(&tt, test_take, &take));
	struct case_record c = test_record(&tt, id);
	CHECK_STR(c.row.state, "in_review");
	CHECK(c.row.has_assignee_id && c.row.assignee_id == tt.clerk);
	CHECK(c.row.revision > take.step.revision);
	/* Given back, it stays in review and is nobody's. */
	struct test_step back = test_step_now(&tt, id, tt.clerk);
	back.assignee = 0;
	CHECK(test_do(&tt, test_take, &back));
	CHECK(!test_record(&tt, id).row.has_assignee_id);
	CHECK_STR(state_of(&tt, id), "in_review");
}

/* Two clerks open the same case; both press the button. */
TEST(step_two_clerks_never_overwrite_each_other)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step first = test_step_now(&tt, id, tt.clerk), second = test_step_now(&tt, id, tt.officer);
	CHECK(test_do(&tt, test_take, &first));
	CHECK(is_conflict(test_run(&tt, test_take, &second), "case.changed"));
	CHECK_INT(test_record(&tt, id).row.assignee_id, tt.clerk);
}

/* Every step that names a revision refuses an old one, and changes nothing. */
TEST(step_on_an_old_revision_is_a_conflict)
{
	static test_step_fn *const steps[] = { test_take, test_ask, test_answer, test_decide, test_return,
		test_sign, test_pay, test_withdraw, test_revoke };
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct case_item item = { STR("frente"), STR("no coincide") };
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct test_step s = test_step_now(&tt, id, tt.clerk);
		s.step.revision += 5;
		s.items = (struct case_items){ &item, 1 };
		s.text = STR("razones");
		s.outcome = OUTCOME_REFUSED;
		s.folio = STR("F-1");
		s.answers = test_record(&tt, id).answers;
		struct err *e = test_run(&tt, steps[i], &s);
		if (!is_conflict(e, "case.changed"))
			test_fail(t, __FILE__, __LINE__, "step %zu: %s", i, e ? e->detail : "no error");
	}
	CHECK_INT(test_record(&tt, id).row.revision, 1);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM event"), 1);
}

/* The definition says which permission a transition asks for; what the route asked before is not enough. */
TEST(step_asks_for_the_permission_of_the_definition)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step decide = test_step_now(&tt, id, tt.clerk);
	decide.outcome = OUTCOME_REFUSED;
	decide.text = STR("razones");
	decide.answers = test_record(&tt, id).answers;
	decide.step.by.permissions = role_permissions(STR("counter"));
	CHECK_ERR(test_run(&tt, test_decide, &decide), ERR_FORBIDDEN);
	struct test_step take = test_step_now(&tt, id, tt.clerk);
	take.step.by.permissions = role_permissions(STR("cashier"));
	CHECK_ERR(test_run(&tt, test_take, &take), ERR_FORBIDDEN);
	CHECK_STR(state_of(&tt, id), "received");
	decide.step.by.permissions = role_permissions(STR("clerk"));
	CHECK(test_do(&tt, test_decide, &decide));
}

TEST(permission_names_in_definitions)
{
	enum permission p = PERM_UNSET;
	CHECK(permission_of_rule(STR("case.decide"), &p) && p == PERM_CASE_DECIDE);
	CHECK(permission_of_rule(STR("counter.file"), &p) && p == PERM_COUNTER_FILE);
	CHECK(!permission_of_rule(STR("case"), &p) && !permission_of_rule(STR("case.decide."), &p));
	CHECK(!permission_of_rule(STR(""), &p) && !permission_of_rule(STR("CASE.DECIDE"), &p));
	CHECK(!permission_of_rule(STR("public"), &p) && !permission_of_rule(STR("unset"), &p));
}

/* --- corrections ---------------------------------------------------------------------------------------------------- */

static bool ask_for(struct test_town *tt, int64_t id, const char *field)
{
	struct case_item item = { str_of(field), STR("No se lee la dirección.") };
	struct test_step s = test_step_now(tt, id, tt->clerk);
	s.text = STR("Para continuar necesitamos otra copia.");
	s.items = (struct case_items){ &item, 1 };
	return test_do(tt, test_ask, &s);
}

TEST(step_correction_pauses_and_resumes_the_clock)
{
	struct test_town tt;
	struct deadline d;
	bool has;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ .with_files = true }).case_id;
	CHECK(test_town_forward(&tt, 2 * 24 * 60)); /* Thursday: two days used */
	CHECK(ask_for(&tt, id, "identificacion"));
	struct case_record c = test_record(&tt, id);
	CHECK_STR(c.row.state, "correction_requested");
	CHECK_STR(c.row.stage, "wait");
	CHECK_STR(c.row.waits_for, "citizen");
	CHECK(str_starts_with(c.row.queue_key, STR("9998-")));
	CHECK_STR(test_text(&tt, "SELECT due_on FROM case_correction"), "2026-06-18"); /* 10 working days */
	CHECK_STR(test_text(&tt, "SELECT state FROM attachment WHERE field = 'identificacion'"), "refused");
	CHECK_STR(test_text(&tt, "SELECT state FROM attachment WHERE field = 'documento_predio'"), "given");
	CHECK(test_town_forward(&tt, 7 * 24 * 60));
	c = test_record(&tt, id);
	CHECK_OK(case_deadline(&c, tt.db, t->arena, town_now(tt.town), &d, &has));
	CHECK(has && d.state == DEADLINE_PAUSED);
	struct test_step answer = test_step_now(&tt, id, 0);
	answer.answers = c.answers;
	CHECK(test_do(&tt, test_answer, &answer));
	c = test_record(&tt, id);
	CHECK_STR(c.row.state, "in_review");
	CHECK_STR(c.row.stage, "review");
	CHECK_OK(case_deadline(&c, tt.db, t->arena, town_now(tt.town), &d, &has));
	CHECK(has && d.state == DEADLINE_RUNNING);
	CHECK(d.due.days > test_record(&tt, id).row.filed_at.ms / 86400000 + 21); /* a week later than it was */
	CHECK_STR(c.row.queue_key, arena_cz(t->arena, date_iso(t->arena, d.due)));
	CHECK_INT(test_number(&tt, "SELECT answered_at IS NOT NULL FROM case_correction"), 1);
	/* A second answer to the same correction: it is answered. */
	struct test_step again = test_step_now(&tt, id, 0);
	again.answers = c.answers;
	CHECK(is_conflict(test_run(&tt, test_answer, &again), "case.not-now"));
	CHECK(test_audit(&tt));
}

struct giving {
	struct test_town *tt;
	int64_t case_id, id;
	struct case_upload upload;
};

static struct err *attach_commit(struct tx *tx, void *input)
{
	struct giving *g = input;
	return case_attach(tx, g->tt->town, g->case_id, &g->upload, &g->id);
}

static struct err *detach_commit(struct tx *tx, void *input)
{
	struct giving *g = input;
	return case_detach(tx, g->case_id, g->id);
}

static bool attach(struct giving *g, const char *field, const char *bytes)
{
	g->upload = (struct case_upload){ .field = str_of(field), .file_name = STR("otra.pdf"), .media = 1 };
	struct err *e = file_store(g->tt->town->files, g->tt->arena, str_of(bytes), &g->upload.facts);
	e = e ? e : writer_run(g->tt->town->writer, g->tt->arena, attach_commit, g);
	if (e) test_fail(g->tt->t, __FILE__, __LINE__, "%s", e->detail);
	return !e;
}

TEST(step_offered_files_count_when_the_correction_is_sent)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ .with_files = true }).case_id;
	struct giving kept = { .tt = &tt, .case_id = id }, removed = kept;
	CHECK(ask_for(&tt, id, "identificacion"));
	CHECK(attach(&kept, "identificacion", "%PDF-1.7 buena") &&
		attach(&removed, "identificacion", "%PDF-1.7 mala"));
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM attachment WHERE state = 'offered'"), 2);
	CHECK_OK(writer_run(tt.town->writer, t->arena, detach_commit, &removed));
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM stored_file"),
		3); /* its row went along: the bytes are an orphan */
	struct giving foreign = { .tt = &tt, .case_id = id + 1, .id = kept.id };
	CHECK_OK(writer_run(tt.town->writer, t->arena, detach_commit, &foreign)); /* another case's: nothing */
	struct test_step answer = test_step_now(&tt, id, 0);
	answer.answers = test_record(&tt, id).answers;
	CHECK(test_do(&tt, test_answer, &answer));
	CHECK_INT(test_number(&tt,
				  "SELECT count(*) FROM attachment WHERE field = 'identificacion' AND state = 'given'"),
		1);
	CHECK_INT(test_number(&tt,
				  "SELECT count(*) FROM attachment WHERE field = 'identificacion' AND state = 'replaced'"),
		1);
	/* What is given cannot be taken back. */
	CHECK_OK(writer_run(tt.town->writer, t->arena, detach_commit, &kept));
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM attachment WHERE state = 'given'"), 2);
}

TEST(step_a_correction_of_nothing_is_refused)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step s = test_step_now(&tt, id, tt.clerk);
	s.text = STR("porque sí");
	CHECK_ERR(test_run(&tt, test_ask, &s), ERR_INVALID);
	CHECK_STR(state_of(&tt, id), "received");
}

/* The registry says what came in and when; the version that it names by its digest is kept for every entry. */
TEST(step_every_version_that_was_presented_can_be_proved)
{
	struct test_town tt;
	struct case_presented_all_rows rows;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ .with_files = true }).case_id;
	struct giving giving = { .tt = &tt, .case_id = id };
	for (int round = 0; round < 2; round++) {
		CHECK(ask_for(&tt, id, "identificacion") && attach(&giving, "identificacion", "%PDF-1.7 otra"));
		struct test_step answer = test_step_now(&tt, id, 0);
		struct answers *answers = test_record(&tt, id).answers;
		struct answer_input front = { STR("frente"), round ? STR("10") : STR("9") };
		answers_read_field(answers, procedure_field(answers->procedure, STR("frente")), -1,
			(struct answer_inputs){ &front, 1 });
		answer.answers = answers;
		CHECK(test_do(&tt, test_answer, &answer));
	}
	CHECK_OK(case_presented_all(tt.db, t->arena, &(struct case_presented_all_in){ .case_id = id }, &rows));
	CHECK_INT(rows.count, 3);
	for (size_t i = 0; i < rows.count; i++) {
		struct registry_entry stored;
		struct entry entry;
		bool found;
		CHECK_OK(registry_find_system(tt.db, t->arena, rows.items[i].registry_number, &stored, &found));
		CHECK(found);
		CHECK_OK(entry_parse(t->arena, stored.canonical, &entry));
		struct sha256 hash = sha256_of(rows.items[i].answers);
		CHECK(str_eq(entry.content_sha256, sha256_str(&hash)));
		CHECK_STR(entry.case_number, "AN-2026-000001");
		CHECK_INT(entry.file_count, i ? 1 : 2);
	}
	CHECK_STR(rows.items[0].registry_number, "E-2026-000001");
	CHECK(!str_eq(rows.items[0].answers, rows.items[1].answers) &&
		!str_eq(rows.items[1].answers, rows.items[2].answers));
	CHECK_STR(rows.items[2].answers, arena_cz(t->arena, test_record(&tt, id).row.answers));
	CHECK(test_audit(&tt));
}

/* --- decision, signature, document ------------------------------------------------------------------------------------ */

TEST(step_from_approval_to_delivery)
{
	struct test_town tt;
	struct deadline d;
	bool has;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	CHECK(test_approve(&tt, id));
	struct case_record c = test_record(&tt, id);
	CHECK_STR(c.row.state, "approved");
	CHECK_STR(c.row.stage, "pay");
	CHECK_INT(c.row.fee.cents, 46500); /* measured: 12 m, not 8.5 */
	CHECK_OK(case_deadline(&c, tt.db, t->arena, town_now(tt.town), &d, &has));
	CHECK(has && d.state == DEADLINE_DONE);
	CHECK(str_starts_with(c.row.queue_key, STR("9997-")));
	CHECK_STR(test_text(&tt, "SELECT state FROM document WHERE kind = 'permit'"), "frozen");
	struct str content = test_text(&tt, "SELECT content FROM document WHERE kind = 'permit'");
	CHECK(str_find(content, STR("Calle de Ejemplo")) >= 0 && str_find(content, STR("Persona omar")) >= 0);

	CHECK(test_drain(&tt) >= 2);
	CHECK_STR(test_text(&tt, "SELECT state FROM document WHERE kind = 'permit'"), "issued");
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM registry_entry WHERE series = 'S'"), 1);

	struct test_step deliver = test_step_now(&tt, id, 0);
	CHECK(is_conflict(test_run(&tt, test_deliver, &deliver), "case.unpaid"));
	struct test_step pay = test_step_now(&tt, id, tt.cashier);
	pay.folio = STR("C-000123");
	CHECK(test_do(&tt, test_pay, &pay));
	CHECK_STR(stage_of(&tt, id), "deliver");
	deliver = test_step_now(&tt, id, 0);
	CHECK(test_do(&tt, test_deliver, &deliver));
	CHECK_STR(state_of(&tt, id), "delivered");
	CHECK_STR(stage_of(&tt, id), "done");
	CHECK(!test_record(&tt, id).row.is_open);
	int64_t revision = test_record(&tt, id).row.revision;
	CHECK(test_do(&tt, test_deliver, &deliver)); /* opened again: nothing happens */
	CHECK_INT(test_record(&tt, id).row.revision, revision);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM event WHERE type = 'case.delivered'"), 1);
	CHECK(test_audit(&tt));
}

/* Nothing is handed over before it exists. */
TEST(step_delivers_no_document_that_is_still_being_printed)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	CHECK(test_approve(&tt, id));
	struct test_step pay = test_step_now(&tt, id, tt.cashier);
	pay.folio = STR("C-1");
	CHECK(test_do(&tt, test_pay, &pay));
	struct test_step deliver = test_step_now(&tt, id, tt.clerk);
	CHECK(is_conflict(test_run(&tt, test_deliver, &deliver), "case.printing"));
	CHECK_STR(state_of(&tt, id), "approved");
	CHECK(test_drain(&tt) >= 2);
	CHECK(test_do(&tt, test_deliver, &deliver));
}

TEST(step_payment_is_exact_once_and_its_folio_used_once)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id,
			other = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step early = test_step_now(&tt, id, tt.cashier);
	early.folio = STR("C-1");
	CHECK(
		is_conflict(test_run(&tt, test_pay, &early), "case.paid")); /* nothing is owed before the decision */
	CHECK(test_approve(&tt, id) && test_approve(&tt, other));
	struct test_step pay = test_step_now(&tt, id, tt.cashier);
	pay.folio = STR("C-1");
	pay.amount.cents -= 1;
	CHECK_ERR(test_run(&tt, test_pay, &pay), ERR_INVALID);
	pay.amount.cents += 1;
	CHECK(test_do(&tt, test_pay, &pay));
	struct test_step again = test_step_now(&tt, id, tt.cashier);
	again.folio = STR("C-2");
	CHECK(is_conflict(test_run(&tt, test_pay, &again), "case.paid"));
	struct test_step used = test_step_now(&tt, other, tt.cashier);
	used.folio = STR("C-1");
	CHECK_ERR(test_run(&tt, test_pay, &used), ERR_INVALID);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM case_payment"), 1);
}

TEST(step_decided_waits_for_the_signature_and_can_be_handed_back)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step decide = test_step_now(&tt, id, tt.clerk);
	decide.outcome = OUTCOME_APPROVED;
	decide.text = STR("");
	decide.answers = test_decision(&tt, id);
	CHECK(test_do(&tt, test_decide, &decide));
	CHECK_STR(stage_of(&tt, id), "sign");
	CHECK_STR(state_of(&tt, id), "received"); /* no effect before the officer signs */
	CHECK_INT(test_record(&tt, id).row.fee.cents, 46500);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM document WHERE kind = 'permit'"), 0);
	struct test_step twice = test_step_now(&tt, id, tt.clerk);
	twice.outcome = OUTCOME_REFUSED;
	twice.text = STR("no");
	twice.answers = decide.answers;
	CHECK(is_conflict(test_run(&tt, test_decide, &twice), "case.not-now"));
	struct test_step back = test_step_now(&tt, id, tt.officer);
	back.text = STR("Falta la medida del fondo.");
	CHECK(test_do(&tt, test_return, &back));
	CHECK_STR(stage_of(&tt, id), "review");
	CHECK_INT(test_record(&tt, id).row.fee.cents,
		41200); /* … and the assessed fee is again what was declared */
	struct test_step sign = test_step_now(&tt, id, tt.officer);
	CHECK(is_conflict(test_run(&tt, test_sign, &sign), "case.not-now"));
	struct test_step empty = test_step_now(&tt, id, tt.officer);
	empty.text = STR("otra vez");
	CHECK(is_conflict(test_run(&tt, test_return, &empty), "case.not-now"));
	CHECK_STR(test_text(&tt, "SELECT text FROM case_message WHERE kind = 'note'"),
		"Falta la medida del fondo.");
}

/* Between the decision and the signature nobody asks for a correction or withdraws under the officer's pen unseen. */
TEST(step_a_decided_case_is_not_corrected_behind_the_officer)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step decide = test_step_now(&tt, id, tt.clerk);
	decide.outcome = OUTCOME_REFUSED;
	decide.text = STR("El predio está en derecho de vía.");
	decide.answers = test_record(&tt, id).answers;
	CHECK(test_do(&tt, test_decide, &decide));
	struct case_item item = { STR("frente"), STR("x") };
	struct test_step asked = test_step_now(&tt, id, tt.clerk);
	asked.items = (struct case_items){ &item, 1 };
	asked.text = STR("x");
	CHECK(is_conflict(test_run(&tt, test_ask, &asked), "case.not-now"));
	struct test_step sign = test_step_now(&tt, id, tt.officer);
	struct test_step withdraw = test_step_now(&tt, id, 0);
	CHECK(test_do(&tt, test_withdraw, &withdraw)); /* the citizen may, until it is signed … */
	CHECK(is_conflict(test_run(&tt, test_sign, &sign), "case.changed")); /* … and the officer sees it */
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM case_decision"), 0);
}

TEST(step_refusal_needs_reasons_and_hands_over_its_document)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step decide = test_step_now(&tt, id, tt.clerk);
	decide.outcome = OUTCOME_REFUSED;
	decide.answers = test_record(&tt, id).answers;
	decide.text = STR("");
	CHECK_ERR(test_run(&tt, test_decide, &decide), ERR_INVALID);
	decide.text = STR("El predio está dentro del derecho de vía.");
	CHECK(test_do(&tt, test_decide, &decide));
	struct test_step sign = test_step_now(&tt, id, tt.officer);
	CHECK(test_do(&tt, test_sign, &sign));
	CHECK_STR(state_of(&tt, id), "refused");
	CHECK_STR(stage_of(&tt, id), "done");
	struct case_record c = test_record(&tt, id);
	CHECK(case_is_paid(&c)); /* a refusal costs nothing */
	CHECK(test_drain(&tt) >= 2);
	CHECK_STR(test_text(&tt, "SELECT state FROM document WHERE kind = 'refusal'"), "issued");
	CHECK(str_find(test_text(&tt, "SELECT content FROM document WHERE kind = 'refusal'"),
			  STR("derecho de vía")) >= 0);
	struct test_step deliver = test_step_now(&tt, id, 0);
	CHECK(test_do(&tt, test_deliver, &deliver)); /* it is read, not delivered: nothing happens */
	CHECK_STR(state_of(&tt, id), "refused");
	CHECK(test_audit(&tt));
}

TEST(step_withdrawn_is_over)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	struct test_step clerk = test_step_now(&tt, id, tt.clerk), citizen = test_step_now(&tt, id, 0);
	CHECK(is_conflict(test_run(&tt, test_withdraw, &clerk), "case.not-now")); /* the citizen's own step */
	CHECK(test_do(&tt, test_withdraw, &citizen));
	CHECK_STR(state_of(&tt, id), "withdrawn");
	CHECK(!test_record(&tt, id).row.is_open);
	CHECK(str_starts_with(test_record(&tt, id).row.queue_key, STR("2026-06-02T")));
	struct test_step again = test_step_now(&tt, id, 0);
	CHECK(is_conflict(test_run(&tt, test_withdraw, &again), "case.not-now"));
	struct test_step decide = test_step_now(&tt, id, tt.clerk);
	decide.outcome = OUTCOME_REFUSED;
	decide.text = STR("tarde");
	decide.answers = test_record(&tt, id).answers;
	CHECK(is_conflict(test_run(&tt, test_decide, &decide), "case.not-now"));
}

TEST(step_revoked_document_says_so)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	CHECK(test_approve(&tt, id));
	struct test_step revoke = test_step_now(&tt, id, tt.officer);
	revoke.document = test_number(&tt, "SELECT id FROM document WHERE kind = 'permit'");
	revoke.text = STR("Se dictó sobre un predio equivocado.");
	CHECK(is_conflict(test_run(&tt, test_revoke, &revoke), "case.not-now")); /* not issued yet */
	CHECK(test_drain(&tt) >= 2);
	struct test_step foreign = revoke;
	foreign.step.case_id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	foreign.step.revision = 1;
	CHECK(is_conflict(test_run(&tt, test_revoke, &foreign), "case.not-now")); /* another case's */
	CHECK(test_do(&tt, test_revoke, &revoke));
	CHECK_STR(test_text(&tt, "SELECT state FROM document WHERE kind = 'permit'"), "revoked");
	revoke = test_step_now(&tt, id, tt.officer);
	revoke.document = test_number(&tt, "SELECT id FROM document WHERE kind = 'permit'");
	revoke.text = STR("otra vez");
	CHECK(is_conflict(test_run(&tt, test_revoke, &revoke), "case.not-now"));
	CHECK(test_audit(&tt));
}

TEST(step_messages_and_notes_change_no_revision)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	for (int kind = MESSAGE_CITIZEN; kind <= MESSAGE_NOTE; kind++) {
		struct test_step say = test_step_now(&tt, id, kind == MESSAGE_CITIZEN ? 0 : tt.clerk);
		say.kind = (enum case_message_kind)kind;
		say.text = STR("¿Cómo va?");
		CHECK(test_do(&tt, test_say, &say));
	}
	CHECK_INT(test_record(&tt, id).row.revision, 1);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM case_message"), 3);
	struct test_step long_one = test_step_now(&tt, id, 0);
	char *text = arena_alloc(t->arena, CASE_TEXT_MAX + 2);
	memset(text, 'a', CASE_TEXT_MAX + 1);
	long_one.text = (struct str){ text, CASE_TEXT_MAX + 1 };
	CHECK_ERR(test_run(&tt, test_say, &long_one), ERR_INVALID);
}
