/* Finding a case: by what people remember of it, within one's own scope and nothing else. */
#include <sqlite3.h>

#include "core/case/case_find.h"
#include "core/case/case_words.h"
#include "core/case/test_town.h"
#include "core/keyring/test_folder.h"
#include "core/staff/queries.h"
#include "data/migrate.h"

static struct case_find ask_of(struct test_town *tt, int64_t staff, const char *typed)
{
	return (struct case_find){ .scope = { .staff_id = staff },
		.department_id = town_department_id(tt->town, STR("desarrollo-urbano")),
		.compartment = STR("ordinary"),
		.typed = str_of(typed),
		.before_id = INT64_MAX };
}

static struct case_hits find_as(struct test_town *tt, int64_t staff, const char *typed)
{
	struct case_hits hits = { 0 };
	struct case_find ask = ask_of(tt, staff, typed);
	struct err *e = case_find(tt->db, tt->arena, &ask, &hits);
	if (e) test_fail(tt->t, __FILE__, __LINE__, "%s: %s", typed, e->detail);
	return hits;
}

static struct case_hits find(struct test_town *tt, const char *typed)
{
	return find_as(tt, tt->clerk, typed);
}

static bool file_people(struct test_town *tt)
{
	static const struct test_filing people[] = {
		{ .given = "Ana María", .surnames = "García Núñez", .street = "Hidalgo" },
		{ .given = "Berta", .surnames = "Garcia", .street = "Morelos" },
		{ .given = "Carlos", .surnames = "Garzón", .street = "Calle del Ébano" },
		{ .given = "José", .surnames = "Muñoz García", .street = "Hidalgo", .curp = "BOXW310820HNERXN09" },
	};
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
		if (!test_file(tt, &people[i]).case_id) return false;
	return true;
}

TEST(search_folds_accents_and_case)
{
	struct test_town tt;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	CHECK_INT(find(&tt, "García").count, 3);
	CHECK_INT(find(&tt, "GARCIA").count, 3);
	CHECK_INT(find(&tt, " garcía ").count, 3);
	CHECK_INT(find(&tt, "munoz").count, 1); /* ñ is found as n */
	CHECK_INT(find(&tt, "nuñez").count, 1);
	CHECK_INT(find(&tt, "ebano").count, 1);
	CHECK_INT(find(&tt, "perez").count, 0);
}

TEST(search_narrows_with_every_word)
{
	struct test_town tt;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	CHECK_INT(find(&tt, "garcia hidalgo").count, 2);
	CHECK_INT(find(&tt, "hidalgo garcia").count, 2);
	CHECK_INT(find(&tt, "garcia hidalgo jose").count, 1);
	CHECK_INT(find(&tt, "garcia morelos hidalgo").count, 0);
	CHECK_STR(find(&tt, "berta garcia").items[0].applicant_name, "Berta Garcia");
}

/* The last word may be unfinished; the others are whole. */
TEST(search_completes_the_last_word)
{
	struct test_town tt;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	CHECK_INT(find(&tt, "garc").count, 3);
	CHECK_INT(find(&tt, "gar").count, 4); /* Garzón too */
	CHECK_INT(find(&tt, "garcia hid").count, 2);
	CHECK_INT(find(&tt, "hidalgo mun").count, 1);
	CHECK_INT(find(&tt, "garc hidalgo").count, 0); /* only the last */
	CHECK_INT(find(&tt, "g").count, 0);            /* one letter is no search */
	/* A whole word that also begins another: both are found. "ana" is a name, and "an" begins it. */
	CHECK(test_file(&tt, &(struct test_filing){ .given = "An", .surnames = "García" }).case_id);
	CHECK_INT(find(&tt, "garcia an").count, 2);
}

/* Whatever the walk goes along: the rare word, the few with a beginning, or none at all. */
TEST(search_goes_along_what_is_rare)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	for (int i = 0; i < 220; i++) {
		struct test_filing one = { .given = i % 110 ? "Ana" : "Eva",
			.surnames = i % 2 ? "Común" : "Común Raro" };
		if (!test_file(&tt, &one).case_id) return;
	}
	CHECK_INT(find(&tt, "comun eva").count, 2);
	CHECK_INT(find(&tt, "comun ev").count, 2);
	CHECK_INT(find(&tt, "eva comu").count, 2);
	CHECK_INT(find(&tt, "comun rar").count, 50);
	CHECK_STR(find(&tt, "comun rar").items[0].number, "AN-2026-000219"); /* the newest first */
	CHECK_STR(find(&tt, "comun eva").items[0].number, "AN-2026-000111");
	CHECK_INT(find(&tt, "comun zz").count, 0);
	CHECK_INT(find(&tt, "zz comun").count, 0);
}

/* Letters alone stand in every address ("C. P. 37000") and find nobody. */
TEST(search_passes_over_letters_alone)
{
	struct test_town tt;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	CHECK(test_file(&tt, &(struct test_filing){ .given = "Ana B", .surnames = "Cruz y Paz" }).case_id);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM case_term WHERE word IN ('a', 'b', 'c', 'p', 'y')"), 0);
	CHECK_INT(find(&tt, "cruz y paz").count, 1);
	CHECK_INT(find(&tt, "paz b").count, 1);
}

