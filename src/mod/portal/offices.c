/* Where to go in person, and whether somebody is there now. */
#include "core/hours.h"
#include "core/page.h"
#include "mod/portal/offices.html.h"
#include "mod/portal/pages.h"
#include "mod/portal/portal.h"
#include "i18n/portal.h"

struct source_view portal_source(struct str source)
{
	if (source_is_demo(source)) return (struct source_view){ .is_demo = true };
	if (source_is_address(source)) return (struct source_view){ .href = source };
	return (struct source_view){ .text = source };
}

static struct str degrees(struct arena *a, int32_t e7)
{
	return arena_printf(a, "%s%d.%07d", e7 < 0 ? "-" : "", abs(e7) / 10000000, abs(e7) % 10000000);
}

static struct str map_href(struct arena *a, const struct office *o)
{
	if (!o->has_point) return STR_NONE;
	struct str lat = degrees(a, o->latitude_e7), lon = degrees(a, o->longitude_e7);
	return arena_printf(a, "https://www.openstreetmap.org/?mlat=%.*s&mlon=%.*s#map=18/%.*s/%.*s",
		STR_FMT(lat), STR_FMT(lon), STR_FMT(lat), STR_FMT(lon));
}

static struct tag_view state_of(struct request *r, const struct pack *pack, const struct openings *hours)
{
	struct clock_time now = zone_clock(r->town->zone, r->now);
	struct hours_now at = hours_now(hours, &pack->calendar, zone_date(r->town->zone, r->now),
		now.hour * 60 + now.minute);
	enum part_tone tone = TONE_PLAIN;
	if (at.state == HOURS_OPEN) tone = TONE_OK;
	if (at.state == HOURS_CLOSING) tone = TONE_WARN;
	return (struct tag_view){ tone, hours_now_words(r->arena, r->lang, &at), STR("clock") };
}

static struct str walk_in_words(struct str lang, const struct office *o)
{
	if (o->takes_walk_ins && o->takes_appointments) return i18n_text(lang, MSG_PORTAL_OFFICE_BOTH);
	if (o->takes_appointments) return i18n_text(lang, MSG_PORTAL_OFFICE_APPOINTMENT);
	if (o->takes_walk_ins) return i18n_text(lang, MSG_PORTAL_OFFICE_WALK_IN);
	return STR_NONE;
}

static struct str department_names(struct request *r, const struct pack *pack, const struct office *o)
{
	struct buf out = buf_new(r->arena, 2000);
	for (size_t i = 0; i < o->departments.count; i++) {
		const struct department *d = pack_department(pack, o->departments.items[i]);
		if (!d) continue;
		if (out.n) buf_add(&out, STR(", "));
		buf_add(&out, text_in(d->name, r->lang));
	}
	return buf_str(&out);
}

static struct office_line line_of(struct request *r, const struct pack *pack, const struct office *o)
{
	const struct openings *hours = o->hours.count ? &o->hours : &pack->hours;
	struct str mail = o->mail;
	return (struct office_line){ .id = o->id,
		.name = text_in(o->name, r->lang),
		.address = text_in(o->address, r->lang),
		.note = text_in(o->note, r->lang),
		.hours = hours_words(r->arena, r->lang, hours),
		.state = state_of(r, pack, hours),
		.walk_ins = walk_in_words(r->lang, o),
		.map_href = map_href(r->arena, o),
		.phone = o->phone,
		.phone_href = page_phone_href(r->arena, pack, o->phone),
		.mail = mail,
		.mail_href = str_is_empty(mail) ? STR_NONE : arena_printf(r->arena, "mailto:%.*s", STR_FMT(mail)),
		.departments = department_names(r, pack, o),
		.source = portal_source(o->source) };
}

static bool is_among(const struct str_list *ids, struct str id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (str_eq(ids->items[i], id)) return true;
	return false;
}

struct office_lines portal_offices(struct request *r, const struct str_list *only)
{
	const struct pack *pack = town_pack(r->town);
	struct office_lines lines = { ARENA_ARRAY(r->arena, struct office_line, pack->offices.count), 0 };
	for (size_t i = 0; i < pack->offices.count; i++) {
		const struct office *o = &pack->offices.items[i];
		if (!only || is_among(only, o->id)) lines.items[lines.count++] = line_of(r, pack, o);
	}
	return lines;
}

struct err *portal_offices_page(struct request *r, struct response *out)
{
	struct view *v = page_view(r);
	struct offices_view view = { .page = page_citizen(r, i18n_text(r->lang, MSG_PORTAL_OFFICES_TITLE)),
		.offices = portal_offices(r, NULL) };
	page_crumb(r, &view.page, i18n_text(r->lang, MSG_PORTAL_OFFICES_TITLE), STR_NONE);
	offices_html(v, &view);
	out->cache = CACHE_REVALIDATE;
	page_send(out, v);
	return NULL;
}
