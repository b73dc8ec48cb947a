/* Samples that more than one page shows. Their words are the guide's own; what they become is the templates' affair. */
#include "mod/styleguide/pages.h"

static const struct instant sample_at = { INT64_C(1795538520000) }; /* a Tuesday in November 2026 */

struct str guide_text(const struct request *r, enum message m) { return i18n_text(r->lang, m); }

struct guide_head guide_head(struct request *r)
{
	static const struct {
		const char *href;
		enum message text;
	} pages[] = {
		{ "/estilo", MSG_STYLEGUIDE_BASE },
		{ "/estilo/formularios", MSG_STYLEGUIDE_FORMS },
		{ "/estilo/expediente", MSG_STYLEGUIDE_CASE },
		{ "/estilo/oficina", MSG_STYLEGUIDE_OFFICE },
	};
	size_t count = sizeof(pages) / sizeof(pages[0]);
	struct guide_links links = { ARENA_ARRAY(r->arena, struct guide_link, count), count };
	for (size_t i = 0; i < count; i++)
		links.items[i] = (struct guide_link){ str_of(pages[i].href), guide_text(r, pages[i].text),
			str_eq(r->path, str_of(pages[i].href)) };
	return (
		struct guide_head){ guide_text(r, MSG_STYLEGUIDE_TITLE), guide_text(r, MSG_STYLEGUIDE_LEAD), links };
}

struct page_view guide_page(struct request *r)
{
	struct page_view page = page_citizen(r, guide_text(r, MSG_STYLEGUIDE_TITLE));
	page.is_hidden = true;
	page_crumb(r, &page, guide_text(r, MSG_STYLEGUIDE_TITLE), STR("/estilo"));
	struct guide_links links = guide_head(r).pages;
	for (size_t i = 0; i < links.count; i++)
		if (links.items[i].is_current) page_crumb(r, &page, links.items[i].text, STR_NONE);
	return page;
}

/* --- questions ------------------------------------------------------------------------------------------------------ */

static struct form_choices choices_of(struct request *r, struct str id)
{
	struct form_choices list = { ARENA_ARRAY(r->arena, struct form_choice, 2), 2 };
	list.items[0] = (struct form_choice){ arena_printf(r->arena, "%.*s-1", STR_FMT(id)), STR("1"),
		guide_text(r, MSG_STYLEGUIDE_ONE), guide_text(r, MSG_STYLEGUIDE_HINT), true };
	list.items[1] = (struct form_choice){ arena_printf(r->arena, "%.*s-2", STR_FMT(id)), STR("2"),
		guide_text(r, MSG_STYLEGUIDE_TWO), STR_NONE, false };
	return list;
}

static struct form_control control_of(struct request *r, enum form_control_kind kind, bool is_wrong,
	size_t at)
{
	struct str id = arena_printf(r->arena, "p%zu", at);
	return (struct form_control){ .kind = kind,
		.id = id,
		.name = id,
		.label = guide_text(r, MSG_STYLEGUIDE_LABEL),
		.hint = guide_text(r, MSG_STYLEGUIDE_HINT),
		.error = is_wrong ? guide_text(r, MSG_STYLEGUIDE_ERROR) : STR_NONE,
		.value = is_wrong ? STR_NONE : guide_text(r, MSG_STYLEGUIDE_VALUE),
		.choices = choices_of(r, id),
		.empty_choice = guide_text(r, MSG_STYLEGUIDE_CHOOSE),
		.day = STR("15"),
		.month = STR("12"),
		.year = STR("2026"),
		.files = kind == CONTROL_FILE ? guide_files(r) : (struct file_rows){ NULL, 0 } };
}

/* Each kind as it is asked and as it is wrong; then what a line of text may have besides. */
struct guide_controls guide_controls(struct request *r)
{
	enum { KINDS = CONTROL_DATE + 1, VARIANTS = 6 };
	struct guide_controls list = { ARENA_ARRAY(r->arena, struct form_control, 2 * KINDS + VARIANTS), 0 };
	for (int kind = 0; kind < KINDS; kind++)
		for (int is_wrong = 0; is_wrong < 2; is_wrong++, list.count++)
			list.items[list.count] = control_of(r, (enum form_control_kind)kind, is_wrong != 0, list.count);
	struct form_control *more = list.items + list.count;
	for (int i = 0; i < VARIANTS; i++, list.count++)
		more[i] = control_of(r, CONTROL_TEXT, i == 1, list.count);
	more[0].unit = more[1].unit = guide_text(r, MSG_STYLEGUIDE_METRES);
	more[0].value = STR("8.5");
	more[2].is_optional = true;
	more[2].hint = STR_NONE;
	more[3].is_readonly = true;
	more[4].width = CONTROL_WIDTH_CODE;
	more[4].value = STR("7K4M-Q2XP-9B3D");
	more[5].width = CONTROL_WIDTH_10;
	return list;
}

