#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "core/crypto/crypto.h"

struct sha256 sha256_of(struct str bytes)
{
	struct sha256 h;
	must(SHA256((const unsigned char *)(bytes.p ? bytes.p : ""), bytes.n, h.b));
	return h;
}

struct sha256 sha256_of_parts(const struct str *parts, size_t count)
{
	struct sha256 h;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	must(context && EVP_DigestInit_ex(context, EVP_sha256(), NULL));
	for (size_t i = 0; i < count; i++)
		if (parts[i].n) must(EVP_DigestUpdate(context, parts[i].p, parts[i].n));
	must(EVP_DigestFinal_ex(context, h.b, NULL));
	EVP_MD_CTX_free(context);
	return h;
}

struct sha256 hmac_sha256(struct str key, struct str bytes)
{
	struct sha256 h;
	must(key.n <= 1024);
	must(HMAC(EVP_sha256(), key.p ? key.p : "", (int)key.n, (const unsigned char *)(bytes.p ? bytes.p : ""),
		bytes.n, h.b, NULL));
	return h;
}

bool sha256_eq(const struct sha256 *x, const struct sha256 *y)
{
	return CRYPTO_memcmp(x->b, y->b, SHA256_BYTES) == 0;
}

bool sha256_from(struct str s, struct sha256 *ret)
{
	if (s.n != SHA256_BYTES || !s.p) return false;
	memcpy(ret->b, s.p, SHA256_BYTES);
	return true;
}

struct str crypto_random(struct arena *a, size_t n)
{
	char *p = arena_alloc(a, n + 1);
	must(n <= INT32_MAX && RAND_bytes((unsigned char *)p, (int)n) == 1);
	return (struct str){ p, n };
}
