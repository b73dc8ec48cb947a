/*
 * Time stamps (RFC 3161): an authority that is not the town says that something existed at a moment. The town asks
 * for one over the value of each seal's signature (PAdES baseline B-T); what it is told is the hash of that value.
 *
 * timestamp_get() asks and believes nothing that was not checked; timestamp_examine() looks at a token of any origin.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"

/* How a town asks; from its installation file, checked there. */
struct timestamp_settings {
	struct str server;    /* "https://sellos.example/tsa", or http: what comes back is signed */
	struct str authority; /* PEM file of who vouches for its tokens; none: the system's authorities */
};

/* Who is believed to vouch for tokens. Empty: nobody is known. */
struct timestamp_trust {
	struct str pem;         /* certificates, one after another */
	bool takes_system_ones; /* and the authorities that this machine knows */
};
/* What the settings (NULL: none) say about trust. ERR_UNAVAILABLE when the file cannot be read. */
MUST_USE struct err *timestamp_trust_of(struct arena *a, const struct timestamp_settings *s,
	struct timestamp_trust *ret);
size_t timestamp_trust_count(const struct timestamp_trust *trust); /* of the certificates in `pem` */

/* --- asking --------------------------------------------------------------------------------------------- */

enum {
	TIMESTAMP_CONNECT_SECONDS = 5,
	TIMESTAMP_SECONDS_MAX = 15,
	TIMESTAMP_REPLY_MAX = 64 * 1024,
	TIMESTAMP_TOKEN_MAX = 12 * 1024, /* leaves room for the seal in the same hole */
	TIMESTAMP_CLOCK_MAX_S = 300      /* the authority's clock against the machine's */
};

/* A time stamp over `bytes`. Blocks for TIMESTAMP_SECONDS_MAX at most, or until `leaves_off`, asked about once a second,
 * says so (NULL: never). A server that is away, slow, refuses, or says what does not hold is ERR_UNAVAILABLE with the
 * reason: the caller tries again later. `machine_now` reads the machine's clock, before and after. */
struct timestamp_call {
	struct str bytes;
	struct instant (*machine_now)(void);
	bool (*leaves_off)(void *state);
	void *state;
};
MUST_USE struct err *timestamp_get(struct arena *a, const struct timestamp_settings *s,
	const struct timestamp_call *call, struct str *ret_token);

/* Its two halves without the network. A question's nonce is new each time. */
struct timestamp_question {
	struct str der, bytes;
	struct instant asked_at; /* by the machine's clock */
};
struct timestamp_question timestamp_ask(struct arena *a, struct str bytes, struct str nonce,
	struct instant at);
/* Granted, for this question's imprint and nonce, at a time between question and `now`, by a certificate for time stamps
 * alone that leads to the trust (RFC 3161, 2.4.2); timestamp_examine() finds it good. ERR_UNAVAILABLE says what does not hold. */
MUST_USE struct err *timestamp_answer(struct arena *a, const struct timestamp_question *q, struct str reply,
	const struct timestamp_trust *trust, struct instant now, struct str *ret_token);

/* --- examining ------------------------------------------------------------------------------------------ */

enum timestamp_state {
	TIMESTAMP_NONE,
	TIMESTAMP_GOOD,    /* over these bytes, by an authority that is trusted */
	TIMESTAMP_UNKNOWN, /* holds in itself, but who made it leads to nobody that is trusted */
	TIMESTAMP_BAD      /* altered, over other bytes, or not by an authority for time stamps */
};
struct timestamp_facts {
	enum timestamp_state state;
	struct instant at;    /* INSTANT_NONE when it cannot be read */
	struct str authority; /* common name of who made it; UTF-8 */
	struct str problem;   /* why it is bad, or unknown; none when it is good */
};
struct timestamp_facts timestamp_examine(struct arena *a, struct str token, struct str bytes,
	const struct timestamp_trust *trust);
