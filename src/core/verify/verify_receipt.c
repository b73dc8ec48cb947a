#include "core/verify/verify_internal.h"

static bool check_entry(struct arena *a, const struct receipt *receipt, const struct key_history *history,
	struct entry *ret, struct str *ret_detail)
{
	struct err *e = entry_parse(a, receipt->canonical, ret);
	if (e)
		*ret_detail = str_of(e->detail);
	else if (!str_eq(ret->origin, history->origin))
		*ret_detail = STR("an entry of another registry");
	return !e && str_eq(ret->origin, history->origin);
}

static bool is_included(const struct receipt *receipt, const struct checkpoint *c)
{
	struct sha256 commitment = entry_commitment(receipt->salt, receipt->canonical);
	struct sha256 leaf = merkle_leaf(sha256_str(&commitment));
	return merkle_verify_inclusion(receipt->leaf_index, c->size, &leaf, &receipt->proof, &c->root);
}

struct err *verify_receipt(struct arena *a, struct str bytes, const struct key_history *history,
	struct verify_report *ret)
{
	struct verify_report r = { 0 };
	struct receipt receipt;
	struct str detail = STR("");
	struct err *e = receipt_read(a, bytes, &receipt);
	if (report_add(&r, VERIFY_READ, !e, e ? str_of(e->detail) : STR("")) &&
		report_add(&r, VERIFY_ENTRY, check_entry(a, &receipt, history, &r.entry, &detail), detail) &&
		report_checkpoint(&r, a, receipt.checkpoint, history, r.entry.at)) {
		bool ok = is_included(&receipt, &r.checkpoint);
		report_add(&r, VERIFY_INCLUSION, ok,
			ok ? STR("") : STR("the entry is not in the tree of the checkpoint"));
	}
	report_conclude(&r);
	*ret = r;
	return NULL;
}
