/*
 * How often somebody may do something: token buckets in a bounded table.
 *
 * Whoever is signed in or holds a token is counted as that account, wherever they sit. Networks are counted
 * only for anonymous requests that change something, an IPv6 network being its /64; a town hall's own lines,
 * libraries and schools are listed as trusted and never counted. Keys are stored as keyed hashes: no address
 * can be read back. A full table forgets the bucket that has recovered most.
 */
#pragma once
#include "web/request.h"

struct limits;

struct limit_rule {
	const char *name; /* "sign-in": buckets of different rules are separate */
	int burst;        /* at once */
	int per_hour;     /* refilled evenly */
};

struct limits_options {
	size_t table_max;   /* buckets; 0: 65,536 (about 2 MiB) */
	struct str trusted; /* networks: "192.0.2.0/24, 2001:db8::/32"; ERR_USAGE when one cannot be read */
};

/* Thread-safe. Lives in `a`. */
MUST_USE struct err *limits_new(struct arena *a, const struct limits_options *options, struct limits **ret);

/* Takes one from the bucket that the rule gives this request. `account`: account or token id, STR_NONE for
 * the anonymous. ERR_LIMITED (key "limit.wait") when it is empty; *ret_wait_s, when not NULL, then says after
 * how many seconds to come again. */
MUST_USE struct err *limits_take(struct limits *l, const struct limit_rule *rule, const struct request *r,
	struct str account, int64_t *ret_wait_s);

/* The same for a key of the caller's own (a guessed status code, a mail address to send to). `now_us`
 * monotonic. */
bool limits_take_key(struct limits *l, const struct limit_rule *rule, struct str key, int64_t now_us,
	int64_t *ret_wait_s);

/* Whether this address ("192.0.2.7") is in a trusted network. */
bool limits_trust(const struct limits *l, struct str network);

struct limits_stats {
	int64_t buckets, refused, forgotten;
};
struct limits_stats limits_stats(struct limits *l);
