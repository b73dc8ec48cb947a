/*
 * The catalogue: words and filters narrow the town's procedures; each filter says how many it would leave. All of
 * it is a GET whose address can be kept and shared.
 */
#include "base/utf8.h"
#include "core/page.h"
#include "mod/portal/catalogue.html.h"
#include "mod/portal/pages.h"
#include "mod/portal/portal.h"
#include "mod/portal/search.h"
#include "web/form.h"
#include "i18n/portal.h"
#include "i18n/sheet.h"

enum { PAGE_ROWS = 24, QUERY_MAX = 200, TOPICS_MAX = 60, SHORT_DAYS = 5, POPULAR = 4, HREF_MAX = 4000 };

enum filter { FILTER_TOPIC, FILTER_WAY, FILTER_FEE, FILTER_TERM, FILTERS };

struct option_row {
	struct str value;
	enum message label; /* topics have their own text */
};
static const struct option_row ways[] = { { { "en-linea", 8 }, MSG_SHEET_ONLINE },
	{ { "en-persona", 10 }, MSG_SHEET_IN_PERSON }, { { "por-telefono", 12 }, MSG_SHEET_PHONE } };
static const struct option_row fees[] = { { { "gratis", 6 }, MSG_PORTAL_FILTER_FREE },
	{ { "con-costo", 9 }, MSG_PORTAL_FILTER_PAID } };
static const struct option_row terms[] = { { { "al-momento", 10 }, MSG_PORTAL_FILTER_NOW },
	{ { "hasta-5", 7 }, MSG_PORTAL_FILTER_SHORT }, { { "mas-de-5", 8 }, MSG_PORTAL_FILTER_LONG } };
#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const char *const names[FILTERS] = { "tema", "via", "costo", "plazo" };
static const enum message legends[FILTERS] = { MSG_PORTAL_FILTER_TOPIC, MSG_PORTAL_FILTER_WAY,
	MSG_PORTAL_FILTER_FEE, MSG_PORTAL_FILTER_TERM };

/* What one asked for. */
struct wish {
	struct request *r;
	const struct pack *pack;
	struct str query;
	const struct str *chosen[FILTERS];
	size_t count[FILTERS];
};

static bool is_chosen(const struct wish *w, enum filter f, struct str value)
{
	for (size_t i = 0; i < w->count[f]; i++)
		if (str_eq(w->chosen[f][i], value)) return true;
	return false;
}

/* --- which procedure an option means -------------------------------------------------------------------------- */

static bool fits_way(const struct procedure *p, struct str value)
{
	unsigned channels = p->sheet.channels;
	if (str_eq(value, ways[0].value)) return channels & CHANNEL_ONLINE;
	if (str_eq(value, ways[1].value)) return channels & CHANNEL_IN_PERSON;
	return str_eq(value, ways[2].value) && (channels & CHANNEL_PHONE);
}

static bool fits_term(const struct procedure *p, struct str value)
{
	const struct span *s = &p->sheet.term;
	bool now = s->unit == SPAN_IMMEDIATE || s->unit == SPAN_HOURS;
	bool days = s->unit == SPAN_WORKING_DAYS || s->unit == SPAN_CALENDAR_DAYS;
	if (str_eq(value, terms[0].value)) return now;
	if (str_eq(value, terms[1].value)) return now || (days && s->max <= SHORT_DAYS);
	bool is_long = (days && s->max > SHORT_DAYS) || s->unit == SPAN_MONTHS || s->unit == SPAN_YEARS;
	return str_eq(value, terms[2].value) && is_long;
}

static bool fits(const struct procedure *p, enum filter f, struct str value)
{
	switch (f) {
	case FILTER_TOPIC: return str_eq(p->topic, value);
	case FILTER_WAY: return fits_way(p, value);
	case FILTER_FEE: return str_eq(value, p->sheet.fee.is_free ? fees[0].value : fees[1].value);
	case FILTER_TERM: return fits_term(p, value);
	case FILTERS: break;
	}
	return false;
}

/* Any of a group's chosen options, in every group but `except`. */
static bool passes(const struct wish *w, const struct procedure *p, enum filter except)
{
	for (enum filter f = 0; f < FILTERS; f++) {
		bool any = w->count[f] == 0 || f == except;
		for (size_t i = 0; i < w->count[f] && !any; i++)
			any = fits(p, f, w->chosen[f][i]);
		if (!any) return false;
	}
	return true;
}

