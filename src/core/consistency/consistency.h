/*
 * Does what a municipality keeps agree with itself? For `ventanilla doctor`, and for tests after something broke.
 *
 * Each rule is one sentence that is true of every town at every moment, also after a kill, a full disk or a power
 * cut, because what it speaks of is written by one commit: a case with its number, its entry, its event, its receipt
 * and its jobs. The registry's own hashes are registry_audit()'s (registry.h). Nothing is changed or mended here.
 */
#pragma once
#include "core/town/town.h"

struct consistency_teller {
	/* One line a rule, without personal data: the rule, and the numbers or ids of what breaks it. */
	void (*tell)(void *state, bool is_well, struct str line);
	void *state;
	bool reads_files; /* every stored file to its end, not only its length */
};
/* Looks at one snapshot of the database; files are looked at after it, and what was erased meanwhile is no fault.
 * `db` is a read connection without snapshot. An error is about looking, not about what was seen. */
MUST_USE struct err *consistency_check(struct town *t, struct db *db, struct arena *a,
	const struct consistency_teller *teller);
