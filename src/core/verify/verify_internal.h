/*
 * What checking a receipt and checking a log have in common: the report, and the checkpoint under it.
 */
#pragma once
#include "core/verify/verify.h"

enum { VERIFY_KEYS_MAX = 1024 };

/* Adds a finding; false when it failed, so that a check reads `if (!report_add(…)) return`. */
bool report_add(struct verify_report *r, enum verify_step step, bool is_ok, struct str detail);
void report_conclude(struct verify_report *r);

/* Reads the note, its checkpoint, the signature and the key behind it. `origin` is whose log it must be,
 * `newest` the latest moment that the tree speaks of (INSTANT_NONE: unknown). False when a step failed. */
bool report_checkpoint(struct verify_report *r, struct arena *a, struct str bytes,
	const struct key_history *history, struct instant newest);
/* The same signature check alone, for an older checkpoint. */
bool checkpoint_holds(struct arena *a, struct str bytes, const struct key_history *history,
	struct checkpoint *ret);
