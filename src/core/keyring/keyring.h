/*
 * The keyring: every secret key of a municipality, each with purpose, id, validity, state and place.
 *
 * A key is a file of its own, 0600, in the keyring's folder; keys that systemd hands over (LoadCredential)
 * are read from its folder and cannot be changed here. The secret of an organ's seal may stay in a PKCS#11 token: the
 * file then holds its URI (core/token), and signing asks the token. Everything signed, hashed or wrapped names its key's
 * id, so that keys change without touching what they made. A purpose has at most one *active* key; *next* is
 * published before it is used; *retired* still verifies and unwraps; *compromised* verifies what was signed
 * before `until`, unwraps so that what it wrapped can be wrapped anew, and is used for nothing else.
 *
 * An open keyring is read-only to all threads. Those that change it (create, import, rotate, retire) are for the
 * command line, on a keyring opened with keyring_open_to_change(); a running server sees by keyring_mark() that the
 * folder is another, opens it anew and swaps.
 */
#pragma once
#include "base/buf.h"
#include "base/instant.h"
#include "core/crypto/crypto.h"

/* X(purpose, name, kind) */
#define KEY_PURPOSES(X)                                                                                      \
	X(KEY_SESSION_HMAC, "session-hmac", KEY_SECRET)                                                          \
	X(KEY_CSRF, "csrf", KEY_SECRET)                                                                          \
	X(KEY_CODE_HASH, "code-hash", KEY_SECRET)                                                                \
	X(KEY_FILE_WRAP, "file-wrap", KEY_SECRET)                                                                \
	X(KEY_LOG_SIGNING, "registry-log-signing", KEY_ED25519)                                                  \
	X(KEY_ORGAN_SEAL, "organ-seal", KEY_CERTIFIED)                                                           \
	X(KEY_BACKUP, "backup", KEY_SECRET)

enum key_kind {
	KEY_SECRET,    /* 32 random bytes */
	KEY_ED25519,   /* a seed; `public_key` is the raw key */
	KEY_CERTIFIED, /* a private key, PEM; `public_key` is its certificate and chain, PEM (core/pdf/pades.h) */
};
enum key_purpose {
#define X(purpose, name, kind) purpose,
	KEY_PURPOSES(X)
#undef X
		KEY_PURPOSE_MAX
};
enum key_state { KEY_NEXT, KEY_ACTIVE, KEY_RETIRED, KEY_COMPROMISED };
enum key_place { KEY_IN_FILE, KEY_IN_CREDENTIAL, KEY_IN_TOKEN };

struct key {
	enum key_purpose purpose;
	struct str id; /* 16 hex digits */
	enum key_kind kind;
	enum key_state state;
	enum key_place place;
	struct instant created;
	struct instant from;   /* active since; none: never was */
	struct instant until;  /* retired, or compromised, since; none: still good */
	struct str secret;     /* empty: it is in the token */
	struct str uri;        /* KEY_IN_TOKEN: its PKCS#11 URI; none elsewhere */
	struct str public_key; /* none for KEY_SECRET */
	struct str label;      /* for people: "Sello de Desarrollo Urbano"; may be empty */
};
struct keyring;

/* `folder` must belong to this user with mode 0700 and its files 0600; `credentials` (may be none) is systemd's
 * $CREDENTIALS_DIRECTORY, of which files named ventanilla-*.key are read. Refuses looser permissions, a
 * symbolic link, two active keys of a purpose and label, a damaged file; the error names the file. */
MUST_USE struct err *keyring_open(struct arena *a, struct str folder, struct str credentials,
	struct keyring **ret);

/* The same, with nobody else changing or reading the folder until `a` ends: a change reads and writes several files,
 * and is seen as a whole or not at all. Waits for the others, ten seconds at most. */
MUST_USE struct err *keyring_open_to_change(struct arena *a, struct str folder, struct str credentials,
	struct keyring **ret);
/* What tells two states of the folders apart without reading keys: names, sizes, inodes and times of their files. */
MUST_USE struct err *keyring_mark(struct arena *a, struct str folder, struct str credentials,
	struct sha256 *ret);

/* The active key of a purpose (several organ seals: the one with that label; none: the only or first one).
 * ERR_UNAVAILABLE when there is none. */
MUST_USE struct err *keyring_active(const struct keyring *k, struct arena *a, enum key_purpose purpose,
	struct str label, const struct key **ret);
/* Any state; NULL when unknown. A compromised key's `secret` and `uri` are empty, save one that unwraps. */
const struct key *keyring_by_id(const struct keyring *k, struct str id);
/* The n-th key of a purpose that is active or retired, the active one first, then from new to old; NULL past the last.
 * What was hashed under a key that was rotated since is found by trying them in turn. */
const struct key *keyring_good(const struct keyring *k, enum key_purpose purpose, size_t n);
/* The n-th key: by purpose, the active ones first, then from new to old; NULL past the last. */
const struct key *keyring_at(const struct keyring *k, size_t n);

/* A new key, durable in the folder before it returns. The first of its purpose and label becomes active,
 * later ones next. */
MUST_USE struct err *keyring_create(struct keyring *k, struct arena *a, enum key_purpose purpose,
	struct str label, struct instant now, const struct key **ret);
/* A key made elsewhere, with its certificates: PEM texts that belong together, else ERR_INVALID. The only way
 * for KEY_CERTIFIED (keyring_create and the making in keyring_rotate are ERR_USAGE there). */
MUST_USE struct err *keyring_import(struct keyring *k, struct arena *a, enum key_purpose purpose,
	struct str label, struct str private_pem, struct str certificates_pem, struct instant now,
	const struct key **ret);
/* A key that is in a token, with its certificates. The token is asked for a signature: ERR_INVALID when it is not by
 * the certificate's key, ERR_UNAVAILABLE when there is none. */
MUST_USE struct err *keyring_adopt(struct keyring *k, struct arena *a, enum key_purpose purpose,
	struct str label, struct str uri, struct str certificates_pem, struct instant now,
	const struct key **ret);
/* Promotes the next key (making one when there is none) and retires the active one. */
MUST_USE struct err *keyring_rotate(struct keyring *k, struct arena *a, enum key_purpose purpose,
	struct str label, struct instant now, const struct key **ret);
/* An active key cannot be retired, only rotated or declared compromised. */
MUST_USE struct err *keyring_retire(struct keyring *k, struct arena *a, struct str id, bool is_compromised,
	struct instant now);

/* Wrapping a file's key, or a secret text of at most AES_WRAP_MAX bytes (core/crypto), under the active file-wrap
 * key, whose id is stored beside it. */
MUST_USE struct err *keyring_wrap(const struct keyring *k, struct arena *a, struct str file_key,
	struct str *ret_wrapped, struct str *ret_key_id);
/* ERR_UNAVAILABLE when that key is not here, ERR_INVALID when the bytes are not what it wrapped. */
MUST_USE struct err *keyring_unwrap(const struct keyring *k, struct arena *a, struct str wrapped,
	struct str key_id, struct str *ret_file_key);

const char *key_purpose_name(enum key_purpose p);
bool key_purpose_find(struct str name, enum key_purpose *ret);
const char *key_state_name(enum key_state s);
const char *key_place_name(enum key_place p); /* "file", "credential", "token" */
