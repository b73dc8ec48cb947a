/* A notice is made when its step is, for whom wishes it, and ends once. */
#include <sys/stat.h>

#include "core/case/test_town.h"
#include "core/mail/mail.h"
#include "core/notice/notice.h"

/* The sample's holder is told by mail, into a folder of the town. */
static struct filed told(struct test_town *tt, struct mail_settings *mail)
{
	*mail = (struct mail_settings){ .from = STR("avisos@leon.example"),
		.reply_to = STR("ventanilla@leon.example"),
		.folder = arena_printf(tt->arena, "%.*s/correo", STR_FMT(tt->folder)) };
	tt->town->mail = mail;
	return test_file(tt, &(struct test_filing){ .mail = "ana@correo.example" });
}

TEST(notice_is_made_for_whom_chose_it)
{
	struct test_town tt;
	struct mail_settings mail;
	if (!test_town_open(t, &tt)) return;
	CHECK(
		test_file(&tt, &(struct test_filing){ .mail = "ana@correo.example" }).case_id); /* no mail here yet */
	CHECK(told(&tt, &mail).case_id);
	CHECK(test_file(&tt, &(struct test_filing){ 0 }).case_id); /* asks at the counter */
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM notice"), 1);
	CHECK_INT(test_number(&tt,
				  "SELECT count(*) FROM job WHERE kind = 'notice.send' AND input NOT LIKE '%@%'"),
		1);
	CHECK_INT(test_number(&tt,
				  "SELECT count(DISTINCT message_id) FROM notice WHERE message_id LIKE '%@leon.example'"),
		1);
	CHECK(test_drain(&tt) >= 1);
	CHECK_STR(test_text(&tt, "SELECT state FROM notice"), "sent");
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM event WHERE type = 'notice.sent'"), 1);
}

/* As after a kill between the commit that ends a notice and the end of its job. */
TEST(notice_is_sent_once)
{
	struct test_town tt;
	struct mail_settings mail;
	struct stat st;
	if (!test_town_open(t, &tt)) return;
	struct filed filed = told(&tt, &mail);
	CHECK(test_drain(&tt) >= 1);
	struct str path = arena_printf(t->arena, "%.*s/000001-%.*s-filed.eml", STR_FMT(mail.folder),
		STR_FMT(filed.number));
	CHECK_INT(stat(path.p, &st), 0);
	CHECK_INT(remove(path.p), 0);
	CHECK(
		test_write(&tt, "UPDATE job SET state = 'waiting', run_at = created_at WHERE kind = 'notice.send'"));
	CHECK(test_drain(&tt) >= 1);
	CHECK(stat(path.p, &st) != 0); /* it was not written again */
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM event WHERE type = 'notice.sent'"), 1);
}

struct choosing {
	struct test_town *tt;
	int64_t case_id;
};
static struct err *stop_commit(struct tx *tx, void *input)
{
	const struct choosing *c = input;
	struct case_step step = { c->tt->town, c->case_id, 1, case_by_citizen };
	return notice_choose(tx, &step, false, STR("ana@correo.example"));
}

TEST(notice_that_is_no_longer_wanted_is_dropped)
{
	struct test_town tt;
	struct mail_settings mail;
	if (!test_town_open(t, &tt)) return;
	struct choosing choosing = { &tt, told(&tt, &mail).case_id };
	CHECK_OK(writer_run(tt.town->writer, tt.arena, stop_commit, &choosing));
	CHECK(test_drain(&tt) >= 1);
	CHECK_STR(test_text(&tt, "SELECT state || reason FROM notice"), "droppedunwanted");
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM event WHERE type = 'notice.sent'"), 0);
}

/* WCAG 2.2, 1.4.3: what style_of() puts on dark paper, in this town's colours. */
TEST(notice_has_contrast_in_the_dark)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	const struct look *look = &town_pack(tt.town)->look;
	CHECK(look_contrast(look->colours[LOOK_TOWN_GLOW], 0x1a2420) >= 450);
	CHECK(look_contrast(look->colours[LOOK_TOWN_DEEP], look->colours[LOOK_TOWN_GLOW]) >= 450);
}
