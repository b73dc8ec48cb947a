/*
 * The printer: a process of its own in which documents are rendered and sealed, so that what citizens and clerks
 * typed is laid out where there is no database, no network and no file to reach. The parent (printer.c) hands over
 * a job and its seal key and gets the sealed bytes; the child (printer_child.c, the hidden command `printer`) has
 * opened its fonts, given up every right by seccomp and rlimit, and keeps nothing between jobs. A child that hangs,
 * grows or dies is replaced, and the job that met it is tried again.
 */
#pragma once
#include "core/document/print.h"

struct printer;

enum { PRINTER_CHILD_FD = 3, PRINTER_TIMEOUT_MS = 20 * 1000, PRINTER_MESSAGE_MAX = 32 * 1024 * 1024 };

/* `program`: this program's own path; `fonts`: as press_open() takes them. The child is started at once, and again
 * whenever it is gone. ERR_UNAVAILABLE when it cannot be started. */
MUST_USE struct err *printer_start(struct arena *a, struct str program, struct str fonts,
	struct printer **ret);
void printer_stop(struct printer *p); /* NULL is fine */
/* One job at a time; others wait. An error of the job itself comes back as ERR_INVALID or ERR_INTERNAL with the
 * child's words; a child that failed is ERR_UNAVAILABLE. */
MUST_USE struct err *printer_print(struct printer *p, struct arena *a, const struct print *job,
	struct str *ret_pdf);

/* The child's whole life: reads jobs from `fd` until it is closed. Returns the exit code. */
int printer_child_run(struct str fonts, int fd);
