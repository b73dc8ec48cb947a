/*
 * The dispatcher: between the HTTP server and the handlers, the one place where the route table is enforced.
 *
 * A request passes host → town, path → route, cookie or token → who, permission (all before its body is read),
 * then CSRF and limits, object rule, and the handler: a GET under one snapshot, a POST as prepare, commit on the
 * town's writer, answer. What a page shows of people's data is recorded here, not in handlers. Errors become
 * pages or problem documents here, and are logged here. Start at hooks.c; get.c and post.c follow a request.
 */
#pragma once
#include "core/module.h"
#include "core/town/town.h"
#include "core/who.h"
#include "web/limits.h"
#include "web/network.h"
#include "web/server.h"

struct app_town {
	struct town *town;
	struct jobs *jobs;
	struct access_log *access;
};

/* Event streams (core/feed), on a server of their own. */
struct app_streams {
	bool are_served;
	struct str address;   /* empty: that of the pages */
	int port;             /* 0: any free one */
	int public_port;      /* under which browsers reach it; 0: `port` */
	int most, per_client; /* streams_options; 0: its defaults */
};

struct app_options {
	struct str address;
	int port;
	int loops;
	int connections;                     /* at once; 0: 10,000 */
	struct str tls_certificate, tls_key; /* empty: plain HTTP, allowed on loopback or behind a proxy */
	struct str proxies;                  /* networks whose forwarding headers are believed */
	struct str trusted;                  /* networks that are not rate-limited */
	struct str metrics_networks;         /* who may read /metrics; loopback when empty */
	bool no_limits;                      /* the bench only */
	bool no_jobs;                        /* tests that run jobs by hand */
	struct app_streams streams;
	bool style_guide; /* /estilo is served, by simulated towns only */
};

/* What serves: made once, read by all threads. */
struct app {
	struct arena *arena;
	struct app_options options;
	struct app_town *towns;
	size_t town_count;
	struct router *router;
	struct limits *limits;
	struct networks *watchers; /* who may read /metrics */
	struct pool *pool;
	struct watch *watch;
	struct metrics *metrics;
	struct route_metrics *route_metrics;
	struct server *server;
	struct server *streams; /* NULL: none are served */
	struct hub *hub;        /* reads what they say */
};

MUST_USE struct err *app_start(struct arena *a, const struct app_options *options, struct town *const *towns,
	size_t count, struct app **ret);
/* Drains: no new connections, requests in flight end, jobs in hand end. The towns stay open. NULL is fine. False: a
 * request does not end (server_stop); what was to be recorded is, jobs are left to the next start, and all that a handler
 * may use has to stay, so that the program can only end by _exit(). */
MUST_USE bool app_stop(struct app *app, int64_t drain_ms);
/* Where this page's scripts reach event streams: "https://host:8443"; "" when that is the page's own origin (a proxy sorts
 * by path); none when none are served. */
struct str app_streams_origin(const struct request *r);
struct town *app_town_of_host(const struct app *app, struct str host); /* NULL: unknown */
