#include "core/document/issue.h"
#include "core/case/case_clock.h"
#include "core/case/step.h"
#include "core/codes/code.h"
#include "core/crypto/crypto.h"
#include "core/document/paper.h"
#include "core/document/printer.h"
#include "core/document/queries.h"
#include "core/file/file.h"
#include "core/job/job.h"
#include "core/notice/notice.h"
#include "core/pdf/pades.h"
#include "core/registry/registry.h"

enum { FORGET_AFTER_MS = 24 * 3600 * 1000, SECRETS_BYTES = 64 };

/* Key wrapping takes multiples of eight bytes: 12 + 26 + 26 is 64, and a blank stands for a missing code. */
struct err *document_secrets_wrap(struct arena *a, struct town *t, const struct document_secrets *s,
	struct str *ret_wrapped, struct str *ret_key_id, struct str *ret_key_hash)
{
	struct str plain = arena_printf(a, "%-12.*s%-26.*s%-26.*s", STR_FMT(s->status_code), STR_FMT(s->case_key),
		STR_FMT(s->document_key));
	must(plain.n == SECRETS_BYTES);
	const struct key *key;
	TRY(keyring_active(t->keyring, a, KEY_CODE_HASH, STR_NONE, &key));
	struct sha256 hash = code_hash(key->secret, CODE_KEY, s->document_key);
	TRY(keyring_wrap(t->keyring, a, plain, ret_wrapped, ret_key_id));
	*ret_key_hash = arena_str(a, sha256_str(&hash));
	return NULL;
}

struct err *document_secrets_unwrap(struct arena *a, struct town *t, struct str wrapped, struct str key_id,
	struct document_secrets *ret)
{
	struct str plain;
	TRY(keyring_unwrap(t->keyring, a, wrapped, key_id, &plain));
	*ret = (struct document_secrets){ str_trim(str_slice(plain, 0, CODE_STATUS_CHARS)),
		str_trim(str_slice(plain, CODE_STATUS_CHARS, CODE_STATUS_CHARS + CODE_KEY_CHARS)),
		str_trim(str_slice(plain, CODE_STATUS_CHARS + CODE_KEY_CHARS, SECRETS_BYTES)) };
	return NULL;
}

struct err *document_freeze(struct tx *tx, const struct document_freeze *f, int64_t *ret_id)
{
	struct arena *a = tx->arena;
	struct town *t = f->record->town;
	struct str wrapped, key_id, key_hash;
	TRY(document_secrets_wrap(a, t, &f->secrets, &wrapped, &key_id, &key_hash));
	struct sha256 content_hash = sha256_of(f->content);
	const struct key *seal;
	TRY(keyring_active(t->keyring, a, KEY_ORGAN_SEAL, STR_NONE, &seal));
	TRY(document_insert(tx->db, a,
		&(struct document_insert_in){ .case_id = f->record->row.id,
			.department_id = f->record->row.department_id,
			.compartment = f->record->row.compartment,
			.kind = str_of(f->kind),
			.template = f->template,
			.title = f->title,
			.registry_number = f->registry_number,
			.content = f->content,
			.content_hash = sha256_str(&content_hash),
			.key_hash = key_hash,
			.secrets = wrapped,
			.wrapping_key_id = key_id,
			.seal_key_id = seal->id,
			.has_signed_by = f->signed_by != 0,
			.signed_by = f->signed_by,
			.frozen_at = tx->now,
			.valid_until = f->valid_until },
		ret_id));
	struct str key = arena_printf(a, "document.issue/%lld", (long long)*ret_id);
	struct str input = arena_printf(a, "{\"document\":%lld}", (long long)*ret_id);
	/* The same work under the same key, but where it may wait for somebody else's machine. */
	struct str kind = t->timestamp ? STR("document.stamp") : STR("document.issue");
	return job_add(tx, kind, key, f->record->row.id, input, tx->now);
}

/* --- the job ------------------------------------------------------------------------------------------ */

struct issuing {
	struct town *town;
	struct document_by_id_row row;
	struct case_record record;
	struct document_secrets secrets;
	struct file_facts facts;
	const struct key *seal;
};

static struct paper_check check_of(struct arena *a, struct issuing *w)
{
	struct str key = w->secrets.document_key;
	return (struct paper_check){ .key = code_format(a, key),
		.address = town_printed_address(w->town, a, "/verificar"),
		.qr = arena_printf(a, "%.*s/verificar#%.*s", STR_FMT(w->town->public_url), STR_FMT(key)) };
}

/* The seal is that of the freezing, unless it had been retired by then (a rotation is taken over a moment later) or is
 * not to be used any more: then the one that is active now. */
static struct err *choose_seal(struct arena *a, const struct issuing *w, const struct key **ret)
{
	const struct key *key = keyring_by_id(w->town->keyring, w->row.seal_key_id);
	bool was_good = key && key->state != KEY_COMPROMISED &&
		(instant_is_none(key->until) || key->until.ms > w->row.frozen_at.ms);
	if (!was_good) return keyring_active(w->town->keyring, a, KEY_ORGAN_SEAL, STR_NONE, ret);
	*ret = key;
	return NULL;
}

