#include <openssl/cms.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "core/pdf/seal_key.h"
#include "core/timestamp/test_authority.h"

struct test_authority {
	struct test *t;
	struct seal_key *above, *own;
	X509 *certificate; /* the own key's, for stamps */
	struct str pem;
};

static void release(void *certificate) { X509_free(certificate); }

/* The seal's certificate, with that usage. */
static X509 *with_usage(const struct test_authority *x, const char *usage)
{
	X509 *certificate = X509_dup(x->own->certificate);
	X509_EXTENSION *extension = usage ? X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage, usage) : NULL;
	must(certificate && (!usage || (extension && X509_add_ext(certificate, extension, -1) == 1)));
	must(X509_sign(certificate, x->above->pkey, EVP_sha256()) > 0);
	X509_EXTENSION_free(extension);
	return certificate;
}

struct test_authority *test_authority_new(struct test *t)
{
	struct test_authority *x = ARENA_NEW(t->arena, struct test_authority);
	/* Wide, because chains are held against the machine's clock. */
	struct seal_subject subject = { .common_name = STR("Autoridad de muestra"),
		.country = STR("ES"),
		.until = { INT64_C(4102444800000) },
		.algorithm = SEAL_EC_P256,
		.authority = true };
	x->t = t;
	must(!seal_key_make(t->arena, &subject, NULL, &x->above));
	subject.common_name = STR("Sellos de muestra");
	subject.authority = false;
	must(!seal_key_make(t->arena, &subject, x->above, &x->own));
	must(!seal_key_certificates_pem(t->arena, x->above, &x->pem));
	x->certificate = with_usage(x, "critical,timeStamping"); /* RFC 3161, 2.3 */
	arena_defer(t->arena, release, x->certificate);
	return x;
}

struct timestamp_trust test_authority_trust(const struct test_authority *x)
{
	return (struct timestamp_trust){ .pem = x->pem };
}

/* --- answering ------------------------------------------------------------------------------------------ */

static ASN1_INTEGER *next_serial(struct TS_resp_ctx *context, void *state)
{
	(void)context, (void)state;
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	must(serial && ASN1_INTEGER_set(serial, 7) == 1);
	return serial;
}

static int tell_time(struct TS_resp_ctx *context, void *state, long *ret_s, long *ret_us)
{
	const struct instant *at = state;
	(void)context;
	*ret_s = (long)(at->ms / 1000);
	*ret_us = (long)(at->ms % 1000 * 1000);
	return 1;
}

static TS_RESP_CTX *context_of(const struct test_authority *x, struct instant *at)
{
	TS_RESP_CTX *context = TS_RESP_CTX_new();
	STACK_OF(X509) *chain = sk_X509_new_null();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);
	must(context && chain && policy && sk_X509_push(chain, x->above->certificate) > 0);
	must(TS_RESP_CTX_set_signer_cert(context, x->certificate) == 1);
	must(TS_RESP_CTX_set_signer_key(context, x->own->pkey) == 1);
	must(TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1);
	must(TS_RESP_CTX_set_certs(context, chain) == 1 && TS_RESP_CTX_set_def_policy(context, policy) == 1);
	must(TS_RESP_CTX_add_md(context, EVP_sha256()) == 1);
	must(TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) == 1);
	TS_RESP_CTX_set_serial_cb(context, next_serial, NULL);
	TS_RESP_CTX_set_time_cb(context, tell_time, at);
	ASN1_OBJECT_free(policy);
	sk_X509_free(chain);
	return context;
}

struct str test_authority_reply(const struct test_authority *x, struct str question, struct instant at)
{
	TS_RESP_CTX *context = context_of(x, &at);
	BIO *in = BIO_new_mem_buf(question.p, (int)question.n);
	must(in);
	TS_RESP *response = TS_RESP_create_response(context, in);
	unsigned char *der = NULL;
	int n = i2d_TS_RESP(response, &der);
	must(n > 0);
	struct str reply = arena_str(x->t->arena, (struct str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	TS_RESP_free(response);
	BIO_free(in);
	TS_RESP_CTX_free(context);
	return reply;
}

struct str test_authority_token(const struct test_authority *x, struct str bytes, struct instant at)
{
	struct arena *a = x->t->arena;
	struct timestamp_question q = timestamp_ask(a, bytes, STR("0123456789abcdef"), at);
	struct timestamp_trust trust = test_authority_trust(x);
	struct str token = STR("");
	struct err *e = timestamp_answer(a, &q, test_authority_reply(x, q.der, at), &trust, at, &token);
	if (e) test_fail(x->t, __FILE__, __LINE__, "timestamp_answer: %s", e->detail);
	return token;
}

/* --- what no authority should do ------------------------------------------------------------------------ */

static struct str signed_by(const struct test_authority *x, X509 *certificate, struct str info,
	unsigned flags)
{
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
	BIO *in = BIO_new_mem_buf(info.p, (int)info.n);
	must(cms && in && CMS_set1_eContentType(cms, OBJ_nid2obj(NID_id_smime_ct_TSTInfo)) == 1);
	must(CMS_add1_signer(cms, certificate, x->own->pkey, EVP_sha256(), CMS_NOSMIMECAP | flags));
	must(CMS_final(cms, in, NULL, CMS_BINARY) == 1);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	must(n > 0);
	struct str token = arena_str(x->t->arena, (struct str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	BIO_free(in);
	CMS_ContentInfo_free(cms);
	return token;
}

struct str test_authority_forged(const struct test_authority *x, struct str bytes, struct instant at,
	const char *usage, bool names_itself)
{
	struct str good = test_authority_token(x, bytes, at);
	const unsigned char *from = (const unsigned char *)good.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &from, (long)good.n);
	must(cms);
	ASN1_OCTET_STRING *info = *CMS_get0_content(cms);
	X509 *certificate = with_usage(x, usage);
	struct str token = signed_by(x, certificate,
		(struct str){ (const char *)ASN1_STRING_get0_data(info), (size_t)ASN1_STRING_length(info) },
		names_itself ? CMS_CADES : 0);
	X509_free(certificate);
	CMS_ContentInfo_free(cms);
	return token;
}
