/*
 * What only PostgreSQL has: two nodes on one database, connections that are lost, a COMMIT whose answer is.
 * Everything else of the data layer is tested on both engines by the other files. Without VENTANILLA_TEST_PG
 * these tests are not there.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/test_support.h"

#define TEST_PG(test_name)                                                                                   \
	static void test_##test_name(struct test *t);                                                            \
	__attribute__((constructor)) static void test_add_##test_name(void)                                      \
	{                                                                                                        \
		static struct test_entry entry = { #test_name, test_##test_name, NULL };                             \
		if (support_is_postgresql()) test_register(&entry);                                                  \
	}                                                                                                        \
	static void test_##test_name(struct test *t)

static struct str server_url(void) { return str_of(getenv("VENTANILLA_TEST_PG")); }

/* "A B C" with the first `what` replaced. */
static struct str replaced(struct test *t, struct str url, struct str what, struct str by)
{
	ptrdiff_t at = str_find(url, what);
	must(at >= 0);
	struct str rest = str_slice(url, (size_t)at + what.n, url.n);
	return arena_printf(t->arena, "%.*s%.*s%.*s", (int)at, url.p, STR_FMT(by), STR_FMT(rest));
}

/* --- the database --------------------------------------------------------------------------------------- */

/* Order by bytes is what generated queries rest on: "ñ" after "z", on every machine, for ever. */
TEST_PG(postgresql_refuses_other_collations_and_encodings)
{
	static const char *const makings[] = { "ENCODING 'UTF8' LOCALE 'C.UTF-8'", "ENCODING 'LATIN1' LOCALE 'C'",
		"ENCODING 'SQL_ASCII' LOCALE 'C'" };
	struct db *db, *other = NULL;
	CHECK_OK(db_open(t->arena, server_url(), DB_WRITE, &db));
	for (size_t i = 0; i < sizeof makings / sizeof *makings; i++) {
		struct str name = arena_printf(t->arena, "other_%d_%zu", (int)getpid(), i);
		struct str make = arena_printf(t->arena, "CREATE DATABASE %s TEMPLATE template0 %s", name.p,
			makings[i]);
		struct str url = replaced(t, server_url(), STR("/ventanilla?"),
			arena_printf(t->arena, "/%s?", name.p));
		CHECK_OK(db_script(db, t->arena, "", make.p));
		CHECK_ERR(db_open(t->arena, url, DB_READ, &other), ERR_USAGE);
		CHECK_OK(db_script(db, t->arena, "", arena_printf(t->arena, "DROP DATABASE %s", name.p).p));
	}
	db_close(db);
}

TEST_PG(postgresql_errors_have_the_codes_of_sqlite)
{
	static const struct {
		const char *state;
		enum err_code code;
	} cases[] = { { "23505", ERR_CONFLICT }, { "23503", ERR_INTERNAL }, { "53100", ERR_UNAVAILABLE },
		{ "57014", ERR_UNAVAILABLE }, { "40P01", ERR_UNAVAILABLE }, { "54000", ERR_TOO_LARGE },
		{ "42601", ERR_INTERNAL }, { "22021", ERR_INVALID } };
	struct db *db;
	CHECK_OK(db_open(t->arena, support_database(t), DB_WRITE, &db));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str raise = arena_printf(t->arena, "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''%s''; END'",
			cases[i].state);
		CHECK_ERR(db_script(db, t->arena, "", raise.p), cases[i].code);
	}
	CHECK_ERR(note_insert(db, t->arena, 1, 1, STR("\xff")), ERR_INVALID);
	db_close(db);
}

/* The log must not learn who is in the register: the server's DETAIL names the row. */
TEST_PG(postgresql_errors_do_not_tell_values)
{
	struct db *db;
	CHECK_OK(db_open(t->arena, support_database(t), DB_WRITE, &db));
	CHECK_OK(note_insert(db, t->arena, 1, 1, STR("María")));
	struct err *e = note_insert(db, t->arena, 1, 2, STR("María"));
	CHECK(e && e->code == ERR_CONFLICT);
	CHECK(str_find(err_describe(t->arena, e), STR("María")) < 0);
	db_close(db);
}

