/* Drafts on a town of their own: who opens them, what is kept, and when they end. */
#include "core/case/test_town.h"
#include "core/codes/code.h"
#include "core/draft/draft_file.h"
#include "core/job/job.h"

#define SLUG STR("alineamiento-y-numero-oficial")

struct act {
	struct town *town;
	struct draft draft;
	struct answers *answers;
	const struct page *page;
	struct str cookie;
	int64_t id;
	bool is_done;
	const struct upload *upload;
	enum media media;
};

static struct err *start_commit(struct tx *tx, void *input)
{
	struct act *act = input;
	struct draft_start start = { .town = act->town,
		.pack_version = town_pack_version(act->town),
		.slug = SLUG,
		.lang = STR("es"),
		.channel = STR("web") };
	return draft_start(tx, &start, &act->id, &act->cookie);
}

static struct err *store_commit(struct tx *tx, void *input)
{
	struct act *act = input;
	TRY(draft_again(tx, act->town, &act->draft, &act->draft));
	TRY(draft_read(&act->draft, act->town, tx->db, tx->arena, tx->now, &act->answers));
	struct answer_input name = { STR("nombre"), STR("Ofelia Ñ") };
	answers_read_page(act->answers, act->page, (struct answer_inputs){ &name, 1 });
	return draft_store(tx, &act->draft, act->answers, act->page, act->is_done);
}

static struct err *hand_over_commit(struct tx *tx, void *input)
{
	struct act *act = input;
	return draft_hand_over(tx, act->town, act->draft.id, act->draft.code, &act->cookie);
}

static struct err *attach_commit(struct tx *tx, void *input)
{
	struct act *act = input;
	const struct field *f = procedure_field(act->draft.procedure, STR("identificacion"));
	return draft_attach(tx, act->town, &act->draft, f, act->upload, act->media);
}

static struct err *detach_commit(struct tx *tx, void *input)
{
	struct act *act = input;
	return draft_detach(tx, &act->draft, act->id);
}

static struct err *expire_commit(struct tx *tx, void *input)
{
	(void)input;
	return job_add(tx, STR("draft.expire"), STR("draft.expire/test"), 0, STR("{}"), tx->now);
}

static bool run(struct test_town *tt, commit_fn *fn, struct act *act)
{
	struct err *e = writer_run(tt->town->writer, tt->arena, fn, act);
	if (e) test_fail(tt->t, __FILE__, __LINE__, "%s", e->detail);
	return e == NULL;
}

/* What a cookie opens now. */
static bool opens(struct test_town *tt, struct str cookie, struct draft *ret)
{
	bool found = false;
	struct err *e = draft_of_cookie(tt->town, tt->db, tt->arena, SLUG, cookie, ret, &found);
	if (e) test_fail(tt->t, __FILE__, __LINE__, "%s", e->detail);
	return !e && found;
}

static bool begin(struct test *t, struct test_town *tt, struct act *act)
{
	*act = (struct act){ 0 };
	if (!test_town_open(t, tt)) return false;
	act->town = tt->town;
	return run(tt, start_commit, act) && opens(tt, act->cookie, &act->draft);
}

TEST(draft_opens_by_its_cookie_and_by_nothing_near_it)
{
	struct test_town tt;
	struct act act;
	struct draft other;
	CHECK(begin(t, &tt, &act));
	CHECK_INT(act.draft.id, act.id);
	CHECK_INT(act.draft.code.n, CODE_STATUS_CHARS);
	struct str near = arena_str(t->arena, act.cookie);
	((char *)near.p)[0] = near.p[0] == 'A' ? 'B' : 'A';
	CHECK(!opens(&tt, near, &other));
	CHECK(!opens(&tt, STR(""), &other));
	CHECK(!opens(&tt, str_slice(act.cookie, 0, act.cookie.n - 1), &other));
	bool found = true;
	CHECK_OK(draft_of_cookie(tt.town, tt.db, t->arena, STR("otro-tramite"), act.cookie, &other, &found));
	CHECK(!found);
	/* Neither the cookie nor the code lies in the database. */
	struct str stored = test_text(&tt, "SELECT hex(token_hash) || hex(code_hash) || answers FROM draft");
	CHECK(str_find(stored, act.draft.code) < 0);
}

