/*
 * The server over sockets and whatever its clients do: several connections at once, cut anywhere, one request behind
 * the other, half said, broken off. The input is what up to three clients say. Bytes stand for themselves, but for
 *
 *   1     a write ends here; the server has looked before the next
 *   2     from here on the next client (they take turns, a write each)
 *   3     it shuts its side down at once, and reads what comes
 *   4     it breaks off with a reset
 *   5 K   a request of kind K (`kinds`, 'a' first), its body up to 6; a capital sends it in chunks, one a write
 *   7 N   N × 64 letters
 *   8 B   the byte B
 *
 * A client that neither shuts down nor breaks off reads the answers it is owed first. Owed is one for every request that
 * is plain enough for the strict little reader of fuzz_adapter_script.c, in order, and about that very request. Beyond these
 * the answers must be whole and none a 500; every request that core saw comes to its end; then the server answers
 * another client as before, and holds no descriptor more. Start at LLVMFuzzerTestOneInput().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/instant.h"
#include "web/fuzz_adapter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	CLIENTS = 3,
	SURE_BYTES = 64 *
		1024, /* answers of so much fit into the socket: nobody has to read for them to be whole */
	PATIENCE_MS = 8000,
};

static struct server *server;
static int neighbour; /* a client who has been there all along */

/* --- what it hears ---------------------------------------------------------------------------------------------- */

struct heard {
	int status;
	bool is_last; /* it says that the connection ends */
	struct str body;
};