/* --- reading ---------------------------------------------------------------------------------------------- */

static const struct query series_query = { .name = "series",
	.postgresql = "SELECT n FROM generate_series(1, 5000) AS s(n)",
	.index = 601,
	.columns = 1 };
static const struct query zero_query = { .name = "zero",
	.postgresql = "SELECT 1 / (count(*) - count(*)) FROM note",
	.index = 602,
	.columns = 1 };

/* Rows that come one by one, and other queries between them: none is lost and the order stays. */
TEST_PG(postgresql_queries_between_rows)
{
	struct db *db;
	struct stmt *s;
	bool row;
	int64_t count, sum = 0;
	CHECK_OK(db_open(t->arena, support_database(t), DB_READ, &db));
	CHECK_OK(db_snapshot_begin(db));
	CHECK_OK(db_statement(db, t->arena, &series_query, &s));
	for (int64_t i = 1; i <= 5000; i++) {
		CHECK_OK(stmt_step(s, t->arena, &row));
		CHECK(row);
		CHECK_INT(stmt_int(s, 0), i);
		if (i == 3 || i == 2500) CHECK_OK(note_count(db, t->arena, -1, &count));
		sum += stmt_int(s, 0);
	}
	CHECK_OK(stmt_step(s, t->arena, &row));
	CHECK(!row);
	CHECK_INT(sum, 5000 * 5001 / 2);
	stmt_done(s);
	/* The same left in the middle. */
	CHECK_OK(db_statement(db, t->arena, &series_query, &s));
	CHECK_OK(stmt_step(s, t->arena, &row));
	stmt_done(s);
	CHECK_OK(note_count(db, t->arena, -1, &count));
	db_snapshot_end(db);
	db_close(db);
}

/* On SQLite a failed read ends nothing; here the snapshot must be kept on purpose. */
TEST_PG(postgresql_snapshot_survives_a_failed_read)
{
	struct str url = support_database(t);
	struct db *reader, *writer;
	int64_t count;
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &writer));
	CHECK_OK(db_snapshot_begin(reader));
	CHECK_OK(note_count(reader, t->arena, -1, &count));
	CHECK_OK(note_insert(writer, t->arena, 1, 1, STR("later")));
	CHECK_ERR(support_run(reader, t->arena, &zero_query), ERR_INTERNAL);
	CHECK_OK(note_count(reader, t->arena, -1, &count));
	CHECK_INT(count, 0);
	db_snapshot_end(reader);
	db_close(reader);
	db_close(writer);
}

/* --- connections that are lost ------------------------------------------------------------------------------ */

/* Ends every other connection, as a restart of the server does. */
static struct err *end_the_others(struct test *t)
{
	struct db *db;
	TRY(db_open(t->arena, server_url(), DB_WRITE, &db));
	struct err *e = db_script(db, t->arena, "",
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
		"WHERE datname = current_database() AND pid <> pg_backend_pid()");
	db_close(db);
	return e;
}

TEST_PG(postgresql_connection_comes_back)
{
	struct db *db;
	int64_t count;
	CHECK_OK(db_open(t->arena, support_database(t), DB_READ, &db));
	CHECK_OK(note_count(db, t->arena, -1, &count));
	CHECK_OK(end_the_others(t));
	CHECK_OK(db_snapshot_begin(db));
	CHECK_OK(note_count(db, t->arena, -1, &count));
	CHECK_OK(end_the_others(t));
	/* A snapshot is never continued by another one. */
	CHECK_ERR(note_count(db, t->arena, -1, &count), ERR_UNAVAILABLE);
	CHECK_ERR(note_count(db, t->arena, -1, &count), ERR_UNAVAILABLE);
	db_snapshot_end(db);
	CHECK_OK(db_snapshot_begin(db));
	CHECK_OK(note_count(db, t->arena, -1, &count));
	db_snapshot_end(db);
	db_close(db);
}

