/*
 * Examines the seal of a PDF of any origin: finds the signature, checks that it covers the whole file, that the
 * digest and the CMS hold, and whose certificate it is. Start at pades_verify().
 */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/crypto/certificate.h"
#include "core/pdf/pdf_file.h"
#include "core/pdf/seal_key.h"

enum { SCRATCH_BYTES_MAX = 512 * 1024 * 1024, FIELDS_MAX = 1000, CMS_BYTES_MAX = 256 * 1024, CHAIN_MAX = 10 };

struct examination {
	struct arena *arena; /* of the caller: for what is returned */
	struct str pdf;
	struct pdf_file *file;
	const struct pades_trust *trust;
	const struct pdf_value *signature; /* the last signed field's dictionary */
	struct pades_facts facts;
};

/* Remembers the first thing that is wrong. */
static void problem(struct examination *x, const char *what)
{
	if (str_is_none(x->facts.problem)) x->facts.problem = arena_cstr(x->arena, what);
}

/* --- finding the signature ----------------------------------------------------------------------------------- */

/* Signature fields at the top and one level below, where producers put them. */
static void visit_field(struct examination *x, const struct pdf_value *field, int depth)
{
	const struct pdf_value *value = pdf_file_get(x->file, field, "V");
	if (value->type == PDF_DICT && pdf_dict_get(value, "ByteRange")) {
		x->facts.seal_count++;
		x->signature = value;
	}
	const struct pdf_value *kids = pdf_file_get(x->file, field, "Kids");
	for (size_t i = 0; depth < 2 && kids->type == PDF_ARRAY && i < kids->count && i < FIELDS_MAX; i++)
		visit_field(x, pdf_file_follow(x->file, &kids->items[i]), depth + 1);
}

static void find_signature(struct examination *x)
{
	const struct pdf_value *root = pdf_file_get(x->file, pdf_file_trailer(x->file), "Root");
	const struct pdf_value *fields = pdf_file_get(x->file, pdf_file_get(x->file, root, "AcroForm"), "Fields");
	for (size_t i = 0; fields->type == PDF_ARRAY && i < fields->count && i < FIELDS_MAX; i++)
		visit_field(x, pdf_file_follow(x->file, &fields->items[i]), 0);
	x->facts.has_seal = x->signature != NULL;
}

/* --- what it covers ------------------------------------------------------------------------------------------- */

/* The two ranges; false when they are not four sane numbers. */
static bool read_range(struct examination *x, size_t range[4])
{
	const struct pdf_value *v = pdf_file_get(x->file, x->signature, "ByteRange");
	if (v->type != PDF_ARRAY || v->count != 4) return false;
	for (int i = 0; i < 4; i++) {
		if (v->items[i].type != PDF_INTEGER || v->items[i].integer < 0 ||
			(uint64_t)v->items[i].integer > x->pdf.n)
			return false;
		range[i] = (size_t)v->items[i].integer;
	}
	return range[0] + range[1] <= range[2] && range[2] + range[3] <= x->pdf.n;
}

/* The whole file but one hole, and the hole is exactly the hexadecimal string of this signature: nothing can be
 * hidden in it or behind it. */
static bool covers_all(const struct examination *x, const size_t range[4], const struct pdf_value *contents)
{
	return range[0] == 0 && range[2] + range[3] == x->pdf.n && contents->from == range[1] &&
		contents->to == range[2] && range[1] < x->pdf.n && x->pdf.p[range[1]] == '<';
}

/* "D:20261208180431Z" or with an offset "+01'00'" (ISO 32000-1, 7.9.4). */
static struct instant read_date(struct arena *a, const struct pdf_value *v)
{
	struct str s = v->text;
	if (v->type != PDF_STRING || !str_starts_with(s, STR("D:")) || s.n < 16) return INSTANT_NONE;
	struct str zone = STR("Z");
	if (s.n > 16 && (s.p[16] == '+' || s.p[16] == '-') && s.n >= 22)
		zone = arena_printf(a, "%.3s:%.2s", s.p + 16, s.p + 20);
	struct str iso = arena_printf(a, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%.*s", s.p + 2, s.p + 6, s.p + 8, s.p + 10,
		s.p + 12, s.p + 14, STR_FMT(zone));
	struct instant t;
	return instant_parse(iso, &t) ? t : INSTANT_NONE;
}

