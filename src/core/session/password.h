/*
 * Passwords of staff: Argon2id (RFC 9106, its second recommended set: 64 MiB, 3 passes, 4 lanes). Hashing takes
 * tens of milliseconds: only in `prepare` of a route marked slow, never in a commit.
 */
#pragma once
#include "base/err.h"

enum { PASSWORD_MIN = 12, PASSWORD_MAX = 200 };

MUST_USE struct err *password_hash(struct arena *a, struct str password, struct str salt, struct str *ret);
/* False for a wrong password and for a damaged hash alike. A none hash costs the same time. */
bool password_matches(struct arena *a, struct str hash, struct str password);
