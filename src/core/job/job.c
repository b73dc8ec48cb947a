#include "core/job/job.h"
#include "core/job/queries.h"

struct str job_lane_name(enum job_lane lane)
{
	static const char *const names[] = { [JOB_LANE_OUTSIDE] = "outside", [JOB_LANE_STAMP] = "stamp" };
	return lane == JOB_LANE_OWN ? STR_NONE : str_of(names[lane]);
}

struct err *job_add(struct tx *tx, struct str kind, struct str unique_key, int64_t case_id, struct str input,
	struct instant run_at)
{
	must(module_job(kind) != NULL);
	return job_insert(tx->db, tx->arena,
		&(struct job_insert_in){ .kind = kind,
			.unique_key = unique_key,
			.has_case_id = case_id != 0,
			.case_id = case_id,
			.input = str_is_empty(input) ? STR("{}") : input,
			.run_at = run_at,
			.created_at = tx->now,
			.lane = job_lane_name(module_job_lane(kind)) },
		NULL);
}

struct effects_input {
	int64_t id;
	struct str effects;
};

static struct err *remember_commit(struct tx *tx, void *input)
{
	const struct effects_input *in = input;
	return job_set_effects(tx->db, tx->arena,
		&(struct job_set_effects_in){ .id = in->id, .effects = in->effects }, NULL);
}

struct err *job_remember(struct job_context *j, struct str effects)
{
	struct effects_input in = { j->id, effects };
	struct json *tree;
	TRY(json_parse(j->arena, effects, &tree));
	TRY(job_commit(j, remember_commit, &in));
	j->effects = tree;
	return NULL;
}

struct err *job_commit(struct job_context *j, commit_fn *run, void *input)
{
	return writer_run(j->town->writer, j->arena, run, input);
}

struct err *jobs_skip(struct tx *tx)
{
	return job_skip(tx->db, tx->arena, &(struct job_skip_in){ .finished_at = tx->now }, NULL);
}

struct err *job_retry_now(struct tx *tx, int64_t id)
{
	int64_t changed = 0;
	TRY(job_retry(tx->db, tx->arena, &(struct job_retry_in){ .id = id, .run_at = tx->now }, &changed));
	return changed == 1
		? NULL
		: ERR(tx->arena, ERR_CONFLICT, NULL, "job %lld neither failed nor waits", (long long)id);
}