/* --- the CMS ---------------------------------------------------------------------------------------------------- */

/* The CMS at the start of the hole; behind it there is only padding. */
static CMS_ContentInfo *read_cms(struct examination *x, struct str bytes)
{
	if (bytes.n > CMS_BYTES_MAX) return NULL;
	const unsigned char *at = (const unsigned char *)bytes.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)bytes.n);
	if (!cms) return NULL;
	for (size_t i = (size_t)(at - (const unsigned char *)bytes.p); i < bytes.n; i++)
		if (bytes.p[i] != 0) problem(x, "there is something behind the signature in its hole");
	bool one = OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed &&
		sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) == 1;
	if (!one) {
		CMS_ContentInfo_free(cms);
		return NULL;
	}
	return cms;
}

/* The digest that was signed is that of the covered bytes. */
static bool digest_holds(const struct examination *x, const size_t range[4], CMS_SignerInfo *si)
{
	X509_ALGOR *algorithm;
	CMS_SignerInfo_get0_algs(si, NULL, NULL, &algorithm, NULL);
	const ASN1_OBJECT *name;
	X509_ALGOR_get0(&name, NULL, NULL, algorithm);
	int nid = OBJ_obj2nid(name);
	if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512) return false;
	ASN1_OCTET_STRING *signed_digest = CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(NID_pkcs9_messageDigest),
		-3, V_ASN1_OCTET_STRING);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	must(md);
	bool ok = signed_digest && EVP_DigestInit_ex(md, EVP_get_digestbynid(nid), NULL) == 1 &&
		EVP_DigestUpdate(md, x->pdf.p + range[0], range[1]) == 1 &&
		EVP_DigestUpdate(md, x->pdf.p + range[2], range[3]) == 1 && EVP_DigestFinal_ex(md, digest, &n) == 1 &&
		ASN1_STRING_length(signed_digest) == (int)n &&
		memcmp(ASN1_STRING_get0_data(signed_digest), digest, n) == 0;
	EVP_MD_CTX_free(md);
	return ok;
}

static bool cms_holds(const struct examination *x, const size_t range[4], CMS_ContentInfo *cms)
{
	char *covered = malloc(range[1] + range[3] + 1);
	must(covered);
	memcpy(covered, x->pdf.p + range[0], range[1]);
	memcpy(covered + range[1], x->pdf.p + range[2], range[3]);
	BIO *in = BIO_new_mem_buf(covered, (int)(range[1] + range[3]));
	must(in);
	/* Whether the certificate is to be trusted is another question, answered below. */
	int ok = CMS_verify(cms, NULL, NULL, in, NULL, CMS_DETACHED | CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY);
	BIO_free(in);
	free(covered);
	return ok == 1;
}

/* --- whose it is --------------------------------------------------------------------------------------------------- */

static struct str hex(struct arena *a, const unsigned char *p, size_t n)
{
	char *out = arena_alloc(a, n * 2 + 1);
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", p[i]);
	return (struct str){ out, n * 2 };
}

