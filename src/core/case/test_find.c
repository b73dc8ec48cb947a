/*
 * Search against a naive one that looks through all cases, on both engines, and what it costs in a large town. The cases
 * are rows without a story: test_search.c finds those that were filed. VENTANILLA_TEST_PG names the other engine's server.
 */
#include <sqlite3.h>
#include <unistd.h>

#include "core/case/case_find.h"
#include "core/case/queries.h"
#include "core/case/term_stream.h"
#include "core/keyring/test_folder.h"
#include "data/db_engine.h"
#include "data/migrate.h"

enum { DEPARTMENT = 7, STAFF = 1, ROWS_A_SCRIPT = 400, SCRIPT_MAX = 4 * 1024 * 1024 };

/* Cases 1 … count, and the words of each. */
struct book {
	struct test *t;
	struct arena *a;
	struct db *db;
	bool is_sqlite;
	int64_t count;
	struct str *words;
};
typedef void words_fn(const struct book *b, int64_t id, struct buf *out);

static uint32_t drawn(int64_t id, int n)
{
	uint64_t x = (uint64_t)id * 0x9e3779b97f4a7c15u + (uint64_t)n * 0xbf58476d1ce4e5b9u;
	x ^= x >> 29;
	x *= 0x94d049bb133111ebu;
	return (uint32_t)(x >> 32);
}

/* --- making a book ------------------------------------------------------------------------------------------------------- */

static bool fails(struct book *b, struct err *e)
{
	if (e) test_fail(b->t, __FILE__, __LINE__, "%s", e->detail);
	return e != NULL;
}

static struct err *run_script(struct book *b, const char *sql) { return db_script(b->db, b->a, sql, sql); }

/* A file of its own, or a schema of its own on the server. */
static struct err *open_database(struct book *b)
{
	const char *server = b->is_sqlite ? NULL : getenv("VENTANILLA_TEST_PG");
	static int made;
	struct str url = arena_printf(b->a, "sqlite:%s/town.db", server ? "" : test_folder_new(b->t).p);
	if (server) {
		struct str name = arena_printf(b->a, "find_%d_%d", (int)getpid(), made++);
		TRY(db_open(b->a, str_of(server), DB_WRITE, &b->db));
		struct err *e = run_script(b, arena_printf(b->a, "CREATE SCHEMA %s", name.p).p);
		db_close(b->db);
		TRY(e);
		url = arena_printf(b->a, "%s&options=-csearch_path%%3D%s", server, name.p);
	}
	b->is_sqlite = !server;
	int applied;
	TRY(db_open(b->a, url, DB_WRITE, &b->db));
	return migrate_apply(b->db, b->a, schema_migrations, (struct instant){ 1 }, &applied);
}

static void add_case(const struct book *b, int64_t id, struct buf *rows)
{
	const char *bytes = b->is_sqlite ? "x'" : "'\\x";
	buf_printf(rows,
		"%s(%lld, 'AN-2026-%06lld', 'E', 's', 1, %d, 'ordinary', 's', 'town', 'web', '', 'es', 1, 'n', 'p', '{}', 1, ",
		rows->n ? "," : "", (long long)id, (long long)id, DEPARTMENT);
	buf_printf(rows, "'2026-01-01', 'review', TRUE, 'k', 0, 1, %s%08llx', %s%08llx', '%.*s')", bytes,
		(unsigned long long)id, bytes, (unsigned long long)id, STR_FMT(b->words[id]));
}

static void add_terms(const struct book *b, int64_t id, struct buf *rows)
{
	struct str rest = b->words[id];
	for (struct str word = str_cut(&rest, ' '); !str_is_none(word); word = str_cut(&rest, ' '))
		buf_printf(rows, "%s(%d, 'ordinary', '%.*s', %lld)", rows->n ? "," : "", DEPARTMENT, STR_FMT(word),
			(long long)id);
}

