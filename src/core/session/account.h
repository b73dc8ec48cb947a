/* Opening and closing accounts: what the command line and the administrators' screen do alike. */
#pragma once
#include "data/writer.h"

/* Somebody leaves, or comes back. Either way the sessions that are open end. `by`: the member of staff who does it; 0:
 * the command line. ERR_NOT_FOUND: no such login. */
MUST_USE struct err *account_activate(struct tx *tx, struct str login, bool is_active, int64_t by);
