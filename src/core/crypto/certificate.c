#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/pem.h>

#include "core/crypto/certificate.h"

enum { STORE_MAX = 1000 };

struct instant certificate_time(const ASN1_TIME *t)
{
	struct tm tm;
	struct date day;
	if (!t || ASN1_TIME_to_tm(t, &tm) != 1 ||
		!date_of_ymd(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, &day))
		return INSTANT_NONE;
	return (struct instant){ (((int64_t)day.days * 24 + tm.tm_hour) * 60 + tm.tm_min) * 60000 +
		tm.tm_sec * 1000 };
}

struct str certificate_name(struct arena *a, const X509 *certificate, int nid)
{
	const X509_NAME *name = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(name, nid, -1);
	if (at < 0) return STR_NONE;
	unsigned char *utf8 = NULL;
	int n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	struct str s = n >= 0 ? arena_str(a, (struct str){ (const char *)utf8, (size_t)n }) : STR_NONE;
	OPENSSL_free(utf8);
	return s;
}

int certificate_no_phrase(char *buffer, int size, int writing, void *user)
{
	(void)buffer, (void)size, (void)writing, (void)user;
	return -1;
}

X509_STORE *certificate_store(struct str pem)
{
	X509_STORE *store = X509_STORE_new();
	must(store);
	BIO *in = BIO_new_mem_buf(pem.p ? pem.p : "", (int)(pem.n < INT32_MAX ? pem.n : 0));
	must(in);
	X509 *certificate;
	for (int i = 0; i < STORE_MAX && (certificate = PEM_read_bio_X509(in, NULL, certificate_no_phrase, NULL));
		 i++) {
		X509_STORE_add_cert(store, certificate);
		X509_free(certificate);
	}
	BIO_free(in);
	ERR_clear_error(); /* the end of the list is an error to OpenSSL */
	return store;
}

static const ASN1_STRING *attribute(CMS_SignerInfo *si, int nid)
{
	return CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(nid), -3, V_ASN1_SEQUENCE);
}

static ESS_SIGNING_CERT *read_v1(const ASN1_STRING *value)
{
	if (!value) return NULL;
	const unsigned char *at = ASN1_STRING_get0_data(value);
	return d2i_ESS_SIGNING_CERT(NULL, &at, ASN1_STRING_length(value));
}

static ESS_SIGNING_CERT_V2 *read_v2(const ASN1_STRING *value)
{
	if (!value) return NULL;
	const unsigned char *at = ASN1_STRING_get0_data(value);
	return d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(value));
}

bool certificate_is_named(CMS_SignerInfo *si, X509 *certificate, const STACK_OF(X509) * others,
	bool takes_sha1)
{
	const ASN1_STRING *v1 = takes_sha1 ? attribute(si, NID_id_smime_aa_signingCertificate) : NULL;
	const ASN1_STRING *v2 = attribute(si, NID_id_smime_aa_signingCertificateV2);
	if (!certificate || (!v1 && !v2)) return false;
	ESS_SIGNING_CERT *named = read_v1(v1);
	ESS_SIGNING_CERT_V2 *named_v2 = read_v2(v2);
	STACK_OF(X509) *chain = sk_X509_new_null();
	must(chain && sk_X509_push(chain, certificate) > 0);
	for (int i = 0; i < sk_X509_num(others); i++)
		must(sk_X509_push(chain, sk_X509_value(others, i)) > 0);
	bool ok = (!v1 || named) && (!v2 || named_v2) &&
		OSSL_ESS_check_signing_certs(named, named_v2, chain, 1) == 1;
	sk_X509_free(chain);
	ESS_SIGNING_CERT_free(named);
	ESS_SIGNING_CERT_V2_free(named_v2);
	return ok;
}

const char *certificate_reason(struct arena *a)
{
	unsigned long code = ERR_peek_last_error();
	ERR_clear_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;
	return arena_cz(a, str_of(reason ? reason : "no reason given"));
}
