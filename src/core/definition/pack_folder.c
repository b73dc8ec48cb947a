/*
 * Reads a pack's folder: one level of known subfolders, known endings, bounded sizes, no symbolic links (a pack
 * may come from somebody else).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/definition/pack.h"

enum { FILE_MAX_BYTES = 1024 * 1024, FILES_MAX = 2000 };

static struct err *read_file(struct arena *a, int folder, const char *name, struct str path,
	struct pack_file *ret)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat info;
	if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > FILE_MAX_BYTES) {
		if (fd >= 0) close(fd);
		return ERR(a, ERR_INVALID, "pack.file", "%.*s: not a plain file of at most 1 MiB", STR_FMT(path));
	}
	char *bytes = arena_alloc(a, (size_t)info.st_size + 1);
	size_t n = 0;
	while (n < (size_t)info.st_size) {
		ssize_t got = read(fd, bytes + n, (size_t)info.st_size - n);
		if (got <= 0) break;
		n += (size_t)got;
	}
	close(fd);
	*ret = (struct pack_file){ .path = path, .text = { bytes, n } };
	return NULL;
}

static bool is_wanted(const char *name)
{
	struct str s = str_of(name);
	return s.p[0] != '.' &&
		(str_ends_with(s, STR(".yaml")) || str_ends_with(s, STR(".md")) || str_ends_with(s, STR(".svg")) ||
			str_ends_with(s, STR(".geojson")));
}

static struct err *read_folder(struct arena *a, int parent, const char *name, struct pack_files *files)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) return NULL;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) return ERR(a, ERR_NOT_FOUND, "pack.folder", "%s: cannot be read", name);
	struct err *e = NULL;
	for (struct dirent *entry; !e && (entry = readdir(dir));) {
		if (!is_wanted(entry->d_name)) continue;
		bool is_top = strcmp(name, ".") == 0;
		struct str path = is_top ? arena_cstr(a, entry->d_name)
								 : arena_printf(a, "%s/%s", name, entry->d_name);
		if (files->count == FILES_MAX)
			e = ERR(a, ERR_TOO_LARGE, "pack.files", "more than %d files", FILES_MAX);
		else
			e = read_file(a, dirfd(dir), entry->d_name, path, &files->items[files->count++]);
	}
	closedir(dir);
	return e;
}

static int compare(const void *left, const void *right)
{
	const struct pack_file *a = left, *b = right;
	return str_cmp(a->path, b->path);
}

struct err *pack_read_folder(struct arena *a, const char *folder, struct pack_files *ret)
{
	static const char *const names[] = { ".", "calendars", "procedures", "workflows", "documents" };
	struct pack_files files = { .items = ARENA_ARRAY(a, struct pack_file, FILES_MAX) };
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return ERR(a, ERR_NOT_FOUND, "pack.folder", "%s: no such folder", folder);
	struct err *e = NULL;
	for (size_t i = 0; !e && i < sizeof names / sizeof *names; i++)
		e = read_folder(a, fd, names[i], &files);
	close(fd);
	if (e) return e;
	qsort(files.items, files.count, sizeof *files.items, compare);
	*ret = files;
	return NULL;
}
