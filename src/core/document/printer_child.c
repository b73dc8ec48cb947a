#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/document/printer.h"
#include "core/document/printer_message.h"

enum { MEMORY_MAX = 1024 * 1024 * 1024, SECONDS_A_JOB = 15, JOB_ARENA_MAX = 384 * 1024 * 1024 };

/* What rendering and sealing need once the fonts are open: memory, time, randomness, and the one descriptor. */
static const int allowed[] = { SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(close), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(tgkill),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall),
	SCMP_SYS(setitimer), SCMP_SYS(alarm), SCMP_SYS(sched_yield) };

static struct err *limit(struct arena *a)
{
	struct rlimit memory = { MEMORY_MAX, MEMORY_MAX }, none = { 0, 0 };
	if (setrlimit(RLIMIT_AS, &memory) || setrlimit(RLIMIT_FSIZE, &none) || setrlimit(RLIMIT_CORE, &none) ||
		setrlimit(RLIMIT_NPROC, &none))
		return ERR(a, ERR_UNAVAILABLE, NULL, "setrlimit failed");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) ||
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return ERR(a, ERR_UNAVAILABLE, NULL, "prctl failed");
	return NULL;
}

/* A sanitizer reserves address space and makes calls of its own: a build with one prints unconfined. */
#if defined(__SANITIZE_ADDRESS__)
enum { IS_CONFINED = 0 };
#else
enum { IS_CONFINED = 1 };
#endif

static struct err *confine(struct arena *a)
{
	if (!IS_CONFINED) return NULL;
	TRY(limit(a));
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int failure = filter ? 0 : -1;
	for (size_t i = 0; !failure && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		failure = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	if (!failure) failure = seccomp_load(filter);
	seccomp_release(filter);
	return failure ? ERR(a, ERR_UNAVAILABLE, NULL, "seccomp: %d", failure) : NULL;
}

/* Libraries open what they need at first use: one job is printed before the doors close. */
static struct err *warm_up(struct arena *a, const struct press *press, struct seal_shelf *shelf)
{
	struct seal_subject subject = { .common_name = STR("printer"),
		.algorithm = SEAL_EC_P256,
		.until = { INT64_C(4102444800000) } };
	struct seal_key *key;
	struct print job = {
		.content = STR("{\"made\":0,\"lang\":\"es\",\"author\":\"-\",\"title\":\"-\",\"department\":\"-\"}"),
		.claimed = { 0 }
	};
	struct str pdf;
	TRY(seal_key_make(a, &subject, NULL, &key));
	TRY(seal_key_private_pem(a, key, &job.seal_private_pem));
	TRY(seal_key_certificates_pem(a, key, &job.seal_certificates_pem));
	struct err *unprintable = print_run(a, press, shelf, &job, &pdf);
	return unprintable && unprintable->code != ERR_INVALID ? unprintable : NULL;
}

static struct err *serve_one(struct arena *a, const struct press *press, struct seal_shelf *shelf, int fd,
	bool *ret_more)
{
	enum printer_message kind;
	struct str text, pdf = STR_NONE;
	struct print job;
	TRY(printer_receive(a, fd, -1, PRINTER_MESSAGE_MAX, &kind, &text));
	*ret_more = !str_is_none(text);
	if (!*ret_more) return NULL;
	alarm(SECONDS_A_JOB); /* a job that never ends ends the process */
	struct err *e = print_read(a, text, &job);
	e = e ? e : print_run(a, press, shelf, &job, &pdf);
	alarm(0);
	if (e) return printer_send(a, fd, PRINTER_ERROR, err_describe(a, e));
	return printer_send(a, fd, PRINTER_PDF, pdf);
}

int printer_child_run(struct str fonts, int fd)
{
	struct arena *own = arena_new(JOB_ARENA_MAX), *work = arena_new(JOB_ARENA_MAX);
	struct press_paths paths = { .fonts = fonts };
	struct seal_shelf *shelf = seal_shelf_new(own);
	struct press *press;
	bool more = true;
	struct err *e = press_open(own, &paths, &press);
	e = e ? e : warm_up(work, press, shelf);
	e = e ? e : confine(own);
	while (!e && more) {
		arena_reset(work);
		e = serve_one(work, press, shelf, fd, &more);
	}
	int code = err_exit_code(e);
	arena_free(work);
	arena_free(own);
	return code;
}
