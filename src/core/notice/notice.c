#include "core/notice/notice.h"
#include "core/case/step.h"
#include "core/crypto/crypto.h"
#include "core/i18n.h"
#include "core/job/job.h"
#include "core/mail/mail.h"
#include "core/notice/notice_content.h"
#include "core/notice/queries.h"
#include "i18n/notice.h"

enum { ID_BYTES = 16 };

static const char *const names[] = {
#define X(kind, name) name,
	NOTICE_KINDS(X)
#undef X
};

const char *notice_kind_name(enum notice_kind kind) { return names[kind]; }

bool notice_kind_of(struct str name, enum notice_kind *ret)
{
	for (int i = 0; i < NOTICE_KIND_MAX; i++) {
		if (!str_eq(name, str_of(names[i]))) continue;
		*ret = (enum notice_kind)i;
		return true;
	}
	return false;
}

struct err *notice_add(struct tx *tx, const struct case_record *c, enum notice_kind kind,
	struct str registry_number)
{
	const struct mail_settings *mail = c->town->mail;
	struct notice_choice_get_row choice;
	bool found;
	if (!mail) return NULL;
	TRY(notice_choice_get(tx->db, tx->arena, &(struct notice_choice_get_in){ .case_id = c->row.id }, &choice,
		&found));
	if (!found || !choice.by_mail) return NULL;
	struct str id = hex_encode(tx->arena, tx_random(tx, ID_BYTES));
	int64_t notice;
	TRY(notice_insert(tx->db, tx->arena,
		&(struct notice_insert_in){ .case_id = c->row.id,
			.kind = str_of(names[kind]),
			.address = choice.address,
			.message_id = arena_printf(tx->arena, "aviso.%.*s@%.*s", STR_FMT(id),
				STR_FMT(mail_domain(mail->from))),
			.registry_number = str_is_none(registry_number) ? STR("") : registry_number,
			.created_at = tx->now },
		&notice));
	struct str key = arena_printf(tx->arena, "notice.send/%lld", (long long)notice);
	struct str input = arena_printf(tx->arena, "{\"notice\":%lld}", (long long)notice);
	return job_add(tx, STR("notice.send"), key, c->row.id, input, tx->now);
}

/* --- the choice ---------------------------------------------------------------------------------------------- */

static struct str address_in(const struct answers *answers)
{
	const struct field_answer *mail = answer_with_role(answers, ROLE_APPLICANT_MAIL);
	return mail ? mail->text : STR_NONE;
}

static bool wants_mail(const struct answers *answers)
{
	const struct field_answer *by = answer_with_role(answers, ROLE_NOTIFY_BY);
	if (by) return str_eq(by->text, STR("mail"));
	return !procedure_field_with_role(answers->procedure, ROLE_NOTIFY_BY);
}

struct err *notice_choose_by_form(struct tx *tx, const struct case_record *c, const struct answers *before,
	const struct answers *answers)
{
	struct str address = address_in(answers);
	if (str_is_empty(address)) return NULL;
	if (before && str_eq(address, address_in(before)) && wants_mail(before) == wants_mail(answers))
		return NULL;
	return notice_choice_put(tx->db, tx->arena,
		&(struct notice_choice_put_in){ .case_id = c->row.id,
			.by_mail = wants_mail(answers),
			.address = address,
			.at = tx->now },
		NULL);
}

struct err *notice_choose(struct tx *tx, const struct case_step *step, bool by_mail, struct str address)
{
	struct case_record c;
	TRY(case_load(step->town, tx->db, tx->arena, step->case_id, &c));
	TRY(notice_choice_put(tx->db, tx->arena,
		&(struct notice_choice_put_in){ .case_id = c.row.id,
			.by_mail = by_mail,
			.address = address,
			.at = tx->now },
		NULL));
	return step_event(tx, step, &c, by_mail ? "notice.chosen" : "notice.declined");
}

static struct err *read_rows(struct db *db, struct arena *a, int64_t case_id, struct notice_of_case_rows *ret)
{
	return notice_of_case(db, a, &(struct notice_of_case_in){ .case_id = case_id }, ret);
}

struct err *notice_choice_read(struct db *db, struct arena *a, int64_t case_id, struct notice_choice *ret)
{
	struct notice_choice_get_row row;
	struct notice_of_case_rows rows;
	bool found;
	TRY(notice_choice_get(db, a, &(struct notice_choice_get_in){ .case_id = case_id }, &row, &found));
	TRY(read_rows(db, a, case_id, &rows));
	*ret = (struct notice_choice){ .address = STR("") };
	if (!found) return NULL;
	ret->by_mail = row.by_mail;
	ret->address = row.address;
	for (size_t i = 0; i < rows.count; i++)
		ret->has_failed = str_eq(rows.items[i].state, STR("failed")) && rows.items[i].ended_at.ms > row.at.ms;
	return NULL;
}

/* --- the history --------------------------------------------------------------------------------------------- */

static struct str outcome_words(struct arena *a, struct str lang, const struct notice_of_case_row *row)
{
	struct i18n_arg code[] = { I18N_ARG("code", row->reply_code), { 0 } };
	if (str_eq(row->reason, STR("refused"))) return i18n_format(a, lang, MSG_NOTICE_REFUSED, code);
	return i18n_text(lang, MSG_NOTICE_SILENCE);
}

static bool line_of(struct arena *a, struct str lang, bool is_office, const struct notice_of_case_row *row,
	struct notice_told *ret)
{
	bool is_sent = str_eq(row->state, STR("sent")), is_failed = str_eq(row->state, STR("failed"));
	bool is_waiting = is_office && str_eq(row->state, STR("waiting"));
	enum notice_kind kind;
	if ((!is_sent && !is_failed && !is_waiting) || !notice_kind_of(row->kind, &kind)) return false;
	struct i18n_arg args[] = { I18N_ARG("address", mail_masked(a, row->address)), { 0 } };
	enum message title = is_sent ? is_office ? MSG_NOTICE_SENT_OFFICE : MSG_NOTICE_SENT
		: is_waiting             ? MSG_NOTICE_WAITING_OFFICE
		: is_office              ? MSG_NOTICE_FAILED_OFFICE
								 : MSG_NOTICE_FAILED;
	struct str what = i18n_text(lang, notice_title(kind));
	*ret = (struct notice_told){ .title = i18n_format(a, lang, title, args),
		.text = is_failed ? arena_printf(a, "%.*s. %.*s", STR_FMT(what), STR_FMT(outcome_words(a, lang, row)))
						  : what,
		.at = is_waiting ? row->created_at : row->ended_at };
	return true;
}

struct err *notice_history(struct db *db, struct arena *a, struct str lang, int64_t case_id, bool is_office,
	struct notice_told_list *ret)
{
	struct notice_of_case_rows rows;
	TRY(read_rows(db, a, case_id, &rows));
	*ret = (struct notice_told_list){ ARENA_ARRAY(a, struct notice_told, rows.count), 0 };
	for (size_t i = 0; i < rows.count; i++)
		ret->count += line_of(a, lang, is_office, &rows.items[i], &ret->items[ret->count]) ? 1 : 0;
	return NULL;
}
