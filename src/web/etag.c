/* Entity tags. Ours are strong: the same bytes give the same tag, other bytes another. */
#include <openssl/evp.h>

#include "base/err.h"
#include "web/etag.h"

struct str etag_of(struct arena *a, struct str bytes)
{
	unsigned char digest[32];
	must(EVP_Digest(bytes.p ? bytes.p : "", bytes.n, digest, NULL, EVP_sha256(), NULL) == 1);
	char *p = arena_alloc(a, 2 + 32 + 1);
	p[0] = p[33] = '"';
	for (int i = 0; i < 16; i++) {
		p[1 + 2 * i] = "0123456789abcdef"[digest[i] >> 4];
		p[2 + 2 * i] = "0123456789abcdef"[digest[i] & 15];
	}
	return (struct str){ p, 34 };
}

struct str etag_with(struct arena *a, struct str etag, struct str suffix)
{
	if (etag.n < 2) return etag;
	struct str parts[] = { str_slice(etag, 0, etag.n - 1), STR("-"), suffix, STR("\"") };
	return arena_join(a, parts, sizeof parts / sizeof *parts, STR_NONE);
}

static struct str without_weakness(struct str tag)
{
	return str_starts_with(tag, STR("W/")) ? str_slice(tag, 2, tag.n) : tag;
}

bool etag_is_listed(struct str list, struct str etag)
{
	if (str_is_empty(etag)) return false;
	while (!str_is_none(list)) {
		struct str one = str_trim(str_cut(&list, ','));
		if (str_eq(one, STR("*")) || str_eq(without_weakness(one), without_weakness(etag))) return true;
	}
	return false;
}

bool etag_is_strongly(struct str header, struct str etag)
{
	return etag.n >= 2 && etag.p[0] == '"' && str_eq(str_trim(header), etag);
}
