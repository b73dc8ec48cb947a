/*
 * The hub: one thread that reads the events of every town that somebody listens to, each HUB_MS, from where it has come
 * to, and hands what they are news of to the streams. Nobody listens: nothing is read, and no connection is opened. It
 * reads what is in the table and waits for no message, so it works on both engines and for what other nodes did.
 */
#pragma once
#include "core/dispatch/dispatch.h"

struct hub;

enum { HUB_MS = 500 };

MUST_USE struct err *hub_start(struct app *app, struct hub **ret);
void hub_stop(struct hub *h); /* NULL is fine */
