/*
 * What is new, told to open pages: "3 novedades desde que abrió la lista". A page names its stream (feed_place) and the
 * newest event that it knows of; the stream says that something of it has changed, and how much, and never what: the page
 * is then asked for again, with its permission and its access record.
 *
 * A stream's route stands in its module's table (ROUTE_STREAM, below /novedades/) with the permission and the object rule
 * of the page it is for, and its handler is one call of these. What is told comes from the table of events, read by one
 * thread (hub.h), so changes made by another node or by the command line are told as well.
 *
 * Where no streams are served the pages say nothing of it, and everything else works as it does with them.
 */
#pragma once
#include "core/event/queries.h"
#include "web/request.h"
#include "web/response.h"
#include "web/streams.h"

#define FEED_PATH "/novedades"

/* X(bit, name in the message) */
#define FEED_KINDS(X)                                                                                        \
	X(FEED_STEP, "step")         /* the case went on */                                                      \
	X(FEED_MESSAGE, "message")   /* somebody wrote */                                                        \
	X(FEED_DOCUMENT, "document") /* a paper is there, or no longer good */                                   \
	X(FEED_MORE, "more")         /* there was more than could be counted */

enum feed_kind {
#define X(bit, name) bit,
	FEED_KINDS(X)
#undef X
		FEED_KIND_MAX
};
extern const char *const feed_kinds[]; /* as streams_options.kinds has them */

/* What one may listen to. */
enum feed_topic {
	FEED_OF_CITIZEN, /* a case, as whoever holds its key sees it */
	FEED_OF_CASE,    /* a case, as the office sees it */
	FEED_OF_TEAM,    /* the ordinary cases of a department */
	FEED_OF_MINE,    /* the cases of a member of staff */
};

/* --- handlers of streams, after the route's permission and object rule ------------------------------------------- */

/* Of r->case_id. */
MUST_USE struct err *feed_citizen(struct request *r, struct response *out);
MUST_USE struct err *feed_case(struct request *r, struct response *out);
/* Of a department that the caller was found to have in scope, or of the caller's own cases. */
MUST_USE struct err *feed_team(struct request *r, struct response *out, int64_t department_id);
MUST_USE struct err *feed_mine(struct request *r, struct response *out);

/* --- pages ------------------------------------------------------------------------------------------------------- */

/* {{call live(v.live)}}: a place that stays empty until something is new. */
struct feed_view {
	struct str stream;          /* the address; none: nothing is told, and nothing is written */
	int64_t since;              /* the newest event that the page knows of */
	struct str one, many, link; /* "1 novedad desde …", "%n novedades desde …", "Actualizar la lista" */
	struct str page;            /* where the link leads: this page, again */
	bool is_line;               /* its room is kept free: what stands below does not move */
};
/* Lets the page listen at FEED_PATH and `path`: fills stream and since, and allows its scripts to connect there. */
MUST_USE struct err *feed_place(struct request *r, struct response *out, struct str path,
	struct feed_view *v);

/* --- for hub.c ----------------------------------------------------------------------------------------------------- */

enum { FEED_NEWS_MAX = 4 };
/* What one event is news of. → how many */
size_t feed_news_of(const struct event_news_row *row, struct stream_news news[static FEED_NEWS_MAX]);
