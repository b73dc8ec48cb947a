/*
 * The HTTP server: sockets, threads, limits and deadlines. What a request means is core's business and comes
 * in through hooks; nothing of the HTTP library shows here.
 *
 * One loop a core, each with its own listening socket and driven by a thread. A request's life:
 *   1. the headers are in and sound → `begin` on the loop (host, route, permission; no body byte was read)
 *   2. the body is read as x->body says; an upload's bytes go to its sink on the pool
 *   3. `handle` on the loop; exactly one exchange_answer(x) must follow, at once or later, from any thread
 *   4. the answer is sent → `end` on the loop, and the arena is gone
 * An error anywhere before 3 goes to `refuse` instead of `handle`. A hook that takes too long loses its loop to another
 * thread and delays nobody else (relay.h); so two hooks of one loop may run at once, each on a thread of its own. Start
 * reading at exchange_answer().
 */
#pragma once
#include "web/metrics.h"
#include "web/multipart.h"
#include "web/pool.h"
#include "web/response.h"
#include "web/route.h"

struct server;
struct loop;

enum body_kind {
	BODY_FORM = 1 << 0,      /* application/x-www-form-urlencoded → request.form */
	BODY_MULTIPART = 1 << 1, /* fields → request.form, files → sink */
	BODY_JSON = 1 << 2,      /* application/json → request.json */
	BODY_BYTES = 1 << 3,     /* any type → body.bytes */
};

/* Which bodies this route takes; set by `begin`. Zero takes none: a body is then refused with 415. */
struct body_plan {
	unsigned kinds;
	int64_t max_bytes;                 /* of the whole body; 0: FORM_MAX_BYTES */
	const struct multipart_sink *sink; /* NULL: files in a multipart body are refused */
	void *sink_state;
	struct str bytes; /* out: the buffered body, whatever its kind; empty for multipart */
};

/* One request in flight. Belongs to one thread at a time. */
struct exchange {
	struct request request;
	struct response response; /* response.request is set; status 200, no body */
	struct body_plan body;
	void *thread_state; /* what thread_open made for the thread of this hook; for no longer than the hook */
	struct loop *loop;  /* the server's */
};

/* How an exchange went, for the log and the metrics. */
struct exchange_facts {
	int status;
	bool is_sent;                /* to the last byte, as far as the socket tells */
	int64_t bytes_in, bytes_out; /* bodies; out as sent, that is compressed */
	int64_t handle_us;           /* from the header to exchange_answer */
	int64_t total_us;
	size_t arena_bytes;
};

struct server_hooks {
	/* An answer that lies ready in memory: true when x->response has it, and no other hook but `end` is then called.
	 * Asked of GET and HEAD before `begin`, inside the library, where nothing takes the loop over: a look-up and
	 * no more. May be NULL. */
	bool (*from_memory)(void *state, struct exchange *x);
	/* Fills request.town, route, params, who …, and body. On the loop: short reads only. An error is
	 * answered through `refuse` without reading the body (Expect: 100-continue is then never confirmed). Code
	 * that must leave the loop calls exchange_hold(x), returns NULL, and later exchange_go(x, error). */
	struct err *(*begin)(void *state, struct exchange *x);
	/* On the loop. Must lead to exactly one exchange_answer(x). request.form and .json are filled. */
	void (*handle)(void *state, struct exchange *x);
	/* Fills x->response for an error. Called on the loop; request.town, route and who may be NULL. NULL hook: a bare
	 * line of text. */
	void (*refuse)(void *state, struct exchange *x, struct err *why);
	/* The answer was sent (`is_sent`) or the client went away. On the loop. May be NULL. */
	void (*end)(void *state, struct exchange *x, const struct exchange_facts *facts);
	/* What each thread that drives loops keeps for itself, made and closed on it: a read connection. May be NULL. */
	struct err *(*thread_open)(void *state, struct arena *a, void **ret_thread_state);
	void (*thread_close)(void *state, void *thread_state);
	/* The clock of request.now; `begin` may set another (a simulated municipality). */
	struct instant (*clock)(void *state);
	void *state;
};