static struct err *write_rows(struct book *b, int64_t from, int64_t to)
{
	struct buf cases = buf_new(b->a, SCRIPT_MAX), terms = buf_new(b->a, SCRIPT_MAX);
	for (int64_t id = from; id < to; id++) {
		add_case(b, id, &cases);
		add_terms(b, id, &terms);
	}
	TRY(run_script(b,
		arena_printf(b->a,
			"INSERT INTO cases (id, number, registry_number, procedure_slug, pack_version_id, department_id, compartment, "
			"state, waits_for, channel, office, lang, applicant_id, applicant_name, place, answers, filed_at, "
			"counted_from, stage, is_open, queue_key, fee, revision, status_code_hash, key_hash, words) VALUES %.*s",
			STR_FMT(buf_str(&cases)))
			.p));
	return run_script(b, arena_printf(b->a, "INSERT INTO case_term VALUES %.*s", STR_FMT(buf_str(&terms))).p);
}

static struct err *fill_book(struct book *b, words_fn *words_of)
{
	TRY(open_database(b));
	TRY(run_script(b,
		"INSERT INTO pack_version (id, checksum, loaded_at) VALUES (1, 'c', 1);"
		"INSERT INTO party (id, kind, display_name, sort_name, lang, created_at) VALUES (1, 'person', 'n', 'n', 'es', 1);"
		"INSERT INTO staff (id, login, display_name, post, password_hash, is_active, failed_attempts, created_at) "
		"VALUES (1, 'ana', 'Ana', 'p', 'none', TRUE, 0, 1);"
		"INSERT INTO scope_grant VALUES (1, 7, 'ordinary');"));
	for (int64_t id = 1; id <= b->count; id++) {
		struct buf out = buf_new(b->a, 1000);
		words_of(b, id, &out);
		b->words[id] = buf_str(&out);
	}
	TRY(db_begin(b->db, b->a));
	for (int64_t id = 1; id <= b->count; id += ROWS_A_SCRIPT)
		TRY(write_rows(b, id, id + ROWS_A_SCRIPT <= b->count ? id + ROWS_A_SCRIPT : b->count + 1));
	return db_commit(b->db, b->a);
}

static bool book_new(struct test *t, int64_t count, words_fn *words_of, bool is_sqlite, struct book *ret)
{
	*ret = (struct book){ .t = t, .a = t->arena, .is_sqlite = is_sqlite, .count = count };
	ret->words = ARENA_ARRAY(t->arena, struct str, (size_t)count + 1);
	return !fails(ret, fill_book(ret, words_of));
}

/* --- the naive search ------------------------------------------------------------------------------------------------------ */

struct found {
	int64_t *ids;
	size_t count;
};

/* Has the case the word, or one that begins so? */
static bool says(const struct book *b, int64_t id, struct str word, bool is_beginning)
{
	struct str rest = b->words[id];
	for (struct str one = str_cut(&rest, ' '); !str_is_none(one); one = str_cut(&rest, ' '))
		if (str_eq(is_beginning && one.n > word.n ? str_slice(one, 0, word.n) : one, word)) return true;
	return false;
}

static bool says_all(const struct book *b, int64_t id, const struct str *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!says(b, id, words[i], count > 1 && i + 1 == count)) return false;
	return true;
}

static struct found look_naively(const struct book *b, const struct str *words, size_t count)
{
	struct found found = { ARENA_ARRAY(b->a, int64_t, (size_t)b->count), 0 };
	for (int64_t id = b->count; id > 0; id--)
		if (says_all(b, id, words, count)) found.ids[found.count++] = id;
	return found;
}

/* --- searching ------------------------------------------------------------------------------------------------------------ */