TEST(search_finds_numbers)
{
	struct test_town tt;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	struct case_hits hits = find(&tt, "AN-2026-000003");
	CHECK_INT(hits.count, 1);
	CHECK_STR(hits.items[0].number, "AN-2026-000003");
	CHECK_STR(find(&tt, "an-2026-3").items[0].number, "AN-2026-000003");
	CHECK_STR(find(&tt, "E-2026-000002").items[0].number, "AN-2026-000002"); /* by its registry entry */
	CHECK_INT(find(&tt, "BOXW310820HNERXN09").count, 1);
	CHECK_INT(find(&tt, "AN-2026-000099").count, 0);
	CHECK_INT(find(&tt, "AN-2025-000003").count, 0); /* another year's */
}

TEST(search_gives_the_newest_first_and_goes_on)
{
	struct test_town tt;
	struct case_hits more;
	if (!test_town_open(t, &tt)) return;
	for (int i = 0; i < 53; i++)
		if (!test_file(&tt, &(struct test_filing){ .surnames = "Repetido" }).case_id) return;
	struct case_hits hits = find(&tt, "repetido");
	CHECK_INT(hits.count, 50);
	CHECK_INT(hits.next, hits.items[49].id);
	CHECK_STR(hits.items[0].number, "AN-2026-000053");
	struct case_find ask = ask_of(&tt, tt.clerk, "repetido");
	ask.before_id = hits.next;
	CHECK_OK(case_find(tt.db, t->arena, &ask, &more));
	CHECK_INT(more.count, 3);
	CHECK_INT(more.next, 0);
}

TEST(search_of_nothing_and_of_nonsense)
{
	struct test_town tt;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	CHECK_INT(find(&tt, "").count, 0);
	CHECK_INT(find(&tt, "   ").count, 0);
	CHECK_INT(find(&tt, "%' OR 1=1 --").count, 0);
	CHECK_INT(find(&tt, "一二三").count, 0);
	char *text = arena_alloc(t->arena, 5001);
	memset(text, 'x', 5000);
	CHECK_INT(find(&tt, text).count, 0);
}

/* --- the index ------------------------------------------------------------------------------------------------------- */

struct renaming {
	struct case_by_id_row row;
	struct str text;
};

static struct err *rename_commit(struct tx *tx, void *input)
{
	struct renaming *r = input;
	struct case_words words = case_words_of(tx->arena, &r->row, &r->text, 1);
	return case_words_change(tx, &r->row, &words);
}

static int64_t stray_terms(struct test_town *tt)
{
	return test_number(tt,
		"SELECT count(*) FROM case_term t JOIN cases c ON c.id = t.case_id "
		"WHERE instr(' ' || c.words || ' ', ' ' || t.word || ' ') = 0");
}

/* The index has the words of the row, no more and no fewer, also after a correction. */
TEST(search_forgets_what_is_no_longer_said)
{
	struct test_town tt;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	int64_t id = find(&tt, "berta").items[0].id;
	struct renaming r = { test_record(&tt, id).row, STR("Berta Zubiri, Calle Nueva 5") };
	CHECK_OK(writer_run(tt.town->writer, t->arena, rename_commit, &r));
	CHECK_INT(find(&tt, "zubiri").count, 1);
	CHECK_INT(find(&tt, "berta nueva").count, 1);
	CHECK_INT(find(&tt, "morelos").count, 0);
	CHECK_INT(find(&tt, "garcia").count, 2);
	CHECK_STR(find(&tt, "an-2026-2").items[0].applicant_name, "Berta Garcia"); /* numbers stay */
	CHECK_INT(stray_terms(&tt), 0);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM case_term WHERE word = 'berta'"), 1);
}

