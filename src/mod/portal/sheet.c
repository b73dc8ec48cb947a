/*
 * The public sheet of a procedure (ficha): everything the definition says about it, in the order in which people
 * ask. Values without a public source are marked as samples; nothing that is unknown is left out silently.
 */
#include "core/draft/draft.h"
#include "core/page.h"
#include "mod/portal/pages.h"
#include "mod/portal/portal.h"
#include "mod/portal/sheet.html.h"
#include "i18n/portal.h"

struct making {
	struct request *r;
	struct arena *arena;
	struct str lang;
	const struct pack *pack;
	const struct procedure *p;
};

static struct str say(const struct making *m, enum message key, const char *name, struct str value)
{
	return i18n_format(m->arena, m->lang, key,
		(const struct i18n_arg[]){ i18n_arg_text(name, value), { 0 } });
}

static struct str join(const struct making *m, struct str a, struct str b)
{
	if (str_is_empty(a)) return b;
	if (str_is_empty(b)) return a;
	return arena_printf(m->arena, "%.*s %.*s", STR_FMT(a), STR_FMT(b));
}

/* --- the four facts --------------------------------------------------------------------------------------------- */

static void add_fact(struct sheet_facts *list, struct sheet_fact fact)
{
	if (!str_is_empty(fact.value)) list->items[list->count++] = fact;
}

static struct sheet_facts facts_of(const struct making *m)
{
	const struct sheet *s = &m->p->sheet;
	struct sheet_facts list = { ARENA_ARRAY(m->arena, struct sheet_fact, 4), 0 };
	struct sheet_fact fee = { .icon = STR("coin"),
		.label = i18n_text(m->lang, MSG_PORTAL_CARD_FEE),
		.value = sheet_fee(m->arena, m->lang, m->pack, &s->fee),
		.note = sheet_fee_moment(m->lang, &s->fee),
		.is_demo = source_is_demo(s->fee.source) };
	if (m->p->fees.count > 0) {
		fee.note_href = STR("#costo");
		fee.note_link = i18n_text(m->lang, MSG_PORTAL_SHEET_HOW_COMPUTED);
	}
	add_fact(&list, fee);
	add_fact(&list,
		(struct sheet_fact){ .icon = STR("calendar"),
			.label = i18n_text(m->lang, MSG_PORTAL_SHEET_TERM),
			.value = sheet_span(m->arena, m->lang, &s->term),
			.note = text_in(s->term.note, m->lang),
			.is_demo = source_is_demo(s->term.source) });
	add_fact(&list,
		(struct sheet_fact){ .icon = STR("clock"),
			.label = i18n_text(m->lang, MSG_PORTAL_SHEET_MINUTES),
			.value = m->p->is_online ? sheet_minutes(m->arena, m->lang, s->minutes) : STR(""),
			.note = i18n_text(m->lang, MSG_PORTAL_SHEET_PAUSE) });
	struct str valid = s->validity.unit == SPAN_UNKNOWN
		? STR("")
		: say(m, MSG_PORTAL_SHEET_VALID, "span", sheet_span(m->arena, m->lang, &s->validity));
	add_fact(&list,
		(struct sheet_fact){ .icon = STR("file-certificate"),
			.label = i18n_text(m->lang, MSG_PORTAL_SHEET_RECEIVES),
			.value = text_in(s->receives, m->lang),
			.note = valid,
			.is_demo = source_is_demo(s->validity.source) });
	return list;
}

/* --- requirements ------------------------------------------------------------------------------------------------- */

static struct sheet_requirement requirement_of(const struct making *m, const struct requirement *q)
{
	struct str detail = text_in(q->detail, m->lang), origin = text_in(q->origin, m->lang);
	if (!str_is_empty(origin)) detail = join(m, detail, say(m, MSG_PORTAL_SHEET_ORIGIN, "who", origin));
	struct sheet_requirement view = { .icon = str_is_empty(q->icon) ? STR("file-text") : q->icon,
		.name = text_in(q->name, m->lang),
		.detail = join(m, detail, text_in(q->how, m->lang)),
		.source = portal_source(q->source) };
	/* What the definition says about a requirement that the town looks up says it already. */
	if (q->form != REQUIREMENT_NOTHING || str_is_empty(view.detail))
		view.form = sheet_requirement_form(m->arena, m->lang, q);
	if (q->when)
		view.when = say(m, MSG_PORTAL_SHEET_ONLY_IF, "condition",
			expr_words(m->arena, q->when, m->lang, &m->pack->numbers));
	const struct procedure *other = pack_procedure(m->pack, q->procedure);
	if (other) {
		view.href = arena_printf(m->arena, "/tramites/%.*s", STR_FMT(other->id));
		view.link = say(m, MSG_PORTAL_SHEET_GET_IT, "name", text_in(other->name, m->lang));
	}
	return view;
}

