#include "core/page.h"
#include "core/crypto/crypto.h"
#include "core/hours.h"
#include "core/module.h"
#include "i18n/page.h"

enum { PAGE_MAX = 16 * 1024 * 1024, CRUMBS_MAX = 6, STYLE_HASH_CHARS = 12 };

/* --- the town's side ------------------------------------------------------------------------------------------ */

struct str page_stylesheet(struct arena *a, const struct pack *pack)
{
	struct sha256 hash = sha256_of(look_css(a, &pack->look, pack->slug));
	struct str hex = hex_encode(a, sha256_str(&hash));
	return arena_printf(a, "/activos/municipio/%.*s.css", STYLE_HASH_CHARS, hex.p);
}

static struct str one_char(struct arena *a, char c) { return c ? arena_printf(a, "%c", c) : STR(""); }

struct locale page_locale(struct arena *a, const struct pack *pack)
{
	const struct number_style *style = &pack->numbers;
	return (struct locale){ .name = pack->slug,
		.decimal = one_char(a, style->decimal),
		.group = one_char(a, style->thousands),
		.currency = style->currency,
		.currency_first = !style->currency_after };
}

struct str page_text(struct request *r, struct str id)
{
	return text_in(pack_text(town_pack(r->town), id), r->lang);
}

/* The pack's mark with the class that the style sheet sizes; the name stands beside it, so it is decoration. */
static struct html logo_of(struct arena *a, const struct look *look)
{
	struct str svg = look->logo_svg;
	ptrdiff_t at = str_find(svg, STR("<svg"));
	if (at < 0) return (struct html){ STR_NONE };
	struct str rest = str_slice(svg, (size_t)at + 4, svg.n);
	return html_of_generated(arena_printf(a,
		"<svg class=\"brand__mark\" aria-hidden=\"true\" focusable=\"false\"%.*s", STR_FMT(rest)));
}

struct str page_phone_href(struct arena *a, const struct pack *pack, struct str phone)
{
	struct buf digits = buf_new(a, 64);
	if (str_is_empty(phone)) return STR_NONE;
	for (size_t i = 0; i < phone.n; i++)
		if ((phone.p[i] >= '0' && phone.p[i] <= '9') || phone.p[i] == '+') buf_add_char(&digits, phone.p[i]);
	struct str number = buf_str(&digits);
	bool is_national = (int)number.n >= pack->phone_digits && !str_starts_with(number, STR("+"));
	return arena_printf(a, "tel:%.*s%.*s", STR_FMT(is_national ? pack->phone_prefix : STR("")),
		STR_FMT(number));
}

static struct str language_name(struct str code)
{
	if (str_eq(code, STR("es"))) return STR("español");
	if (str_eq(code, STR("en"))) return STR("English");
	if (str_eq(code, STR("eu"))) return STR("euskara");
	return code;
}

static struct look_languages languages_of(const struct request *r, const struct pack *pack)
{
	struct look_languages list = { ARENA_ARRAY(r->arena, struct look_language, pack->languages.count),
		pack->languages.count };
	for (size_t i = 0; i < list.count; i++) {
		struct str code = pack->languages.items[i];
		list.items[i] = (struct look_language){ code, language_name(code), str_eq(code, r->lang) };
	}
	return list;
}

/* --- navigation ------------------------------------------------------------------------------------------------- */

struct nav_row {
	enum message text;
	const char *href;
	const char *parts[4]; /* beginnings of the paths that belong to it */
};
static const struct nav_row nav_rows[] = {
	{ MSG_PAGE_NAV_PROCEDURES, "/tramites", { "/tramites", "/continuar" } },
	{ MSG_PAGE_NAV_MINE, "/mis-tramites", { "/mis-tramites", "/expedientes", "/estado" } },
	{ MSG_PAGE_NAV_VERIFY, "/verificar", { "/verificar" } },
	{ MSG_PAGE_NAV_OFFICES, "/oficinas", { "/oficinas" } },
};

static bool is_below(struct str path, struct str part)
{
	return str_starts_with(path, part) && (path.n == part.n || path.p[part.n] == '/');
}

static struct look_links nav_of(const struct request *r)
{
	enum { COUNT = sizeof(nav_rows) / sizeof(nav_rows[0]) };
	struct look_links links = { ARENA_ARRAY(r->arena, struct look_link, COUNT), COUNT };
	for (size_t i = 0; i < COUNT; i++) {
		const struct nav_row *row = &nav_rows[i];
		links.items[i] = (struct look_link){ .href = str_of(row->href),
			.text = i18n_text(r->lang, row->text) };
		for (int part = 0; part < 4 && row->parts[part]; part++)
			links.items[i].is_current |= is_below(r->path, str_of(row->parts[part]));
	}
	return links;
}

