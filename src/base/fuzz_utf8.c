/* Any bytes: the checks agree with one another, and what is valid survives normalising and folding. */
#include "base/err.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { size ? (const char *)data : "", size };
	struct arena *a = arena_new(256 * 1024 * 1024);
	must(!utf8_is_plain(s, true) || utf8_valid(s));
	must(!utf8_is_plain(s, false) || utf8_is_plain(s, true));
	size_t pos = 0;
	while (pos < size) {
		size_t before = pos;
		char bytes[4];
		int32_t c = utf8_next(s, &pos);
		must(pos > before && pos <= size);
		if (c < 0) continue;
		must(str_eq(str_slice(s, before, pos), (struct str){ bytes, utf8_encode(c, bytes) }));
	}
	struct str folded = utf8_search_fold(a, s), key = utf8_sort_key(a, s);
	must(str_eq(utf8_search_fold(a, folded), folded));
	must(utf8_valid(folded));
	if (utf8_valid(s)) {
		must(utf8_valid(key));
		struct str nfc = utf8_nfc(a, s);
		must(utf8_valid(nfc) && str_eq(utf8_nfc(a, nfc), nfc));
		must(utf8_length(utf8_cut(s, 3)) <= 3);
	}
	arena_free(a);
	return 0;
}
