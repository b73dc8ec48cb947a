/*
 * Keys and certificates of organs: reading, making, writing. Start at seal_key_load() and seal_key_make().
 */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "core/crypto/certificate.h"
#include "core/pdf/seal_key.h"
#include "core/token/token.h"

enum { CHAIN_MAX = 10, PEM_BYTES_MAX = 256 * 1024, SERIAL_BYTES = 16 };

static void key_release(void *resource)
{
	struct seal_key *key = resource;
	EVP_PKEY_free(key->pkey);
	X509_free(key->certificate);
	sk_X509_pop_free(key->chain, X509_free);
}

static struct seal_key *key_new(struct arena *a)
{
	struct seal_key *key = ARENA_NEW(a, struct seal_key);
	arena_defer(a, key_release, key);
	key->chain = sk_X509_new_null();
	must(key->chain);
	return key;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

static void read_certificates(BIO *in, struct seal_key *key)
{
	X509 *x;
	for (int i = 0; i < CHAIN_MAX && (x = PEM_read_bio_X509(in, NULL, certificate_no_phrase, NULL)); i++) {
		if (i == 0)
			key->certificate = x;
		else
			must(sk_X509_push(key->chain, x) > 0);
	}
	ERR_clear_error(); /* the end of the list is an error to OpenSSL */
}

static void load_certificates(struct str pem, struct seal_key *key)
{
	BIO *in = BIO_new_mem_buf(pem.p ? pem.p : "", (int)pem.n);
	must(in);
	read_certificates(in, key);
	BIO_free(in);
}

struct err *seal_key_load(struct arena *a, struct str private_pem, struct str certificates_pem,
	struct seal_key **ret)
{
	if (private_pem.n > PEM_BYTES_MAX || certificates_pem.n > PEM_BYTES_MAX)
		return ERR(a, ERR_TOO_LARGE, NULL, "a key of %zu bytes", private_pem.n);
	struct seal_key *key = key_new(a);
	BIO *in = BIO_new_mem_buf(private_pem.p ? private_pem.p : "", (int)private_pem.n);
	must(in);
	key->pkey = PEM_read_bio_PrivateKey(in, NULL, certificate_no_phrase, NULL);
	BIO_free(in);
	if (!key->pkey)
		return ERR(a, ERR_INVALID, NULL, "the private key cannot be read: %s", certificate_reason(a));
	load_certificates(certificates_pem, key);
	if (!key->certificate) return ERR(a, ERR_INVALID, NULL, "the key has no certificate");
	if (X509_check_private_key(key->certificate, key->pkey) != 1)
		return ERR(a, ERR_INVALID, NULL, "key and certificate do not belong together: %s",
			certificate_reason(a));
	*ret = key;
	return NULL;
}

struct err *seal_key_load_token(struct arena *a, struct str uri, struct str certificates_pem,
	struct seal_key **ret)
{
	if (certificates_pem.n > PEM_BYTES_MAX)
		return ERR(a, ERR_TOO_LARGE, NULL, "certificates of %zu bytes", certificates_pem.n);
	struct seal_key *key = key_new(a);
	load_certificates(certificates_pem, key);
	if (!key->certificate) return ERR(a, ERR_INVALID, NULL, "the key has no certificate");
	key->pkey = X509_get_pubkey(key->certificate);
	if (!key->pkey)
		return ERR(a, ERR_INVALID, NULL, "the certificate's key cannot be read: %s", certificate_reason(a));
	key->uri = uri;
	*ret = key;
	return NULL;
}

struct err *seal_key_validity(struct arena *a, struct str certificates_pem, struct instant *ret_from,
	struct instant *ret_until)
{
	struct seal_key *key = key_new(a);
	if (certificates_pem.n > PEM_BYTES_MAX)
		return ERR(a, ERR_TOO_LARGE, NULL, "certificates of %zu bytes", certificates_pem.n);
	load_certificates(certificates_pem, key);
	if (!key->certificate) return ERR(a, ERR_INVALID, NULL, "the key has no certificate");
	*ret_from = certificate_time(X509_get0_notBefore(key->certificate));
	*ret_until = certificate_time(X509_get0_notAfter(key->certificate));
	return NULL;
}

/* --- signing ------------------------------------------------------------------------------------------- */

static struct err *sign_here(struct arena *a, EVP_PKEY *pkey, struct str bytes, struct str *ret)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	must(md);
	size_t n = (size_t)EVP_PKEY_get_size(pkey);
	unsigned char *out = arena_alloc(a, n);
	bool ok = EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, pkey) == 1 &&
		EVP_DigestSign(md, out, &n, (const unsigned char *)bytes.p, bytes.n) == 1;
	EVP_MD_CTX_free(md);
	*ret = (struct str){ (const char *)out, n };
	return ok ? NULL : ERR(a, ERR_INTERNAL, NULL, "signing: %s", certificate_reason(a));
}

