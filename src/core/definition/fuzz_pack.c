/*
 * Any files as a municipality's whole pack: read by every schema there is and checked against one another, or refused
 * with a finding; what is taken runs its own tests. The input is the files one after another, each below a line
 * "=== path".
 */
#include "core/definition/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES_MAX = 40 };

static const char mark[] = "=== ";

static struct pack_files cut(struct arena *a, struct str text)
{
	struct pack_files files = { ARENA_ARRAY(a, struct pack_file, FILES_MAX), 0 };
	if (!str_starts_with(text, str_of(mark))) return files;
	text = str_slice(text, sizeof mark - 1, text.n);
	while (!str_is_none(text) && files.count < FILES_MAX) {
		ptrdiff_t end = str_find(text, STR("\n=== "));
		struct str one = end < 0 ? text : str_slice(text, 0, (size_t)end + 1);
		text = end < 0 ? STR_NONE : str_slice(text, (size_t)end + sizeof mark, text.n);
		struct pack_file *file = &files.items[files.count++];
		file->path = arena_str(a, str_cut(&one, '\n'));
		file->text = arena_str(a, str_is_none(one) ? STR("") : one);
	}
	return files;
}

static bool any_regime(struct str regime) { return regime.n < 20; }

static bool always_monday(const struct pack *pack, const struct procedure *p, struct date filed,
	struct date *ret)
{
	(void)pack, (void)p, (void)filed;
	return date_of_ymd(2026, 11, 23, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pack_options options = { any_regime, always_monday };
	struct arena *a = arena_new(512 * 1024 * 1024);
	struct findings findings = findings_new(a);
	struct pack *pack = NULL;
	struct pack_files files = cut(a, (struct str){ size ? (const char *)data : "", size });
	must(!pack_build(a, STR("muestra"), files, &options, &findings, &pack));
	must(!pack == (findings.errors > 0));
	if (pack) {
		struct pack_test_result result = pack_test(pack, &options, &findings);
		must(result.passed >= 0 && result.failed >= 0 && (result.failed == 0 || findings.count > 0));
	}
	struct buf out = buf_new(a, 1024 * 1024);
	findings_print(&findings, &out);
	arena_free(a);
	return 0;
}
