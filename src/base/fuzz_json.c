/* Any text: what is accepted is written out and read back as the same text, and nothing else happens. */
#include "base/json.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str write_out(struct arena *a, const struct json *tree)
{
	struct buf out = buf_new(a, 64 * 1024 * 1024);
	struct json_writer w = json_writer(&out);
	json_add_tree(&w, tree);
	return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct json *first = NULL, *second = NULL;
	struct err *e = json_parse(a, (struct str){ size ? (const char *)data : "", size }, &first);
	must(!e == !!first);
	if (first) {
		struct str text = write_out(a, first);
		must(utf8_valid(text));
		must(!json_parse(a, text, &second));
		must(str_eq(write_out(a, second), text));
	}
	arena_free(a);
	return 0;
}
