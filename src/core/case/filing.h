/*
 * Filing: from complete answers to a case, in one commit: party, case number, registry entry with its leaf, clock,
 * search words, attachments, event, the receipt's facts, and the jobs that render the receipt and scan the files.
 * Whoever gets the answer has all of it on disk; the receipt's PDF follows as a job.
 */
#pragma once
#include "core/case/case.h"

struct filing_file { /* bytes that are already stored, as the answer to a field */
	int64_t file_id; /* of stored_file */
	struct str field, name, media_type, sha256;
	int64_t bytes;
};

struct filing {
	struct town *town;
	int64_t pack_version;
	const struct procedure *procedure;
	const struct answers *answers; /* checked by the caller: answers_check() found no error */
	struct str lang;
	struct case_by by;               /* who types: the citizen, staff at the counter, a program */
	int64_t draft_id;                /* its attachments become the case's; 0: none */
	const struct filing_file *files; /* those of a filing without draft */
	size_t file_count;
};

struct filed {
	int64_t case_id, receipt_id; /* receipt_id: row of `document` */
	struct str number, registry_number;
	struct instant at;
	struct date effect;          /* the day as of which it counts */
	struct date due;             /* DATE_NONE without a term */
	struct str status_code, key; /* bare; given once, stored hashed */
};

/* A draft that was already filed gives ERR_CONFLICT "filing.twice": the caller shows the case it became. */
MUST_USE struct err *filing_record(struct tx *tx, const struct filing *f, struct filed *ret);

/* Changed answers of an open case: stored, fee assessed anew, words written anew. */
MUST_USE struct err *filing_store_answers(struct tx *tx, struct case_record *c,
	const struct answers *answers);