static void run_script(struct test *t, const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	CHECK_INT(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* Each word of a case stood in case_word three times before 003_terms. */
TEST(search_index_of_before_is_taken_over)
{
	struct migration before[200];
	size_t n = 0;
	int applied;
	struct db *db;
	for (const struct migration *m = schema_migrations; m->unit && n < 199; m++)
		if (strcmp(m->name, "003_terms") != 0) before[n++] = *m;
	before[n] = (struct migration){ 0 };
	struct str path = arena_printf(t->arena, "%s/town.db", test_folder_new(t).p);
	struct str url = arena_printf(t->arena, "sqlite:%s", path.p);
	CHECK_OK(db_open(t->arena, url, DB_WRITE, &db));
	CHECK_OK(migrate_apply(db, t->arena, before, (struct instant){ 1 }, &applied));
	static const char rows[] =
		"PRAGMA foreign_keys = OFF;"
		"INSERT INTO cases VALUES (1, 'AN-2026-000001', 'E', 's', 1, 7, 'ordinary', 's', 'town', 'web', '', 'es', 1, 'n', "
		"'p', '{}', NULL, 1, '2026-01-01', NULL, 'review', 1, 'k', 0, NULL, NULL, 1, x'01', x'02');"
		"INSERT INTO cases SELECT 2, 'AN-2026-000002', 'F', 's', 1, 7, 'ordinary', 's', 'town', 'web', '', 'es', 1, 'n', "
		"'p', '{}', NULL, 1, '2026-01-01', NULL, 'review', 1, 'k', 0, NULL, NULL, 1, x'03', x'04';"
		"INSERT INTO case_word VALUES (1, 7, 'ordinary', 'berta'), (1, 7, 'ordinary', 'garcia');";
	run_script(t, path.p, rows);
	CHECK_OK(migrate_apply(db, t->arena, schema_migrations, (struct instant){ 2 }, &applied));
	CHECK_INT(applied, 1);
	struct case_words_get_row row;
	bool found;
	CHECK_OK(case_words_get(db, t->arena, &(struct case_words_get_in){ .id = 1 }, &row, &found));
	CHECK(str_eq(row.words, STR("berta garcia")) || str_eq(row.words, STR("garcia berta")));
	CHECK_OK(case_words_get(db, t->arena, &(struct case_words_get_in){ .id = 2 }, &row, &found));
	CHECK_STR(row.words, "");
	struct case_term_beginning_rows terms;
	CHECK_OK(case_term_beginning(db, t->arena,
		&(struct case_term_beginning_in){ .department_id = 7,
			.compartment = STR("ordinary"),
			.word_from = STR("a"),
			.word_to = STR("z"),
			.most = 9 },
		&terms));
	CHECK_INT(terms.count, 2);
	db_close(db);
}

/* --- scope ------------------------------------------------------------------------------------------------------------ */

static bool is_seen(struct test_town *tt, int64_t staff, struct str number)
{
	struct case_id_in_scope_row row;
	bool found = false;
	struct err *e = case_id_in_scope(tt->db, tt->arena,
		&(struct case_id_in_scope_in){ .number = number, .scope = { .staff_id = staff } }, &row, &found);
	if (e) test_fail(tt->t, __FILE__, __LINE__, "%s", e->detail);
	return found;
}

TEST(scope_another_department_sees_nothing)
{
	struct test_town tt;
	struct case_page_by_stage_rows page;
	struct case_count_stage_row total;
	bool found;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	int64_t department = town_department_id(tt.town, STR("desarrollo-urbano"));
	struct scope other = { .staff_id = tt.other_clerk }, own = { .staff_id = tt.clerk };
	CHECK(is_seen(&tt, tt.clerk, STR("AN-2026-000001")));
	CHECK(!is_seen(&tt, tt.other_clerk, STR("AN-2026-000001")));
	CHECK(!is_seen(&tt, 0, STR("AN-2026-000001")));
	CHECK_INT(find_as(&tt, tt.other_clerk, "garcia").count, 0);
	CHECK_INT(find_as(&tt, tt.other_clerk, "garc").count, 0);
	struct case_page_by_stage_in in = { .department_id = department,
		.compartment = STR("ordinary"),
		.stage = STR("review"),
		.after_key = STR(""),
		.scope = other };
	CHECK_OK(case_page_by_stage(tt.db, t->arena, &in, &page));
	CHECK_INT(page.count, 0);
	in.scope = own;
	CHECK_OK(case_page_by_stage(tt.db, t->arena, &in, &page));
	CHECK_INT(page.count, 4);
	CHECK_OK(case_count_stage(tt.db, t->arena,
		&(struct case_count_stage_in){ .department_id = department,
			.compartment = STR("ordinary"),
			.stage = STR("review"),
			.scope = other },
		&total, &found));
	CHECK_INT(total.total, 0);
}

struct excluding {
	int64_t staff, case_id;
};

static struct err *exclude_commit(struct tx *tx, void *input)
{
	const struct excluding *e = input;
	return scope_exclusion_insert(tx->db, tx->arena,
		&(struct scope_exclusion_insert_in){ .staff_id = e->staff,
			.case_id = e->case_id,
			.reason = STR("su propio trámite") },
		NULL);
}

/* A clerk who files as a citizen is kept out of that case and of no other. */
TEST(scope_exclusion_hides_one_case)
{
	struct test_town tt;
	if (!test_town_open(t, &tt) || !file_people(&tt)) return;
	struct excluding own = { tt.clerk,
		test_number(&tt, "SELECT id FROM cases WHERE number = 'AN-2026-000002'") };
	CHECK_OK(writer_run(tt.town->writer, t->arena, exclude_commit, &own));
	CHECK(!is_seen(&tt, tt.clerk, STR("AN-2026-000002")));
	CHECK(is_seen(&tt, tt.clerk, STR("AN-2026-000001")));
	CHECK(is_seen(&tt, tt.officer, STR("AN-2026-000002")));
	CHECK_INT(find(&tt, "garcia").count, 2);
	CHECK_INT(find(&tt, "berta").count, 0);
	CHECK_INT(find(&tt, "ber").count, 0);
}
