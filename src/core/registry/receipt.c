#include "base/json.h"
#include "core/registry/receipt.h"

#define RECEIPT_FORMAT "ventanilla-receipt/v1"

struct str receipt_write(struct arena *a, const struct receipt *r)
{
	struct buf out = buf_new(a, RECEIPT_MAX_BYTES);
	struct json_writer w = json_writer(&out);
	must(r->leaf_index <= INT64_MAX);
	json_open(&w, '{');
	json_field(&w, STR("format"), STR(RECEIPT_FORMAT));
	json_field(&w, STR("entry"), r->canonical);
	json_field(&w, STR("salt"), base64_encode(a, r->salt));
	json_key(&w, STR("leaf_index"));
	json_add_int(&w, (int64_t)r->leaf_index);
	json_key(&w, STR("proof"));
	json_open(&w, '[');
	for (size_t i = 0; i < r->proof.count; i++)
		json_add_text(&w, base64_encode(a, sha256_str(&r->proof.items[i])));
	json_close(&w, ']');
	json_field(&w, STR("checkpoint"), r->checkpoint);
	json_close(&w, '}');
	buf_add_char(&out, '\n');
	must(!buf_overflowed(&out));
	return buf_str(&out);
}

static bool read_proof(struct arena *a, const struct json *list, struct merkle_proof *ret)
{
	struct str hash;
	if (!list || list->kind != JSON_LIST || list->count > MERKLE_LEVELS) return false;
	ret->items = ARENA_ARRAY(a, struct sha256, list->count);
	ret->count = 0;
	for (const struct json *item = list->first; item; item = item->next)
		if (item->kind != JSON_TEXT || !base64_decode(a, item->text, &hash) ||
			!sha256_from(hash, &ret->items[ret->count++]))
			return false;
	return true;
}

struct err *receipt_read(struct arena *a, struct str json, struct receipt *ret)
{
	struct json *map;
	if (json.n > RECEIPT_MAX_BYTES) return ERR(a, ERR_MALFORMED, NULL, "a receipt of %zu bytes", json.n);
	TRY(json_parse(a, json, &map));
	const struct json *index = json_get(map, STR("leaf_index"));
	struct receipt r = { .canonical = json_text(map, STR("entry")),
		.checkpoint = json_text(map, STR("checkpoint")) };
	bool ok = str_eq(json_text(map, STR("format")), STR(RECEIPT_FORMAT)) && !str_is_none(r.canonical) &&
		!str_is_none(r.checkpoint) && index && index->kind == JSON_INT && index->i >= 0 &&
		base64_decode(a, json_text(map, STR("salt")), &r.salt) && r.salt.n == ENTRY_SALT_BYTES &&
		read_proof(a, json_get(map, STR("proof")), &r.proof);
	if (!ok) return ERR(a, ERR_MALFORMED, NULL, "this is no receipt of ours");
	r.leaf_index = (uint64_t)index->i;
	*ret = r;
	return NULL;
}
