/*
 * Files given as answers to a draft. They arrive already stored (web/upload.h); here is decided whether a field
 * takes them, by their content, and their rows are written. Every one waits in quarantine for the scanner and
 * counts as an answer meanwhile.
 */
#pragma once
#include "core/draft/draft.h"
#include "core/file/file.h"
#include "web/form.h"

enum draft_refusal { DRAFT_TAKEN, DRAFT_EMPTY, DRAFT_WRONG_TYPE, DRAFT_TOO_LARGE, DRAFT_TOO_MANY };

/* Whether field `f`, which has `given` files, takes this one. */
enum draft_refusal draft_file_judge(const struct field *f, const struct upload *u, size_t given,
	enum media *ret_media);
/* "PDF, JPG, PNG": what the field takes, as people say it; and for the accept attribute. */
struct str draft_file_types(struct arena *a, const struct field *f);
struct str draft_file_accept(struct arena *a, const struct field *f);
/* "25 MB": the most that a file of this field may hold. */
struct str draft_file_limit(struct arena *a, const struct field *f, const struct number_style *style);
struct str draft_file_short_type(struct str media_type); /* "PDF", "JPG"; "" for others */

struct draft_file {
	int64_t id; /* of the attachment */
	struct str field, name, media_type;
	int64_t file_id, bytes;
	enum file_scan scan;
	bool is_refused; /* a scan found something in it */
};
struct draft_files {
	struct draft_file *items;
	size_t count;
};
MUST_USE struct err *draft_files(const struct draft *d, struct db *db, struct arena *a,
	struct draft_files *ret);
/* Puts them into the answers, field by field. */
MUST_USE struct err *draft_read_files(const struct draft *d, struct db *db, struct arena *a,
	struct answers *answers);

/* Inside a commit. */
MUST_USE struct err *draft_attach(struct tx *tx, struct town *t, const struct draft *d, const struct field *f,
	const struct upload *u, enum media media);
/* Removes a file of this draft; nothing happens when it is not there any more. */
MUST_USE struct err *draft_detach(struct tx *tx, const struct draft *d, int64_t attachment_id);
/* Removes those that a scan refused: they are not filed. */
MUST_USE struct err *draft_detach_refused(struct tx *tx, const struct draft *d);
