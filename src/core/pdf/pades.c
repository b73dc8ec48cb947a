/*
 * Makes the seal: dates and byte range into the file, a CMS without signing-time into the hole; and puts a time stamp
 * beside its signature.
 *
 * OpenSSL's own CMS_final() always adds signing-time, which PAdES baseline forbids (ETSI EN 319 142-1, 6.3), so
 * the signed attributes are encoded and signed here (RFC 5652, 5.4). Start at pades_seal().
 */
#include <openssl/cms.h>
#include <openssl/err.h>

#include "core/crypto/certificate.h"
#include "core/crypto/crypto.h"
#include "core/pdf/seal_key.h"
#include "core/pdf/pdf_meta.h"

enum { ATTRIBUTES_MAX = 8, DIGEST_BYTES = 32, HEAD_BYTES = 1024 };

/* Where the pieces of the empty signature stand. */
struct hole {
	size_t range;    /* of the three numbers after "[0 " */
	size_t date;     /* of the 14 digits */
	size_t contents; /* of the '<' */
};

static const struct str range_mark = STR("/ByteRange[0 ");
static const struct str range_space = STR("1000000000 1000000000 1000000000]");
static const struct str date_mark = STR("/M(D:");
static const struct str contents_mark = STR(")/Contents<");

/* The signature is the file's first object, so what is found first is it. */
static struct err *find_hole(struct arena *a, struct str pdf, struct hole *ret)
{
	struct str head = str_slice(pdf, 0, HEAD_BYTES);
	ptrdiff_t range = str_find(head, range_mark), date = str_find(head, date_mark),
			  contents = str_find(head, contents_mark);
	if (range < 0 || date < 0 || contents < 0 ||
		!str_starts_with(str_slice(pdf, (size_t)range + range_mark.n, pdf.n), range_space))
		return ERR(a, ERR_INVALID, NULL, "the PDF has no empty signature");
	*ret = (struct hole){ (size_t)range + range_mark.n, (size_t)date + date_mark.n,
		(size_t)contents + contents_mark.n - 1 };
	size_t end = ret->contents + 1 + PDF_SEAL_BYTES * 2;
	if (ret->contents < ret->date || end >= pdf.n || pdf.p[end] != '>')
		return ERR(a, ERR_INVALID, NULL, "the place for the signature has another size");
	return NULL;
}

/* Writes range and date into the copy; the numbers are padded with spaces to the room they had. */
static struct err *fill_head(struct arena *a, char *pdf, size_t n, const struct hole *h,
	struct instant claimed)
{
	size_t after = h->contents + PDF_SEAL_BYTES * 2 + 2;
	struct str range = arena_printf(a, "%zu %zu %zu]", h->contents, after, n - after);
	must(range.n <= range_space.n);
	memset(pdf + h->range, ' ', range_space.n);
	memcpy(pdf + h->range, range.p, range.n - 1);
	pdf[h->range + range_space.n - 1] = ']';
	struct str iso = instant_iso(a, claimed);
	if (iso.n < 20) return ERR(a, ERR_INVALID, NULL, "a seal needs its time");
	struct str date = arena_printf(a, "%.4s%.2s%.2s%.2s%.2s%.2s", iso.p, iso.p + 5, iso.p + 8, iso.p + 11,
		iso.p + 14, iso.p + 17);
	memcpy(pdf + h->date, date.p, 14);
	return NULL;
}

static void digest_around(const char *pdf, size_t n, const struct hole *h, unsigned char ret[DIGEST_BYTES])
{
	size_t after = h->contents + PDF_SEAL_BYTES * 2 + 2;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	must(md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1);
	must(EVP_DigestUpdate(md, pdf, h->contents) == 1);
	must(EVP_DigestUpdate(md, pdf + after, n - after) == 1);
	must(EVP_DigestFinal_ex(md, ret, NULL) == 1);
	EVP_MD_CTX_free(md);
}

