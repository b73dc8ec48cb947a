/* The first page: what do you need, who is there now, where does your case stand. */
#include "core/hours.h"
#include "core/page.h"
#include "mod/portal/home.html.h"
#include "mod/portal/pages.h"
#include "mod/portal/portal.h"
#include "i18n/portal.h"

enum { CARDS_MAX = 6, WINDOWS = 5, WINDOW_STEP = 84, HINTS = 2 };

/* The procedures that people come for, by the rank their definitions give them. */
static size_t most_used(const struct pack *pack, const struct procedure **ret, size_t max)
{
	size_t count = 0;
	for (size_t i = 0; i < pack->procedures.count; i++) {
		const struct procedure *p = pack->procedures.items[i];
		if (p->most_used <= 0) continue;
		size_t at = count < max ? count++ : max;
		for (; at > 0 && ret[at - 1]->most_used > p->most_used; at--)
			if (at < max) ret[at] = ret[at - 1];
		if (at < max) ret[at] = p;
	}
	return count;
}

static struct procedure_cards cards_of(struct request *r)
{
	const struct pack *pack = town_pack(r->town);
	const struct procedure *used[CARDS_MAX];
	size_t count = most_used(pack, used, CARDS_MAX);
	struct procedure_cards cards = { ARENA_ARRAY(r->arena, struct procedure_card, count), count };
	for (size_t i = 0; i < count; i++)
		cards.items[i] = sheet_card(r->arena, r->lang, pack, used[i]);
	return cards;
}

/* «número de mi casa», «poner un letrero»: the everyday words of the procedures most used. */
static struct str hint_of(struct request *r)
{
	const struct pack *pack = town_pack(r->town);
	const struct procedure *used[CARDS_MAX];
	size_t count = most_used(pack, used, CARDS_MAX), hints = 0;
	struct buf out = buf_new(r->arena, 500);
	for (size_t i = 0; i < count && hints < HINTS; i++) {
		if (used[i]->keywords.count == 0) continue;
		buf_printf(&out, "%s«%.*s»", hints++ ? ", " : "", STR_FMT(used[i]->keywords.items[0]));
	}
	if (out.n == 0) return i18n_text(r->lang, MSG_PORTAL_HOME_SEARCH);
	return i18n_format(r->arena, r->lang, MSG_PORTAL_HOME_HINT,
		(const struct i18n_arg[]){ I18N_ARG("examples", buf_str(&out)), { 0 } });
}

/* The town's service hours decide the title; the offices, how many windows are lit. */
static void fill_open(struct request *r, struct home_view *v)
{
	static const int order[WINDOWS] = { 2, 1, 3, 0, 4 };
	const struct pack *pack = town_pack(r->town);
	struct clock_time clock = zone_clock(r->town->zone, r->now);
	struct date today = zone_date(r->town->zone, r->now);
	size_t open = 0;
	for (size_t i = 0; i < v->offices.count; i++) {
		enum part_tone tone = v->offices.items[i].state.tone;
		open += tone == TONE_OK || tone == TONE_WARN;
	}
	struct hours_now now = hours_now(&pack->hours, &pack->calendar, today, clock.hour * 60 + clock.minute);
	v->is_open = now.state == HOURS_OPEN || now.state == HOURS_CLOSING;
	if (v->is_open)
		v->open_title = i18n_format(r->arena, r->lang, MSG_PORTAL_HOME_OPEN,
			(const struct i18n_arg[]){ I18N_ARG("time", hours_minute(r->arena, now.minute)), { 0 } });
	else
		v->open_title = hours_now_words(r->arena, r->lang, &now);
	v->open_text = i18n_format(r->arena, r->lang,
		v->is_open ? MSG_PORTAL_HOME_OPEN_TEXT : MSG_PORTAL_HOME_CLOSED_TEXT,
		(const struct i18n_arg[]){ I18N_ARG("n", open), I18N_ARG("of", v->offices.count), { 0 } });
	v->windows = (struct home_windows){ ARENA_ARRAY(r->arena, struct home_window, WINDOWS), WINDOWS };
	for (int i = 0; i < WINDOWS; i++)
		v->windows.items[i].x = i * WINDOW_STEP;
	size_t lit = open == v->offices.count ? WINDOWS : open ? open : 1; /* a dark window is a closed office */
	for (size_t i = 0; v->is_open && i < WINDOWS && i < lit; i++)
		v->windows.items[order[i]] = (struct home_window){ order[i] * WINDOW_STEP, true, i == 0 };
}

struct err *portal_home_page(struct request *r, struct response *out)
{
	struct view *v = page_view(r);
	const struct pack *pack = town_pack(r->town);
	struct home_view view = { .page = page_citizen(r, i18n_text(r->lang, MSG_PORTAL_HOME_TITLE)),
		.hint = hint_of(r),
		.procedure_count = pack->procedures.count,
		.cards = cards_of(r),
		.offices = portal_offices(r, NULL),
		.has_phone = !str_is_empty(pack->phone) };
	view.page.description = i18n_format(r->arena, r->lang, MSG_PORTAL_HOME_DESCRIPTION,
		(const struct i18n_arg[]){ I18N_ARG("town", text_in(pack->full_name, r->lang)), { 0 } });
	fill_open(r, &view);
	home_html(v, &view);
	out->cache = CACHE_REVALIDATE;
	page_send(out, v);
	return NULL;
}
