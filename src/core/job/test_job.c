/* Jobs: exactly when their commit is, again after a failure, once outside, dead at last. */
#include <unistd.h>

#include "core/case/test_town.h"
#include "core/job/job.h"
#include "core/job/queries.h"
#include "core/job/test_jobs.h"

struct test_jobs test_jobs;

void test_jobs_reset(int failures) { test_jobs = (struct test_jobs){ .failures = failures }; }

static struct err *flaky_job(struct job_context *j)
{
	test_jobs.runs++;
	return test_jobs.runs <= test_jobs.failures ? ERR(j->arena, ERR_UNAVAILABLE, NULL, "not yet") : NULL;
}

/* Does something outside, remembers it, and fails once right after. */
static struct err *effect_job(struct job_context *j)
{
	test_jobs.runs++;
	if (!json_get(j->effects, STR("done"))) {
		test_jobs.outside++;
		TRY(job_remember(j, STR("{\"done\":true}")));
	}
	return test_jobs.runs <= test_jobs.failures ? ERR(j->arena, ERR_UNAVAILABLE, NULL, "after the effect")
												: NULL;
}

const struct module test_jobs_module = {
	.name = "test_jobs",
	.jobs = (const struct job_kind[]){ { "test.flaky", flaky_job, 3, 10, 0 },
		{ "test.effect", effect_job, 5, 10, 0 }, { "test.often", flaky_job, 3, 10, 3600 }, { 0 } },
};

/* Ends when the runner stops, as somebody else's machine that does not answer would have it. */
static struct err *outside_job(struct job_context *j)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	while (!jobs_are_stopping(j->town->jobs))
		nanosleep(&moment, NULL);
	return ERR(j->arena, ERR_UNAVAILABLE, NULL, "nobody answered");
}

const struct module test_outside_module = {
	.name = "test_outside",
	.jobs = (const struct job_kind[]){ { "test.outside", outside_job, 3, 10, 0 }, { 0 } },
	.jobs_lane = JOB_LANE_OUTSIDE,
};

struct adding {
	const char *kind, *key;
	bool fails;
};

static struct err *add_commit(struct tx *tx, void *input)
{
	const struct adding *adding = input;
	TRY(job_add(tx, str_of(adding->kind), str_of(adding->key), 0, STR_NONE, tx->now));
	return adding->fails ? ERR(tx->arena, ERR_CONFLICT, NULL, "on purpose") : NULL;
}

static struct err *add(struct test_town *tt, const char *kind, const char *key, bool fails)
{
	struct adding adding = { kind, key, fails };
	return writer_run(tt->town->writer, tt->arena, add_commit, &adding);
}

TEST(job_exists_exactly_when_its_commit_does)
{
	struct test_town tt;
	test_jobs_reset(0);
	if (!test_town_open(t, &tt)) return;
	CHECK_ERR(add(&tt, "test.flaky", "a", true), ERR_CONFLICT);
	CHECK_INT(test_drain(&tt), 0);
	CHECK_OK(add(&tt, "test.flaky", "a", false));
	CHECK_OK(add(&tt, "test.flaky", "a", false)); /* the same key again: no second job */
	CHECK_INT(test_drain(&tt), 1);
	CHECK_INT(test_jobs.runs, 1);
	CHECK_INT(test_drain(&tt), 0);
}

TEST(job_is_tried_again_with_growing_pauses)
{
	struct test_town tt;
	test_jobs_reset(2);
	if (!test_town_open(t, &tt)) return;
	int64_t now = town_now(tt.town).ms;
	CHECK_OK(add(&tt, "test.flaky", "a", false));
	CHECK_INT(test_drain(&tt), 1);
	CHECK_INT(test_number(&tt, "SELECT run_at FROM job WHERE unique_key = 'a'") - now, 10 * 1000);
	CHECK_INT(test_drain(&tt), 0); /* not due yet */
	CHECK(test_town_forward(&tt, 1));
	CHECK_INT(test_drain(&tt), 1);
	CHECK_INT(test_number(&tt, "SELECT run_at FROM job WHERE unique_key = 'a'") - now, (60 + 20) * 1000);
	CHECK(test_town_forward(&tt, 1));
	CHECK_INT(test_drain(&tt), 1);
	CHECK_STR(test_text(&tt, "SELECT state FROM job WHERE unique_key = 'a'"), "done");
	CHECK_STR(test_text(&tt, "SELECT last_error FROM job WHERE unique_key = 'a'"), "");
}

static struct err *retry_commit(struct tx *tx, void *input)
{
	const int64_t *id = input;
	return job_retry(tx->db, tx->arena, &(struct job_retry_in){ .id = *id, .run_at = tx->now }, NULL);
}

TEST(job_is_dead_after_its_last_try_until_somebody_retries_it)
{
	struct test_town tt;
	test_jobs_reset(3);
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(add(&tt, "test.flaky", "a", false));
	for (int i = 0; i < 5; i++) {
		CHECK(test_drain(&tt) >= 0);
		CHECK(test_town_forward(&tt, 10));
	}
	CHECK_INT(test_jobs.runs, 3);
	struct job_dead_list_rows dead;
	CHECK_OK(job_dead_list(tt.db, tt.arena, &dead));
	CHECK_INT(dead.count, 1);
	CHECK(str_find(dead.items[0].last_error, STR("not yet")) >= 0);
	CHECK_OK(writer_run(tt.town->writer, tt.arena, retry_commit, &dead.items[0].id));
	CHECK_INT(test_drain(&tt), 1);
	CHECK_STR(test_text(&tt, "SELECT state FROM job WHERE unique_key = 'a'"), "done");
}

