/* /estilo/expediente: what tells a citizen how things stand. */
#include "mod/styleguide/guide_case.html.h"
#include "mod/styleguide/pages.h"

static struct case_view where_of(struct request *r, const char *icon, enum message who, enum message where)
{
	return (struct case_view){ .who_icon = str_of(icon),
		.who = guide_text(r, who),
		.where = guide_text(r, where),
		.due_days = 10,
		.due_unit = guide_text(r, MSG_STYLEGUIDE_LEFT),
		.due_text = guide_text(r, MSG_STYLEGUIDE_WHEN) };
}

static void fill_where(struct request *r, struct guide_case_view *v)
{
	v->yours = where_of(r, "hand-stop", MSG_STYLEGUIDE_YOUR_MOVE, MSG_STYLEGUIDE_WHERE_YOURS);
	v->yours.is_yours = v->yours.has_due = true;
	v->yours.text = guide_text(r, MSG_STYLEGUIDE_NOTICE_TEXT);
	v->yours.action_href = STR("/estilo/formularios");
	v->yours.action_text = guide_text(r, MSG_STYLEGUIDE_BUTTON);
	v->ours = where_of(r, "building-bank", MSG_STYLEGUIDE_OUR_MOVE, MSG_STYLEGUIDE_WHERE_OURS);
	v->ours.has_due = true;
	v->over = where_of(r, "circle-check", MSG_STYLEGUIDE_OVER, MSG_STYLEGUIDE_WHERE_OVER);
	v->over.is_over = true;
}

static struct facts_view facts_of(struct request *r, size_t count)
{
	static const char *const marks[] = { "coin", "calendar", "clock", "file-certificate" };
	struct fact_lines facts = { ARENA_ARRAY(r->arena, struct fact_line, count), count };
	for (size_t i = 0; i < count; i++)
		facts.items[i] = (struct fact_line){ str_of(marks[i]), guide_text(r, MSG_STYLEGUIDE_LABEL),
			guide_text(r, MSG_STYLEGUIDE_TAG), i % 2 ? guide_text(r, MSG_STYLEGUIDE_HINT) : STR_NONE };
	return (struct facts_view){ facts };
}

static struct procedure_cards cards_of(struct request *r)
{
	enum { CARDS = 2 };
	const struct pack *pack = town_pack(r->town);
	struct procedure_cards cards = { ARENA_ARRAY(r->arena, struct procedure_card, CARDS), 0 };
	for (size_t i = 0; i < pack->procedures.count && cards.count < CARDS; i++)
		cards.items[cards.count++] = sheet_card(r->arena, r->lang, pack, pack->procedures.items[i]);
	return cards;
}

static struct days_view strip_of(struct request *r)
{
	static const enum strip_day days[] = { STRIP_USED, STRIP_USED, STRIP_PAUSED, STRIP_TODAY, STRIP_LEFT,
		STRIP_DUE };
	struct days_view v;
	days_view_fill(r->arena, r->lang, days, sizeof(days) / sizeof(days[0]), true, &v);
	return v;
}

struct err *guide_case_page(struct request *r, struct response *out)
{
	struct view *view = page_view(r);
	struct guide_case_view v = { .page = guide_page(r),
		.head = guide_head(r),
		.deadlines = guide_deadlines(r),
		.clocks = guide_clocks(r),
		.strip = strip_of(r),
		.history = guide_history(r, false),
		.messages = guide_messages(r),
		.files = guide_files(r),
		.answers = guide_summary(r, false),
		.data = guide_summary(r, true),
		.two = facts_of(r, 2),
		.four = facts_of(r, 4),
		.cards = cards_of(r),
		.pages = { STR("/estilo"), STR("/estilo"), guide_text(r, MSG_STYLEGUIDE_PAGER_TEXT) },
		.valid = guide_paper(r, VERDICT_VALID, MSG_STYLEGUIDE_VALID, MSG_STYLEGUIDE_PAPER_LEAD) };
	fill_where(r, &v);
	guide_case_html(view, &v);
	page_send(out, view);
	return NULL;
}
