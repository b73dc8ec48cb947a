/*
 * Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature): a text, an empty line,
 * and signature lines. A checkpoint is the note that states the size and root of a log; a witness adds a
 * cosignature with the time at which it saw it.
 *
 * Signatures by unknown keys are passed over; one by a known key that fails makes the note invalid.
 */
#pragma once
#include "base/buf.h"
#include "core/crypto/crypto.h"

enum note_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };
enum { NOTE_MAX_BYTES = 64 * 1024, NOTE_MAX_SIGNATURES = 32 };

struct note_key {
	struct str name; /* no space, no plus */
	enum note_type type;
	struct str public_key; /* 32 bytes */
	uint32_t id;           /* of name, type and key; note_key_new() fills it */
};
struct note_key note_key_new(struct str name, enum note_type type, struct str public_key);
/* "name+hash+base64"; false for another form, a type that is not one of ours, a wrong hash. */
bool note_key_parse(struct arena *a, struct str vkey, struct note_key *ret);
struct str note_key_format(struct arena *a, const struct note_key *k);
bool note_name_is_valid(struct str name);

struct note_signature {
	struct str name;
	uint32_t id;
	struct str bytes; /* after the key id */
};
struct note {
	struct str text; /* with its final newline */
	struct note_signature *signatures;
	size_t count;
};
/* ERR_MALFORMED: not UTF-8, control characters, no empty line, a bad or no signature line. */
MUST_USE struct err *note_parse(struct arena *a, struct str bytes, struct note *ret);

struct note_outcome {
	bool is_signed;             /* by at least one of the keys, and no known key's signature failed */
	const struct note_key *key; /* the first that did */
	int cosignatures;           /* by how many distinct witnesses of the list */
	int64_t cosigned_at;        /* unix seconds: the latest of them; 0 without */
};
/* `keys` holds the signers (NOTE_ED25519) and the trusted witnesses (NOTE_COSIGNATURE). ERR_INVALID when a
 * known key's signature fails. */
MUST_USE struct err *note_verify(struct arena *a, const struct note *n, const struct note_key *keys,
	size_t count, struct note_outcome *ret);

/* The whole note with one Ed25519 signature. `text` must end with a newline and be plain. */
struct str note_sign(struct arena *a, struct str text, struct str name, struct str seed);
/* A signature line to append to a note, as a witness does (tests, and our own witness between nodes). */
struct str note_cosign(struct arena *a, const struct note *n, struct str name, struct str seed,
	int64_t unix_s);

struct checkpoint {
	struct str origin;
	uint64_t size;
	struct sha256 root;
};
struct str checkpoint_format(struct arena *a, const struct checkpoint *c); /* the note's text */
MUST_USE struct err *checkpoint_parse(struct arena *a, struct str text, struct checkpoint *ret);