static struct err *print_of(struct arena *a, struct issuing *w, struct print *ret)
{
	struct json *content;
	TRY(json_parse(a, w->row.content, &content));
	struct str lang = json_text(content, STR("lang"));
	const struct key *key;
	TRY(choose_seal(a, w, &key));
	w->seal = key;
	bool is_older = key->from.ms > w->row.frozen_at.ms; /* the paper, than the seal's use */
	*ret = (struct print){ .is_receipt = str_eq(w->row.kind, STR("receipt")),
		.content = w->row.content,
		.brand = paper_brand(a, w->town, w->record.pack, lang),
		.labels = paper_labels(lang),
		.check = check_of(a, w),
		.code = code_format(a, w->secrets.status_code),
		.case_key = code_format(a, w->secrets.case_key),
		.is_sealed_apart = key->place == KEY_IN_TOKEN,
		.seal_private_pem = key->secret,
		.seal_certificates_pem = key->public_key,
		.claimed = is_older ? key->from : w->row.frozen_at };
	if (ret->is_receipt)
		ret->check.qr = arena_printf(a, "%.*s/estado#%.*s", STR_FMT(w->town->public_url),
			STR_FMT(w->secrets.status_code));
	return NULL;
}

/* In the confined printer where there is one (serve); tools and the demonstration print in their own process. */
static struct err *render(struct arena *a, const struct town *t, const struct print *job, struct str *ret)
{
	if (t->printer) return printer_print(t->printer, a, job, ret);
	if (!t->press) return ERR(a, ERR_UNAVAILABLE, NULL, "there is neither printer nor press here");
	return print_run(a, t->press, seal_shelf_new(a), job, ret);
}

/* A seal in a token is set here: the printer reaches nothing, and here nothing is laid out. While the token is away
 * the job fails and is tried again. */
static struct err *print(struct arena *a, struct issuing *w, struct str *ret)
{
	struct print job;
	struct str pdf;
	struct seal_key *seal;
	TRY(print_of(a, w, &job));
	TRY(render(a, w->town, &job, &pdf));
	if (!job.is_sealed_apart) {
		*ret = pdf;
		return NULL;
	}
	TRY(seal_key_load_token(a, w->seal->uri, w->seal->public_key, &seal));
	return pades_seal(a, pdf, seal, job.claimed, ret);
}

static bool leaves_off(void *jobs) { return jobs_are_stopping(jobs); }

/* The time stamp that the town asks for: without it nothing is issued. Asked for here, as the printer reaches no network,
 * and held against the machine's clock, also where the town's is a virtual one. */
static struct err *stamp(struct arena *a, const struct town *t, struct str sealed, struct str *ret)
{
	struct str token;
	struct timestamp_call call = { .machine_now = town_machine_now,
		.leaves_off = leaves_off,
		.state = t->jobs };
	*ret = sealed;
	if (!t->timestamp) return NULL;
	TRY(pades_signature(a, sealed, &call.bytes));
	TRY(timestamp_get(a, t->timestamp, &call, &token));
	return pades_stamp(a, sealed, token, ret);
}

/* What goes out is entered in the registry, like what comes in; and whoever wishes it is told. */
static struct err *record_outgoing(struct tx *tx, struct issuing *w)
{
	const struct case_by_id_row *row = &w->record.row;
	struct entry_file file = { w->row.title, STR("application/pdf"), w->facts.bytes, w->facts.sha256 };
	struct registry_facts facts = {
		.entry = { .origin = town_origin(w->town, tx->arena),
			.kind = REGISTRY_OUT,
			.presented = INSTANT_NONE,
			.effect = DATE_NONE,
			.channel = STR("system"),
			.office = STR(""),
			.subject = w->row.title,
			.party = row->applicant_name,
			.party_id = STR(""),
			.representative = STR(""),
			.representative_id = STR(""),
			.from_body = STR(""),
			.department = w->record.procedure->department,
			.procedure = arena_printf(tx->arena, "%.*s@%lld", STR_FMT(row->procedure_slug),
				(long long)row->pack_version_id),
			.case_number = row->number,
			.content_sha256 = w->facts.sha256,
			.files = &file,
			.file_count = 1 },
		.zone = w->town->zone,
		.department_id = row->department_id,
		.compartment = row->compartment,
		.case_id = row->id,
	};
	struct registry_entry entry;
	TRY(registry_record(tx, &facts, &entry));
	return notice_add(tx, &w->record, case_is_paid(&w->record) ? NOTICE_DECIDED : NOTICE_PAYMENT_DUE,
		entry.number);
}

