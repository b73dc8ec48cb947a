/*
 * Mexico: each state and municipality has its own law of procedure; the federal one (LFPA) does not bind them.
 *
 * The articles on terms of these three laws could not be read, so every row is unconfirmed: how days are
 * counted follows the federal law as the nearest text and the cases at hand, enough to show a date with that
 * remark; figures (days to correct, to extend, to answer) that nobody confirmed are absent, and the screen says
 * so. `in_force` 0: the date is not confirmed either. A municipality that confirms a rule gets a row here with
 * its article and `true`.
 */
#include "core/clock/regime_data.h"

#define ANALOGY "por confirmar; sigue a la LFPA (federal, no aplicable al municipio) como texto más cercano"

/* What all three count by until their own articles are confirmed. `law` is how the line cites it. (The
 * formatter would set the last row apart.) */
/* clang-format off */
#define COUNTING(law)                                                                                    \
	{ RULE_START, 1, 0, false, law, ANALOGY ", art. 17-B y 38" },                                        \
	{ RULE_WORKING_DAYS, 1, 0, false, law, ANALOGY ", art. 28" },                                        \
	{ RULE_FILING_CLOSED_DAY, FILING_STANDS, 0, false, law, ANALOGY ", art. 17-B" },                     \
	{ RULE_HOURS, 1, 0, false, law, ANALOGY ", art. 28" },                                               \
	{ RULE_MONTHS, CLAMP_NEXT_WORKING_DAY, 0, false, law, ANALOGY ", art. 29" },                         \
	{ RULE_LAST_DAY, 1, 0, false, law, ANALOGY ", art. 29" },                                            \
	{ RULE_PAUSE, 1, 0, false, law, ANALOGY ", art. 17-A" },                                             \
	{ RULE_RESUME, 1, 0, false, law, ANALOGY ", art. 17-A" },                                            \
	{ RULE_CORRECTION_WINDOW, 3, 0, false, law, ANALOGY ", art. 17-A" },                                 \
	{ RULE_SUSPENSION, 1, 0, false, law, ANALOGY ", art. 28" },                                          \
	{ RULE_OUTAGE, 1, 0, false, law, "por confirmar" },                                                  \
	{ RULE_TWO_CALENDARS, 0, 0, false, law, "por confirmar" }
/* clang-format on */

#define GTO "Código de Procedimiento y Justicia Administrativa de Guanajuato"
#define VER "Código de Procedimientos Administrativos de Veracruz"
#define QROO "Reglamento de Procedimiento Administrativo de Benito Juárez"

static const struct rule guanajuato[] = {
	COUNTING(GTO),
	/* The 2012 law: 20 working days for the Ayuntamiento, 10 for its departments; replaced in September 2024. */
	{ RULE_DEFAULT_DAYS, 10, 0, false, "Ley Orgánica Municipal de Guanajuato (2012), art. 5",
		"leído; falta saber si la Ley para el Gobierno y Administración de los Municipios (2024) lo conserva" },
	{ RULE_SILENCE, SILENCE_REFUSED, 0, false, GTO,
		"la negativa ficta se impugna ante el Tribunal; por confirmar cuándo procede la afirmativa" },
};

static const struct rule veracruz[] = { COUNTING(VER) };

static const struct rule quintana_roo[] = {
	COUNTING(QROO),
	{ RULE_SILENCE, SILENCE_REFUSED, 0, false, QROO,
		"varias fichas del municipio imprimen «negativa ficta»" },
};

const struct regime regime_mx_guanajuato = {
	.name = "mx-guanajuato",
	.law = "Código de Procedimiento y Justicia Administrativa para el Estado y los Municipios de Guanajuato",
	.rules = guanajuato,
	.count = sizeof(guanajuato) / sizeof(guanajuato[0]),
};

const struct regime regime_mx_veracruz = {
	.name = "mx-veracruz",
	.law = "Código de Procedimientos Administrativos para el Estado de Veracruz de Ignacio de la Llave",
	.rules = veracruz,
	.count = sizeof(veracruz) / sizeof(veracruz[0]),
};

/* The state's former law did not apply to granting licences; whether this one does is for the town to say. */
const struct regime regime_mx_quintana_roo = {
	.name = "mx-quintana-roo",
	.law = "Reglamento de Procedimiento Administrativo del Municipio de Benito Juárez, Quintana Roo",
	.rules = quintana_roo,
	.count = sizeof(quintana_roo) / sizeof(quintana_roo[0]),
};
