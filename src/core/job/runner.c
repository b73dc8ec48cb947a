#include <errno.h>
#include <pthread.h>

#include "base/log.h"
#include "core/job/job.h"
#include "core/job/queries.h"

enum {
	JOB_THREADS_MAX = 16,
	JOB_ARENA_MAX = 256 * 1024 * 1024,
	JOB_POLL_MS = 1000,
	END_TRIES = 3,
	END_PAUSE_MAX_S = 5,
	STAMP_THREADS = 2
};

/* Which jobs a thread takes. */
struct seat {
	struct jobs *jobs;
	enum job_lane lane;
};

struct jobs {
	struct seat seats[JOB_LANE_MAX];
	struct town *town;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t threads[JOB_THREADS_MAX];
	int thread_count;
	unsigned woken; /* counts jobs_wake calls, so that none is missed between a look and a wait */
	bool stopping;
};

/* One commit of the runner: takes, finishes or puts back one job. */
struct turn {
	int64_t id;
	const struct job_kind *kind;
	int attempt;
	struct err *failure; /* what the job ended with */
	bool taken;
};

static struct instant after_s(struct instant t, int64_t s) { return (struct instant){ t.ms + s * 1000 }; }

static struct err *take_commit(struct tx *tx, void *input)
{
	struct turn *turn = input;
	int64_t changed = 0;
	struct instant abandoned = after_s(tx->now, JOB_ABANDONED_S);
	TRY(job_take(tx->db, tx->arena, &(struct job_take_in){ .id = turn->id, .run_at = abandoned }, &changed));
	turn->taken = changed == 1; /* another thread may have been faster */
	return NULL;
}

/* Doubled at each try. What repeats anyway never waits longer than for its next time. */
static int64_t pause_s(const struct turn *turn)
{
	int doublings = turn->attempt < 12 ? turn->attempt - 1 : 11;
	int64_t pause = (int64_t)turn->kind->backoff_s << doublings;
	return turn->kind->every_s > 0 && pause > turn->kind->every_s ? turn->kind->every_s : pause;
}

/* What repeats is never given up: a disk that was full for a day must not end it for ever. */
static bool is_given_up(const struct turn *turn)
{
	return turn->kind->every_s == 0 && turn->attempt >= turn->kind->max_attempts;
}

static struct err *end_commit(struct tx *tx, void *input)
{
	const struct turn *turn = input;
	if (!turn->failure && turn->kind->every_s > 0)
		return job_again(tx->db, tx->arena,
			&(struct job_again_in){ .id = turn->id, .run_at = after_s(tx->now, turn->kind->every_s) }, NULL);
	if (!turn->failure)
		return job_finish(tx->db, tx->arena,
			&(struct job_finish_in){ .id = turn->id, .finished_at = tx->now }, NULL);
	return job_fail(tx->db, tx->arena,
		&(struct job_fail_in){ .id = turn->id,
			.state = is_given_up(turn) ? STR("dead") : STR("waiting"),
			.run_at = after_s(tx->now, pause_s(turn)),
			.last_error = err_describe(tx->arena, turn->failure) },
		NULL);
}

/* Waits so long, or less when the runner stops: false then. */
static bool rest(struct jobs *jobs, int seconds)
{
	int64_t end_us = monotonic_us() + (int64_t)seconds * 1000000;
	struct timespec end = { .tv_sec = end_us / 1000000, .tv_nsec = end_us % 1000000 * 1000 };
	int rc = 0;
	pthread_mutex_lock(&jobs->lock);
	while (!jobs->stopping && rc != ETIMEDOUT)
		rc = pthread_cond_timedwait(&jobs->wake, &jobs->lock, &end);
	bool goes_on = !jobs->stopping;
	pthread_mutex_unlock(&jobs->lock);
	return goes_on;
}

/* A full disk passes, a database comes back; what cannot be written until then would stand as running. So a runner's
 * thread tries until it is told to stop; `drain`, which has no runner, a few times. */
static bool may_end_later(struct jobs *jobs, int tries)
{
	const struct timespec pause = { .tv_sec = tries };
	if (jobs) return rest(jobs, tries < END_PAUSE_MAX_S ? tries : END_PAUSE_MAX_S);
	return tries <= END_TRIES && nanosleep(&pause, NULL) == 0;
}

static struct err *end_turn(struct town *town, struct jobs *jobs, struct arena *a, struct turn *turn)
{
	struct err *e = writer_run(town->writer, a, end_commit, turn);
	for (int tries = 1; e && e->code == ERR_UNAVAILABLE; tries++) {
		log_error("job.unfinished", e, str_of(turn->kind->name));
		if (!may_end_later(jobs, tries)) break;
		e = writer_run(town->writer, a, end_commit, turn);
	}
	return e;
}

