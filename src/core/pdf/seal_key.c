/*
 * Keys and certificates of organs: reading, making, writing. Start at seal_key_load() and seal_key_make().
 */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "core/pdf/seal_key.h"

enum { CHAIN_MAX = 10, PEM_BYTES_MAX = 256 * 1024, SERIAL_BYTES = 16 };

const char *seal_key_reason(struct arena *a)
{
	unsigned long code = ERR_peek_last_error();
	ERR_clear_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;
	return arena_cz(a, str_of(reason ? reason : "no reason given"));
}

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

/* No pass phrase is ever asked for on the terminal. */
static int no_phrase(char *buffer, int size, int writing, void *user)
{
	(void)buffer, (void)size, (void)writing, (void)user;
	return -1;
}

static void read_certificates(BIO *in, struct seal_key *key)
{
	X509 *x;
	for (int i = 0; i < CHAIN_MAX && (x = PEM_read_bio_X509(in, NULL, no_phrase, NULL)); i++) {
		if (i == 0)
			key->certificate = x;
		else
			must(sk_X509_push(key->chain, x) > 0);
	}
	ERR_clear_error(); /* the end of the list is an error to OpenSSL */
}

struct err *seal_key_load(struct arena *a, struct str private_pem, struct str certificates_pem,
	struct seal_key **ret)
{
	if (private_pem.n > PEM_BYTES_MAX || certificates_pem.n > PEM_BYTES_MAX)
		return ERR(a, ERR_TOO_LARGE, NULL, "a key of %zu bytes", private_pem.n);
	struct seal_key *key = key_new(a);
	BIO *in = BIO_new_mem_buf(private_pem.p ? private_pem.p : "", (int)private_pem.n);
	must(in);
	key->pkey = PEM_read_bio_PrivateKey(in, NULL, no_phrase, NULL);
	BIO_free(in);
	if (!key->pkey)
		return ERR(a, ERR_INVALID, NULL, "the private key cannot be read: %s", seal_key_reason(a));
	in = BIO_new_mem_buf(certificates_pem.p ? certificates_pem.p : "", (int)certificates_pem.n);
	must(in);
	read_certificates(in, key);
	BIO_free(in);
	if (!key->certificate) return ERR(a, ERR_INVALID, NULL, "the key has no certificate");
	if (X509_check_private_key(key->certificate, key->pkey) != 1)
		return ERR(a, ERR_INVALID, NULL, "key and certificate do not belong together: %s",
			seal_key_reason(a));
	*ret = key;
	return NULL;
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
		return ERR(a, ERR_INTERNAL, NULL, "the certificate cannot be made: %s", seal_key_reason(a));
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

/* --- writing ---------------------------------------------------------------------------------------------- */

static struct err *take(struct arena *a, BIO *out, bool ok, struct str *ret)
{
	char *p;
	long n = BIO_get_mem_data(out, &p);
	if (ok) *ret = arena_str(a, (struct str){ p, (size_t)n });
	BIO_free(out);
	return ok ? NULL : ERR(a, ERR_INTERNAL, NULL, "PEM cannot be written: %s", seal_key_reason(a));
}

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
