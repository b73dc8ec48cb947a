#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <pthread.h>

#include "core/crypto/crypto.h"

/* OpenSSL looks an algorithm up by its name each time it is asked for one; here it is asked once. */
static struct {
	EVP_MD *sha256;
	EVP_MAC_CTX *hmac; /* copied for each use */
} fetched;

static void fetch(void)
{
	OSSL_PARAM of_sha256[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){ "SHA256" },
								   0),
		OSSL_PARAM_construct_end() };
	fetched.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	must(fetched.sha256 && hmac);
	fetched.hmac = EVP_MAC_CTX_new(hmac);
	must(fetched.hmac && EVP_MAC_CTX_set_params(fetched.hmac, of_sha256));
	EVP_MAC_free(hmac); /* its context holds it */
}

static const EVP_MD *sha256(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, fetch);
	return fetched.sha256;
}

struct sha256 sha256_of(struct str bytes)
{
	struct sha256 h;
	must(EVP_Digest(bytes.p ? bytes.p : "", bytes.n, h.b, NULL, sha256(), NULL));
	return h;
}

struct sha256 sha256_of_parts(const struct str *parts, size_t count)
{
	struct sha256 h;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	must(context && EVP_DigestInit_ex(context, sha256(), NULL));
	for (size_t i = 0; i < count; i++)
		if (parts[i].n) must(EVP_DigestUpdate(context, parts[i].p, parts[i].n));
	must(EVP_DigestFinal_ex(context, h.b, NULL));
	EVP_MD_CTX_free(context);
	return h;
}

struct sha256 hmac_sha256(struct str key, struct str bytes)
{
	struct sha256 h;
	size_t n = 0;
	must(key.n <= 1024 && sha256());
	EVP_MAC_CTX *context = EVP_MAC_CTX_dup(fetched.hmac);
	const unsigned char *secret = (const unsigned char *)(key.p ? key.p : "");
	must(context && EVP_MAC_init(context, secret, key.n, NULL) &&
		EVP_MAC_update(context, (const unsigned char *)(bytes.p ? bytes.p : ""), bytes.n) &&
		EVP_MAC_final(context, h.b, &n, SHA256_BYTES) && n == SHA256_BYTES);
	EVP_MAC_CTX_free(context);
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
