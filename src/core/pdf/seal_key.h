/*
 * Inside of an organ's key, for pades.c and seal_key.c alone; pades.h has the outside.
 */
#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>
#include "core/pdf/pades.h"

struct seal_key {
	EVP_PKEY *pkey; /* of a key in a token: the public half */
	struct str uri; /* in a token; none: here */
	X509 *certificate;
	STACK_OF(X509) * chain; /* above the certificate, nearest first */
};

/* SHA-256 and the key's own algorithm; what the token signs is checked. */
MUST_USE struct err *seal_key_sign(struct arena *a, const struct seal_key *key, struct str bytes,
	struct str *ret);
