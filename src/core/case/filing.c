#include "core/case/filing.h"
#include "base/utf8.h"
#include "core/case/case_clock.h"
#include "core/case/case_words.h"
#include "core/case/presented.h"
#include "core/case/step.h"
#include "core/codes/code.h"
#include "core/codes/number.h"
#include "core/crypto/crypto.h"
#include "core/document/receipt.h"
#include "core/draft/queries.h"
#include "core/file/queries.h"
#include "core/job/job.h"
#include "core/notice/notice.h"
#include "core/party/queries.h"
#include "core/registry/registry.h"

/* What filing gathers on its way; one per run of the commit. */
struct work {
	const struct filing *f;
	struct tx *tx;
	struct case_record record;
	struct entry_file *files;
	size_t file_count;
	struct str answers_json, name, place;
	int64_t party_id, department_id;
	struct deadline deadline;
	bool has_deadline;
	struct fee_rows fee;
	struct number entry_number;
	struct registry_entry entry;
	struct filed out;
};

static struct str role_text(const struct answers *s, enum field_role role)
{
	const struct field_answer *answer = answer_with_role(s, role);
	return answer ? answer->text : STR_NONE;
}

static struct str or_empty(struct str s) { return str_is_none(s) ? STR("") : s; }

static struct str identity_kind(const struct procedure *p)
{
	const struct field *field = procedure_field_with_role(p, ROLE_APPLICANT_ID);
	return field ? str_of(field_type_name(field->type)) : STR_NONE;
}

/* The same number under another name is another person until a clerk says otherwise. */
static struct err *known_party(struct work *w, struct str kind, struct str number,
	const struct party_by_identity_row **ret)
{
	struct party_by_identity_rows rows;
	struct arena *a = w->tx->arena;
	*ret = NULL;
	if (str_is_empty(number)) return NULL;
	TRY(party_by_identity(w->tx->db, a,
		&(struct party_by_identity_in){ .identity_kind = kind, .identity_number = number }, &rows));
	struct str name = utf8_search_fold(a, w->name);
	for (size_t i = 0; i < rows.count && !*ret; i++)
		if (str_eq(utf8_search_fold(a, rows.items[i].display_name), name)) *ret = &rows.items[i];
	return NULL;
}

static bool is_news(struct str given, struct str kept) { return !str_is_none(given) && !str_eq(given, kept); }

/* A row that says the same already is left alone: it lies on a page that nothing else of this filing touches. */
static struct err *refresh_contact(struct work *w, const struct party_by_identity_row *party, struct str mail,
	struct str phone)
{
	if (!is_news(mail, party->mail) && !is_news(phone, party->phone) && str_eq(w->f->lang, party->lang))
		return NULL;
	return party_update_contact(w->tx->db, w->tx->arena,
		&(struct party_update_contact_in){ .id = party->id,
			.mail = mail,
			.phone = phone,
			.lang = w->f->lang },
		NULL);
}

/* The person who files: known by identity number, or new. Contact details are the newest given. */
static struct err *record_party(struct work *w)
{
	const struct answers *s = w->f->answers;
	struct arena *a = w->tx->arena;
	struct str number = role_text(s, ROLE_APPLICANT_ID), kind = identity_kind(w->f->procedure);
	struct str mail = role_text(s, ROLE_APPLICANT_MAIL), phone = role_text(s, ROLE_APPLICANT_PHONE);
	const struct party_by_identity_row *known;
	TRY(known_party(w, kind, number, &known));
	if (known) {
		w->party_id = known->id;
		return refresh_contact(w, known, mail, phone);
	}
	return party_insert(w->tx->db, a,
		&(struct party_insert_in){ .kind = STR("person"),
			.display_name = w->name,
			.given_name = role_text(s, ROLE_APPLICANT_GIVEN),
			.surnames = role_text(s, ROLE_APPLICANT_SURNAMES),
			.sort_name = utf8_sort_key(a, w->name),
			.identity_kind = str_is_empty(number) ? STR_NONE : kind,
			.identity_number = number,
			.mail = mail,
			.phone = phone,
			.lang = w->f->lang,
			.created_at = w->tx->now },
		&w->party_id);
}