/* Another key may stand in the token under the same name by now. */
static bool is_by(EVP_PKEY *pkey, struct str bytes, struct str signature)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	must(md);
	bool ok = EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, pkey) == 1 &&
		EVP_DigestVerify(md, (const unsigned char *)signature.p, signature.n, (const unsigned char *)bytes.p,
			bytes.n) == 1;
	EVP_MD_CTX_free(md);
	ERR_clear_error();
	return ok;
}

struct err *seal_key_sign(struct arena *a, const struct seal_key *key, struct str bytes, struct str *ret)
{
	if (str_is_none(key->uri)) return sign_here(a, key->pkey, bytes, ret);
	TRY(token_sign(a, key->uri, bytes, ret));
	return is_by(key->pkey, bytes, *ret)
		? NULL
		: ERR(a, ERR_UNAVAILABLE, NULL, "the token's key is not the one of the certificate any more");
}

/* --- making ----------------------------------------------------------------------------------------------- */

static EVP_PKEY *generate(enum seal_algorithm algorithm)
{
	if (algorithm == SEAL_EC_P256) return EVP_EC_gen("P-256");
	return EVP_RSA_gen(algorithm == SEAL_RSA_2048 ? 2048u : 3072u);
}

static bool add_name(X509_NAME *name, const char *field, struct str value)
{
	return str_is_empty(value) ||
		X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)value.p, (int)value.n,
			-1, 0) == 1;
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&context);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	if (!extension) return false;
	bool ok = X509_add_ext(x, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return ok;
}

/* A positive number of 127 random bits (RFC 5280, 4.1.2.2). */
static bool set_serial(X509 *x)
{
	unsigned char bytes[SERIAL_BYTES];
	if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x7F) | 0x40);
	BIGNUM *n = BN_bin2bn(bytes, sizeof bytes, NULL);
	bool ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
	BN_free(n);
	return ok;
}

