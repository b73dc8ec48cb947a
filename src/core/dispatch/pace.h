/*
 * A thread that does its work, waits, and does it again, until it is stopped: what looks at the towns from time to time
 * (watch.h, core/feed/hub.h) is one of these.
 */
#pragma once
#include <pthread.h>

#include "base/err.h"

struct pace {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool stopping;
};

/* `run` is the thread; it goes on while pace_wait() says so. `state` and the pace must outlive pace_stop(). */
MUST_USE struct err *pace_start(struct pace *p, struct arena *a, void *(*run)(void *state), void *state);
/* On that thread: false when it has to end, else true after so long. */
bool pace_wait(struct pace *p, int64_t ms);
void pace_stop(struct pace *p); /* once started; waits for the thread */
