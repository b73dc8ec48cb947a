/* Erasing stored files, and the orphans among them: finished but never referenced, or never finished. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/files_store.h"

struct err *file_erase(struct files *f, struct arena *a, struct str name)
{
	char path[FILE_PATH_BYTES];
	if (!file_name_is_valid(name)) return ERR(a, ERR_INTERNAL, NULL, "file store: no such name can be");
	file_path(name, path);
	if (unlinkat(f->fd, path, 0) == 0 || errno == ENOENT) return NULL;
	return ERR(a, ERR_UNAVAILABLE, NULL, "file store: erase: %s", strerror(errno));
}

struct collector {
	struct files *files;
	struct instant before;
	bool (*is_referenced)(void *state, struct str name);
	void *state;
	int erased;
};

static bool is_older(int folder, const char *name, struct instant before)
{
	struct stat st;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode)) return false;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000 < before.ms;
}

/* `finished`: what lies there may be referenced. */
static struct err *folder_collect(struct collector *c, struct arena *a, const char *folder, bool finished)
{
	int fd = openat(c->files->fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) return NULL;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		struct err *e = ERR(a, ERR_UNAVAILABLE, NULL, "file store: %s: %s", folder, strerror(errno));
		if (fd >= 0) close(fd);
		return e;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		struct str name = str_of(entry->d_name);
		if (!file_name_is_valid(name) || !is_older(fd, entry->d_name, c->before)) continue;
		if (finished && c->is_referenced(c->state, name)) continue;
		if (unlinkat(fd, entry->d_name, 0) == 0) c->erased++;
	}
	closedir(dir);
	return NULL;
}

struct err *files_collect(struct files *f, struct arena *a, struct instant before,
	bool (*is_referenced)(void *state, struct str name), void *state, int *ret_erased)
{
	struct collector c = { f, before, is_referenced, state, 0 };
	TRY(folder_collect(&c, a, "tmp", false));
	for (const char *x = FILE_NAME_ALPHABET; *x; x++) {
		for (const char *y = FILE_NAME_ALPHABET; *y; y++) {
			char folder[3] = { *x, *y, '\0' };
			TRY(folder_collect(&c, a, folder, true));
		}
	}
	*ret_erased = c.erased;
	return NULL;
}