static bool fill(X509 *x, const struct seal_subject *s, const struct seal_key *issuer, EVP_PKEY *pkey)
{
	X509_NAME *name = X509_get_subject_name(x);
	X509 *above = issuer ? issuer->certificate : x;
	return X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) && add_name(name, "C", s->country) &&
		add_name(name, "O", s->organization) && add_name(name, "OU", s->organ) &&
		add_name(name, "CN", s->common_name) && X509_set_issuer_name(x, X509_get_subject_name(above)) == 1 &&
		ASN1_TIME_set(X509_getm_notBefore(x), (time_t)(s->from.ms / 1000)) &&
		ASN1_TIME_set(X509_getm_notAfter(x), (time_t)(s->until.ms / 1000)) && X509_set_pubkey(x, pkey) == 1 &&
		add_extension(x, above, NID_basic_constraints,
			s->authority ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
		add_extension(x, above, NID_key_usage,
			s->authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature,nonRepudiation") &&
		add_extension(x, above, NID_subject_key_identifier, "hash") &&
		add_extension(x, above, NID_authority_key_identifier, "keyid:always") &&
		X509_sign(x, issuer ? issuer->pkey : pkey, EVP_sha256()) > 0;
}

struct err *seal_key_make(struct arena *a, const struct seal_subject *subject, const struct seal_key *issuer,
	struct seal_key **ret)
{
	struct seal_key *key = key_new(a);
	key->pkey = generate(subject->algorithm);
	key->certificate = X509_new();
	if (!key->pkey || !key->certificate || !fill(key->certificate, subject, issuer, key->pkey))
		return ERR(a, ERR_INTERNAL, NULL, "the certificate cannot be made: %s", certificate_reason(a));
	if (issuer) {
		must(X509_up_ref(issuer->certificate) == 1 && sk_X509_push(key->chain, issuer->certificate) > 0);
		for (int i = 0; i < sk_X509_num(issuer->chain); i++) {
			X509 *above = sk_X509_value(issuer->chain, i);
			must(X509_up_ref(above) == 1 && sk_X509_push(key->chain, above) > 0);
		}
	}
	*ret = key;
	return NULL;
}

static struct err *take(struct arena *a, BIO *out, bool ok, struct str *ret)
{
	char *p;
	long n = BIO_get_mem_data(out, &p);
	if (ok) *ret = arena_str(a, (struct str){ p, (size_t)n });
	BIO_free(out);
	return ok ? NULL : ERR(a, ERR_INTERNAL, NULL, "PEM cannot be written: %s", certificate_reason(a));
}

/* --- asking for a certificate ---------------------------------------------------------------------------- */

static struct err *sign_request(struct arena *a, X509_REQ *request, struct str uri, EVP_PKEY *pkey)
{
	struct seal_key key = { .pkey = pkey, .uri = uri };
	struct str signature;
	unsigned char *der = NULL;
	X509_ALGOR *algorithm = X509_ALGOR_new();
	ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
	bool is_rsa = EVP_PKEY_is_a(pkey, "RSA");
	must(algorithm && bits);
	X509_ALGOR_set0(algorithm, OBJ_nid2obj(is_rsa ? NID_sha256WithRSAEncryption : NID_ecdsa_with_SHA256),
		is_rsa ? V_ASN1_NULL : V_ASN1_UNDEF, NULL);
	must(X509_REQ_set1_signature_algo(request, algorithm) == 1);
	X509_ALGOR_free(algorithm);
	int n = i2d_re_X509_REQ_tbs(request, &der);
	must(n > 0);
	struct err *e = seal_key_sign(a, &key, (struct str){ (const char *)der, (size_t)n }, &signature);
	OPENSSL_free(der);
	if (e) {
		ASN1_BIT_STRING_free(bits);
		return e;
	}
	must(ASN1_BIT_STRING_set(bits, (unsigned char *)signature.p, (int)signature.n) == 1);
	bits->flags = (bits->flags & ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07)) | ASN1_STRING_FLAG_BITS_LEFT;
	X509_REQ_set0_signature(request, bits);
	return NULL;
}

struct err *seal_key_request(struct arena *a, const struct seal_subject *s, struct str uri,
	struct str *ret_pem)
{
	struct str spki;
	TRY(token_public(a, uri, &spki));
	const unsigned char *at = (const unsigned char *)spki.p;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)spki.n);
	X509_REQ *request = X509_REQ_new();
	BIO *out = BIO_new(BIO_s_mem());
	must(pkey && request && out);
	X509_NAME *name = X509_REQ_get_subject_name(request);
	bool ok = X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 && add_name(name, "C", s->country) &&
		add_name(name, "O", s->organization) && add_name(name, "OU", s->organ) &&
		add_name(name, "CN", s->common_name) && X509_REQ_set_pubkey(request, pkey) == 1;
	struct err *e = ok ? sign_request(a, request, uri, pkey)
					   : ERR(a, ERR_INVALID, NULL, "the request cannot be made: %s", certificate_reason(a));
	ok = !e && PEM_write_bio_X509_REQ(out, request) == 1;
	X509_REQ_free(request);
	EVP_PKEY_free(pkey);
	struct err *unwritten = take(a, out, ok, ret_pem);
	return e ? e : unwritten;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

struct err *seal_key_private_pem(struct arena *a, const struct seal_key *key, struct str *ret)
{
	BIO *out = BIO_new(BIO_s_mem());
	must(out);
	return take(a, out, PEM_write_bio_PrivateKey(out, key->pkey, NULL, NULL, 0, NULL, NULL) == 1, ret);
}

struct err *seal_key_certificates_pem(struct arena *a, const struct seal_key *key, struct str *ret)
{
	BIO *out = BIO_new(BIO_s_mem());
	must(out);
	bool ok = PEM_write_bio_X509(out, key->certificate) == 1;
	for (int i = 0; i < sk_X509_num(key->chain); i++)
		ok = ok && PEM_write_bio_X509(out, sk_X509_value(key->chain, i)) == 1;
	return take(a, out, ok, ret);
}

struct str seal_key_fingerprint(struct arena *a, const struct seal_key *key)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n;
	must(X509_digest(key->certificate, EVP_sha256(), digest, &n) == 1);
	char *out = arena_alloc(a, n * 2 + 1);
	for (unsigned i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return (struct str){ out, n * 2 };
}