/* --- the address of a search ------------------------------------------------------------------------------------ */

static void add_pair(struct buf *out, const char *name, struct str value)
{
	buf_add_char(out, str_find_char(buf_str(out), '?') < 0 ? '?' : '&');
	buf_printf(out, "%s=", name);
	html_url_part(out, value);
}

/* The same search without one option (STR_NONE: with all), at a page (0: the first). */
static struct str href_of(const struct wish *w, enum filter without, struct str value, int64_t page)
{
	struct buf out = buf_new(w->r->arena, HREF_MAX);
	buf_add(&out, STR("/tramites"));
	if (!str_is_empty(w->query)) add_pair(&out, "q", w->query);
	for (enum filter f = 0; f < FILTERS; f++)
		for (size_t i = 0; i < w->count[f]; i++)
			if (f != without || !str_eq(w->chosen[f][i], value)) add_pair(&out, names[f], w->chosen[f][i]);
	if (page > 1) add_pair(&out, "pagina", arena_printf(w->r->arena, "%lld", (long long)page));
	return buf_str(&out);
}

/* --- the filters beside the list --------------------------------------------------------------------------------- */

static struct filter_option option(const struct wish *w, const struct search_hits *hits, enum filter f,
	struct str value, struct str label, size_t index)
{
	int count = 0;
	for (size_t i = 0; i < hits->count; i++) {
		const struct procedure *p = hits->items[i].procedure;
		count += passes(w, p, f) && fits(p, f, value);
	}
	return (struct filter_option){ .id = arena_printf(w->r->arena, "%s-%zu", names[f], index),
		.value = value,
		.label = label,
		.count = count,
		.is_chosen = is_chosen(w, f, value) };
}

/* Options that nothing has are left out, unless they are chosen. */
static void add_option(struct filter_group *group, struct filter_option o)
{
	if (o.count > 0 || o.is_chosen) group->options.items[group->options.count++] = o;
}

static void add_rows(const struct wish *w, const struct search_hits *hits, enum filter f,
	const struct option_row *rows, size_t count, struct filter_group *group)
{
	for (size_t i = 0; i < count; i++)
		add_option(group, option(w, hits, f, rows[i].value, i18n_text(w->r->lang, rows[i].label), i));
}

static struct filter_groups filters_of(const struct wish *w, const struct search_hits *hits)
{
	struct arena *a = w->r->arena;
	struct filter_groups groups = { ARENA_ARRAY(a, struct filter_group, FILTERS), 0 };
	for (enum filter f = 0; f < FILTERS; f++) {
		struct filter_group *group = &groups.items[groups.count];
		*group = (struct filter_group){ .name = str_of(names[f]),
			.legend = i18n_text(w->r->lang, legends[f]),
			.options = { ARENA_ARRAY(a, struct filter_option, TOPICS_MAX), 0 } };
		if (f == FILTER_WAY) add_rows(w, hits, f, ways, ROWS(ways), group);
		if (f == FILTER_FEE) add_rows(w, hits, f, fees, ROWS(fees), group);
		if (f == FILTER_TERM) add_rows(w, hits, f, terms, ROWS(terms), group);
		for (size_t i = 0; f == FILTER_TOPIC && i < w->pack->topics.count && i < TOPICS_MAX; i++) {
			const struct topic *t = &w->pack->topics.items[i];
			add_option(group, option(w, hits, f, t->id, text_in(t->name, w->r->lang), i));
		}
		if (group->options.count > 0) groups.count++;
	}
	return groups;
}

static struct filter_chips chips_of(const struct wish *w, const struct filter_groups *groups)
{
	size_t most = 0;
	for (size_t g = 0; g < groups->count; g++)
		most += groups->items[g].options.count;
	struct filter_chips chips = { ARENA_ARRAY(w->r->arena, struct filter_chip, most), 0 };
	for (size_t g = 0; g < groups->count; g++) {
		const struct filter_group *group = &groups->items[g];
		enum filter f = 0;
		while (!str_eq(group->name, str_of(names[f])))
			f++;
		for (size_t i = 0; i < group->options.count; i++) {
			const struct filter_option *o = &group->options.items[i];
			if (!o->is_chosen) continue;
			chips.items[chips.count++] = (struct filter_chip){ o->label, href_of(w, f, o->value, 0) };
		}
	}
	return chips;
}

