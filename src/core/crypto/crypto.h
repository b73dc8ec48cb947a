/*
 * The few cryptographic operations the nouns need, over OpenSSL: digests, HMAC, Ed25519, AES key wrap, random
 * bytes, and the encodings keys and signatures travel in. Bytes are `struct str`.
 *
 * Not here: certificates and CMS (documents), passwords, TLS. A failure that only a broken OpenSSL can cause
 * is a must(); what depends on input returns false or an error.
 */
#pragma once
#include "base/err.h"

enum {
	SHA256_BYTES = 32,
	ED25519_SEED = 32,
	ED25519_PUBLIC = 32,
	ED25519_SIGNATURE = 64,
	AES_KEY = 32,
	AES_WRAP_MAX = 64 * 1024
};

struct sha256 {
	uint8_t b[SHA256_BYTES];
};
struct sha256 sha256_of(struct str bytes);
struct sha256 sha256_of_parts(const struct str *parts, size_t count); /* of their concatenation */
struct sha256 hmac_sha256(struct str key, struct str bytes);
static inline struct str sha256_str(const struct sha256 *h)
{
	return (struct str){ (const char *)h->b, SHA256_BYTES };
}
bool sha256_eq(const struct sha256 *x, const struct sha256 *y); /* constant time */
/* False unless `s` is 32 bytes. */
bool sha256_from(struct str s, struct sha256 *ret);

/* `n` bytes from the system's generator. Commit functions use tx_random() instead. */
struct str crypto_random(struct arena *a, size_t n);

/* RFC 8032. `seed` and `public_key` are the raw 32 bytes. */
struct str ed25519_public(struct arena *a, struct str seed);
struct str ed25519_sign(struct arena *a, struct str seed, struct str message);
bool ed25519_verify(struct str public_key, struct str message, struct str signature);

/* RFC 3394 with a 256-bit wrapping key; the plain key, or a short secret text, is a multiple of 8 bytes, 16 to
 * AES_WRAP_MAX. The wrapped one is 8 longer. Unwrapping answers false to a wrong key or a changed byte. */
struct str aes_wrap(struct arena *a, struct str wrapping_key, struct str key);
bool aes_unwrap(struct arena *a, struct str wrapping_key, struct str wrapped, struct str *ret);

/* RFC 4648 base64 with padding, strict: no white space, no missing or non-zero trailing bits. */
struct str base64_encode(struct arena *a, struct str bytes);
bool base64_decode(struct arena *a, struct str text, struct str *ret);
struct str hex_encode(struct arena *a, struct str bytes);           /* lower case */
bool hex_decode(struct arena *a, struct str text, struct str *ret); /* either case */
