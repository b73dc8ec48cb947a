#include <ftw.h>
#include <unistd.h>

#include "core/keyring/test_folder.h"

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static void remove_folder(void *path) { nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

struct str test_folder_new(struct test *t)
{
	const char *temp = getenv("TMPDIR");
	struct str folder = arena_printf(t->arena, "%s/ventanilla-XXXXXX", temp ? temp : "/tmp");
	char *path = (char *)folder.p;
	must(mkdtemp(path));
	arena_defer(t->arena, remove_folder, path);
	return folder;
}