/* --- the list ------------------------------------------------------------------------------------------------------ */

static struct wish wish_of(struct request *r)
{
	struct wish w = { .r = r, .pack = town_pack(r->town) };
	struct str typed = form_text(r->form, STR("q"));
	w.query = typed.n > QUERY_MAX ? utf8_cut(typed, QUERY_MAX) : typed;
	for (enum filter f = 0; f < FILTERS; f++)
		w.count[f] = form_texts(r->form, r->arena, str_of(names[f]), &w.chosen[f]);
	return w;
}

static struct search_hits passing(const struct wish *w, const struct search_hits *hits)
{
	struct search_hits left = { ARENA_ARRAY(w->r->arena, struct search_hit, hits->count), 0, hits->is_near };
	for (size_t i = 0; i < hits->count; i++)
		if (passes(w, hits->items[i].procedure, FILTERS)) left.items[left.count++] = hits->items[i];
	return left;
}

static void fill_page(const struct wish *w, const struct search_hits *hits, struct catalogue_view *v)
{
	struct request *r = w->r;
	int64_t page = 1, last = hits->count ? ((int64_t)hits->count + PAGE_ROWS - 1) / PAGE_ROWS : 1;
	(void)form_int(r->form, STR("pagina"), 1, last, &page);
	size_t from = (size_t)(page - 1) * PAGE_ROWS, to = from + PAGE_ROWS;
	if (to > hits->count) to = hits->count;
	v->cards = (struct procedure_cards){ ARENA_ARRAY(r->arena, struct procedure_card, to - from), to - from };
	for (size_t i = from; i < to; i++)
		v->cards.items[i - from] = sheet_card(r->arena, r->lang, w->pack, hits->items[i].procedure);
	if (last == 1) return;
	if (page > 1) v->pager.previous_href = href_of(w, FILTERS, STR_NONE, page - 1);
	if (page < last) v->pager.next_href = href_of(w, FILTERS, STR_NONE, page + 1);
	v->pager.text = i18n_format(r->arena, r->lang, MSG_PORTAL_CATALOGUE_RANGE,
		(const struct i18n_arg[]){ I18N_ARG("from", from + 1), I18N_ARG("to", to),
			I18N_ARG("of", hits->count), { 0 } });
}

/* Where a search finds nothing, what most people come for. */
static struct procedure_cards popular(const struct wish *w)
{
	struct procedure_cards cards = { ARENA_ARRAY(w->r->arena, struct procedure_card, POPULAR), 0 };
	for (int rank = 1; rank <= 2 * POPULAR; rank++)
		for (size_t i = 0; i < w->pack->procedures.count && cards.count < POPULAR; i++)
			if (w->pack->procedures.items[i]->most_used == rank)
				cards.items[cards.count++] = sheet_card(w->r->arena, w->r->lang, w->pack,
					w->pack->procedures.items[i]);
	return cards;
}

struct err *portal_catalogue_page(struct request *r, struct response *out)
{
	struct wish w = wish_of(r);
	struct search_hits all = search_procedures(r->arena, w.pack, w.query, r->lang), hits = passing(&w, &all);
	struct view *v = page_view(r);
	struct catalogue_view view = { .page = page_citizen(r, i18n_text(r->lang, MSG_PORTAL_CATALOGUE_TITLE)),
		.query = w.query,
		.total = w.pack->procedures.count,
		.found = hits.count,
		.is_near = hits.is_near,
		.filters = filters_of(&w, &all) };
	page_crumb(r, &view.page, view.page.title, STR_NONE);
	view.chips = chips_of(&w, &view.filters);
	view.is_search = !str_is_empty(w.query) || view.chips.count > 0;
	view.clear_href = STR("/tramites");
	view.page.is_hidden = view.is_search;
	fill_page(&w, &hits, &view);
	if (hits.count == 0) view.popular = popular(&w);
	catalogue_html(v, &view);
	out->cache = CACHE_REVALIDATE;
	page_send(out, v);
	return NULL;
}
