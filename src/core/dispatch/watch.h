/*
 * The watch: one thread that looks at every town each WATCH_MS whether somebody else (the command line, another node)
 * put another pack in force or changed its keys, and has it taken over: town_refresh(). Requests pay nothing for it,
 * and what is new is loaded on this thread.
 */
#pragma once
#include "core/dispatch/dispatch.h"

struct watch;

enum { WATCH_MS = 1000 };

MUST_USE struct err *watch_start(struct app *app, struct watch **ret);
void watch_stop(struct watch *w); /* NULL is fine */
