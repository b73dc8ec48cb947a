#include "mod/verify/examine.h"
#include "core/codes/code.h"
#include "core/crypto/crypto.h"
#include "core/town/town.h"

enum { FILE_MAX = 25 * 1024 * 1024, TRUSTED_MAX = 256 * 1024 };

static enum verdict verdict_of(const struct request *r, struct str state, struct date valid_until)
{
	if (str_eq(state, STR("revoked"))) return VERDICT_REVOKED;
	if (str_eq(state, STR("frozen"))) return VERDICT_PREPARING;
	if (!date_is_none(valid_until) && zone_date(r->town->zone, r->now).days > valid_until.days)
		return VERDICT_EXPIRED;
	return VERDICT_VALID;
}

struct err *examine_key(struct request *r, struct str typed, struct finding_of_document *ret)
{
	struct finding_of_document f = { .verdict = VERDICT_UNKNOWN };
	struct str key;
	const struct key *hash_key;
	/* What cannot be a key is looked up all the same: the answer must not be faster. */
	if (!code_parse(r->arena, CODE_KEY, typed, &key)) key = STR("00000000000000000000000000");
	struct document_by_key_row row;
	for (size_t n = 0; !f.has_document && (hash_key = keyring_good(r->town->keyring, KEY_CODE_HASH, n));
		 n++) {
		struct sha256 hash = code_hash(hash_key->secret, CODE_KEY, key);
		TRY(document_by_key(r->db, r->arena, &(struct document_by_key_in){ .key_hash = sha256_str(&hash) },
			&row, &f.has_document));
	}
	if (f.has_document) {
		f.verdict = verdict_of(r, row.state, row.valid_until);
		f.case_id = row.case_id;
		f.file_id = row.has_file_id ? row.file_id : 0;
		f.kind = row.kind;
		f.title = row.title;
		f.registry_number = row.registry_number;
		f.issued_at = row.issued_at;
		f.revoked_at = row.revoked_at;
		f.valid_until = row.valid_until;
	}
	*ret = f;
	return NULL;
}

/* The certificates of every seal the town ever used. */
static struct str own_certificates(const struct keyring *keyring, struct arena *a)
{
	struct buf pem = buf_new(a, TRUSTED_MAX);
	const struct key *key;
	for (size_t n = 0; (key = keyring_at(keyring, n)) != NULL; n++) {
		if (key->purpose == KEY_ORGAN_SEAL) buf_add(&pem, key->public_key);
	}
	return buf_str(&pem);
}

static struct err *examine_bytes(struct request *r, struct str sha256, struct str bytes,
	struct finding_of_document *ret)
{
	struct finding_of_document f = { .was_file = true, .verdict = VERDICT_FOREIGN };
	struct document_by_sha256_row row;
	TRY(document_by_sha256(r->db, r->arena, &(struct document_by_sha256_in){ .sha256 = sha256 }, &row,
		&f.has_document));
	struct pades_trust trust = { .seals = own_certificates(r->town->keyring, r->arena) };
	/* A file of authorities that is gone makes stamps those of nobody that we know, and no page fail. */
	if (timestamp_trust_of(r->arena, r->town->timestamp, &trust.stamps))
		trust.stamps = (struct timestamp_trust){ .pem = STR("") };
	struct err *unreadable = pades_verify(r->arena, bytes, &trust, &f.seal);
	if (f.has_document) {
		f.verdict = verdict_of(r, row.state, row.valid_until);
		f.case_id = row.case_id;
		f.kind = row.kind;
		f.title = row.title;
		f.registry_number = row.registry_number;
		f.issued_at = row.issued_at;
		f.revoked_at = row.revoked_at;
		f.valid_until = row.valid_until;
	} else if (!unreadable && f.seal.has_seal && f.seal.trusted) {
		f.verdict = VERDICT_ALTERED; /* our seal, but not the bytes we issued */
	}
	*ret = f;
	return NULL;
}

struct err *examine_upload(struct request *r, const struct upload *u, struct finding_of_document *ret)
{
	struct str bytes;
	struct err *e = file_load(r->town->files, r->arena, u->facts.name, u->facts.key, u->facts.bytes, FILE_MAX,
		&bytes);
	e = e ? e : examine_bytes(r, u->facts.sha256, bytes, ret);
	struct err *erased = file_erase(r->town->files, r->arena, u->facts.name);
	return e ? e : erased;
}