static struct sheet_requirements requirements_of(const struct making *m)
{
	const struct requirements *all = &m->p->sheet.requirements;
	struct sheet_requirements list = { ARENA_ARRAY(m->arena, struct sheet_requirement, all->count),
		all->count };
	for (size_t i = 0; i < all->count; i++)
		list.items[i] = requirement_of(m, &all->items[i]);
	return list;
}

/* --- what it costs, line by line ----------------------------------------------------------------------------------- */

static struct str bases_words(const struct making *m, const struct legal_bases *bases)
{
	struct buf out = buf_new(m->arena, 4000);
	for (size_t i = 0; i < bases->count; i++) {
		if (i > 0) buf_add(&out, STR("; "));
		buf_add(&out, sheet_basis(m->arena, m->lang, &bases->items[i]));
	}
	return buf_str(&out);
}

static struct expr_value no_answer(const void *state, const struct expr_name *name, int row)
{
	(void)state;
	(void)row;
	return name->is_constant ? name->constant : expr_none(name->type);
}

static void note_answer(void *state, const struct expr_name *name)
{
	bool *depends = state;
	*depends |= !name->is_constant;
}

/* Does it name anything that a person answers, or another line? */
static bool depends_on_answers(const struct expr *e)
{
	bool depends = false;
	expr_names(e, note_answer, &depends);
	return depends;
}

/* The amount where it does not depend on what one answers; the formula in words where it does. */
static struct sheet_fee_line fee_line_of(const struct making *m, const struct fee_line *line, bool *depends,
	struct money *total)
{
	const struct number_style *style = &m->pack->numbers;
	struct expr_env nothing = { .get = no_answer, .today = DATE_NONE, .row = -1 };
	struct expr_value amount = expr_eval(line->amount, &nothing);
	struct sheet_fee_line view = { .label = text_in(line->label, m->lang),
		.source = portal_source(line->source),
		.basis = bases_words(m, &line->basis) };
	if (amount.has && !depends_on_answers(line->amount)) {
		view.amount = money_display(m->arena, money_of_cents(amount.i), style);
		*depends |= !money_add(*total, money_of_cents(amount.i), total);
	} else {
		view.formula = expr_words(m->arena, line->amount, m->lang, style);
		*depends = true;
	}
	if (line->when) {
		view.when = say(m, MSG_PORTAL_SHEET_ONLY_IF, "condition",
			expr_words(m->arena, line->when, m->lang, style));
		*depends = true;
	}
	return view;
}

static void fill_fees(const struct making *m, struct sheet_view *v)
{
	const struct fee_lines *lines = &m->p->fees;
	bool depends = false;
	struct money total = { 0 };
	v->fees = (struct sheet_fee_lines){ ARENA_ARRAY(m->arena, struct sheet_fee_line, lines->count),
		lines->count };
	for (size_t i = 0; i < lines->count; i++)
		v->fees.items[i] = fee_line_of(m, &lines->items[i], &depends, &total);
	if (lines->count > 1 && !depends) v->fee_total = money_display(m->arena, total, &m->pack->numbers);
	v->fee_where = text_in(m->p->sheet.fee.where, m->lang);
}

static struct str constant_words(const struct making *m, const struct constant *c)
{
	const struct number_style *style = &m->pack->numbers;
	if (c->value_type == EXPR_AMOUNT) return money_display(m->arena, money_of_cents(c->value), style);
	if (c->value_type == EXPR_PERCENT)
		return arena_printf(m->arena, "%.*s %%", STR_FMT(number_display(m->arena, c->value * 100, 0, style)));
	return number_display(m->arena, c->value, 0, style);
}

/* The named figures behind formulas; where every line shows its amount they would only repeat it. */
static void fill_tariff(const struct making *m, struct sheet_view *v)
{
	const struct constants *all = &m->p->constants;
	bool has_formula = false;
	for (size_t i = 0; i < v->fees.count; i++)
		has_formula |= !str_is_empty(v->fees.items[i].formula);
	if (!has_formula) return;
	v->tariff = (struct sheet_fee_lines){ ARENA_ARRAY(m->arena, struct sheet_fee_line, all->count),
		all->count };
	for (size_t i = 0; i < all->count; i++)
		v->tariff.items[i] = (struct sheet_fee_line){ .label = text_in(all->items[i].label, m->lang),
			.amount = constant_words(m, &all->items[i]),
			.source = portal_source(all->items[i].source) };
}

/* --- the rest ------------------------------------------------------------------------------------------------------ */

static struct sheet_laws laws_of(const struct making *m)
{
	const struct legal_bases *bases = &m->p->sheet.basis;
	struct sheet_laws list = { ARENA_ARRAY(m->arena, struct sheet_law, bases->count), bases->count };
	for (size_t i = 0; i < bases->count; i++)
		list.items[i] = (struct sheet_law){ sheet_basis(m->arena, m->lang, &bases->items[i]),
			bases->items[i].url, portal_source(bases->items[i].source) };
	return list;
}

