/* A definition as JSON: the public sheet in the reader's words, the form with its limits and conditions. */
#include "core/definition/expr.h"
#include "core/file/file.h"
#include "core/i18n.h"
#include "core/sheet/sheet.h"
#include "mod/api/pages.h"

enum { MILLIONTHS = 1000 * 1000, SIX_PLACES = 6 };

struct writing {
	struct json_writer *w;
	struct arena *arena;
	const struct pack *pack;
	const struct procedure *procedure;
	struct str lang;
};

static void put_text(const struct writing *c, const char *key, struct text t)
{
	api_put_if(c->w, key, text_in(t, c->lang));
}

static void put_expr(const struct writing *c, const char *key, const struct expr *e)
{
	if (!e) return;
	json_key(c->w, str_of(key));
	json_open(c->w, '{');
	api_put(c->w, "source", e->source);
	json_key(c->w, STR("tree"));
	expr_json(e, c->w);
	json_close(c->w, '}');
}

/* --- the sheet ------------------------------------------------------------------------------------------------------ */

static void put_span(const struct writing *c, const char *key, const struct span *s)
{
	bool is_counted = s->unit >= SPAN_HOURS && s->unit <= SPAN_YEARS;
	json_key(c->w, str_of(key));
	json_open(c->w, '{');
	api_put(c->w, "unit", str_of(span_unit_name(s->unit)));
	if (is_counted) api_put_int(c->w, "min", s->min);
	if (is_counted) api_put_int(c->w, "max", s->max);
	api_put(c->w, "text", sheet_span(c->arena, c->lang, s));
	json_close(c->w, '}');
}

