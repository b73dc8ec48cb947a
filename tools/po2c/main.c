/*
 * po2c: gettext catalogues → C tables. `po2c --source src --out build/gen` reads every src/.../NAME.LL.po
 * and writes build/gen/i18n/messages.c and a header for each family of keys (i18n/case.h); the run-time half is
 * src/core/i18n.h.
 */
#include <unistd.h>

#include "tools/po2c/catalogue.h"

enum { MAX_MEMORY = 512 * 1024 * 1024, MAX_COMPLAINTS = 64 * 1024 };

/* The header of a family that is no more would still compile, and name other texts. */
static struct err *forget_lost_families(struct arena *a, struct str out, const struct po_catalogue *all)
{
	struct str folder = arena_printf(a, "%.*s/i18n", STR_FMT(out));
	struct tree_files headers;
	TRY(tree_read(a, folder, (const char *const[]){ ".h", NULL }, &headers));
	for (size_t i = 0; i < headers.count; i++) {
		struct str path = headers.items[i].path;
		bool lives = false;
		for (size_t k = 0; k < all->family_count && !lives; k++)
			lives = str_eq(str_slice(path, 0, path.n - 2), all->families[k].name);
		const char *whole = arena_printf(a, "%.*s/%.*s", STR_FMT(folder), STR_FMT(path)).p;
		if (!lives && unlink(whole) != 0) return ERR(a, ERR_UNAVAILABLE, NULL, "cannot remove %s: %m", whole);
	}
	return NULL;
}

static struct err *run(struct arena *a, struct str source, struct str out, struct complaints *c)
{
	struct tree_files files;
	TRY(tree_read(a, source, (const char *const[]){ ".po", NULL }, &files));
	struct po_file *first = NULL, **end = &first;
	for (size_t i = 0; i < files.count; i++) {
		struct str path = arena_printf(a, "%.*s/%.*s", STR_FMT(source), STR_FMT(files.items[i].path));
		struct str language = path.n > 6 ? str_slice(path, path.n - 5, path.n - 3) : STR_NONE;
		if (po_language_index(language) < 0 || path.p[path.n - 6] != '.') {
			complain(c, (struct place){ path, 1, 1 },
				"a catalogue is named NAME.es.po, NAME.en.po or NAME.eu.po");
			continue;
		}
		*end = po_read(a, path, files.items[i].text, c);
		end = &(*end)->next;
	}
	struct po_catalogue all;
	po_merge(a, first, &all, c);
	if (c->count) return NULL;
	bool changed;
	for (size_t i = 0; i < all.family_count; i++) {
		struct str path = arena_printf(a, "i18n/%.*s.h", STR_FMT(all.families[i].name));
		TRY(tree_write(a, out, path, po_emit_header(a, &all, &all.families[i]), &changed));
	}
	TRY(forget_lost_families(a, out, &all));
	return tree_write(a, out, STR("i18n/messages.c"), po_emit_source(a, &all), &changed);
}

int main(int argc, char **argv)
{
	struct str source, out;
	if (!tree_arguments(argc, argv, "po2c", &source, &out)) return 64;
	struct arena *a = arena_new(MAX_MEMORY);
	struct buf text = buf_new(a, MAX_COMPLAINTS);
	struct complaints c = { .out = &text };
	struct err *e = run(a, source, out, &c);
	int code = tree_finish(a, "po2c", &c, e);
	arena_free(a);
	return code;
}
