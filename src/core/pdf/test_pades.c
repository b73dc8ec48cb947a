/*
 * Seals: ETSI EN 319 142-1 baseline B-B. Ours are accepted by others, and nothing altered is accepted by us.
 */
#include <openssl/cms.h>

#include "core/pdf/test_outside.h"
#include "core/pdf/test_samples.h"
#include "base/buf.h"
#include "core/timestamp/test_authority.h"

static struct str permit(struct test *t)
{
	struct press *press = sample_press(t);
	struct document_view v = sample_permit();
	struct str pdf = STR("");
	struct err *e = press ? document_render(t->arena, press, &v, &pdf) : NULL;
	if (e) test_fail(t, __FILE__, __LINE__, "document_render: %s", e->detail);
	return pdf;
}

static void check_seal(struct test *t, enum seal_algorithm algorithm)
{
	struct str trusted = STR_NONE;
	struct seal_key *key = sample_key(t, algorithm, &trusted);
	struct str pdf = permit(t), sealed = sample_sealed(t, pdf, key);
	CHECK_INT(sealed.n, pdf.n);
	struct pades_facts f;
	CHECK_OK(pades_verify(t->arena, sealed, &(struct pades_trust){ .seals = trusted }, &f));
	CHECK_STR(f.problem, "");
	CHECK(f.has_seal && f.covers_all && f.digest_ok && f.signature_ok && f.trusted && f.intact);
	CHECK_INT(f.seal_count, 1);
	CHECK_STR(f.signer, "Sello DU-1");
	CHECK_STR(f.organ, "Desarrollo Urbano");
	CHECK_STR(f.organization, "Municipio de León");
	CHECK_STR(f.sub_filter, "ETSI.CAdES.detached");
	CHECK_INT(f.claimed.ms, sample_instant().ms);
	CHECK(str_eq(f.fingerprint, seal_key_fingerprint(t->arena, key)));
	/* Whole, but by someone we do not know. */
	struct str others = STR_NONE;
	sample_key(t, SEAL_EC_P256, &others);
	CHECK_OK(pades_verify(t->arena, sealed, &(struct pades_trust){ .seals = others }, &f));
	CHECK(f.intact && !f.trusted);
	CHECK_OK(pades_verify(t->arena, sealed, &(struct pades_trust){ 0 }, &f));
	CHECK(f.intact && !f.trusted);
}

TEST(pades_seal_rsa_2048) { check_seal(t, SEAL_RSA_2048); }

TEST(pades_seal_rsa_3072) { check_seal(t, SEAL_RSA_3072); }

TEST(pades_seal_ec_p256) { check_seal(t, SEAL_EC_P256); }

/* A key that went through PEM, as the keyring keeps it, seals as before. */
TEST(pades_key_through_pem)
{
	struct str trusted = STR_NONE, private_pem = STR_NONE, certificates = STR_NONE;
	struct seal_key *key = sample_key(t, SEAL_EC_P256, &trusted), *loaded = NULL, *other = NULL;
	CHECK_OK(seal_key_private_pem(t->arena, key, &private_pem));
	CHECK_OK(seal_key_certificates_pem(t->arena, key, &certificates));
	CHECK_OK(seal_key_load(t->arena, private_pem, certificates, &loaded));
	CHECK(str_eq(seal_key_fingerprint(t->arena, key), seal_key_fingerprint(t->arena, loaded)));
	struct pades_facts f;
	CHECK_OK(pades_verify(t->arena, sample_sealed(t, permit(t), loaded),
		&(struct pades_trust){ .seals = trusted }, &f));
	CHECK(f.intact && f.trusted);
	/* Key and certificate of two different organs, and no key at all. */
	struct str strange = STR_NONE;
	key = sample_key(t, SEAL_EC_P256, &trusted);
	CHECK_OK(seal_key_private_pem(t->arena, key, &strange));
	CHECK_ERR(seal_key_load(t->arena, strange, certificates, &other), ERR_INVALID);
	CHECK_ERR(seal_key_load(t->arena, certificates, certificates, &other), ERR_INVALID);
	CHECK_ERR(seal_key_load(t->arena, private_pem, STR(""), &other), ERR_INVALID);
	CHECK(other == NULL);
}

