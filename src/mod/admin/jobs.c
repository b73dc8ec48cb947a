/* The jobs that failed, and trying one again now. */
#include "core/job/job.h"
#include "core/job/queries.h"
#include "mod/admin/admin.html.h"
#include "mod/admin/pages.h"

enum { SOON_MS = 3600 * 1000 };

static struct tag_view state_tag(struct request *r, struct str state)
{
	bool is_dead = str_eq(state, STR("dead"));
	return (struct tag_view){ .tone = is_dead ? TONE_BAD : TONE_WARN, .text = admin_word(r, "job", state) };
}

static struct job_row row_of(struct request *r, const struct job_troubled_row *job)
{
	bool is_waiting = str_eq(job->state, STR("waiting")), is_dead = str_eq(job->state, STR("dead"));
	return (struct job_row){ .name = admin_word(r, "job", job->kind),
		.kind = job->kind,
		.reason = job->last_error,
		.id = job->id,
		.attempts = job->attempts,
		.state = state_tag(r, job->state),
		.since = job->created_at,
		.next = is_waiting ? job->run_at : INSTANT_NONE,
		.may_retry = is_waiting || is_dead };
}

struct err *admin_jobs_page(struct request *r, struct response *out)
{
	struct job_troubled_rows rows;
	struct job_waiting_count_row waiting;
	bool found;
	struct view *view = page_view(r);
	TRY(job_troubled(r->db, r->arena, &rows));
	TRY(job_waiting_count(r->db, r->arena, &(struct job_waiting_count_in){ .until = { r->now.ms + SOON_MS } },
		&waiting, &found));
	struct jobs_view v = { .page = page_office(r, view, i18n_text(r->lang, MSG_ADMIN_JOBS)),
		.waiting = found ? waiting.total : 0,
		.rows = { ARENA_ARRAY(r->arena, struct job_row, rows.count), rows.count } };
	for (size_t i = 0; i < rows.count; i++)
		v.rows.items[i] = row_of(r, &rows.items[i]);
	admin_jobs_html(view, &v);
	page_send(out, view);
	return NULL;
}

struct err *admin_retry_commit(struct request *r, struct tx *tx)
{
	int64_t id;
	if (!str_to_int64(r->params[0], 1, INT64_MAX, &id))
		return ERR(tx->arena, ERR_NOT_FOUND, NULL, "no such job");
	TRY(job_retry_now(tx, id));
	return admin_event(r, tx, "job.retried");
}

struct err *admin_retry_answer(struct request *r, struct response *out)
{
	(void)r;
	response_redirect(out, STR(ADMIN_JOBS));
	return NULL;
}
