/* What core publishes, in batches of a group, and whom it is told: each stream hears what came after its place. */
#include "web/loop.h"
#include "web/streams_internal.h"

/* --- groups ---------------------------------------------------------------------------------------------- */

void stream_join_group(struct stream *stream)
{
	struct streams *s = stream->all;
	struct group *g = &s->groups[stream->group];
	pthread_mutex_lock(&s->lock);
	if (g->listeners++ == 0 || stream->told < g->after) {
		g->after = stream->told;
		g->round++;
	}
	stream->from = g->serial;
	pthread_mutex_unlock(&s->lock);
}

void stream_leave_group(struct stream *stream)
{
	struct streams *s = stream->all;
	pthread_mutex_lock(&s->lock);
	s->groups[stream->group].listeners--;
	pthread_mutex_unlock(&s->lock);
}

bool streams_wanted(struct streams *s, int group, int64_t *ret_after, uint64_t *ret_round)
{
	struct group *g = &s->groups[group];
	pthread_mutex_lock(&s->lock);
	bool is_wanted = g->listeners > 0 && !g->is_waiting;
	*ret_after = g->after;
	*ret_round = g->round;
	pthread_mutex_unlock(&s->lock);
	return is_wanted;
}

void streams_publish(struct streams *s, int group, uint64_t round, const struct stream_news *news,
	size_t count, int64_t until)
{
	struct group *g = &s->groups[group];
	struct stream_news *copy = malloc((count + 1) * sizeof *copy);
	must(copy);
	if (count > 0) memcpy(copy, news, count * sizeof *copy);
	pthread_mutex_lock(&s->lock);
	bool is_taken = round == g->round && !g->is_waiting;
	if (is_taken) {
		g->waiting = (struct batch){ copy, count, until, ++g->serial };
		g->is_waiting = true;
		g->after = until;
	}
	pthread_mutex_unlock(&s->lock);
	if (!is_taken) {
		free(copy);
		return;
	}
	s->has_batches = true;
	loop_wake(s->loop);
}

/* --- telling --------------------------------------------------------------------------------------------- */

static bool is_deaf_to(const struct stream *stream, int64_t about)
{
	for (size_t i = 0; i < stream->deaf_count; i++)
		if (stream->deaf_to[i] == about) return true;
	return false;
}

static bool hears(const struct subscription *sub, int group, const struct stream_news *news, uint64_t serial)
{
	const struct stream *stream = sub->stream;
	return sub->topic.kind == news->topic.kind && sub->topic.id == news->topic.id && stream->group == group &&
		stream->from < serial && news->id > stream->told && (news->from == 0 || news->from != stream->self) &&
		!is_deaf_to(stream, news->about);
}

static void tell(struct streams *s, int group, const struct batch *batch, size_t at, int64_t now_us)
{
	const struct stream_news *news = &batch->news[at];
	for (struct subscription *sub = *stream_topic_bucket(s, group, news->topic); sub; sub = sub->next) {
		if (!hears(sub, group, news, batch->serial)) continue;
		struct stream *stream = sub->stream;
		stream->told = news->id;
		stream->count++;
		stream->kinds |= news->kinds;
		if (now_us >= stream->quiet_us)
			stream_wake(stream, now_us);
		else if (stream->is_idle)
			stream_set_deadline(stream, now_us);
	}
}

static bool take_batch(struct streams *s, struct group *g, struct batch *ret)
{
	pthread_mutex_lock(&s->lock);
	bool is_there = g->is_waiting;
	*ret = g->waiting;
	g->waiting = (struct batch){ 0 };
	g->is_waiting = false;
	pthread_mutex_unlock(&s->lock);
	return is_there;
}

void streams_tell(struct streams *s)
{
	int64_t now_us = monotonic_us();
	struct batch batch;
	for (int group = 0; group < s->options.groups; group++) {
		if (!take_batch(s, &s->groups[group], &batch)) continue;
		s->groups[group].heard = batch.serial;
		s->groups[group].heard_until = batch.until;
		for (size_t i = 0; i < batch.count; i++)
			tell(s, group, &batch, i, now_us);
		free(batch.news);
	}
}
