/* The client of the server tests, over plain sockets. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/test_serving.h"

static int connect_to(struct test *t, int port, int receive_bytes)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	struct timeval patience = { CLIENT_PATIENCE_MS / 1000, 0 };
	if (receive_bytes > 0) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		test_fail(t, __FILE__, __LINE__, "connect: %s", strerror(errno));
	return fd;
}

int client_connect(struct test *t, int port) { return connect_to(t, port, 0); }

int client_connect_narrow(struct test *t, int port) { return connect_to(t, port, 1); }

bool client_try_send(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n <= 0) return false;
		bytes = str_slice(bytes, (size_t)n, bytes.n);
	}
	return true;
}

void client_send(struct test *t, int fd, struct str bytes)
{
	if (!client_try_send(fd, bytes)) test_fail(t, __FILE__, __LINE__, "send: %s", strerror(errno));
}

struct str reply_header(const struct reply *r, const char *name)
{
	struct str rest = r->head;
	while (!str_is_none(rest)) {
		struct str value = str_trim(str_cut(&rest, '\n')), key = str_cut(&value, ':');
		if (!str_is_none(value) && str_eq_ci(key, str_of(name))) return str_trim(value);
	}
	return STR_NONE;
}

/* Reads at least up to `wanted` bytes of the connection into `in`; false at its end. */
static bool read_some(int fd, struct buf *in)
{
	char bytes[16384];
	ssize_t n = recv(fd, bytes, sizeof bytes, 0);
	if (n > 0) buf_add(in, (struct str){ bytes, (size_t)n });
	return n > 0;
}

struct reply client_receive(struct test *t, int fd, bool is_head)
{
	struct reply r = { 0 };
	struct buf in = buf_new(t->arena, 32 << 20);
	ptrdiff_t end;
	while ((end = str_find(buf_str(&in), STR("\r\n\r\n"))) < 0) {
		if (read_some(fd, &in)) continue;
		r.is_closed = true;
		return r;
	}
	size_t body_at = (size_t)end + 4;
	int64_t length = 0, status = 0;
	r.head = arena_str(t->arena, str_slice(buf_str(&in), 0, (size_t)end));
	str_to_int64(str_slice(r.head, 9, 12), 100, 599, &status);
	r.status = (int)status;
	if (str_eq(reply_header(&r, "connection"), STR("close"))) r.is_closed = true;
	if (r.status == 100) { /* the answer proper follows */
		must(in.n == body_at);
		return r;
	}
	str_to_int64(reply_header(&r, "content-length"), 0, INT32_MAX, &length);
	if (is_head || r.status == 304) length = 0;
	while (in.n < body_at + (size_t)length)
		if (!read_some(fd, &in)) {
			r.is_closed = true;
			break;
		}
	r.body = str_slice(buf_str(&in), body_at, in.n);
	return r;
}

struct reply client_ask(struct test *t, int port, struct str bytes)
{
	int fd = client_connect(t, port);
	client_send(t, fd, bytes);
	struct reply r = client_receive(t, fd, false);
	close(fd);
	return r;
}

bool client_is_closed(int fd)
{
	char bytes[4096];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (poll(&p, 1, CLIENT_PATIENCE_MS) > 0)
		if (recv(fd, bytes, sizeof bytes, 0) <= 0) return true;
	return false;
}
