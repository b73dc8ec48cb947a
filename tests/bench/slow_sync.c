/*
 * A slower disk, for `make bench` alone: preloaded (LD_PRELOAD) into the program and into its ceiling, it makes each
 * fsync and fdatasync take SYNC_DELAY_US microseconds longer. The thread sleeps meanwhile, as it does for a disk.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int synced(const char *name, int fd)
{
	int (*real)(int) = (int (*)(int))(intptr_t)dlsym(RTLD_NEXT, name);
	const char *delay = getenv("SYNC_DELAY_US");
	long us = delay ? strtol(delay, NULL, 10) : 0;
	struct timespec rest = { us / 1000000, us % 1000000 * 1000 };
	int rc = real(fd), error = errno;
	while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
		;
	errno = error;
	return rc;
}

int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }
