/*
 * Inside of an organ's key, for pades.c and seal_key.c alone; pades.h has the outside.
 */
#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>
#include "core/pdf/pades.h"

struct seal_key {
	EVP_PKEY *pkey;
	X509 *certificate;
	STACK_OF(X509) * chain; /* above the certificate, nearest first */
};

/* The newest entry of OpenSSL's error queue, as text; empties the queue. */
const char *seal_key_reason(struct arena *a);
