/*
 * The log: a line is built in an arena of its own and handed to the kernel by a single write(2), so lines of
 * several threads do not mix. Counting lines per event and second is the only shared state; its lock is
 * never held during the write. Start at log_write().
 */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/json.h"
#include "base/log.h"

enum {
	LINE_MAX_BYTES = 16 * 1024,
	LINE_ARENA_BYTES = 256 * 1024,
	EVENT_SLOTS = 128, /* a power of two; events beyond them are not limited */
	DEFAULT_RATE = 500,
};

static atomic_int least_level = LOG_INFO;
static atomic_int log_fd = 2;
static atomic_int lines_per_second = DEFAULT_RATE;

/* How many lines of an event went out, and how many did not, in the second that runs. */
struct tally {
	const char *event;
	int written;
	int64_t dropped;
};

static pthread_mutex_t tally_lock = PTHREAD_MUTEX_INITIALIZER;
static struct tally tallies[EVENT_SLOTS];
static int64_t tally_second;

void log_set_level(enum log_level level) { least_level = (int)level; }

void log_set_fd(int fd) { log_fd = fd; }

void log_set_rate(int rate) { lines_per_second = rate; }

static void write_line(struct buf *line)
{
	buf_add_char(line, '\n');
	struct str s = buf_str(line);
	/* The log has nowhere to report its own failure: a line that the kernel does not take is lost. */
	ssize_t written = write(log_fd, s.p, s.n);
	(void)written;
}

static void add_head(struct json_writer *w, struct arena *a, enum log_level level, const char *event)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	json_open(w, '{');
	json_field(w, STR("time"), instant_iso(a, instant_of_machine()));
	json_field(w, STR("level"), str_of(names[level]));
	json_field(w, STR("event"), str_of(event));
}

static void add_fields(struct json_writer *w, const struct log_field *fields)
{
	for (const struct log_field *f = fields; f && f->name; f++) {
		json_key(w, str_of(f->name));
		if (f->kind == LOG_FIELD_INT)
			json_add_int(w, f->i);
		else
			json_add_text(w, f->s);
	}
}

/* Writes without asking the tallies. A line too long is replaced by one that says so. */
static void write_event(enum log_level level, const char *event, const struct log_field *fields)
{
	struct arena *a = arena_new(LINE_ARENA_BYTES);
	struct buf line = buf_new(a, LINE_MAX_BYTES);
	struct json_writer w = json_writer(&line);
	add_head(&w, a, level, event);
	add_fields(&w, fields);
	json_close(&w, '}');
	if (line.n + 1 > line.max || buf_overflowed(&line)) {
		buf_clear(&line);
		w = json_writer(&line);
		add_head(&w, a, level, event);
		json_key(&w, STR("cut"));
		json_add_bool(&w, true);
		json_close(&w, '}');
	}
	write_line(&line);
	arena_free(a);
}

/* The event's slot; NULL when all are taken by others. Called under the lock. */
static struct tally *tally_of(const char *event)
{
	uint32_t hash = 2166136261u;
	for (const char *c = event; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	for (uint32_t i = 0; i < EVENT_SLOTS; i++) {
		struct tally *slot = &tallies[(hash + i) % EVENT_SLOTS];
		if (!slot->event) slot->event = event;
		if (slot->event == event || strcmp(slot->event, event) == 0) return slot;
	}
	return NULL;
}

/* Starts a new second: copies out what the last one dropped and counts from zero. Under the lock. */
static size_t turn_second(int64_t second, struct tally dropped[static EVENT_SLOTS])
{
	size_t count = 0;
	if (second == tally_second) return 0;
	tally_second = second;
	for (size_t i = 0; i < EVENT_SLOTS; i++) {
		if (tallies[i].dropped > 0) dropped[count++] = tallies[i];
		tallies[i].written = 0;
		tallies[i].dropped = 0;
	}
	return count;
}

/* Whether this line may go out; also what must be said first about the second that ended. */
static bool admit(const char *event, struct tally dropped[static EVENT_SLOTS], size_t *ret_dropped)
{
	int rate = lines_per_second;
	int64_t second = monotonic_us() / 1000000;
	pthread_mutex_lock(&tally_lock);
	*ret_dropped = turn_second(second, dropped);
	struct tally *slot = tally_of(event);
	bool admitted = rate <= 0 || !slot || slot->written < rate;
	if (slot && admitted) slot->written++;
	if (slot && !admitted) slot->dropped++;
	pthread_mutex_unlock(&tally_lock);
	return admitted;
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
	if ((int)level < least_level) return;
	struct tally dropped[EVENT_SLOTS];
	size_t count;
	bool admitted = admit(event, dropped, &count);
	for (size_t i = 0; i < count; i++) {
		const struct log_field lost[] = { LOG_S("of", str_of(dropped[i].event)),
			LOG_I("lines", dropped[i].dropped), { 0 } };
		write_event(LOG_WARN, "log.dropped", lost);
	}
	if (admitted) write_event(level, event, fields);
}

void log_error(const char *event, const struct err *e, struct str request_id)
{
	if (!e) return;
	/* What the asker got wrong is worth a warning; what we got wrong, an error. */
	enum log_level level = err_http_status(e) >= 500 ? LOG_ERROR : LOG_WARN;
	struct arena *a = arena_new(LINE_ARENA_BYTES);
	log_event(level, event, LOG_S("request", request_id), LOG_S("code", str_of(err_code_name(e->code))),
		LOG_S("key", str_of(e->key)), LOG_S("error", err_describe(a, e)));
	arena_free(a);
}