/* Zero means the default in the comment. Texts must live as long as the server. */
struct server_options {
	struct str address;         /* numeric; "127.0.0.1". "::" is both families */
	int port;                   /* 0: any free one; server_port() tells */
	int loops;                  /* one for each core that the process may run on */
	struct str tls_certificate; /* PEM files, chain included; both or none. Read again when they change */
	struct str tls_key;
	int connections_max;     /* 10,000. Past it the oldest idle one makes room, or the newcomer gets 503 */
	int64_t header_ms;       /* 10,000: from a new connection to its first complete header */
	int64_t idle_ms;         /* 30,000: the same on a kept connection, from the last answer */
	int64_t linger_ms;       /* 5,000: half closed after the last answer, while the client still sends */
	int64_t request_ms;      /* 30,000: absolute, from the header to the end of the body and of handling */
	int64_t rate_min;        /* 16,384 bytes a second: a body or answer of n bytes adds n/rate to its time */
	size_t header_bytes_max; /* 8,192 for all headers and the request line; more is 431 */
	int headers_max;         /* 64 */
	size_t connection_bytes; /* 16,384: the library's buffer for each connection */
	int spare_threads; /* 16: that may be in hooks which lost their loop; negative: none, and no hook loses it */
	int64_t held_ms;    /* 10,000: after a drain, how long requests that core still has are waited for */
	size_t arena_max;   /* 256 MiB a request; JSON bodies are bounded by a 256th of it */
	struct str proxies; /* networks whose Forwarded and X-Forwarded-* are believed: "10.0.0.0/8, ::1" */
	const struct streams_options *streams; /* it serves event streams, on one loop; NULL: it does not */
	int files_besides; /* descriptors that the rest of the program wants, for the limit of the process */
	struct pool *pool; /* for upload sinks; NULL: they run inside the library, for whoever needs no more */
	struct metrics *metrics;      /* may be NULL */
	struct route_metrics *routes; /* may be NULL */
	struct server_hooks hooks;
};

/* The answer is in x->response: send it. After this call x belongs to the server. */
void exchange_answer(struct exchange *x);
/* Calls `on_loop` on the exchange's own loop, from any thread: what a commit made durable is answered there,
 * not on the writer. `on_loop` may answer, or hand the exchange on. */
void exchange_continue(struct exchange *x, void (*on_loop)(struct exchange *x, void *state), void *state);
/* Inside `begin` only: the decision comes later, through exchange_go, from any thread. */
void exchange_hold(struct exchange *x);
void exchange_go(struct exchange *x, struct err *refused); /* NULL: read the body */
/* Monotonic time by which the answer should be there; longer only in `begin` (long uploads, exports). */
void exchange_set_deadline(struct exchange *x, int64_t monotonic_us_deadline);

/* Listens and serves when it returns. */
MUST_USE struct err *server_start(struct arena *a, const struct server_options *options, struct server **ret);
int server_port(const struct server *s);
struct streams *server_streams(struct server *s); /* NULL: it has none */
/* Descriptors that a server with these options may have open at once. */
int server_files(const struct server_options *options);
/* Reads the TLS files again (SIGHUP). An error leaves the old certificate in use. */
MUST_USE struct err *server_reload(struct server *s, struct arena *a);
/* Stops accepting, lets requests in flight finish for at most `drain_ms`, cuts the rest, waits `held_ms` more for those
 * that core still has, joins the threads. NULL is fine. False: one is left, in a hook that does not return or with
 * somebody who does not answer. Nothing that it may use is then to be freed, the server's arena included; another
 * server_stop() waits again, and a program that ends does so by _exit(). */
MUST_USE bool server_stop(struct server *s, int64_t drain_ms);
