/*
 * Holds event streams: opens them from several addresses of this machine, says when each has begun, holds them until
 * standard input ends, and says what became of them. One JSON object a line on standard output.
 *
 *   hold PORT STREAMS COOKIE < PATHS     paths, one a line, are taken in turn; then, at the end of the paths, an empty
 *                                        line, and whatever ends the input ends the streams
 *   {"open":10000,"refused":0,"ms":2310}
 *   {"open":10000,"ended":0,"bytes":1234}
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PATHS_MAX = 4096,
	LINE_MAX_BYTES = 512,
	ADDRESSES = 8, /* 127.0.0.2 and on: each has the ports that one has */
	AT_ONCE = 200, /* that have asked and not been answered */
	EVENTS = 256,
	PATIENCE_MS = 60000,
};

struct stream {
	int fd;
	bool has_begun, is_over;
};

static char *paths[PATHS_MAX];
static int path_count, open_count, refused, ended, waiting;
static long long bytes;

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "hold: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void read_paths(void)
{
	char line[LINE_MAX_BYTES];
	while (path_count < PATHS_MAX && fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (line[0] == 0) break;
		paths[path_count++] = strdup(line);
	}
	if (path_count == 0) give_up("no paths");
}

static void begin(struct stream *s, int i, int port, const char *cookie, int events)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } }, from = to;
	to.sin_port = htons((uint16_t)port);
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(i % ADDRESSES));
	char request[2 * LINE_MAX_BYTES + 256];
	int n = snprintf(request, sizeof request,
		"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\nCookie: %s\r\n\r\n",
		paths[i % path_count], port, cookie);
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = s };
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&from, sizeof from) != 0) give_up("socket");
	if (connect(s->fd, (struct sockaddr *)&to, sizeof to) != 0) give_up("connect");
	if (send(s->fd, request, (size_t)n, MSG_NOSIGNAL) != n) give_up("send");
	if (epoll_ctl(events, EPOLL_CTL_ADD, s->fd, &event) != 0) give_up("epoll");
	waiting++;
}

static void end(struct stream *s)
{
	close(s->fd);
	s->is_over = true;
	ended += s->has_begun;
	open_count -= s->has_begun;
	waiting -= !s->has_begun;
	refused += !s->has_begun;
}

static void hear(struct stream *s)
{
	char piece[4096];
	ssize_t n = recv(s->fd, piece, sizeof piece, MSG_DONTWAIT);
	if (n < 0 && errno == EAGAIN) return;
	if (n > 0) bytes += n;
	bool is_good = n > 12 && memcmp(piece, "HTTP/1.1 200", 12) == 0;
	if (n <= 0 || (!s->has_begun && !is_good)) {
		end(s);
		return;
	}
	if (s->has_begun) return;
	s->has_begun = true;
	waiting--;
	open_count++;
}

/* → how many events came */
static int look(int events, int timeout_ms)
{
	struct epoll_event came[EVENTS];
	int n = epoll_wait(events, came, EVENTS, timeout_ms);
	for (int i = 0; i < n; i++)
		if (!((struct stream *)came[i].data.ptr)->is_over) hear(came[i].data.ptr);
	return n;
}

int main(int argc, char **argv)
{
	if (argc != 4) give_up("hold PORT STREAMS COOKIE < PATHS");
	int port = atoi(argv[1]), count = atoi(argv[2]), events = epoll_create1(EPOLL_CLOEXEC);
	struct stream *streams = calloc((size_t)count, sizeof *streams);
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	setvbuf(stdin, NULL, _IONBF, 0); /* what ends the input is polled for */
	read_paths();
	long begun = now_ms();
	for (int i = 0; i < count; i++) {
		begin(&streams[i], i, port, argv[3], events);
		while (waiting >= AT_ONCE && now_ms() - begun < PATIENCE_MS)
			look(events, 100);
	}
	while (waiting > 0 && now_ms() - begun < PATIENCE_MS)
		look(events, 100);
	printf("{\"open\":%d,\"refused\":%d,\"ms\":%ld}\n", open_count, refused + waiting, now_ms() - begun);
	fflush(stdout);
	struct pollfd input = { .fd = 0, .events = POLLIN };
	while (poll(&input, 1, 0) == 0)
		look(events, 200);
	while (look(events, 0) > 0)
		continue;
	printf("{\"open\":%d,\"ended\":%d,\"bytes\":%lld}\n", open_count, ended, bytes);
	return 0;
}