static void put_requirements(const struct writing *c, const struct requirements *list)
{
	static const char *const forms[] = { "digital", "original", "copy", "both", "nothing" };
	json_key(c->w, STR("requirements"));
	json_open(c->w, '[');
	for (size_t i = 0; i < list->count; i++) {
		const struct requirement *q = &list->items[i];
		json_open(c->w, '{');
		api_put(c->w, "id", q->id);
		api_put(c->w, "name", text_in(q->name, c->lang));
		put_text(c, "detail", q->detail);
		put_text(c, "origin", q->origin);
		api_put(c->w, "form", str_of(forms[q->form]));
		api_put_if(c->w, "field", q->field);
		put_expr(c, "when", q->when);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
}

static void put_steps(const struct writing *c, const struct sheet_steps *list)
{
	json_key(c->w, STR("steps"));
	json_open(c->w, '[');
	for (size_t i = 0; i < list->count; i++) {
		json_open(c->w, '{');
		api_put(c->w, "title", text_in(list->items[i].title, c->lang));
		api_put(c->w, "text", text_in(list->items[i].text, c->lang));
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
}

static void put_basis(const struct writing *c, const struct legal_bases *list)
{
	json_key(c->w, STR("basis"));
	json_open(c->w, '[');
	for (size_t i = 0; i < list->count; i++) {
		json_open(c->w, '{');
		api_put(c->w, "law", text_in(list->items[i].law, c->lang));
		api_put_if(c->w, "article", list->items[i].article);
		api_put_if(c->w, "url", list->items[i].url);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
}

static void put_fee(const struct writing *c, const struct fee_summary *fee)
{
	static const char *const moments[] = { "none", "on_filing", "after_assessment", "on_delivery" };
	json_key(c->w, STR("fee"));
	json_open(c->w, '{');
	api_put(c->w, "text", sheet_fee(c->arena, c->lang, c->pack, fee));
	if (fee->has_amount) api_put(c->w, "amount", money_plain(c->arena, fee->amount));
	api_put(c->w, "moment", str_of(moments[fee->moment]));
	put_text(c, "where", fee->where);
	json_close(c->w, '}');
}

static void put_silence(const struct writing *c, const struct silence *silence)
{
	static const char *const effects[] = { "unknown", "none", "negative", "positive" };
	json_key(c->w, STR("silence"));
	json_open(c->w, '{');
	api_put(c->w, "effect", str_of(effects[silence->effect]));
	put_text(c, "explanation", silence->explanation);
	api_put_bool(c->w, "is_confirmed", silence->confirmed);
	json_close(c->w, '}');
}

static void put_channels(const struct writing *c, unsigned channels)
{
	static const enum channel all[] = { CHANNEL_ONLINE, CHANNEL_IN_PERSON, CHANNEL_PHONE };
	json_key(c->w, STR("channels"));
	json_open(c->w, '[');
	for (size_t i = 0; i < 3; i++)
		if (channels & all[i]) json_add_text(c->w, str_of(channel_name(all[i])));
	json_close(c->w, ']');
}

void api_put_sheet(struct json_writer *w, struct request *r, const struct pack *pack,
	const struct procedure *p)
{
	struct writing c = { w, r->arena, pack, p, r->lang };
	const struct sheet *s = &p->sheet;
	json_key(w, STR("sheet"));
	json_open(w, '{');
	put_text(&c, "what", s->what);
	put_text(&c, "who", s->who);
	put_text(&c, "receives", s->receives);
	put_text(&c, "notes", s->notes);
	if (s->minutes > 0) api_put_int(w, "minutes", s->minutes);
	put_requirements(&c, &s->requirements);
	put_steps(&c, &s->steps);
	put_basis(&c, &s->basis);
	put_fee(&c, &s->fee);
	put_span(&c, "term", &s->term);
	put_span(&c, "correction", &s->correction);
	put_span(&c, "validity", &s->validity);
	put_silence(&c, &s->silence);
	put_channels(&c, s->channels);
	api_put_date(w, r->arena, "reviewed_on", s->reviewed_on);
	json_close(w, '}');
}

/* --- the form ------------------------------------------------------------------------------------------------------------ */

static struct str millionths(struct arena *a, int64_t n)
{
	int64_t whole = n / MILLIONTHS, rest = n % MILLIONTHS;
	struct str s = arena_printf(a, "%s%lld.%0*lld", n < 0 ? "-" : "", (long long)(whole < 0 ? -whole : whole),
		SIX_PLACES, (long long)(rest < 0 ? -rest : rest));
	while (str_ends_with(s, STR("0")))
		s.n--;
	return arena_str(a, str_ends_with(s, STR(".")) ? str_slice(s, 0, s.n - 1) : s);
}

static void put_bound(const struct writing *c, const char *key, const struct field *f, int64_t value)
{
	if (f->type == FIELD_MONEY) api_put(c->w, key, money_plain(c->arena, money_of_cents(value)));
	if (f->type == FIELD_NUMBER) api_put(c->w, key, millionths(c->arena, value));
	if (f->type == FIELD_DATE) api_put_date(c->w, c->arena, key, (struct date){ (int32_t)value });
}

static void put_options(const struct writing *c, const struct options *list)
{
	if (list->count == 0) return;
	json_key(c->w, STR("options"));
	json_open(c->w, '[');
	for (size_t i = 0; i < list->count; i++) {
		json_open(c->w, '{');
		api_put(c->w, "id", list->items[i].id);
		api_put(c->w, "label", text_in(list->items[i].label, c->lang));
		put_text(c, "hint", list->items[i].hint);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
}

static void put_part(const struct writing *c, const struct address_rule *rule)
{
	json_open(c->w, '{');
	api_put(c->w, "name", str_of(address_part_name((enum address_part)rule->part)));
	api_put(c->w, "label", text_in(rule->label, c->lang));
	api_put_bool(c->w, "is_required", rule->required);
	if (rule->or_parts.count > 0) {
		json_key(c->w, STR("unless"));
		json_open(c->w, '[');
		for (size_t i = 0; i < rule->or_parts.count; i++)
			json_add_text(c->w, rule->or_parts.items[i]);
		json_close(c->w, ']');
	}
	if (rule->max_length > 0) api_put_int(c->w, "max_length", rule->max_length);
	api_put_if(c->w, "pattern", rule->pattern);
	json_close(c->w, '}');
}

static void put_parts(const struct writing *c)
{
	json_key(c->w, STR("parts"));
	json_open(c->w, '[');
	for (size_t i = 0; i < c->pack->address.count; i++)
		put_part(c, &c->pack->address.items[i]);
	json_close(c->w, ']');
}

static void put_attachment(const struct writing *c, const struct field *f)
{
	static const enum media kinds[] = { MEDIA_PDF, MEDIA_JPEG, MEDIA_PNG, MEDIA_DXF };
	json_key(c->w, STR("accept"));
	json_open(c->w, '[');
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (f->accept & media_accepted_bit(kinds[i])) json_add_text(c->w, media_type(kinds[i]));
	json_close(c->w, ']');
	api_put_int(c->w, "max_bytes", f->max_bytes);
	api_put_int(c->w, "max_files", f->max_files);
}

static void put_fields(const struct writing *c, const char *key, const struct fields *fields);

static void put_limits(const struct writing *c, const struct field *f)
{
	bool is_text = f->type == FIELD_TEXT || f->type == FIELD_TEXTAREA;
	if (f->has_min) put_bound(c, "min", f, f->min);
	if (f->has_max) put_bound(c, "max", f, f->max);
	put_expr(c, "earliest", f->min_date);
	put_expr(c, "latest", f->max_date);
	if (is_text && f->min_length > 0) api_put_int(c->w, "min_length", f->min_length);
	if (is_text) api_put_int(c->w, "max_length", f->max_length);
	if (f->type == FIELD_NUMBER) api_put_int(c->w, "decimals", f->decimals);
	api_put_if(c->w, "pattern", f->type == FIELD_CADASTRAL_KEY ? c->pack->cadastral_mask : f->pattern);
	put_text(c, "unit", f->unit);
	put_options(c, &f->options);
	if (f->type == FIELD_ADDRESS) put_parts(c);
	if (f->type == FIELD_ATTACHMENT) put_attachment(c, f);
	if (f->type != FIELD_GROUP) return;
	api_put_int(c->w, "min_rows", f->min_rows);
	api_put_int(c->w, "max_rows", f->max_rows);
	put_fields(c, "fields", &f->fields);
}

static void put_field(const struct writing *c, const struct field *f)
{
	json_open(c->w, '{');
	api_put(c->w, "id", f->id);
	api_put(c->w, "type", str_of(field_type_name(f->type)));
	put_text(c, "label", f->label);
	put_text(c, "hint", f->hint);
	put_text(c, "text", f->text);
	put_expr(c, "when", f->when);
	if (field_type_has_answer(f->type)) {
		if (f->required_when)
			put_expr(c, "required_when", f->required_when);
		else
			api_put_bool(c->w, "is_required", f->required);
		put_limits(c, f);
	}
	json_close(c->w, '}');
}

static void put_fields(const struct writing *c, const char *key, const struct fields *fields)
{
	json_key(c->w, str_of(key));
	json_open(c->w, '[');
	for (size_t i = 0; i < fields->count; i++)
		put_field(c, &fields->items[i]);
	json_close(c->w, ']');
}

static void put_pages(const struct writing *c)
{
	const struct pages *pages = &c->procedure->form.pages;
	json_key(c->w, STR("pages"));
	json_open(c->w, '[');
	for (size_t i = 0; i < pages->count; i++) {
		const struct page *page = &pages->items[i];
		json_open(c->w, '{');
		api_put(c->w, "id", page->id);
		api_put(c->w, "title", text_in(page->title, c->lang));
		api_put(c->w, "name", text_in(page_short_name(page), c->lang));
		put_text(c, "intro", page->intro);
		put_expr(c, "when", page->when);
		put_fields(c, "fields", &page->fields);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
}

static void put_checks(const struct writing *c)
{
	const struct form_checks *checks = &c->procedure->form.checks;
	json_key(c->w, STR("checks"));
	json_open(c->w, '[');
	for (size_t i = 0; i < checks->count; i++) {
		const struct form_check *check = &checks->items[i];
		json_open(c->w, '{');
		api_put(c->w, "id", check->id);
		put_expr(c, "when", check->when);
		put_expr(c, "rule", check->rule);
		api_put(c->w, "message", text_in(check->message, c->lang));
		api_put_if(c->w, "field", check->field);
		api_put_bool(c->w, "is_warning", check->is_warning);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
}

static void put_fees(const struct writing *c)
{
	const struct fee_lines *fees = &c->procedure->fees;
	json_key(c->w, STR("fees"));
	json_open(c->w, '[');
	for (size_t i = 0; i < fees->count; i++) {
		json_open(c->w, '{');
		api_put(c->w, "id", fees->items[i].id);
		api_put(c->w, "label", text_in(fees->items[i].label, c->lang));
		put_expr(c, "when", fees->items[i].when);
		put_expr(c, "amount", fees->items[i].amount);
		json_close(c->w, '}');
	}
	json_close(c->w, ']');
}

void api_put_form(struct json_writer *w, struct request *r, const struct pack *pack,
	const struct procedure *p)
{
	struct writing c = { w, r->arena, pack, p, r->lang };
	json_key(w, STR("form"));
	json_open(w, '{');
	put_text(&c, "declaration", p->form.declaration);
	put_pages(&c);
	put_checks(&c);
	put_fields(&c, "decision", &p->form.decision);
	put_fees(&c);
	json_close(w, '}');
}
