#include "base/utf8.h"
#include "core/codes/code.h"

/* Crockford's: no I, L, O, U. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static size_t length_of(enum code_kind kind)
{
	return kind == CODE_STATUS ? CODE_STATUS_CHARS : CODE_KEY_CHARS;
}

struct str code_of_random(struct arena *a, enum code_kind kind, struct str bytes)
{
	must(bytes.n == CODE_RANDOM_BYTES);
	size_t n = length_of(kind);
	char *p = arena_alloc(a, n + 1);
	uint32_t v = 0;
	int bits = 0;
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		if (bits < 5) {
			v = v << 8 | (uint8_t)bytes.p[at++];
			bits += 8;
		}
		bits -= 5;
		p[i] = alphabet[v >> bits & 31];
	}
	return (struct str){ p, n };
}

struct str code_format(struct arena *a, struct str code)
{
	char *p = arena_alloc(a, code.n + code.n / 4 + 1);
	size_t n = 0;
	for (size_t i = 0; i < code.n; i++) {
		if (i && i % 4 == 0) p[n++] = '-';
		p[n++] = code.p[i];
	}
	return (struct str){ p, n };
}

/* The digit a typed character means, 0 for what is passed over, -1 for what no code has. */
static int digit_of(int32_t c)
{
	if (c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n' || c == '.' || c == 0xa0) return 0;
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) return 0;
	if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
	if (c == 'O') return '0';
	if (c == 'I' || c == 'L') return '1';
	if (c < '0' || c > 'Z' || !memchr(alphabet, c, sizeof alphabet - 1)) return -1;
	return c;
}

bool code_parse(struct arena *a, enum code_kind kind, struct str text, struct str *ret)
{
	size_t length = length_of(kind), n = 0;
	if (text.n > 200) return false;
	char *p = arena_alloc(a, length + 1);
	for (size_t at = 0; at < text.n;) {
		int digit = digit_of(utf8_next(text, &at));
		if (digit < 0 || (digit > 0 && n == length)) return false;
		if (digit > 0) p[n++] = (char)digit;
	}
	if (n != length) return false;
	*ret = (struct str){ p, n };
	return true;
}

struct sha256 code_hash(struct str hash_key, enum code_kind kind, struct str code)
{
	char bytes[64] = { kind == CODE_STATUS ? 's' : 'k', ':' };
	must(code.n == length_of(kind) && code.n + 2 <= sizeof bytes);
	memcpy(bytes + 2, code.p, code.n);
	return hmac_sha256(hash_key, (struct str){ bytes, code.n + 2 });
}

bool code_matches(struct str hash_key, enum code_kind kind, struct str code, struct str stored_hash)
{
	struct sha256 h = code_hash(hash_key, kind, code), stored;
	return sha256_from(stored_hash, &stored) && sha256_eq(&h, &stored);
}
