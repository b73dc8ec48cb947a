/* What is kept for a day only: files that nobody used, and the answers of calls that might have been repeated. */
#include "core/dispatch/repeat.h"
#include "core/file/queries.h"
#include "core/job/job.h"
#include "core/session/queries.h"
#include "mod/api/pages.h"
#include "mod/api/queries.h"

enum { BATCHES_MAX = 100, HOUR_MS = 3600 * 1000 };

static struct err *forget_files(struct tx *tx, void *input)
{
	const struct api_file_expired_rows *rows = input;
	for (size_t i = 0; i < rows->count; i++) {
		TRY(api_file_use(tx->db, tx->arena, &(struct api_file_use_in){ .id = rows->items[i].id }, NULL));
		TRY(stored_file_forget(tx->db, tx->arena,
			&(struct stored_file_forget_in){ .id = rows->items[i].file_id }, NULL));
	}
	return NULL;
}

static struct err *forget_answers(struct tx *tx, void *input)
{
	const struct instant *before = input;
	return idempotency_forget(tx->db, tx->arena, &(struct idempotency_forget_in){ .before = *before }, NULL);
}

struct err *api_forget_job(struct job_context *j)
{
	struct instant before = { j->now.ms - (int64_t)REPEAT_KEPT_HOURS * HOUR_MS };
	for (int batch = 0; batch < BATCHES_MAX; batch++) {
		struct api_file_expired_rows rows;
		TRY(api_file_expired(j->db, j->arena, &(struct api_file_expired_in){ .now = j->now }, &rows));
		if (rows.count == 0) break;
		TRY(job_commit(j, forget_files, &rows));
	}
	return job_commit(j, forget_answers, &before);
}
