/*
 * The register's time in the database: one row that only grows, so that time goes back neither with the
 * machine's clock nor when another process or node takes over. Private to src/data. All calls stand in the
 * caller's transaction.
 */
#pragma once
#include "data/db.h"

/* Makes the row where it is not there. */
MUST_USE struct err *register_clock_make(struct db *db, struct arena *a);
MUST_USE struct err *register_clock_read(struct db *db, struct arena *a, struct instant *ret);
/* What is later already stays. */
MUST_USE struct err *register_clock_advance(struct db *db, struct arena *a, struct instant to);
