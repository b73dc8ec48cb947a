/*
 * Sealing a PDF of ours with an organ's key, and examining a sealed PDF of anybody's.
 *
 * The seal is PAdES baseline B-B (ETSI EN 319 142-1): a detached CMS with content type, message digest and
 * signing-certificate-v2 as its only signed attributes. There is no signing-time attribute: PAdES puts the
 * claimed time in /M of the signature dictionary. With a time stamp of the signature (core/timestamp) beside it, it
 * is B-T. Long-term forms (DSS) are not made here. Start with pades_seal().
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"
#include "core/timestamp/timestamp.h"

/* --- keys ------------------------------------------------------------------------------------------- */

/* A private key with its certificate and chain. Immutable: shared by threads. Lives in its arena. */
struct seal_key;

enum seal_algorithm { SEAL_RSA_2048, SEAL_RSA_3072, SEAL_EC_P256 };

struct seal_subject {
	struct str common_name;  /* "Sello DU-1" */
	struct str organ;        /* organisational unit; or none */
	struct str organization; /* the municipality */
	struct str country;      /* two letters; or none */
	struct instant from, until;
	enum seal_algorithm algorithm;
	bool authority; /* may issue other certificates, and seals nothing itself */
};

/* PEM texts. `certificates`: the seal's own first, then the chain. ERR_INVALID when they do not belong
 * together. The private key is not encrypted: it is unwrapped by the keyring before it gets here. */
MUST_USE struct err *seal_key_load(struct arena *a, struct str private_pem, struct str certificates_pem,
	struct seal_key **ret);
/* The same for a key that is in a token, named by its PKCS#11 URI (core/token): pades_seal() asks it. */
MUST_USE struct err *seal_key_load_token(struct arena *a, struct str uri, struct str certificates_pem,
	struct seal_key **ret);
/* What a trust service wants for issuing a certificate: a PKCS#10 request (RFC 2986) in PEM for the key in a token, by
 * that key. Of the subject only the names count. */
MUST_USE struct err *seal_key_request(struct arena *a, const struct seal_subject *subject, struct str uri,
	struct str *ret_pem);
/* Makes a key pair and its certificate, signed by `issuer`, or by itself when NULL. For demonstrations and
 * tests; a live town brings a certificate from its trust service. */
MUST_USE struct err *seal_key_make(struct arena *a, const struct seal_subject *subject,
	const struct seal_key *issuer, struct seal_key **ret);
MUST_USE struct err *seal_key_private_pem(struct arena *a, const struct seal_key *key, struct str *ret);
/* The certificate and its chain. */
MUST_USE struct err *seal_key_certificates_pem(struct arena *a, const struct seal_key *key, struct str *ret);
/* From when until when the seal's own certificate, the first, is good. */
MUST_USE struct err *seal_key_validity(struct arena *a, struct str certificates_pem, struct instant *ret_from,
	struct instant *ret_until);
/* SHA-256 of the certificate's DER, as 64 hexadecimal digits. */
struct str seal_key_fingerprint(struct arena *a, const struct seal_key *key);

/* A shelf for one key: what was loaded last lies there, read and ready, until another is asked for or the shelf's arena
 * goes. Reading a key takes longer than much of what it then does. Not for several threads at once. The key is the
 * shelf's: good until the next load. */
struct seal_shelf;
struct seal_shelf *seal_shelf_new(struct arena *a);
/* As seal_key_load(). */
MUST_USE struct err *seal_shelf_load(struct seal_shelf *shelf, struct arena *a, struct str private_pem,
	struct str certificates_pem, const struct seal_key **ret);

/* --- sealing ---------------------------------------------------------------------------------------- */

/* `pdf` has the empty signature that document_render() leaves. Writes /M = `claimed` (whole seconds, UTC),
 * the byte range and the CMS; the length does not change. */
MUST_USE struct err *pades_seal(struct arena *a, struct str pdf, const struct seal_key *key,
	struct instant claimed, struct str *ret_pdf);

/* The value of the signature in a PDF that pades_seal() sealed: what a time stamp is asked for. */
MUST_USE struct err *pades_signature(struct arena *a, struct str pdf, struct str *ret);
/* Puts the time stamp's token beside that signature; the length does not change. ERR_TOO_LARGE when it has no room. */
MUST_USE struct err *pades_stamp(struct arena *a, struct str pdf, struct str token, struct str *ret_pdf);

/* --- examining -------------------------------------------------------------------------------------- */

struct pades_facts {
	bool has_seal;     /* there is a signature at all; all else is empty otherwise */
	bool covers_all;   /* the byte range is the whole file but the hole, and the hole is the CMS alone */
	bool digest_ok;    /* the bytes are those that were sealed */
	bool signature_ok; /* the CMS signature over that digest holds, by the certificate it names */
	bool trusted;      /* that certificate leads to one of the given ones, valid at `claimed` */
	bool intact;       /* covers_all, digest_ok and signature_ok; says nothing about whose it is */
	int seal_count;    /* only the last is examined; two or more are never intact here */
	struct str signer; /* common name of the certificate; UTF-8 */
	struct str organ, organization;
	struct str serial;      /* hexadecimal */
	struct str fingerprint; /* SHA-256 of the certificate, hexadecimal */
	struct instant valid_from, valid_until;
	struct instant claimed;       /* /M; INSTANT_NONE when it is missing or cannot be read */
	struct str sub_filter;        /* "ETSI.CAdES.detached" */
	struct timestamp_facts stamp; /* of the signature's value; its state decides nothing above */
	struct str problem;           /* the first thing that is wrong, for the log; none when all holds */
};

/* Whom seals and time stamps may lead to. Zeros: nobody. */
struct pades_trust {
	struct str seals; /* certificates in PEM, one after another */
	struct timestamp_trust stamps;
};

/* Reads bytes of any origin. Fails only when `pdf` is not a PDF at all (ERR_MALFORMED) or passes a limit (ERR_TOO_LARGE); a bad or missing seal is a fact. */
MUST_USE struct err *pades_verify(struct arena *a, struct str pdf, const struct pades_trust *trust,
	struct pades_facts *ret);
