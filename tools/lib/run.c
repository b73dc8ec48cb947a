#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "tools/lib/run.h"

enum { RUN_MAX_OUTPUT = 256 * 1024 };

static _Noreturn void become(const char *const *argv, int output)
{
	if (dup2(output, 1) < 0 || dup2(output, 2) < 0) _exit(127);
	/* execvp's parameter is not const for old programs' sake; it changes nothing. */
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

struct err *run_program(struct arena *a, const char *const *argv, struct str *ret_output, int *ret_code)
{
	int ends[2], status = 0;
	if (pipe2(ends, O_CLOEXEC) != 0) return ERR(a, ERR_UNAVAILABLE, NULL, "pipe: %s", strerror(errno));
	pid_t child = fork();
	if (child == 0) become(argv, ends[1]);
	close(ends[1]);
	struct buf output = buf_new(a, RUN_MAX_OUTPUT);
	char piece[4096];
	/* Read to the end even past the limit, so that the program is not stopped by a full pipe. */
	for (ssize_t n; child > 0 && (n = read(ends[0], piece, sizeof piece)) != 0;) {
		if (n < 0 && errno != EINTR) break;
		if (n > 0) buf_add(&output, (struct str){ piece, (size_t)n });
	}
	close(ends[0]);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return ERR(a, ERR_UNAVAILABLE, NULL, "%s could not be run", argv[0]);
	*ret_output = buf_str(&output);
	*ret_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return NULL;
}
