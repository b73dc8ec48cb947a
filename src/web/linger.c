#include "web/linger.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/instant.h"
#include "web/loop.h"

enum { PIECE_BYTES = 16 * 1024, PIECES = 4 /* of one socket in a turn: others wait for the loop */ };

static void let_go(struct loop *loop, int at)
{
	struct lingering *l = &loop->lingering;
	close(l->sockets[at].fd);
	for (int i = at + 1; i < l->count; i++)
		l->sockets[i - 1] = l->sockets[i];
	l->count--;
	atomic_fetch_sub(&loop->server->connections, 1);
}

/* Bytes that nobody read lie in the socket; where none do, some may come from a client that was not told before. Whoever
 * was cut, or has ended already, misses nothing. */
static bool is_cut_short(const struct wire *w)
{
	char byte;
	if (w->is_cut) return false;
	ssize_t n = recv(w->fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR) && !w->is_agreed);
}

void linger_at_end(struct wire *w)
{
	struct loop *loop = w->loop;
	struct lingering *l = &loop->lingering;
	if (loop->drains || !is_cut_short(w)) return;
	int fd = fcntl(w->fd, F_DUPFD_CLOEXEC, 0);
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.fd = fd };
	if (fd < 0 || epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		if (fd >= 0) close(fd);
		return;
	}
	shutdown(fd, SHUT_WR);
	if (l->count == LINGER_MAX) linger_makes_room(loop);
	l->sockets[l->count].fd = fd;
	l->sockets[l->count++].until_us = monotonic_us() + loop->server->options.linger_ms * 1000;
	atomic_fetch_add(&loop->server->connections, 1);
}

/* Reads and forgets. False: the client has ended. */
static bool is_sending(int fd)
{
	char bytes[PIECE_BYTES];
	ssize_t n = 1;
	for (int i = 0; i < PIECES && n > 0; i++)
		n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

void linger_turn(struct loop *loop, int64_t now_us)
{
	struct lingering *l = &loop->lingering;
	for (int i = l->count - 1; i >= 0; i--)
		if (l->sockets[i].until_us <= now_us || !is_sending(l->sockets[i].fd)) let_go(loop, i);
}

bool linger_makes_room(struct loop *loop)
{
	if (loop->lingering.count == 0) return false;
	let_go(loop, 0);
	return true;
}

int64_t linger_until_us(const struct loop *loop)
{
	return loop->lingering.count > 0 ? loop->lingering.sockets[0].until_us : INT64_MAX;
}

void linger_stop(struct loop *loop)
{
	while (loop->lingering.count > 0)
		let_go(loop, loop->lingering.count - 1);
}
