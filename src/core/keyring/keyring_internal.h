/*
 * What the parts of the keyring share. keyring.c holds keys and answers; keyring_store.c reads and writes their
 * files; keyring_change.c makes, rotates and retires them.
 */
#pragma once
#include "core/keyring/keyring.h"

enum { KEYRING_MAX = 512, KEY_FILE_MAX_BYTES = 256 * 1024, KEY_LABEL_MAX = 120 };
#define KEY_FORMAT "ventanilla-key/v1"

struct keyring {
	struct arena *arena;
	struct str folder;
	struct key *keys[KEYRING_MAX]; /* in the order of keyring_at() */
	size_t count;
};

/* Adds in its place. ERR_INVALID: a second active key of its purpose and label, a known id, too many keys. */
MUST_USE struct err *keyring_add(struct keyring *k, struct arena *a, const struct key *key, struct key **ret);
void keyring_sort(struct keyring *k);
enum key_kind key_kind_of(enum key_purpose p);
bool key_unwraps(enum key_purpose p); /* still needed when compromised */
bool key_state_find(struct str name, enum key_state *ret);

/* Reads every key file of a folder (of systemd's: those named ventanilla-*.key). */
MUST_USE struct err *keyring_load(struct keyring *k, struct arena *a, struct str folder,
	enum key_place place);
/* The lock file of the folder, held until it is closed: shared by readers, or exclusively. No file, no lock (-1): a
 * folder that nothing ever changed, or that cannot be written to. */
MUST_USE struct err *keyring_lock(struct arena *a, struct str folder, bool is_exclusive, int *ret_fd);
/* Writes a key's file: temporary, fsync, rename, fsync of the folder. */
MUST_USE struct err *keyring_store(struct keyring *k, struct arena *a, const struct key *key);
