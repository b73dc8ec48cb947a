/*
 * The receipt as a file: JSON, "ventanilla-receipt/v1". Written by the registry, read by core/verify; this is
 * the one place that knows its form (docs/registry-format.md).
 */
#pragma once
#include "core/merkle/note.h"
#include "core/merkle/tree.h"
#include "core/registry/entry.h"

enum { RECEIPT_MAX_BYTES = 1024 * 1024 };

struct receipt {
	struct str canonical; /* the entry's bytes */
	struct str salt;
	uint64_t leaf_index;
	struct merkle_proof proof;
	struct str checkpoint; /* the signed note */
};
struct str receipt_write(struct arena *a, const struct receipt *r);
/* ERR_MALFORMED; says nothing about whether it is true. */
MUST_USE struct err *receipt_read(struct arena *a, struct str json, struct receipt *ret);
