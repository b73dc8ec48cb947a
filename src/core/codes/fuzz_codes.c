/* Whatever people type: what is taken is written canonically and read back as the same. */
#include "core/codes/code.h"
#include "core/codes/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1024 * 1024);
	struct str text = { (const char *)data, size }, code, again;
	struct number n, back;
	if (number_parse(a, text, &n)) {
		must(number_parse(a, number_format(a, &n), &back));
		must(str_eq(back.series, n.series) && back.year == n.year && back.n == n.n);
	}
	for (int kind = CODE_STATUS; kind <= CODE_KEY; kind++) {
		if (!code_parse(a, (enum code_kind)kind, text, &code)) continue;
		must(code_parse(a, (enum code_kind)kind, code_format(a, code), &again) && str_eq(code, again));
	}
	arena_free(a);
	return 0;
}
