#include "core/merkle/note.h"

#include "base/utf8.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a space: how a signature line begins */

bool note_name_is_valid(struct str name)
{
	if (name.n == 0 || name.n > 255 || !utf8_is_plain(name, false)) return false;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == ' ' || name.p[i] == '+') return false;
	return true;
}

static uint32_t key_id(struct str name, enum note_type type, struct str public_key)
{
	char mark[2] = { '\n', (char)type };
	const struct str parts[] = { name, { mark, 2 }, public_key };
	struct sha256 h = sha256_of_parts(parts, 3);
	return (uint32_t)h.b[0] << 24 | (uint32_t)h.b[1] << 16 | (uint32_t)h.b[2] << 8 | h.b[3];
}

static struct str id_bytes(struct arena *a, uint32_t id)
{
	const char b[] = { (char)(id >> 24), (char)(id >> 16), (char)(id >> 8), (char)id };
	return arena_str(a, (struct str){ b, 4 });
}

struct note_key note_key_new(struct str name, enum note_type type, struct str public_key)
{
	must(note_name_is_valid(name) && public_key.n == ED25519_PUBLIC);
	return (struct note_key){ name, type, public_key, key_id(name, type, public_key) };
}

bool note_key_parse(struct arena *a, struct str vkey, struct note_key *ret)
{
	struct str rest = vkey, hash, key;
	struct str name = str_cut(&rest, '+'), hash_hex = str_cut(&rest, '+');
	if (!note_name_is_valid(name) || hash_hex.n != 8 || str_is_none(rest)) return false;
	if (!hex_decode(a, hash_hex, &hash) || !base64_decode(a, rest, &key) || key.n != 1 + ED25519_PUBLIC)
		return false;
	if (key.p[0] != NOTE_ED25519 && key.p[0] != NOTE_COSIGNATURE) return false;
	struct note_key k = note_key_new(arena_str(a, name), (enum note_type)key.p[0], str_slice(key, 1, key.n));
	if (!str_eq(id_bytes(a, k.id), hash)) return false;
	*ret = k;
	return true;
}

struct str note_key_format(struct arena *a, const struct note_key *k)
{
	char type = (char)k->type;
	const struct str parts[] = { { &type, 1 }, k->public_key };
	struct str key = base64_encode(a, arena_join(a, parts, 2, STR("")));
	return arena_printf(a, "%.*s+%08x+%.*s", STR_FMT(k->name), (unsigned)k->id, STR_FMT(key));
}

/* The last empty line parts text from signatures: the text itself may hold empty lines. */
static bool split(struct str bytes, struct str *ret_text, struct str *ret_signatures)
{
	for (size_t i = bytes.n; i-- > 1;) {
		if (bytes.p[i] != '\n' || bytes.p[i - 1] != '\n') continue;
		*ret_text = str_slice(bytes, 0, i);
		*ret_signatures = str_slice(bytes, i + 1, bytes.n);
		return true;
	}
	return false;
}

static bool parse_signature(struct arena *a, struct str line, struct note_signature *ret)
{
	struct str bytes;
	if (!str_starts_with(line, STR(DASH))) return false;
	struct str rest = str_slice(line, sizeof DASH - 1, line.n);
	struct str name = str_cut(&rest, ' ');
	if (!note_name_is_valid(name) || str_is_none(rest) || !base64_decode(a, rest, &bytes) || bytes.n < 5)
		return false;
	const uint8_t *p = (const uint8_t *)bytes.p;
	ret->name = name;
	ret->id = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	ret->bytes = str_slice(bytes, 4, bytes.n);
	return true;
}

/* No control character but the newline. */
static bool is_plain(struct str s)
{
	return utf8_valid(s) && utf8_is_plain(s, true) && str_find_char(s, '\t') < 0;
}

