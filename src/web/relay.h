/*
 * Who drives a loop. At any time it is one thread, its runner; everything of the loop belongs to that thread.
 *
 * Core's hooks run on the runner, outside the HTTP library, and nothing says that they come back soon: a handler may
 * loop, or wait for a database. While one runs, the loop carries a mark. The watcher, a thread that sleeps while nothing
 * runs, looks at the marks; where it finds the same hook after RELAY_HOLD_US it takes the loop away (a compare-and-swap
 * on the mark: either the watcher gets the loop, or the runner that was just coming back) and gives it to a spare runner,
 * which goes on as that loop. So a handler delays the other connections of its loop by RELAY_HOLD_US + RELAY_LOOK_US
 * and no more.
 *
 * The runner that lost its loop finishes the hook, which owns its flight and nothing else, hands the flight back to the
 * loop, and is a spare itself from then on. What a hook uses of its thread (server_hooks.thread_open, the compressor)
 * is the runner's and goes with it, not the loop's.
 *
 * Spare runners are started when first needed, and at most server_options.spare_threads of them. When all are stuck a
 * loop stays with its hook: "http.stuck" in the log, http_loops_not_handed_over_total, until one of them comes back.
 *
 * Start reading at relay_run(), then look_at().
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct flight;
struct gzip;
struct loop;
struct relay;
struct server;

enum {
	RELAY_LOOK_US = 5 * 1000, /* how often the watcher looks while hooks run */
	RELAY_HOLD_US = 20 *
		1000, /* a loop whose hook is seen for so long is taken away; one look, where the loop was
								* taken before and the flights that waited then still do */
};

/* What is done for a flight on its runner: calls hooks, and touches nothing but the flight and the runner's own. */
typedef void relay_step(struct flight *f, struct gzip *gzip);

/* Starts a runner for each of the server's loops, and the watcher; the loops are served when it returns. */
MUST_USE struct err *relay_start(struct arena *a, struct server *server, struct relay **ret);
/* On the loop's runner. True: the step is done. False: the loop was taken away meanwhile; the flight is handed back, and
 * the caller returns to relay.c without touching the loop or the flight. */
MUST_USE bool relay_run(struct flight *f, relay_step *step);
/* Whether this thread is inside a step for this flight. */
bool relay_is_inside(const struct flight *f);
/* Waits until all loops are over, at most until then (monotonic); whether they are. */
bool relay_wait(struct relay *r, int64_t until_us);
/* Ends the threads; no loop is being served any more. NULL is fine. */
void relay_stop(struct relay *r);
