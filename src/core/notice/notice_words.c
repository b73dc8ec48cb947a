/* What a notice says: never what was decided, never a code or a key. */
#include "core/case/case_clock.h"
#include "core/casepage/casepage.h"
#include "core/hours.h"
#include "core/mail/mail.h"
#include "core/notice/notice_content.h"
#include "i18n/core.h"
#include "i18n/notice.h"

enum { TEXTS_MAX = 4, FACTS_MAX = 4 };

/* What is being worded; `lang` is the case's. */
struct wording {
	const struct case_record *c;
	struct db *db;
	struct arena *a;
	struct instant now;
	const struct notice_by_id_row *row;
	enum notice_kind kind;
	struct str lang;
	struct notice_content *v;
	bool is_overtaken;
};

static const struct {
	enum message title, button;
	bool leads_to_status; /* with the status code, and not to the case's own page */
} kinds[NOTICE_KIND_MAX] = {
	[NOTICE_FILED] = { MSG_NOTICE_FILED_TITLE, MSG_NOTICE_SEE, true },
	[NOTICE_CORRECTION_ASKED] = { MSG_NOTICE_ASKED_TITLE, MSG_NOTICE_CORRECT, false },
	[NOTICE_CORRECTION_RECEIVED] = { MSG_NOTICE_RECEIVED_TITLE, MSG_NOTICE_SEE, false },
	[NOTICE_DECIDED] = { MSG_NOTICE_DECIDED_TITLE, MSG_NOTICE_READ, false },
	[NOTICE_PAYMENT_DUE] = { MSG_NOTICE_DUE_TITLE, MSG_NOTICE_READ, false },
	[NOTICE_PAID] = { MSG_NOTICE_PAID_TITLE, MSG_NOTICE_FETCH, false },
	[NOTICE_DELIVERED] = { MSG_NOTICE_DELIVERED_TITLE, MSG_NOTICE_SEE, false },
};

enum message notice_title(enum notice_kind kind) { return kinds[kind].title; }

struct str notice_subject(struct arena *a, const struct case_record *c, enum notice_kind kind)
{
	struct str lang = c->row.lang;
	struct i18n_arg args[] = { I18N_ARG("title", i18n_text(lang, kinds[kind].title)),
		I18N_ARG("procedure", text_in(c->procedure->name, lang)), I18N_ARG("number", c->row.number), { 0 } };
	return i18n_format(a, lang, MSG_NOTICE_SUBJECT, args);
}

static void add_text(struct wording *w, enum message m, const struct i18n_arg *args)
{
	must(w->v->text.count < TEXTS_MAX);
	w->v->text.items[w->v->text.count++] = i18n_format(w->a, w->lang, m, args);
}

static void add_fact(struct wording *w, enum message key, struct str value)
{
	must(w->v->facts.count < FACTS_MAX);
	w->v->facts.items[w->v->facts.count++] = (struct notice_fact){ i18n_text(w->lang, key), value };
}

static struct str day_words(struct wording *w, struct date d)
{
	return i18n_date(w->a, w->lang, d, I18N_LONG);
}

static struct str moment_words(struct wording *w)
{
	return i18n_datetime(w->a, w->lang, w->c->town->zone, w->row->created_at, I18N_PLAIN);
}

static struct err *word_filed(struct wording *w)
{
	struct deadline deadline;
	bool has;
	struct i18n_arg entry[] = { I18N_ARG("registry", w->row->registry_number),
		I18N_ARG("when", moment_words(w)), { 0 } };
	add_text(w, MSG_NOTICE_FILED_TEXT, entry);
	TRY(case_deadline(w->c, w->db, w->a, w->now, &deadline, &has));
	if (has && deadline.state == DEADLINE_RUNNING) {
		struct i18n_arg due[] = { I18N_ARG("date", day_words(w, deadline.due)), { 0 } };
		add_text(w, MSG_NOTICE_FILED_DUE, due);
	}
	add_text(w, MSG_NOTICE_FILED_CODE, NULL);
	return NULL;
}

/* Days as of today: when the mail was late, the number is still true. */
static struct err *word_due(struct wording *w, struct date due_on)
{
	struct deadline deadline;
	bool has;
	if (date_is_none(due_on)) return NULL;
	struct date today = zone_date(w->c->town->zone, w->now);
	int left = calendar_count_working(town_calendar(w->c->town), today, due_on);
	struct i18n_arg due[] = { I18N_ARG("date", day_words(w, due_on)), { 0 } };
	struct i18n_arg days[] = { I18N_ARG("n", left < 0 ? 0 : left), { 0 } };
	TRY(case_deadline(w->c, w->db, w->a, w->now, &deadline, &has));
	bool is_paused = has && deadline.state == DEADLINE_PAUSED;
	w->v->due = i18n_format(w->a, w->lang, MSG_NOTICE_UNTIL, due);
	w->v->due_more = arena_printf(w->a, "%.*s%.*s",
		STR_FMT(i18n_format(w->a, w->lang, MSG_NOTICE_UNTIL_DAYS, days)),
		STR_FMT(is_paused ? i18n_text(w->lang, MSG_NOTICE_UNTIL_PAUSED) : STR("")));
	return NULL;
}

