#include "core/case/presented.h"
#include "core/case/case_clock.h"
#include "core/i18n.h"
#include "i18n/case.h"

static struct str or_empty(struct str s) { return str_is_none(s) ? STR("") : s; }

struct date presented_effect(struct town *t, const struct procedure *procedure, struct instant now)
{
	const struct regime *regime = case_regime(t, procedure);
	return regime ? deadline_effect_date(regime, town_calendar(t), t->zone, now) : DATE_NONE;
}

struct err *presented_record(struct tx *tx, const struct presented *p, struct registry_entry *ret)
{
	struct arena *a = tx->arena;
	struct town *t = p->town;
	struct sha256 content = sha256_of(p->content);
	const struct field_answer *id = answer_with_role(p->answers, ROLE_APPLICANT_ID);
	struct registry_facts facts = {
		.entry = { .origin = town_origin(t, a),
			.kind = REGISTRY_IN,
			.presented = INSTANT_NONE,
			.effect = p->effect,
			.channel = p->by->channel,
			.office = or_empty(p->by->office),
			.subject = p->subject,
			.party = p->party,
			.party_id = or_empty(id ? id->text : STR_NONE),
			.representative = STR(""),
			.representative_id = STR(""),
			.from_body = STR(""),
			.department = p->procedure->department,
			.procedure = arena_printf(a, "%.*s@%lld", STR_FMT(p->procedure->id), (long long)p->pack_version),
			.case_number = p->case_number,
			.content_sha256 = sha256_str(&content),
			.files = p->files,
			.file_count = p->file_count },
		.zone = t->zone,
		.department_id = p->department_id,
		.compartment = p->compartment,
		.case_id = p->case_id,
		.number = p->number,
	};
	return registry_record(tx, &facts, ret);
}

/* The filing's own version, before the first correction takes its place in the case's row. */
static struct err *keep_first(struct tx *tx, const struct case_record *c)
{
	struct case_presented_all_rows rows;
	TRY(case_presented_all(tx->db, tx->arena, &(struct case_presented_all_in){ .case_id = c->row.id },
		&rows));
	if (rows.count > 0) return NULL;
	return case_presented_insert(tx->db, tx->arena,
		&(struct case_presented_insert_in){ .case_id = c->row.id,
			.registry_number = c->row.registry_number,
			.answers = c->row.answers,
			.at = c->row.filed_at },
		NULL);
}

struct err *presented_correction(struct tx *tx, const struct case_record *c, const struct case_by *by,
	const struct answers *answers, const struct entry_file *files, size_t file_count, struct str *ret_entry)
{
	struct arena *a = tx->arena;
	struct str lang = c->pack->languages.items[0];
	struct i18n_arg args[] = { I18N_ARG("procedure", text_in(c->procedure->name, lang)), { 0 } };
	struct presented p = { .town = c->town,
		.procedure = c->procedure,
		.pack_version = c->row.pack_version_id,
		.department_id = c->row.department_id,
		.compartment = c->row.compartment,
		.by = by,
		.answers = answers,
		.content = answers_to_json(a, answers, ANSWERS_FILED),
		.subject = i18n_format(a, lang, MSG_CASE_CORRECTION_SUBJECT, args),
		.party = c->row.applicant_name,
		.case_number = c->row.number,
		.case_id = c->row.id,
		.effect = presented_effect(c->town, c->procedure, tx->now),
		.files = files,
		.file_count = file_count };
	struct registry_entry entry;
	TRY(keep_first(tx, c));
	TRY(presented_record(tx, &p, &entry));
	*ret_entry = entry.number;
	return case_presented_insert(tx->db, a,
		&(struct case_presented_insert_in){ .case_id = c->row.id,
			.registry_number = entry.number,
			.answers = p.content,
			.at = tx->now },
		NULL);
}
