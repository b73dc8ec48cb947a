/* What the files of the dispatcher share; nobody else includes it. */
#pragma once
#include "core/dispatch/dispatch.h"
#include "core/dispatch/readers.h"

/* hooks.c */
struct err *dispatch_begin(void *state, struct exchange *x);
void dispatch_handle(void *state, struct exchange *x);
void dispatch_refuse(void *state, struct exchange *x, struct err *why);
void dispatch_end(void *state, struct exchange *x, const struct exchange_facts *facts);

/* get.c, post.c: both end in exchange_answer(). `readers` are those of the thread that runs them. */
void dispatch_get(struct exchange *x, struct readers *readers);
void dispatch_post(struct exchange *x, struct readers *readers);

/* The object rule of the route; ERR_NOT_FOUND when it says no, so that a stranger cannot tell what exists. */
MUST_USE struct err *dispatch_object_rule(struct exchange *x);
/* Records that this page showed personal data; ordinary: written with a later batch, failure is logged. */
void dispatch_record_access(struct exchange *x);
/* The same, durable before `then` goes on with the exchange. */
void dispatch_record_access_first(struct exchange *x, void (*then)(struct exchange *x, struct err *e));

/* refuse.c: the answer to an error, as a page or as application/problem+json (RFC 9457). */
void dispatch_error_answer(struct exchange *x, struct err *e);
/* A stale form is shown again with all that was typed and a button to send it. */
void dispatch_resend_answer(struct exchange *x);
/* The way in for staff who are not signed in: sign-in page keeping where they were going and what they typed. */
void dispatch_sign_in_answer(struct exchange *x);