static bool find(const struct book *b, const char *typed, int64_t before_id, int64_t rows,
	struct case_hits *ret)
{
	struct case_find ask = { .scope = { .staff_id = STAFF },
		.department_id = DEPARTMENT,
		.compartment = STR("ordinary"),
		.typed = str_of(typed),
		.before_id = before_id,
		.rows = rows };
	struct err *e = case_find(b->db, b->a, &ask, ret);
	if (e) test_fail(b->t, __FILE__, __LINE__, "%s: %s", typed, e->detail);
	return !e;
}

/* All pages of a search, one after the other, are what the naive one finds, in its order. */
static bool agrees(struct book *b, const char *typed, int64_t rows)
{
	struct str words[3], rest = arena_cstr(b->a, typed);
	size_t count = 0, seen = 0;
	for (struct str word = str_cut(&rest, ' '); !str_is_none(word); word = str_cut(&rest, ' '))
		words[count++] = word;
	struct found found = look_naively(b, words, count);
	struct case_hits page = { .next = INT64_MAX };
	while (page.next) {
		int64_t before = page.next;
		if (!find(b, typed, before, rows, &page)) return false;
		bool goes_down = page.next < before && page.count <= CASE_FIND_PAGE;
		bool is_right = seen + page.count <= found.count;
		for (size_t i = 0; i < page.count && is_right; i++)
			is_right = page.items[i].id == found.ids[seen++];
		if (is_right && goes_down && (page.next || seen == found.count)) continue;
		test_fail(b->t, __FILE__, __LINE__, "\"%s\" with %lld rows, before %lld: %zu of %zu hits, next %lld",
			typed, (long long)rows, (long long)before, seen, found.count, (long long)page.next);
		return false;
	}
	return true;
}

/* --- it finds what is there ------------------------------------------------------------------------------------------------ */

enum { OLD = 1200 }; /* these have many words that begin with 9, and nobody else has one */

/* Common and rare words, some that never meet, numbers that begin one another. */
static void words_of_town(const struct book *b, int64_t id, struct buf *out)
{
	static const char *const streets[] = { "juarez", "hidalgo", "mezquite grande", "mezquital", "la loma",
		"morelos alta", "morelos baja" };
	buf_printf(out, "%lld c%lldx%u %s", (long long)id + 1000000, (long long)id, drawn(id, 1) % 10,
		id % 2 ? "non" : "par");
	if (id % 20) buf_add(out, STR(" calle"));
	buf_printf(out, " %s %u", streets[drawn(id, 2) % 7], 100 + drawn(id, 3) % 7900);
	buf_printf(out, " apellido%u", drawn(id, 4) % 200);
	if (drawn(id, 5) % 100 < 34) buf_add(out, STR(" garcia"));
	if (drawn(id, 6) % 100 < 12) buf_add(out, STR(" hernandez"));
	if (drawn(id, 7) % 1000 < 60) buf_add(out, STR(" garcilaso"));
	if (drawn(id, 8) % 100 < 9) buf_add(out, STR(" 12")); /* begins some numbers too */
	if (id % (b->count / 3) == 5) buf_add(out, STR(" zubizarreta"));
	buf_printf(out, " %s", id <= b->count / 2 ? "viejo" : "nuevo");
	for (int i = 0; id <= OLD && i < 14; i++)
		buf_printf(out, " 9%d%06u", i, drawn(id, 10 + i) % 1000000);
}

/* One of the case's words. */
static struct str a_word(const struct book *b, int64_t id, uint32_t n)
{
	struct str rest = b->words[id], word = STR_NONE;
	uint32_t words = 1;
	for (size_t i = 0; i < rest.n; i++)
		words += rest.p[i] == ' ';
	for (n %= words, n++; n > 0; n--)
		word = str_cut(&rest, ' ');
	return word;
}