/* --- a COMMIT whose answer is lost -------------------------------------------------------------------------- */

enum cut { CUT_NOTHING, CUT_BEFORE_COMMIT, CUT_AFTER_COMMIT, CUT_FOR_GOOD };

/* Stands between the writer and the server, and hangs up once around a COMMIT. */
struct proxy {
	pthread_t thread;
	struct str folder; /* the server's */
	int listener;
	_Atomic int cut;
	_Atomic bool is_gone; /* nobody gets through any more */
};

static struct sockaddr_un address_of(struct test *t, struct str folder)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct str path = arena_printf(t->arena, "%.*s/.s.PGSQL.5432", STR_FMT(folder));
	must(path.n < sizeof to.sun_path);
	memcpy(to.sun_path, path.p, path.n);
	return to;
}

/* False when the connection is to end. */
static bool pass(struct proxy *p, int from, int to, bool is_client, bool *committing)
{
	char bytes[65536];
	ssize_t n = read(from, bytes, sizeof bytes);
	if (n <= 0) return false;
	/* With its NUL: BEGIN says READ COMMITTED. */
	bool commits = is_client && str_find((struct str){ bytes, (size_t)n }, (struct str){ "COMMIT", 7 }) >= 0;
	if (commits && p->cut == CUT_BEFORE_COMMIT) {
		p->cut = CUT_NOTHING;
		return false;
	}
	*committing = *committing || (commits && p->cut >= CUT_AFTER_COMMIT);
	if (!is_client && *committing) {
		p->is_gone = p->cut == CUT_FOR_GOOD;
		p->cut = CUT_NOTHING;
		return false;
	}
	return write(to, bytes, (size_t)n) == n;
}

static void *proxy_main(void *state)
{
	struct proxy *p = state;
	for (int client; (client = accept(p->listener, NULL, NULL)) >= 0; close(client)) {
		char path[sizeof(struct sockaddr_un)];
		struct sockaddr_un to = { .sun_family = AF_UNIX };
		int n = snprintf(path, sizeof path, "%.*s/.s.PGSQL.5432", STR_FMT(p->folder));
		must(n > 0 && (size_t)n < sizeof to.sun_path);
		memcpy(to.sun_path, path, (size_t)n);
		int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool committing = false,
			 open = !p->is_gone && connect(server, (struct sockaddr *)&to, sizeof to) == 0;
		while (open) {
			struct pollfd ends[2] = { { .fd = client, .events = POLLIN },
				{ .fd = server, .events = POLLIN } };
			poll(ends, 2, -1);
			if (ends[0].revents) open = pass(p, client, server, true, &committing);
			if (open && ends[1].revents) open = pass(p, server, client, false, &committing);
		}
		close(server);
	}
	return NULL;
}

/* → the URL through the proxy */
static struct str proxy_start(struct test *t, struct proxy *p, struct str url)
{
	struct str own = support_folder(t), rest = str_slice(url, (size_t)str_find(url, STR("host=")) + 5, url.n);
	struct sockaddr_un at = address_of(t, own);
	p->folder = str_cut(&rest, '&');
	p->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(bind(p->listener, (struct sockaddr *)&at, sizeof at) == 0 && listen(p->listener, 8) == 0);
	must(pthread_create(&p->thread, NULL, proxy_main, p) == 0);
	return replaced(t, url, p->folder, own);
}

static void proxy_stop(struct proxy *p)
{
	shutdown(p->listener, SHUT_RDWR);
	pthread_join(p->thread, NULL);
	close(p->listener);
}

static struct err *one_commit(struct tx *tx, void *input)
{
	return note_insert(tx->db, tx->arena, *(int *)input, 0, arena_printf(tx->arena, "%d", *(int *)input));
}

