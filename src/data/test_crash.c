/* The program dies in the middle of its work: whoever was told 'durable' is in the database afterwards. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/test_support.h"

enum { COMMITS = 3000, KILL_AFTER = 700 };

struct work {
	struct commit commit;
	int number, fd;
};

static struct err *work_commit(struct tx *tx, void *input)
{
	const struct work *w = input;
	return note_insert(tx->db, tx->arena, w->number, 0, arena_printf(tx->arena, "%d", w->number));
}

static void work_done(struct commit *c)
{
	const struct work *w = c->input;
	if (!c->err && write(w->fd, &w->number, sizeof w->number) < 0) _exit(3);
}

/* Never returns: it is killed, or ends by itself when nobody kills it. */
static _Noreturn void child_main(struct str url, int fd)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct writer *w;
	if (writer_start(a, &(struct writer_options){ .url = url }, &w)) _exit(2);
	struct work *works = ARENA_ARRAY(a, struct work, COMMITS);
	for (int i = 0; i < COMMITS; i++) {
		works[i] = (struct work){ .number = i, .fd = fd };
		works[i].commit = (struct commit){ .run = work_commit,
			.input = &works[i],
			.arena = a,
			.done = work_done };
		writer_submit(w, &works[i].commit);
	}
	writer_stop(w);
	_exit(0);
}

TEST(crash_loses_nothing_that_was_promised)
{
	struct str url = support_database(t);
	int ends[2], number, told = 0, status;
	bool promised[COMMITS] = { false };
	CHECK_INT(pipe(ends), 0);
	pid_t child = fork();
	CHECK(child >= 0);
	if (child == 0) child_main(url, ends[1]);
	close(ends[1]);
	while (read(ends[0], &number, sizeof number) == sizeof number) {
		promised[number] = true;
		if (++told == KILL_AFTER) kill(child, SIGKILL);
	}
	close(ends[0]);
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK(told >= KILL_AFTER);
	struct db *reader;
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	for (int i = 0; i < COMMITS; i++) {
		int64_t rows;
		CHECK_OK(note_count(reader, t->arena, i, &rows));
		CHECK(rows == 1 || !promised[i]);
	}
	db_close(reader);
}