TEST(draft_keeps_what_was_typed_and_which_pages_are_done)
{
	struct test_town tt;
	struct act act;
	struct draft now;
	CHECK(begin(t, &tt, &act));
	act.page = procedure_page(act.draft.procedure, STR("usted"));
	act.is_done = true;
	CHECK(run(&tt, store_commit, &act));
	CHECK(opens(&tt, act.cookie, &now));
	CHECK(draft_has_done(&now, t->arena, STR("usted")));
	struct answers *answers;
	CHECK_OK(draft_read(&now, tt.town, tt.db, t->arena, town_now(tt.town), &answers));
	CHECK_STR(answer_of(answers, procedure_field(now.procedure, STR("nombre")), -1)->text, "Ofelia Ñ");
	act.is_done = false; /* a later error takes the mark away */
	CHECK(run(&tt, store_commit, &act));
	CHECK(opens(&tt, act.cookie, &now));
	CHECK(!draft_has_done(&now, t->arena, STR("usted")));
}

TEST(draft_code_gives_it_to_another_browser_and_takes_it_from_the_first)
{
	struct test_town tt;
	struct act act;
	struct draft draft;
	int64_t id;
	struct str slug, code, first;
	bool found;
	CHECK(begin(t, &tt, &act));
	first = act.cookie;
	struct str typed = code_format(t->arena, act.draft.code);
	struct instant now = town_now(tt.town);
	CHECK_OK(draft_of_code(tt.town, tt.db, t->arena, typed, now, &id, &slug, &code, &found));
	CHECK(found && id == act.draft.id);
	CHECK(str_eq(code, act.draft.code));
	CHECK(run(&tt, hand_over_commit, &act));
	CHECK(!opens(&tt, first, &draft));
	CHECK(opens(&tt, act.cookie, &draft));
	CHECK(str_eq(draft.code, code)); /* the code stays the same */
	CHECK_OK(draft_of_code(tt.town, tt.db, t->arena, STR("0000-0000-0000"), now, &id, &slug, &code, &found));
	CHECK(!found);
	CHECK_OK(draft_of_code(tt.town, tt.db, t->arena, STR("no es"), now, &id, &slug, &code, &found));
	CHECK(!found);
}

TEST(draft_ends_after_ninety_days_without_being_saved)
{
	enum { DAY_MINUTES = 24 * 60 };
	struct test_town tt;
	struct act act;
	struct draft draft;
	int64_t id;
	struct str slug, code;
	bool found;
	CHECK(begin(t, &tt, &act));
	act.page = procedure_page(act.draft.procedure, STR("usted"));
	CHECK(test_town_forward(&tt, 60 * DAY_MINUTES));
	CHECK(run(&tt, store_commit, &act)); /* saved: ninety days more */
	CHECK(test_town_forward(&tt, 60 * DAY_MINUTES));
	CHECK(opens(&tt, act.cookie, &draft) && !draft_is_expired(&draft, town_now(tt.town)));
	CHECK(test_town_forward(&tt, 31 * DAY_MINUTES));
	CHECK(opens(&tt, act.cookie, &draft) && draft_is_expired(&draft, town_now(tt.town)));
	struct str typed = act.draft.code;
	CHECK_OK(draft_of_code(tt.town, tt.db, t->arena, typed, town_now(tt.town), &id, &slug, &code, &found));
	CHECK(!found);
}

/* --- files ----------------------------------------------------------------------------------------------------------- */

static struct upload upload_of(struct test_town *tt, const char *name, const char *bytes)
{
	struct upload u = { .field = STR("identificacion"), .file_name = str_of(name), .head = str_of(bytes) };
	struct err *e = file_store(tt->town->files, tt->arena, str_of(bytes), &u.facts);
	if (e) test_fail(tt->t, __FILE__, __LINE__, "%s", e->detail);
	return u;
}

