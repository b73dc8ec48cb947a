/*
 * Moves a whole database to another engine or place, row by row, and compares what arrived.
 *
 * While it is copied, the source is locked for writing: a server that goes on running answers writes with
 * ERR_UNAVAILABLE and reads as ever. At the end the source is closed for good: every table refuses every
 * write, and it says where the rows went. So nothing can be written to what was left behind, whoever still
 * has it open.
 *
 * The order: copy, compare, commit the target, close the source. A crash before the last step leaves a source
 * in use and a filled target, which the next try refuses and the administrator removes.
 */
#pragma once
#include "data/schema.h"

struct copy_progress {
	const char *table;
	int64_t rows, of; /* of all tables; a row counts when it is copied and again when it is compared */
};
struct copy_options {
	const struct migration *migrations;    /* schema_migrations */
	const struct column_register *columns; /* schema_columns: the tables in an order that references allow */
	struct str target_name;                /* what a closed source says of where its rows are; no secrets */
	struct instant now;
	/* Called now and then, with `state`; may be NULL. */
	void (*progress)(void *state, const struct copy_progress *p);
	void *state;
};
struct copied {
	int tables;
	int64_t rows;
};

/* Both connections are DB_WRITE and outside a transaction. ERR_CONFLICT: the target is not empty, or the source was
 * moved away before. The source must have all migrations of this program: as migrate_check. ERR_INVALID: a row
 * arrived otherwise than it was. */
MUST_USE struct err *copy_database(struct arena *a, struct db *source, struct db *target,
	const struct copy_options *o, struct copied *ret);

/* Where the rows of this database were moved to; none: they are here. */
MUST_USE struct err *copy_moved_to(struct db *db, struct arena *a, struct str *ret);
