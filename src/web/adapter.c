/*
 * libmicrohttpd 0.9.75 and later, as an external epoll daemon. The library calls on_uri when a request's
 * first line is in, on_request when its headers are, again for each piece of body, again when it is whole,
 * and on_completed at its end; flight.c decides, this file does. Start at on_request().
 *
 * A request that waits for a step without being suspended costs the library no system call: it calls again in its next
 * turn. Only when core has it for longer, or when a body must not be read on, is the connection suspended.
 */
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "web/tls_handshake.h"

#include "base/log.h"
#include "web/adapter.h"
#include "web/tls.h"

enum { FILE_PIECE_BYTES = 64 * 1024, SCRATCH_MAX = 4 * 1024 * 1024, SPARE_CONNECTIONS = 1024, KEPT_MAX = 64 };

/* An answer that is the same whenever it is asked for; the library's copies of its headers are made once. */
struct kept {
	const char *bytes; /* by which it is known; NULL: none yet */
	bool is_tls;       /* and so says more: behind a proxy some came by TLS and some did not */
	struct MHD_Response *response;
};

struct adapter {
	struct MHD_Daemon *daemon;
	struct MHD_Response *late; /* what a client gets for core, when core has not answered in time */
	struct kept kept[KEPT_MAX];
	int fd;
};

/* --- connections ---------------------------------------------------------------------------------------- */

static void on_connection(void *loop, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		struct wire *wire = *context;
		*context = NULL;
		if (!wire) return;
		linger_at_end(wire);
		loop_close(wire);
		return;
	}
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(connection,
		MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *peer = MHD_get_connection_info(connection,
		MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	*context = loop_accept(loop, fd->connect_fd, peer->client_addr);
}

static struct wire *wire_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

struct wire *adapter_wire_of_session(gnutls_session_t session)
{
	return wire_of(gnutls_session_get_ptr(session));
}

/* --- answers -------------------------------------------------------------------------------------------- */

static ssize_t read_file(void *flight, uint64_t at, char *out, size_t max)
{
	struct flight *f = flight;
	struct str bytes;
	f->x.loop->progress++;
	if (f->scratch) arena_reset(f->scratch);
	if (!f->scratch) f->scratch = arena_new(SCRATCH_MAX);
	struct err *e = file_read(f->answer.file, f->scratch, f->answer.offset + (int64_t)at, max, &bytes);
	if (e) {
		log_error("http.file", e, f->x.request.id);
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (bytes.n == 0) return MHD_CONTENT_READER_END_WITH_ERROR; /* shorter than announced */
	memcpy(out, bytes.p, bytes.n);
	return (ssize_t)bytes.n;
}

static void add_headers(struct MHD_Response *r, const struct answer *a)
{
	for (const struct header *h = a->headers; h; h = h->next)
		must(MHD_add_response_header(r, h->name.p, h->value.p) == MHD_YES);
}

static struct MHD_Response *response_of(struct flight *f)
{
	const struct answer *a = &f->answer;
	struct MHD_Response *r = a->file && a->length > 0
		? MHD_create_response_from_callback((uint64_t)a->length, FILE_PIECE_BYTES, read_file, f, NULL)
		/* The library does not write to it; its prototype is older than const. */
		: MHD_create_response_from_buffer(a->body.n, (void *)(uintptr_t)(a->body.p ? a->body.p : ""),
			  MHD_RESPMEM_PERSISTENT);
	must(r);
	add_headers(r, a);
	return r;
}

/* The place of its bytes; who comes to a taken one, has it from then on. */
static struct MHD_Response *fixed_response(struct adapter *ad, struct flight *f)
{
	const char *bytes = f->answer.body.p;
	struct kept *k = &ad->kept[(uintptr_t)bytes / sizeof(void *) % KEPT_MAX];
	bool is_tls = f->x.request.is_tls;
	if (k->bytes == bytes && k->is_tls == is_tls) return k->response;
	if (k->bytes) MHD_destroy_response(k->response); /* whoever still sends it keeps it */
	*k = (struct kept){ bytes, is_tls, response_of(f) };
	return k->response;
}

static enum MHD_Result send_answer(struct flight *f)
{
	struct loop *loop = f->x.loop;
	struct MHD_Connection *connection = f->connection;
	if (f->is_late) return MHD_queue_response(connection, 503, loop->adapter->late);
	flight_sends(f);
	bool is_last = loop->drains || f->wire->is_refused;
	if (f->answer.is_fixed && !is_last)
		return MHD_queue_response(connection, 200, fixed_response(loop->adapter, f));
	struct MHD_Response *r = response_of(f);
	if (is_last) MHD_add_response_header(r, "Connection", "close");
	enum MHD_Result sent = MHD_queue_response(connection, (unsigned)f->answer.status, r);
	MHD_destroy_response(r);
	return sent;
}

/* --- streams -------------------------------------------------------------------------------------------- */

/* While it has nothing to say its connection is suspended, and no longer asked. */
static ssize_t read_stream(void *wire, uint64_t at, char *out, size_t max)
{
	(void)at;
	struct wire *w = wire;
	w->loop->progress++;
	int n = streams_read(w->stream, out, max);
	if (n < 0) return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0) MHD_suspend_connection(w->connection);
	return n;
}

void adapter_wake(struct loop *loop, void *connection)
{
	loop->has_resumed = true;
	MHD_resume_connection(connection);
}

/* The request ends where its stream begins: the connection has that alone from now on. */
static enum MHD_Result send_stream(struct flight *f, void **context)
{
	struct wire *w = f->wire;
	struct loop *loop = w->loop;
	struct MHD_Connection *connection = f->connection;
	w->connection = connection;
	w->stream = streams_begin(loop->server->streams, w, f->answer.stream);
	if (!w->stream) {
		f->answer.status = 503;
		return MHD_queue_response(connection, 503, loop->adapter->late);
	}
	/* In chunks, which are made in the connection's memory: a block of the response's own is not used. */
	struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1, read_stream, w, NULL);
	must(r);
	add_headers(r, &f->answer);
	MHD_add_response_header(r, "Connection", "close");
	w->flight = NULL;
	w->was_used = true;
	w->end = END_NOT_SEEN; /* the streams look for it */
	f->wire = NULL;
	f->connection = NULL;
	*context = NULL;
	enum MHD_Result sent = MHD_queue_response(connection, 200, r);
	MHD_destroy_response(r);
	flight_closed(f, true);
	return sent;
}