/* The CMS in hexadecimal; behind it the hole keeps its zeros. */
static struct err *fill_contents(struct arena *a, char *pdf, size_t contents, struct str cms)
{
	if (cms.n > PDF_SEAL_BYTES) return ERR(a, ERR_TOO_LARGE, NULL, "a seal of %zu bytes has no room", cms.n);
	struct str hex = hex_encode(a, cms);
	memcpy(pdf + contents + 1, hex.p, hex.n);
	return NULL;
}

/* --- CMS -------------------------------------------------------------------------------------------------- */

static int by_encoding(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The signed attributes as a DER SET OF: their encodings in ascending order (X.690, 11.6). */
static bool encode_attributes(struct arena *a, const CMS_SignerInfo *si, struct str *ret)
{
	int count = CMS_signed_get_attr_count(si);
	if (count < 1 || count > ATTRIBUTES_MAX) return false;
	struct str parts[ATTRIBUTES_MAX];
	size_t bytes = 0;
	for (int i = 0; i < count; i++) {
		unsigned char *der = NULL;
		int n = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &der);
		if (n <= 0) return false;
		parts[i] = arena_str(a, (struct str){ (const char *)der, (size_t)n });
		OPENSSL_free(der);
		bytes += (size_t)n;
	}
	qsort(parts, (size_t)count, sizeof parts[0], by_encoding);
	unsigned char *out = arena_alloc(a, bytes + 16), *at = out;
	ASN1_put_object(&at, 1, (int)bytes, V_ASN1_SET, V_ASN1_UNIVERSAL);
	for (int i = 0; i < count; i++) {
		memcpy(at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	*ret = (struct str){ (const char *)out, (size_t)(at - out) };
	return true;
}

/* Everything but the signature; *ret: the attributes that are to be signed. */
static bool fill_cms(struct arena *a, CMS_ContentInfo *cms, const struct seal_key *key,
	const unsigned char digest[DIGEST_BYTES], CMS_SignerInfo **ret_signer, struct str *ret)
{
	unsigned flags = CMS_PARTIAL | CMS_DETACHED | CMS_BINARY | CMS_CADES | CMS_NOSMIMECAP | CMS_NOCERTS;
	CMS_SignerInfo *si = CMS_add1_cert(cms, key->certificate) == 1
		? CMS_add1_signer(cms, key->certificate, key->pkey, EVP_sha256(), flags)
		: NULL;
	if (!si) return false;
	for (int i = 0; i < sk_X509_num(key->chain); i++)
		if (CMS_add1_cert(cms, sk_X509_value(key->chain, i)) != 1) return false;
	if (CMS_signed_get_attr_by_NID(si, NID_pkcs9_contentType, -1) < 0 &&
		CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data),
			-1) != 1)
		return false;
	*ret_signer = si;
	return CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest,
			   DIGEST_BYTES) == 1 &&
		encode_attributes(a, si, ret);
}

static struct err *sign_cms(struct arena *a, CMS_ContentInfo *cms, const struct seal_key *key,
	const unsigned char digest[DIGEST_BYTES])
{
	CMS_SignerInfo *si;
	struct str attributes, signature;
	if (!fill_cms(a, cms, key, digest, &si, &attributes))
		return ERR(a, ERR_INTERNAL, NULL, "the seal cannot be made: %s", certificate_reason(a));
	TRY(seal_key_sign(a, key, attributes, &signature));
	must(ASN1_STRING_set(CMS_SignerInfo_get0_signature(si), signature.p, (int)signature.n) == 1);
	return NULL;
}

