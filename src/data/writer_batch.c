/*
 * Group commit: BEGIN, each member under a savepoint, COMMIT (the one fsync), then done for all. A member's
 * own error undoes its savepoint. SQLite copies each page that a savepoint may have to give back, so there a
 * batch is first tried without them: only when a member fails that had already written does it run again with
 * them. When the engine drops the transaction, or the COMMIT fails, nothing of the batch exists any more and the
 * members run again one by one, the culprit last, so that it delays nobody a second time. When a COMMIT's answer
 * is lost and nobody can be asked what became of it, nothing is run again.
 */
#include <errno.h>
#include <sys/random.h>

#include "data/register_clock.h"
#include "data/writer_batch.h"

static struct err *clock_read(struct batcher *b, struct arena *a)
{
	struct instant kept;
	TRY(register_clock_read(b->db, a, &kept));
	if (kept.ms > b->last.ms) b->last = kept;
	atomic_store(&b->last_ms, b->last.ms);
	return NULL;
}

static struct instant clock_now(struct batcher *b)
{
	struct instant now = b->clock(b->clock_state);
	if (now.ms > b->last.ms) b->last = now;
	atomic_store(&b->last_ms, b->last.ms);
	return b->last;
}

/* A commit's time on SQLite: what it computes counts whole, what it waits for (the disk, other processes on a busy
 * machine) a tenth. So a loop is stopped at once, and nobody is refused because the machine had something else to do. */
static int64_t commit_us(void) { return thread_cpu_us() + monotonic_us() / 10; }

struct err *batch_prepare(struct batcher *b, struct arena *a)
{
	if (b->db->engine == &db_sqlite) b->db->monotonic = commit_us;
	TRY(db_begin(b->db, a));
	struct err *e = register_clock_make(b->db, a);
	if (!e) e = clock_read(b, a);
	if (e) {
		db_rollback(b->db);
		return e;
	}
	return db_commit(b->db, a);
}

struct str tx_random(struct tx *tx, size_t n)
{
	char *bytes = arena_alloc(tx->arena, n + 1);
	for (size_t got = 0; got < n;) {
		ssize_t more = getrandom(bytes + got, n - got, 0);
		must(more > 0 || (more < 0 && errno == EINTR));
		if (more > 0) got += (size_t)more;
	}
	return (struct str){ bytes, n };
}

void batch_refuse(struct commit *c, const char *why)
{
	c->err = ERR(c->arena, ERR_UNAVAILABLE, NULL, "%s", why);
	if (c->done) c->done(c);
}

/* --- one member ----------------------------------------------------------------------------------------- */

static void commit_timed(struct batcher *b, int64_t started_us)
{
	int64_t us = monotonic_us() - started_us;
	if (us > atomic_load(&b->max_commit_us)) atomic_store(&b->max_commit_us, us);
}

/* Runs the member's function under its deadline. An error that it overlooked is its error all the same. */
static struct err *member_call(struct batcher *b, struct commit *c)
{
	struct tx tx = { .db = b->db, .arena = c->arena, .now = clock_now(b), .writer = b->writer };
	int64_t started = monotonic_us();
	db_set_deadline(b->db, b->db->monotonic() + WRITER_COMMIT_MS * 1000 * b->db->engine->patience);
	struct err *e = c->run(&tx, c->input);
	db_set_deadline(b->db, 0);
	commit_timed(b, started);
	if (db_is_lost(b->db))
		return ERR(c->arena, ERR_UNAVAILABLE, NULL, "the engine dropped the transaction: %s",
			e ? e->detail : "?");
	if (!e && b->db->failed)
		return ERR(c->arena, ERR_INTERNAL, NULL, "a commit function overlooked a failed statement");
	return e;
}

/* Without a savepoint. *ret_spoilt: the member failed and what it wrote stands among what the others wrote. */
static bool member_run_freely(struct batcher *b, struct commit *c, bool *ret_spoilt)
{
	int64_t before = b->db->engine->total_changes(b->db);
	b->db->failed = false;
	c->err = member_call(b, c);
	if (db_is_lost(b->db)) return false;
	b->db->failed = false;
	*ret_spoilt = c->err && b->db->engine->total_changes(b->db) != before;
	return true;
}

/* False when the transaction is gone and the batch with it. */
static bool member_run(struct batcher *b, struct commit *c)
{
	c->err = db_savepoint(b->db, c->arena);
	if (c->err) return false;
	c->err = member_call(b, c);
	if (db_is_lost(b->db)) return false;
	struct err *e = c->err ? db_rollback_to(b->db, c->arena) : db_release(b->db, c->arena);
	if (!e) return true;
	c->err = e;
	return false;
}