/* Of three commits, those that fit in the first batch lose their answer; on a slow machine that is one. */
static void lost_commit(struct test *t, enum cut cut, bool is_known, bool is_retried)
{
	struct str url = support_database(t);
	struct proxy *p = ARENA_NEW(t->arena, struct proxy);
	struct str through = proxy_start(t, p, url);
	struct batcher *b = support_batcher(t, url);
	struct commit commits[3], *list[3];
	int numbers[3];
	struct db *reader;
	CHECK(b);
	db_close(b->db);
	b->db = NULL;
	CHECK_OK(db_open(t->arena, through, DB_WRITE, &b->db));
	for (int i = 0; i < 3; i++) {
		numbers[i] = i;
		commits[i] = (struct commit){ .run = one_commit, .input = &numbers[i], .arena = t->arena };
		list[i] = &commits[i];
	}
	p->cut = (int)cut;
	size_t first = batch_run(b, list, 3);
	for (size_t at = first; at < 3;)
		at += batch_run(b, list + at, 3 - at);
	CHECK_INT(p->cut, CUT_NOTHING);
	CHECK_OK(db_open(t->arena, url, DB_READ, &reader));
	for (int i = 0; i < 3; i++) {
		int64_t count;
		if (is_known)
			CHECK_OK(commits[i].err);
		else
			CHECK_ERR(commits[i].err, ERR_UNAVAILABLE);
		CHECK_OK(note_count(reader, t->arena, i, &count));
		CHECK_INT(count, is_known || (size_t)i < first);
	}
	CHECK_INT(b->retried, is_retried ? (int64_t)first : 0);
	db_close(reader);
	db_close(b->db);
	b->db = NULL;
	proxy_stop(p);
}

/* It was kept: nobody runs a second time, and each is told so. */
TEST_PG(postgresql_commit_kept_without_an_answer) { lost_commit(t, CUT_AFTER_COMMIT, true, false); }

/* It never arrived: all run again. */
TEST_PG(postgresql_commit_that_never_arrived) { lost_commit(t, CUT_BEFORE_COMMIT, true, true); }

/* Nobody can be asked: to run again might do it twice, so nobody runs, and nobody is told that it was kept. */
TEST_PG(postgresql_commit_of_unknown_fate) { lost_commit(t, CUT_FOR_GOOD, false, false); }

/* --- two nodes ---------------------------------------------------------------------------------------------- */

enum { NODES = 2, NODE_COMMITS = 300 };

static const struct query next_query = { .name = "next",
	.postgresql = "SELECT coalesce(max(commit_no), 0) + 1 FROM note",
	.index = 611,
	.columns = 1 };
static const struct query turns_query = { .name = "turns",
	.postgresql =
		"SELECT count(*) FROM (SELECT step <> lag(step) OVER (ORDER BY commit_no) AS turn FROM note) AS n "
		"WHERE turn",
	.index = 612,
	.columns = 1 };

struct node {
	struct writer *writer;
	struct commit commits[NODE_COMMITS];
	int number;
};

static struct err *number_of(struct db *db, struct arena *a, const struct query *q, int64_t *ret)
{
	struct stmt *s;
	bool row;
	TRY(db_statement(db, a, q, &s));
	struct err *e = stmt_step(s, a, &row);
	if (!e) *ret = stmt_int(s, 0);
	stmt_done(s);
	return e;
}

/* The next number without a gap, as the register gives it: read and written in one commit. */
static struct err *number_commit(struct tx *tx, void *input)
{
	const struct node *node = input;
	int64_t next;
	TRY(number_of(tx->db, tx->arena, &next_query, &next));
	return note_insert(tx->db, tx->arena, next, node->number,
		arena_printf(tx->arena, "%lld", (long long)next));
}