struct error_summary_view guide_errors(struct request *r)
{
	struct error_summary_lines lines = { ARENA_ARRAY(r->arena, struct error_summary_line, 2), 2 };
	lines.items[0] = (struct error_summary_line){ STR("#p1"), guide_text(r, MSG_STYLEGUIDE_ERROR) };
	lines.items[1] = (struct error_summary_line){ STR("#p3"), guide_text(r, MSG_STYLEGUIDE_ERROR) };
	return (struct error_summary_view){ lines };
}

/* --- how a case stands ------------------------------------------------------------------------------------------------ */

struct guide_deadlines guide_deadlines(struct request *r)
{
	static const struct {
		enum deadline_tone tone;
		int days;
		bool is_natural;
	} kinds[] = {
		{ DUE_FAR, 15, false },
		{ DUE_FAR, 30, true },
		{ DUE_SOON, 1, false },
		{ DUE_TODAY, 0, false },
		{ DUE_LATE, 11, false },
		{ DUE_PAUSED, 0, false },
	};
	size_t count = sizeof(kinds) / sizeof(kinds[0]);
	struct guide_deadlines list = { ARENA_ARRAY(r->arena, struct deadline_view, count), count };
	struct str when = i18n_date(r->arena, r->lang, zone_date(r->town->zone, sample_at), I18N_BRIEF);
	for (size_t i = 0; i < count; i++)
		list.items[i] = (struct deadline_view){ kinds[i].tone, kinds[i].days, kinds[i].is_natural,
			kinds[i].tone == DUE_PAUSED ? STR_NONE : when };
	return list;
}

static struct tag_view *tag_of(struct request *r, enum part_tone tone)
{
	struct tag_view *tag = ARENA_NEW(r->arena, struct tag_view);
	*tag = (struct tag_view){ tone, guide_text(r, MSG_STYLEGUIDE_TAG), STR("clock") };
	return tag;
}

/* Running, paused, late, over. */
struct guide_clocks guide_clocks(struct request *r)
{
	enum { CLOCKS = 4, DAYS = 10 };
	static const enum strip_day days[CLOCKS][DAYS] = {
		{ STRIP_USED, STRIP_USED, STRIP_USED, STRIP_TODAY, STRIP_LEFT, STRIP_LEFT, STRIP_LEFT, STRIP_LEFT,
			STRIP_LEFT, STRIP_DUE },
		{ STRIP_USED, STRIP_PAUSED, STRIP_PAUSED, STRIP_LEFT, STRIP_LEFT, STRIP_LEFT, STRIP_LEFT, STRIP_LEFT,
			STRIP_LEFT, STRIP_DUE },
		{ STRIP_USED, STRIP_USED, STRIP_USED, STRIP_USED, STRIP_USED, STRIP_USED, STRIP_USED, STRIP_USED,
			STRIP_USED, STRIP_USED },
		{ STRIP_USED, STRIP_USED, STRIP_USED, STRIP_USED, STRIP_USED, STRIP_USED, STRIP_LEFT, STRIP_LEFT,
			STRIP_LEFT, STRIP_DUE },
	};
	static const enum part_tone tones[CLOCKS] = { TONE_PLAIN, TONE_INFO, TONE_BAD, TONE_OK };
	struct why_line *why = ARENA_NEW(r->arena, struct why_line);
	*why = (struct why_line){ .when = STR("11–18 nov"), .text = guide_text(r, MSG_STYLEGUIDE_RECEIVED) };
	struct guide_clocks list = { ARENA_ARRAY(r->arena, struct clock_view, CLOCKS), CLOCKS };
	for (int i = 0; i < CLOCKS; i++) {
		list.items[i] = (struct clock_view){ .has_deadline = true,
			.left = i == 2 ? 3 : 7,
			.left_text = guide_text(r, i == 2 ? MSG_STYLEGUIDE_LATE : MSG_STYLEGUIDE_LEFT),
			.is_over = i == CLOCKS - 1,
			.tag = i ? tag_of(r, tones[i]) : NULL,
			.has_days = true,
			.sentence = guide_text(r, MSG_STYLEGUIDE_SENTENCE),
			.why = { why, 1 },
			.is_unconfirmed = i == 0 };
		days_view_fill(r->arena, r->lang, days[i], DAYS, false, &list.items[i].days);
	}
	return list;
}