static struct str place_of(const struct work *w)
{
	const struct field_answer *address = answer_with_role(w->f->answers, ROLE_PLACE_ADDRESS);
	if (!address || !address->address) return STR("");
	return address_line(w->tx->arena, w->f->answers->pack, address->address, w->f->lang);
}

/* A file given to a question that is not asked any more is not filed, as an answer to it is not: it goes. */
static struct err *drop_hidden_file(struct work *w, const struct attachment_of_draft_row *row,
	bool *ret_dropped)
{
	struct tx *tx = w->tx;
	const struct field *field = procedure_field(w->f->procedure, row->field);
	*ret_dropped = !field || !field_is_visible(w->f->answers, field, -1);
	if (!*ret_dropped) return NULL;
	TRY(attachment_remove(tx->db, tx->arena,
		&(struct attachment_remove_in){ .id = row->id, .draft_id = w->f->draft_id }, NULL));
	return stored_file_forget(tx->db, tx->arena, &(struct stored_file_forget_in){ .id = row->file_id }, NULL);
}

/* What the registry keeps of the files: of the draft's, or of those that came without one. */
static struct err *read_files(struct work *w)
{
	const struct filing *f = w->f;
	struct arena *a = w->tx->arena;
	struct attachment_of_draft_rows rows = { 0 };
	if (f->draft_id)
		TRY(attachment_of_draft(w->tx->db, a, &(struct attachment_of_draft_in){ .draft_id = f->draft_id },
			&rows));
	w->files = ARENA_ARRAY(a, struct entry_file, rows.count + f->file_count);
	for (size_t i = 0; i < rows.count; i++) {
		const struct attachment_of_draft_row *row = &rows.items[i];
		bool dropped;
		TRY(drop_hidden_file(w, row, &dropped));
		if (!dropped)
			w->files[w->file_count++] = (struct entry_file){ row->file_name, row->media_type, row->bytes,
				row->sha256 };
	}
	for (size_t i = 0; i < f->file_count; i++)
		w->files[w->file_count++] = (struct entry_file){ f->files[i].name, f->files[i].media_type,
			f->files[i].bytes, f->files[i].sha256 };
	return NULL;
}

static struct err *read_input(struct work *w)
{
	const struct filing *f = w->f;
	struct arena *a = w->tx->arena;
	w->name = answers_applicant_name(f->answers);
	if (str_is_empty(w->name))
		return ERR(a, ERR_INVALID, "filing.no_applicant", "the definition asks for no applicant's name");
	w->place = place_of(w);
	w->answers_json = answers_to_json(a, f->answers, ANSWERS_FILED);
	w->fee = answers_fee(f->answers, a, f->lang);
	w->department_id = town_department_id(f->town, f->procedure->department);
	TRY(case_deadline_of_filing(f->town, f->procedure, a, w->tx->now, &w->deadline, &w->has_deadline));
	return read_files(w);
}

static struct err *take_numbers(struct work *w)
{
	const struct town *t = w->f->town;
	struct number number;
	TRY(registry_number(w->tx, t->zone, w->f->procedure->prefix, &number));
	TRY(registry_number(w->tx, t->zone, STR(SERIES_IN), &w->entry_number));
	w->out.number = number_format(w->tx->arena, &number);
	w->out.registry_number = number_format(w->tx->arena, &w->entry_number);
	return NULL;
}

/* The case's two secrets. */
static struct err *make_codes(struct work *w, struct sha256 *ret_status, struct sha256 *ret_key)
{
	struct arena *a = w->tx->arena;
	w->out.status_code = code_of_random(a, CODE_STATUS, tx_random(w->tx, CODE_RANDOM_BYTES));
	w->out.key = code_of_random(a, CODE_KEY, tx_random(w->tx, CODE_RANDOM_BYTES));
	const struct key *hash_key;
	TRY(keyring_active(w->f->town->keyring, a, KEY_CODE_HASH, STR_NONE, &hash_key));
	*ret_status = code_hash(hash_key->secret, CODE_STATUS, w->out.status_code);
	*ret_key = code_hash(hash_key->secret, CODE_KEY, w->out.key);
	return NULL;
}

