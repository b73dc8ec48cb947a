/*
 * A copy of the log in a folder, as a mirror leaves it: the paths of the log are the paths of the files.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/verify/verify.h"

enum { PIECE_MAX_BYTES = 32 * 1024 * 1024 };

static struct err *read_all(struct arena *a, int fd, const char *path, struct str *ret)
{
	struct stat st;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > PIECE_MAX_BYTES)
		return ERR(a, ERR_INVALID, NULL, "%s is no file of a log", path);
	size_t size = (size_t)st.st_size, n = 0;
	char *p = arena_alloc(a, size + 1);
	while (n < size) {
		ssize_t got = read(fd, p + n, size - n);
		if (got < 0 && errno == EINTR) continue;
		if (got <= 0) return ERR(a, ERR_UNAVAILABLE, NULL, "cannot read %s: %s", path, strerror(errno));
		n += (size_t)got;
	}
	*ret = (struct str){ p, n };
	return NULL;
}

static struct err *read_piece(void *state, struct arena *a, struct str path, struct str *ret)
{
	const struct str *folder = state;
	const char *name = arena_printf(a, "%.*s/%.*s", STR_FMT(*folder), STR_FMT(path)).p;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		*ret = STR_NONE;
		return NULL;
	}
	if (fd < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "cannot open %s: %s", name, strerror(errno));
	struct err *e = read_all(a, fd, name, ret);
	close(fd);
	return e;
}

struct verify_log verify_log_folder(struct arena *a, struct str folder)
{
	struct str *state = ARENA_NEW(a, struct str);
	*state = arena_str(a, folder);
	return (struct verify_log){ read_piece, state };
}
