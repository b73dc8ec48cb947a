#include "core/clock/regime.h"
#include "core/clock/regime_data.h"

static const struct regime *const regimes[] = {
	&regime_es_ley39,
	&regime_mx_guanajuato,
	&regime_mx_veracruz,
	&regime_mx_quintana_roo,
	NULL,
};

static const char *const rule_names[RULE_MAX] = {
	[RULE_START] = "start",
	[RULE_WORKING_DAYS] = "working-days",
	[RULE_FILING_CLOSED_DAY] = "filing-closed-day",
	[RULE_HOURS] = "hours",
	[RULE_MONTHS] = "months",
	[RULE_LAST_DAY] = "last-day",
	[RULE_PAUSE] = "pause",
	[RULE_RESUME] = "resume",
	[RULE_CORRECTION_TERM] = "correction-term",
	[RULE_CORRECTION_MORE] = "correction-more",
	[RULE_CORRECTION_WINDOW] = "correction-window",
	[RULE_REPORT_PAUSE_MAX] = "report-pause-max",
	[RULE_EXTENSION_MAX] = "extension-max",
	[RULE_DEFAULT_MONTHS] = "default-months",
	[RULE_DEFAULT_DAYS] = "default-days",
	[RULE_SILENCE] = "silence",
	[RULE_SILENCE_PROOF] = "silence-proof",
	[RULE_NOTIFY] = "notify",
	[RULE_UNREAD] = "unread",
	[RULE_SUSPENSION] = "suspension",
	[RULE_OUTAGE] = "outage",
	[RULE_TWO_CALENDARS] = "two-calendars",
};

const struct regime *regime_find(struct str name)
{
	for (const struct regime *const *r = regimes; *r; r++)
		if (str_eq(str_of((*r)->name), name)) return *r;
	return NULL;
}

const struct regime *const *regime_all(void) { return regimes; }

const struct rule *regime_rule(const struct regime *r, enum rule_id id, struct date on)
{
	int year, month, day;
	date_to_ymd(on, &year, &month, &day);
	int ymd = year * 10000 + month * 100 + day;
	const struct rule *best = NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct rule *rule = &r->rules[i];
		if (rule->id == id && rule->in_force <= ymd && (!best || best->in_force < rule->in_force))
			best = rule;
	}
	return best;
}

const char *rule_name(enum rule_id id)
{
	must(id < RULE_MAX);
	return rule_names[id];
}
