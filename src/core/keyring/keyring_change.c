#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/utf8.h"
#include "core/keyring/keyring_internal.h"
#include "core/token/token.h"

static struct key *find(struct keyring *k, enum key_purpose purpose, struct str label, enum key_state state)
{
	for (size_t i = 0; i < k->count; i++)
		if (k->keys[i]->purpose == purpose && k->keys[i]->state == state && str_eq(k->keys[i]->label, label))
			return k->keys[i];
	return NULL;
}

/* Durable first, then known: a key that is used must be on the disk. */
static struct err *add_new(struct keyring *k, struct arena *a, struct key *key, struct key **ret)
{
	if (key->label.n > KEY_LABEL_MAX || !utf8_is_plain(key->label, false))
		return ERR(a, ERR_INVALID, NULL, "a key's label is one line of at most %d bytes", KEY_LABEL_MAX);
	if (k->count == KEYRING_MAX) return ERR(a, ERR_INVALID, NULL, "more than %d keys", KEYRING_MAX);
	bool first = !find(k, key->purpose, key->label, KEY_ACTIVE);
	key->kind = key_kind_of(key->purpose);
	key->id = hex_encode(a, crypto_random(a, 8));
	key->state = first ? KEY_ACTIVE : KEY_NEXT;
	key->from = first ? key->created : INSTANT_NONE;
	key->until = INSTANT_NONE;
	TRY(keyring_store(k, a, key));
	return keyring_add(k, a, key, ret);
}

static struct err *create(struct keyring *k, struct arena *a, enum key_purpose purpose, struct str label,
	struct instant now, struct key **ret)
{
	enum key_kind kind = key_kind_of(purpose);
	if (kind == KEY_CERTIFIED)
		return ERR(a, ERR_USAGE, NULL, "a key for %s comes with a certificate: import it",
			key_purpose_name(purpose));
	struct key key = { .purpose = purpose, .label = str_is_none(label) ? STR("") : label, .created = now };
	key.secret = crypto_random(a, AES_KEY);
	key.public_key = kind == KEY_ED25519 ? ed25519_public(a, key.secret) : STR_NONE;
	return add_new(k, a, &key, ret);
}

struct err *keyring_create(struct keyring *k, struct arena *a, enum key_purpose purpose, struct str label,
	struct instant now, const struct key **ret)
{
	struct key *key;
	TRY(create(k, a, purpose, label, now, &key));
	*ret = key;
	return NULL;
}

static bool belong_together(struct str private_pem, struct str certificates_pem)
{
	if (private_pem.n > INT32_MAX || certificates_pem.n > INT32_MAX) return false;
	BIO *key_bio = BIO_new_mem_buf(private_pem.p ? private_pem.p : "", (int)private_pem.n);
	BIO *certificate_bio = BIO_new_mem_buf(certificates_pem.p ? certificates_pem.p : "",
		(int)certificates_pem.n);
	must(key_bio && certificate_bio);
	char no_password[] = "";
	EVP_PKEY *key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, no_password);
	X509 *certificate = PEM_read_bio_X509(certificate_bio, NULL, NULL, no_password);
	bool ok = key && certificate && X509_check_private_key(certificate, key) == 1;
	X509_free(certificate);
	EVP_PKEY_free(key);
	BIO_free(certificate_bio);
	BIO_free(key_bio);
	ERR_clear_error();
	return ok;
}

struct err *keyring_import(struct keyring *k, struct arena *a, enum key_purpose purpose, struct str label,
	struct str private_pem, struct str certificates_pem, struct instant now, const struct key **ret)
{
	struct key *key;
	if (key_kind_of(purpose) != KEY_CERTIFIED)
		return ERR(a, ERR_USAGE, NULL, "a key for %s is made here, not imported", key_purpose_name(purpose));
	if (!belong_together(private_pem, certificates_pem))
		return ERR(a, ERR_INVALID, NULL, "the private key is not the one of the certificate");
	struct key imported = { .purpose = purpose,
		.label = str_is_none(label) ? STR("") : label,
		.created = now,
		.secret = private_pem,
		.public_key = certificates_pem };
	TRY(add_new(k, a, &imported, &key));
	*ret = key;
	return NULL;
}

