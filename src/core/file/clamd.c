#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/file/clamd.h"

enum { CHUNK = 64 * 1024, ANSWER_MAX = 1024, TIMEOUT_S = 60 };

static void close_socket(void *resource) { close((int)(intptr_t)resource); }

static struct err *open_socket(struct arena *a, struct str path, int *ret)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (path.n >= sizeof(address.sun_path))
		return ERR(a, ERR_USAGE, NULL, "the scanner's socket path is too long");
	memcpy(address.sun_path, path.p, path.n);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "socket: %s", strerror(errno));
	arena_defer(a, close_socket, (void *)(intptr_t)fd);
	struct timeval timeout = { .tv_sec = TIMEOUT_S };
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		return ERR(a, ERR_UNAVAILABLE, NULL, "the scanner does not answer: %s", strerror(errno));
	*ret = fd;
	return NULL;
}

static struct err *send_all(struct arena *a, int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t sent = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR) continue;
		if (sent <= 0) return ERR(a, ERR_UNAVAILABLE, NULL, "sending to the scanner: %s", strerror(errno));
		bytes = str_slice(bytes, (size_t)sent, bytes.n);
	}
	return NULL;
}

static struct err *send_chunk(struct arena *a, int fd, struct str bytes)
{
	uint32_t length = htonl((uint32_t)bytes.n);
	TRY(send_all(a, fd, (struct str){ (const char *)&length, sizeof(length) }));
	return send_all(a, fd, bytes);
}

static struct err *read_answer(struct arena *a, int fd, struct str *ret)
{
	char *answer = arena_alloc(a, ANSWER_MAX);
	size_t n = 0;
	while (n < ANSWER_MAX - 1 && memchr(answer, 0, n ? n : 0) == NULL) {
		ssize_t got = recv(fd, answer + n, ANSWER_MAX - 1 - n, 0);
		if (got < 0 && errno == EINTR) continue;
		if (got < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "waiting for the scanner: %s", strerror(errno));
		if (got == 0) break;
		n += (size_t)got;
	}
	*ret = str_trim(str_of(answer));
	return NULL;
}

struct err *clamd_scan(struct arena *a, struct str socket_path, struct file_reader *file, int64_t bytes,
	enum clamd_verdict *ret, struct str *ret_name)
{
	int fd;
	TRY(open_socket(a, socket_path, &fd));
	TRY(send_all(a, fd, (struct str){ "zINSTREAM", 10 })); /* the z form ends with a NUL */
	for (int64_t at = 0; at < bytes;) {
		struct str chunk;
		TRY(file_read(file, a, at, CHUNK, &chunk));
		if (chunk.n == 0)
			return ERR(a, ERR_INTERNAL, NULL, "the file ended at %lld of %lld", (long long)at,
				(long long)bytes);
		TRY(send_chunk(a, fd, chunk));
		at += (int64_t)chunk.n;
	}
	TRY(send_chunk(a, fd, STR("")));
	struct str answer;
	TRY(read_answer(a, fd, &answer));
	if (str_eq(answer, STR("stream: OK"))) {
		*ret = CLAMD_CLEAN;
		return NULL;
	}
	if (!str_ends_with(answer, STR(" FOUND")) || !str_starts_with(answer, STR("stream: ")))
		return ERR(a, ERR_UNAVAILABLE, NULL, "the scanner said: %.*s", STR_FMT(answer));
	*ret = CLAMD_INFECTED;
	*ret_name = str_slice(answer, 8, answer.n - 6);
	return NULL;
}