/* --- requests ------------------------------------------------------------------------------------------- */

static void *on_uri(void *loop, const char *uri, struct MHD_Connection *connection)
{
	(void)loop;
	struct wire *wire = wire_of(connection);
	return wire ? flight_new(wire, connection, uri ? uri : "") : NULL;
}

/* Paths and queries are decoded by head.c and form.c, once and strictly. */
static size_t on_unescape(void *none, struct MHD_Connection *connection, char *text)
{
	(void)none;
	(void)connection;
	return strlen(text);
}

struct header_reader {
	struct head *head;
	struct header **end;
	struct arena *arena;
};

static enum MHD_Result on_header(void *reader, enum MHD_ValueKind kind, const char *name, size_t name_n,
	const char *value, size_t value_n)
{
	(void)kind;
	struct header_reader *r = reader;
	struct header *h = ARENA_NEW(r->arena, struct header);
	h->name = arena_str(r->arena, (struct str){ name, name_n });
	h->value = value ? arena_str(r->arena, str_trim((struct str){ value, value_n })) : STR("");
	*r->end = h;
	r->end = &h->next;
	r->head->count++;
	r->head->bytes += name_n + value_n + sizeof ": \r\n" - 1;
	return MHD_YES;
}

static void read_head(struct flight *f, struct MHD_Connection *connection, const char *method,
	const char *version)
{
	struct head *h = &f->head;
	struct header_reader reader = { h, &h->headers, f->x.request.arena };
	h->method = arena_cstr(reader.arena, method);
	h->version = arena_cstr(reader.arena, version);
	h->bytes = h->method.n + h->uri.n + h->version.n;
	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, on_header, &reader);
}

static enum MHD_Result act(struct flight *f, enum next next, void **context)
{
	switch (next) {
	case NEXT_READ: return MHD_YES;
	case NEXT_WAIT:
		f->is_suspended = f->is_away = true;
		MHD_suspend_connection(f->connection);
		return MHD_YES;
	case NEXT_ANSWER: return f->answer.stream ? send_stream(f, context) : send_answer(f);
	case NEXT_CLOSE: return MHD_NO;
	}
	return MHD_NO;
}

