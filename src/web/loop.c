/*
 * A loop: it sleeps in epoll until the library's sockets or another thread's flights are ready, has the library read and
 * write, runs the steps that wait, and looks four times a second for connections past their deadline. Start at
 * loop_serve().
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <poll.h>
#include <unistd.h>

#include "base/log.h"
#include "web/adapter.h"
#include "web/entropy.h"
#include "web/tls.h"

enum {
	SWEEP_US = 250 * 1000,
	FILES_US = 5 * 1000 * 1000,   /* how often the TLS files are looked at */
	FRESH_GRACE_US = 1000 * 1000, /* a drain leaves new connections this long for their first request */
	REFUSED_US = 2 * 1000 * 1000, /* one that will get 503 has this long to ask */
	LOG_US = 1000 * 1000,
	BACKLOG = 4096,
	HANDSHAKES_MS = 20, /* the most that waiting handshakes let the loop sleep */
	ID_CHARS = 16,
	WORK_MIN = 4,
};

/* --- the listening socket ------------------------------------------------------------------------------- */

static struct err *socket_address(struct arena *a, struct str text, int port, struct sockaddr_storage *ret,
	socklen_t *ret_length)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	const char *host = arena_cz(a, text);
	memset(ret, 0, sizeof *ret);
	if (inet_pton(AF_INET, host, &four.sin_addr) == 1) {
		memcpy(ret, &four, sizeof four);
		*ret_length = sizeof four;
	} else if (inet_pton(AF_INET6, host, &six.sin6_addr) == 1) {
		memcpy(ret, &six, sizeof six);
		*ret_length = sizeof six;
	} else {
		return ERR(a, ERR_USAGE, NULL, "not a numeric address: \"%s\"", host);
	}
	return NULL;
}

static bool prepare(int fd, const struct sockaddr_storage *address, socklen_t length)
{
	int on = 1, off = 0;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (address->ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	/* A loop each: the kernel spreads new connections over sockets that share the port. */
	return setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0 &&
		bind(fd, (const struct sockaddr *)address, length) == 0 && listen(fd, BACKLOG) == 0;
}

static int port_of(int fd)
{
	struct sockaddr_storage bound = { 0 };
	socklen_t length = sizeof bound;
	if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0) return 0;
	in_port_t port;
	if (bound.ss_family == AF_INET)
		memcpy(&port, (char *)&bound + offsetof(struct sockaddr_in, sin_port), sizeof port);
	else
		memcpy(&port, (char *)&bound + offsetof(struct sockaddr_in6, sin6_port), sizeof port);
	return ntohs(port);
}

struct err *loop_listen(struct loop *loop, struct arena *a, int port)
{
	struct sockaddr_storage address;
	socklen_t length = 0;
	struct str text = loop->server->options.address;
	TRY(socket_address(a, text, port, &address, &length));
	int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || !prepare(fd, &address, length)) {
		if (fd >= 0) close(fd);
		return ERR(a, ERR_UNAVAILABLE, NULL, "cannot listen on %.*s port %d: %m", STR_FMT(text), port);
	}
	loop->listen_fd = fd;
	loop->server->port = port_of(fd);
	return NULL;
}

/* --- connections ---------------------------------------------------------------------------------------- */

static void forget_waiting(struct wire *w)
{
	if (!w->is_waiting) return;
	*(w->older ? &w->older->newer : &w->loop->oldest) = w->newer;
	*(w->newer ? &w->newer->older : &w->loop->newest) = w->older;
	w->older = w->newer = NULL;
	w->is_waiting = false;
}

void loop_busy(struct wire *w) { forget_waiting(w); }

void loop_wait(struct wire *w, int64_t deadline_us)
{
	struct loop *loop = w->loop;
	forget_waiting(w);
	w->deadline_us = deadline_us;
	w->older = loop->newest;
	*(loop->newest ? &loop->newest->newer : &loop->oldest) = w;
	loop->newest = w;
	w->is_waiting = true;
}

void loop_cut(struct wire *w)
{
	if (w->is_cut) return;
	w->is_cut = true;
	forget_waiting(w);
	shutdown(w->fd, SHUT_RDWR);
}

/* One line a second at most, however many connections are refused. */
static void log_full(struct server *s, int connections)
{
	int64_t now_us = monotonic_us(), logged_us = s->full_logged_us;
	if (now_us - logged_us < LOG_US) return;
	if (!atomic_compare_exchange_strong(&s->full_logged_us, &logged_us, now_us)) return;
	log_event(LOG_WARN, "http.full", LOG_I("connections", connections));
}

