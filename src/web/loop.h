/*
 * The inside of the server: loops, connections ("wires") and requests in flight. Not for core.
 *
 * Everything here belongs to the thread that drives the loop, its runner (relay.h), but for the two lists through which
 * others hand flights back, `returned` and `given_back` (atomic), the eventfd that wakes the loop, and the loop's mark.
 *
 * The library's callbacks only read and queue: what core has to do for a flight is a step, put on the loop's list by
 * loop_work() and run by flight_work() once the library has returned, where the loop can be taken from a step that does
 * not end. Only `from_memory` is asked inside the library.
 */
#pragma once
#include <stdatomic.h>

#include "web/answer.h"
#include "web/body.h"
#include "web/linger.h"
#include "web/relay.h"
#include "web/server.h"
#include "web/streams.h"

struct adapter; /* one daemon of the HTTP library */
struct stream;
struct tls;

enum stage {
	STAGE_NEW,      /* the request line is in */
	STAGE_HEAD,     /* core decides from the head whether to read on */
	STAGE_HELD,     /* it does so elsewhere */
	STAGE_DECIDED,  /* it has; the library does not know yet */
	STAGE_BODY,     /* the body comes in */
	STAGE_FEEDING,  /* the pool takes a piece of it */
	STAGE_SWALLOW,  /* refused: the rest of the body is read and dropped, so that the answer is seen */
	STAGE_CORE,     /* core makes the answer */
	STAGE_ANSWERED, /* it is in f->answer */
	STAGE_ENDED,    /* the connection is done with it; core is told */
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
	/* The loop's own, whoever has the flight: */
	bool is_suspended; /* the connection, in the library */
	bool is_away;     /* queued for a step, in one, or with core or the pool: all but these flags is theirs */
	bool is_queued;   /* the first of these */
	bool is_stuck;    /* in a step that lost its loop */
	bool is_returned; /* meanwhile core handed it back from elsewhere */
	bool is_late;     /* the server answered for core; its own answer is dropped */
	/* Whoever has the flight: */
	bool is_held, is_done; /* set by core's calls from inside a hook */
	bool is_finishing;     /* the piece being fed is the last */
	bool is_sent;          /* the answer, to the last byte */
	int64_t swallowed, started_us, answered_us;
	relay_step *step;                                 /* to be run next; NULL: nothing */
	void (*on_loop)(struct exchange *x, void *state); /* core wants to go on here: exchange_continue */
	void *on_loop_state;
	struct pool_job job;
	struct flight *next;       /* in `returned`, or in the loop's list of work */
	struct flight *next_given; /* in `given_back` */
};

/* Whether the client has gone without the library having been told (loop.c, look_for_end). */
enum wire_end { END_NOT_SEEN, END_MAY_BE, END_SEEN };

/* One connection. */
struct wire {
	struct loop *loop;
	int fd;
	struct address address;
	int64_t deadline_us; /* past it the socket is shut down */
	struct flight *flight;
	struct stream *stream;      /* it is one from now on (streams.h), */
	void *connection;           /* and the library's is this */
	struct wire *prev, *next;   /* of all */
	struct wire *older, *newer; /* of those waiting for a request, by how long */
	bool is_waiting, is_cut, is_refused;
	bool is_fresh, was_used; /* no request line yet; an answer was sent */
	bool is_agreed; /* the client said that this request is its last, and has been heard to the end */
	enum wire_end end;
};

enum { LOOP_SPARE_ARENAS = 64 };

struct loop {
	struct server *server;
	int index, epoll_fd, wake_fd, listen_fd;
	struct adapter *adapter;
	struct arena *arena;
	_Atomic(struct flight *) returned;   /* by core and the pool */
	_Atomic(struct flight *) given_back; /* by runners that had lost the loop in its step */
	_Atomic uint64_t mark;               /* odd: in a step (relay.c) */
	_Atomic bool is_behind;              /* taken from a step, and the work of that moment is not yet done */
	const struct runner *runner;
	struct flight *in_step;
	struct flight *work, **work_end; /* whose steps are to be run */
	int work_count;
	struct wire *wires, *oldest, *newest;
	int flights;      /* not yet ended, orphans included */
	int fresh;        /* connections that have not sent a request line: over TLS, still shaking hands */
	int64_t progress; /* calls from the library that moved something */
	struct arena *spare[LOOP_SPARE_ARENAS];
	int spare_count;
	unsigned char noise[1024]; /* for request ids: one call to the kernel for many */
	size_t noise_left;
	int64_t now_us, sweep_us, files_us;
	bool has_moved;   /* something was done since the last look: there may be more */
	bool has_resumed; /* a connection, since the library last ran: it does not ask for a turn itself */
	bool drains;
	struct lingering lingering;
};

struct server {
	struct server_options options; /* defaults filled in */
	struct arena *arena;
	struct loop *loops;
	int loop_count, port;
	struct networks *proxies;
	struct tls *tls;         /* NULL: plain */
	struct streams *streams; /* NULL: none here */
	struct relay *relay;
	_Atomic bool stops;
	_Atomic int64_t drained_by_us, full_logged_us;
	_Atomic int connections;
	struct metric *refused, *cut, *late;
};

/* loop.c */
struct err *loop_listen(struct loop *loop, struct arena *a, int port);
struct err *loop_open(struct loop *loop);
void loop_shut(struct loop *loop); /* after it was served to its end, or never */
/* Drives the loop on this thread. True: it is over. False: it was taken away inside a step. */
bool loop_serve(struct loop *loop);
void loop_wake(struct loop *loop);
/* Any thread: core or the pool is done with it. */
void loop_return(struct loop *loop, struct flight *f);
/* The thread that lost the loop in this flight's step: the step is done. */
void loop_give_back(struct loop *loop, struct flight *f);
/* The thread that has the loop now: this flight's step goes on elsewhere. */
void loop_lost(struct loop *loop, struct flight *f);
void loop_work(struct loop *loop, struct flight *f); /* f->step is to be run */
struct wire *loop_accept(struct loop *loop, int fd, const struct sockaddr *peer);
void loop_close(struct wire *wire);
/* The library then finds its socket closed and ends the connection. */
void loop_cut(struct wire *wire);
void loop_wait(struct wire *wire, int64_t deadline_us); /* for its next request */
void loop_busy(struct wire *wire);
struct str loop_request_id(struct loop *loop, struct arena *a);
struct arena *loop_arena(struct loop *loop);
void loop_arena_free(struct loop *loop, struct arena *a);

/* flight.c: the life of a request, without the library */
struct flight *flight_new(struct wire *wire, void *connection, const char *uri);
enum next flight_head(struct flight *f); /* the headers are in f->head */
void flight_resume(struct flight *f);    /* a wait in STAGE_DECIDED or STAGE_FEEDING is over */
enum next flight_bytes(struct flight *f, struct str bytes, bool *ret_taken);
enum next flight_whole(struct flight *f); /* no byte is left to come */
void flight_sends(struct flight *f);      /* sets the time for sending f->answer */
void flight_closed(struct flight *f, bool is_sent);
bool flight_work(struct flight *f);       /* runs its steps; false: the loop was taken away in one */
void flight_returned(struct flight *f);   /* core or the pool is done with it */
void flight_given_back(struct flight *f); /* its step has ended, on a thread that had lost the loop */
void flight_give_up(struct flight *f);    /* the deadline passed inside core */
