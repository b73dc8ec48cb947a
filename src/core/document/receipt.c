#include "core/document/receipt.h"
#include "core/crypto/crypto.h"
#include "core/codes/code.h"
#include "core/document/issue.h"
#include "core/document/paper.h"
#include "core/file/file.h"
#include "core/file/queries.h"
#include "core/i18n.h"
#include "i18n/paper.h"

enum { FACTS_MAX = 8, FILES_MAX = 100, STEPS_MAX = 12 };

struct making {
	struct arena *arena;
	const struct case_record *c;
	const struct filed *filed;
	struct str lang;
	struct paper_fact facts[FACTS_MAX];
	size_t fact_count;
	struct receipt_view view;
};

static void add_fact(struct making *m, enum message key, struct str value, struct str note)
{
	must(m->fact_count < FACTS_MAX);
	if (!str_is_empty(value))
		m->facts[m->fact_count++] = (struct paper_fact){ i18n_text(m->lang, key), value, note,
			m->fact_count == 0 };
}

static struct str office_name(const struct making *m)
{
	const struct office *office = pack_office(m->c->pack, m->c->row.office);
	if (office) return text_in(office->name, m->lang);
	return i18n_text(m->lang, MSG_PAPER_ONLINE);
}

static struct str silence_text(const struct making *m)
{
	const struct silence *silence = &m->c->procedure->sheet.silence;
	return silence->confirmed ? text_in(silence->explanation, m->lang)
							  : i18n_text(m->lang, MSG_PAPER_SILENCE_UNKNOWN);
}

static void add_facts(struct making *m)
{
	const struct case_by_id_row *row = &m->c->row;
	struct arena *a = m->arena;
	const struct zone *zone = m->c->town->zone;
	struct str at = i18n_datetime(a, m->lang, zone, m->filed->at, I18N_LONG);
	struct date filed_on = zone_date(zone, m->filed->at);
	struct str effect = STR_NONE;
	if (!date_is_none(m->filed->effect) && m->filed->effect.days != filed_on.days)
		effect = i18n_format(a, m->lang, MSG_PAPER_COUNTS_FROM,
			(const struct i18n_arg[]){
				I18N_ARG("date", i18n_date(a, m->lang, m->filed->effect, I18N_WEEKDAY)), { 0 } });
	add_fact(m, MSG_PAPER_RECEIVED, at, effect);
	add_fact(m, MSG_PAPER_PROCEDURE, text_in(m->c->procedure->name, m->lang), STR_NONE);
	add_fact(m, MSG_PAPER_CASE, row->number, STR_NONE);
	add_fact(m, MSG_PAPER_PERSON, row->applicant_name, STR_NONE);
	add_fact(m, MSG_PAPER_PLACE, row->place, STR_NONE);
	add_fact(m, MSG_PAPER_OFFICE, office_name(m), STR_NONE);
	if (!date_is_none(m->filed->due))
		add_fact(m, MSG_PAPER_DUE, i18n_date(a, m->lang, m->filed->due, I18N_LONG), silence_text(m));
	m->view.facts = m->facts;
	m->view.fact_count = m->fact_count;
}

static struct err *add_files(struct making *m, struct tx *tx)
{
	struct attachment_of_case_rows rows;
	TRY(attachment_of_case(tx->db, m->arena, &(struct attachment_of_case_in){ .case_id = m->c->row.id },
		&rows));
	struct receipt_file *files = ARENA_ARRAY(m->arena, struct receipt_file, rows.count);
	for (size_t i = 0; i < rows.count; i++)
		files[i] = (struct receipt_file){ rows.items[i].file_name,
			file_size_text(m->arena, rows.items[i].bytes, &m->c->pack->numbers),
			hex_encode(m->arena, rows.items[i].sha256) };
	m->view.files = files;
	m->view.file_count = rows.count;
	return NULL;
}

static void add_steps(struct making *m)
{
	const struct sheet_steps *steps = &m->c->procedure->sheet.steps;
	size_t count = steps->count < STEPS_MAX ? steps->count : STEPS_MAX;
	struct receipt_step *list = ARENA_ARRAY(m->arena, struct receipt_step, count);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct receipt_step){ text_in(steps->items[i].title, m->lang),
			text_in(steps->items[i].text, m->lang), i == 0 };
	m->view.steps = list;
	m->view.step_count = count;
}

static void add_words(struct making *m)
{
	struct str lang = m->lang;
	struct receipt_view *v = &m->view;
	v->title = i18n_text(lang, MSG_PAPER_RECEIPT_TITLE);
	v->number_label = i18n_text(lang, MSG_PAPER_REGISTRY_NUMBER);
	v->number = m->filed->registry_number;
	v->files_heading = i18n_text(lang, MSG_PAPER_FILES);
	v->files_name = i18n_text(lang, MSG_PAPER_FILE_NAME);
	v->files_size = i18n_text(lang, MSG_PAPER_FILE_SIZE);
	v->files_sha256 = i18n_text(lang, MSG_PAPER_FILE_SHA256);
	v->code_heading = i18n_text(lang, MSG_PAPER_CODE_HEADING);
	v->code_text = i18n_text(lang, MSG_PAPER_CODE_TEXT);
	v->stub_text = i18n_text(lang, MSG_PAPER_STUB_TEXT);
	v->steps_heading = i18n_text(lang, MSG_PAPER_STEPS);
	v->seal_date = paper_seal_date(m->arena, lang, zone_date(m->c->town->zone, m->filed->at));
	v->seal_line = i18n_text(lang, MSG_PAPER_SEAL_LINE);
}

struct err *receipt_freeze(struct tx *tx, const struct case_record *c, const struct filed *filed,
	int64_t *ret_id)
{
	struct making m = { .arena = tx->arena, .c = c, .filed = filed, .lang = c->row.lang };
	m.view.lang = m.lang;
	m.view.author = text_in(c->pack->full_name, m.lang);
	m.view.made = filed->at;
	add_words(&m);
	add_facts(&m);
	TRY(add_files(&m, tx));
	add_steps(&m);
	struct document_freeze freeze = { .record = c,
		.kind = "receipt",
		.template = STR("receipt"),
		.title = m.view.title,
		.registry_number = filed->registry_number,
		.content = paper_write_receipt(tx->arena, &m.view),
		.secrets = { filed->status_code, filed->key,
			code_of_random(tx->arena, CODE_KEY, tx_random(tx, CODE_RANDOM_BYTES)) },
		.valid_until = DATE_NONE };
	return document_freeze(tx, &freeze, ret_id);
}
