/* Finding a case: by what people remember of it, within one's own scope and nothing else. */
#include "core/case/case_words.h"
#include "core/case/test_town.h"
#include "core/staff/queries.h"

static struct case_hits find_as(struct test_town *tt, int64_t staff, const char *typed)
{
	struct case_hits hits = { 0 };
	struct err *e = case_words_find(tt->db, tt->arena, (struct scope){ .staff_id = staff },
		town_department_id(tt->town, STR("desarrollo-urbano")), STR("ordinary"), str_of(typed), INT64_MAX,
		&hits);
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
	CHECK(hits.has_more);
	CHECK_STR(hits.items[0].number, "AN-2026-000053");
	CHECK_OK(case_words_find(tt.db, t->arena, (struct scope){ tt.clerk },
		town_department_id(tt.town, STR("desarrollo-urbano")), STR("ordinary"), STR("repetido"),
		hits.items[49].id, &more));
	CHECK_INT(more.count, 3);
	CHECK(!more.has_more);
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
