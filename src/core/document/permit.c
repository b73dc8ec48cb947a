#include "core/document/permit.h"
#include "core/codes/code.h"
#include "core/codes/number.h"
#include "core/definition/document_fill.h"
#include "core/document/issue.h"
#include "core/document/paper.h"
#include "core/i18n.h"
#include "core/registry/registry.h"
#include "core/staff/queries.h"
#include "i18n/paper.h"

/* Series of the documents' own numbers, as printed on them. */
#define SERIES_DOCUMENT "O"

enum { SECTIONS_MAX = 30, NUMBERS = 2, FACT_NAMES = 18 };

struct making {
	struct tx *tx;
	struct arena *arena;
	const struct case_record *c;
	const struct case_decision_get_row *decision;
	const struct document *document;
	struct str lang, number;
	struct date today, valid_until;
	struct staff_by_id_row officer;
	struct document_view view;
};

/* --- facts that a body may name ------------------------------------------------------------------------------ */

static struct str post_of(const struct making *m)
{
	const struct officer *post = pack_officer(m->c->pack, m->document->officer);
	return post ? text_in(post->post, m->lang) : m->officer.post;
}

static struct str competence_of(const struct making *m)
{
	const struct officer *post = pack_officer(m->c->pack, m->document->officer);
	return post ? text_in(post->competence, m->lang) : STR_NONE;
}

static struct str long_date(const struct making *m, struct date d)
{
	return i18n_date(m->arena, m->lang, d, I18N_PLAIN);
}

static struct err *folio_of(struct making *m, struct str *ret)
{
	struct case_payment_all_rows rows;
	TRY(case_payment_all(m->tx->db, m->arena, &(struct case_payment_all_in){ .case_id = m->c->row.id },
		&rows));
	*ret = rows.count ? rows.items[rows.count - 1].folio : STR("");
	return NULL;
}

struct named {
	const char *name;
	struct str value;
};
struct named_list {
	struct named items[FACT_NAMES];
};

static struct err *name_facts(struct making *m, struct named_list *ret)
{
	const struct case_by_id_row *row = &m->c->row;
	const struct pack *pack = m->c->pack;
	struct str folio;
	TRY(folio_of(m, &folio));
	*ret = (struct named_list){ {
		{ "case.number", row->number },
		{ "case.filed_on", long_date(m, zone_date(m->c->town->zone, row->filed_at)) },
		{ "entry.number", row->registry_number },
		{ "document.number", m->number },
		{ "document.issued_on", long_date(m, m->today) },
		{ "document.valid_until", long_date(m, m->valid_until) },
		{ "town.name", text_in(pack->name, m->lang) },
		{ "town.full_name", text_in(pack->full_name, m->lang) },
		{ "town.state", text_in(pack->state, m->lang) },
		{ "department.name", m->view.department },
		{ "officer.post", post_of(m) },
		{ "officer.competence", competence_of(m) },
		{ "procedure.name", text_in(m->c->procedure->name, m->lang) },
		{ "applicant.name", row->applicant_name },
		{ "place.address", row->place },
		{ "fee.total", money_display(m->arena, row->fee, &pack->numbers) },
		{ "fee.receipt", folio },
		{ "reasons", m->decision->reasons },
	} };
	return NULL;
}

static struct str get_fact(const void *state, struct str name, struct str lang)
{
	const struct named_list *list = state;
	(void)lang;
	for (size_t i = 0; i < FACT_NAMES; i++) {
		if (str_eq(name, str_of(list->items[i].name))) return list->items[i].value;
	}
	return STR_NONE;
}

/* --- validity -------------------------------------------------------------------------------------------------- */

/* The last day on which a document issued today holds; none: it does not lapse, or nobody has said. */
static struct date valid_until(const struct making *m)
{
	const struct span *span = m->document->validity.unit != SPAN_UNKNOWN ? &m->document->validity
																		 : &m->c->procedure->sheet.validity;
	struct date d = DATE_NONE;
	switch (span->unit) {
	case SPAN_WORKING_DAYS: return calendar_add_working(town_calendar(m->c->town), m->today, span->max);
	case SPAN_CALENDAR_DAYS: return date_add_days(m->today, span->max);
	case SPAN_MONTHS: return date_add_months(m->today, span->max, NULL);
	case SPAN_YEARS: return date_add_months(m->today, span->max * 12, NULL);
	case SPAN_CURRENT_YEAR: must(date_of_ymd(date_year(m->today), 12, 31, &d)); return d;
	case SPAN_UNKNOWN:
	case SPAN_IMMEDIATE:
	case SPAN_HOURS:
	case SPAN_PERMANENT:
	case SPAN_UNIT_MAX: break;
	}
	return d;
}

/* --- from the filled body to sections -------------------------------------------------------------------------- */

/* What stands before the first "## ": a first line "# …" is what is granted in one glance, the rest stands beside it. */
static void read_opening(struct making *m, struct str opening)
{
	opening = str_trim(opening);
	if (str_starts_with(opening, STR("# "))) {
		struct str line = str_cut(&opening, '\n');
		m->view.grant_value = str_trim(str_slice(line, 2, line.n));
		opening = str_is_none(opening) ? STR("") : str_trim(opening);
	}
	m->view.grant_text = opening;
}

