#include "core/file/file.h"
#include "core/file/queries.h"
#include "core/job/job.h"

static const struct {
	const char *name;
} scans[] = { { "quarantine" }, { "clean" }, { "infected" }, { "unscanned" }, { "own" } };

enum file_scan file_scan_of(struct str name)
{
	for (int s = 0; s <= FILE_OWN; s++) {
		if (str_eq(name, str_of(scans[s].name))) return (enum file_scan)s;
	}
	return FILE_QUARANTINE; /* what is not known is not opened */
}

struct str file_scan_name(enum file_scan s) { return str_of(scans[s].name); }

struct err *file_record(struct tx *tx, struct town *t, const struct file_facts *facts, enum media media,
	enum file_scan scan, int64_t *ret_id)
{
	struct str wrapped, key_id;
	TRY(keyring_wrap(t->keyring, tx->arena, facts->key, &wrapped, &key_id));
	TRY(stored_file_insert(tx->db, tx->arena,
		&(struct stored_file_insert_in){ .name = facts->name,
			.sha256 = facts->sha256,
			.bytes = facts->bytes,
			.media_type = media_type(media),
			.wrapped_key = wrapped,
			.wrapping_key_id = key_id,
			.scan = file_scan_name(scan),
			.created_at = tx->now },
		ret_id));
	if (scan != FILE_QUARANTINE) return NULL;
	struct str key = arena_printf(tx->arena, "file.scan/%lld", (long long)*ret_id);
	struct str input = arena_printf(tx->arena, "{\"file\":%lld}", (long long)*ret_id);
	return job_add(tx, STR("file.scan"), key, 0, input, tx->now);
}

struct err *file_info(struct town *t, struct db *db, struct arena *a, int64_t id, struct file_info *ret)
{
	struct stored_file_by_id_row row;
	bool found;
	TRY(stored_file_by_id(db, a, &(struct stored_file_by_id_in){ .id = id }, &row, &found));
	if (!found) return ERR(a, ERR_NOT_FOUND, NULL, "no file %lld", (long long)id);
	if (str_is_none(row.wrapped_key)) return ERR(a, ERR_GONE, NULL, "file %lld was erased", (long long)id);
	struct file_info info = { .id = row.id,
		.bytes = row.bytes,
		.name = row.name,
		.sha256 = row.sha256,
		.media_type = row.media_type,
		.scan = file_scan_of(row.scan) };
	TRY(keyring_unwrap(t->keyring, a, row.wrapped_key, row.wrapping_key_id, &info.key));
	*ret = info;
	return NULL;
}

struct err *file_open_stored(struct town *t, struct db *db, struct arena *a, int64_t id,
	struct file_info *ret, struct file_reader **ret_reader)
{
	struct file_info info;
	TRY(file_info(t, db, a, id, &info));
	if (!file_may_open(info.scan))
		return ERR(a, ERR_FORBIDDEN, "file.quarantine", "file %lld is in quarantine", (long long)id);
	TRY(file_open(t->files, a, info.name, info.key, info.bytes, ret_reader));
	*ret = info;
	return NULL;
}

struct err *file_load_stored(struct town *t, struct db *db, struct arena *a, int64_t id, size_t max,
	struct str *ret)
{
	struct file_info info;
	TRY(file_info(t, db, a, id, &info));
	return file_load(t->files, a, info.name, info.key, info.bytes, max, ret);
}

struct str file_size_text(struct arena *a, int64_t bytes, const struct number_style *style)
{
	enum { KILO = 1000, MEGA = 1000 * 1000, TENTH = 100 * 1000 /* of a million, in millionths */ };
	if (bytes < MEGA) return arena_printf(a, "%lld KB", (long long)((bytes + KILO - 1) / KILO));
	int64_t tenths = (bytes + MEGA / 20) / (MEGA / 10);
	return arena_printf(a, "%.*s MB", STR_FMT(number_display(a, tenths * TENTH, 1, style)));
}