static struct err *run_one(struct town *town, struct jobs *jobs, struct db *db, struct arena *a,
	const struct job_due_row *row)
{
	struct turn turn = { .id = row->id, .kind = module_job(row->kind), .attempt = (int)row->attempts + 1 };
	TRY(writer_run(town->writer, a, take_commit, &turn));
	if (!turn.taken) return NULL;
	struct json *input, *effects;
	TRY(json_parse(a, row->input, &input));
	TRY(json_parse(a, row->effects, &effects));
	struct job_context context = {
		.arena = a,
		.town = town_hold(town, a),
		.db = db,
		.id = row->id,
		.case_id = row->has_case_id ? row->case_id : 0,
		.now = town_now(town),
		.input = input,
		.effects = effects,
		.attempt = turn.attempt,
	};
	if (!turn.kind)
		turn.failure = ERR(a, ERR_INTERNAL, NULL, "no module runs jobs of kind %.*s", STR_FMT(row->kind));
	else
		turn.failure = turn.kind->run(&context);
	if (turn.failure) log_error("job.failed", turn.failure, row->kind);
	static const struct job_kind unknown = { "unknown", NULL, 1, 60, 0 };
	turn.kind = turn.kind ? turn.kind : &unknown;
	return end_turn(town, jobs, a, &turn);
}

/* What a commit wanted at once is due at its own time, also when the clock has been set back since. */
static struct instant due_time(struct town *town)
{
	struct instant now = town_now(town), newest = writer_time(town->writer);
	return newest.ms > now.ms ? newest : now;
}

static struct err *reclaim_commit(struct tx *tx, void *input)
{
	return job_reclaim(tx->db, tx->arena, &(struct job_reclaim_in){ .now = *(const struct instant *)input },
		NULL);
}

/* When nothing is due: what was taken long ago and never ended waits again. */
static struct err *reclaim(struct town *town, struct db *db, struct arena *a, struct instant now,
	bool *ret_any)
{
	struct job_abandoned_row row;
	TRY(job_abandoned(db, a, &(struct job_abandoned_in){ .now = now }, &row, ret_any));
	return *ret_any ? writer_run(town->writer, a, reclaim_commit, &now) : NULL;
}

static struct err *find_due(struct db *db, struct arena *a, enum job_lane lane, struct instant now,
	struct job_due_row *ret, bool *ret_found)
{
	if (lane != JOB_LANE_OWN)
		return job_due_in_lane(db, a, &(struct job_due_in_lane_in){ .now = now, .lane = job_lane_name(lane) },
			ret, ret_found);
	return job_due(db, a, &(struct job_due_in){ .now = now }, ret, ret_found);
}

/* Runs one due job of that lane if there is one. `jobs`: the runner, or NULL. */
static struct err *step(struct town *town, struct jobs *jobs, enum job_lane lane, struct db *db,
	struct arena *a, bool *ret_ran)
{
	struct job_due_row row;
	bool found;
	struct instant now = due_time(town);
	TRY(find_due(db, a, lane, now, &row, &found));
	if (found)
		TRY(run_one(town, jobs, db, a, &row));
	else
		TRY(reclaim(town, db, a, now, &found));
	*ret_ran = found;
	return NULL;
}

struct err *jobs_drain(struct town *t, struct arena *a, int *ret_ran)
{
	struct arena *own = arena_new(JOB_ARENA_MAX);
	struct db *db = NULL;
	struct err *e = town_connect(t, own, &db);
	struct arena *work = arena_new(JOB_ARENA_MAX);
	bool more = !e;
	int ran = 0;
	while (more && !e) {
		arena_reset(work);
		more = false;
		for (int lane = 0; lane < JOB_LANE_MAX && !more && !e; lane++)
			e = step(t, NULL, (enum job_lane)lane, db, work, &more);
		ran += more ? 1 : 0;
	}
	struct err *kept = err_copy(a, e);
	db_close(db);
	arena_free(work);
	arena_free(own);
	if (kept) return kept;
	*ret_ran = ran;
	return NULL;
}

/* Waits until something may be due. Returns false when the runner stops. */
static bool wait_for_work(struct jobs *jobs, unsigned seen)
{
	pthread_mutex_lock(&jobs->lock);
	if (!jobs->stopping && jobs->woken == seen) {
		struct timespec until;
		int64_t wake_us = monotonic_us() + JOB_POLL_MS * 1000;
		until.tv_sec = wake_us / 1000000;
		until.tv_nsec = wake_us % 1000000 * 1000;
		pthread_cond_timedwait(&jobs->wake, &jobs->lock, &until);
	}
	bool go_on = !jobs->stopping;
	pthread_mutex_unlock(&jobs->lock);
	return go_on;
}

