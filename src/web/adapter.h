/*
 * The one place that knows libmicrohttpd. One adapter is one daemon of the library, driven from outside: it
 * never sleeps and has no thread (with a thread of its own it stops for good when exactly 128 or 256
 * connections are ready at once). Used by loop.c and flight.c, on the loop's runner.
 */
#pragma once
#include "web/loop.h"

MUST_USE struct err *adapter_start(struct loop *loop, struct arena *a, struct adapter **ret);
int adapter_fd(const struct adapter *ad);   /* readable when there is something to do */
int adapter_timeout_ms(struct adapter *ad); /* 0: something is left to do now; -1: nothing */
void adapter_run(struct adapter *ad);       /* does what there is to do, and returns */
void adapter_resume(struct adapter *ad, struct flight *f);
void adapter_wake(struct loop *loop, void *connection); /* a stream has something to say */
int adapter_quiesce(struct adapter *ad); /* accepts no more; the listening socket, to be closed */
void adapter_stop(struct adapter *ad);   /* no flight may be suspended */
