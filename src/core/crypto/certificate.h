/*
 * What seals and time stamps have in common about X.509 certificates, over OpenSSL. For the files that work with its
 * types; everybody else is told plain values (core/pdf/pades.h, core/timestamp/timestamp.h).
 */
#pragma once
#include <openssl/cms.h>
#include <openssl/x509.h>

#include "base/err.h"
#include "base/instant.h"

struct instant certificate_time(const ASN1_TIME *t); /* INSTANT_NONE when it cannot be read */
/* A part of the subject's name, as NID_commonName; none without. */
struct str certificate_name(struct arena *a, const X509 *certificate, int nid);
/* For PEM readers: no pass phrase is ever asked for on the terminal. */
int certificate_no_phrase(char *buffer, int size, int writing, void *user);
/* The certificates of a PEM text, each an anchor of trust, 1000 at most. The caller frees it. */
X509_STORE *certificate_store(struct str pem);
/* Whether the signature itself names this certificate (signing-certificate-v2, RFC 5035; with `takes_sha1` the older
 * form of RFC 2634 too): without that, another one with the same key could be put in its place. `others`, or NULL, are
 * those that it may name besides. */
bool certificate_is_named(CMS_SignerInfo *si, X509 *certificate, const STACK_OF(X509) * others,
	bool takes_sha1);
/* The newest entry of OpenSSL's error queue, as text; empties the queue. */
const char *certificate_reason(struct arena *a);