static unsigned wake_count(struct jobs *jobs)
{
	pthread_mutex_lock(&jobs->lock);
	unsigned count = jobs->woken;
	pthread_mutex_unlock(&jobs->lock);
	return count;
}

static void *runner_thread(void *argument)
{
	const struct seat *seat = argument;
	struct jobs *jobs = seat->jobs;
	struct arena *own = arena_new(JOB_ARENA_MAX), *work = arena_new(JOB_ARENA_MAX);
	struct db *db = NULL;
	bool go_on = true;
	while (go_on) {
		unsigned seen = wake_count(jobs);
		bool ran = false;
		arena_reset(work);
		struct err *e = db ? NULL : town_connect(jobs->town, own, &db);
		e = e ? e : step(jobs->town, jobs, seat->lane, db, work, &ran);
		if (e) log_error("job.runner", e, STR_NONE);
		go_on = wait_for_work(jobs, ran && !e ? seen - 1 : seen);
	}
	db_close(db);
	arena_free(work);
	arena_free(own);
	return NULL;
}

/* How many threads a lane has beside the ordinary ones. */
static int lane_threads(const struct town *t, enum job_lane lane)
{
	if (lane == JOB_LANE_STAMP) return t->timestamp ? STAMP_THREADS : 0;
	return lane == JOB_LANE_OUTSIDE ? 1 : 0;
}

static struct err *recover_commit(struct tx *tx, void *input)
{
	const struct town *t = input;
	TRY(job_recover(tx->db, tx->arena, &(struct job_recover_in){ .run_at = tx->now }, NULL));
	for (int lane = JOB_LANE_OWN + 1; lane < JOB_LANE_MAX; lane++) {
		struct job_leave_lane_in left = { .lane = job_lane_name((enum job_lane)lane) };
		if (lane_threads(t, (enum job_lane)lane) == 0) TRY(job_leave_lane(tx->db, tx->arena, &left, NULL));
	}
	/* Repeating kinds always have their one row. */
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct job_kind *k = (*m)->jobs; k && k->name; k++) {
			if (k->every_s > 0) TRY(job_add(tx, str_of(k->name), str_of(k->name), 0, STR_NONE, tx->now));
		}
	}
	return NULL;
}

static struct err *seat_threads(struct jobs *jobs, struct arena *a, enum job_lane lane, int count)
{
	for (; count > 0; count--, jobs->thread_count++) {
		must(jobs->thread_count < JOB_THREADS_MAX);
		if (pthread_create(&jobs->threads[jobs->thread_count], NULL, runner_thread, &jobs->seats[lane]))
			return ERR(a, ERR_UNAVAILABLE, NULL, "cannot start a job thread");
	}
	return NULL;
}

struct err *jobs_start(struct arena *a, struct town *t, int threads, struct jobs **ret)
{
	must(threads > 0);
	TRY(writer_run(t->writer, a, recover_commit, t));
	struct jobs *jobs = ARENA_NEW(a, struct jobs);
	jobs->town = t;
	pthread_mutex_init(&jobs->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&jobs->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	t->jobs = jobs; /* before there are threads: they copy it with their holds */
	struct err *e = NULL;
	for (int lane = 0; lane < JOB_LANE_MAX; lane++)
		jobs->seats[lane] = (struct seat){ jobs, (enum job_lane)lane };
	for (int lane = 0; lane < JOB_LANE_MAX && !e; lane++)
		e = seat_threads(jobs, a, (enum job_lane)lane,
			lane == JOB_LANE_OWN ? threads : lane_threads(t, (enum job_lane)lane));
	if (e)
		jobs_stop(jobs);
	else
		*ret = jobs;
	return e;
}

void jobs_stop(struct jobs *jobs)
{
	if (!jobs) return;
	pthread_mutex_lock(&jobs->lock);
	jobs->stopping = true;
	pthread_cond_broadcast(&jobs->wake);
	pthread_mutex_unlock(&jobs->lock);
	for (int i = 0; i < jobs->thread_count; i++)
		pthread_join(jobs->threads[i], NULL);
	jobs->town->jobs = NULL;
	pthread_cond_destroy(&jobs->wake);
	pthread_mutex_destroy(&jobs->lock);
}

bool jobs_are_stopping(struct jobs *jobs)
{
	if (!jobs) return false;
	pthread_mutex_lock(&jobs->lock);
	bool stopping = jobs->stopping;
	pthread_mutex_unlock(&jobs->lock);
	return stopping;
}

void jobs_wake(struct jobs *jobs)
{
	if (!jobs) return;
	pthread_mutex_lock(&jobs->lock);
	jobs->woken++;
	pthread_cond_broadcast(&jobs->wake);
	pthread_mutex_unlock(&jobs->lock);
}
