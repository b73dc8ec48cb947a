#include "base/testing.h"
#include "core/clock/deadline.h"

static struct date day(int y, int m, int d)
{
	struct date ret;
	must(date_of_ymd(y, m, d, &ret));
	return ret;
}

/* What deadline_compute() cannot do without must be in every table. */
TEST(regime_tables_are_complete_enough_to_count)
{
	static const enum rule_id needed[] = { RULE_START, RULE_WORKING_DAYS, RULE_FILING_CLOSED_DAY, RULE_HOURS,
		RULE_MONTHS, RULE_LAST_DAY, RULE_PAUSE, RULE_RESUME, RULE_SUSPENSION, RULE_OUTAGE,
		RULE_TWO_CALENDARS };
	int n = 0;
	for (const struct regime *const *r = regime_all(); *r; r++, n++) {
		CHECK(regime_find(str_of((*r)->name)) == *r);
		for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
			CHECK(regime_rule(*r, needed[i], day(2026, 11, 10)));
		for (size_t i = 0; i < (*r)->count; i++) {
			const struct rule *rule = &(*r)->rules[i];
			CHECK(rule->article && rule->source && rule_name(rule->id));
			CHECK(!rule->confirmed || rule->in_force > 0); /* confirmed means with its date */
		}
	}
	CHECK_INT(n, 4);
	CHECK(!regime_find(STR("es-ley30")));
}

/* The figures of the three Mexican laws could not be read: absent, not guessed. */
TEST(regime_is_silent_where_nobody_confirmed)
{
	struct deadline_term term;
	const struct rule *rule = NULL;
	bool found = true;
	CHECK_OK(deadline_correction(t->arena, regime_find(STR("mx-guanajuato")), day(2026, 11, 10), &term, &rule,
		&found));
	CHECK(!found && !rule);
	CHECK(!regime_rule(regime_find(STR("mx-veracruz")), RULE_SILENCE, day(2026, 11, 10)));
	CHECK(!deadline_extension_max(regime_find(STR("mx-quintana-roo")), day(2026, 11, 10),
		(struct deadline_term){ 10, TERM_WORKING_DAYS }, &term));
	for (const struct regime *const *r = regime_all(); *r; r++)
		for (size_t i = 0; i < (*r)->count; i++)
			CHECK(!(*r)->rules[i].confirmed || str_starts_with(str_of((*r)->name), STR("es-")));
}

/* Ley 39/2015: in force since 2 October 2016; art. 68.1 ten days; art. 32.1 half the term. */
TEST(regime_of_spain_has_dates_and_figures)
{
	const struct regime *es = regime_find(STR("es-ley39"));
	struct deadline_term term;
	const struct rule *rule = NULL;
	bool found = false;
	CHECK(!regime_rule(es, RULE_START, day(2016, 10, 1)) && regime_rule(es, RULE_START, day(2016, 10, 2)));
	CHECK_OK(deadline_correction(t->arena, es, day(2026, 11, 10), &term, &rule, &found));
	CHECK(found && term.count == 10 && term.unit == TERM_WORKING_DAYS);
	CHECK_STR(str_of(rule->article), "Ley 39/2015, art. 68.1");
	CHECK(
		deadline_extension_max(es, day(2026, 1, 1), (struct deadline_term){ 15, TERM_WORKING_DAYS }, &term));
	CHECK(term.count == 7 && term.unit == TERM_WORKING_DAYS);
	CHECK(deadline_extension_max(es, day(2026, 1, 1), (struct deadline_term){ 6, TERM_MONTHS }, &term));
	CHECK(term.count == 3 && term.unit == TERM_MONTHS);
	CHECK(deadline_extension_max(es, day(2026, 1, 1), (struct deadline_term){ 3, TERM_MONTHS }, &term));
	CHECK(term.count == 45 && term.unit == TERM_CALENDAR_DAYS);
	CHECK(deadline_extension_max(es, day(2026, 1, 1), (struct deadline_term){ 1, TERM_YEARS }, &term));
	CHECK(term.count == 6 && term.unit == TERM_MONTHS);
}