/* Words of one case, or now and then of another one too; the last of several may be cut short. */
static const char *a_query(const struct book *b, int n)
{
	struct buf out = buf_new(b->a, 200);
	int64_t id = 1 + drawn(n, 1) % b->count, other = 1 + drawn(n, 6) % b->count;
	int count = 1 + (int)(drawn(n, 2) % 3);
	for (int i = 0; i < count; i++) {
		struct str word = a_word(b, drawn(n, 3 + i) % 5 ? id : other, drawn(n, 9 + i));
		if (count > 1 && i + 1 == count && drawn(n, 20) % 2) word = str_slice(word, 0, 1 + word.n / 2);
		buf_printf(&out, "%s%.*s", i ? " " : "", STR_FMT(word));
	}
	return buf_str(&out).p;
}

TEST(case_find_agrees_with_a_naive_search)
{
	static const char *const queries[] = { "garcia", "garcia hernandez", "garcia garcia", "garcia garc",
		"calle garc", "calle mezquite grande", "mezquite grande 12", "calle 12", "mezquite grande 1",
		"mezquite grande 4711", "calle juarez 77", "calle 9", "calle par 9", "par non", "non nuevo viejo",
		"viejo nuevo", "nuevo par 10", "zubizarreta", "calle zubizarreta", "zubizarreta cal", "calle zubi",
		"calle apellido7", "calle apellido77", "calle zz", "zz calle", "par 1001234", "morelos loma",
		"juarez hidalgo", "hernandez garcilaso 7" };
	struct book b;
	if (!book_new(t, 6000, words_of_town, false, &b)) return;
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		if (!agrees(&b, queries[i], 0) || !agrees(&b, queries[i], 700)) return;
	}
	for (int n = 0; n < 200; n++)
		if (!agrees(&b, a_query(&b, n), n % 4 ? 0 : 300)) return;
	CHECK(agrees(&b, "par non", 1) && agrees(&b, "garcia hernandez", 1));
	db_close(b.db);
}

/* A word that nobody has whole gives those that have a longer one, in the order of these words, once each. */
TEST(case_find_of_a_beginning_goes_by_words)
{
	struct book b;
	struct case_hits page;
	if (!book_new(t, 1500, words_of_town, false, &b)) return;
	CHECK(find(&b, "zubi", INT64_MAX, 0, &page));
	CHECK_INT(page.count, 3);
	CHECK_INT(page.items[0].id, 5);
	CHECK_INT(page.next, 0);
	CHECK(find(&b, "garci", INT64_MAX, 0, &page));
	CHECK_INT(page.count, CASE_FIND_PAGE);
	CHECK_INT(page.next, 0);
	for (size_t i = 1; i < page.count; i++)
		CHECK(page.items[i].id > page.items[i - 1].id && says(&b, page.items[i].id, STR("garcia"), false));
	CHECK(find(&b, "z", INT64_MAX, 0, &page));
	CHECK_INT(page.count, 0);
	db_close(b.db);
}

/* --- what it costs --------------------------------------------------------------------------------------------------------- */

/* Counted by SQLite itself: the steps of its machine, in all statements of all connections. */
static int64_t steps;

static int add_steps(unsigned event, void *state, void *statement, void *us)
{
	(void)event;
	(void)state;
	(void)us;
	steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
	return 0;
}

static int watch_steps(sqlite3 *db, char **message, const void *routines)
{
	(void)message;
	(void)routines;
	return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, add_steps, NULL);
}

static bool watched_book(struct test *t, int64_t count, words_fn *words_of, struct book *ret)
{
	void (*watch)(void) = (void (*)(void))watch_steps;
	sqlite3_auto_extension(watch);
	bool is_made = book_new(t, count, words_of, true, ret);
	sqlite3_cancel_auto_extension(watch);
	return is_made;
}

static int64_t steps_of(const struct book *b, const char *typed, int64_t rows, struct case_hits *ret)
{
	steps = 0;
	return find(b, typed, INT64_MAX, rows, ret) ? steps : INT64_MAX;
}