TEST_PG(postgresql_two_nodes_take_turns)
{
	struct str url = support_database(t);
	struct node *nodes = ARENA_ARRAY(t->arena, struct node, NODES);
	struct db *db;
	int64_t last, turns, batches = 0;
	for (int n = 0; n < NODES; n++) {
		nodes[n].number = n;
		CHECK_OK(writer_start(t->arena, &(struct writer_options){ .url = url }, &nodes[n].writer));
	}
	for (int i = 0; i < NODE_COMMITS * NODES; i++) {
		struct node *node = &nodes[i % NODES];
		struct commit *c = &node->commits[i / NODES];
		*c = (struct commit){ .run = number_commit, .input = node, .arena = arena_new(65536) };
		arena_defer(t->arena, (void (*)(void *))arena_free, c->arena);
		writer_submit(node->writer, c);
	}
	for (int n = 0; n < NODES; n++) {
		writer_stop(nodes[n].writer);
		batches += writer_stats(nodes[n].writer).batches;
	}
	for (int i = 0; i < NODE_COMMITS * NODES; i++)
		CHECK_OK(nodes[i % NODES].commits[i / NODES].err);
	CHECK_OK(db_open(t->arena, url, DB_READ, &db));
	CHECK_OK(number_of(db, t->arena, &next_query, &last));
	CHECK_INT(last, NODE_COMMITS * NODES + 1);
	CHECK_OK(number_of(db, t->arena, &turns_query, &turns));
	CHECK(turns >= 4 && turns < batches);
	db_close(db);
}

/* --- a node that dies --------------------------------------------------------------------------------------- */

static const struct query of_the_dead_query = { .name = "of_the_dead",
	.postgresql = "SELECT count(*) FROM note WHERE step = 1",
	.index = 613,
	.columns = 1 };

/* Never returns: it is killed. */
static _Noreturn void node_main(struct str url, int fd)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct node node = { .number = 1 };
	if (writer_start(a, &(struct writer_options){ .url = url }, &node.writer)) _exit(2);
	for (;;) {
		struct arena *own = arena_new(65536);
		if (!writer_run(node.writer, own, number_commit, &node) && write(fd, "", 1) < 0) _exit(3);
		arena_free(own);
	}
}

/* Killed anywhere, also behind the lock: the other goes on at once, without a gap, and what the dead one promised
 * is there. */
TEST_PG(postgresql_node_dies_and_the_other_goes_on)
{
	enum { COMMITS = 200, KILLED_AT = 100 };
	struct str url = support_database(t);
	struct node node = { 0 };
	int ends[2], status;
	int64_t last, kept, promised = 0, count;
	char byte;
	struct db *db;
	CHECK_INT(pipe(ends), 0);
	pid_t child = fork();
	CHECK(child >= 0);
	if (child == 0) node_main(url, ends[1]);
	close(ends[1]);
	CHECK_INT(read(ends[0], &byte, 1), 1);
	CHECK_OK(writer_start(t->arena, &(struct writer_options){ .url = url }, &node.writer));
	for (int i = 0; i < COMMITS; i++) {
		if (i == KILLED_AT) kill(child, SIGKILL);
		CHECK_OK(writer_run(node.writer, t->arena, number_commit, &node));
	}
	writer_stop(node.writer);
	CHECK_INT(waitpid(child, &status, 0), child);
	for (promised = 1; read(ends[0], &byte, 1) == 1;)
		promised++;
	close(ends[0]);
	CHECK_OK(db_open(t->arena, url, DB_READ, &db));
	CHECK_OK(number_of(db, t->arena, &of_the_dead_query, &kept));
	CHECK_OK(number_of(db, t->arena, &next_query, &last));
	CHECK_OK(note_count(db, t->arena, -1, &count));
	CHECK(kept == promised || kept == promised + 1); /* the one that it could not tell any more */
	CHECK_INT(count, COMMITS + kept);
	CHECK_INT(last, count + 1);
	db_close(db);
}
