#include "core/casepage/casepage_clock.h"
#include "core/i18n.h"
#include "i18n/casepage.h"

enum { SOON_DAYS = 5, STRIP_MAX = 60 };

static struct str when_text(struct request *r, const struct deadline_line *line)
{
	struct str from = i18n_date(r->arena, r->lang, line->from, I18N_SHORT);
	if (line->from.days == line->to.days || date_is_none(line->to)) return from;
	return arena_printf(r->arena, "%.*s–%.*s", STR_FMT(from),
		STR_FMT(i18n_date(r->arena, r->lang, line->to, I18N_SHORT)));
}

static struct why_lines why_lines(struct request *r, const struct deadline *d)
{
	struct why_lines lines = { ARENA_ARRAY(r->arena, struct why_line, d->lines.count), 0 };
	for (size_t i = 0; i < d->lines.count; i++) {
		const struct deadline_line *line = &d->lines.items[i];
		enum message words;
		must(i18n_find(str_of(line->key), &words));
		struct i18n_arg args[] = { I18N_ARG("n", line->n), I18N_ARG("name", line->name), { 0 } };
		lines.items[lines.count++] = (struct why_line){ when_text(r, line),
			i18n_format(r->arena, r->lang, words, args), line->rule ? str_of(line->rule->article) : STR_NONE,
			line->is_future };
	}
	return lines;
}

static void fill_strip(struct request *r, const struct deadline *d, bool is_row, struct clock_view *v)
{
	if (d->strip.count == 0 || d->strip.count > STRIP_MAX) return;
	enum strip_day *days = ARENA_ARRAY(r->arena, enum strip_day, d->strip.count);
	for (size_t i = 0; i < d->strip.count; i++) {
		const struct deadline_cell *cell = &d->strip.items[i];
		days[i] = cell->is_used ? STRIP_USED
			: cell->is_due      ? STRIP_DUE
			: cell->is_today    ? STRIP_TODAY
								: STRIP_LEFT;
	}
	days_view_fill(r->arena, r->lang, days, d->strip.count, is_row, &v->days);
	v->has_days = true;
}

static enum message left_words(const struct deadline *d, enum casepage_for whom)
{
	bool is_late = d->state == DEADLINE_LATE;
	if (d->unit == TERM_HOURS) return is_late ? MSG_CASEPAGE_LATE_HOURS : MSG_CASEPAGE_LEFT_HOURS;
	if (is_late) return MSG_CASEPAGE_LATE_DAYS;
	return whom == CASEPAGE_CITIZEN ? MSG_CASEPAGE_LEFT_US : MSG_CASEPAGE_LEFT_DAYS;
}

static struct tag_view *state_tag(struct request *r, const struct deadline *d)
{
	struct tag_view *tag = ARENA_NEW(r->arena, struct tag_view);
	if (d->state == DEADLINE_PAUSED)
		*tag = (struct tag_view){ TONE_INFO, i18n_text(r->lang, MSG_CASEPAGE_PAUSED), STR("player-pause") };
	else if (d->state == DEADLINE_LATE)
		*tag = (struct tag_view){ TONE_BAD, i18n_text(r->lang, MSG_CASEPAGE_LATE), STR("alert-triangle") };
	else if (d->state == DEADLINE_DONE)
		*tag = (struct tag_view){ TONE_OK, i18n_text(r->lang, MSG_CASEPAGE_MET), STR("check") };
	else
		return NULL;
	return tag;
}

static struct str sentence(struct request *r, const struct deadline *d)
{
	static const enum message words[] = { MSG_CASEPAGE_SENTENCE_RUNNING, MSG_CASEPAGE_SENTENCE_PAUSED,
		MSG_CASEPAGE_SENTENCE_DONE, MSG_CASEPAGE_SENTENCE_LATE };
	struct i18n_arg args[] = { I18N_ARG("date", i18n_date(r->arena, r->lang, d->due, I18N_LONG)), { 0 } };
	return i18n_format(r->arena, r->lang, words[d->state], args);
}

void casepage_clock(struct request *r, enum casepage_for whom, struct casepage *p)
{
	struct clock_view *v = &p->clock;
	const struct deadline *d = &p->deadline;
	*v = (struct clock_view){ .has_deadline = p->has_deadline };
	if (!p->has_deadline) {
		v->sentence = i18n_text(r->lang, MSG_CASEPAGE_NO_TERM);
		return;
	}
	v->left = d->left < 0 ? -d->left : d->left;
	v->left_text = i18n_plural(r->lang, left_words(d, whom), v->left);
	v->tag = state_tag(r, d);
	v->is_over = d->state == DEADLINE_DONE;
	v->sentence = sentence(r, d);
	v->why = why_lines(r, d);
	v->is_unconfirmed = !d->may_act;
	fill_strip(r, d, false, v);
}

struct deadline_view casepage_due_of(struct request *r, const struct deadline *d)
{
	struct str day = i18n_date(r->arena, r->lang, d->due, I18N_BRIEF);
	int left = d->left < 0 ? -d->left : d->left;
	bool is_natural = d->unit != TERM_WORKING_DAYS;
	if (d->state == DEADLINE_DONE) return (struct deadline_view){ .tone = DUE_NONE };
	if (d->state == DEADLINE_PAUSED) {
		struct i18n_arg args[] = { I18N_ARG("used", d->used), I18N_ARG("total", d->total), { 0 } };
		return (struct deadline_view){ DUE_PAUSED, left, is_natural,
			i18n_format(r->arena, r->lang, MSG_CASEPAGE_DAY_OF, args) };
	}
	if (d->state == DEADLINE_LATE) {
		struct i18n_arg args[] = { I18N_ARG("date", i18n_date(r->arena, r->lang, d->due, I18N_SHORT)),
			{ 0 } };
		return (struct deadline_view){ DUE_LATE, left, is_natural,
			i18n_format(r->arena, r->lang, MSG_CASEPAGE_WAS_DUE, args) };
	}
	enum deadline_tone tone = left == 0 ? DUE_TODAY : left <= SOON_DAYS ? DUE_SOON : DUE_FAR;
	return (struct deadline_view){ tone, left, is_natural, day };
}

/* A list counts working days between today and the stored due date: it reads no case's events. */
struct deadline_view casepage_due(struct request *r, struct str queue_key, struct date due, bool is_open)
{
	if (date_is_none(due) || !is_open) return (struct deadline_view){ .tone = DUE_NONE };
	if (str_starts_with(queue_key, STR("9998-")))
		return (struct deadline_view){ DUE_PAUSED, 0, false, STR_NONE };
	if (str_starts_with(queue_key, STR("9997-"))) return (struct deadline_view){ .tone = DUE_NONE };
	struct date today = zone_date(r->town->zone, r->now);
	int left = calendar_count_working(town_calendar(r->town), today, due);
	if (today.days > due.days) {
		struct i18n_arg args[] = { I18N_ARG("date", i18n_date(r->arena, r->lang, due, I18N_SHORT)), { 0 } };
		return (struct deadline_view){ DUE_LATE, left < 0 ? -left : left, false,
			i18n_format(r->arena, r->lang, MSG_CASEPAGE_WAS_DUE, args) };
	}
	enum deadline_tone tone = today.days == due.days ? DUE_TODAY : left <= SOON_DAYS ? DUE_SOON : DUE_FAR;
	return (struct deadline_view){ tone, left, false, i18n_date(r->arena, r->lang, due, I18N_BRIEF) };
}
