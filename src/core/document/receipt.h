/*
 * The receipt of a filing (acuse): its facts are frozen in the commit that files; the paper follows as a job.
 */
#pragma once
#include "core/case/filing.h"

MUST_USE struct err *receipt_freeze(struct tx *tx, const struct case_record *c, const struct filed *filed,
	int64_t *ret_id);
