#include "core/draft/draft_file.h"
#include "core/crypto/crypto.h"
#include "core/file/queries.h"

static const struct {
	unsigned bit;
	const char *name, *accept;
} kinds[] = {
	{ ACCEPT_PDF, "PDF", ".pdf,application/pdf" },
	{ ACCEPT_JPEG, "JPG", ".jpg,.jpeg,image/jpeg" },
	{ ACCEPT_PNG, "PNG", ".png,image/png" },
	{ ACCEPT_DXF, "DXF", ".dxf" },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

enum draft_refusal draft_file_judge(const struct field *f, const struct upload *u, size_t given,
	enum media *ret_media)
{
	enum media media = media_of(u->head);
	if (u->is_too_large) return DRAFT_TOO_LARGE;
	if (u->facts.bytes == 0) return DRAFT_EMPTY;
	if (!(media_accepted_bit(media) & f->accept)) return DRAFT_WRONG_TYPE;
	if (f->max_bytes > 0 && u->facts.bytes > f->max_bytes) return DRAFT_TOO_LARGE;
	if (f->max_files > 0 && given >= (size_t)f->max_files) return DRAFT_TOO_MANY;
	*ret_media = media;
	return DRAFT_TAKEN;
}

struct str draft_file_types(struct arena *a, const struct field *f)
{
	struct buf out = buf_new(a, 100);
	for (int i = 0; i < KINDS; i++)
		if (f->accept & kinds[i].bit) buf_printf(&out, "%s%s", out.n ? ", " : "", kinds[i].name);
	return buf_str(&out);
}

struct str draft_file_accept(struct arena *a, const struct field *f)
{
	struct buf out = buf_new(a, 200);
	for (int i = 0; i < KINDS; i++)
		if (f->accept & kinds[i].bit) buf_printf(&out, "%s%s", out.n ? "," : "", kinds[i].accept);
	return buf_str(&out);
}

/* Limits are written in powers of two and said in round figures. */
struct str draft_file_limit(struct arena *a, const struct field *f, const struct number_style *style)
{
	enum { MEBI = 1024 * 1024 };
	if (f->max_bytes % MEBI == 0) return arena_printf(a, "%lld MB", (long long)(f->max_bytes / MEBI));
	return file_size_text(a, f->max_bytes, style);
}

struct str draft_file_short_type(struct str type)
{
	unsigned bit = media_accepted_bit(media_of_type(type));
	for (int i = 0; i < KINDS; i++)
		if (bit & kinds[i].bit) return str_of(kinds[i].name);
	return STR("");
}

static struct err *rows_of(const struct draft *d, struct db *db, struct arena *a,
	struct attachment_of_draft_rows *ret)
{
	return attachment_of_draft(db, a, &(struct attachment_of_draft_in){ .draft_id = d->id }, ret);
}

static bool is_refused(const struct attachment_of_draft_row *row)
{
	return str_eq(row->state, STR("refused"));
}

struct err *draft_files(const struct draft *d, struct db *db, struct arena *a, struct draft_files *ret)
{
	struct attachment_of_draft_rows rows;
	TRY(rows_of(d, db, a, &rows));
	struct draft_files files = { ARENA_ARRAY(a, struct draft_file, rows.count), rows.count };
	for (size_t i = 0; i < rows.count; i++) {
		const struct attachment_of_draft_row *row = &rows.items[i];
		files.items[i] = (struct draft_file){ .id = row->id,
			.field = row->field,
			.name = row->file_name,
			.media_type = row->media_type,
			.file_id = row->file_id,
			.bytes = row->bytes,
			.scan = file_scan_of(row->scan),
			.is_refused = is_refused(row) };
	}
	*ret = files;
	return NULL;
}

static void set_files_of(struct answers *answers, struct arena *a, const struct field *f,
	const struct attachment_of_draft_rows *rows)
{
	struct attachment *files = ARENA_ARRAY(a, struct attachment, rows->count);
	size_t count = 0;
	for (size_t i = 0; i < rows->count; i++) {
		const struct attachment_of_draft_row *row = &rows->items[i];
		if (is_refused(row) || !str_eq(row->field, f->id)) continue;
		files[count++] = (struct attachment){ .id = arena_printf(a, "%lld", (long long)row->file_id),
			.name = row->file_name,
			.type = row->media_type,
			.bytes = row->bytes,
			.sha256 = hex_encode(a, row->sha256) };
	}
	answers_set_files(answers, f, -1, files, count);
}

struct err *draft_read_files(const struct draft *d, struct db *db, struct arena *a, struct answers *answers)
{
	struct attachment_of_draft_rows rows;
	TRY(rows_of(d, db, a, &rows));
	const struct pages *pages = &d->procedure->form.pages;
	for (size_t p = 0; p < pages->count; p++) {
		for (size_t i = 0; i < pages->items[p].fields.count; i++) {
			const struct field *f = &pages->items[p].fields.items[i];
			if (f->type == FIELD_ATTACHMENT) set_files_of(answers, a, f, &rows);
		}
	}
	return NULL;
}

struct err *draft_attach(struct tx *tx, struct town *t, const struct draft *d, const struct field *f,
	const struct upload *u, enum media media)
{
	int64_t file_id, attachment_id;
	TRY(file_record(tx, t, &u->facts, media, FILE_QUARANTINE, &file_id));
	return attachment_insert(tx->db, tx->arena,
		&(struct attachment_insert_in){ .has_draft_id = true,
			.draft_id = d->id,
			.field = f->id,
			.file_id = file_id,
			.file_name = u->file_name,
			.at = tx->now },
		&attachment_id);
}

static struct err *forget(struct tx *tx, const struct draft *d, const struct attachment_of_draft_row *row)
{
	TRY(attachment_remove(tx->db, tx->arena,
		&(struct attachment_remove_in){ .id = row->id, .draft_id = d->id }, NULL));
	return stored_file_forget(tx->db, tx->arena, &(struct stored_file_forget_in){ .id = row->file_id }, NULL);
}

struct err *draft_detach(struct tx *tx, const struct draft *d, int64_t attachment_id)
{
	struct attachment_of_draft_rows rows;
	TRY(rows_of(d, tx->db, tx->arena, &rows));
	for (size_t i = 0; i < rows.count; i++)
		if (rows.items[i].id == attachment_id) return forget(tx, d, &rows.items[i]);
	return NULL;
}

struct err *draft_detach_refused(struct tx *tx, const struct draft *d)
{
	struct attachment_of_draft_rows rows;
	TRY(rows_of(d, tx->db, tx->arena, &rows));
	for (size_t i = 0; i < rows.count; i++)
		if (is_refused(&rows.items[i])) TRY(forget(tx, d, &rows.items[i]));
	return NULL;
}
