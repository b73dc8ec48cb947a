#include <stddef.h>

#include "base/json.h"
#include "base/utf8.h"
#include "core/registry/entry.h"

/* The plain texts of the canonical form, in its order. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "channel", offsetof(struct entry, channel) },
	{ "office", offsetof(struct entry, office) },
	{ "subject", offsetof(struct entry, subject) },
	{ "party", offsetof(struct entry, party) },
	{ "party_id", offsetof(struct entry, party_id) },
	{ "representative", offsetof(struct entry, representative) },
	{ "representative_id", offsetof(struct entry, representative_id) },
	{ "from_body", offsetof(struct entry, from_body) },
	{ "department", offsetof(struct entry, department) },
	{ "procedure", offsetof(struct entry, procedure) },
	{ "case_number", offsetof(struct entry, case_number) },
};
enum { TEXT_COUNT = sizeof texts / sizeof texts[0] };

static struct str *text_at(struct entry *e, size_t i)
{
	return (struct str *)(void *)((char *)e + texts[i].offset);
}

static struct str text_of(const struct entry *e, size_t i)
{
	struct str s = *(const struct str *)(const void *)((const char *)e + texts[i].offset);
	return str_is_none(s) ? STR("") : s;
}

static struct err *check(struct arena *a, const struct entry *e)
{
	bool ok = utf8_valid(e->origin) && utf8_valid(e->number) && e->content_sha256.n == SHA256_BYTES &&
		e->file_count <= ENTRY_MAX_FILES && !instant_is_none(e->at) && !instant_is_none(e->presented) &&
		!date_is_none(e->effect);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		ok = ok && utf8_valid(text_of(e, i));
	for (size_t i = 0; i < e->file_count; i++) {
		const struct entry_file *f = &e->files[i];
		ok = ok && utf8_valid(f->name) && utf8_valid(f->media_type) && f->sha256.n == SHA256_BYTES &&
			f->bytes >= 0;
	}
	return ok ? NULL : ERR(a, ERR_INVALID, NULL, "a registry entry with a part that cannot be recorded");
}

static void write_files(struct json_writer *w, struct arena *a, const struct entry *e)
{
	json_key(w, STR("files"));
	json_open(w, '[');
	for (size_t i = 0; i < e->file_count; i++) {
		const struct entry_file *f = &e->files[i];
		json_open(w, '{');
		json_field(w, STR("name"), str_is_none(f->name) ? STR("") : f->name);
		json_field(w, STR("media_type"), str_is_none(f->media_type) ? STR("") : f->media_type);
		json_key(w, STR("bytes"));
		json_add_int(w, f->bytes);
		json_field(w, STR("sha256"), hex_encode(a, f->sha256));
		json_close(w, '}');
	}
	json_close(w, ']');
}

struct err *entry_canonical(struct arena *a, const struct entry *e, struct str *ret)
{
	TRY(check(a, e));
	struct buf out = buf_new(a, ENTRY_MAX_BYTES);
	struct json_writer w = json_writer(&out);
	json_open(&w, '{');
	json_field(&w, STR("format"), STR(ENTRY_FORMAT));
	json_field(&w, STR("origin"), e->origin);
	json_field(&w, STR("kind"), e->kind == REGISTRY_IN ? STR("in") : STR("out"));
	json_field(&w, STR("number"), e->number);
	json_field(&w, STR("at"), instant_iso(a, e->at));
	json_field(&w, STR("presented"), instant_iso(a, e->presented));
	json_field(&w, STR("effect"), date_iso(a, e->effect));
	for (size_t i = 0; i < TEXT_COUNT; i++)
		json_field(&w, str_of(texts[i].name), text_of(e, i));
	json_field(&w, STR("content_sha256"), hex_encode(a, e->content_sha256));
	write_files(&w, a, e);
	json_close(&w, '}');
	if (buf_overflowed(&out))
		return ERR(a, ERR_TOO_LARGE, NULL, "a registry entry of more than %d bytes", ENTRY_MAX_BYTES);
	*ret = buf_str(&out);
	return NULL;
}

static bool read_files(struct arena *a, const struct json *list, struct entry *e)
{
	if (!list || list->kind != JSON_LIST || list->count > ENTRY_MAX_FILES) return false;
	struct entry_file *files = ARENA_ARRAY(a, struct entry_file, list->count);
	for (const struct json *item = list->first; item; item = item->next) {
		struct entry_file *f = &files[e->file_count++];
		const struct json *bytes = json_get(item, STR("bytes"));
		f->name = json_text(item, STR("name"));
		f->media_type = json_text(item, STR("media_type"));
		if (!bytes || bytes->kind != JSON_INT || !hex_decode(a, json_text(item, STR("sha256")), &f->sha256))
			return false;
		f->bytes = bytes->i;
	}
	e->files = files;
	return true;
}

static bool read_entry(struct arena *a, const struct json *map, struct entry *e)
{
	struct str kind = json_text(map, STR("kind"));
	if (!str_eq(json_text(map, STR("format")), STR(ENTRY_FORMAT))) return false;
	if (!str_eq(kind, STR("in")) && !str_eq(kind, STR("out"))) return false;
	e->kind = str_eq(kind, STR("in")) ? REGISTRY_IN : REGISTRY_OUT;
	e->origin = json_text(map, STR("origin"));
	e->number = json_text(map, STR("number"));
	for (size_t i = 0; i < TEXT_COUNT; i++)
		*text_at(e, i) = json_text(map, str_of(texts[i].name));
	return instant_parse(json_text(map, STR("at")), &e->at) &&
		instant_parse(json_text(map, STR("presented")), &e->presented) &&
		date_parse(json_text(map, STR("effect")), &e->effect) &&
		hex_decode(a, json_text(map, STR("content_sha256")), &e->content_sha256) &&
		read_files(a, json_get(map, STR("files")), e);
}

/* Read, then written again and compared: what is not exactly our form is refused, wherever it differs. */
struct err *entry_parse(struct arena *a, struct str canonical, struct entry *ret)
{
	struct json *map;
	struct entry e = { 0 };
	struct str again;
	if (canonical.n > ENTRY_MAX_BYTES)
		return ERR(a, ERR_MALFORMED, NULL, "an entry of %zu bytes", canonical.n);
	TRY(json_parse(a, canonical, &map));
	if (!read_entry(a, map, &e) || entry_canonical(a, &e, &again) || !str_eq(again, canonical))
		return ERR(a, ERR_MALFORMED, NULL, "these are not the canonical bytes of an entry");
	*ret = e;
	return NULL;
}

struct sha256 entry_commitment(struct str salt, struct str canonical)
{
	must(salt.n == ENTRY_SALT_BYTES);
	const struct str parts[] = { salt, canonical };
	return sha256_of_parts(parts, 2);
}
