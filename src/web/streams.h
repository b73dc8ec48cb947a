/*
 * Event streams (server-sent events): answers that stay open for minutes and say, now and then, that something has
 * changed. A server whose options name them serves nothing else that matters: the HTTP library looks at every waiting
 * connection of a daemon whenever one goes on, so they have a daemon, a thread and an address of their own.
 *
 * Nothing is known here of what changed. Core gives *news*: an id that grows, a topic, a kind, and whom it is from;
 * a stream hears those of its topics that come after where it began and are not from itself. What has not been sent yet
 * is added up, so a stream never owes its client more than one message:
 *
 *   id: 4711
 *   event: changed
 *   data: {"n":3,"kinds":["step","document"]}
 *
 * Whoever comes back with that id (Last-Event-ID) misses nothing: the group is read again from there on (streams_wanted).
 * Between messages a line with the id alone keeps the connection and the client's place.
 *
 * Every limit is in the options: how many streams, how many for one client's address, how long one lives (a random part
 * taken off, so that those who came together do not come back together), how long a client may take to read. A client that
 * has gone is noticed at once, and one that is past its time is closed, after which EventSource asks anew and is let in
 * anew. Without room the answer is 503 with Retry-After.
 *
 * Start reading at streams_begin(), then streams_turn().
 */
#pragma once
#include "web/metrics.h"

enum { STREAM_TOPICS_MAX = 4, STREAM_MESSAGE_MAX = 512 };

/* What streams listen to; both numbers are core's. */
struct stream_topic {
	int kind;
	int64_t id;
};

/* Zero means the default in the comment. */
struct streams_options {
	int groups;               /* whose ids are apart: 0 … groups - 1; at least one */
	const char *const *kinds; /* names of the bits of stream_news.kinds; at most 32, NULL-ended */
	int most;                 /* 20,000 streams */
	int per_client;           /* 100 of them for one address, where the plan names it */
	int64_t life_ms;          /* 15 min at most; up to a third is taken off, by chance */
	int64_t beat_ms;          /* 30 s, a fifth more or less: the line that keeps the connection */
	int64_t pause_ms;         /* 2 s between two messages of one stream: what comes meanwhile is added up */
	int64_t slow_ms;          /* 20 s for the client to take what it is sent */
	int64_t retry_ms;         /* 5 s, up to twice that, by chance: when the client comes back */
	struct metrics *metrics;  /* may be NULL */
};

/* What a handler wants of a stream (response.stream). Lives as long as the request. */
struct stream_plan {
	int group;
	const struct stream_topic *topics;
	size_t topic_count;
	int64_t after;          /* the id of the last news that the client knows of */
	int64_t self;           /* news from this one are not told to it; 0: all are */
	const int64_t *deaf_to; /* news about these are not told to it */
	size_t deaf_count;
	struct str client;     /* an address to count by; STR_NONE: not counted */
	int64_t missed;        /* known at the start: so many that the client has not seen, up to `after` */
	uint32_t missed_kinds; /* of which kinds */
};

struct stream_news {
	int64_t id;
	struct stream_topic topic;
	uint32_t kinds;
	int64_t from;  /* 0: from nobody who could listen */
	int64_t about; /* 0: nothing that one could be deaf to */
};

struct streams;

/* --- what core calls, from any thread --------------------------------------------------------------------------- */

/* Whether the group has to be read now, and from which id on: no while nobody listens, nor while what was read last is
 * still being told. */
bool streams_wanted(struct streams *s, int group, int64_t *ret_after, uint64_t *ret_round);
/* What was read, in the order of ids, all there is up to and with `until`. `round`: of streams_wanted(). It is dropped
 * when a stream has come meanwhile that has to hear earlier ones; the next streams_wanted() says so. */
void streams_publish(struct streams *s, int group, uint64_t round, const struct stream_news *news,
	size_t count, int64_t until);
int streams_open(struct streams *s); /* how many there are now */

/* --- what the server calls, on its loop -------------------------------------------------------------------------- */

struct loop;
struct stream;
struct wire;

MUST_USE struct err *streams_new(struct arena *a, const struct streams_options *options, struct loop *loop,
	struct streams **ret);
void streams_free(struct streams *s);    /* no stream is left; NULL is fine */
int streams_fd(const struct streams *s); /* readable when a client has gone */
/* The wire becomes a stream; wire->connection is the library's. NULL: there is no room. */
struct stream *streams_begin(struct streams *s, struct wire *wire, const struct stream_plan *plan);
void streams_end(struct stream *stream); /* its connection is done with it */
/* Tells what was published, and wakes whoever has something to say or to end; before each turn of the library. */
void streams_turn(struct streams *s);
/* Its time has come: to send a line, to end, or to be closed for being slow. */
void streams_due(struct stream *stream, int64_t now_us);
void streams_drain(struct streams *s); /* all end, and no other begins */

/* The library asks for bytes: how many were written, 0 when there is nothing to say, -1 at the end. */
int streams_read(struct stream *stream, char *bytes, size_t max);
