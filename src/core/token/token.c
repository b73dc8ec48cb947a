#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "core/token/token_internal.h"

enum { SIGNATURE_MAX = 1024, NUMBER_MAX = 1024, DIGEST_INFO_HEAD = 19, P256_BYTES = 32, ID_BYTES = 8 };

/* What is done with a session. */
struct work {
	const struct token_name *name;
	struct str message;
	enum token_algorithm algorithm;
	struct str answer;
};
typedef struct err *work_fn(struct token_module *m, struct arena *a, struct token_session *s, struct work *w);

/* Whatever failed, the second try finds a module that was loaded anew: tokens do not say reliably what is stale. Only
 * what was not a failure of the token is final. */
static struct err *run(struct arena *a, struct str uri, bool find, work_fn *fn, struct work *w)
{
	struct token_name name;
	struct token_module *m;
	struct err *e = NULL;
	TRY(token_name_read(a, uri, &name));
	TRY(token_module_lock(a, name.module_path, &m));
	w->name = &name;
	for (int attempt = 0; attempt < 2; attempt++) {
		struct token_session *s;
		bool was_loaded = m->calls != NULL;
		size_t refused = m->refused_count;
		e = token_session_get(m, a, &name, find, &s);
		e = e ? e : fn(m, a, s, w);
		if (!e || e->code != ERR_UNAVAILABLE) break;
		token_module_close(m);
		if (!was_loaded || m->refused_count != refused) break; /* it was fresh already, or the PIN is wrong */
	}
	token_module_unlock(m);
	w->name = NULL;
	return e;
}

/* --- signing ------------------------------------------------------------------------------------------------- */

/* RFC 8017, 9.2, note 1: DigestInfo of SHA-256. */
static const unsigned char digest_info[DIGEST_INFO_HEAD] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
	0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };

/* PKCS#11 gives r and s side by side; X.509 and CMS want them as DER (RFC 3279, 2.2.3). */
static struct err *ecdsa_der(struct arena *a, const unsigned char *raw, size_t n, struct str *ret)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, (int)(n / 2), NULL), *s = BN_bin2bn(raw + n / 2, (int)(n / 2), NULL);
	must(sig && r && s && ECDSA_SIG_set0(sig, r, s) == 1);
	unsigned char *der = NULL;
	int length = i2d_ECDSA_SIG(sig, &der);
	ECDSA_SIG_free(sig);
	must(length > 0);
	*ret = arena_str(a, (struct str){ (const char *)der, (size_t)length });
	OPENSSL_free(der);
	return NULL;
}

static struct err *sign(struct token_module *m, struct arena *a, struct token_session *s, struct work *w)
{
	bool is_rsa = s->type == CKK_RSA;
	if (!is_rsa && s->type != CKK_EC)
		return ERR(a, ERR_INVALID, NULL, "the token's key is neither RSA nor EC");
	struct sha256 hash = sha256_of(w->message);
	unsigned char input[DIGEST_INFO_HEAD + SHA256_BYTES], output[SIGNATURE_MAX];
	memcpy(input, digest_info, DIGEST_INFO_HEAD);
	memcpy(input + DIGEST_INFO_HEAD, hash.b, SHA256_BYTES);
	unsigned char *from = is_rsa ? input : input + DIGEST_INFO_HEAD;
	CK_ULONG n = sizeof output;
	CK_MECHANISM mechanism = { is_rsa ? CKM_RSA_PKCS : CKM_ECDSA, NULL, 0 };
	CK_RV rv = m->calls->C_SignInit(s->session, &mechanism, s->key);
	if (rv == CKR_OK)
		rv = m->calls->C_Sign(s->session, from, (CK_ULONG)(input + sizeof input - from), output, &n);
	if (rv != CKR_OK) return token_error(a, "signing", rv);
	if (!is_rsa) return ecdsa_der(a, output, n, &w->answer);
	w->answer = arena_str(a, (struct str){ (const char *)output, n });
	return NULL;
}

struct err *token_sign(struct arena *a, struct str uri, struct str message, struct str *ret_signature)
{
	struct work w = { .message = message };
	TRY(run(a, uri, true, sign, &w));
	*ret_signature = w.answer;
	return NULL;
}

/* --- the public half ------------------------------------------------------------------------------------------ */

static struct err *attribute(struct token_module *m, struct arena *a, CK_SESSION_HANDLE session,
	CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct str *ret)
{
	unsigned char bytes[NUMBER_MAX];
	CK_ATTRIBUTE wanted = { type, bytes, sizeof bytes };
	CK_RV rv = m->calls->C_GetAttributeValue(session, object, &wanted, 1);
	if (rv != CKR_OK) return token_error(a, "reading the public key", rv);
	*ret = arena_str(a, (struct str){ (const char *)bytes, wanted.ulValueLen });
	return NULL;
}

