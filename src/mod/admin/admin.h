/*
 * /oficina/administracion: what is loaded, the keys, the jobs that failed or wait, and the accounts of the staff.
 */
#pragma once
#include "core/layout/parts.h"
#include "core/module.h"

extern const struct module admin_module;

/* --- what is loaded ------------------------------------------------------------------------------------------ */

struct loaded_row {
	struct str name, slug, department;
	int version;          /* the definition's own */
	int64_t pack_version; /* the first that has it as it is now */
	struct instant since;
	struct str by; /* may be none */
};
struct loaded_rows {
	struct loaded_row *items;
	size_t count;
};
struct loaded_view {
	struct office_view page;
	struct str town, by; /* `by` may be none */
	int64_t version;
	struct instant since;
	struct loaded_rows rows;
};

/* --- keys ------------------------------------------------------------------------------------------------------ */

struct key_row {
	struct str purpose, label, id, place;
	struct tag_view state;
	struct instant from, until;
	struct instant certificate_until; /* of a seal */
};
struct key_rows {
	struct key_row *items;
	size_t count;
};
struct notices {
	struct notice_view *items;
	size_t count;
};
struct keys_view {
	struct office_view page;
	struct notices notices;
	struct key_rows rows;
};

/* --- jobs ------------------------------------------------------------------------------------------------------- */

struct job_row {
	struct str name, kind, reason;
	int64_t id, attempts;
	struct tag_view state;
	struct instant since, next; /* `next` none: not tried again by itself */
	bool may_retry;
};
struct job_rows {
	struct job_row *items;
	size_t count;
};
struct jobs_view {
	struct office_view page;
	int64_t waiting;
	struct job_rows rows;
};

/* --- accounts ------------------------------------------------------------------------------------------------- */

struct account_row {
	struct str login, name, post, roles;
	struct tag_view state;
	struct instant since; /* none: since it was made */
	struct str by;        /* none: on the command line */
	bool is_open, is_self;
};
struct account_rows {
	struct account_row *items;
	size_t count;
};
struct accounts_view {
	struct office_view page;
	struct error_summary_view errors;
	struct account_rows rows;
};
