/* Files on disk against their rows. */
#include "core/consistency/exam.h"
#include "core/crypto/crypto.h"
#include "core/file/file.h"

enum { FILE_MAX_BYTES = 64 * 1024 * 1024, SUSPECTS_BYTES = 4 * 1024 * 1024 };

/* Ids of those that are not well, looked at once more after the walk. */
struct walk {
	struct exam *exam;
	struct buf suspects; /* int64_t after int64_t */
};

/* That it is there, has its length, and under which key: or its very bytes. */
static struct err *examine(struct exam *l, const struct file_info *f, struct str sha256)
{
	struct file_reader *reader;
	struct str bytes;
	if (!l->teller->reads_files)
		return file_open(l->town->files, l->row_arena, f->name, f->key, f->bytes, &reader);
	TRY(file_load(l->town->files, l->row_arena, f->name, f->key, f->bytes, FILE_MAX_BYTES, &bytes));
	struct sha256 hash = sha256_of(bytes);
	return str_eq(sha256, sha256_str(&hash)) ? NULL : ERR(l->row_arena, ERR_INTERNAL, NULL, "other bytes");
}

static struct err *on_file(void *state, const struct consistency_files_row *row)
{
	struct walk *w = state;
	struct exam *l = w->exam;
	struct file_info f = { .id = row->id, .bytes = row->bytes, .name = row->name };
	struct err *e = keyring_unwrap(l->town->keyring, l->row_arena, row->wrapped_key, row->wrapping_key_id,
		&f.key);
	if (!e) e = examine(l, &f, row->sha256);
	arena_reset(l->row_arena);
	if (e) buf_add(&w->suspects, (struct str){ (const char *)&row->id, sizeof row->id });
	return NULL;
}

/* A draft may have been forgotten, and its files with it, while the walk was under way. */
static struct err *examine_again(struct exam *l, int64_t id)
{
	struct file_info f;
	struct err *e = file_info(l->town, l->db, l->row_arena, id, &f);
	if (e && (e->code == ERR_NOT_FOUND || e->code == ERR_GONE)) return NULL;
	if (!e) e = examine(l, &f, f.sha256);
	if (e && e->code == ERR_UNAVAILABLE) return e;
	if (e) exam_offends(l, STR("file"), id);
	return NULL;
}

struct err *exam_files(struct exam *l)
{
	struct walk w = { l, buf_new(l->arena, SUSPECTS_BYTES) };
	TRY(consistency_files(l->db, l->arena, on_file, &w));
	struct str suspects = buf_str(&w.suspects);
	for (size_t at = 0; at + sizeof(int64_t) <= suspects.n; at += sizeof(int64_t)) {
		int64_t id;
		memcpy(&id, suspects.p + at, sizeof id);
		struct err *e = examine_again(l, id);
		arena_reset(l->row_arena);
		if (e) return ERR(l->arena, ERR_UNAVAILABLE, NULL, "files cannot be looked at");
	}
	exam_tell(l,
		l->teller->reads_files ? "each file has the bytes it was stored with"
							   : "each file is there, in its length");
	return NULL;
}