static struct err *word_asked(struct wording *w)
{
	struct case_correction_open_row open;
	struct case_items items;
	bool found;
	TRY(case_correction_open(w->db, w->a, &(struct case_correction_open_in){ .case_id = w->c->row.id }, &open,
		&found));
	w->is_overtaken = !found || open.requested_at.ms != w->row->created_at.ms;
	if (w->is_overtaken) return NULL;
	TRY(case_items_parse(w->a, open.items, &items));
	w->v->text.items[w->v->text.count++] = open.reason;
	w->v->missing.items = ARENA_ARRAY(w->a, struct notice_fact, items.count);
	for (size_t i = 0; i < items.count; i++)
		w->v->missing.items[w->v->missing.count++] = (struct notice_fact){
			casepage_field_label(w->c, items.items[i].field, w->lang), items.items[i].reason
		};
	return word_due(w, open.due_on);
}

static struct err *word_kind(struct wording *w)
{
	struct i18n_arg amount[] = { I18N_ARG("amount", money_display(w->a, w->c->row.fee, &w->c->pack->numbers)),
		{ 0 } };
	struct i18n_arg entry[] = { I18N_ARG("registry", w->row->registry_number), { 0 } };
	switch (w->kind) {
	case NOTICE_FILED: return word_filed(w);
	case NOTICE_CORRECTION_ASKED: return word_asked(w);
	case NOTICE_CORRECTION_RECEIVED: add_text(w, MSG_NOTICE_RECEIVED_TEXT, entry); break;
	case NOTICE_DECIDED: add_text(w, MSG_NOTICE_DECIDED_TEXT, NULL); break;
	case NOTICE_PAYMENT_DUE:
		w->is_overtaken = case_is_paid(w->c);
		add_text(w, MSG_NOTICE_DECIDED_TEXT, NULL);
		add_text(w, MSG_NOTICE_DUE_TEXT, amount);
		break;
	case NOTICE_PAID: add_text(w, MSG_NOTICE_PAID_TEXT, amount); break;
	case NOTICE_DELIVERED: add_text(w, MSG_NOTICE_DELIVERED_TEXT, NULL); break;
	case NOTICE_KIND_MAX: must(false);
	}
	return NULL;
}

/* --- where to get help --------------------------------------------------------------------------------------- */

/* Where the procedure's department is found in person; the town's first office when it names none. */
static const struct office *office_of(const struct case_record *c)
{
	const struct offices *all = &c->pack->offices;
	for (size_t i = 0; i < all->count; i++) {
		const struct str_list *of = &all->items[i].departments;
		for (size_t k = 0; k < of->count; k++)
			if (str_eq(of->items[k], c->procedure->department)) return &all->items[i];
	}
	return all->count ? &all->items[0] : NULL;
}

static struct str help_words(struct wording *w)
{
	const struct pack *pack = w->c->pack;
	const struct office *office = office_of(w->c);
	const struct openings *hours = office && office->hours.count ? &office->hours : &pack->hours;
	struct str phone = office && !str_is_empty(office->phone) ? office->phone : pack->phone;
	struct i18n_arg args[] = { I18N_ARG("phone", phone),
		I18N_ARG("address", office ? text_in(office->address, w->lang) : text_in(pack->full_name, w->lang)),
		I18N_ARG("hours", hours_words(w->a, w->lang, hours)), { 0 } };
	return i18n_format(w->a, w->lang, MSG_NOTICE_HELP, args);
}

static void word_frame(struct wording *w)
{
	const struct case_record *c = w->c;
	struct notice_content *v = w->v;
	struct i18n_arg name[] = { I18N_ARG("name", c->row.applicant_name), { 0 } };
	struct i18n_arg site[] = { I18N_ARG("site", town_printed_address(c->town, w->a, "")), { 0 } };
	v->town = text_in(c->pack->full_name, w->lang);
	v->sub = text_in(c->pack->state, w->lang);
	v->title = i18n_text(w->lang, kinds[w->kind].title);
	v->greeting = i18n_format(w->a, w->lang, MSG_NOTICE_GREETING, name);
	v->button = i18n_text(w->lang, kinds[w->kind].button);
	/* A mail is opened anywhere: the case's own address would be no page where its key was never shown. */
	const char *page = kinds[w->kind].leads_to_status ? "estado" : "mis-tramites";
	v->href = arena_printf(w->a, "%.*s/%s", STR_FMT(c->town->public_url), page);
	v->help = help_words(w);
	v->safety = i18n_format(w->a, w->lang, MSG_NOTICE_SAFETY, site);
	v->why = i18n_text(w->lang, MSG_NOTICE_WHY);
	if (c->town->is_simulated) v->demo = i18n_text(w->lang, MSG_CORE_DEMO_TEXT);
	add_fact(w, MSG_NOTICE_PROCEDURE, text_in(c->procedure->name, w->lang));
	add_fact(w, MSG_NOTICE_CASE, c->row.number);
	if (!str_is_empty(w->row->registry_number)) add_fact(w, MSG_NOTICE_ENTRY, w->row->registry_number);
	add_fact(w, MSG_NOTICE_WHEN, moment_words(w));
}

struct err *notice_words(const struct case_record *c, struct db *db, struct arena *a, struct instant now,
	const struct notice_by_id_row *row, struct notice_content *ret, bool *ret_overtaken)
{
	struct notice_content v = { .lang = c->row.lang,
		.text = { ARENA_ARRAY(a, struct str, TEXTS_MAX), 0 },
		.facts = { ARENA_ARRAY(a, struct notice_fact, FACTS_MAX), 0 } };
	struct wording w = { .c = c, .db = db, .a = a, .now = now, .row = row, .lang = c->row.lang, .v = &v };
	if (!notice_kind_of(row->kind, &w.kind))
		return ERR(a, ERR_INTERNAL, NULL, "no notice of kind %.*s", STR_FMT(row->kind));
	word_frame(&w);
	TRY(word_kind(&w));
	*ret = v;
	*ret_overtaken = w.is_overtaken;
	return NULL;
}
