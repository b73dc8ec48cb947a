/*
 * An answer, as handlers make it: status, headers, and either bytes or a stored file. Everything that every
 * answer carries (CSP and the other security headers, ETag, gzip, ranges, HEAD, X-Request-Id) is the
 * adapter's business.
 */
#pragma once
#include "base/html.h"
#include "data/files.h"
#include "web/request.h"
#include "web/streams.h"

enum cache_policy {
	CACHE_NEVER,      /* no-store: anything with personal data. The default */
	CACHE_REVALIDATE, /* private pages without personal data: no-cache with ETag */
	CACHE_PUBLIC,     /* public pages: max-age 60, ETag */
	CACHE_FOREVER,    /* assets whose address carries their hash */
};

struct response {
	struct request *request;
	int status; /* 200 unless set */
	struct str content_type;
	struct str body;
	struct str gzip; /* ready-made compressed body, or none */
	struct str
		version; /* strong ETag of the body, quotes included; none: made of its bytes where they may be kept */
	struct file_reader *file; /* instead of body; length in file_bytes */
	int64_t file_bytes;
	const struct stream_plan *stream; /* instead of bytes: it stays open (streams.h) */
	enum cache_policy cache;
	bool
		is_fixed; /* its bytes, type and caching live as long as the program and are the same for everybody */
	bool framed_by_self;    /* a page of ours may show it in a frame (previews); nobody else ever may */
	struct str images_from; /* "https://tiles.example": images may come from there too; or none */
	struct str connects_to; /* "https://host:8443": scripts of the page may connect there too; or none */
	struct header *headers;
};

void response_html(struct response *r, struct html page);
void response_text(struct response *r, struct str text);
void response_json(struct response *r, struct str json);
/* 303 to a path of our own; anything that is not a local path is a bug. */
void response_redirect(struct response *r, struct str path);
/* For a path that came from outside ("return to"): begins with one '/', has no host, no control character. */
bool response_is_local_path(struct str path);
/* `name` is offered as the file's name; inline when the type is one browsers show safely (PDF, images). */
void response_download(struct response *r, struct str bytes, struct str type, struct str name);
void response_stored_file(struct response *r, struct file_reader *f, int64_t bytes, struct str type,
	struct str name);
/* The answer stays open as an event stream, on a server that has them. `page_origin` is who may read it from another
 * origin; none: nobody. */
void response_stream(struct response *r, const struct stream_plan *plan, struct str page_origin);
/* Adds a header; one of the same name that every answer carries is replaced by it. Control characters in the
 * value become spaces. */
void response_header(struct response *r, struct str name, struct str value);
/* For whoever may have to begin again: what has been said up to here, and back to it. */
struct header **response_mark(struct response *r);
void response_go_back(struct response *r, struct header **mark);
/* __Host- prefix, Secure, HttpOnly, SameSite=Lax, Path=/ over TLS; the same without prefix and Secure on a
 * plain connection (which `serve` allows on loopback and behind a trusted proxy only). max_age 0 deletes. */
void response_cookie(struct response *r, struct str name, struct str value, int64_t max_age_s);
