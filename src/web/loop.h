/*
 * The inside of the server: loops, connections ("wires") and requests in flight. Not for core.
 *
 * Everything here belongs to the loop's thread, but for the two lists through which others hand flights back:
 * `returned` (atomic) and the eventfd that wakes the loop.
 */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "web/answer.h"
#include "web/body.h"
#include "web/server.h"

struct adapter; /* one daemon of the HTTP library */
struct tls;

enum stage {
	STAGE_NEW,      /* the request line is in */
	STAGE_HELD,     /* core decides elsewhere whether to read on */
	STAGE_BODY,     /* the body comes in, if there is one */
	STAGE_FEEDING,  /* the pool takes a piece of it */
	STAGE_SWALLOW,  /* refused: the rest of the body is read and dropped, so that the answer is seen */
	STAGE_CORE,     /* core makes the answer */
	STAGE_ANSWERED, /* it is in x.response */
};

/* What the adapter does next. */
enum next { NEXT_READ, NEXT_WAIT, NEXT_ANSWER, NEXT_CLOSE };

struct flight {
	struct exchange x; /* first: an exchange is its flight */
	struct wire *wire; /* NULL once the connection is gone while core still worked */
	void *connection;  /* the library's; for suspending and resuming */
	enum stage stage;
	struct head head;
	struct body body;
	struct answer answer;
	struct arena *scratch; /* for reading stored files piece by piece */
	struct err *refused;
	struct err *decision; /* of core, after a hold; another thread may write it while `begin` still returns */
	int refused_status;   /* of an unsound head, which ends the connection; 0: the error's own */
	bool is_suspended;    /* the connection, in the library */
	bool is_away;         /* core or the pool has it; everything but this line's flags is theirs */
	bool is_held, in_hook, is_done; /* set by core's calls from inside a hook */
	bool is_late;                   /* the server answered for core; its own answer is dropped */
	bool is_finishing;              /* the piece being fed is the last */
	int64_t swallowed, started_us, answered_us;
	void (*on_loop)(struct exchange *x, void *state); /* core wants to go on here: exchange_continue */
	void *on_loop_state;
	struct pool_job job;
	struct flight *next; /* in `returned` */
};

/* One connection. */
struct wire {
	struct loop *loop;
	int fd;
	struct address address;
	int64_t deadline_us; /* past it the socket is shut down */
	struct flight *flight;
	struct wire *prev, *next;   /* of all */
	struct wire *older, *newer; /* of those waiting for a request, by how long */
	bool is_waiting, is_cut, is_refused;
	bool is_fresh, was_used; /* no request line yet; an answer was sent */
};

enum { LOOP_SPARE_ARENAS = 64 };

struct loop {
	struct server *server;
	int index, epoll_fd, wake_fd, listen_fd;
	pthread_t thread;
	struct adapter *adapter;
	struct arena *arena;
	void *state; /* core's */
	struct gzip *gzip;
	_Atomic(struct flight *) returned;
	struct wire *wires, *oldest, *newest;
	int flights;      /* not yet ended, orphans included */
	int fresh;        /* connections that have not sent a request line: over TLS, still shaking hands */
	int64_t progress; /* calls from the library that moved something */
	struct arena *spare[LOOP_SPARE_ARENAS];
	int spare_count;
	unsigned char noise[1024]; /* for request ids: one call to the kernel for many */
	size_t noise_left;
	int64_t sweep_us, files_us;
	bool drains;
	struct err *failed; /* to start */
};

struct server {
	struct server_options options; /* defaults filled in */
	struct arena *arena;
	struct loop *loops;
	int loop_count, port;
	struct networks *proxies;
	struct tls *tls; /* NULL: plain */
	pthread_mutex_t lock;
	pthread_cond_t ready;
	int opened;
	_Atomic bool stops;
	_Atomic int64_t drained_by_us, full_logged_us;
	_Atomic int connections;
	struct metric *refused, *cut, *late;
};

/* loop.c */
struct err *loop_listen(struct loop *loop, struct arena *a, int port);
void *loop_run(void *loop_argument); /* a thread's function: a struct loop */
void loop_wake(struct loop *loop);
void loop_return(struct loop *loop, struct flight *f); /* any thread */
struct wire *loop_accept(struct loop *loop, int fd, const struct sockaddr *peer);
void loop_close(struct wire *wire);
void loop_wait(struct wire *wire, int64_t deadline_us); /* for its next request */
void loop_busy(struct wire *wire);
struct str loop_request_id(struct loop *loop, struct arena *a);
struct arena *loop_arena(struct loop *loop);
void loop_arena_free(struct loop *loop, struct arena *a);

/* flight.c: the life of a request, without the library */
struct flight *flight_new(struct wire *wire, void *connection, const char *uri);
enum next flight_head(struct flight *f);   /* the headers are in f->head */
enum next flight_resume(struct flight *f); /* a wait in STAGE_HELD or STAGE_FEEDING is over */
enum next flight_bytes(struct flight *f, struct str bytes, bool *ret_taken);
enum next flight_whole(struct flight *f); /* no byte is left to come */
void flight_answer(struct flight *f);     /* fills f->answer, sets the time for sending it */
void flight_end(struct flight *f, bool is_sent);
bool flight_continue(struct flight *f); /* runs f->on_loop; true when it answered */
void flight_give_up(struct flight *f);  /* the deadline passed inside core */
