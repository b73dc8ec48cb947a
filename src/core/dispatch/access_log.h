/*
 * Access records of pages that need not wait for them: gathered while the writer is busy and written together, one
 * small commit for all that came meanwhile, so that a day of reading costs the disk no more than it must.
 */
#pragma once
#include "core/access/queries.h"
#include "core/town/town.h"

struct access_log;

/* Lives in `a`. */
struct access_log *access_log_new(struct arena *a, struct town *t);
/* Copies the row. From any thread; never blocks. A record that cannot be written is logged as "access.lost". */
void access_log_add(struct access_log *log, const struct access_insert_in *row);
/* Waits until all that was added is written or lost. */
void access_log_flush(struct access_log *log);
/* The same, and nothing is added any more. NULL is fine. */
void access_log_stop(struct access_log *log);
