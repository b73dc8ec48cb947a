#include <openssl/crypto.h>
#include <unistd.h>

#include "core/keyring/keyring_internal.h"

static const struct {
	const char *name;
	enum key_kind kind;
} purposes[KEY_PURPOSE_MAX] = {
#define X(purpose, name, kind) [purpose] = { name, kind },
	KEY_PURPOSES(X)
#undef X
};

static const char *const state_names[] = {
	[KEY_NEXT] = "next",
	[KEY_ACTIVE] = "active",
	[KEY_RETIRED] = "retired",
	[KEY_COMPROMISED] = "compromised",
};

const char *key_purpose_name(enum key_purpose p)
{
	must(p < KEY_PURPOSE_MAX);
	return purposes[p].name;
}

bool key_purpose_find(struct str name, enum key_purpose *ret)
{
	for (int p = 0; p < KEY_PURPOSE_MAX; p++) {
		if (!str_eq(str_of(purposes[p].name), name)) continue;
		*ret = (enum key_purpose)p;
		return true;
	}
	return false;
}

const char *key_state_name(enum key_state s)
{
	must(s <= KEY_COMPROMISED);
	return state_names[s];
}

bool key_state_find(struct str name, enum key_state *ret)
{
	for (int s = 0; s <= KEY_COMPROMISED; s++) {
		if (!str_eq(str_of(state_names[s]), name)) continue;
		*ret = (enum key_state)s;
		return true;
	}
	return false;
}

const char *key_place_name(enum key_place p)
{
	static const char *const names[] = { "file", "credential", "token" };
	must(p <= KEY_IN_TOKEN);
	return names[p];
}

enum key_kind key_kind_of(enum key_purpose p) { return purposes[p].kind; }

/* --- holding ---------------------------------------------------------------------------------------- */

static int in_order(const void *x, const void *y)
{
	const struct key *a = *(struct key *const *)x, *b = *(struct key *const *)y;
	if (a->purpose != b->purpose) return a->purpose < b->purpose ? -1 : 1;
	bool active_a = a->state == KEY_ACTIVE, active_b = b->state == KEY_ACTIVE;
	if (active_a != active_b) return active_a ? -1 : 1;
	if (a->created.ms != b->created.ms) return a->created.ms > b->created.ms ? -1 : 1;
	return str_cmp(a->id, b->id);
}

void keyring_sort(struct keyring *k) { qsort(k->keys, k->count, sizeof(struct key *), in_order); }

bool key_unwraps(enum key_purpose p) { return p == KEY_FILE_WRAP || p == KEY_BACKUP; }

struct err *keyring_add(struct keyring *k, struct arena *a, const struct key *key, struct key **ret)
{
	if (k->count == KEYRING_MAX) return ERR(a, ERR_INVALID, NULL, "more than %d keys", KEYRING_MAX);
	for (size_t i = 0; i < k->count; i++) {
		const struct key *other = k->keys[i];
		if (str_eq(other->id, key->id))
			return ERR(a, ERR_INVALID, NULL, "two keys are called %.*s", STR_FMT(key->id));
		if (other->purpose == key->purpose && other->state == KEY_ACTIVE && key->state == KEY_ACTIVE &&
			str_eq(other->label, key->label))
			return ERR(a, ERR_INVALID, NULL, "two active keys for %s: %.*s and %.*s",
				key_purpose_name(key->purpose), STR_FMT(other->id), STR_FMT(key->id));
	}
	struct key *copy = ARENA_NEW(k->arena, struct key);
	*copy = *key;
	copy->id = arena_str(k->arena, key->id);
	copy->secret = arena_str(k->arena, key->secret);
	copy->uri = arena_str(k->arena, key->uri);
	copy->public_key = arena_str(k->arena, key->public_key);
	copy->label = arena_str(k->arena, key->label);
	if (copy->state == KEY_COMPROMISED && !key_unwraps(copy->purpose)) copy->secret = copy->uri = STR("");
	k->keys[k->count++] = copy;
	keyring_sort(k);
	*ret = copy;
	return NULL;
}

