/*
 * The head of a request: what the HTTP library hands over, checked strictly and turned into a `struct
 * request`. Whatever two parsers on the way could read differently (two lengths, two hosts, a control
 * character) is refused.
 */
#pragma once
#include "web/network.h"
#include "web/request.h"

struct head {
	struct str method, uri, version; /* as sent */
	struct header *headers;          /* in order; in the request's arena */
	int count;
	size_t bytes; /* of all of it */
	/* out: */
	int64_t content_length; /* -1: chunked */
	bool has_body, expects_continue;
};

struct head_limits {
	size_t bytes_max;
	int headers_max;
};

/* Fills method, path, raw_path, query, host and headers of `r`, whose arena is set. On an error *ret_status,
 * when not 0, is a better status than the error's own (414, 431, 505). */
MUST_USE struct err *head_read(struct head *h, const struct head_limits *limits, struct request *r,
	int *ret_status);

/* The client behind trusted proxies: its address, and whether it spoke TLS with the outermost of them. `peer`
 * and `is_tls` are the connection's own; believed are Forwarded (RFC 7239), else X-Forwarded-For and
 * -Proto. */
void head_forwarded(const struct request *r, const struct networks *proxies, struct address *peer,
	bool *is_tls);
