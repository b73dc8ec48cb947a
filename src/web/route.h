/*
 * The route table. A route says who may come in, which object rule guards it, what personal data it shows and
 * how much time it may take; the dispatcher (core/dispatch.h) enforces all of it before the handler.
 * ROUTE_GET and ROUTE_POST take every argument, so a forgotten one does not compile; PERM_UNSET does not
 * boot.
 */
#pragma once
#include "web/request.h"
#include "web/response.h"

struct tx;

typedef struct err *page_fn(struct request *r, struct response *out); /* GET: reads r->db, changes nothing */
/* POST, before: no database writes. May answer by itself (a form with errors): r->is_answered = true. */
typedef struct err *prepare_fn(struct request *r, struct response *out);
typedef struct err *route_commit_fn(struct request *r, struct tx *tx);  /* POST: everything that changes */
typedef struct err *answer_fn(struct request *r, struct response *out); /* POST, after it is durable */
/* May this `who` do this to the object the path names? Sets r->work if it had to read it. */
typedef struct err *object_rule_fn(struct request *r, bool *ret_allowed);

enum route_shows { SHOWS_NOTHING, SHOWS_PERSONAL, SHOWS_SENSITIVE }; /* decides the access record */

enum route_flag {
	ROUTE_SLOW = 1 << 0,    /* runs on the pool, not on the I/O loop */
	ROUTE_UPLOAD = 1 << 1,  /* multipart body streamed into the file store before prepare */
	ROUTE_TOKEN = 1 << 2,   /* API: bearer token instead of session, no CSRF, Idempotency-Key, JSON errors */
	ROUTE_NO_CSRF = 1 << 3, /* needs a reason in the table's comment */
	ROUTE_STREAM = 1 << 4,  /* an event stream: asked at the streams' own address, and nowhere else */
};

/* How the API describes itself: /api/v1/openapi.json is generated from these. NULL elsewhere. Schemas are named as
 * in the table of src/mod/api. */
struct route_api {
	const char *summary;
	const char *request_schema;  /* NULL: no body */
	const char *response_schema; /* NULL: the bytes of a file */
	int success_status;
	const char *query_schema; /* its members are what may stand in the query; NULL: nothing */
};

struct route {
	enum method method;
	const char *path; /* "/expedientes/{number}"; at most four {…}; a last {name*} takes all that is left */
	int permission;   /* enum permission of core; 0 refuses to boot */
	object_rule_fn *rule; /* NULL: the path names no object */
	enum route_shows shows;
	unsigned flags;
	page_fn *page;
	prepare_fn *prepare;     /* may be NULL */
	route_commit_fn *commit; /* NULL: the POST changes nothing (a search, a sign-in attempt is not one) */
	answer_fn *answer;
	const struct route_api *api;
};

#define ROUTE_GET(path, permission, rule, shows, flags, page)                                                \
	{                                                                                                        \
		METHOD_GET, (path), (permission), (rule), (shows), (flags), (page), NULL, NULL, NULL, NULL           \
	}
#define ROUTE_POST(path, permission, rule, shows, flags, prepare, commit, answer)                            \
	{                                                                                                        \
		METHOD_POST, (path), (permission), (rule), (shows), (flags), NULL, (prepare), (commit), (answer),    \
			NULL                                                                                             \
	}
#define ROUTE_API_GET(path, permission, rule, shows, flags, page, api)                                       \
	{                                                                                                        \
		METHOD_GET, (path), (permission), (rule), (shows), (flags) | ROUTE_TOKEN, (page), NULL, NULL, NULL,  \
			(api)                                                                                            \
	}
#define ROUTE_API_POST(path, permission, rule, shows, flags, prepare, commit, answer, api)                   \
	{                                                                                                        \
		METHOD_POST, (path), (permission), (rule), (shows), (flags) | ROUTE_TOKEN, NULL, (prepare),          \
			(commit), (answer), (api)                                                                        \
	}

/* Compiled once at start: refuses overlapping paths, more than four parameters, PERM_UNSET. */
struct router;
MUST_USE struct err *router_new(struct arena *a, const struct route *const *tables, struct router **ret);
/* *ret_route NULL: no such path. When the path exists but not the method, *ret_allow lists the methods. */
/* A table ends with a route without path. HEAD is answered by a GET route. Reads r->raw_path (or r->path
 * where that is none) and r->method, fills r->params. */
void router_match(const struct router *router, struct request *r, const struct route **ret_route,
	struct str *ret_allow);