static void forget_secrets(void *resource)
{
	struct keyring *k = resource;
	for (size_t i = 0; i < k->count; i++)
		if (k->keys[i]->secret.n) OPENSSL_cleanse((char *)k->keys[i]->secret.p, k->keys[i]->secret.n);
}

static struct err *load(struct arena *a, struct str folder, struct str credentials, struct keyring **ret)
{
	struct keyring *k = ARENA_NEW(a, struct keyring);
	k->arena = a;
	k->folder = arena_str(a, folder);
	arena_defer(a, forget_secrets, k);
	TRY(keyring_load(k, a, k->folder, KEY_IN_FILE));
	if (!str_is_empty(credentials)) TRY(keyring_load(k, a, credentials, KEY_IN_CREDENTIAL));
	*ret = k;
	return NULL;
}

static void unlock(void *resource)
{
	const int *fd = resource;
	if (*fd >= 0) close(*fd);
}

struct err *keyring_open(struct arena *a, struct str folder, struct str credentials, struct keyring **ret)
{
	int fd;
	TRY(keyring_lock(a, folder, false, &fd));
	struct err *e = load(a, folder, credentials, ret);
	unlock(&fd);
	return e;
}

struct err *keyring_open_to_change(struct arena *a, struct str folder, struct str credentials,
	struct keyring **ret)
{
	int *fd = ARENA_NEW(a, int);
	TRY(keyring_lock(a, folder, true, fd));
	arena_defer(a, unlock, fd);
	return load(a, folder, credentials, ret);
}

/* --- answering -------------------------------------------------------------------------------------- */

struct err *keyring_active(const struct keyring *k, struct arena *a, enum key_purpose purpose,
	struct str label, const struct key **ret)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct key *key = k->keys[i];
		if (key->purpose != purpose || key->state != KEY_ACTIVE) continue;
		if (!str_is_none(label) && !str_eq(key->label, label)) continue;
		*ret = key;
		return NULL;
	}
	return ERR(a, ERR_UNAVAILABLE, NULL, "no active key for %s", key_purpose_name(purpose));
}

const struct key *keyring_by_id(const struct keyring *k, struct str id)
{
	for (size_t i = 0; i < k->count; i++)
		if (str_eq(k->keys[i]->id, id)) return k->keys[i];
	return NULL;
}

const struct key *keyring_good(const struct keyring *k, enum key_purpose purpose, size_t n)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct key *key = k->keys[i];
		bool is_good = key->purpose == purpose && (key->state == KEY_ACTIVE || key->state == KEY_RETIRED);
		if (is_good && n-- == 0) return key;
	}
	return NULL;
}

const struct key *keyring_at(const struct keyring *k, size_t n) { return n < k->count ? k->keys[n] : NULL; }

struct err *keyring_wrap(const struct keyring *k, struct arena *a, struct str file_key,
	struct str *ret_wrapped, struct str *ret_key_id)
{
	const struct key *key;
	TRY(keyring_active(k, a, KEY_FILE_WRAP, STR_NONE, &key));
	*ret_wrapped = aes_wrap(a, key->secret, file_key);
	*ret_key_id = key->id;
	return NULL;
}

struct err *keyring_unwrap(const struct keyring *k, struct arena *a, struct str wrapped, struct str key_id,
	struct str *ret_file_key)
{
	const struct key *key = keyring_by_id(k, key_id);
	if (!key || key->purpose != KEY_FILE_WRAP)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the wrapping key %.*s is not here", STR_FMT(key_id));
	if (!aes_unwrap(a, key->secret, wrapped, ret_file_key))
		return ERR(a, ERR_INVALID, NULL, "not wrapped by key %.*s", STR_FMT(key_id));
	return NULL;
}
