/* Any bytes as a catalogue: read, merged and written as C without a fault; a plural's expression never divides
 * by nought and stays among its forms. */
#include "tools/po2c/catalogue.h"
#include "tools/po2c/plural.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 8192) return 0;
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct buf text = buf_new(a, 256 * 1024);
	struct complaints c = { .out = &text };
	struct po_file *file = po_read(a, STR("x.es.po"), (struct str){ size ? (const char *)data : "", size },
		&c);
	struct po_catalogue all;
	po_merge(a, file, &all, &c);
	for (int64_t n = 0; !str_is_none(file->plural) && n < 3000000; n = n * 3 + 1) {
		int64_t form = plural_of(file->plural, n);
		must(n > 1000 || (form >= 0 && form < file->plural_count));
	}
	if (c.count == 0) {
		for (size_t i = 0; i < all.family_count; i++)
			po_emit_header(a, &all, &all.families[i]);
		po_emit_source(a, &all);
	}
	arena_free(a);
	return 0;
}