struct timeline_view guide_history(struct request *r, bool is_short)
{
	enum { ENTRIES = 3 };
	struct timeline_entry *entries = ARENA_ARRAY(r->arena, struct timeline_entry, ENTRIES);
	entries[0] = (struct timeline_entry){ .state = TIMELINE_DONE,
		.title = guide_text(r, MSG_STYLEGUIDE_RECEIVED),
		.at = sample_at,
		.who = guide_text(r, MSG_STYLEGUIDE_PERSON) };
	entries[1] = (struct timeline_entry){ .state = TIMELINE_YOU,
		.title = guide_text(r, MSG_STYLEGUIDE_WHERE_YOURS),
		.at = sample_at,
		.text = guide_text(r, MSG_STYLEGUIDE_NOTICE_TEXT),
		.href = STR("/estilo"),
		.link = guide_text(r, MSG_STYLEGUIDE_SEE) };
	entries[2] = (struct timeline_entry){ .state = TIMELINE_NEXT,
		.title = guide_text(r, MSG_STYLEGUIDE_NEXT),
		.at = INSTANT_NONE };
	return (struct timeline_view){ { entries, ENTRIES }, is_short };
}

struct message_lines guide_messages(struct request *r)
{
	struct message_lines lines = { ARENA_ARRAY(r->arena, struct message_line, 3), 3 };
	for (size_t i = 0; i < lines.count; i++)
		lines.items[i] = (struct message_line){ i == 1, i == 2, guide_text(r, MSG_STYLEGUIDE_PERSON),
			guide_text(r, MSG_STYLEGUIDE_NOTICE_TEXT), sample_at };
	return lines;
}

struct summary_view guide_summary(struct request *r, bool is_stacked)
{
	struct summary_lines rows = { ARENA_ARRAY(r->arena, struct summary_line, 2), 2 };
	rows.items[0] = (struct summary_line){ .key = guide_text(r, MSG_STYLEGUIDE_LABEL),
		.value = guide_text(r, MSG_STYLEGUIDE_VALUE),
		.change_href = is_stacked ? STR_NONE : STR("/estilo/formularios"),
		.change_what = guide_text(r, MSG_STYLEGUIDE_LABEL) };
	rows.items[1] = (struct summary_line){ .key = guide_text(r, MSG_STYLEGUIDE_CASE),
		.value = STR("AN-2026-000123"),
		.is_number = true };
	return (struct summary_view){ rows, is_stacked };
}

struct file_rows guide_files(struct request *r)
{
	struct file_rows rows = { ARENA_ARRAY(r->arena, struct file_row, 3), 3 };
	rows.items[0] = (struct file_row){ .kind = STR("PDF"),
		.name = STR("contrato.pdf"),
		.facts = guide_text(r, MSG_STYLEGUIDE_FACTS),
		.href = STR("/estilo"),
		.link = guide_text(r, MSG_STYLEGUIDE_SEE) };
	rows.items[1] = (struct file_row){ .kind = STR("JPG"),
		.name = STR("fachada.jpg"),
		.facts = guide_text(r, MSG_STYLEGUIDE_REFUSED),
		.is_bad = true };
	rows.items[2] = (struct file_row){ .kind = STR("PNG"),
		.name = STR("un-nombre-muy-largo-que-no-cabe-en-un-telefono-angosto.png"),
		.facts = guide_text(r, MSG_STYLEGUIDE_FACTS),
		.tag = tag_of(r, TONE_INFO) };
	return rows;
}

struct verify_view guide_paper(struct request *r, enum verdict verdict, enum message title, enum message lead)
{
	const struct pack *pack = town_pack(r->town);
	bool is_bad = verdict != VERDICT_VALID;
	struct str words = guide_text(r, title);
	return (struct verify_view){ .verdict = verdict,
		.is_bad = is_bad,
		.title = words,
		.lead = guide_text(r, lead),
		.icon = is_bad ? STR("shield-x") : STR("shield-check"),
		.seal = { .around = arena_printf(r->arena, "%.*s · %.*s", STR_FMT(text_in(pack->seal_name, r->lang)),
					  STR_FMT(text_in(pack->seal_legend, r->lang))),
			.below = words,
			.label = guide_text(r, MSG_STYLEGUIDE_SEAL),
			.mark = is_bad ? SEAL_CROSS : SEAL_CHECK,
			.is_bad = is_bad },
		.facts = guide_summary(r, true),
		.compare = guide_text(r, MSG_STYLEGUIDE_NOTICE_TEXT),
		.key = STR("BNN8-BNTA-4ZWS-XATQ-BF43-70QZ-NQ"),
		.checked_at = guide_text(r, MSG_STYLEGUIDE_WHEN) };
}
