/*
 * A question as it is sent, and whether an answer is one to it: OpenSSL's checks (RFC 3161, 2.4.2), ours of the time, and
 * those that whoever verifies the paper later makes.
 */
#include <openssl/ts.h>

#include "core/crypto/certificate.h"
#include "core/crypto/crypto.h"
#include "core/timestamp/trust.h"

static struct err *refused(struct arena *a, const char *what)
{
	return ERR(a, ERR_UNAVAILABLE, NULL, "the time stamp is refused: %s", what);
}

/* --- asking --------------------------------------------------------------------------------------------- */

static TS_MSG_IMPRINT *imprint_of(struct str bytes)
{
	struct sha256 hash = sha256_of(bytes);
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	must(imprint && algorithm);
	must(X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1);
	must(TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1);
	must(TS_MSG_IMPRINT_set_msg(imprint, hash.b, SHA256_BYTES) == 1);
	X509_ALGOR_free(algorithm);
	return imprint;
}

static ASN1_INTEGER *nonce_of(struct str bytes)
{
	BIGNUM *number = BN_bin2bn((const unsigned char *)bytes.p, (int)bytes.n, NULL);
	ASN1_INTEGER *nonce = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
	must(nonce);
	BN_free(number);
	return nonce;
}

struct timestamp_question timestamp_ask(struct arena *a, struct str bytes, struct str nonce,
	struct instant at)
{
	TS_REQ *request = TS_REQ_new();
	TS_MSG_IMPRINT *imprint = imprint_of(bytes);
	ASN1_INTEGER *number = nonce_of(nonce);
	must(request && TS_REQ_set_version(request, 1) == 1);
	must(TS_REQ_set_msg_imprint(request, imprint) == 1 && TS_REQ_set_nonce(request, number) == 1);
	must(TS_REQ_set_cert_req(request, 1) == 1);
	unsigned char *der = NULL;
	int n = i2d_TS_REQ(request, &der);
	must(n > 0);
	struct timestamp_question q = { arena_str(a, (struct str){ (const char *)der, (size_t)n }), bytes, at };
	OPENSSL_free(der);
	ASN1_INTEGER_free(number);
	TS_MSG_IMPRINT_free(imprint);
	TS_REQ_free(request);
	return q;
}

/* --- believing ------------------------------------------------------------------------------------------ */

/* Status, version, imprint, nonce; the certificate's purpose, chain and being named; the signature. */
static bool openssl_holds(TS_REQ *request, TS_RESP *response, const struct timestamp_trust *trust)
{
	TS_VERIFY_CTX *context = TS_REQ_to_TS_VERIFY_CTX(request, NULL);
	must(context);
	TS_VERIFY_CTX_add_flags(context, TS_VFY_SIGNATURE);
	TS_VERIFY_CTX_set_store(context, timestamp_store(trust, INSTANT_NONE));
	bool ok = TS_RESP_verify_response(context, response) == 1;
	TS_VERIFY_CTX_free(context); /* and the store */
	return ok;
}

static bool time_holds(TS_RESP *response, const struct timestamp_question *q, struct instant now)
{
	struct instant at = certificate_time(TS_TST_INFO_get_time(TS_RESP_get_tst_info(response)));
	const int64_t most = (int64_t)TIMESTAMP_CLOCK_MAX_S * 1000;
	return !instant_is_none(at) && at.ms >= q->asked_at.ms - most && at.ms <= now.ms + most;
}

static struct err *token_of(struct arena *a, TS_RESP *response, struct str *ret)
{
	unsigned char *der = NULL;
	int n = i2d_PKCS7(TS_RESP_get_token(response), &der);
	if (n <= 0) return refused(a, certificate_reason(a));
	struct str token = arena_str(a, (struct str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	if (token.n > TIMESTAMP_TOKEN_MAX) return refused(a, "it is too long for a seal");
	*ret = token;
	return NULL;
}

static struct err *check(struct arena *a, const struct timestamp_question *q, TS_REQ *request,
	TS_RESP *response, const struct timestamp_trust *trust, struct instant now, struct str *ret_token)
{
	long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)));
	if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
		return ERR(a, ERR_UNAVAILABLE, NULL, "the time-stamp server grants none: status %ld", status);
	if (!openssl_holds(request, response, trust)) return refused(a, certificate_reason(a));
	if (!time_holds(response, q, now)) return refused(a, "its time is not the time by this machine's clock");
	struct str token;
	TRY(token_of(a, response, &token));
	struct timestamp_facts facts = timestamp_examine(a, token, q->bytes, trust);
	if (facts.state != TIMESTAMP_GOOD) return refused(a, arena_cz(a, facts.problem));
	*ret_token = token;
	return NULL;
}

struct err *timestamp_answer(struct arena *a, const struct timestamp_question *q, struct str reply,
	const struct timestamp_trust *trust, struct instant now, struct str *ret_token)
{
	const unsigned char *at = (const unsigned char *)reply.p, *asked = (const unsigned char *)q->der.p;
	TS_REQ *request = d2i_TS_REQ(NULL, &asked, (long)q->der.n);
	must(request);
	TS_RESP *response = reply.n > 0 ? d2i_TS_RESP(NULL, &at, (long)reply.n) : NULL;
	struct err *e = NULL;
	if (!response || at != (const unsigned char *)reply.p + reply.n)
		e = refused(a, "the answer is not one that can be read");
	else
		e = check(a, q, request, response, trust, now, ret_token);
	TS_RESP_free(response);
	TS_REQ_free(request);
	(void)certificate_reason(a); /* the queue is left empty */
	return e;
}