static struct sheet_stops stops_of(const struct making *m)
{
	const struct sheet_steps *steps = &m->p->sheet.steps;
	struct sheet_stops list = { ARENA_ARRAY(m->arena, struct sheet_stop, steps->count), steps->count };
	for (size_t i = 0; i < steps->count; i++)
		list.items[i] = (struct sheet_stop){ text_in(steps->items[i].title, m->lang),
			text_in(steps->items[i].text, m->lang) };
	return list;
}

static enum message silence_title(enum silence_effect effect)
{
	switch (effect) {
	case SILENCE_NEGATIVE: return MSG_PORTAL_SHEET_SILENCE_NEGATIVE;
	case SILENCE_POSITIVE: return MSG_PORTAL_SHEET_SILENCE_POSITIVE;
	case SILENCE_NONE: return MSG_PORTAL_SHEET_SILENCE_NONE;
	case SILENCE_UNKNOWN: break;
	}
	return MSG_PORTAL_SHEET_SILENCE_UNKNOWN;
}

static void fill_silence(const struct making *m, struct sheet_view *v)
{
	const struct silence *s = &m->p->sheet.silence;
	v->has_silence = m->p->sheet.term.unit != SPAN_IMMEDIATE;
	v->silence_confirmed = s->confirmed;
	/* The town's own words, or else ours. */
	v->silence_text = text_in(s->explanation, m->lang);
	if (str_is_empty(v->silence_text))
		v->silence_title = say(m, silence_title(s->effect), "term",
			sheet_span(m->arena, m->lang, &m->p->sheet.term));
	v->silence_basis = bases_words(m, &s->basis);
}

static struct str eyebrow_of(const struct making *m)
{
	const struct topic *topic = pack_topic(m->pack, m->p->topic);
	const struct department *department = pack_department(m->pack, m->p->department);
	struct str parts[2];
	size_t count = 0;
	if (topic) parts[count++] = text_in(topic->name, m->lang);
	if (department) parts[count++] = text_in(department->name, m->lang);
	return arena_join(m->arena, parts, count, STR(" · "));
}

static struct str reviewed_words(const struct making *m)
{
	const struct department *department = pack_department(m->pack, m->p->department);
	if (date_is_none(m->p->sheet.reviewed_on)) return STR_NONE;
	return i18n_format(m->arena, m->lang, MSG_PORTAL_SHEET_REVIEWED,
		(const struct i18n_arg[]){
			I18N_ARG("date", i18n_date(m->arena, m->lang, m->p->sheet.reviewed_on, I18N_PLAIN)),
			I18N_ARG("department", department ? text_in(department->name, m->lang) : m->p->department),
			{ 0 } });
}

/* Does this browser have a draft of it? Its cookie says so; what is behind it the form will see. */
static bool has_draft(const struct making *m)
{
	return !str_is_empty(request_cookie(m->r, draft_cookie_name(m->arena, m->p->id)));
}

static void fill_sheet(const struct making *m, struct sheet_view *v)
{
	const struct sheet *s = &m->p->sheet;
	v->eyebrow = eyebrow_of(m);
	v->name = text_in(m->p->name, m->lang);
	v->what = text_in(s->what, m->lang);
	v->who = text_in(s->who, m->lang);
	v->notes = text_in(s->notes, m->lang);
	v->facts = facts_of(m);
	v->requirements = requirements_of(m);
	v->steps = stops_of(m);
	fill_silence(m, v);
	fill_fees(m, v);
	fill_tariff(m, v);
	v->laws = laws_of(m);
	v->reviewed = reviewed_words(m);
	v->offices = portal_offices(m->r, &m->p->offices);
	v->has_demo = sheet_is_demo(m->p);
	if (m->p->is_online) v->start_href = arena_printf(m->arena, "/tramites/%.*s/iniciar", STR_FMT(m->p->id));
	v->has_draft = has_draft(m);
}

struct err *portal_sheet_page(struct request *r, struct response *out)
{
	struct making m = { r, r->arena, r->lang, town_pack(r->town), NULL };
	m.p = pack_procedure(m.pack, r->params[0]);
	if (!m.p) return ERR(r->arena, ERR_NOT_FOUND, NULL, "no procedure of that name");
	struct view *v = page_view(r);
	struct sheet_view view = { .page = page_citizen(r, text_in(m.p->name, r->lang)) };
	view.page.description = text_in(m.p->summary, r->lang);
	page_crumb(r, &view.page, i18n_text(r->lang, MSG_PORTAL_CATALOGUE_TITLE), STR("/tramites"));
	page_crumb(r, &view.page, view.page.title, STR_NONE);
	fill_sheet(&m, &view);
	sheet_html(v, &view);
	out->cache = CACHE_REVALIDATE;
	page_send(out, v);
	return NULL;
}
