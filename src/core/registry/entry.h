/*
 * What a registry entry says, as bytes that never change: the canonical form, its salt and its commitment.
 *
 * The canonical form is JSON with every field present, in fixed order, written by entry_canonical() alone and
 * stored as it is; nobody ever re-encodes it (docs/registry-format.md). The commitment, SHA-256 of salt and
 * canonical bytes, is all that the public log holds: without the salt it tells nothing, and when entry and
 * salt are erased it still proves that something stood there.
 */
#pragma once
#include "core/crypto/crypto.h"
#include "base/instant.h"

#define ENTRY_FORMAT "ventanilla-entry/v1"
enum { ENTRY_SALT_BYTES = 32, ENTRY_MAX_BYTES = 256 * 1024, ENTRY_MAX_FILES = 200 };

enum registry_kind { REGISTRY_IN, REGISTRY_OUT };

struct entry_file {
	struct str name, media_type;
	int64_t bytes;
	struct str sha256; /* 32 raw bytes */
};
/* Absent texts are "". Ley 39/2015, art. 16.3 asks for: number, heading, kind, date and time, interested
 * party, sending and addressed body, reference to the content. */
struct entry {
	struct str origin; /* of the log: whose registry */
	enum registry_kind kind;
	struct str number;        /* "E-2026-018342" */
	struct instant at;        /* registered */
	struct instant presented; /* handed in: earlier when it waited, else the same */
	struct date effect;       /* the day as of which it counts */
	struct str channel, office;
	struct str subject; /* heading, in the town's main language */
	struct str party, party_id;
	struct str representative, representative_id;
	struct str from_body;  /* sending body, when it is one */
	struct str department; /* addressed (in) or sending (out) */
	struct str procedure;  /* slug and pack version: "alineamiento@12" */
	struct str case_number;
	struct str content_sha256; /* 32 raw bytes: of the answers or document as filed */
	const struct entry_file *files;
	size_t file_count;
};

/* ERR_INVALID: text that is not plain UTF-8, a digest that is not 32 bytes, too many files. */
MUST_USE struct err *entry_canonical(struct arena *a, const struct entry *e, struct str *ret);
/* Reads back exactly what entry_canonical() writes: any other bytes are ERR_MALFORMED. */
MUST_USE struct err *entry_parse(struct arena *a, struct str canonical, struct entry *ret);
struct sha256 entry_commitment(struct str salt, struct str canonical);