/* The newest cases are alike in both towns, however many there are before them. */
static void words_of_growth(const struct book *b, int64_t id, struct buf *out)
{
	int64_t n = b->count - id;
	buf_printf(out, "calle %s %u %lld", n % 7 ? "hidalgo" : "mezquite grande", 1 + drawn(n, 1) % 1400,
		(long long)id + 1000000);
	if (drawn(n, 2) % 100 < 34) buf_add(out, STR(" garcia"));
	if (drawn(n, 3) % 100 < 12) buf_add(out, STR(" hernandez"));
	buf_add(out, n % 2 ? STR(" non") : STR(" par"));
}

TEST(case_find_costs_the_same_in_a_large_town)
{
	static const char *const queries[] = { "garcia", "garcia hernandez", "garcia hern", "mezquite grande 1",
		"calle mezquite grande", "calle hidalgo 1", "calle gar", "hernandez hidalgo calle" };
	struct book small, large;
	if (!watched_book(t, 3000, words_of_growth, &small)) return;
	if (!watched_book(t, 15000, words_of_growth, &large)) return;
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		struct case_hits few, many;
		int64_t in_small = steps_of(&small, queries[i], 0, &few),
				in_large = steps_of(&large, queries[i], 0, &many);
		CHECK_INT(few.count, CASE_FIND_PAGE);
		CHECK_INT(many.count, CASE_FIND_PAGE);
		if (in_large <= in_small + in_small / 10) continue;
		test_fail(t, __FILE__, __LINE__, "\"%s\": %lld steps of 3,000 cases, %lld of 15,000", queries[i],
			(long long)in_small, (long long)in_large);
		return;
	}
	db_close(small.db);
	db_close(large.db);
}

/* Words that all have and that never meet: the page ends where what it may read does, and says so. */
TEST(case_find_ends_a_page_that_costs_too_much)
{
	enum { ROWS = 500, STEPS_A_ROW = 12, OPENING = 3 * 256 + 600 };
	struct book b;
	struct case_hits page;
	if (!watched_book(t, 5000, words_of_growth, &b)) return;
	int64_t cost = steps_of(&b, "par non", ROWS, &page);
	CHECK_INT(page.count, 0);
	CHECK(page.next > 0 && page.next < 5000);
	CHECK(cost < STEPS_A_ROW * (ROWS + OPENING));
	CHECK(steps_of(&b, "calle non par", ROWS, &page) < STEPS_A_ROW * (ROWS + OPENING));
	CHECK(page.count == 0 && page.next > 0);
	CHECK(steps_of(&b, "par non", 0, &page) < STEPS_A_ROW * (5000 + OPENING));
	CHECK_INT(page.next, 0);
	db_close(b.db);
}

/* What a common word has between two cases of a rare one is skipped, not read; where all is asked for, all is read. */
TEST(case_find_skips_what_lies_between)
{
	enum { APART = 500, FIRST = 256 };
	struct book b;
	if (!book_new(t, 10000, words_of_growth, false, &b)) return;
	struct term_place place = { b.db, t->arena, DEPARTMENT, STR("ordinary"), 0 };
	place.scratch = arena_new(1024 * 1024);
	for (int64_t apart = APART; apart; apart = apart == APART ? 1 : 0) {
		struct term_stream calle;
		int64_t id, asked = 0;
		CHECK_OK(term_stream_open(&place, t->arena, STR("calle"), INT64_MAX, FIRST, &calle));
		place.purse = 0;
		for (int64_t most = b.count; most > 0; most -= apart, asked++) {
			CHECK_OK(term_stream_seek(&place, &calle, most, &id));
			CHECK_INT(id, most);
		}
		CHECK(-place.purse <
			(apart == 1 ? b.count + 30 * TERM_STATEMENT : 2 * FIRST + asked * 3 * TERM_STATEMENT));
		CHECK_OK(term_stream_seek(&place, &calle, 0, &id));
		CHECK_INT(id, 0);
	}
	arena_free(place.scratch);
	db_close(b.db);
}
