/*
 * What the server tests share: a little core with a handful of paths, and a client over plain sockets.
 * Nothing sleeps: the client waits for bytes with an upper bound, and the core's gates wait for the test.
 */
#pragma once
#include "base/testing.h"
#include "web/server.h"

enum { CLIENT_PATIENCE_MS = 20000, LARGE_BYTES = 16 << 20 };

/* The core. GET /hello, /page (12 KiB), /large, /pool (answered by the pool), /continue (by its loop, after the pool),
 * /memory, /gate (holds the loop until opened), /core (answered by core_release), /held (decided by core_release), /private; POST
 * /form, /json, /upload, /bytes. Hooks that loop until /let-go or serving_let_go(): /spin (GET or POST), /spin-begin,
 * /spin-continue, /spin-refuse, /spin-end; /spin-pool and /spin-held after they gave the request to the pool.
 * /stream becomes an event stream. /while loops until about when its loop is taken away. */
struct serving {
	struct arena *arena;
	struct server *server;
	struct pool *pool;
	struct metrics *metrics;
	int port;
	struct core *core;
};

/* Zero fields of `options` are the server's defaults, but one loop and any port. */
void serving_start(struct serving *s, struct test *t, struct server_options options);
void serving_stop(struct serving *s);
bool serving_drain(struct serving *s, int64_t drain_ms); /* the server alone; false: not yet over */
/* Waits until the loop stands in /gate, and lets it go on. */
void serving_wait_gate(struct serving *s);
void serving_open_gate(struct serving *s);
/* Waits until `n` hooks have begun to loop since the start; lets all that have go. */
void serving_wait_spinning(struct serving *s, int n);
void serving_let_go(struct serving *s);
/* Waits until `n` requests wait in /core or /held, and answers them all from this thread. */
void serving_wait_core(struct serving *s, int n);
void serving_release_core(struct serving *s);
int serving_ended(struct serving *s); /* calls of the `end` hook */
void serving_wait_ended(struct serving *s, int n);
size_t serving_uploaded(struct serving *s); /* bytes that reached the sink */
int serving_abandoned(struct serving *s);   /* files that broke off */

/* The client. */
int client_connect(struct test *t, int port);
/* With as little room as there can be for what it has not yet read. */
int client_connect_narrow(struct test *t, int port);
void client_send(struct test *t, int fd, struct str bytes);
bool client_try_send(int fd, struct str bytes); /* false: the other side has closed */

struct reply {
	int status; /* 0: the connection ended before an answer */
	struct str head, body;
	bool is_closed; /* the connection ended */
};
struct reply client_receive(struct test *t, int fd, bool is_head);
struct str reply_header(const struct reply *r, const char *name); /* STR_NONE when absent */
/* Connect, send, receive, close. */
struct reply client_ask(struct test *t, int port, struct str bytes);
/* True when the other side has closed within CLIENT_PATIENCE_MS. */
bool client_is_closed(int fd);
