#include "core/sheet/sheet.h"
#include "core/i18n.h"
#include "i18n/sheet.h"

static struct str counted(struct arena *a, struct str lang, enum message key, int n)
{
	return i18n_format(a, lang, key, (const struct i18n_arg[]){ I18N_ARG("n", n), { 0 } });
}

/* The message of a unit that has a figure; false for those that are a word of their own. */
static bool unit_message(enum span_unit unit, enum message *ret)
{
	switch (unit) {
	case SPAN_HOURS: *ret = MSG_SHEET_HOURS; return true;
	case SPAN_WORKING_DAYS: *ret = MSG_SHEET_WORKING_DAYS; return true;
	case SPAN_CALENDAR_DAYS: *ret = MSG_SHEET_CALENDAR_DAYS; return true;
	case SPAN_MONTHS: *ret = MSG_SHEET_MONTHS; return true;
	case SPAN_YEARS: *ret = MSG_SHEET_YEARS; return true;
	default: return false;
	}
}

struct str sheet_span(struct arena *a, struct str lang, const struct span *s)
{
	enum message unit;
	if (unit_message(s->unit, &unit)) {
		struct str most = counted(a, lang, unit, s->max);
		if (s->min == s->max) return most;
		struct str least = arena_printf(a, "%d", s->min);
		return i18n_format(a, lang, MSG_SHEET_RANGE,
			(const struct i18n_arg[]){ I18N_ARG("from", least), I18N_ARG("to", most), { 0 } });
	}
	switch (s->unit) {
	case SPAN_IMMEDIATE: return i18n_text(lang, MSG_SHEET_IMMEDIATE);
	case SPAN_CURRENT_YEAR: return i18n_text(lang, MSG_SHEET_CURRENT_YEAR);
	case SPAN_PERMANENT: return i18n_text(lang, MSG_SHEET_PERMANENT);
	default: return i18n_text(lang, MSG_SHEET_UNKNOWN);
	}
}

struct str sheet_fee(struct arena *a, struct str lang, const struct pack *pack, const struct fee_summary *fee)
{
	if (fee->is_free) return i18n_text(lang, MSG_SHEET_FREE);
	if (fee->has_amount) return money_display(a, fee->amount, &pack->numbers);
	if (!text_is_empty(fee->summary)) return text_in(fee->summary, lang);
	return i18n_text(lang, MSG_SHEET_UNKNOWN);
}

struct str sheet_fee_moment(struct str lang, const struct fee_summary *fee)
{
	if (fee->is_free) return STR("");
	switch (fee->moment) {
	case FEE_ON_FILING: return i18n_text(lang, MSG_SHEET_PAY_ON_FILING);
	case FEE_AFTER_ASSESSMENT: return i18n_text(lang, MSG_SHEET_PAY_AFTER_ASSESSMENT);
	case FEE_ON_DELIVERY: return i18n_text(lang, MSG_SHEET_PAY_ON_DELIVERY);
	case FEE_NONE: break;
	}
	return STR("");
}

struct str sheet_channels(struct arena *a, struct str lang, unsigned channels)
{
	bool online = channels & CHANNEL_ONLINE, person = channels & CHANNEL_IN_PERSON,
		 phone = channels & CHANNEL_PHONE;
	struct str other = STR("");
	if (person && phone)
		other = i18n_format(a, lang, MSG_SHEET_OR,
			(const struct i18n_arg[]){
				I18N_ARG("a", i18n_text(lang, online ? MSG_SHEET_IN_PERSON_LOW : MSG_SHEET_IN_PERSON)),
				I18N_ARG("b", i18n_text(lang, MSG_SHEET_PHONE_LOW)), { 0 } });
	else if (person)
		other = i18n_text(lang, online ? MSG_SHEET_IN_PERSON_LOW : MSG_SHEET_IN_PERSON);
	else if (phone)
		other = i18n_text(lang, online ? MSG_SHEET_PHONE_LOW : MSG_SHEET_PHONE);
	if (!online) return str_is_empty(other) ? i18n_text(lang, MSG_SHEET_UNKNOWN) : other;
	if (str_is_empty(other)) return i18n_text(lang, MSG_SHEET_ONLINE);
	return i18n_format(a, lang, person && phone ? MSG_SHEET_ONLINE_BOTH : MSG_SHEET_ONLINE_OR,
		(const struct i18n_arg[]){ I18N_ARG("other", other), { 0 } });
}

struct str sheet_minutes(struct arena *a, struct str lang, int minutes)
{
	return minutes > 0 ? counted(a, lang, MSG_SHEET_MINUTES, minutes) : STR("");
}

struct str sheet_basis(struct arena *a, struct str lang, const struct legal_basis *b)
{
	struct str law = text_in(b->law, lang);
	if (str_is_empty(b->article)) return law;
	return i18n_format(a, lang, MSG_SHEET_ARTICLE,
		(const struct i18n_arg[]){ I18N_ARG("law", law), I18N_ARG("article", b->article), { 0 } });
}

struct str sheet_requirement_form(struct arena *a, struct str lang, const struct requirement *r)
{
	int copies = r->copies > 0 ? r->copies : 1;
	switch (r->form) {
	case REQUIREMENT_ORIGINAL: return i18n_text(lang, MSG_SHEET_ORIGINAL);
	case REQUIREMENT_COPY: return counted(a, lang, MSG_SHEET_COPIES, copies);
	case REQUIREMENT_BOTH: return counted(a, lang, MSG_SHEET_BOTH, copies);
	case REQUIREMENT_NOTHING: return i18n_text(lang, MSG_SHEET_NOTHING);
	case REQUIREMENT_DIGITAL: break;
	}
	return STR("");
}

struct procedure_card sheet_card(struct arena *a, struct str lang, const struct pack *pack,
	const struct procedure *p)
{
	const struct sheet *s = &p->sheet;
	return (struct procedure_card){
		.href = arena_printf(a, "/tramites/%.*s", STR_FMT(p->id)),
		.icon = str_is_empty(p->icon) ? STR("file-text") : p->icon,
		.name = text_in(p->name, lang),
		.summary = text_in(p->summary, lang),
		.fee = sheet_fee(a, lang, pack, &s->fee),
		.term = sheet_span(a, lang, &s->term),
		.channels = sheet_channels(a, lang, s->channels),
		.is_demo = source_is_demo(s->fee.source) || source_is_demo(s->term.source),
	};
}

static bool any_basis_is_demo(const struct legal_bases *bases)
{
	for (size_t i = 0; i < bases->count; i++)
		if (source_is_demo(bases->items[i].source)) return true;
	return false;
}

bool sheet_is_demo(const struct procedure *p)
{
	const struct sheet *s = &p->sheet;
	const struct str sources[] = { p->source, s->fee.source, s->term.source, s->validity.source,
		s->silence.source, s->what.source, s->who.source };
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (source_is_demo(sources[i])) return true;
	for (size_t i = 0; i < s->requirements.count; i++)
		if (source_is_demo(s->requirements.items[i].source)) return true;
	for (size_t i = 0; i < p->fees.count; i++)
		if (source_is_demo(p->fees.items[i].source)) return true;
	return any_basis_is_demo(&s->basis);
}
