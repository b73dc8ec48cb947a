#include "base/json.h"
#include "base/utf8.h"
#include "core/keyring/history.h"
#include "core/keyring/keyring_internal.h"
#include "core/merkle/note.h"

#define HISTORY_FORMAT "ventanilla-keys/v1"
enum { HISTORY_MAX_BYTES = 4 * 1024 * 1024, HISTORY_MAX_KEYS = KEYRING_MAX, HISTORY_MAX_WITNESSES = 32 };

static void write_key(struct json_writer *w, struct arena *a, const struct key *k)
{
	bool is_pem = k->kind == KEY_CERTIFIED;
	json_open(w, '{');
	json_field(w, STR("purpose"), str_of(key_purpose_name(k->purpose)));
	json_field(w, STR("id"), k->id);
	json_field(w, STR("label"), k->label);
	json_field(w, STR("state"), str_of(key_state_name(k->state)));
	json_field(w, STR("from"), instant_is_none(k->from) ? STR("") : instant_iso(a, k->from));
	json_field(w, STR("until"), instant_is_none(k->until) ? STR("") : instant_iso(a, k->until));
	json_field(w, STR("public"), is_pem ? k->public_key : base64_encode(a, k->public_key));
	json_close(w, '}');
}

struct str key_history_write(struct arena *a, const struct keyring *k, struct str origin,
	const struct str *witnesses, size_t witness_count)
{
	struct buf out = buf_new(a, HISTORY_MAX_BYTES);
	struct json_writer w = json_writer(&out);
	json_open(&w, '{');
	json_field(&w, STR("format"), STR(HISTORY_FORMAT));
	json_field(&w, STR("origin"), origin);
	json_key(&w, STR("keys"));
	json_open(&w, '[');
	for (size_t i = 0; i < k->count; i++)
		if (k->keys[i]->kind != KEY_SECRET) write_key(&w, a, k->keys[i]);
	json_close(&w, ']');
	json_key(&w, STR("witnesses"));
	json_open(&w, '[');
	for (size_t i = 0; i < witness_count; i++)
		json_add_text(&w, witnesses[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	buf_add_char(&out, '\n');
	must(!buf_overflowed(&out));
	return buf_str(&out);
}

static bool read_instant(const struct json *map, struct str name, struct instant *ret)
{
	struct str text = json_text(map, name);
	*ret = INSTANT_NONE;
	return !str_is_none(text) && (str_is_empty(text) || instant_parse(text, ret));
}

static bool read_key(struct arena *a, const struct json *map, struct public_key *k)
{
	struct str text = json_text(map, STR("public"));
	k->id = json_text(map, STR("id"));
	k->label = json_text(map, STR("label"));
	if (str_is_empty(k->id) || str_is_none(k->label) || str_is_empty(text)) return false;
	if (!key_purpose_find(json_text(map, STR("purpose")), &k->purpose)) return false;
	if (!key_state_find(json_text(map, STR("state")), &k->state)) return false;
	if (!read_instant(map, STR("from"), &k->from) || !read_instant(map, STR("until"), &k->until))
		return false;
	k->kind = key_kind_of(k->purpose);
	if (k->kind == KEY_SECRET) return false;
	if (k->kind == KEY_CERTIFIED)
		k->public_key = text;
	else if (!base64_decode(a, text, &k->public_key) || k->public_key.n != ED25519_PUBLIC)
		return false;
	return true;
}

struct err *key_history_read(struct arena *a, struct str json, struct key_history *ret)
{
	struct json *map;
	struct note_key witness;
	if (json.n > HISTORY_MAX_BYTES) return ERR(a, ERR_TOO_LARGE, NULL, "a key history of %zu bytes", json.n);
	TRY(json_parse(a, json, &map));
	const struct json *keys = json_get(map, STR("keys")), *witnesses = json_get(map, STR("witnesses"));
	struct key_history h = { .origin = json_text(map, STR("origin")) };
	if (!str_eq(json_text(map, STR("format")), STR(HISTORY_FORMAT)) || !keys || keys->kind != JSON_LIST ||
		!witnesses || witnesses->kind != JSON_LIST || !note_name_is_valid(h.origin))
		return ERR(a, ERR_MALFORMED, NULL, "this is no key history");
	if (keys->count > HISTORY_MAX_KEYS || witnesses->count > HISTORY_MAX_WITNESSES)
		return ERR(a, ERR_TOO_LARGE, NULL, "a key history of %zu keys", keys->count);
	h.items = ARENA_ARRAY(a, struct public_key, keys->count);
	for (const struct json *k = keys->first; k; k = k->next)
		if (!read_key(a, k, &h.items[h.count++]))
			return ERR(a, ERR_INVALID, NULL, "key %zu of the history cannot be read", h.count);
	h.witnesses = ARENA_ARRAY(a, struct str, witnesses->count);
	for (const struct json *w = witnesses->first; w; w = w->next) {
		if (w->kind != JSON_TEXT || !note_key_parse(a, w->text, &witness) || witness.type != NOTE_COSIGNATURE)
			return ERR(a, ERR_INVALID, NULL, "witness %zu of the history cannot be read",
				h.witness_count + 1);
		h.witnesses[h.witness_count++] = w->text;
	}
	*ret = h;
	return NULL;
}
