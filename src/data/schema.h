/*
 * What tools/sql2c knows of the program's database: the queries with what each reads and writes. The
 * migrations and the columns are in migrate.h. For whole-table tests, `ventanilla tables` and the
 * data-protection register; requests never read it. Generated into data/schema.c.
 */
#pragma once
#include "data/migrate.h"

struct query_register {
	const char *name, *unit;
	const char *place; /* "core/case/queries.sql:12" */
	const char *about; /* the sentence above it */
	const char *kind;  /* "one", "many", "each", "exec", "id" */
	const char *sqlite, *postgresql;
	bool hot;                  /* the build refused a plan that scans a table */
	bool scoped;               /* holds the caller's scope predicate */
	const char *system;        /* why it may do without, or NULL */
	const char *const *reads;  /* "table.column", sorted; ends with NULL */
	const char *const *writes; /* the same; "table.*" for rows inserted or deleted */
};
extern const struct query_register schema_queries[]; /* sorted by place; ends with name NULL */
