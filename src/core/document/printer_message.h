/* Messages between the program and its printer: eight bytes of length and kind, then the bytes. */
#pragma once
#include "base/err.h"

enum printer_message { PRINTER_JOB, PRINTER_PDF, PRINTER_ERROR };

/* ERR_UNAVAILABLE when the other side is gone. */
MUST_USE struct err *printer_send(struct arena *a, int fd, enum printer_message kind, struct str bytes);
/* Waits at most `timeout_ms` for each piece (-1: for ever). *ret_kind untouched and *ret none at the end. */
MUST_USE struct err *printer_receive(struct arena *a, int fd, int timeout_ms, size_t max,
	enum printer_message *ret_kind, struct str *ret);