TEST(draft_file_is_judged_by_its_content_size_and_number)
{
	struct field f = { .type = FIELD_ATTACHMENT,
		.accept = ACCEPT_PDF | ACCEPT_PNG,
		.max_bytes = 100,
		.max_files = 2 };
	struct upload pdf = { .file_name = STR("foto.png"), .head = STR("%PDF-1.7\n"), .facts = { .bytes = 9 } };
	struct upload fake = { .file_name = STR("acta.pdf"),
		.head = STR("MZ\x90 programa"),
		.facts = { .bytes = 11 } };
	struct upload empty = { .file_name = STR("nada.pdf") };
	struct upload large = { .file_name = STR("plano.pdf"),
		.head = STR("%PDF-1.7\n"),
		.facts = { .bytes = 101 } };
	struct upload larger = { .file_name = STR("plano.pdf"), .is_too_large = true };
	enum media media = MEDIA_OTHER;
	CHECK_INT(draft_file_judge(&f, &pdf, 0, &media), DRAFT_TAKEN);
	CHECK_INT(media, MEDIA_PDF);
	CHECK_INT(draft_file_judge(&f, &pdf, 2, &media), DRAFT_TOO_MANY);
	CHECK_INT(draft_file_judge(&f, &fake, 0, &media), DRAFT_WRONG_TYPE);
	CHECK_INT(draft_file_judge(&f, &empty, 0, &media), DRAFT_EMPTY);
	CHECK_INT(draft_file_judge(&f, &large, 0, &media), DRAFT_TOO_LARGE);
	CHECK_INT(draft_file_judge(&f, &larger, 0, &media), DRAFT_TOO_LARGE);
	CHECK_STR(draft_file_types(t->arena, &f), "PDF, PNG");
	CHECK_STR(draft_file_accept(t->arena, &f), ".pdf,application/pdf,.png,image/png");
}

TEST(draft_files_wait_in_quarantine_count_as_answers_and_go_when_taken_away)
{
	struct test_town tt;
	struct act act;
	struct draft_files files;
	struct answers *answers;
	CHECK(begin(t, &tt, &act));
	struct upload u = upload_of(&tt, "ine.pdf", "%PDF-1.4\n%%EOF\n");
	act.upload = &u;
	act.media = MEDIA_PDF;
	CHECK(run(&tt, attach_commit, &act));
	CHECK_OK(draft_files(&act.draft, tt.db, t->arena, &files));
	CHECK_INT(files.count, 1);
	CHECK_INT(files.items[0].scan, FILE_QUARANTINE);
	CHECK_OK(draft_read(&act.draft, tt.town, tt.db, t->arena, town_now(tt.town), &answers));
	const struct field *f = procedure_field(act.draft.procedure, STR("identificacion"));
	CHECK_INT(answer_of(answers, f, -1)->count, 1);
	CHECK_STR(answer_of(answers, f, -1)->files[0].name, "ine.pdf");
	act.id = files.items[0].id;
	CHECK(run(&tt, detach_commit, &act));
	CHECK_OK(draft_files(&act.draft, tt.db, t->arena, &files));
	CHECK_INT(files.count, 0);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM stored_file"), 0);
}

/* What nobody came back for goes with its files; what was filed keeps them for the case. */
TEST(draft_expiry_takes_files_along_but_not_those_of_a_case)
{
	enum { DAYS_91 = 91 * 24 * 60 };
	struct test_town tt;
	struct act act;
	CHECK(begin(t, &tt, &act));
	struct upload u = upload_of(&tt, "ine.pdf", "%PDF-1.4\n%%EOF\n");
	act.upload = &u;
	act.media = MEDIA_PDF;
	CHECK(run(&tt, attach_commit, &act));
	struct filed filed = test_file(&tt, &(struct test_filing){ .with_files = true });
	CHECK(filed.case_id > 0);
	int64_t of_case = test_number(&tt, "SELECT count(*) FROM attachment WHERE case_id IS NOT NULL");
	CHECK(of_case > 0);
	CHECK(test_town_forward(&tt, DAYS_91));
	CHECK(run(&tt, expire_commit, &act));
	test_drain(&tt);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM draft"), 0);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM attachment WHERE case_id IS NULL"), 0);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM attachment WHERE case_id IS NOT NULL"), of_case);
}