/* Another organ's paper is sealed with that organ's key, whatever lies on the shelf, also after
 * one that could not be read. */
TEST(pades_shelf_gives_the_key_that_is_asked_for)
{
	struct seal_shelf *shelf = seal_shelf_new(t->arena);
	struct str pem[2], certificates[2], finger[2], unused = STR_NONE;
	const struct seal_key *got = NULL, *again = NULL;
	for (int i = 0; i < 2; i++) {
		struct seal_key *key = sample_key(t, SEAL_EC_P256, &unused);
		CHECK_OK(seal_key_private_pem(t->arena, key, &pem[i]));
		CHECK_OK(seal_key_certificates_pem(t->arena, key, &certificates[i]));
		finger[i] = seal_key_fingerprint(t->arena, key);
	}
	for (int i = 0; i < 4; i++) {
		CHECK_OK(seal_shelf_load(shelf, t->arena, pem[i % 2], certificates[i % 2], &got));
		CHECK(str_eq(seal_key_fingerprint(t->arena, got), finger[i % 2]));
		CHECK_OK(seal_shelf_load(shelf, t->arena, pem[i % 2], certificates[i % 2], &again));
		CHECK(again == got);
	}
	CHECK_ERR(seal_shelf_load(shelf, t->arena, pem[0], certificates[1], &got), ERR_INVALID);
	CHECK_ERR(seal_shelf_load(shelf, t->arena, STR("x"), certificates[1], &got), ERR_INVALID);
	CHECK_OK(seal_shelf_load(shelf, t->arena, pem[1], certificates[1], &got));
	CHECK(str_eq(seal_key_fingerprint(t->arena, got), finger[1]));
}

/* EN 319 142-1, 6.3: content-type, message-digest and signing-certificate-v2, and no signing-time. */

static ptrdiff_t cms_start(struct str sealed) { return str_find(sealed, STR("/Contents<")) + 10; }

