/* The end of drafts: what nobody came back for in DRAFT_DAYS is forgotten, with its files. A filed draft ends two
 * days after filing; its files are the case's by then. */
#include "core/draft/draft.h"
#include "core/draft/queries.h"
#include "core/file/queries.h"
#include "core/job/job.h"

enum { EXPIRE_EVERY_S = 3600, EXPIRE_BATCHES = 100 };

struct expire_one {
	int64_t id;
	struct instant now;
};

static struct err *expire_commit(struct tx *tx, void *input)
{
	const struct expire_one *one = input;
	struct arena *a = tx->arena;
	struct attachment_of_draft_rows rows;
	struct draft_by_id_row draft;
	bool found;
	TRY(draft_by_id(tx->db, a, &(struct draft_by_id_in){ .id = one->id }, &draft, &found));
	if (!found || draft.expires_at.ms > one->now.ms) return NULL; /* saved again in the meantime */
	TRY(attachment_of_draft(tx->db, a, &(struct attachment_of_draft_in){ .draft_id = one->id }, &rows));
	TRY(attachment_release_draft(tx->db, a, &(struct attachment_release_draft_in){ .draft_id = one->id },
		NULL));
	TRY(attachment_forget_draft(tx->db, a, &(struct attachment_forget_draft_in){ .draft_id = one->id },
		NULL));
	for (size_t i = 0; i < rows.count; i++)
		TRY(stored_file_forget(tx->db, a, &(struct stored_file_forget_in){ .id = rows.items[i].file_id },
			NULL));
	return draft_delete(tx->db, a, &(struct draft_delete_in){ .id = one->id, .now = one->now }, NULL);
}

static struct err *expire_job(struct job_context *j)
{
	for (int batch = 0; batch < EXPIRE_BATCHES; batch++) {
		struct draft_expired_rows rows;
		TRY(draft_expired(j->db, j->arena, &(struct draft_expired_in){ .now = j->now }, &rows));
		for (size_t i = 0; i < rows.count; i++) {
			struct expire_one one = { rows.items[i].id, j->now };
			TRY(job_commit(j, expire_commit, &one));
		}
		if (rows.count == 0) break;
	}
	return NULL;
}

const struct module draft_module = {
	.name = "draft",
	.jobs = (const struct job_kind[]){ { "draft.expire", expire_job, 5, 60, EXPIRE_EVERY_S }, { 0 } },
};
