/* Inside of core/timestamp: the anchors of trust as OpenSSL takes them. */
#pragma once
#include <openssl/x509.h>

#include "core/timestamp/timestamp.h"

/* Chains are looked at as of `at` (INSTANT_NONE: now by the machine's clock) and must be of 112 bits of security
 * (RSA-2048, SHA-256). Given certificates are anchors even when somebody else signed them. The caller frees it. */
X509_STORE *timestamp_store(const struct timestamp_trust *trust, struct instant at);
