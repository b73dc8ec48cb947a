/* The words that people use find the procedures of León's pack, whatever their spelling. */
#include "base/testing.h"
#include "mod/portal/search.h"

static const struct pack *leon(struct test *t)
{
	struct pack *pack = NULL;
	struct err *e = pack_load(t->arena, "packs/leon", NULL, &pack);
	if (e) test_fail(t, __FILE__, __LINE__, "%s", e->detail);
	return pack;
}

static struct str first(struct test *t, const struct pack *pack, const char *query)
{
	struct search_hits hits = search_procedures(t->arena, pack, str_of(query), STR("es"));
	return hits.count ? hits.items[0].procedure->id : STR("");
}

TEST(search_finds_by_everyday_words_without_accents_or_case)
{
	const struct pack *pack = leon(t);
	if (!pack) return;
	CHECK_STR(first(t, pack, "número de mi casa"), "alineamiento-y-numero-oficial");
	CHECK_STR(first(t, pack, "NUMERO DE MI CASA"), "alineamiento-y-numero-oficial");
	CHECK_STR(first(t, pack, "quiero construir"), "permiso-de-construccion");
	CHECK_STR(first(t, pack, "construccion permiso"), "permiso-de-construccion");
}

TEST(search_takes_plurals_beginnings_and_one_wrong_letter)
{
	const struct pack *pack = leon(t);
	if (!pack) return;
	CHECK_STR(first(t, pack, "anuncios"), "permiso-de-anuncio");
	CHECK_STR(first(t, pack, "urbaniz"), "permiso-de-urbanizacion-o-edificacion");
	CHECK_STR(first(t, pack, "catsatral"), "certificacion-de-clave-catastral");
	CHECK_STR(first(t, pack, "aliniamiento"), "alineamiento");
}

TEST(search_says_when_only_some_words_were_found)
{
	const struct pack *pack = leon(t);
	if (!pack) return;
	struct search_hits whole = search_procedures(t->arena, pack, STR("uso de suelo"), STR("es"));
	struct search_hits some = search_procedures(t->arena, pack, STR("suelo submarino"), STR("es"));
	CHECK(whole.count > 0 && !whole.is_near);
	CHECK(some.count > 0 && some.is_near);
	CHECK_STR(some.items[0].procedure->id, "permiso-de-uso-de-suelo");
}

TEST(search_for_nothing_lists_all_by_name_and_for_nonsense_none)
{
	const struct pack *pack = leon(t);
	if (!pack) return;
	struct search_hits all = search_procedures(t->arena, pack, STR("   "), STR("es"));
	CHECK_INT(all.count, pack->procedures.count);
	CHECK_STR(all.items[0].procedure->id, "alineamiento");
	CHECK_INT(search_procedures(t->arena, pack, STR("xyzzy"), STR("es")).count, 0);
	CHECK_INT(search_procedures(t->arena, pack, STR("<>&'\""), STR("es")).count, pack->procedures.count);
	/* Words that every procedure has find none in particular, but they are looked for when there is no other. */
	CHECK(search_procedures(t->arena, pack, STR("de"), STR("es")).count > 0);
}