static struct err *spki_of(struct arena *a, const char *kind, OSSL_PARAM_BLD *build, struct str *ret)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *key = NULL;
	unsigned char *der = NULL;
	must(params && context);
	int n = EVP_PKEY_fromdata_init(context) == 1 &&
			EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) == 1
		? i2d_PUBKEY(key, &der)
		: -1;
	if (n > 0) *ret = arena_str(a, (struct str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(params);
	return n > 0 ? NULL : ERR(a, ERR_INVALID, NULL, "the token's public key cannot be read");
}

static struct err *rsa_public(struct arena *a, struct str modulus, struct str exponent, struct str *ret)
{
	BIGNUM *n = BN_bin2bn((const unsigned char *)modulus.p, (int)modulus.n, NULL),
		   *e = BN_bin2bn((const unsigned char *)exponent.p, (int)exponent.n, NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	must(n && e && build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1);
	struct err *failure = spki_of(a, "RSA", build, ret);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	return failure;
}

/* CKA_EC_POINT is the point inside a DER OCTET STRING; 65 bytes uncompressed for P-256, the curve that is used here. */
static struct err *ec_public(struct arena *a, struct str point, struct str *ret)
{
	enum { POINT = 1 + 2 * P256_BYTES };
	if (point.n == POINT + 2) point = str_slice(point, 2, point.n);
	if (point.n != POINT || point.p[0] != 4)
		return ERR(a, ERR_INVALID, NULL, "the token's key is not on the curve P-256");
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	must(build && OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
		OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) == 1);
	struct err *failure = spki_of(a, "EC", build, ret);
	OSSL_PARAM_BLD_free(build);
	return failure;
}

static struct err *read_public(struct token_module *m, struct arena *a, struct token_session *s,
	struct work *w)
{
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
	int count;
	struct str first = STR_NONE, second = STR_NONE;
	TRY(token_find(m, a, s->session, w->name, CKO_PUBLIC_KEY, &object, &count));
	if (count != 1) return ERR(a, ERR_UNAVAILABLE, NULL, "the token has %d public keys of that name", count);
	if (s->type == CKK_RSA) {
		TRY(attribute(m, a, s->session, object, CKA_MODULUS, &first));
		TRY(attribute(m, a, s->session, object, CKA_PUBLIC_EXPONENT, &second));
		return rsa_public(a, first, second, &w->answer);
	}
	if (s->type != CKK_EC) return ERR(a, ERR_INVALID, NULL, "the token's key is neither RSA nor EC");
	TRY(attribute(m, a, s->session, object, CKA_EC_POINT, &first));
	return ec_public(a, first, &w->answer);
}

struct err *token_public(struct arena *a, struct str uri, struct str *ret)
{
	struct work w = { 0 };
	TRY(run(a, uri, true, read_public, &w));
	*ret = w.answer;
	return NULL;
}

/* --- making ---------------------------------------------------------------------------------------------------- */

static struct err *generate(struct token_module *m, struct arena *a, struct token_session *s, struct work *w)
{
	static unsigned char p256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
		0x07 }, /* its OID, DER */
		f4[] = { 1, 0, 1 };
	bool is_rsa = w->algorithm == TOKEN_RSA_3072;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ULONG bits = 3072;
	CK_OBJECT_HANDLE public_key, private_key;
	int count;
	TRY(token_find(m, a, s->session, w->name, CKO_PRIVATE_KEY, &private_key, &count));
	if (count > 0) return ERR(a, ERR_CONFLICT, NULL, "the token has a key of that name already");
	struct str id = str_is_empty(w->name->id) ? crypto_random(a, ID_BYTES) : w->name->id,
			   label = str_is_empty(w->name->object) ? hex_encode(a, id) : w->name->object;
	CK_ATTRIBUTE public_part[] = { { CKA_TOKEN, &yes, sizeof yes }, { CKA_VERIFY, &yes, sizeof yes },
		{ CKA_ID, (void *)id.p, id.n }, { CKA_LABEL, (void *)label.p, label.n },
		is_rsa ? (CK_ATTRIBUTE){ CKA_MODULUS_BITS, &bits, sizeof bits }
			   : (CK_ATTRIBUTE){ CKA_EC_PARAMS, p256, sizeof p256 },
		{ CKA_PUBLIC_EXPONENT, f4, sizeof f4 } };
	CK_ATTRIBUTE private_part[] = { { CKA_TOKEN, &yes, sizeof yes }, { CKA_PRIVATE, &yes, sizeof yes },
		{ CKA_SENSITIVE, &yes, sizeof yes }, { CKA_EXTRACTABLE, &no, sizeof no },
		{ CKA_SIGN, &yes, sizeof yes }, { CKA_ID, (void *)id.p, id.n },
		{ CKA_LABEL, (void *)label.p, label.n } };
	CK_MECHANISM mechanism = { is_rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, NULL, 0 };
	CK_RV rv = m->calls->C_GenerateKeyPair(s->session, &mechanism, public_part,
		sizeof public_part / sizeof public_part[0] - (is_rsa ? 0 : 1), private_part,
		sizeof private_part / sizeof private_part[0], &public_key, &private_key);
	return rv == CKR_OK ? NULL : token_error(a, "making a key", rv);
}

struct err *token_generate(struct arena *a, struct str uri, enum token_algorithm algorithm)
{
	struct work w = { .algorithm = algorithm };
	return run(a, uri, false, generate, &w);
}
