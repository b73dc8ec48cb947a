#include "core/merkle/note.h"

struct str checkpoint_format(struct arena *a, const struct checkpoint *c)
{
	must(note_name_is_valid(c->origin));
	struct str root = base64_encode(a, sha256_str(&c->root));
	return arena_printf(a, "%.*s\n%llu\n%.*s\n", STR_FMT(c->origin), (unsigned long long)c->size,
		STR_FMT(root));
}

/* Extension lines after the third are passed over, as the specification lets them be. */
struct err *checkpoint_parse(struct arena *a, struct str text, struct checkpoint *ret)
{
	struct checkpoint c = { 0 };
	struct str rest = text, root;
	int64_t size;
	if (!str_ends_with(text, STR("\n")))
		return ERR(a, ERR_MALFORMED, NULL, "a checkpoint ends with a newline");
	c.origin = str_cut(&rest, '\n');
	struct str digits = str_cut(&rest, '\n');
	if (!note_name_is_valid(c.origin))
		return ERR(a, ERR_MALFORMED, NULL, "a checkpoint begins with its origin");
	if (!str_to_int64(digits, 0, INT64_MAX, &size) || (digits.n > 1 && digits.p[0] == '0') ||
		digits.p[0] == '-')
		return ERR(a, ERR_MALFORMED, NULL, "a checkpoint's second line is the size");
	if (!base64_decode(a, str_cut(&rest, '\n'), &root) || !sha256_from(root, &c.root))
		return ERR(a, ERR_MALFORMED, NULL, "a checkpoint's third line is the root");
	c.size = (uint64_t)size;
	*ret = c;
	return NULL;
}