static struct err *make_cms(struct arena *a, const struct seal_key *key,
	const unsigned char digest[DIGEST_BYTES], struct str *ret)
{
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_DETACHED | CMS_BINARY);
	must(cms);
	unsigned char *der = NULL;
	struct err *e = sign_cms(a, cms, key, digest);
	int n = e ? -1 : i2d_CMS_ContentInfo(cms, &der);
	CMS_ContentInfo_free(cms);
	TRY(e);
	if (n <= 0) return ERR(a, ERR_INTERNAL, NULL, "the seal cannot be made: %s", certificate_reason(a));
	*ret = arena_str(a, (struct str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	return NULL;
}

struct err *pades_seal(struct arena *a, struct str pdf, const struct seal_key *key, struct instant claimed,
	struct str *ret_pdf)
{
	struct hole hole = { 0 };
	TRY(find_hole(a, pdf, &hole));
	char *out = arena_alloc(a, pdf.n + 1);
	memcpy(out, pdf.p, pdf.n);
	TRY(fill_head(a, out, pdf.n, &hole, claimed));
	unsigned char digest[DIGEST_BYTES];
	digest_around(out, pdf.n, &hole, digest);
	struct str cms = STR_NONE;
	TRY(make_cms(a, key, digest, &cms));
	TRY(fill_contents(a, out, hole.contents, cms));
	*ret_pdf = (struct str){ out, pdf.n };
	return NULL;
}

/* --- the time stamp ------------------------------------------------------------------------------------------ */

/* The CMS of a PDF that pades_seal() sealed, and where its hole is. The caller frees it. */
static struct err *sealed_cms(struct arena *a, struct str pdf, size_t *ret_contents, CMS_ContentInfo **ret)
{
	struct str der;
	ptrdiff_t mark = str_find(str_slice(pdf, 0, HEAD_BYTES), contents_mark);
	size_t from = mark < 0 ? 0 : (size_t)mark + contents_mark.n;
	if (mark < 0 || !hex_decode(a, str_slice(pdf, from, from + PDF_SEAL_BYTES * 2), &der))
		return ERR(a, ERR_INVALID, NULL, "the PDF has no signature of ours");
	const unsigned char *at = (const unsigned char *)der.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.n);
	if (!cms) return ERR(a, ERR_INVALID, NULL, "the seal cannot be read: %s", certificate_reason(a));
	if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
		sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) != 1) {
		CMS_ContentInfo_free(cms);
		return ERR(a, ERR_INVALID, NULL, "the seal is not one signature");
	}
	*ret_contents = from - 1;
	*ret = cms;
	return NULL;
}

struct err *pades_signature(struct arena *a, struct str pdf, struct str *ret)
{
	CMS_ContentInfo *cms;
	size_t contents;
	TRY(sealed_cms(a, pdf, &contents, &cms));
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(
		sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0));
	*ret = arena_str(a,
		(struct str){ (const char *)ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value) });
	CMS_ContentInfo_free(cms);
	return NULL;
}

static struct err *add_token(struct arena *a, CMS_ContentInfo *cms, struct str token, struct str *ret)
{
	unsigned char *der = NULL;
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	int n = CMS_unsigned_add1_attr_by_NID(si, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, token.p,
				(int)token.n) == 1
		? i2d_CMS_ContentInfo(cms, &der)
		: -1;
	if (n <= 0)
		return ERR(a, ERR_INTERNAL, NULL, "the time stamp cannot be added: %s", certificate_reason(a));
	*ret = arena_str(a, (struct str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	return NULL;
}

struct err *pades_stamp(struct arena *a, struct str pdf, struct str token, struct str *ret_pdf)
{
	CMS_ContentInfo *cms;
	size_t contents;
	struct str der = STR_NONE;
	TRY(sealed_cms(a, pdf, &contents, &cms));
	struct err *e = add_token(a, cms, token, &der);
	CMS_ContentInfo_free(cms);
	TRY(e);
	char *out = arena_alloc(a, pdf.n + 1);
	memcpy(out, pdf.p, pdf.n);
	TRY(fill_contents(a, out, contents, der));
	*ret_pdf = (struct str){ out, pdf.n };
	return NULL;
}
