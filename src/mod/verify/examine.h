/*
 * What there is to say about a key or a file, before it becomes words. No personal data passes through here.
 */
#pragma once
#include "core/document/queries.h"
#include "core/pdf/pades.h"
#include "mod/verify/verify.h"
#include "web/form.h"

struct finding_of_document {
	enum verdict verdict;
	bool has_document;
	int64_t case_id, file_id; /* file_id 0: not issued yet */
	struct str kind, title, registry_number;
	struct instant issued_at, revoked_at;
	struct date valid_until;
	struct pades_facts seal; /* of an uploaded file */
	bool was_file;
};

/* By key, as typed. A wrong and a withdrawn key take the same way. */
MUST_USE struct err *examine_key(struct request *r, struct str typed, struct finding_of_document *ret);
/* By uploaded file: read back, compared by its hash, and examined for whose seal it bears. The bytes are erased
 * before this returns. */
MUST_USE struct err *examine_upload(struct request *r, const struct upload *u,
	struct finding_of_document *ret);
