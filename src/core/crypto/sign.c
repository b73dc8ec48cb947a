#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "core/crypto/crypto.h"

static EVP_PKEY *private_key(struct str seed)
{
	must(seed.n == ED25519_SEED);
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)seed.p,
		seed.n);
	must(key);
	return key;
}

struct str ed25519_public(struct arena *a, struct str seed)
{
	char *p = arena_alloc(a, ED25519_PUBLIC + 1);
	size_t n = ED25519_PUBLIC;
	EVP_PKEY *key = private_key(seed);
	must(EVP_PKEY_get_raw_public_key(key, (unsigned char *)p, &n) == 1 && n == ED25519_PUBLIC);
	EVP_PKEY_free(key);
	return (struct str){ p, n };
}

struct str ed25519_sign(struct arena *a, struct str seed, struct str message)
{
	char *p = arena_alloc(a, ED25519_SIGNATURE + 1);
	size_t n = ED25519_SIGNATURE;
	EVP_PKEY *key = private_key(seed);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	must(context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1);
	must(EVP_DigestSign(context, (unsigned char *)p, &n, (const unsigned char *)message.p, message.n) == 1);
	must(n == ED25519_SIGNATURE);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return (struct str){ p, n };
}

bool ed25519_verify(struct str public_key, struct str message, struct str signature)
{
	if (public_key.n != ED25519_PUBLIC || signature.n != ED25519_SIGNATURE) return false;
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)public_key.p,
		public_key.n);
	if (!key) return false;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	must(context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1);
	bool ok = EVP_DigestVerify(context, (const unsigned char *)signature.p, signature.n,
				  (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return ok;
}

/* The wrap flag makes EVP accept the mode of RFC 3394. */
static EVP_CIPHER_CTX *wrap_context(struct str key, int encrypt)
{
	must(key.n == AES_KEY);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	must(c);
	EVP_CIPHER_CTX_set_flags(c, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	must(EVP_CipherInit_ex(c, EVP_aes_256_wrap(), NULL, (const unsigned char *)key.p, NULL, encrypt) == 1);
	return c;
}

struct str aes_wrap(struct arena *a, struct str wrapping_key, struct str key)
{
	must(key.n >= 16 && key.n <= AES_WRAP_MAX && key.n % 8 == 0);
	char *p = arena_alloc(a, key.n + 8 + 1);
	int n = 0;
	EVP_CIPHER_CTX *c = wrap_context(wrapping_key, 1);
	must(EVP_CipherUpdate(c, (unsigned char *)p, &n, (const unsigned char *)key.p, (int)key.n) == 1);
	must((size_t)n == key.n + 8);
	EVP_CIPHER_CTX_free(c);
	return (struct str){ p, (size_t)n };
}

bool aes_unwrap(struct arena *a, struct str wrapping_key, struct str wrapped, struct str *ret)
{
	if (wrapped.n < 24 || wrapped.n > AES_WRAP_MAX + 8 || wrapped.n % 8) return false;
	char *p = arena_alloc(a, wrapped.n + 1);
	int n = 0;
	EVP_CIPHER_CTX *c = wrap_context(wrapping_key, 0);
	bool ok = EVP_CipherUpdate(c, (unsigned char *)p, &n, (const unsigned char *)wrapped.p, (int)wrapped.n) ==
			1 &&
		(size_t)n == wrapped.n - 8;
	EVP_CIPHER_CTX_free(c);
	if (ok)
		*ret = (struct str){ p, (size_t)n };
	else
		OPENSSL_cleanse(p, wrapped.n);
	return ok;
}
