#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/read_file.h"

struct err *read_file(struct arena *a, struct str path, struct str *ret)
{
	int fd = open(arena_cz(a, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0) return ERR(a, ERR_NOT_FOUND, NULL, "%.*s: %s", STR_FMT(path), strerror(errno));
	struct stat st;
	bool is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	if (!is_file || st.st_size > READ_FILE_MAX) {
		close(fd);
		return ERR(a, is_file ? ERR_TOO_LARGE : ERR_MALFORMED, NULL, "%.*s is %s", STR_FMT(path),
			is_file ? "larger than 64 MiB" : "no file");
	}
	char *bytes = arena_alloc(a, (size_t)st.st_size + 1);
	size_t n = 0;
	ssize_t got = 1;
	while (n < (size_t)st.st_size && (got = read(fd, bytes + n, (size_t)st.st_size - n)) > 0)
		n += (size_t)got;
	close(fd);
	if (got < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "%.*s: %s", STR_FMT(path), strerror(errno));
	*ret = (struct str){ bytes, n };
	return NULL;
}
