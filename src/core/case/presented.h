/*
 * What people present is entered in the registry: the filing of a case, and every correction of it. The entry names
 * the digest of the answers as they were presented, and each version of them is kept.
 */
#pragma once
#include "core/case/case.h"
#include "core/registry/registry.h"

struct presented {
	struct town *town;
	const struct procedure *procedure;
	int64_t pack_version, department_id;
	struct str compartment;
	const struct case_by *by;
	const struct answers *answers;
	struct str content; /* the answers' canonical bytes */
	struct str subject, party;
	struct str case_number;
	int64_t case_id;
	const struct number *number; /* as in struct registry_facts */
	struct date effect;          /* presented_effect() */
	const struct entry_file *files;
	size_t file_count;
};
/* The day as of which what is presented now counts; DATE_NONE when no regime says. */
struct date presented_effect(struct town *t, const struct procedure *procedure, struct instant now);
MUST_USE struct err *presented_record(struct tx *tx, const struct presented *p, struct registry_entry *ret);

/* A correction: entered, and kept beside what it corrects. `c` has the answers of before, in its row. *ret_entry: its number. */
MUST_USE struct err *presented_correction(struct tx *tx, const struct case_record *c,
	const struct case_by *by, const struct answers *answers, const struct entry_file *files,
	size_t file_count, struct str *ret_entry);
