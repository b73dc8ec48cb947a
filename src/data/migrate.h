/*
 * Migrations: forward only, checksummed, applied in order at `init` and `serve`.
 *
 * A unit (a folder with migrations/NNN_name.sql) owns its tables; tools/sql2c checks that no other unit
 * writes them and generates `schema_migrations[]` for both engines, in the order in which units need one
 * another. A database whose applied migrations differ from the program's (changed text, missing or newer
 * ones) is refused.
 */
#pragma once
#include "data/db.h"

struct migration {
	const char *unit;   /* "core/case" */
	const char *name;   /* "001_create" */
	const char *sqlite; /* the statements, translated */
	const char *postgresql;
	const char *checksum; /* SHA-256 of the source text, hex */
};
extern const struct migration schema_migrations[]; /* generated; ends with unit NULL */

/* The data-protection register: what every column holds. Generated from the declarations. */
struct column_register {
	const char *table, *column;
	enum column_type type;
	const char *class;     /* "none", "personal", "sensitive" */
	const char *subject;   /* whose data: "party", "staff", …; NULL for none */
	const char *retention; /* name of the rule; NULL for none */
};
/* Table by table, each after those it refers to; ends with table NULL. */
extern const struct column_register schema_columns[];

/* `all` is schema_migrations (a parameter, so that this layer links without the generated list). All that are
 * missing are applied in one transaction: a failed upgrade leaves the database as it was. ERR_CONFLICT when
 * an applied one was changed, is unknown here, or would have to come before an applied one of its unit. */
MUST_USE struct err *migrate_apply(struct db *db, struct arena *a, const struct migration *all,
	struct instant now, int *ret_applied);
/* ERR_UNAVAILABLE when some are missing; else as above. Writes nothing. */
MUST_USE struct err *migrate_check(struct db *db, struct arena *a, const struct migration *all);
