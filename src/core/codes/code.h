/*
 * Codes that open something: the *status code* (60 bits, on the receipt: state and dates, no names) and the
 * *key* (130 bits, of a document or a case). Written in Crockford's base32 alphabet, grouped by four; read
 * however people type it: lower case, spaces, O for 0, I and L for 1.
 *
 * The database holds only code_hash(). Codes are never logged and travel in bodies or fragments, never in a
 * path or query. Look-ups go by the hash, so a wrong and a withdrawn code take the same way and time.
 */
#pragma once
#include "core/crypto/crypto.h"

enum code_kind { CODE_STATUS, CODE_KEY };
enum { CODE_STATUS_CHARS = 12, CODE_KEY_CHARS = 26, CODE_RANDOM_BYTES = 17 };

/* The bare code ("3F7KQ9XM2BTD") from CODE_RANDOM_BYTES random bytes (tx_random). */
struct str code_of_random(struct arena *a, enum code_kind kind, struct str bytes);
struct str code_format(struct arena *a, struct str code); /* "3F7K-Q9XM-2BTD" */
/* The bare code from typed text; false when it cannot be one. */
bool code_parse(struct arena *a, enum code_kind kind, struct str text, struct str *ret);
/* What is stored: HMAC-SHA-256 under a code-hash key of the keyring, bound to kind. */
struct sha256 code_hash(struct str hash_key, enum code_kind kind, struct str code);
bool code_matches(struct str hash_key, enum code_kind kind, struct str code, struct str stored_hash);
