/*
 * The end of a connection that the server ends while its client may still be sending: a refused body that is not read,
 * requests behind an unsound one, anything from a client that did not say that its request is the last. If it were
 * closed at once, the kernel would answer what comes with a reset, and answers that the client has not yet been given
 * would be lost with the very refusal (RFC 9112 section 9.6). So such a socket stays half closed for a while, and what
 * comes is thrown away, until the client ends as well.
 *
 * Everything here belongs to the thread that drives the loop. Sockets that linger are counted as connections; whoever
 * comes has their room.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct loop;
struct wire;

enum { LINGER_MAX = 64 }; /* of a loop; the oldest makes room */

struct lingering {
	struct {
		int fd;
		int64_t until_us;
	} sockets[LINGER_MAX]; /* the oldest first */
	int count;
};

/* The library is about to close this connection: keeps a descriptor of it, if its client may be cut short. */
void linger_at_end(struct wire *w);
/* Throws away what has come, and closes those whose client has ended or that have lingered for `linger_ms`. */
void linger_turn(struct loop *loop, int64_t now_us);
/* Closes the oldest, if there is one. */
bool linger_makes_room(struct loop *loop);
/* When the next of them has to be closed; INT64_MAX: there is none. */
int64_t linger_until_us(const struct loop *loop);
/* Closes them all. */
void linger_stop(struct loop *loop);