static enum MHD_Result on_request(void *loop, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *bytes, size_t *bytes_n, void **context)
{
	(void)loop;
	(void)url;
	struct flight *f = *context;
	if (!f) return MHD_NO;
	f->x.loop->progress++;
	f->wire->end = END_MAY_BE;
	if (f->is_suspended) return MHD_YES;
	if (f->is_late) return send_answer(f);
	if (f->is_queued) return MHD_YES; /* for a step, which comes soon */
	if (f->is_away) return act(f, NEXT_WAIT, context);
	if (f->stage == STAGE_NEW) {
		read_head(f, connection, method, version);
		return act(f, flight_head(f), context);
	}
	bool is_decided = f->stage == STAGE_DECIDED;
	if (is_decided || f->stage == STAGE_FEEDING) flight_resume(f);
	if (is_decided) return MHD_YES; /* this was about the head once more; the body follows */
	if (*bytes_n == 0) return act(f, flight_whole(f), context);

	bool is_taken;
	enum next next = flight_bytes(f, (struct str){ bytes, *bytes_n }, &is_taken);
	if (is_taken) *bytes_n = 0;
	return act(f, next, context);
}

static void on_completed(void *loop, struct MHD_Connection *connection, void **context,
	enum MHD_RequestTerminationCode how)
{
	(void)loop;
	struct flight *f = *context;
	*context = NULL;
	struct wire *wire = wire_of(connection);
	if (wire && wire->stream) {
		streams_end(wire->stream);
		wire->stream = NULL;
		loop_wait(wire, monotonic_us()); /* it closes now */
	}
	if (!f) return;
	wire = f->wire;
	wire->flight = NULL;
	wire->was_used = true;
	wire->end = END_MAY_BE;
	loop_wait(wire, wire->loop->now_us + wire->loop->server->options.idle_ms * 1000);
	f->wire = NULL;
	f->connection = NULL;
	if (!f->is_away) flight_closed(f, how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
}

/* --- the daemon ----------------------------------------------------------------------------------------- */

/* What the library says is about single connections (broken requests, lost peers) and may quote them. */
static void on_log(void *none, const char *format, va_list args)
{
	(void)none;
	(void)format;
	(void)args;
}

static struct MHD_Response *late_response(void)
{
	static const char text[] = "503\n";
	struct MHD_Response *r = MHD_create_response_from_buffer(sizeof text - 1, (void *)(uintptr_t)text,
		MHD_RESPMEM_PERSISTENT);
	must(r);
	MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8");
	MHD_add_response_header(r, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(r, "Cache-Control", "no-store");
	MHD_add_response_header(r, "Retry-After", "5");
	MHD_add_response_header(r, "Connection", "close");
	return r;
}

struct err *adapter_start(struct loop *loop, struct arena *a, struct adapter **ret)
{
	const struct server_options *o = &loop->server->options;
	struct adapter *ad = ARENA_NEW(a, struct adapter);
	bool is_tls = loop->server->tls != NULL;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
		(is_tls ? MHD_USE_TLS : 0);
	struct MHD_OptionItem secure[] = {
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)tls_certificate },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem plain[] = { { MHD_OPTION_END, 0, NULL } };
	ad->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, loop, MHD_OPTION_EXTERNAL_LOGGER, on_log,
		NULL, MHD_OPTION_LISTEN_SOCKET, loop->listen_fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, loop,
		MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, loop,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, loop, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)o->connections_max * 2 + SPARE_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		o->connection_bytes, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, is_tls ? secure : plain,
		MHD_OPTION_END);
	if (!ad->daemon) return ERR(a, ERR_UNAVAILABLE, NULL, "the HTTP library does not start");
	ad->fd = MHD_get_daemon_info(ad->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	ad->late = late_response();
	*ret = ad;
	return NULL;
}

int adapter_fd(const struct adapter *ad) { return ad->fd; }

int adapter_timeout_ms(struct adapter *ad)
{
	MHD_UNSIGNED_LONG_LONG ms;
	if (MHD_get_timeout(ad->daemon, &ms) != MHD_YES) return -1;
	return ms < 1000 ? (int)ms : 1000;
}

/* With a timeout of 0 the library's second look for events, after a first that brought as many as it asks for
 * at once, cannot sleep either; with any other it would, before serving those it has. */
void adapter_run(struct adapter *ad) { MHD_run_wait(ad->daemon, 0); }

void adapter_resume(struct adapter *ad, struct flight *f)
{
	(void)ad;
	f->is_suspended = false;
	f->x.loop->has_resumed = true;
	MHD_resume_connection(f->connection);
}

int adapter_quiesce(struct adapter *ad) { return MHD_quiesce_daemon(ad->daemon); }

void adapter_stop(struct adapter *ad)
{
	MHD_stop_daemon(ad->daemon);
	MHD_destroy_response(ad->late);
	for (size_t i = 0; i < KEPT_MAX; i++)
		if (ad->kept[i].bytes) MHD_destroy_response(ad->kept[i].response);
}
