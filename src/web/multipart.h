/*
 * multipart/form-data (RFC 7578), parsed as it arrives: fields go to the form, a file's bytes to a sink as
 * they come. Everything is bounded; whatever a browser would not send is an error, never a guess.
 *
 * data/files.h is one sink's other end (upload.h); tests and the fuzzer have others.
 */
#pragma once
#include "web/form.h"

enum {
	MULTIPART_MAX_PARTS = 200,
	MULTIPART_MAX_FILES = 20,
	MULTIPART_MAX_HEADER = 2048, /* bytes of one part's headers */
	MULTIPART_MAX_BOUNDARY = 70, /* RFC 2046 */
};

/* Called in order: begin, bytes (any number), end; for one file at a time. An error ends the parse and is the
 * request's. An input without a chosen file (empty name, no bytes) is not reported. */
struct multipart_sink {
	struct err *(*begin)(void *state, struct form *form, struct str field, struct str file_name);
	struct err *(*bytes)(void *state, struct str bytes);
	struct err *(*end)(void *state);
	void (*abandon)(void *state); /* the body broke off inside a file */
};

struct multipart;

/* `content_type`: the header's value. ERR_MALFORMED without a sound boundary. `sink` NULL: a file is
 * ERR_MALFORMED. */
MUST_USE struct err *multipart_new(struct form *form, struct str content_type,
	const struct multipart_sink *sink, void *sink_state, struct multipart **ret);
/* The next bytes, cut anywhere. */
MUST_USE struct err *multipart_feed(struct multipart *m, struct str bytes);
/* The body's end: ERR_MALFORMED when the closing boundary has not come. */
MUST_USE struct err *multipart_finish(struct multipart *m);
/* After an error or a lost connection: lets the sink clean up. Harmless otherwise. */
void multipart_abandon(struct multipart *m);
