/*
 * The structured log: one JSON object a line on standard error (or the file set at start), each with time,
 * level, event name, the request or job id, and named fields. Only the dispatcher, the job runner, start
 * and stop write to it. Never a name, an identity number, an address, a key or a body: fields are ids,
 * counts, codes and durations. Writing never blocks a request longer than one write(2).
 */
#pragma once
#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
	const char *name; /* NULL ends the list */
	enum { LOG_FIELD_STR, LOG_FIELD_INT } kind;
	struct str s;
	int64_t i;
};
#define LOG_S(field, value) ((struct log_field){ (field), LOG_FIELD_STR, (value), 0 })
#define LOG_I(field, value) ((struct log_field){ (field), LOG_FIELD_INT, STR_NONE, (int64_t)(value) })

/* log_event(LOG_INFO, "http.request", LOG_S("request", id), LOG_I("status", 200)) */
#define log_event(level, event, ...)                                                                         \
	log_write((level), (event), (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } })
void log_write(enum log_level level, const char *event, const struct log_field *fields);
/* The same with the error's code, place and chain; a warning when its status is below 500. NULL: nothing. */
void log_error(const char *event, const struct err *e, struct str request_id);

void log_set_level(enum log_level level);
void log_set_fd(int fd); /* default 2; tests use a pipe */
/* At most this many lines of one event a second (0: no limit); the rest are counted, and the next line after
 * that second is preceded by "log.dropped" with the count. `event` must be a literal. */
void log_set_rate(int rate);
