#include "core/registry/log_internal.h"
#include "core/registry/receipt.h"
#include "core/registry/registry.h"

struct err *registry_checkpoint(struct tx *tx, const struct registry_signer *signer, bool *ret_written)
{
	struct merkle_frontier f;
	struct log_checkpoint_row last;
	bool found;
	TRY(log_frontier_read(tx->db, tx->arena, &f));
	TRY(log_checkpoint_last(tx->db, tx->arena, &last, &found));
	if (f.size == 0 || (found && last.size == (int64_t)f.size)) {
		*ret_written = false;
		return NULL;
	}
	struct checkpoint c = { signer->origin, f.size, merkle_root(&f) };
	struct str note = note_sign(tx->arena, checkpoint_format(tx->arena, &c), signer->origin, signer->seed);
	TRY(log_checkpoint_insert(tx->db, tx->arena,
		&(struct log_checkpoint_insert_in){ .size = (int64_t)f.size,
			.root = sha256_str(&c.root),
			.note = note,
			.key_id = signer->key_id,
			.at = tx->now },
		NULL));
	*ret_written = true;
	return NULL;
}

/* The line must be a first cosignature by that witness; the same one again changes nothing. */
struct err *registry_cosign(struct tx *tx, int64_t size, struct str line, const struct note_key *witness)
{
	struct arena *a = tx->arena;
	struct log_checkpoint_row row;
	struct note before, after;
	struct note_outcome had, has;
	bool found;
	TRY(log_checkpoint_get(tx->db, a, &(struct log_checkpoint_get_in){ .size = size }, &row, &found));
	if (!found) return ERR(a, ERR_NOT_FOUND, NULL, "no checkpoint of size %lld", (long long)size);
	if (witness->type != NOTE_COSIGNATURE)
		return ERR(a, ERR_INVALID, NULL, "a witness's key makes cosignatures");
	struct str note = arena_printf(a, "%.*s%.*s", STR_FMT(row.note), STR_FMT(line));
	TRY(note_parse(a, row.note, &before));
	TRY(note_verify(a, &before, witness, 1, &had));
	if (had.cosignatures) return NULL;
	TRY(note_parse(a, note, &after));
	TRY(note_verify(a, &after, witness, 1, &has));
	if (after.count != before.count + 1 || has.cosignatures != 1)
		return ERR(a, ERR_INVALID, NULL, "this is no cosignature of that witness");
	return log_checkpoint_cosign(tx->db, a, &(struct log_checkpoint_cosign_in){ .size = size, .note = note },
		NULL);
}

static struct registry_checkpoint of_row(const struct log_checkpoint_row *row)
{
	return (struct registry_checkpoint){ .size = row->size,
		.root = row->root,
		.note = row->note,
		.at = row->at,
		.witnesses = row->witnesses };
}

struct err *registry_last_checkpoint(struct db *db, struct arena *a, struct registry_checkpoint *ret,
	bool *ret_found)
{
	struct log_checkpoint_row row;
	bool found;
	TRY(log_checkpoint_last(db, a, &row, &found));
	if (found) *ret = of_row(&row);
	*ret_found = found;
	return NULL;
}

struct err *registry_inclusion(struct db *db, struct arena *a, int64_t leaf_index, int64_t size,
	struct merkle_proof *ret)
{
	struct merkle_source source = log_source(db);
	return merkle_inclusion(&source, a, (uint64_t)leaf_index, (uint64_t)size, ret);
}

struct err *registry_consistency(struct db *db, struct arena *a, int64_t old_size, int64_t size,
	struct merkle_proof *ret)
{
	struct merkle_source source = log_source(db);
	return merkle_consistency(&source, a, (uint64_t)old_size, (uint64_t)size, ret);
}

/* A checkpoint that covers the leaf: one with witnesses if there is, else the newest. */
static struct err *covering(struct db *db, struct arena *a, int64_t leaf_index,
	struct log_checkpoint_row *ret, bool *ret_found)
{
	bool found;
	TRY(log_checkpoint_witnessed(db, a, ret, &found));
	if (!found || ret->size <= leaf_index) TRY(log_checkpoint_last(db, a, ret, &found));
	*ret_found = found && ret->size > leaf_index;
	return NULL;
}

struct err *registry_receipt(struct db *db, struct arena *a, const struct registry_entry *e, struct str *ret,
	bool *ret_found)
{
	struct log_checkpoint_row row;
	bool found;
	TRY(covering(db, a, e->leaf_index, &row, &found));
	found = found && !str_is_none(e->canonical) && !str_is_none(e->salt); /* an erased entry has no receipt */
	if (found) {
		struct receipt r = { .canonical = e->canonical,
			.salt = e->salt,
			.leaf_index = (uint64_t)e->leaf_index,
			.checkpoint = row.note };
		TRY(registry_inclusion(db, a, e->leaf_index, row.size, &r.proof));
		*ret = receipt_write(a, &r);
	}
	*ret_found = found;
	return NULL;
}