static void describe_signer(struct examination *x, X509 *certificate)
{
	struct pades_facts *f = &x->facts;
	f->signer = certificate_name(x->arena, certificate, NID_commonName);
	f->organ = certificate_name(x->arena, certificate, NID_organizationalUnitName);
	f->organization = certificate_name(x->arena, certificate, NID_organizationName);
	const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
	f->serial = hex(x->arena, ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	if (X509_digest(certificate, EVP_sha256(), digest, &n) == 1) f->fingerprint = hex(x->arena, digest, n);
	f->valid_from = certificate_time(X509_get0_notBefore(certificate));
	f->valid_until = certificate_time(X509_get0_notAfter(certificate));
}

/* A chain to a trusted certificate, all valid at the claimed time. A trusted seal certificate is its own anchor. */
static bool chain_holds(const struct examination *x, X509 *certificate, STACK_OF(X509) * others)
{
	if (instant_is_none(x->facts.claimed)) return false;
	X509_STORE *store = certificate_store(x->trust->seals);
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	must(context);
	bool ok = X509_STORE_CTX_init(context, store, certificate, others) == 1;
	if (ok) {
		X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
		X509_VERIFY_PARAM_set_time(param, (time_t)(x->facts.claimed.ms / 1000));
		X509_VERIFY_PARAM_set_depth(param, CHAIN_MAX);
		X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
		ok = X509_verify_cert(context) == 1 &&
			(X509_get_key_usage(certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION));
	}
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return ok;
}

/* The signature's time stamp, an unsigned attribute (ETSI EN 319 122-1, 5.3): the first, where there are more. */
static void examine_stamp(struct examination *x, CMS_SignerInfo *si)
{
	int at = CMS_unsigned_get_attr_by_NID(si, NID_id_smime_aa_timeStampToken, -1);
	if (at < 0) return;
	ASN1_TYPE *token = X509_ATTRIBUTE_get0_type(CMS_unsigned_get_attr(si, at), 0);
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(si);
	struct str der = STR_NONE;
	if (token && ASN1_TYPE_get(token) == V_ASN1_SEQUENCE)
		der = (struct str){ (const char *)ASN1_STRING_get0_data(token->value.sequence),
			(size_t)ASN1_STRING_length(token->value.sequence) };
	struct str signature = { (const char *)ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value) };
	x->facts.stamp = timestamp_examine(x->arena, der, signature, &x->trust->stamps);
}

static void examine_cms(struct examination *x, const size_t range[4], CMS_ContentInfo *cms)
{
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	x->facts.digest_ok = digest_holds(x, range, si);
	examine_stamp(x, si);
	if (!x->facts.digest_ok) problem(x, "the bytes are not those that were sealed");
	bool holds = cms_holds(x, range, cms);
	if (!holds) problem(x, "the signature does not hold");
	X509 *certificate = NULL; /* known to the CMS only after it was verified */
	CMS_SignerInfo_get0_algs(si, NULL, &certificate, NULL, NULL);
	x->facts.signature_ok = holds && certificate_is_named(si, certificate, NULL, false);
	if (holds && !x->facts.signature_ok) problem(x, "the signature does not name its certificate");
	if (!certificate) return;
	describe_signer(x, certificate);
	STACK_OF(X509) *others = CMS_get1_certs(cms);
	x->facts.trusted = chain_holds(x, certificate, others);
	sk_X509_pop_free(others, X509_free);
}

static void examine(struct examination *x)
{
	find_signature(x);
	if (!x->signature) return problem(x, "there is no signature");
	const struct pdf_value *contents = pdf_dict_get(x->signature, "Contents");
	const struct pdf_value *filter = pdf_file_get(x->file, x->signature, "SubFilter");
	x->facts.sub_filter = filter->type == PDF_NAME ? arena_str(x->arena, filter->text) : STR_NONE;
	x->facts.claimed = read_date(x->arena, pdf_file_get(x->file, x->signature, "M"));
	size_t range[4] = { 0 };
	if (!contents || contents->type != PDF_STRING || !read_range(x, range))
		return problem(x, "the byte range is not sane");
	x->facts.covers_all = covers_all(x, range, contents) && !pdf_file_rebuilt(x->file);
	if (!x->facts.covers_all) problem(x, "the seal does not cover the whole file");
	CMS_ContentInfo *cms = read_cms(x, contents->text);
	if (!cms) return problem(x, "the signature cannot be read");
	examine_cms(x, range, cms);
	CMS_ContentInfo_free(cms);
	if (x->facts.seal_count != 1) problem(x, "there is more than one signature");
	x->facts.intact = x->facts.covers_all && x->facts.digest_ok && x->facts.signature_ok &&
		x->facts.seal_count == 1 && str_is_none(x->facts.problem);
}

struct err *pades_verify(struct arena *a, struct str pdf, const struct pades_trust *trust,
	struct pades_facts *ret)
{
	struct arena *scratch = arena_new(SCRATCH_BYTES_MAX);
	struct examination x = { .arena = a, .pdf = pdf, .trust = trust };
	x.facts.claimed = x.facts.stamp.at = x.facts.valid_from = x.facts.valid_until = INSTANT_NONE;
	struct err *e = pdf_file_open(scratch, pdf, &x.file);
	if (!e) examine(&x);
	struct err *copy = err_copy(a, e);
	arena_free(scratch);
	ERR_clear_error();
	if (copy) return copy;
	*ret = x.facts;
	return NULL;
}
