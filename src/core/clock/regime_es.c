/*
 * Spain: Ley 39/2015, de 1 de octubre, del Procedimiento Administrativo Común. In force since 2 October 2016.
 * `confirmed`: the text, or several independent accounts that quote it, was read. The rest awaits the
 * municipality's legal service.
 */
#include "core/clock/regime_data.h"

enum { LEY39 = 20161002 };

#define QUOTED "leído en varias fuentes que citan el texto"
#define RECALLED "de memoria: cotejar con el texto consolidado del BOE"

static const struct rule rules[] = {
	{ RULE_START, 1, LEY39, true, "Ley 39/2015, art. 30.3 y 30.4", QUOTED },
	{ RULE_WORKING_DAYS, 1, LEY39, true, "Ley 39/2015, art. 30.2", QUOTED },
	{ RULE_FILING_CLOSED_DAY, FILING_NEXT_WORKING_DAY, LEY39, true, "Ley 39/2015, art. 31.2 b)", QUOTED },
	{ RULE_HOURS, 1, LEY39, true, "Ley 39/2015, art. 30.1", QUOTED },
	{ RULE_MONTHS, CLAMP_LAST_DAY, LEY39, true, "Ley 39/2015, art. 30.4", QUOTED },
	{ RULE_LAST_DAY, 1, LEY39, true, "Ley 39/2015, art. 30.5", QUOTED },
	{ RULE_TWO_CALENDARS, 1, LEY39, false, "Ley 39/2015, art. 30.6", RECALLED },
	{ RULE_PAUSE, 1, LEY39, true, "Ley 39/2015, art. 22.1 a)", QUOTED },
	{ RULE_RESUME, 1, LEY39, true, "Ley 39/2015, art. 22.1 a)", QUOTED },
	{ RULE_REPORT_PAUSE_MAX, 3, LEY39, false, "Ley 39/2015, art. 22.1 d)", RECALLED },
	{ RULE_CORRECTION_TERM, 10, LEY39, true, "Ley 39/2015, art. 68.1", QUOTED },
	{ RULE_CORRECTION_MORE, 5, LEY39, false, "Ley 39/2015, art. 68.3", RECALLED },
	{ RULE_CORRECTION_WINDOW, 0, LEY39, true, "Ley 39/2015, art. 68", QUOTED },
	{ RULE_EXTENSION_MAX, 2, LEY39, true, "Ley 39/2015, art. 32.1", QUOTED },
	{ RULE_DEFAULT_MONTHS, 3, LEY39, true, "Ley 39/2015, art. 21.3", QUOTED },
	{ RULE_SILENCE, SILENCE_GRANTED, LEY39, true, "Ley 39/2015, art. 24.1", QUOTED },
	{ RULE_SILENCE_PROOF, 15, LEY39, false, "Ley 39/2015, art. 24.4", RECALLED },
	{ RULE_NOTIFY, 10, LEY39, true, "Ley 39/2015, art. 40.2", QUOTED },
	{ RULE_UNREAD, 10, LEY39, true, "Ley 39/2015, art. 43.2", QUOTED },
	{ RULE_OUTAGE, 1, LEY39, true, "Ley 39/2015, art. 32.4", QUOTED },
	{ RULE_SUSPENSION, 1, LEY39, false, "norma que declare la suspensión",
		"cada suspensión trae su propia norma" },
};

const struct regime regime_es_ley39 = {
	.name = "es-ley39",
	.law =
		"Ley 39/2015, de 1 de octubre, del Procedimiento Administrativo Común de las Administraciones Públicas",
	.rules = rules,
	.count = sizeof(rules) / sizeof(rules[0]),
};