static void read_sections(struct making *m, struct str body)
{
	struct document_section *sections = ARENA_ARRAY(m->arena, struct document_section, SECTIONS_MAX);
	m->view.sections = sections;
	ptrdiff_t at = str_starts_with(body, STR("## ")) ? 0 : str_find(body, STR("\n## "));
	read_opening(m, at < 0 ? body : str_slice(body, 0, (size_t)at));
	while (at >= 0 && m->view.section_count < SECTIONS_MAX) {
		struct str rest = str_trim(str_slice(body, (size_t)at, body.n));
		struct str heading = str_cut(&rest, '\n');
		rest = str_is_none(rest) ? STR("") : rest;
		at = str_starts_with(rest, STR("## ")) ? 0 : str_find(rest, STR("\n## "));
		sections[m->view.section_count++] = (struct document_section){ .heading = str_trim(
																		   str_slice(heading, 3, heading.n)),
			.markdown = str_trim(at < 0 ? rest : str_slice(rest, 0, (size_t)at)) };
		body = rest;
	}
}

static void add_words(struct making *m)
{
	struct document_view *v = &m->view;
	const struct pack *pack = m->c->pack;
	struct document_number *numbers = ARENA_ARRAY(m->arena, struct document_number, NUMBERS);
	numbers[0] = (struct document_number){ i18n_text(m->lang, MSG_PAPER_DOCUMENT_NUMBER), m->number };
	numbers[1] = (struct document_number){ i18n_text(m->lang, MSG_PAPER_CASE), m->c->row.number };
	v->numbers = numbers;
	v->number_count = NUMBERS;
	v->lang = m->lang;
	v->made = m->tx->now;
	v->author = text_in(pack->full_name, m->lang);
	v->title = text_in(m->document->title, m->lang);
	v->officer = m->officer.display_name;
	v->post = post_of(m);
	v->organ = v->department;
	v->seal_line = i18n_text(m->lang, MSG_PAPER_SEAL_LINE);
	struct i18n_arg place[] = { I18N_ARG("town", text_in(pack->name, m->lang)),
		I18N_ARG("state", text_in(pack->state, m->lang)), I18N_ARG("date", long_date(m, m->today)), { 0 } };
	v->place_date = i18n_format(m->arena, m->lang, MSG_PAPER_PLACE_DATE, place);
	v->seal_date = paper_seal_date(m->arena, m->lang, m->today);
}

static struct err *begin(struct making *m, int64_t signed_by)
{
	bool found;
	TRY(staff_by_id(m->tx->db, m->arena, &(struct staff_by_id_in){ .id = signed_by }, &m->officer, &found));
	if (!found)
		return ERR(m->arena, ERR_INTERNAL, NULL, "the officer %lld is not there", (long long)signed_by);
	struct number number;
	TRY(registry_number(m->tx, m->c->town->zone, STR(SERIES_DOCUMENT), &number));
	m->number = number_format(m->arena, &number);
	m->today = zone_date(m->c->town->zone, m->tx->now);
	m->valid_until = m->document->kind == DOCUMENT_PERMIT ? valid_until(m) : DATE_NONE;
	m->view.department = m->c->department ? text_in(m->c->department->name, m->lang) : STR("");
	return NULL;
}

struct err *permit_freeze(struct tx *tx, const struct case_record *c,
	const struct case_decision_get_row *decision, struct str document, int64_t signed_by)
{
	struct making m = { .tx = tx,
		.arena = tx->arena,
		.c = c,
		.decision = decision,
		.lang = c->row.lang,
		.document = procedure_document(c->procedure, document) };
	if (!m.document)
		return ERR(tx->arena, ERR_INTERNAL, NULL, "the definition has no document %.*s", STR_FMT(document));
	/* A body that is not written in the citizen's language is read in its own, labels and all. */
	const struct document_body *body = document_body_in(m.document, m.lang);
	if (body) m.lang = body->lang;
	struct named_list named;
	TRY(begin(&m, signed_by));
	TRY(name_facts(&m, &named));
	struct document_facts facts = { get_fact, &named };
	read_sections(&m, document_fill(tx->arena, m.document, c->answers, &facts, m.lang));
	add_words(&m);
	int64_t id;
	struct document_freeze freeze = { .record = c,
		.kind = m.document->kind == DOCUMENT_PERMIT ? "permit"
			: m.document->kind == DOCUMENT_REFUSAL  ? "refusal"
													: "notice",
		.template = document,
		.title = m.view.title,
		.registry_number = m.number,
		.content = paper_write_document(tx->arena, &m.view),
		.secrets = { STR(""), STR(""),
			code_of_random(tx->arena, CODE_KEY, tx_random(tx, CODE_RANDOM_BYTES)) },
		.signed_by = signed_by,
		.valid_until = m.valid_until };
	return document_freeze(tx, &freeze, &id);
}
