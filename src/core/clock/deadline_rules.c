#include "core/clock/deadline.h"

struct err *deadline_correction(struct arena *a, const struct regime *r, struct date on,
	struct deadline_term *ret, const struct rule **ret_rule, bool *ret_found)
{
	const struct rule *rule = regime_rule(r, RULE_CORRECTION_TERM, on);
	if (rule && rule->value < 1)
		return ERR(a, ERR_INTERNAL, NULL, "the regime %s gives %d days to correct", r->name, rule->value);
	if (rule) {
		*ret = (struct deadline_term){ rule->value, TERM_WORKING_DAYS };
		*ret_rule = rule;
	}
	*ret_found = rule != NULL;
	return NULL;
}

bool deadline_extension_max(const struct regime *r, struct date on, struct deadline_term term,
	struct deadline_term *ret)
{
	const struct rule *rule = regime_rule(r, RULE_EXTENSION_MAX, on);
	if (!rule || rule->value < 1) return false;
	if (term.unit == TERM_YEARS) term = (struct deadline_term){ term.count * 12, TERM_MONTHS };
	if (term.unit == TERM_MONTHS && term.count % rule->value)
		term = (struct deadline_term){ term.count * 30, TERM_CALENDAR_DAYS };
	*ret = (struct deadline_term){ term.count / rule->value, term.unit };
	return ret->count > 0;
}

struct date deadline_effect_date(const struct regime *r, const struct work_calendar *c, const struct zone *z,
	struct instant at)
{
	struct date day = zone_date(z, at);
	const struct rule *rule = regime_rule(r, RULE_FILING_CLOSED_DAY, day);
	if (!rule || rule->value == FILING_STANDS) return day;
	return calendar_next_working(c, day);
}
