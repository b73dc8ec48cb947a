/* Canonical form and names of results: what the numbers have in common. */
#include "core/identity/identity.h"
#include "base/buf.h"
#include "base/utf8.h"

const char *identity_result_name(enum identity_result r)
{
	static const char *const names[IDENTITY_RESULT_MAX] = { "ok", "shape", "date", "place", "digit" };
	return r < IDENTITY_RESULT_MAX ? names[r] : "shape";
}

struct str identity_canonical(struct arena *a, struct str typed)
{
	struct buf out = buf_new(a, 64);
	size_t at = 0;
	while (at < typed.n) {
		int32_t c = utf8_next(typed, &at);
		char bytes[4];
		if (c == ' ' || c == '-' || c == '.' || c == 0xA0 || c == 0x2010 || c == 0x2011) continue;
		if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
		if (c == 0xF1) c = 0xD1; /* ñ */
		if (c < 0) c = '?';
		buf_add(&out, (struct str){ bytes, utf8_encode(c, bytes) });
	}
	return buf_overflowed(&out) ? STR("") : buf_str(&out);
}