static struct err *issue_commit(struct tx *tx, void *input)
{
	struct issuing *w = input;
	int64_t file_id, changed = 0;
	TRY(file_record(tx, w->town, &w->facts, MEDIA_PDF, FILE_OWN, &file_id));
	TRY(document_issue(tx->db, tx->arena,
		&(struct document_issue_in){ .id = w->row.id,
			.file_id = file_id,
			.has_file_id = true,
			.sha256 = w->facts.sha256,
			.seal_key_id = w->seal->id,
			.issued_at = tx->now },
		&changed));
	if (changed != 1)
		return ERR(tx->arena, ERR_CONFLICT, NULL, "document %lld was issued meanwhile", (long long)w->row.id);
	bool is_receipt = str_eq(w->row.kind, STR("receipt"));
	if (!is_receipt) TRY(record_outgoing(tx, w));
	struct case_step step = { w->town, w->record.row.id, w->record.row.revision, case_by_system };
	TRY(step_event(tx, &step, &w->record, is_receipt ? "receipt.issued" : "document.issued"));
	struct str key = arena_printf(tx->arena, "document.forget/%lld", (long long)w->row.id);
	struct str forget = arena_printf(tx->arena, "{\"document\":%lld}", (long long)w->row.id);
	return job_add(tx, STR("document.forget"), key, w->record.row.id, forget,
		(struct instant){ tx->now.ms + FORGET_AFTER_MS });
}

static struct err *document_of_job(struct job_context *j, int64_t *ret)
{
	const struct json *id = json_get(j->input, STR("document"));
	if (!id || id->kind != JSON_INT) return ERR(j->arena, ERR_INTERNAL, NULL, "the job names no document");
	*ret = id->i;
	return NULL;
}

static struct err *load(struct issuing *w, struct db *db, struct arena *a, int64_t id, bool *ret_frozen)
{
	bool found;
	TRY(document_by_id(db, a, &(struct document_by_id_in){ .id = id }, &w->row, &found));
	if (!found) return ERR(a, ERR_NOT_FOUND, NULL, "no document %lld", (long long)id);
	*ret_frozen = str_eq(w->row.state, STR("frozen"));
	if (!*ret_frozen) return NULL;
	TRY(case_load(w->town, db, a, w->row.case_id, &w->record));
	return document_secrets_unwrap(a, w->town, w->row.secrets, w->row.wrapping_key_id, &w->secrets);
}

struct err *document_print(struct town *t, struct db *db, struct arena *a, int64_t id, struct print *ret)
{
	struct issuing w = { .town = t };
	bool is_frozen;
	TRY(load(&w, db, a, id, &is_frozen));
	if (!is_frozen) return ERR(a, ERR_GONE, NULL, "document %lld is printed already", (long long)id);
	return print_of(a, &w, ret);
}

static struct err *issue_job(struct job_context *j)
{
	struct issuing w = { .town = j->town };
	int64_t id;
	bool is_frozen;
	TRY(document_of_job(j, &id));
	TRY(load(&w, j->db, j->arena, id, &is_frozen));
	if (!is_frozen) return NULL; /* an earlier try came to its end */
	struct str sealed;
	TRY(print(j->arena, &w, &sealed));
	TRY(stamp(j->arena, j->town, sealed, &sealed));
	/* Stored again after an interruption: the first copy has no row and is collected as an orphan. */
	TRY(file_store(j->town->files, j->arena, sealed, &w.facts));
	return job_commit(j, issue_commit, &w);
}

static struct err *forget_commit(struct tx *tx, void *input)
{
	const int64_t *id = input;
	return document_forget_secrets(tx->db, tx->arena, &(struct document_forget_secrets_in){ .id = *id },
		NULL);
}

static struct err *forget_job(struct job_context *j)
{
	int64_t id;
	TRY(document_of_job(j, &id));
	return job_commit(j, forget_commit, &id);
}

struct err *document_revoke_issued(struct tx *tx, const struct case_step *step, int64_t document_id,
	struct str reason)
{
	struct case_record c;
	TRY(step_load(tx, step, &c));
	int64_t changed = 0;
	TRY(document_revoke(tx->db, tx->arena,
		&(struct document_revoke_in){ .id = document_id,
			.case_id = c.row.id,
			.revoked_at = tx->now,
			.revoked_reason = reason },
		&changed));
	if (changed != 1)
		return ERR(tx->arena, ERR_CONFLICT, "case.not-now", "document %lld is not issued",
			(long long)document_id);
	return step_event(tx, step, &c, "document.revoked");
}

const struct module document_module = {
	.name = "document",
	.jobs = (const struct job_kind[]){ { "document.issue", issue_job, 20, 2, 0 },
		{ "document.forget", forget_job, 5, 60, 0 }, { 0 } },
};

/* A second, two, four …, from the twelfth try on every 34 minutes for four days: that long after a server's return, at
 * most, the last paper is out. */
const struct module stamp_module = {
	.name = "stamp",
	.jobs_lane = JOB_LANE_STAMP,
	.jobs = (const struct job_kind[]){ { "document.stamp", issue_job, 180, 1, 0 }, { 0 } },
};