/* RFC 9112 section 4: what every client reads without guessing. False: it is not all there. */
static bool next_answer(struct str *rest, struct heard *ret, struct met **ret_met)
{
	int64_t status = 0, length = -1;
	ptrdiff_t end = str_find(*rest, STR("\r\n\r\n"));
	if (end < 0) return false;
	struct str head = str_slice(*rest, 0, (size_t)end), line = str_trim(str_cut(&head, '\n'));
	must(str_starts_with(line, STR("HTTP/1.1 ")) || str_starts_with(line, STR("HTTP/1.0 ")));
	must(line.n > 13 && line.p[12] == ' ' && str_to_int64(str_slice(line, 9, 12), 100, 505, &status));
	*ret = (struct heard){ .status = (int)status };
	*ret_met = NULL;
	while (!str_is_none(head)) {
		struct str value = str_cut(&head, '\n'), name;
		must(str_is_none(head) || str_ends_with(value, STR("\r")));
		value = str_trim(value);
		name = str_cut(&value, ':');
		must(name.n > 0 && script_is_of(name, LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") && !str_is_none(value));
		value = str_trim(value);
		if (str_eq_ci(name, STR("content-length")))
			must(length < 0 && str_to_int64(value, 0, HEARD_MAX, &length));
		if (str_eq_ci(name, STR("x-request-id"))) *ret_met = core_met(value);
		if (str_eq_ci(name, STR("connection"))) ret->is_last = str_eq_ci(value, STR("close"));
	}
	must(length >= 0 || status == 304 || status < 200);
	size_t at = (size_t)end + 4, n = length < 0 ? 0 : (size_t)length;
	/* What the library refuses by itself may have been a HEAD: it says the length, and ends there. And what it takes
	 * for another method core takes for a HEAD when a NUL follows that word: a body may come. */
	struct str after = str_slice(*rest, at, rest->n);
	if (*ret_met && (*ret_met)->is_head && (after.n == 0 || str_starts_with(after, STR("HTTP/1.")))) n = 0;
	if (!*ret_met && ret->is_last && after.n == 0) n = 0;
	if (rest->n < at + n) return false;
	ret->body = str_slice(*rest, at, at + n);
	*rest = str_slice(*rest, at + n, rest->n);
	return true;
}

/* The next that is not 100 Continue. */
static bool next_final(struct str *rest, struct heard *ret, struct met **ret_met)
{
	do
		if (!next_answer(rest, ret, ret_met)) return false;
	while (ret->status == 100);
	return true;
}

static int answers_heard(const struct client *c)
{
	struct str rest = buf_str(&c->heard);
	struct heard h;
	struct met *m;
	int n = 0;
	while (next_final(&rest, &h, &m))
		n++;
	return n;
}

static void check_owed(const struct plain *p, const struct heard *h)
{
	char expected[128];
	static const int may_be[] = { 200, 400, 403, 404, 413, 415 };
	bool is_known = false;
	for (size_t i = 0; i < sizeof may_be / sizeof *may_be; i++)
		is_known |= h->status == may_be[i];
	must(is_known);
	bool is_head = str_eq(p->method, STR("HEAD"));
	must(!is_head || h->body.n == 0);
	if (h->status != 200 || is_head) return;
	if (str_eq(p->path, STR("/fixed"))) {
		must(str_eq(h->body, core_fixed_text));
		return;
	}
	snprintf(expected, sizeof expected, "%.*s %.*s %zu ", STR_FMT(p->method), STR_FMT(p->path),
		p->body_bytes);
	must(str_starts_with(h->body, str_of(expected)));
}

static void check_heard(const struct client *c)
{
	struct str rest = buf_str(&c->heard), said = buf_str(&c->said.bytes);
	struct plain plain;
	struct heard h = { 0 };
	struct met *m = NULL;
	bool is_plain = true;
	while (!h.is_last && next_final(&rest, &h, &m)) {
		must(h.status != 500);
		is_plain = is_plain && script_next(&said, &plain);
		if (is_plain) check_owed(&plain, &h);
		if (!m && h.status == 200) { /* one for all, and so about nobody's request */
			must(str_eq(h.body, core_fixed_text));
			continue;
		}
		if (!m) { /* the library's own refusal ends the connection; of some (0.9.75) it sends the head twice */
			must(h.is_last && !is_plain);
			return;
		}
		must(!m->is_answered);
		m->is_answered = true;
	}
	must(rest.n == 0 || (!h.is_last && c->heard.n > SURE_BYTES));
	if (is_plain && !h.is_last && c->ending == CUT && rest.n == 0) must(!script_next(&said, &plain));
}

/* --- playing it --------------------------------------------------------------------------------------------------- */

static int connect_to_server(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)server_port(server)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval patience = { PATIENCE_MS / 1000, 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	must(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static int free_fd(void)
{
	int fd = dup(neighbour);
	close(fd);
	return fd;
}

/* The neighbour asks. With its answer the loop has also looked at what came before. */
static void probe(void)
{
	static const char hello[] = "GET /hello HTTP/1.1\r\nHost: town.test\r\n\r\n";
	char bytes[4096];
	size_t n = 0;
	must(send(neighbour, hello, sizeof hello - 1, MSG_NOSIGNAL) == sizeof hello - 1);
	do {
		ssize_t more = recv(neighbour, bytes + n, sizeof bytes - n, 0);
		must(more > 0 || (more < 0 && errno == EINTR));
		if (more > 0) n += (size_t)more;
	} while (!str_ends_with((struct str){ bytes, n }, STR("\r\n\r\nGET /hello 0 \n")));
	must(str_starts_with((struct str){ bytes, n }, STR("HTTP/1.1 200 ")));
}

static void hear(struct client *c, int flags)
{
	char bytes[16384];
	ssize_t n = recv(c->fd, bytes, sizeof bytes, flags);
	if (n > 0)
		buf_add(&c->heard, (struct str){ bytes, (size_t)n });
	else if (n == 0 || errno == ECONNRESET)
		c->is_over = true;
	else /* EINTR: the fuzzer's own clock. Anything else: no answer and no end in all the time */
		must(errno == EINTR || (errno == EAGAIN && (flags & MSG_DONTWAIT)));
}

/* Reads meanwhile, so that neither side waits for the other. */
static void say(struct client *c, size_t until)
{
	while (c->sent < until && !c->is_over) {
		ssize_t n = send(c->fd, c->said.bytes.p + c->sent, until - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			c->sent += (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = c->fd, .events = POLLIN | POLLOUT };
			must(poll(&p, 1, PATIENCE_MS) != 0);
			hear(c, MSG_DONTWAIT);
		} else {
			return; /* the server has closed: what it said first is still to be read */
		}
	}
}

static void finish(struct client *c)
{
	struct linger at_once = { 1, 0 };
	int wanted = c->ending == CUT ? script_owed(c) : 0;
	if (c->ending != RESET) {
		while (!c->is_over && wanted > 0 && answers_heard(c) < wanted)
			hear(c, 0);
		probe();
		shutdown(c->fd, SHUT_WR);
		while (!c->is_over)
			hear(c, 0);
	}
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(c->fd);
}

static void play(struct client *clients, int count)
{
	for (int i = 0; i < count; i++)
		clients[i].fd = connect_to_server();
	for (int turn = 0; turn <= SCRIPT_CUTS; turn++) {
		bool was_said = false;
		for (int i = 0; i < count; i++) {
			struct client *c = &clients[i];
			if (turn >= c->said.cut_count) continue;
			say(c, c->said.cuts[turn]);
			was_said = true;
		}
		if (was_said) probe();
	}
	for (int i = 0; i < count; i++)
		finish(&clients[i]);
}

/* Once. */
static void start(void)
{
	if (server) return;
	server = core_start();
	neighbour = connect_to_server();
	probe();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client clients[CLIENTS];
	struct str script = { size ? (const char *)data : "", size };
	int count = 0;
	start();
	core_forget();
	int free_at_first = free_fd(); /* the fuzzer opens files of its own between inputs */
	struct arena *a = arena_new((size_t)256 * 1024 * 1024);
	while (script.n > 0 && count < CLIENTS)
		script_read(a, &script, &clients[count++]);
	play(clients, count);
	int64_t until_us = monotonic_us() + PATIENCE_MS * 1000;
	while (server->connections > 1 || core_is_busy()) {
		must(monotonic_us() < until_us);
		sched_yield();
	}
	for (int i = 0; i < count; i++)
		if (clients[i].ending != RESET) check_heard(&clients[i]);
	probe();
	must(free_fd() == free_at_first);
	arena_free(a);
	return 0;
}