/* Past the cap: the connection that has waited longest for its next request makes room; where all are busy,
 * this one is told 503 as soon as it asks. Far past it nothing is left but to hang up. */
static void make_room(struct loop *loop, struct wire *newcomer, int connections)
{
	struct server *s = loop->server;
	int cap = s->options.connections_max;
	log_full(s, connections);
	metric_add(s->refused, 1);
	if (loop->oldest) {
		loop_cut(loop->oldest);
	} else if (connections > cap + cap / 2 + 8) {
		loop_cut(newcomer);
	} else {
		newcomer->is_refused = true;
	}
}

struct wire *loop_accept(struct loop *loop, int fd, const struct sockaddr *peer)
{
	const struct server_options *o = &loop->server->options;
	struct wire *w = calloc(1, sizeof *w);
	must(w);
	w->loop = loop;
	w->fd = fd;
	w->is_fresh = true;
	w->end = END_MAY_BE;
	loop->fresh++;
	if (!address_of_socket(peer, &w->address)) memset(&w->address, 0, sizeof w->address);
	w->next = loop->wires;
	if (w->next) w->next->prev = w;
	loop->wires = w;

	int connections = atomic_fetch_add(&loop->server->connections, 1) + 1;
	while (connections > o->connections_max && linger_makes_room(loop))
		connections--;
	if (connections > o->connections_max) make_room(loop, w, connections);
	if (!w->is_cut) loop_wait(w, monotonic_us() + (w->is_refused ? REFUSED_US : o->header_ms * 1000));
	return w;
}

void loop_close(struct wire *w)
{
	struct loop *loop = w->loop;
	forget_waiting(w);
	loop->fresh -= w->is_fresh;
	*(w->prev ? &w->prev->next : &loop->wires) = w->next;
	if (w->next) w->next->prev = w->prev;
	atomic_fetch_sub(&loop->server->connections, 1);
	free(w);
}

/* --- memory of requests --------------------------------------------------------------------------------- */

struct arena *loop_arena(struct loop *loop)
{
	if (loop->spare_count > 0) return loop->spare[--loop->spare_count];
	return arena_new(loop->server->options.arena_max);
}

void loop_arena_free(struct loop *loop, struct arena *a)
{
	if (loop->spare_count < LOOP_SPARE_ARENAS) {
		arena_reset(a);
		loop->spare[loop->spare_count++] = a;
	} else {
		arena_free(a);
	}
}

/* 80 random bits as base32: nobody can tell one request's number from another's. */
struct str loop_request_id(struct loop *loop, struct arena *a)
{
	if (loop->noise_left < ID_CHARS) {
		entropy_fill(loop->noise, sizeof loop->noise);
		loop->noise_left = sizeof loop->noise;
	}
	char *id = arena_alloc(a, ID_CHARS + 1);
	for (int i = 0; i < ID_CHARS; i++)
		id[i] = "abcdefghijklmnopqrstuvwxyz234567"[loop->noise[--loop->noise_left] & 31];
	return (struct str){ id, ID_CHARS };
}

/* --- flights that come back ----------------------------------------------------------------------------- */

void loop_wake(struct loop *loop)
{
	uint64_t one = 1;
	ssize_t written = write(loop->wake_fd, &one, sizeof one);
	(void)written; /* full means that it is awake anyway */
}

void loop_return(struct loop *loop, struct flight *f)
{
	struct flight *first = atomic_load(&loop->returned);
	int wake_fd = loop->wake_fd;
	do
		f->next = first;
	while (!atomic_compare_exchange_weak(&loop->returned, &first, f));
	/* From here on the flight may be gone. Whoever found the list empty wakes the loop for all. */
	uint64_t one = 1;
	if (first) return;
	ssize_t written = write(wake_fd, &one, sizeof one);
	(void)written;
}

void loop_give_back(struct loop *loop, struct flight *f)
{
	f->next_given = atomic_load(&loop->given_back);
	while (!atomic_compare_exchange_weak(&loop->given_back, &f->next_given, f))
		;
	loop_wake(loop);
}

void loop_lost(struct loop *loop, struct flight *f)
{
	f->is_stuck = true;
	loop->is_behind = true;
}

void loop_work(struct loop *loop, struct flight *f)
{
	f->is_queued = f->is_away = true;
	f->next = NULL;
	loop->work_count++;
	*loop->work_end = f;
	loop->work_end = &f->next;
}

