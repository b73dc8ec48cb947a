/*
 * The file store: bytes outside the database, referenced by it.
 *
 * A file is streamed to a temporary, hashed on the way, encrypted under a key of its own (AES-256-GCM in
 * chunks of 64 KiB; the key is wrapped by the keyring and stored in the row), fsynced together with its
 * folder, and only then may a commit reference it by name. What no row references after 24 hours is an
 * orphan and is collected. Destroying a wrapped key erases every copy of its file, backups included.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"

struct files;
struct file_writer;
struct file_reader;

enum { FILE_KEY_BYTES = 32 };

struct file_facts {
	struct str name;   /* in the store: 52 base32 characters, random */
	struct str sha256; /* of the plain bytes, 32 raw bytes */
	int64_t bytes;     /* plain */
	struct str key;    /* FILE_KEY_BYTES raw: wrap it before storing */
};

/* `folder` must exist and be writable by this user alone. */
MUST_USE struct err *files_open(struct arena *a, struct str folder, struct files **ret);

/* Streaming in. Limits: `max_bytes` (ERR_TOO_LARGE past it). The writer must end with finish or abandon;
 * the arena's end abandons it. */
MUST_USE struct err *file_create(struct files *f, struct arena *a, int64_t max_bytes,
	struct file_writer **ret);
MUST_USE struct err *file_write(struct file_writer *w, struct str bytes);
/* After it returns without error the bytes are durable. */
MUST_USE struct err *file_finish(struct file_writer *w, struct file_facts *ret);
void file_abandon(struct file_writer *w);
MUST_USE struct err *file_store(struct files *f, struct arena *a, struct str bytes, struct file_facts *ret);

/* Reading: any range; every chunk is authenticated before a byte of it is given out. ERR_GONE when the file
 * is not there, ERR_INTERNAL when it was damaged, cut or lengthened, or the key is another's. */
MUST_USE struct err *file_open(struct files *f, struct arena *a, struct str name, struct str key,
	int64_t bytes, struct file_reader **ret);
MUST_USE struct err *file_read(struct file_reader *r, struct arena *a, int64_t offset, size_t max,
	struct str *ret);
MUST_USE struct err *file_load(struct files *f, struct arena *a, struct str name, struct str key,
	int64_t bytes, size_t max, struct str *ret);

/* One that is not there is fine: a job may run again. */
MUST_USE struct err *file_erase(struct files *f, struct arena *a, struct str name);
/* Erases files older than `before` for which `is_referenced` says false, and what was never finished.
 * Files carry the machine's time: `before` is on that clock, in a simulated municipality too. */
MUST_USE struct err *files_collect(struct files *f, struct arena *a, struct instant before,
	bool (*is_referenced)(void *state, struct str name), void *state, int *ret_erased);