/* The case as case_load() would read it back. Its answers are the filing's, which nobody here asks again. */
static struct err *new_record(struct work *w)
{
	const struct filing *f = w->f;
	struct arena *a = w->tx->arena;
	struct case_record *c = &w->record;
	struct date today = zone_date(f->town->zone, w->tx->now);
	TRY(town_pack_of(f->town, w->tx->db, a, f->pack_version, &c->pack));
	c->town = f->town;
	c->procedure = f->procedure;
	c->state = procedure_first_state(f->procedure);
	c->department = pack_department(c->pack, f->procedure->department);
	c->row = (struct case_by_id_row){ .number = w->out.number,
		.registry_number = w->out.registry_number,
		.procedure_slug = f->procedure->id,
		.pack_version_id = f->pack_version,
		.department_id = w->department_id,
		.compartment = STR("ordinary"),
		.state = c->state->id,
		.waits_for = STR("town"),
		.channel = f->by.channel,
		.office = or_empty(f->by.office),
		.lang = f->lang,
		.applicant_id = w->party_id,
		.applicant_name = w->name,
		.place = w->place,
		.answers = w->answers_json,
		.filed_at = w->tx->now,
		.counted_from = date_is_none(w->out.effect) ? today : w->out.effect,
		.due_on = w->out.due,
		.stage = STR("review"),
		.is_open = true,
		.queue_key = date_is_none(w->out.due) ? STR("9999-12-31") : date_iso(a, w->out.due),
		.fee = w->fee.total,
		.paid_at = INSTANT_NONE,
		.closed_at = INSTANT_NONE,
		.revision = 1 };
	return NULL;
}

static struct case_words words_of(struct arena *a, const struct case_by_id_row *row,
	const struct answers *answers)
{
	struct str texts[] = { row->applicant_name, row->place, role_text(answers, ROLE_REPRESENTED_NAME),
		role_text(answers, ROLE_PLACE_KEY), role_text(answers, ROLE_APPLICANT_ID) };
	return case_words_of(a, row, texts, sizeof(texts) / sizeof(texts[0]));
}

static struct err *record_case(struct work *w, const struct sha256 *status, const struct sha256 *key)
{
	struct case_by_id_row *row = &w->record.row;
	w->out.due = w->has_deadline ? w->deadline.due : DATE_NONE;
	TRY(new_record(w));
	struct case_words words = words_of(w->tx->arena, row, w->f->answers);
	TRY(case_insert(w->tx->db, w->tx->arena,
		&(struct case_insert_in){ .number = row->number,
			.registry_number = row->registry_number,
			.procedure_slug = row->procedure_slug,
			.pack_version_id = row->pack_version_id,
			.department_id = row->department_id,
			.compartment = row->compartment,
			.state = row->state,
			.waits_for = row->waits_for,
			.channel = row->channel,
			.office = row->office,
			.lang = row->lang,
			.applicant_id = row->applicant_id,
			.applicant_name = row->applicant_name,
			.place = row->place,
			.answers = row->answers,
			.filed_at = row->filed_at,
			.counted_from = row->counted_from,
			.due_on = row->due_on,
			.stage = row->stage,
			.queue_key = row->queue_key,
			.fee = row->fee,
			.status_code_hash = sha256_str(status),
			.key_hash = sha256_str(key),
			.words = words.text },
		&row->id));
	w->out.case_id = row->id;
	TRY(case_words_insert(w->tx, row, &words));
	return case_party_insert(w->tx->db, w->tx->arena,
		&(struct case_party_insert_in){ .case_id = row->id,
			.party_id = w->party_id,
			.department_id = w->department_id,
			.compartment = STR("ordinary"),
			.role = STR("applicant") },
		NULL);
}

