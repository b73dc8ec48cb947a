/*
 * Reading one request's body as core's plan says: small ones into memory, multipart in pieces to its parser.
 * Knows no sockets; flight.c calls it and decides on which thread the pieces are fed.
 */
#pragma once
#include "web/head.h"
#include "web/server.h"

enum { BODY_PIECE_BYTES = 64 * 1024 };

struct body {
	enum body_kind kind; /* 0: none */
	int64_t limit, taken;
	struct buf bytes;            /* what is buffered whole */
	struct multipart *multipart; /* or fed in pieces, from: */
	struct str piece;            /* inside `piece_bytes` */
	char *piece_bytes;
	bool is_fed; /* the last piece is through */
};

/* Chooses by Content-Type among the plan's kinds. ERR_WRONG_TYPE, ERR_TOO_LARGE (by its announced length),
 * ERR_MALFORMED (no boundary). Memory taken is a small multiple of the body, never more than half of
 * `arena_max`. */
MUST_USE struct err *body_begin(struct body *b, struct exchange *x, const struct head *head,
	size_t arena_max);

/* ERR_TOO_LARGE past the limit. *ret_taken false: the piece is full; body_feed() first, then again. */
MUST_USE struct err *body_take(struct body *b, struct exchange *x, struct str bytes, bool *ret_taken);
static inline bool body_is_streamed(const struct body *b) { return b->multipart != NULL; }
/* Feeds the piece to the parser; may block, for the pool. `is_last`: the body ends here. An error lets go of
 * a half-written file at once. */
MUST_USE struct err *body_feed(struct body *b, bool is_last);
/* The whole is in: decodes what was buffered into request.form or .json. */
MUST_USE struct err *body_end(struct body *b, struct exchange *x);
/* Whatever happened: lets go of a half-written file. */
void body_abandon(struct body *b);
