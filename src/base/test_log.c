#include <fcntl.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/json.h"
#include "base/log.h"
#include "base/testing.h"

/* Everything that `write` logs, as text; the log goes back to standard error afterwards. */
static struct str logged(struct test *t, void (*write)(struct arena *a))
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return STR_NONE;
	log_set_fd(ends[1]);
	write(t->arena);
	log_set_fd(2);
	log_set_level(LOG_INFO);
	log_set_rate(500);
	close(ends[1]);
	size_t capacity = 64 * 1024;
	char *text = arena_alloc(t->arena, capacity);
	ssize_t n = read(ends[0], text, capacity);
	close(ends[0]);
	return n < 0 ? STR_NONE : (struct str){ text, (size_t)n };
}

static struct json *line_of(struct test *t, struct str *rest)
{
	struct json *j = NULL;
	struct err *e = json_parse(t->arena, str_cut(rest, '\n'), &j);
	return e ? NULL : j;
}

static void write_fields(struct arena *a)
{
	(void)a;
	log_event(LOG_INFO, "http.request", LOG_S("request", STR("r-1")), LOG_I("status", 200),
		LOG_S("odd", STR("a\"b\\\n\x01\xff")), LOG_S("none", STR_NONE));
	log_event(LOG_WARN, "start");
}

TEST(log_lines_are_json_with_time_level_and_event)
{
	struct str rest = logged(t, write_fields);
	struct json *first = line_of(t, &rest), *second = line_of(t, &rest);
	CHECK(first && second && rest.n == 0);
	struct instant at;
	CHECK(instant_parse(json_text(first, STR("time")), &at));
	CHECK_STR(json_text(first, STR("level")), "info");
	CHECK_STR(json_text(first, STR("event")), "http.request");
	CHECK_STR(json_text(first, STR("request")), "r-1");
	CHECK_INT(json_get(first, STR("status"))->i, 200);
	CHECK_STR(json_text(first, STR("odd")), "a\"b\\\n\x01\xef\xbf\xbd");
	CHECK_INT(json_get(first, STR("none"))->kind, JSON_NULL);
	CHECK_STR(json_text(second, STR("level")), "warn");
	CHECK_INT(second->count, 3);
}

static void write_below_the_level(struct arena *a)
{
	(void)a;
	log_event(LOG_DEBUG, "quiet");
	log_set_level(LOG_ERROR);
	log_event(LOG_WARN, "quiet");
	log_event(LOG_ERROR, "loud");
}

TEST(log_level_hides_what_is_below)
{
	struct str rest = logged(t, write_below_the_level);
	CHECK_STR(json_text(line_of(t, &rest), STR("event")), "loud");
	CHECK_INT(rest.n, 0);
}

static void write_errors(struct arena *a)
{
	log_error("job.failed", err_wrap(a, ERR(a, ERR_INTERNAL, "job.broken", "disk %d", 3), "saving"),
		STR("j-9"));
	log_error("http.refused", ERR(a, ERR_INVALID, NULL, "no"), STR_NONE);
	log_error("nothing", NULL, STR_NONE);
}

TEST(log_error_tells_code_place_and_chain)
{
	struct str rest = logged(t, write_errors);
	struct json *first = line_of(t, &rest), *second = line_of(t, &rest);
	CHECK(first && second && rest.n == 0);
	CHECK_STR(json_text(first, STR("level")), "error");
	CHECK_STR(json_text(first, STR("request")), "j-9");
	CHECK_STR(json_text(first, STR("code")), "ERR_INTERNAL");
	CHECK_STR(json_text(first, STR("key")), "job.broken");
	struct str error = json_text(first, STR("error"));
	CHECK(str_starts_with(error, STR("saving ← disk 3 (")) && str_find(error, STR("test_log.c:")) > 0);
	CHECK_STR(json_text(second, STR("level")), "warn");
}

static void write_too_much(struct arena *a)
{
	char *long_text = arena_alloc(a, 20 * 1000);
	memset(long_text, 'x', 20 * 1000);
	log_event(LOG_INFO, "long", LOG_S("text", ((struct str){ long_text, 20 * 1000 })));
}

TEST(log_line_too_long_is_cut_to_its_head)
{
	struct str rest = logged(t, write_too_much);
	struct json *line = line_of(t, &rest);
	CHECK(line && json_get(line, STR("cut"))->b);
	CHECK_STR(json_text(line, STR("event")), "long");
}

/* From the start of a second on, so that the burst falls into one. */
static void write_a_burst(struct arena *a)
{
	(void)a;
	log_set_rate(3);
	usleep((useconds_t)(1000000 - monotonic_us() % 1000000));
	for (int i = 0; i < 10; i++)
		log_event(LOG_INFO, "burst", LOG_I("i", i));
	log_event(LOG_INFO, "other");
	usleep((useconds_t)(1000000 - monotonic_us() % 1000000));
	log_event(LOG_INFO, "later");
}

TEST(log_rate_drops_counts_and_says_so)
{
	struct str rest = logged(t, write_a_burst);
	for (int i = 0; i < 3; i++) {
		struct json *line = line_of(t, &rest);
		CHECK_STR(json_text(line, STR("event")), "burst");
		CHECK_INT(json_get(line, STR("i"))->i, i);
	}
	CHECK_STR(json_text(line_of(t, &rest), STR("event")), "other");
	struct json *dropped = line_of(t, &rest);
	CHECK_STR(json_text(dropped, STR("event")), "log.dropped");
	CHECK_STR(json_text(dropped, STR("of")), "burst");
	CHECK_INT(json_get(dropped, STR("lines"))->i, 7);
	CHECK_STR(json_text(line_of(t, &rest), STR("event")), "later");
	CHECK_INT(rest.n, 0);
}
