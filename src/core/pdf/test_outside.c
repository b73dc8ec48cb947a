/*
 * Programs from outside. Start at outside_run().
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/pdf/test_outside.h"
#include "base/buf.h"

extern char **environ;

/* Runs `sh -c script`; what it prints goes to `b`. */
static bool run_shell(struct buf *b, const char *script)
{
	int ends[2];
	must(pipe2(ends, O_CLOEXEC) == 0);
	posix_spawn_file_actions_t actions;
	must(posix_spawn_file_actions_init(&actions) == 0);
	must(posix_spawn_file_actions_adddup2(&actions, ends[1], 1) == 0);
	must(posix_spawn_file_actions_adddup2(&actions, ends[1], 2) == 0);
	char *words[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	pid_t child;
	must(posix_spawnp(&child, "sh", &actions, NULL, words, environ) == 0);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	char chunk[4096];
	for (ssize_t n; (n = read(ends[0], chunk, sizeof chunk)) != 0;) {
		if (n < 0 && errno != EINTR) break;
		if (n > 0) buf_add(b, (struct str){ chunk, (size_t)n });
	}
	close(ends[0]);
	int status = -1;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return status == 0;
}

static void folder_release(void *resource)
{
	struct arena *a = arena_new(1 << 20);
	struct buf b = buf_new(a, 4096);
	run_shell(&b, arena_printf(a, "rm -rf '%s'", (const char *)resource).p);
	arena_free(a);
}

bool outside_has(struct test *t, const char *programs)
{
	struct buf b = buf_new(t->arena, 4096);
	return run_shell(&b, arena_printf(t->arena, "for i in %s; do command -v $i || exit 1; done", programs).p);
}

struct str outside_folder(struct test *t)
{
	char folder[] = "/tmp/ventanilla-test-XXXXXX";
	must(mkdtemp(folder));
	struct str s = arena_cstr(t->arena, folder);
	arena_defer(t->arena, folder_release, (char *)(uintptr_t)s.p);
	return s;
}

void outside_save(struct test *t, struct str folder, const char *name, struct str bytes)
{
	struct str file = arena_printf(t->arena, "%.*s/%s", STR_FMT(folder), name);
	int fd = open(file.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	close(fd);
}

struct str outside_run(struct test *t, struct str folder, const char *command, bool *ret_ok)
{
	struct buf b = buf_new(t->arena, 256 * 1024);
	bool ok = run_shell(&b, arena_printf(t->arena, "cd '%.*s' && { %s; }", STR_FMT(folder), command).p);
	if (ret_ok) *ret_ok = ok;
	return buf_str(&b);
}