static struct err *record_entry(struct work *w)
{
	const struct filing *f = w->f;
	struct str main_language = town_pack(f->town)->languages.items[0];
	struct presented p = { .town = f->town,
		.procedure = f->procedure,
		.pack_version = f->pack_version,
		.department_id = w->department_id,
		.compartment = STR("ordinary"),
		.by = &f->by,
		.answers = f->answers,
		.content = w->answers_json,
		.subject = text_in(f->procedure->name, main_language),
		.party = w->name,
		.case_number = w->out.number,
		.case_id = w->out.case_id,
		.number = &w->entry_number,
		.effect = w->out.effect,
		.files = w->files,
		.file_count = w->file_count };
	return presented_record(w->tx, &p, &w->entry);
}

static struct err *attach_files(struct work *w)
{
	struct tx *tx = w->tx;
	for (size_t i = 0; i < w->f->file_count; i++) {
		const struct filing_file *file = &w->f->files[i];
		int64_t id;
		TRY(attachment_insert(tx->db, tx->arena,
			&(struct attachment_insert_in){ .has_case_id = true,
				.case_id = w->out.case_id,
				.field = file->field,
				.file_id = file->file_id,
				.file_name = file->name,
				.at = tx->now },
			&id));
	}
	return NULL;
}

static struct err *take_attachments(struct work *w)
{
	struct tx *tx = w->tx;
	TRY(attach_files(w));
	if (!w->f->draft_id) return NULL;
	TRY(attachment_file_away(tx->db, tx->arena,
		&(struct attachment_file_away_in){ .has_case_id = true,
			.case_id = w->out.case_id,
			.draft_id = w->f->draft_id },
		NULL));
	int64_t changed = 0;
	TRY(draft_set_filed(tx->db, tx->arena,
		&(struct draft_set_filed_in){ .id = w->f->draft_id,
			.has_filed_case_id = true,
			.filed_case_id = w->out.case_id,
			.expires_at = (struct instant){ tx->now.ms + INT64_C(48) * 3600 * 1000 } },
		&changed));
	return changed == 1 ? NULL
						: ERR(tx->arena, ERR_CONFLICT, "filing.twice", "draft %lld was already filed",
							  (long long)w->f->draft_id);
}

struct err *filing_record(struct tx *tx, const struct filing *f, struct filed *ret)
{
	struct work w = { .f = f, .tx = tx };
	struct sha256 status, key;
	w.out.at = tx->now;
	w.out.effect = presented_effect(f->town, f->procedure, tx->now);
	TRY(read_input(&w));
	TRY(take_numbers(&w));
	TRY(make_codes(&w, &status, &key));
	TRY(record_party(&w));
	TRY(record_case(&w, &status, &key));
	TRY(record_entry(&w));
	TRY(take_attachments(&w));
	struct case_step step = { f->town, w.out.case_id, 1, f->by };
	TRY(step_event(tx, &step, &w.record, "case.filed"));
	TRY(notice_choose_by_form(tx, &w.record, NULL, f->answers));
	TRY(notice_add(tx, &w.record, NOTICE_FILED, w.out.registry_number));
	TRY(receipt_freeze(tx, &w.record, &w.out, &w.out.receipt_id));
	*ret = w.out;
	return NULL;
}

struct err *filing_store_answers(struct tx *tx, struct case_record *c, const struct answers *answers)
{
	struct arena *a = tx->arena;
	const struct field_answer *address = answer_with_role(answers, ROLE_PLACE_ADDRESS);
	c->row.answers = answers_to_json(a, answers, ANSWERS_FILED);
	c->row.fee = answers_fee(answers, a, c->row.lang).total;
	if (address && address->address) c->row.place = address_line(a, c->pack, address->address, c->row.lang);
	TRY(case_set_answers(tx->db, a,
		&(struct case_set_answers_in){ .id = c->row.id,
			.answers = c->row.answers,
			.place = c->row.place,
			.fee = c->row.fee },
		NULL));
	TRY(notice_choose_by_form(tx, c, c->answers, answers));
	struct case_words words = words_of(a, &c->row, answers);
	return case_words_change(tx, &c->row, &words);
}
