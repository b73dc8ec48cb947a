/*
 * What a decision issues: permit, refusal or certificate, from the definition's body and the decision's fields,
 * frozen by the officer's signature. The body says everything, legal basis and validity included: its first line, when
 * it is a level-1 heading, is what is granted in one glance; what follows it stands beside; "## " begin sections.
 */
#pragma once
#include "core/case/case.h"

/* `document`: id in the definition. `signed_by`: the officer, whose name and post stand on the paper. */
MUST_USE struct err *permit_freeze(struct tx *tx, const struct case_record *c,
	const struct case_decision_get_row *decision, struct str document, int64_t signed_by);
