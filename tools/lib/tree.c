#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>
#include "tools/lib/tree.h"

enum { TREE_MAX_FILE = 16 * 1024 * 1024, TREE_MAX_DEPTH = 20 };

struct walk {
	struct arena *arena;
	const char *const *suffixes;
	struct tree_files found;
	size_t capacity;
};

static const char *join(struct arena *a, struct str folder, struct str name)
{
	if (str_is_empty(folder)) return arena_cz(a, name);
	return arena_printf(a, "%.*s/%.*s", STR_FMT(folder), STR_FMT(name)).p;
}

static struct err *read_file(struct arena *a, const char *path, struct str *ret)
{
	FILE *f = fopen(path, "rb");
	if (!f) return ERR(a, ERR_NOT_FOUND, NULL, "%s: %s", path, strerror(errno));
	struct stat facts;
	if (fstat(fileno(f), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size > TREE_MAX_FILE) {
		fclose(f);
		return ERR(a, ERR_TOO_LARGE, NULL, "%s: not a file, or larger than %d bytes", path, TREE_MAX_FILE);
	}
	size_t want = (size_t)facts.st_size;
	char *p = arena_alloc(a, want + 1);
	size_t got = fread(p, 1, want, f);
	fclose(f);
	if (got != want) return ERR(a, ERR_UNAVAILABLE, NULL, "%s: could not be read", path);
	*ret = (struct str){ p, got };
	return NULL;
}

static bool is_wanted(const struct walk *w, struct str name)
{
	for (size_t i = 0; w->suffixes[i]; i++)
		if (str_ends_with(name, str_of(w->suffixes[i]))) return true;
	return false;
}

static void keep(struct walk *w, struct tree_file file)
{
	if (w->found.count == w->capacity) {
		size_t capacity = w->capacity ? w->capacity * 2 : 64;
		struct tree_file *items = ARENA_ARRAY(w->arena, struct tree_file, capacity);
		if (w->found.count) memcpy(items, w->found.items, w->found.count * sizeof *items);
		w->found.items = items;
		w->capacity = capacity;
	}
	w->found.items[w->found.count++] = file;
}

static struct err *walk_folder(struct walk *w, struct str root, struct str below, int depth)
{
	const char *path = join(w->arena, root, below);
	if (depth > TREE_MAX_DEPTH) return ERR(w->arena, ERR_INVALID, NULL, "%s: folders too deep", path);
	DIR *d = opendir(path);
	if (!d) return ERR(w->arena, ERR_NOT_FOUND, NULL, "%s: %s", path, strerror(errno));
	struct err *e = NULL;
	for (struct dirent *entry; !e && (entry = readdir(d));) {
		struct str name = str_of(entry->d_name);
		if (name.p[0] == '.') continue;
		struct str inner = str_of(join(w->arena, below, name));
		const char *full = join(w->arena, root, inner);
		struct stat facts;
		if (stat(full, &facts) != 0) continue; /* gone between the two calls */
		if (S_ISDIR(facts.st_mode)) {
			e = walk_folder(w, root, inner, depth + 1);
		} else if (S_ISREG(facts.st_mode) && is_wanted(w, name)) {
			struct tree_file file = { .path = inner };
			e = read_file(w->arena, full, &file.text);
			if (!e) keep(w, file);
		}
	}
	closedir(d);
	return e;
}

static int by_path(const void *a, const void *b)
{
	const struct tree_file *x = a, *y = b;
	size_t n = x->path.n < y->path.n ? x->path.n : y->path.n;
	int order = memcmp(x->path.p, y->path.p, n);
	return order ? order : (x->path.n > y->path.n) - (x->path.n < y->path.n);
}

struct err *tree_read(struct arena *a, struct str root, const char *const *suffixes, struct tree_files *ret)
{
	struct walk w = { .arena = a, .suffixes = suffixes };
	TRY(walk_folder(&w, root, STR(""), 0));
	if (w.found.count) qsort(w.found.items, w.found.count, sizeof *w.found.items, by_path);
	*ret = w.found;
	return NULL;
}

static struct err *make_folders(struct arena *a, const char *path)
{
	char *copy = arena_alloc(a, strlen(path) + 1);
	memcpy(copy, path, strlen(path) + 1);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0777) != 0 && errno != EEXIST)
			return ERR(a, ERR_UNAVAILABLE, NULL, "%s: %s", copy, strerror(errno));
		*slash = '/';
	}
	return NULL;
}

struct err *tree_write(struct arena *a, struct str root, struct str path, struct str text, bool *ret_changed)
{
	const char *full = join(a, root, path);
	struct str old;
	if (!read_file(a, full, &old) && str_eq(old, text)) {
		*ret_changed = false;
		return NULL;
	}
	TRY(make_folders(a, full));
	/* A complete file or the old one: an interrupted build must not leave half a source. */
	const char *partial = arena_printf(a, "%s.part", full).p;
	FILE *f = fopen(partial, "wb");
	if (!f) return ERR(a, ERR_UNAVAILABLE, NULL, "%s: %s", partial, strerror(errno));
	bool ok = fwrite(text.p, 1, text.n, f) == text.n;
	if (fclose(f) != 0 || !ok || rename(partial, full) != 0)
		return ERR(a, ERR_UNAVAILABLE, NULL, "%s: could not be written", full);
	*ret_changed = true;
	return NULL;
}

void complain(struct complaints *c, struct place at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char text[500];
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	c->count++;
	buf_printf(c->out, "%.*s:%d:%d: error: %s\n", STR_FMT(at.file), at.line, at.column, text);
}

bool tree_arguments(int argc, char **argv, const char *tool, struct str *ret_source, struct str *ret_out)
{
	struct str source = STR_NONE, out = STR_NONE;
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--source") == 0)
			source = str_of(argv[i + 1]);
		else if (strcmp(argv[i], "--out") == 0)
			out = str_of(argv[i + 1]);
	}
	if (argc != 5 || str_is_none(source) || str_is_none(out)) {
		fprintf(stderr, "usage: %s --source FOLDER --out FOLDER\n", tool);
		return false;
	}
	*ret_source = source;
	*ret_out = out;
	return true;
}

int tree_finish(struct arena *a, const char *tool, const struct complaints *c, const struct err *e)
{
	if (c->count) {
		struct str text = buf_str(c->out);
		fwrite(text.p, 1, text.n, stderr);
		if (buf_overflowed(c->out)) fprintf(stderr, "%s: and more\n", tool);
	}
	if (e) {
		struct str what = err_describe(a, e);
		fprintf(stderr, "%s: %.*s\n", tool, STR_FMT(what));
	}
	return c->count || e ? 1 : 0;
}