/* In the order in which they came back. */
static void take_returned(struct loop *loop)
{
	struct flight *f = atomic_exchange(&loop->returned, NULL), *ordered = NULL, *next;
	for (; f; f = next) {
		next = f->next;
		f->next = ordered;
		ordered = f;
	}
	for (f = ordered; f; f = next) {
		next = f->next;
		flight_returned(f);
	}
	for (f = atomic_exchange(&loop->given_back, NULL); f; f = next) {
		next = f->next_given;
		flight_given_back(f);
	}
}

/* Runs steps that wait, a part of them at a time, so that what they make goes out while it is in the processor's cache;
 * no less than a quarter, for the library asks again for each that waits. False when the loop was taken away in one. */
static bool work(struct loop *loop)
{
	int most = loop->work_count / 4 > WORK_MIN ? loop->work_count / 4 : WORK_MIN;
	for (int i = 0; i < most && loop->work; i++) {
		struct flight *f = loop->work;
		loop->work = f->next;
		if (!loop->work) loop->work_end = &loop->work;
		loop->work_count--;
		f->is_queued = false;
		if (!flight_work(f)) return false;
	}
	if (!loop->work && atomic_load_explicit(&loop->is_behind, memory_order_relaxed)) loop->is_behind = false;
	return true;
}

/* --- deadlines ------------------------------------------------------------------------------------------ */

static void overdue(struct wire *w)
{
	struct flight *f = w->flight;
	struct loop *loop = w->loop;
	if (w->stream) {
		streams_due(w->stream, loop->now_us);
		return;
	}
	if (f && f->is_away && !f->is_late) {
		/* Core or the pool still works for it: the client gets 503 now, their answer will be dropped. */
		flight_give_up(f);
		w->deadline_us = monotonic_us() + loop->server->options.request_ms * 1000;
		if (f->is_suspended) adapter_resume(loop->adapter, f);
		return;
	}
	/* Silence after an answer is how connections end; silence or trickling before is what is counted. */
	if (f || !w->was_used) metric_add(loop->server->cut, 1);
	loop_cut(w);
}

/* The library waits for edges, and takes a read that does not fill its buffer for all there is: of a client that shut
 * down with its last bytes it is never told, and would keep the connection until its deadline. So where it waits for
 * bytes, and some came since the last look, this asks the socket. Twice: the library may still have a request to read. */
static void look_for_end(struct wire *w)
{
	const struct flight *f = w->flight;
	char byte;
	if (f && (f->is_away || f->is_suspended || f->stage == STAGE_ANSWERED)) return;
	ssize_t n = recv(w->fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT);
	if (n == 0 && w->end == END_SEEN) loop_cut(w);
	w->end = n == 0 ? END_SEEN : n > 0 ? END_MAY_BE : END_NOT_SEEN;
}

static void sweep(struct loop *loop, int64_t now_us)
{
	struct wire *next;
	for (struct wire *w = loop->wires; w; w = next) {
		next = w->next;
		if (w->is_cut) continue;
		if (w->deadline_us <= now_us)
			overdue(w);
		else if (w->end != END_NOT_SEEN)
			look_for_end(w);
	}
	loop->sweep_us = now_us + SWEEP_US;
}

/* The first loop also watches the certificate's files. */
static void watch_files(struct loop *loop, int64_t now_us)
{
	struct tls *tls = loop->server->tls;
	loop->files_us = now_us + FILES_US;
	if (!tls_is_outdated(tls)) return;
	struct arena *a = arena_new(8 * 1024 * 1024);
	struct err *wrong = tls_reload(tls, a);
	if (wrong)
		log_error("tls.reload", wrong, STR(""));
	else
		log_event(LOG_INFO, "tls.reload", LOG_I("ok", 1));
	arena_free(a);
}

/* --- ending --------------------------------------------------------------------------------------------- */

/* No more connections: those in the socket's queue are still served, then it is closed. */
static void begin_drain(struct loop *loop)
{
	struct pollfd listening = { .fd = loop->listen_fd, .events = POLLIN };
	int64_t now_us = monotonic_us(), until_us = now_us + FRESH_GRACE_US;
	loop->drains = true;
	if (loop->server->streams) streams_drain(loop->server->streams);
	while (poll(&listening, 1, 0) > 0 && monotonic_us() < until_us)
		adapter_run(loop->adapter);
	adapter_run(loop->adapter);
	int fd = adapter_quiesce(loop->adapter);
	if (fd >= 0) close(fd);
	for (struct wire *w = loop->oldest; w; w = w->newer) {
		int64_t by_us = now_us + (w->was_used ? 0 : FRESH_GRACE_US);
		if (w->deadline_us > by_us) w->deadline_us = by_us;
	}
	loop->sweep_us = 0;
}