/* That the token signs, and with this certificate's key: what it will be asked for every day. */
static struct err *try_token(struct arena *a, struct str uri, struct str certificates_pem)
{
	struct str challenge = crypto_random(a, 32), signature;
	if (certificates_pem.n > INT32_MAX) return ERR(a, ERR_TOO_LARGE, NULL, "the certificates are too large");
	TRY(token_sign(a, uri, challenge, &signature));
	BIO *in = BIO_new_mem_buf(certificates_pem.p ? certificates_pem.p : "", (int)certificates_pem.n);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	must(in && md);
	char no_password[] = "";
	X509 *certificate = PEM_read_bio_X509(in, NULL, NULL, no_password);
	EVP_PKEY *key = certificate ? X509_get0_pubkey(certificate) : NULL;
	bool ok = key && EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestVerify(md, (const unsigned char *)signature.p, signature.n,
			(const unsigned char *)challenge.p, challenge.n) == 1;
	X509_free(certificate);
	EVP_MD_CTX_free(md);
	BIO_free(in);
	ERR_clear_error();
	return ok ? NULL : ERR(a, ERR_INVALID, NULL, "the token's key is not the one of the certificate");
}

struct err *keyring_adopt(struct keyring *k, struct arena *a, enum key_purpose purpose, struct str label,
	struct str uri, struct str certificates_pem, struct instant now, const struct key **ret)
{
	struct key *key;
	if (key_kind_of(purpose) != KEY_CERTIFIED)
		return ERR(a, ERR_USAGE, NULL, "a key for %s cannot be in a token: only an organ's seal can",
			key_purpose_name(purpose));
	TRY(token_uri_check(a, uri));
	TRY(try_token(a, uri, certificates_pem));
	struct key adopted = { .purpose = purpose,
		.place = KEY_IN_TOKEN,
		.label = str_is_none(label) ? STR("") : label,
		.created = now,
		.secret = STR(""),
		.uri = uri,
		.public_key = certificates_pem };
	TRY(add_new(k, a, &adopted, &key));
	*ret = key;
	return NULL;
}

/* Writes the changed key, and changes ours only when that worked. */
static struct err *change(struct keyring *k, struct arena *a, struct key *key, enum key_state state,
	struct instant from, struct instant until)
{
	if (key->place == KEY_IN_CREDENTIAL)
		return ERR(a, ERR_CONFLICT, NULL, "key %.*s is systemd's credential: change it there",
			STR_FMT(key->id));
	struct key changed = *key;
	changed.state = state;
	changed.from = from;
	changed.until = until;
	TRY(keyring_store(k, a, &changed));
	key->state = state;
	key->from = from;
	key->until = until;
	keyring_sort(k);
	return NULL;
}

/* The old one is retired before the next becomes active: stopped in between, there is no active key, which is
 * noticed, and not two. Done again, it goes on from there. */
struct err *keyring_rotate(struct keyring *k, struct arena *a, enum key_purpose purpose, struct str label,
	struct instant now, const struct key **ret)
{
	if (str_is_none(label)) label = STR("");
	struct key *old = find(k, purpose, label, KEY_ACTIVE), *next = find(k, purpose, label, KEY_NEXT);
	if (old && old->place == KEY_IN_CREDENTIAL)
		return ERR(a, ERR_CONFLICT, NULL, "key %.*s is systemd's credential: change it there",
			STR_FMT(old->id));
	if (!next) TRY(create(k, a, purpose, label, now, &next));
	if (old) TRY(change(k, a, old, KEY_RETIRED, old->from, now));
	if (next->state != KEY_ACTIVE) TRY(change(k, a, next, KEY_ACTIVE, now, INSTANT_NONE));
	*ret = next;
	return NULL;
}

static struct err *compromise(struct keyring *k, struct arena *a, struct key *key, struct instant now)
{
	TRY(change(k, a, key, KEY_COMPROMISED, key->from, now));
	if (!key_unwraps(key->purpose)) key->secret = key->uri = STR("");
	return NULL;
}

struct err *keyring_retire(struct keyring *k, struct arena *a, struct str id, bool is_compromised,
	struct instant now)
{
	for (size_t i = 0; i < k->count; i++) {
		struct key *key = k->keys[i];
		if (!str_eq(key->id, id)) continue;
		if (key->state == KEY_COMPROMISED)
			return ERR(a, ERR_CONFLICT, NULL, "key %.*s is compromised already", STR_FMT(id));
		if (is_compromised) return compromise(k, a, key, now);
		if (key->state == KEY_ACTIVE)
			return ERR(a, ERR_CONFLICT, NULL, "key %.*s is active: rotate it first", STR_FMT(id));
		if (key->state != KEY_NEXT)
			return ERR(a, ERR_CONFLICT, NULL, "key %.*s is %s already", STR_FMT(id),
				key_state_name(key->state));
		return change(k, a, key, KEY_RETIRED, key->from, now);
	}
	return ERR(a, ERR_NOT_FOUND, NULL, "no key %.*s", STR_FMT(id));
}
