/* The job: words, message, sending, and the one commit that ends a notice. */
#include "base/log.h"
#include "core/case/step.h"
#include "core/job/job.h"
#include "core/mail/mail.h"
#include "core/notice/notice_content.h"

/*
 * A minute, two, four …, from the twelfth on every 34 hours: a server that is away for an hour gets the mail at its
 * first or second try afterwards, and one that stays away is given up after four days (RFC 5321, 4.5.4.1).
 */
enum { TRIES = 14, FIRST_PAUSE_S = 60 };

struct ending {
	const struct case_record *c;
	int64_t id;
	const char *state, *reason, *event; /* event NULL: nothing that anybody has to know of */
	int code;
};

static struct err *end_commit(struct tx *tx, void *input)
{
	const struct ending *e = input;
	int64_t changed = 0;
	TRY(notice_end(tx->db, tx->arena,
		&(struct notice_end_in){ .id = e->id,
			.state = str_of(e->state),
			.reason = str_of(e->reason),
			.reply_code = e->code,
			.ended_at = tx->now },
		&changed));
	if (changed != 1 || !e->event) return NULL;
	struct case_step step = { e->c->town, e->c->row.id, e->c->row.revision, case_by_system };
	return step_event(tx, &step, e->c, e->event);
}

static struct err *end(struct job_context *j, struct ending *e)
{
	if (str_eq(str_of(e->state), STR("failed")))
		log_event(LOG_WARN, "notice.failed", LOG_I("notice", e->id), LOG_S("reason", str_of(e->reason)),
			LOG_I("code", e->code));
	return job_commit(j, end_commit, e);
}

static struct err *message_of(struct job_context *j, const struct case_record *c,
	const struct notice_by_id_row *row, const struct notice_content *v, struct str *ret)
{
	const struct mail_settings *s = j->town->mail;
	enum notice_kind kind;
	must(notice_kind_of(row->kind, &kind)); /* notice_words() has looked */
	struct mail mail = { .from_name = v->town,
		.from = s->from,
		.reply_to = s->reply_to,
		.to = row->address,
		.subject = notice_subject(j->arena, c, kind),
		.message_id = row->message_id,
		.lang = v->lang,
		.at = row->created_at,
		.offset_s = zone_clock(j->town->zone, row->created_at).offset_s,
		.text = notice_text(j->arena, v) };
	TRY(notice_page(c, j->arena, j->now, v, &mail.html));
	return mail_build(j->arena, &mail, ret);
}

static bool leaves_off(void *jobs) { return jobs_are_stopping(jobs); }

static struct mail_answer hand_over(struct job_context *j, const struct case_record *c,
	const struct notice_by_id_row *row, struct str message)
{
	const struct mail_settings *s = j->town->mail;
	if (!str_is_empty(s->server))
		return mail_send(j->arena, s, row->address, message, leaves_off, j->town->jobs);
	struct str name = arena_printf(j->arena, "%06lld-%.*s-%.*s.eml", (long long)row->id,
		STR_FMT(c->row.number), STR_FMT(row->kind));
	return mail_keep(j->arena, s->folder, name, message);
}

static struct err *send(struct job_context *j, const struct case_record *c,
	const struct notice_by_id_row *row)
{
	struct ending ending = { .c = c, .id = row->id, .state = "dropped", .reason = "unwanted" };
	struct notice_choice choice;
	struct notice_content v;
	struct str message;
	bool is_overtaken;
	TRY(notice_choice_read(j->db, j->arena, c->row.id, &choice));
	if (!choice.by_mail) return end(j, &ending);
	TRY(notice_words(c, j->db, j->arena, j->now, row, &v, &is_overtaken));
	ending.reason = "overtaken";
	if (is_overtaken) return end(j, &ending);
	TRY(message_of(j, c, row, &v, &message));
	struct mail_answer answer = hand_over(j, c, row, message);
	bool is_last = j->attempt >= TRIES;
	if (answer.outcome == MAIL_LATER && !is_last)
		return ERR(j->arena, ERR_UNAVAILABLE, NULL, "the mail waits: %.*s", STR_FMT(answer.detail));
	bool is_sent = answer.outcome == MAIL_ACCEPTED;
	ending.state = is_sent ? "sent" : "failed";
	ending.reason = is_sent ? "" : answer.outcome == MAIL_REFUSED ? "refused" : "silence";
	ending.event = is_sent ? "notice.sent" : "notice.failed";
	ending.code = answer.code;
	return end(j, &ending);
}

static struct err *send_job(struct job_context *j)
{
	const struct json *id = json_get(j->input, STR("notice"));
	struct notice_by_id_row row;
	struct case_record c;
	bool found;
	if (!id || id->kind != JSON_INT) return ERR(j->arena, ERR_INTERNAL, NULL, "the job names no notice");
	TRY(notice_by_id(j->db, j->arena, &(struct notice_by_id_in){ .id = id->i }, &row, &found));
	if (!found) return ERR(j->arena, ERR_NOT_FOUND, NULL, "no notice %lld", (long long)id->i);
	if (!str_eq(row.state, STR("waiting"))) return NULL; /* an earlier try came to its end */
	if (!j->town->mail)
		return ERR(j->arena, ERR_UNAVAILABLE, NULL, "the installation file gives no mail any more");
	TRY(case_load(j->town, j->db, j->arena, row.case_id, &c));
	return send(j, &c, &row);
}

const struct module notice_module = {
	.name = "notice",
	.jobs_lane = JOB_LANE_OUTSIDE,
	.jobs = (const struct job_kind[]){ { "notice.send", send_job, TRIES, FIRST_PAUSE_S, 0 }, { 0 } },
};
