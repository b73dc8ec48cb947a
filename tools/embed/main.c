/*
 * embed: files → C. `embed --source web --out build/gen` writes build/gen/web/assets.h and assets.c; the
 * run-time half is src/core/asset.h.
 */
#include "tools/embed/embed.h"

enum { MAX_MEMORY = 1024 * 1024 * 1024, MAX_COMPLAINTS = 64 * 1024 };

static struct err *run(struct arena *a, struct str source, struct str out, struct complaints *c)
{
	struct tree_files files;
	TRY(tree_read(a, source, (const char *const[]){ "", NULL }, &files));
	struct embed_assets all;
	embed_prepare(a, source, files, &all, c);
	if (c->count) return NULL;
	bool changed;
	TRY(tree_write(a, out, STR("web/assets.h"), embed_emit_header(a, &all), &changed));
	return tree_write(a, out, STR("web/assets.c"), embed_emit_source(a, &all), &changed);
}

int main(int argc, char **argv)
{
	struct str source, out;
	if (!tree_arguments(argc, argv, "embed", &source, &out)) return 64;
	struct arena *a = arena_new(MAX_MEMORY);
	struct buf text = buf_new(a, MAX_COMPLAINTS);
	struct complaints c = { .out = &text };
	struct err *e = run(a, source, out, &c);
	int code = tree_finish(a, "embed", &c, e);
	arena_free(a);
	return code;
}