/* --- the batch ------------------------------------------------------------------------------------------ */

static struct err *batch_begin(struct batcher *b)
{
	TRY(db_begin(b->db, b->arena));
	struct err *e = clock_read(b, b->arena);
	if (e) db_rollback(b->db);
	return e;
}

/* COMMIT, unless no member has anything to keep. */
static struct err *batch_end(struct batcher *b, bool anything)
{
	if (!anything) {
		db_rollback(b->db);
		return NULL;
	}
	struct err *e = register_clock_advance(b->db, b->arena, b->last);
	if (!e) return db_commit(b->db, b->arena);
	db_rollback(b->db);
	return e;
}

static void members_done(struct batcher *b, struct commit **members, size_t count)
{
	atomic_fetch_add(&b->batches, 1);
	if ((int64_t)count > atomic_load(&b->max_batch)) atomic_store(&b->max_batch, (int64_t)count);
	for (size_t i = 0; i < count; i++)
		atomic_fetch_add(&b->commits, members[i]->err == NULL);
	for (size_t i = 0; i < count; i++) {
		if (members[i]->done) members[i]->done(members[i]);
	}
}

/* Whoever loses the transaction all by itself is the culprit, or the disk is. False when not even a
 * transaction can be had. */
static bool single_run(struct batcher *b, struct commit *c)
{
	struct err *e = batch_begin(b);
	bool begun = !e;
	if (begun && member_run(b, c)) {
		e = batch_end(b, c->err == NULL);
	} else if (begun) {
		db_rollback(b->db);
		e = c->err;
	}
	if (e) c->err = ERR(c->arena, ERR_UNAVAILABLE, e->key, "%s", e->detail);
	atomic_fetch_add(&b->retried, 1);
	members_done(b, &c, 1);
	arena_reset(b->arena);
	return begun;
}

/* All in order, but the culprit last. */
static void singles_run(struct batcher *b, struct commit **members, size_t count, size_t culprit)
{
	bool begun = true;
	for (size_t i = 0; i < count + 1; i++) {
		size_t at = i < count ? i : culprit;
		if (at == count || (i < count && i == culprit)) continue;
		if (begun)
			begun = single_run(b, members[at]);
		else
			batch_refuse(members[at], "the database takes no transaction");
	}
}

enum outcome { OUTCOME_DURABLE, OUTCOME_SPOILT, OUTCOME_LOST, OUTCOME_UNKNOWN, OUTCOME_NOT_BEGUN };

/* Runs members in one transaction, *count of them or fewer. OUTCOME_LOST: nothing of it exists, and
 * *ret_culprit is who lost it, or `*count`. OUTCOME_SPOILT: nothing of it exists, and it needs savepoints. */
static enum outcome together_run(struct batcher *b, struct commit **members, size_t *count, bool freely,
	size_t *ret_culprit)
{
	bool anything = false, is_spoilt = false;
	int64_t end = monotonic_us() + BATCH_MAX_MS * 1000;
	*ret_culprit = *count;
	if (batch_begin(b)) return OUTCOME_NOT_BEGUN;
	for (size_t i = 0; i < *count; i++) {
		bool goes_on = freely ? member_run_freely(b, members[i], &is_spoilt) : member_run(b, members[i]);
		if (!goes_on || is_spoilt) {
			db_rollback(b->db);
			*ret_culprit = i;
			return goes_on ? OUTCOME_SPOILT : OUTCOME_LOST;
		}
		anything = anything || !members[i]->err;
		if (monotonic_us() > end) *count = *ret_culprit = i + 1;
	}
	if (!batch_end(b, anything)) return OUTCOME_DURABLE;
	return b->db->is_uncertain ? OUTCOME_UNKNOWN : OUTCOME_LOST;
}

size_t batch_run(struct batcher *b, struct commit **members, size_t count)
{
	size_t culprit;
	size_t all = count;
	enum outcome outcome = together_run(b, members, &count, b->db->engine->total_changes != NULL, &culprit);
	if (outcome == OUTCOME_SPOILT) {
		count = all;
		outcome = together_run(b, members, &count, false, &culprit);
	}
	arena_reset(b->arena);
	if (outcome == OUTCOME_DURABLE) members_done(b, members, count);
	for (size_t i = 0; i < count && outcome == OUTCOME_NOT_BEGUN; i++)
		batch_refuse(members[i], "the database takes no transaction");
	for (size_t i = 0; i < count && outcome == OUTCOME_UNKNOWN; i++)
		batch_refuse(members[i], "the database went away at COMMIT");
	if (outcome == OUTCOME_LOST) singles_run(b, members, count, culprit);
	return count;
}
