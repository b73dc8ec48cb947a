/*
 * Files of a municipality: the row beside the bytes of data/files.h. Attachments arrive in quarantine and are
 * scanned by a job; what the program makes itself (documents) is its own. Types are told by content.
 */
#pragma once
#include "core/module.h"
#include "core/town/town.h"
#include "data/files.h"

/* What an attachment may be. */
enum media { MEDIA_OTHER, MEDIA_PDF, MEDIA_JPEG, MEDIA_PNG, MEDIA_DXF };
/* From the first bytes (4 KiB suffice); names are not asked. */
enum media media_of(struct str head);
struct str media_type(enum media m); /* "application/pdf"; octet-stream for MEDIA_OTHER */
struct str media_extension(enum media m);
enum media media_of_type(struct str type);
/* The definition's enum accepted_type bit of a kind; 0 for MEDIA_OTHER. */
unsigned media_accepted_bit(enum media m);

enum file_scan { FILE_QUARANTINE, FILE_CLEAN, FILE_INFECTED, FILE_UNSCANNED, FILE_OWN };
enum file_scan file_scan_of(struct str name);
struct str file_scan_name(enum file_scan s);
/* May its bytes be shown to anybody but the scanner? */
static inline bool file_may_open(enum file_scan s)
{
	return s == FILE_CLEAN || s == FILE_OWN || s == FILE_UNSCANNED;
}

/* Inside a commit: the row of bytes that are already durable. An attachment's scan job is asked for. */
MUST_USE struct err *file_record(struct tx *tx, struct town *t, const struct file_facts *facts,
	enum media media, enum file_scan scan, int64_t *ret_id);

struct file_info {
	int64_t id, bytes;
	struct str name, sha256, media_type, key; /* key: unwrapped */
	enum file_scan scan;
};
/* ERR_NOT_FOUND; ERR_GONE when its key was destroyed. */
MUST_USE struct err *file_info(struct town *t, struct db *db, struct arena *a, int64_t id,
	struct file_info *ret);
/* Opens for streaming; ERR_FORBIDDEN "file.quarantine" when it must not be opened yet. */
MUST_USE struct err *file_open_stored(struct town *t, struct db *db, struct arena *a, int64_t id,
	struct file_info *ret, struct file_reader **ret_reader);
MUST_USE struct err *file_load_stored(struct town *t, struct db *db, struct arena *a, int64_t id, size_t max,
	struct str *ret);

/* "1.8 MB", "640 KB": as people read sizes. */
struct str file_size_text(struct arena *a, int64_t bytes, const struct number_style *style);

extern const struct module file_module; /* jobs: file.scan, file.collect */
