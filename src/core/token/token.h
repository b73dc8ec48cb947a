/*
 * A private key that never leaves its token: a smart card, a security module, SoftHSM. It is named by a PKCS#11 URI
 * (RFC 7512), which is no secret and stands in the keyring:
 *
 *   pkcs11:token=Ayuntamiento;object=sello-2026?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/ventanilla/pin
 *
 * `module-path` is the token's library; `pin-source` says where the PIN is read whenever it is needed: an absolute
 * path, with or without "file:", closed to others, or the name of a systemd credential. A PIN in the URI itself
 * (`pin-value`) is refused.
 *
 * A module is loaded once for the whole process and keeps a session a key. When anything fails, all of it is closed,
 * loaded anew and tried once more, so that a token that was away, a daemon that was started again or a session that
 * the token has forgotten costs nothing but time. What still fails is ERR_UNAVAILABLE: the caller tries again later.
 * A PIN that the token refused is not tried again before it was changed: tokens lock themselves after a few wrong ones.
 *
 * A call lasts as long as the module takes: PKCS#11 knows no time limit. Any thread; one call at a time and module.
 */
#pragma once
#include "base/err.h"

enum token_algorithm { TOKEN_RSA_3072, TOKEN_EC_P256 };

/* ERR_INVALID, naming what is missing or has no place there. */
MUST_USE struct err *token_uri_check(struct arena *a, struct str uri);
/* RSASSA-PKCS1-v1_5 or ECDSA (as DER) with SHA-256, by the key's own type. */
MUST_USE struct err *token_sign(struct arena *a, struct str uri, struct str message,
	struct str *ret_signature);
/* The public half of a key that is there, as DER SubjectPublicKeyInfo. */
MUST_USE struct err *token_public(struct arena *a, struct str uri, struct str *ret);
/* Makes a key pair in the token, not to be extracted, for signing alone. ERR_CONFLICT: the URI names one already. */
MUST_USE struct err *token_generate(struct arena *a, struct str uri, enum token_algorithm algorithm);
