/* What the files of the dispatcher share; nobody else includes it. */
#pragma once
#include "core/dispatch/dispatch.h"
#include "core/dispatch/readers.h"

/* hooks.c */
bool dispatch_from_memory(void *state, struct exchange *x);
struct err *dispatch_begin(void *state, struct exchange *x);
struct err *dispatch_begin_stream(void *state, struct exchange *x); /* the same gates, for streams alone */
void dispatch_handle(void *state, struct exchange *x);
void dispatch_refuse(void *state, struct exchange *x, struct err *why);
void dispatch_refuse_stream(void *state, struct exchange *x, struct err *why);
void dispatch_end(void *state, struct exchange *x, const struct exchange_facts *facts);

/* Where a handler runs. On a loop it has LOOP_BUDGET_US of database time: one that needs more begins again on the
 * pool, where it has POOL_BUDGET_US. One that takes its time without the database, or waits for it, loses the loop to
 * another thread (web/relay.h). */
enum dispatch_place { ON_LOOP, ON_POOL };
enum { LOOP_BUDGET_US = 20 * 1000, POOL_BUDGET_US = 5 * 1000 * 1000 };
struct dispatch_attempt {
	enum dispatch_place place;
	int64_t deadline_us;
	struct header **mark; /* of the response, before the handler said anything */
};
struct dispatch_attempt dispatch_attempt(struct exchange *x, enum dispatch_place place);
/* Whether this failure says that the loop was not the place: then everything the handler left is forgotten, and
 * dispatch_to_pool() lets it begin again. */
bool dispatch_is_for_pool(struct exchange *x, const struct dispatch_attempt *attempt, const struct err *e);
void dispatch_to_pool(struct exchange *x);

/* get.c, post.c: both end in exchange_answer(). `readers` are those of the thread that runs them. */
void dispatch_get(struct exchange *x, struct readers *readers, enum dispatch_place place);
void dispatch_post(struct exchange *x, struct readers *readers, enum dispatch_place place);

/* The object rule of the route; ERR_NOT_FOUND when it says no, so that a stranger cannot tell what exists. */
MUST_USE struct err *dispatch_object_rule(struct exchange *x);
/* Ends the exchange: with the error, or with the answer and the record that it showed somebody's data. Ordinary data:
 * the record is written with a later batch; sensitive: it is durable before the answer leaves. */
void dispatch_answer(struct exchange *x, struct err *e);

/* refuse.c: the answer to an error, as a page or as application/problem+json (RFC 9457). */
void dispatch_error_answer(struct exchange *x, struct err *e);
/* A stale form is shown again with all that was typed and a button to send it. */
void dispatch_resend_answer(struct exchange *x);
/* The way in for staff who are not signed in: sign-in page keeping where they were going and what they typed. */
void dispatch_sign_in_answer(struct exchange *x);
/* A line of text: nobody looks at it. */
void dispatch_stream_error(struct exchange *x, const struct err *e);

/* stream.c */
/* Only pages of this town under the name that is asked may listen: ERR_FORBIDDEN. */
MUST_USE struct err *dispatch_check_page(const struct request *r);
MUST_USE struct err *dispatch_start_streams(struct app *app, const struct server_options *pages);
bool dispatch_stop_streams(struct app *app); /* false: as server_stop() */