struct footer_row {
	enum message title;
	struct {
		enum message text;
		const char *href;
	} links[4];
};
static const struct footer_row footer_rows[] = {
	{ MSG_PAGE_FOOTER_IN_PERSON,
		{ { MSG_PAGE_FOOTER_OFFICES, "/oficinas" }, { MSG_PAGE_FOOTER_CONTINUE, "/continuar" },
			{ MSG_PAGE_FOOTER_MINE, "/mis-tramites" } } },
	{ MSG_PAGE_FOOTER_SITE,
		{ { MSG_PAGE_FOOTER_ACCESSIBILITY, "/accesibilidad" }, { MSG_PAGE_FOOTER_PRIVACY, "/privacidad" },
			{ MSG_PAGE_FOOTER_VERIFY, "/verificar" } } },
};

static struct look_groups footer_of(const struct request *r)
{
	enum { COUNT = sizeof(footer_rows) / sizeof(footer_rows[0]) };
	struct look_groups groups = { ARENA_ARRAY(r->arena, struct look_group, COUNT), COUNT };
	for (size_t i = 0; i < COUNT; i++) {
		const struct footer_row *row = &footer_rows[i];
		struct look_links links = { ARENA_ARRAY(r->arena, struct look_link, 4), 0 };
		while (links.count < 4 && row->links[links.count].href) {
			links.items[links.count] = (struct look_link){ .href = str_of(row->links[links.count].href),
				.text = i18n_text(r->lang, row->links[links.count].text) };
			links.count++;
		}
		groups.items[i] = (struct look_group){ .title = i18n_text(r->lang, row->title), .links = links };
	}
	return groups;
}

/* --- views ------------------------------------------------------------------------------------------------------ */

static struct page_look *look_of(struct request *r)
{
	struct arena *a = r->arena;
	const struct pack *pack = town_pack(r->town);
	struct page_look *look = ARENA_NEW(a, struct page_look);
	*look = (struct page_look){
		.name = text_in(pack->full_name, r->lang),
		.sub = text_in(pack->state, r->lang),
		.town = pack->slug,
		.stylesheet = page_stylesheet(a, pack),
		.logo = logo_of(a, &pack->look),
		.is_demo = r->town->is_simulated || pack->is_demo,
		.nav = nav_of(r),
		.languages = languages_of(r, pack),
		.path = r->path,
		.phone = pack->phone,
		.phone_href = page_phone_href(a, pack, pack->phone),
		.hours = hours_words(a, r->lang, &pack->hours),
		.footer = footer_of(r),
		.now = r->now,
	};
	struct str sub_lang = text_lang(pack->state, r->lang);
	if (!str_eq(sub_lang, r->lang)) look->sub_lang = sub_lang;
	return look;
}

struct view *page_view(struct request *r)
{
	struct arena *a = r->arena;
	struct view *v = ARENA_NEW(a, struct view);
	struct buf *out = ARENA_NEW(a, struct buf);
	struct locale *locale = ARENA_NEW(a, struct locale);
	*out = buf_new(a, PAGE_MAX);
	*locale = page_locale(a, town_pack(r->town));
	*v = (struct view){ .out = out,
		.arena = a,
		.lang = r->lang,
		.zone = r->town->zone,
		.locale = locale,
		.csrf = r->csrf,
		.look = look_of(r) };
	return v;
}

void page_send(struct response *out, struct view *v)
{
	struct html page;
	struct err *e = view_finish(v, &page);
	if (!e) {
		response_html(out, page);
		return;
	}
	out->status = err_http_status(e);
	response_text(out, i18n_text(v->lang, MSG_PAGE_TOO_LONG));
}

void page_send_with_map(struct request *r, struct response *out, struct view *v)
{
	out->images_from = pack_map_origin(&town_pack(r->town)->map);
	page_send(out, v);
}

struct page_view page_citizen(struct request *r, struct str title)
{
	(void)r;
	return (struct page_view){ .title = title };
}

void page_crumb(struct request *r, struct page_view *page, struct str text, struct str href)
{
	struct page_crumbs *crumbs = &page->crumbs;
	if (crumbs->count == 0) {
		crumbs->items = ARENA_ARRAY(r->arena, struct page_crumb, CRUMBS_MAX);
		crumbs->items[crumbs->count++] = (struct page_crumb){ i18n_text(r->lang, MSG_PAGE_HOME), STR("/") };
	}
	must(crumbs->count < CRUMBS_MAX);
	crumbs->items[crumbs->count++] = (struct page_crumb){ text, href };
}
