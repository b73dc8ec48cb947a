/*
 * A token of any origin: whether it is over these bytes and whole, and whose it is. Start at timestamp_examine().
 */
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "core/crypto/certificate.h"
#include "core/timestamp/trust.h"

enum { TOKEN_MAX = 64 * 1024, CHAIN_MAX = 10, SECURITY_LEVEL = 2 };

struct examination {
	struct arena *arena;
	struct str bytes;
	CMS_ContentInfo *cms;
	TS_TST_INFO *info;
	struct timestamp_facts facts;
};

X509_STORE *timestamp_store(const struct timestamp_trust *trust, struct instant at)
{
	X509_STORE *store = certificate_store(trust->pem);
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	if (trust->takes_system_ones) must(X509_STORE_set_default_paths(store) == 1);
	if (!instant_is_none(at)) X509_VERIFY_PARAM_set_time(param, (time_t)(at.ms / 1000));
	X509_VERIFY_PARAM_set_depth(param, CHAIN_MAX);
	X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	return store;
}

size_t timestamp_trust_count(const struct timestamp_trust *trust)
{
	X509_STORE *store = certificate_store(trust->pem);
	int count = sk_X509_OBJECT_num(X509_STORE_get0_objects(store));
	X509_STORE_free(store);
	return count > 0 ? (size_t)count : 0;
}

static bool bad(struct examination *x, const char *what)
{
	x->facts.state = TIMESTAMP_BAD;
	x->facts.problem = str_of(what);
	return false;
}

/* --- reading -------------------------------------------------------------------------------------------- */

static bool read_token(struct examination *x, struct str token)
{
	const unsigned char *at = (const unsigned char *)token.p;
	if (token.n == 0 || token.n > TOKEN_MAX) return bad(x, "the token has no sane length");
	x->cms = d2i_CMS_ContentInfo(NULL, &at, (long)token.n);
	bool is_one = x->cms && at == (const unsigned char *)token.p + token.n &&
		OBJ_obj2nid(CMS_get0_type(x->cms)) == NID_pkcs7_signed &&
		sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(x->cms)) == 1 &&
		OBJ_obj2nid(CMS_get0_eContentType(x->cms)) == NID_id_smime_ct_TSTInfo;
	ASN1_OCTET_STRING **content = is_one ? CMS_get0_content(x->cms) : NULL;
	if (!content || !*content) return bad(x, "it is no time-stamp token");
	const unsigned char *info = ASN1_STRING_get0_data(*content);
	x->info = d2i_TS_TST_INFO(NULL, &info, ASN1_STRING_length(*content));
	if (!x->info) return bad(x, "what it says cannot be read");
	x->facts.at = certificate_time(TS_TST_INFO_get_time(x->info));
	return instant_is_none(x->facts.at) ? bad(x, "its time cannot be read") : true;
}

static bool is_strong(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *name;
	X509_ALGOR_get0(&name, NULL, NULL, algorithm);
	int nid = OBJ_obj2nid(name);
	return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

/* SHA-256 or longer, of these bytes. */
static bool imprint_holds(const struct examination *x)
{
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(x->info);
	const X509_ALGOR *algorithm = TS_MSG_IMPRINT_get_algo(imprint);
	if (!is_strong(algorithm)) return false;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	const EVP_MD *md = EVP_get_digestbyobj(algorithm->algorithm);
	ASN1_OCTET_STRING *stamped = TS_MSG_IMPRINT_get_msg(imprint);
	return EVP_Digest(x->bytes.p, x->bytes.n, digest, &n, md, NULL) == 1 &&
		ASN1_STRING_length(stamped) == (int)n && memcmp(ASN1_STRING_get0_data(stamped), digest, n) == 0;
}

/* --- whose it is ---------------------------------------------------------------------------------------- */

static bool leads_to(const struct examination *x, X509 *certificate, STACK_OF(X509) * others,
	const struct timestamp_trust *trust)
{
	X509_STORE *store = timestamp_store(trust, x->facts.at);
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	must(context);
	bool ok = X509_STORE_CTX_init(context, store, certificate, others) == 1 &&
		X509_STORE_CTX_set_purpose(context, X509_PURPOSE_TIMESTAMP_SIGN) == 1 &&
		X509_verify_cert(context) == 1;
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return ok;
}

/* X509_PURPOSE_TIMESTAMP_SIGN: extended key usage timeStamping, critical and alone (RFC 3161, 2.3). */
static bool may_stamp(const struct examination *x, X509 *certificate)
{
	struct instant from = certificate_time(X509_get0_notBefore(certificate));
	struct instant until = certificate_time(X509_get0_notAfter(certificate));
	return X509_check_purpose(certificate, X509_PURPOSE_TIMESTAMP_SIGN, 0) == 1 && !instant_is_none(from) &&
		!instant_is_none(until) && from.ms <= x->facts.at.ms && x->facts.at.ms <= until.ms;
}

static bool judge_signer(struct examination *x, CMS_SignerInfo *si, X509 *certificate,
	const struct timestamp_trust *trust)
{
	STACK_OF(X509) *others = CMS_get1_certs(x->cms);
	bool is_named = certificate_is_named(si, certificate, others, true);
	bool is_known = leads_to(x, certificate, others, trust);
	sk_X509_pop_free(others, X509_free);
	x->facts.authority = certificate_name(x->arena, certificate, NID_commonName);
	if (!is_named) return bad(x, "the token does not name its certificate");
	if (!may_stamp(x, certificate))
		return bad(x, "its certificate was not one for time stamps, alone, at that time");
	x->facts.state = is_known ? TIMESTAMP_GOOD : TIMESTAMP_UNKNOWN;
	x->facts.problem = is_known ? STR_NONE : STR("its authority is not among those that are trusted");
	return true;
}

static bool judge(struct examination *x, struct str token, const struct timestamp_trust *trust)
{
	if (!read_token(x, token)) return false;
	BIO *out = BIO_new(BIO_s_null());
	must(out);
	/* Whether its certificate is to be trusted is another question, answered afterwards. */
	bool holds = CMS_verify(x->cms, NULL, NULL, NULL, out, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
	BIO_free(out);
	if (!holds) return bad(x, "its signature does not hold");
	if (!imprint_holds(x)) return bad(x, "it is of something else");
	X509 *certificate = NULL;
	X509_ALGOR *digest;
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(x->cms), 0);
	CMS_SignerInfo_get0_algs(si, NULL, &certificate, &digest, NULL);
	if (!is_strong(digest)) return bad(x, "its signature is of a weak kind");
	return certificate ? judge_signer(x, si, certificate, trust) : bad(x, "its certificate is missing");
}

struct timestamp_facts timestamp_examine(struct arena *a, struct str token, struct str bytes,
	const struct timestamp_trust *trust)
{
	struct examination x = { .arena = a, .bytes = bytes, .facts = { .at = INSTANT_NONE } };
	judge(&x, token, trust);
	TS_TST_INFO_free(x.info);
	CMS_ContentInfo_free(x.cms);
	ERR_clear_error();
	return x.facts;
}