TEST(job_does_nothing_outside_twice)
{
	struct test_town tt;
	test_jobs_reset(2);
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(add(&tt, "test.effect", "a", false));
	for (int i = 0; i < 4; i++) {
		CHECK(test_drain(&tt) >= 0);
		CHECK(test_town_forward(&tt, 10));
	}
	CHECK_INT(test_jobs.runs, 3);
	CHECK_INT(test_jobs.outside, 1);
}

static struct err *take_commit(struct tx *tx, void *input)
{
	const int64_t *id = input;
	return job_take(tx->db, tx->arena,
		&(struct job_take_in){ .id = *id, .run_at = { tx->now.ms + JOB_ABANDONED_S * 1000 } }, NULL);
}

static bool is_done_soon(struct test_town *tt, const char *sql)
{
	for (int i = 0; i < 1000; i++) {
		if (test_number(tt, sql) == 1) return true;
		usleep(10 * 1000);
	}
	return false;
}

TEST(job_that_was_running_when_the_program_died_runs_again)
{
	struct test_town tt;
	struct jobs *jobs;
	test_jobs_reset(0);
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(add(&tt, "test.flaky", "a", false));
	int64_t id = test_number(&tt, "SELECT id FROM job WHERE unique_key = 'a'");
	CHECK_OK(writer_run(tt.town->writer, tt.arena, take_commit, &id));
	CHECK(test_town_reopen(&tt));
	CHECK_INT(test_drain(&tt), 0); /* nobody knows yet that its runner is gone */
	CHECK_OK(jobs_start(tt.arena, tt.town, 2, &jobs));
	bool is_done = is_done_soon(&tt, "SELECT count(*) FROM job WHERE unique_key = 'a' AND state = 'done'");
	jobs_stop(jobs);
	CHECK(is_done);
}

/* As after the death of another node, which nobody here started again. */
TEST(job_that_nobody_ended_waits_again_once_it_counts_as_abandoned)
{
	struct test_town tt;
	test_jobs_reset(0);
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(add(&tt, "test.flaky", "a", false));
	int64_t id = test_number(&tt, "SELECT id FROM job WHERE unique_key = 'a'");
	CHECK_OK(writer_run(tt.town->writer, tt.arena, take_commit, &id));
	CHECK(test_town_forward(&tt, JOB_ABANDONED_S / 60 - 1));
	test_drain(&tt);
	CHECK_INT(test_jobs.runs, 0); /* it may still be running over there */
	CHECK(test_town_forward(&tt, 1));
	test_drain(&tt);
	CHECK_INT(test_jobs.runs, 1);
	CHECK_STR(test_text(&tt, "SELECT state FROM job WHERE unique_key = 'a'"), "done");
}

/* A disk that is full for a day, a scanner or a database that is away for an hour. */
TEST(jobs_that_repeat_are_never_given_up)
{
	struct test_town tt;
	test_jobs_reset(9); /* the kind's last try would be the third */
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(add(&tt, "test.often", "test.often", false));
	for (int i = 0; i < 9; i++) {
		test_drain(&tt);
		CHECK_INT(test_jobs.runs, i + 1);
		CHECK_STR(test_text(&tt, "SELECT state FROM job WHERE kind = 'test.often'"), "waiting");
		CHECK(test_town_forward(&tt, 60));
	}
	test_drain(&tt);
	CHECK_INT(test_number(&tt, "SELECT attempts FROM job WHERE kind = 'test.often'"), 0);
}

TEST(jobs_that_repeat_have_one_row_and_come_again)
{
	struct test_town tt;
	struct jobs *jobs;
	test_jobs_reset(0);
	if (!test_town_open(t, &tt)) return;
	for (int i = 0; i < 2; i++) { /* a second start asks for no second row */
		CHECK_OK(jobs_start(tt.arena, tt.town, 2, &jobs));
		bool is_done = is_done_soon(&tt,
			"SELECT count(*) FROM job WHERE kind = 'test.often' AND state = 'waiting' AND attempts = 0 AND run_at > created_at");
		jobs_stop(jobs);
		CHECK(is_done);
	}
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM job WHERE kind = 'test.often'"), 1);
	CHECK_INT(test_jobs.runs, 1);
	CHECK(test_town_forward(&tt, 61));
	CHECK(test_drain(&tt) > 0);
	CHECK_INT(test_jobs.runs, 2);
}

/* A town that asks for no time stamps any more has no thread for them: the ordinary ones take what waited. */
TEST(job_of_a_lane_that_is_gone_runs_all_the_same)
{
	struct test_town tt;
	struct jobs *jobs;
	test_jobs_reset(0);
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(add(&tt, "test.flaky", "a", false));
	CHECK(test_write(&tt, "UPDATE job SET lane = 'stamp' WHERE unique_key = 'a'"));
	CHECK_OK(jobs_start(tt.arena, tt.town, 1, &jobs));
	bool is_done = is_done_soon(&tt, "SELECT count(*) FROM job WHERE unique_key = 'a' AND state = 'done'");
	jobs_stop(jobs);
	CHECK(is_done);
}

/* A receipt does not wait for a mail server: with one thread, and more jobs outside than there are threads. */
TEST(job_that_waits_outside_holds_nobody_up)
{
	struct test_town tt;
	struct jobs *jobs;
	test_jobs_reset(0);
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(add(&tt, "test.outside", "x", false));
	CHECK_OK(add(&tt, "test.outside", "y", false));
	CHECK_OK(add(&tt, "test.flaky", "a", false));
	CHECK_OK(jobs_start(tt.arena, tt.town, 1, &jobs));
	bool is_done = is_done_soon(&tt, "SELECT count(*) FROM job WHERE unique_key = 'a' AND state = 'done'");
	jobs_stop(jobs);
	CHECK(is_done);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM job WHERE kind = 'test.outside' AND state = 'done'"), 0);
}