struct err *note_parse(struct arena *a, struct str bytes, struct note *ret)
{
	struct note n = { 0 };
	struct str lines;
	if (bytes.n > NOTE_MAX_BYTES) return ERR(a, ERR_TOO_LARGE, NULL, "a note of %zu bytes", bytes.n);
	if (!is_plain(bytes))
		return ERR(a, ERR_MALFORMED, NULL, "a note must be UTF-8 without control characters");
	if (!split(bytes, &n.text, &lines)) return ERR(a, ERR_MALFORMED, NULL, "a note needs an empty line");
	if (!str_ends_with(lines, STR("\n")))
		return ERR(a, ERR_MALFORMED, NULL, "a note needs whole signature lines");
	lines.n--;
	n.signatures = ARENA_ARRAY(a, struct note_signature, NOTE_MAX_SIGNATURES);
	while (!str_is_none(lines)) {
		if (n.count == NOTE_MAX_SIGNATURES)
			return ERR(a, ERR_TOO_LARGE, NULL, "a note with too many signatures");
		if (!parse_signature(a, str_cut(&lines, '\n'), &n.signatures[n.count]))
			return ERR(a, ERR_MALFORMED, NULL, "signature line %zu of a note is not one", n.count + 1);
		n.count++;
	}
	*ret = n;
	return NULL;
}

/* --- verifying and signing ---------------------------------------------------------------------------- */

static struct str cosigned_text(struct arena *a, struct str text, int64_t unix_s)
{
	return arena_printf(a, "cosignature/v1\ntime %lld\n%.*s", (long long)unix_s, STR_FMT(text));
}

/* A cosignature is the time in eight bytes, then the signature over both. */
static bool verify_cosignature(struct arena *a, const struct note *n, const struct note_signature *s,
	const struct note_key *k, int64_t *ret_time)
{
	if (s->bytes.n != 8 + ED25519_SIGNATURE || (s->bytes.p[0] & 0x80)) return false;
	int64_t time = 0;
	for (int i = 0; i < 8; i++)
		time = time << 8 | (uint8_t)s->bytes.p[i];
	*ret_time = time;
	return ed25519_verify(k->public_key, cosigned_text(a, n->text, time), str_slice(s->bytes, 8, s->bytes.n));
}

static const struct note_key *known(const struct note_signature *s, const struct note_key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (keys[i].id == s->id && str_eq(keys[i].name, s->name)) return &keys[i];
	return NULL;
}

static bool seen_before(const struct note *n, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (n->signatures[i].id == n->signatures[at].id &&
			str_eq(n->signatures[i].name, n->signatures[at].name))
			return true;
	return false;
}

struct err *note_verify(struct arena *a, const struct note *n, const struct note_key *keys, size_t count,
	struct note_outcome *ret)
{
	struct note_outcome o = { 0 };
	for (size_t i = 0; i < n->count; i++) {
		const struct note_signature *s = &n->signatures[i];
		const struct note_key *k = known(s, keys, count);
		int64_t time = 0;
		if (!k || seen_before(n, i)) continue;
		bool ok = k->type == NOTE_COSIGNATURE ? verify_cosignature(a, n, s, k, &time)
											  : ed25519_verify(k->public_key, n->text, s->bytes);
		if (!ok) return ERR(a, ERR_INVALID, NULL, "the signature of %.*s does not hold", STR_FMT(s->name));
		if (k->type == NOTE_COSIGNATURE) {
			o.cosignatures++;
			if (time > o.cosigned_at) o.cosigned_at = time;
		} else if (!o.key) {
			o.is_signed = true;
			o.key = k;
		}
	}
	*ret = o;
	return NULL;
}

static struct str signature_line(struct arena *a, struct str name, uint32_t id, struct str bytes)
{
	const struct str parts[] = { id_bytes(a, id), bytes };
	struct str text = base64_encode(a, arena_join(a, parts, 2, STR("")));
	return arena_printf(a, DASH "%.*s %.*s\n", STR_FMT(name), STR_FMT(text));
}

struct str note_sign(struct arena *a, struct str text, struct str name, struct str seed)
{
	must(str_ends_with(text, STR("\n")) && is_plain(text));
	struct note_key k = note_key_new(name, NOTE_ED25519, ed25519_public(a, seed));
	struct str line = signature_line(a, name, k.id, ed25519_sign(a, seed, text));
	return arena_printf(a, "%.*s\n%.*s", STR_FMT(text), STR_FMT(line));
}

struct str note_cosign(struct arena *a, const struct note *n, struct str name, struct str seed,
	int64_t unix_s)
{
	must(unix_s >= 0);
	struct note_key k = note_key_new(name, NOTE_COSIGNATURE, ed25519_public(a, seed));
	char time[8];
	for (int i = 0; i < 8; i++)
		time[i] = (char)(unix_s >> (56 - 8 * i));
	const struct str parts[] = { { time, 8 }, ed25519_sign(a, seed, cosigned_text(a, n->text, unix_s)) };
	return signature_line(a, name, k.id, arena_join(a, parts, 2, STR("")));
}
