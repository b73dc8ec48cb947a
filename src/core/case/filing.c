#include "core/case/filing.h"
#include "base/utf8.h"
#include "core/case/case_clock.h"
#include "core/case/case_words.h"
#include "core/case/step.h"
#include "core/codes/code.h"
#include "core/codes/number.h"
#include "core/crypto/crypto.h"
#include "core/document/receipt.h"
#include "core/draft/queries.h"
#include "core/file/queries.h"
#include "core/job/job.h"
#include "core/party/queries.h"
#include "core/registry/registry.h"

/* What filing gathers on its way; one per run of the commit. */
struct work {
	const struct filing *f;
	struct tx *tx;
	struct case_record record;
	struct attachment_of_draft_rows files;
	struct str answers_json, name, place;
	int64_t party_id, department_id;
	struct deadline deadline;
	bool has_deadline;
	struct fee_rows fee;
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
static struct err *known_party(struct work *w, struct str kind, struct str number)
{
	struct party_by_identity_rows rows;
	struct arena *a = w->tx->arena;
	if (str_is_empty(number)) return NULL;
	TRY(party_by_identity(w->tx->db, a,
		&(struct party_by_identity_in){ .identity_kind = kind, .identity_number = number }, &rows));
	struct str name = utf8_search_fold(a, w->name);
	for (size_t i = 0; i < rows.count && !w->party_id; i++)
		if (str_eq(utf8_search_fold(a, rows.items[i].display_name), name)) w->party_id = rows.items[i].id;
	return NULL;
}

/* The person who files: known by identity number, or new. Contact details are the newest given. */
static struct err *record_party(struct work *w)
{
	const struct answers *s = w->f->answers;
	struct arena *a = w->tx->arena;
	struct str number = role_text(s, ROLE_APPLICANT_ID), kind = identity_kind(w->f->procedure);
	struct str mail = role_text(s, ROLE_APPLICANT_MAIL), phone = role_text(s, ROLE_APPLICANT_PHONE);
	TRY(known_party(w, kind, number));
	if (w->party_id)
		return party_update_contact(w->tx->db, a,
			&(struct party_update_contact_in){ .id = w->party_id,
				.mail = mail,
				.phone = phone,
				.lang = w->f->lang },
			NULL);
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
	if (f->draft_id)
		TRY(attachment_of_draft(w->tx->db, a, &(struct attachment_of_draft_in){ .draft_id = f->draft_id },
			&w->files));
	return NULL;
}

static struct err *record_entry(struct work *w)
{
	const struct filing *f = w->f;
	struct arena *a = w->tx->arena;
	struct entry_file *files = ARENA_ARRAY(a, struct entry_file, w->files.count);
	for (size_t i = 0; i < w->files.count; i++)
		files[i] = (struct entry_file){ w->files.items[i].file_name, w->files.items[i].media_type,
			w->files.items[i].bytes, w->files.items[i].sha256 };
	struct sha256 content = sha256_of(w->answers_json);
	struct str main_language = town_pack(f->town)->languages.items[0];
	const struct regime *regime = case_regime(f->town, f->procedure);
	struct registry_facts facts = {
		.entry = { .origin = town_origin(f->town, a),
			.kind = REGISTRY_IN,
			.presented = INSTANT_NONE,
			.effect = regime ? deadline_effect_date(regime, town_calendar(f->town), f->town->zone, w->tx->now)
							 : DATE_NONE,
			.channel = f->by.channel,
			.office = or_empty(f->by.office),
			.subject = text_in(f->procedure->name, main_language),
			.party = w->name,
			.party_id = or_empty(role_text(f->answers, ROLE_APPLICANT_ID)),
			.representative = STR(""),
			.representative_id = STR(""),
			.from_body = STR(""),
			.department = f->procedure->department,
			.procedure = arena_printf(a, "%.*s@%lld", STR_FMT(f->procedure->id), (long long)f->pack_version),
			.case_number = w->out.number,
			.content_sha256 = sha256_str(&content),
			.files = files,
			.file_count = w->files.count },
		.zone = f->town->zone,
		.department_id = w->department_id,
		.compartment = STR("ordinary"),
	};
	TRY(registry_record(w->tx, &facts, &w->entry));
	w->out.registry_number = w->entry.number;
	w->out.at = w->entry.at;
	w->out.effect = facts.entry.effect;
	return NULL;
}

/* Number of the case, and its two secrets. */
static struct err *make_codes(struct work *w, struct sha256 *ret_status, struct sha256 *ret_key)
{
	struct arena *a = w->tx->arena;
	struct number number;
	TRY(registry_number(w->tx, w->f->town->zone, w->f->procedure->prefix, &number));
	w->out.number = number_format(a, &number);
	w->out.status_code = code_of_random(a, CODE_STATUS, tx_random(w->tx, CODE_RANDOM_BYTES));
	w->out.key = code_of_random(a, CODE_KEY, tx_random(w->tx, CODE_RANDOM_BYTES));
	const struct key *hash_key;
	TRY(keyring_active(w->f->town->keyring, a, KEY_CODE_HASH, STR_NONE, &hash_key));
	*ret_status = code_hash(hash_key->secret, CODE_STATUS, w->out.status_code);
	*ret_key = code_hash(hash_key->secret, CODE_KEY, w->out.key);
	return NULL;
}

static struct err *record_case(struct work *w, const struct sha256 *status, const struct sha256 *key)
{
	const struct filing *f = w->f;
	const struct state *first = procedure_first_state(f->procedure);
	struct date due = w->has_deadline ? w->deadline.due : DATE_NONE;
	struct arena *a = w->tx->arena;
	w->out.due = due;
	TRY(case_insert(w->tx->db, a,
		&(struct case_insert_in){ .number = w->out.number,
			.registry_number = w->entry.number,
			.procedure_slug = f->procedure->id,
			.pack_version_id = f->pack_version,
			.department_id = w->department_id,
			.compartment = STR("ordinary"),
			.state = first->id,
			.waits_for = STR("town"),
			.channel = f->by.channel,
			.office = or_empty(f->by.office),
			.lang = f->lang,
			.applicant_id = w->party_id,
			.applicant_name = w->name,
			.place = w->place,
			.answers = w->answers_json,
			.filed_at = w->tx->now,
			.counted_from = date_is_none(w->out.effect) ? zone_date(f->town->zone, w->tx->now)
														: w->out.effect,
			.due_on = due,
			.stage = STR("review"),
			.queue_key = date_is_none(due) ? STR("9999-12-31") : date_iso(a, due),
			.fee = w->fee.total,
			.status_code_hash = sha256_str(status),
			.key_hash = sha256_str(key) },
		&w->out.case_id));
	TRY(registry_link_case(w->tx, w->entry.id, w->out.case_id));
	return case_party_insert(w->tx->db, a,
		&(struct case_party_insert_in){ .case_id = w->out.case_id,
			.party_id = w->party_id,
			.department_id = w->department_id,
			.compartment = STR("ordinary"),
			.role = STR("applicant") },
		NULL);
}

static struct err *write_words(struct tx *tx, const struct case_by_id_row *row, const struct answers *answers)
{
	struct str texts[] = { row->applicant_name, row->place, role_text(answers, ROLE_REPRESENTED_NAME),
		role_text(answers, ROLE_PLACE_KEY), role_text(answers, ROLE_APPLICANT_ID) };
	return case_words_write(tx, row, texts, sizeof(texts) / sizeof(texts[0]));
}

static struct err *take_attachments(struct work *w)
{
	struct tx *tx = w->tx;
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
	TRY(read_input(&w));
	TRY(make_codes(&w, &status, &key));
	TRY(record_party(&w));
	TRY(record_entry(&w));
	TRY(record_case(&w, &status, &key));
	TRY(take_attachments(&w));
	struct case_step step = { f->town, w.out.case_id, 1, f->by };
	TRY(step_load(tx, &step, &w.record));
	TRY(write_words(tx, &w.record.row, f->answers));
	TRY(step_event(tx, &step, &w.record, "case.filed"));
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
	return write_words(tx, &c->row, answers);
}