static unsigned hex_digit(char c) { return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

/* The CMS in the hole; its DER begins with 30 82 and two bytes of length. */
static struct str cms_bytes(struct arena *a, struct str sealed)
{
	const char *hex = sealed.p + cms_start(sealed);
	char *der = arena_alloc(a, 16384);
	for (size_t i = 0; i < 16384; i++)
		der[i] = (char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	return (struct str){ der, 4 + ((size_t)(unsigned char)der[2] << 8 | (unsigned char)der[3]) };
}

TEST(pades_signed_attributes)
{
	struct str trusted = STR_NONE;
	struct seal_key *key = sample_key(t, SEAL_RSA_2048, &trusted);
	struct str sealed = sample_sealed(t, permit(t), key);
	struct str der = cms_bytes(t->arena, sealed);
	const unsigned char *at = (const unsigned char *)der.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.n);
	CHECK(cms);
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	int count = CMS_signed_get_attr_count(si), unsigned_count = CMS_unsigned_get_attr_count(si);
	bool type = CMS_signed_get_attr_by_NID(si, NID_pkcs9_contentType, -1) >= 0;
	bool digest = CMS_signed_get_attr_by_NID(si, NID_pkcs9_messageDigest, -1) >= 0;
	bool certificate = CMS_signed_get_attr_by_NID(si, NID_id_smime_aa_signingCertificateV2, -1) >= 0;
	CMS_ContentInfo_free(cms);
	CHECK_INT(count, 3);
	CHECK(type && digest && certificate);
	CHECK(unsigned_count <= 0);
}

/* --- the time stamp --------------------------------------------------------------------------------------------------- */

/* EN 319 142-1, 6.3: B-T is B-B with a signature time stamp; the file keeps its length and the seal what it said. */
TEST(pades_stamp_stands_beside_the_signature)
{
	struct str trusted = STR_NONE, value, stamped;
	struct seal_key *key = sample_key(t, SEAL_RSA_2048, &trusted);
	struct str sealed = sample_sealed(t, permit(t), key);
	struct test_authority *authority = test_authority_new(t);
	struct pades_trust trust = { .seals = trusted, .stamps = test_authority_trust(authority) };
	struct pades_facts f;
	CHECK_OK(pades_verify(t->arena, sealed, &trust, &f));
	CHECK(f.stamp.state == TIMESTAMP_NONE && instant_is_none(f.stamp.at));
	CHECK_OK(pades_signature(t->arena, sealed, &value));
	CHECK_INT(value.n, 256); /* RSA-2048 */
	struct str token = test_authority_token(authority, value, sample_instant());
	CHECK_OK(pades_stamp(t->arena, sealed, token, &stamped));
	CHECK_INT(stamped.n, sealed.n);
	CHECK_OK(pades_verify(t->arena, stamped, &trust, &f));
	CHECK(f.intact && f.trusted && f.stamp.state == TIMESTAMP_GOOD);
	CHECK_INT(f.stamp.at.ms, sample_instant().ms / 1000 * 1000);
	CHECK_STR(f.stamp.authority, "Sellos de muestra");
	struct str same;
	CHECK_OK(pades_signature(t->arena, stamped, &same));
	CHECK(str_eq(value, same));
	/* Another signature's. */
	struct str strange = test_authority_token(authority, STR("another value"), sample_instant());
	CHECK_OK(pades_stamp(t->arena, sealed, strange, &stamped));
	CHECK_OK(pades_verify(t->arena, stamped, &trust, &f));
	CHECK(f.intact && f.trusted && f.stamp.state == TIMESTAMP_BAD);
	/* What is no sealed paper of ours, and what has no room. */
	CHECK_ERR(pades_signature(t->arena, STR("%PDF-1.4"), &value), ERR_INVALID);
	CHECK_ERR(pades_signature(t->arena, permit(t), &value), ERR_INVALID);
	static const char long_token[4 + 0x4000] = { 0x30, (char)0x82, 0x40, 0 };
	CHECK_ERR(pades_stamp(t->arena, sealed, (struct str){ long_token, sizeof(long_token) }, &stamped),
		ERR_TOO_LARGE);
}

/* --- nothing altered passes ----------------------------------------------------------------------------------------- */

static bool passes(struct test *t, struct str pdf)
{
	struct pades_facts f = { 0 };
	struct err *e = pades_verify(t->arena, pdf, &(struct pades_trust){ 0 }, &f);
	return !e && f.intact;
}

TEST(pades_any_changed_byte_is_seen)
{
	struct str trusted = STR_NONE;
	struct seal_key *key = sample_key(t, SEAL_EC_P256, &trusted);
	struct str sealed = sample_sealed(t, permit(t), key);
	char *copy = arena_alloc(t->arena, sealed.n);
	memcpy(copy, sealed.p, sealed.n);
	size_t hole = (size_t)cms_start(sealed), hole_end = hole + 32768;
	CHECK(passes(t, sealed));
	/* Every byte of the first 160 and of the last 300, every 97th between. In the hole, the signature's value, which
	 * ends the CMS: bytes before it (the chain) may be others without any harm. */
	size_t cms_end = hole_end;
	while (sealed.p[cms_end - 1] == '0')
		cms_end--;
	for (size_t i = 0; i < sealed.n;
		 i += i < 160 || i > sealed.n - 300 || (i >= hole && i < hole_end) ? 1 : 97) {
		if (i >= hole && i < hole_end && (i < cms_end - 120 || i >= cms_end)) continue;
		copy[i] ^= 1; /* a hexadecimal digit becomes another */
		bool passed = passes(t, (struct str){ copy, sealed.n });
		copy[i] ^= 1;
		if (passed) test_fail(t, __FILE__, __LINE__, "a change of byte %zu passes", i);
		if (passed) return;
	}
	/* Something put into the padding behind the CMS. */
	copy[hole_end - 100] = '7';
	CHECK(!passes(t, (struct str){ copy, sealed.n }));
}

TEST(pades_truncated_and_continued_files_are_seen)
{
	struct str trusted = STR_NONE;
	struct seal_key *key = sample_key(t, SEAL_EC_P256, &trusted);
	struct str sealed = sample_sealed(t, permit(t), key);
	for (size_t cut = 1; cut < sealed.n; cut += sealed.n / 40)
		CHECK(!passes(t, str_slice(sealed, 0, sealed.n - cut)));
	/* An incremental update after the seal: the old bytes are whole, the file is another. */
	struct buf b = buf_new(t->arena, sealed.n + 1000);
	buf_add(&b, sealed);
	buf_add(&b, STR("\n"));
	struct pades_facts f;
	CHECK_OK(pades_verify(t->arena, buf_str(&b), &(struct pades_trust){ .seals = trusted }, &f));
	CHECK(f.has_seal && !f.covers_all && f.digest_ok && !f.intact);
}

TEST(pades_files_without_a_seal)
{
	struct pades_facts f;
	CHECK_OK(pades_verify(t->arena, permit(t), &(struct pades_trust){ 0 }, &f));
	CHECK(f.has_seal && !f.intact && !f.digest_ok);
	CHECK_OK(pades_verify(t->arena, STR("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>"),
		&(struct pades_trust){ 0 }, &f));
	CHECK(!f.has_seal && !f.intact);
	CHECK_ERR(pades_verify(t->arena, STR("hola"), &(struct pades_trust){ 0 }, &f), ERR_MALFORMED);
	CHECK_ERR(pades_verify(t->arena, STR(""), &(struct pades_trust){ 0 }, &f), ERR_MALFORMED);
	struct str trusted = STR_NONE, out = STR_NONE;
	struct seal_key *key = sample_key(t, SEAL_EC_P256, &trusted);
	CHECK_ERR(pades_seal(t->arena, STR("%PDF-1.7 no hole"), key, sample_instant(), &out), ERR_INVALID);
	/* A sealed paper cannot be sealed over. */
	CHECK_ERR(pades_seal(t->arena, sample_sealed(t, permit(t), key), key, sample_instant(), &out),
		ERR_INVALID);
}

/* A seal claimed for a day when its certificate was not valid is not to be trusted. */
TEST(pades_certificate_outside_its_time)
{
	struct str trusted = STR_NONE, sealed = STR_NONE;
	struct seal_key *key = sample_key(t, SEAL_EC_P256, &trusted);
	struct instant late = { 0 };
	CHECK(instant_parse(STR("2050-06-01T00:00:00Z"), &late));
	CHECK_OK(pades_seal(t->arena, permit(t), key, late, &sealed));
	struct pades_facts f;
	CHECK_OK(pades_verify(t->arena, sealed, &(struct pades_trust){ .seals = trusted }, &f));
	CHECK(f.intact && !f.trusted);
}

/* --- other programs --------------------------------------------------------------------------------------------------- */

TEST(pades_other_programs_accept_it)
{
	struct str trusted = STR_NONE;
	struct seal_key *key = sample_key(t, SEAL_RSA_2048, &trusted);
	struct str sealed = sample_sealed(t, permit(t), key), folder = outside_folder(t);
	size_t hole = (size_t)cms_start(sealed) - 1, after = hole + 32770;
	struct buf covered = buf_new(t->arena, sealed.n);
	buf_add(&covered, str_slice(sealed, 0, hole));
	buf_add(&covered, str_slice(sealed, after, sealed.n));
	outside_save(t, folder, "a.pdf", sealed);
	outside_save(t, folder, "ca.pem", trusted);
	outside_save(t, folder, "covered", buf_str(&covered));
	outside_save(t, folder, "cms", cms_bytes(t->arena, sealed));
	static const char openssl[] =
		"openssl cms -verify -cades -binary -inform DER -in cms -content covered -CAfile ca.pem"
		" -purpose any -out /dev/null";
	bool ok = false;
	if (outside_has(t, "openssl")) {
		outside_run(t, folder, openssl, &ok);
		CHECK(ok);
		outside_run(t, folder, arena_printf(t->arena, "echo >>covered; %s", openssl).p, &ok);
		CHECK(!ok);
	}
	if (!outside_has(t, "pdfsig certutil")) return;
	struct str said = outside_run(t, folder,
		"certutil -N -d sql:. --empty-password &&"
		" certutil -A -d sql:. -n ca -t CT,C,C -i ca.pem && pdfsig -nssdir sql:$PWD a.pdf",
		&ok);
	CHECK(ok);
	CHECK(str_find(said, STR("Signature is Valid")) >= 0);
	CHECK(str_find(said, STR("Certificate is Trusted")) >= 0);
	CHECK(str_find(said, STR("Total document signed")) >= 0);
}
