/*
 * A request as handlers see it: parsed, checked, with everything that belongs to it.
 *
 * It lives in its own arena from the first header to the last byte of the answer and belongs to one thread
 * at a time (loop → pool → writer → loop). Handlers read fields here and never the HTTP library.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"
#include "base/json.h"

struct db;
struct town;  /* core: the municipality of the Host header */
struct who;   /* core: on whose authority the request acts */
struct form;  /* web/form.h */
struct route; /* web/route.h */

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHOD_OTHER };

struct header {
	struct str name, value;
	struct header *next;
};

struct request {
	struct arena *arena;
	struct str id; /* 16 characters, in the log and in the answer's X-Request-Id */
	enum method method;
	struct str host;     /* lower case, without port */
	struct str path;     /* decoded once; begins with '/' */
	struct str raw_path; /* as sent: the router cuts it before decoding, so %2F stays inside its part */
	struct str query;    /* raw */
	struct header *headers;
	struct str network; /* the client's address after trusted proxies; for limits only, never stored */
	bool is_tls;
	struct instant now;
	int64_t deadline_us; /* monotonic; handlers that loop check it through db_set_deadline */

	const struct route *route;
	struct str params[4]; /* the values of {…} in the route's path, in order */
	struct form *form;    /* POST forms and GET queries, decoded; never NULL */
	struct json *json;    /* body of application/json; NULL otherwise */

	struct town *town;
	struct who *who; /* never NULL in a handler: the anonymous one has no permission */
	struct str lang; /* "es", "en", "eu" */
	struct str csrf; /* token for this browser's forms */
	struct db *db;   /* GET and prepare: the snapshot. Commits use tx->db instead */

	int64_t case_id;  /* the case the object rule found; named in the access record. 0: none */
	bool is_answered; /* set by a `prepare` that answered itself (fields to mend): no commit follows */

	/* What prepare hands to commit and answer: one struct of the handler's own. The one untyped pointer. */
	void *work;
};

struct str request_header(const struct request *r, struct str name); /* STR_NONE when absent */
struct str request_cookie(const struct request *r, struct str name);
