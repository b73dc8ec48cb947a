#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/document/printer.h"
#include "core/document/printer_message.h"

struct printer {
	pthread_mutex_t lock; /* one job at a time */
	struct str program, fonts;
	pid_t child; /* 0: none is running */
	int fd;
};

static void end_child(struct printer *p)
{
	if (!p->child) return;
	close(p->fd);
	kill(p->child, SIGKILL);
	while (waitpid(p->child, NULL, 0) < 0 && errno == EINTR) {
	}
	p->child = 0;
}

/* The child gets its end of the pair as descriptor 3, standard error, and nothing else of ours: every other
 * descriptor of this program is close-on-exec. */
static struct err *start_child(struct printer *p, struct arena *a)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return ERR(a, ERR_UNAVAILABLE, NULL, "socketpair: %s", strerror(errno));
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], PRINTER_CHILD_FD);
	char *arguments[] = { (char *)arena_cz(a, p->program), (char *)"printer", (char *)"--fonts",
		(char *)arena_cz(a, p->fonts), NULL };
	char *environment[] = { (char *)"LC_ALL=C", NULL };
	pid_t child;
	int failure = posix_spawn(&child, arguments[0], &actions, NULL, arguments, environment);
	posix_spawn_file_actions_destroy(&actions);
	close(pair[1]);
	if (failure) {
		close(pair[0]);
		return ERR(a, ERR_UNAVAILABLE, NULL, "the printer cannot be started: %s", strerror(failure));
	}
	p->child = child;
	p->fd = pair[0];
	return NULL;
}

static void release(void *resource)
{
	struct printer *p = resource;
	end_child(p);
	pthread_mutex_destroy(&p->lock);
}

struct err *printer_start(struct arena *a, struct str program, struct str fonts, struct printer **ret)
{
	struct printer *p = ARENA_NEW(a, struct printer);
	pthread_mutex_init(&p->lock, NULL);
	p->program = arena_str(a, program);
	p->fonts = arena_str(a, fonts);
	arena_defer(a, release, p);
	TRY(start_child(p, a));
	*ret = p;
	return NULL;
}

void printer_stop(struct printer *p)
{
	if (!p) return;
	pthread_mutex_lock(&p->lock);
	end_child(p);
	pthread_mutex_unlock(&p->lock);
}

static struct err *ask(struct printer *p, struct arena *a, struct str job, enum printer_message *ret_kind,
	struct str *ret)
{
	if (!p->child) TRY(start_child(p, a));
	TRY(printer_send(a, p->fd, PRINTER_JOB, job));
	TRY(printer_receive(a, p->fd, PRINTER_TIMEOUT_MS, PRINTER_MESSAGE_MAX, ret_kind, ret));
	return str_is_none(*ret) ? ERR(a, ERR_UNAVAILABLE, NULL, "the printer ended") : NULL;
}

struct err *printer_print(struct printer *p, struct arena *a, const struct print *job, struct str *ret_pdf)
{
	enum printer_message kind = PRINTER_ERROR;
	struct str answer, text = print_write(a, job);
	pthread_mutex_lock(&p->lock);
	struct err *e = ask(p, a, text, &kind, &answer);
	if (e) end_child(p); /* whatever it is doing, the next job finds a new one */
	pthread_mutex_unlock(&p->lock);
	if (e) return e;
	if (kind != PRINTER_PDF)
		return ERR(a, ERR_INVALID, "paper.unprintable", "the printer says: %.*s", STR_FMT(answer));
	*ret_pdf = answer;
	return NULL;
}
