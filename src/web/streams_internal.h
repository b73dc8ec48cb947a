/*
 * Event streams, private to their two files: streams.c (a stream, from its beginning to its end, and what it says) and
 * streams_news.c (what core publishes, and whom it is told). All belongs to the server's loop but the groups, which the
 * thread that reads the news shares under a lock.
 */
#pragma once
#include <pthread.h>

#include "web/adapter.h"
#include "web/streams.h"

enum { BUCKETS = 4096 };

/* A stream's place under one of its topics. */
struct subscription {
	struct stream_topic topic;
	struct stream *stream;
	struct subscription *next, **link;
};

/* An address, and how many streams it has. */
struct client {
	struct address address;
	int streams;
	struct client *next, **link;
};

struct stream {
	struct streams *all;
	struct wire *wire;
	struct client *client; /* NULL: not counted */
	struct stream *next, **link;
	uint64_t from; /* of its group: the last batch that it need not hear */
	int64_t told;  /* the newest of the news it heard, or where it began */
	int64_t self, count, ends_us, beat_us, quiet_us;
	uint32_t kinds;
	int group;
	int64_t *deaf_to; /* NULL: to nothing */
	size_t deaf_count;
	bool is_idle; /* suspended: the library does not ask */
	bool is_new, is_ending, has_beat;
	int topic_count;
	struct subscription topics[];
};

struct batch {
	struct stream_news *news; /* NULL: none waits */
	size_t count;
	int64_t until;
	uint64_t serial;
};

struct group {
	/* under the lock */
	int listeners;
	int64_t after;  /* has to be read from here on */
	uint64_t round; /* raised when it goes back */
	uint64_t serial;
	struct batch waiting;
	bool is_waiting;
	/* the loop's */
	uint64_t heard;      /* the serial of the last batch that was told, */
	int64_t heard_until; /* and how far it went */
};

struct streams {
	struct streams_options options;
	struct loop *loop;
	struct group *groups;
	pthread_mutex_t lock;
	_Atomic bool has_batches, is_draining;
	_Atomic int open;
	int gone_fd; /* an epoll of all clients' sockets, for their end alone */
	struct stream *first;
	struct subscription *topics[BUCKETS];
	struct client *clients[BUCKETS];
	unsigned char hash_key[16];
	struct metric *refused, *slow, *messages;
};

struct subscription **stream_topic_bucket(struct streams *s, int group, struct stream_topic topic);
/* When the loop has to look at it, if nothing happens. */
void stream_set_deadline(struct stream *stream, int64_t now_us);
/* The library asks it for bytes again. */
void stream_wake(struct stream *stream, int64_t now_us);

/* From here on every batch that is published reaches it, and the first begins where it does. */
void stream_join_group(struct stream *stream);
void stream_leave_group(struct stream *stream);
void streams_tell(struct streams *s); /* what was published, to whom it is for */
