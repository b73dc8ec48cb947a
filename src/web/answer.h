/*
 * From what a handler said to what goes out: status, all headers, and which bytes. Decides 304, 206 and 416,
 * compression, caching and the security headers. Knows nothing of sockets or of the HTTP library.
 */
#pragma once
#include "web/gzip.h"
#include "web/response.h"

struct answer {
	int status;
	struct header *headers;           /* in order; all texts NUL-terminated, none empty */
	struct str body;                  /* or: */
	struct file_reader *file;         /* from `offset` on */
	int64_t offset, length;           /* length of body or file part; HEAD announces it and sends nothing */
	const struct stream_plan *stream; /* instead: it goes on (streams.h); NULL: no */
	bool is_fixed; /* every answer with these very bytes has these headers too, as long as the program runs */
};

/* `r->request` is the request; everything made lives in its arena. `gzip` may be NULL. */
void answer_make(const struct response *r, struct gzip *gzip, struct answer *ret);
