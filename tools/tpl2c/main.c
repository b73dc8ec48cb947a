/*
 * tpl2c: HTML templates → C. `tpl2c --source src --out build/gen` reads every src/.../NAME.html and writes
 * build/gen/.../NAME.html.c and .h; see README.md here for the language.
 */
#include "tools/tpl2c/emit.h"

enum { MAX_MEMORY = 1024 * 1024 * 1024, MAX_COMPLAINTS = 64 * 1024 };

static struct err *write_file(struct arena *a, const struct tpl_template *first, struct tpl_template *all,
	struct str out)
{
	bool changed;
	struct str header = arena_printf(a, "%.*s.h", STR_FMT(first->path));
	struct str source = arena_printf(a, "%.*s.c", STR_FMT(first->path));
	TRY(tree_write(a, out, header, tpl_emit_header(a, first), &changed));
	return tree_write(a, out, source, tpl_emit_source(a, first, all), &changed);
}

static struct err *run(struct arena *a, struct str source, struct str out, struct complaints *c)
{
	struct tree_files files;
	TRY(tree_read(a, source, (const char *const[]){ ".html", NULL }, &files));
	struct tpl_template *all = NULL, **end = &all;
	for (size_t i = 0; i < files.count; i++) {
		struct tree_file f = files.items[i];
		struct str file = arena_printf(a, "%.*s/%.*s", STR_FMT(source), STR_FMT(f.path));
		for (*end = tpl_parse(a, file, f.path, f.text, c); *end;)
			end = &(*end)->next;
	}
	tpl_check(all, c);
	if (c->count) return NULL;
	for (struct tpl_template *t = all; t; t = t->next) {
		TRY(write_file(a, t, all, out));
		while (t->next && t->next->file.p == t->file.p)
			t = t->next;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct str source, out;
	if (!tree_arguments(argc, argv, "tpl2c", &source, &out)) return 64;
	struct arena *a = arena_new(MAX_MEMORY);
	struct buf text = buf_new(a, MAX_COMPLAINTS);
	struct complaints c = { .out = &text };
	struct err *e = run(a, source, out, &c);
	int code = tree_finish(a, "tpl2c", &c, e);
	arena_free(a);
	return code;
}
