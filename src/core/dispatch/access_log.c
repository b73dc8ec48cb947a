#include <pthread.h>

#include "base/log.h"
#include "core/dispatch/access_log.h"

enum { BATCH_ROWS = 256, BATCH_ARENA_MAX = 1024 * 1024 }; /* a commit has 20 ms */

struct batch {
	struct commit commit; /* first: the writer gives it back */
	struct access_log *log;
	struct access_insert_in rows[BATCH_ROWS];
	size_t count;
};

struct access_log {
	struct town *town;
	pthread_mutex_t lock;
	pthread_cond_t idle;
	struct batch *gathering; /* not yet with the writer; may be NULL */
	int away;                /* batches with the writer */
};

static struct err *batch_commit(struct tx *tx, void *input)
{
	const struct batch *b = input;
	for (size_t i = 0; i < b->count; i++)
		TRY(access_insert(tx->db, tx->arena, &b->rows[i], NULL));
	return NULL;
}

/* Under the lock: what is gathered goes to the writer; the caller submits it after unlocking. */
static struct batch *take_gathered(struct access_log *log)
{
	struct batch *b = log->gathering;
	log->gathering = NULL;
	log->away += b ? 1 : 0;
	return b;
}

static void submit(struct access_log *log, struct batch *b)
{
	if (b) writer_submit(log->town->writer, &b->commit);
}

static void batch_done(struct commit *commit)
{
	struct batch *b = (struct batch *)commit;
	struct access_log *log = b->log;
	if (commit->err) log_error("access.lost", commit->err, STR_NONE);
	arena_free(commit->arena);
	pthread_mutex_lock(&log->lock);
	log->away--;
	struct batch *next = log->away == 0 ? take_gathered(log) : NULL;
	if (log->away == 0) pthread_cond_broadcast(&log->idle);
	pthread_mutex_unlock(&log->lock);
	submit(log, next);
}

static struct batch *batch_new(struct access_log *log)
{
	struct arena *a = arena_new(BATCH_ARENA_MAX);
	struct batch *b = ARENA_NEW(a, struct batch);
	b->log = log;
	b->commit = (struct commit){ .run = batch_commit, .input = b, .arena = a, .done = batch_done };
	return b;
}

struct access_log *access_log_new(struct arena *a, struct town *t)
{
	struct access_log *log = ARENA_NEW(a, struct access_log);
	log->town = t;
	pthread_mutex_init(&log->lock, NULL);
	pthread_cond_init(&log->idle, NULL);
	return log;
}

void access_log_add(struct access_log *log, const struct access_insert_in *row)
{
	pthread_mutex_lock(&log->lock);
	struct batch *b = log->gathering ? log->gathering : batch_new(log);
	log->gathering = b;
	struct access_insert_in *kept = &b->rows[b->count++];
	*kept = *row;
	kept->request_id = arena_str(b->commit.arena, row->request_id);
	struct batch *full = log->away == 0 || b->count == BATCH_ROWS ? take_gathered(log) : NULL;
	pthread_mutex_unlock(&log->lock);
	submit(log, full);
}

void access_log_flush(struct access_log *log)
{
	pthread_mutex_lock(&log->lock);
	while (log->away > 0)
		pthread_cond_wait(&log->idle, &log->lock);
	pthread_mutex_unlock(&log->lock);
}

void access_log_stop(struct access_log *log)
{
	if (!log) return;
	access_log_flush(log);
	pthread_cond_destroy(&log->idle);
	pthread_mutex_destroy(&log->lock);
}