static void end_drain(struct loop *loop)
{
	for (struct wire *w = loop->wires; w; w = w->next)
		if (!w->flight || !w->flight->is_away) loop_cut(w);
}

static bool is_over(struct loop *loop, int64_t now_us)
{
	if (!loop->server->stops) return false;
	if (!loop->drains) begin_drain(loop);
	if (now_us >= loop->server->drained_by_us) end_drain(loop);
	return !loop->wires && loop->flights == 0;
}

/* --- serving -------------------------------------------------------------------------------------------- */

/* The library asks to be called again at once for every connection whose TLS handshake waits for the client:
 * one that never goes on would keep this loop spinning until its deadline. What comes next on such a
 * connection is an event and wakes the loop; so, when nothing has moved since the last look, a little sleep
 * costs nobody anything. */
static int pending_ms(struct loop *loop)
{
	int ms = adapter_timeout_ms(loop->adapter);
	if (ms != 0 || loop->has_moved || !loop->server->tls || loop->fresh == 0) return ms;
	return loop->fresh / 8 < HANDSHAKES_MS ? 1 + loop->fresh / 8 : HANDSHAKES_MS;
}

static int sleep_ms(struct loop *loop)
{
	int64_t wake_us = INT64_MAX;
	if (loop->has_resumed) return 0;
	if (loop->wires || loop->drains) wake_us = loop->sweep_us;
	if (linger_until_us(loop) < wake_us) wake_us = linger_until_us(loop);
	if (loop->server->tls && loop->index == 0 && loop->files_us < wake_us) wake_us = loop->files_us;
	int pending = loop->work ? 0 : pending_ms(loop);
	if (pending == 0 || wake_us <= loop->now_us) return 0;
	int64_t ms = wake_us == INT64_MAX ? -1 : (wake_us - loop->now_us + 999) / 1000;
	return pending > 0 && (ms < 0 || pending < ms) ? pending : (int)ms;
}

/* Sleeps until something is to do; whether something was. */
static bool await(struct loop *loop, int timeout_ms)
{
	struct epoll_event events[3];
	int n = epoll_wait(loop->epoll_fd, events, 3, timeout_ms);
	for (int i = 0; i < n; i++) {
		uint64_t count;
		if (events[i].data.fd == loop->wake_fd) (void)!read(loop->wake_fd, &count, sizeof count);
	}
	return n > 0;
}

static void look_at_clocks(struct loop *loop)
{
	loop->now_us = monotonic_us();
	if (loop->lingering.count > 0) linger_turn(loop, loop->now_us);
	if (loop->now_us >= loop->sweep_us) sweep(loop, loop->now_us);
	if (loop->server->tls && loop->index == 0 && loop->now_us >= loop->files_us)
		watch_files(loop, loop->now_us);
}

/* Everything between two turns is in the loop, not here: after a step the thread may be another. */
bool loop_serve(struct loop *loop)
{
	look_at_clocks(loop);
	while (!is_over(loop, loop->now_us)) {
		int64_t progress = loop->progress;
		int ms = sleep_ms(loop);
		bool has_events = ms != 0 && await(loop, ms); /* no sleep: the library looks at its sockets itself */
		/* One look at the clock for all that the library says in this turn. */
		loop->now_us = monotonic_us();
		take_returned(loop);
		loop->has_resumed = false;
		if (loop->server->streams) streams_turn(loop->server->streams);
		adapter_run(loop->adapter);
		loop->has_moved = has_events || loop->progress != progress;
		if (!work(loop)) return false;
		look_at_clocks(loop);
	}
	return true;
}

static bool watch(struct loop *loop, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	return epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

struct err *loop_open(struct loop *loop)
{
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	TRY(adapter_start(loop, loop->arena, &loop->adapter));
	struct streams *streams = loop->server->streams;
	if (loop->epoll_fd < 0 || !watch(loop, loop->wake_fd) || !watch(loop, adapter_fd(loop->adapter)) ||
		(streams && !watch(loop, streams_fd(streams))))
		return ERR(loop->arena, ERR_UNAVAILABLE, NULL, "epoll: %m");
	return NULL;
}

void loop_shut(struct loop *loop)
{
	if (loop->adapter)
		adapter_stop(loop->adapter); /* closes the listening socket, if a drain has not */
	else if (loop->listen_fd >= 0)
		close(loop->listen_fd);
	linger_stop(loop);
	while (loop->spare_count > 0)
		arena_free(loop->spare[--loop->spare_count]);
	if (loop->epoll_fd >= 0) close(loop->epoll_fd);
}
