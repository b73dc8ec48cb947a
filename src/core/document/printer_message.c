#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/document/printer_message.h"

struct head {
	uint32_t length, kind; /* both sides are the same program on the same machine */
};

static struct err *write_all(struct arena *a, int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = write(fd, bytes, n);
		if (sent < 0 && errno == EINTR) continue;
		if (sent <= 0) return ERR(a, ERR_UNAVAILABLE, NULL, "writing to the printer: %s", strerror(errno));
		bytes += sent;
		n -= (size_t)sent;
	}
	return NULL;
}

struct err *printer_send(struct arena *a, int fd, enum printer_message kind, struct str bytes)
{
	must(bytes.n <= UINT32_MAX);
	struct head head = { (uint32_t)bytes.n, (uint32_t)kind };
	TRY(write_all(a, fd, (const char *)&head, sizeof(head)));
	return write_all(a, fd, bytes.p, bytes.n);
}

/* *ret_got 0: the other side closed before the first byte. */
static struct err *read_all(struct arena *a, int fd, int timeout_ms, char *bytes, size_t n, size_t *ret_got)
{
	size_t got = 0;
	while (got < n) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		int ready = poll(&wait, 1, timeout_ms);
		if (ready < 0 && errno == EINTR) continue;
		if (ready == 0)
			return ERR(a, ERR_UNAVAILABLE, NULL, "the printer did not answer within %d ms", timeout_ms);
		ssize_t r = read(fd, bytes + got, n - got);
		if (r < 0 && errno == EINTR) continue;
		if (r < 0 || (r == 0 && got > 0)) return ERR(a, ERR_UNAVAILABLE, NULL, "the printer broke off");
		if (r == 0) break;
		got += (size_t)r;
	}
	*ret_got = got;
	return NULL;
}

struct err *printer_receive(struct arena *a, int fd, int timeout_ms, size_t max,
	enum printer_message *ret_kind, struct str *ret)
{
	struct head head;
	size_t got;
	TRY(read_all(a, fd, timeout_ms, (char *)&head, sizeof(head), &got));
	if (got == 0) {
		*ret = STR_NONE;
		return NULL;
	}
	if (head.length > max || head.kind > PRINTER_ERROR)
		return ERR(a, ERR_UNAVAILABLE, NULL, "a message of %u bytes, kind %u", head.length, head.kind);
	char *bytes = arena_alloc(a, (size_t)head.length + 1);
	if (head.length > 0) TRY(read_all(a, fd, timeout_ms, bytes, head.length, &got));
	*ret_kind = (enum printer_message)head.kind;
	*ret = (struct str){ bytes, head.length };
	return NULL;
}
