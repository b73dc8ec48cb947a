/* /estilo/oficina: the other room, dense and quick. Nobody is signed in: the frame's words are samples. */
#include "mod/styleguide/guide_office.html.h"
#include "mod/styleguide/pages.h"

static struct look_groups rail_of(struct request *r)
{
	static const struct {
		const char *href, *icon, *count;
		enum message text;
		bool is_current, is_hot;
	} links[] = {
		{ "/estilo", "inbox", "31", MSG_STYLEGUIDE_BASE, false, false },
		{ "/estilo/formularios", "users", NULL, MSG_STYLEGUIDE_FORMS, false, false },
		{ "/estilo/expediente", "alert-triangle", "4", MSG_STYLEGUIDE_CASE, false, true },
		{ "/estilo/oficina", "signature", "99+", MSG_STYLEGUIDE_OFFICE, true, false },
	};
	size_t count = sizeof(links) / sizeof(links[0]);
	struct look_groups groups = { ARENA_NEW(r->arena, struct look_group), 1 };
	groups.items[0] = (struct look_group){ .title = guide_text(r, MSG_STYLEGUIDE_TITLE),
		.links = { ARENA_ARRAY(r->arena, struct look_link, count), count } };
	for (size_t i = 0; i < count; i++)
		groups.items[0].links.items[i] = (struct look_link){ .href = str_of(links[i].href),
			.text = guide_text(r, links[i].text),
			.icon = str_of(links[i].icon),
			.count = str_of(links[i].count),
			.is_current = links[i].is_current,
			.is_hot = links[i].is_hot };
	return groups;
}

static struct inbox_view inbox_of(struct request *r)
{
	static const enum part_tone tones[] = { TONE_WARN, TONE_WARN, TONE_INFO, TONE_OK };
	struct guide_deadlines due = guide_deadlines(r);
	struct inbox_view v = { .caption = guide_text(r, MSG_STYLEGUIDE_TABLE),
		.empty = guide_text(r, MSG_STYLEGUIDE_NOTHING),
		.rows = { ARENA_ARRAY(r->arena, struct inbox_row, due.count), due.count } };
	for (size_t i = 0; i < due.count; i++)
		v.rows.items[i] = (struct inbox_row){ .number = arena_printf(r->arena, "AN-2026-%06zu", i + 1),
			.href = STR("/estilo/expediente"),
			.procedure = guide_text(r, MSG_STYLEGUIDE_TYPE_SAMPLE),
			.who = guide_text(r, MSG_STYLEGUIDE_PERSON),
			.place = guide_text(r, MSG_STYLEGUIDE_VALUE),
			.state = guide_text(r, MSG_STYLEGUIDE_TAG),
			.due = due.items[i],
			.tone = tones[i % 4],
			.assignee = i % 2 ? guide_text(r, MSG_STYLEGUIDE_PERSON) : STR_NONE };
	return v;
}

static struct item_choices asks_of(struct request *r)
{
	struct item_choices list = { ARENA_ARRAY(r->arena, struct item_choice, 2), 2 };
	for (size_t i = 0; i < list.count; i++)
		list.items[i] = (struct item_choice){ .id = arena_printf(r->arena, "pide-%zu", i),
			.field = arena_printf(r->arena, "p%zu", i),
			.label = guide_text(r, MSG_STYLEGUIDE_LABEL),
			.value = guide_text(r, MSG_STYLEGUIDE_VALUE),
			.is_chosen = i == 1,
			.reason = i == 1 ? guide_text(r, MSG_STYLEGUIDE_NOTICE_TEXT) : STR_NONE };
	return list;
}

struct err *guide_office_page(struct request *r, struct response *out)
{
	struct view *view = page_view(r);
	struct page_look look = *view->look;
	look.unit = guide_text(r, MSG_STYLEGUIDE_BASE);
	look.staff = guide_text(r, MSG_STYLEGUIDE_PERSON);
	look.rail = rail_of(r);
	look.may_search = true;
	view->look = &look;
	struct office_key keys[] = { { STR("J"), guide_text(r, MSG_STYLEGUIDE_NEXT) },
		{ STR("Esc"), guide_text(r, MSG_STYLEGUIDE_LINK) } };
	struct guide_office_view v = { .page = { .title = guide_text(r, MSG_STYLEGUIDE_TITLE),
									   .keys = { keys, 2 } },
		.head = guide_head(r),
		.inbox = inbox_of(r),
		.deadlines = guide_deadlines(r),
		.controls = guide_controls(r),
		.history = guide_history(r, true),
		.messages = guide_messages(r),
		.clock = guide_clocks(r).items[0],
		.answers = guide_summary(r, false),
		.errors = guide_errors(r),
		.asks = asks_of(r) };
	v.empty = v.inbox;
	v.empty.rows.count = 0;
	guide_office_html(view, &v);
	page_send(out, view);
	return NULL;
}
