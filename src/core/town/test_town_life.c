/* A municipality from its making to its closing: packs, versions, clock, and that two share nothing. */
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

#include "core/case/test_town.h"
#include "core/keyring/test_folder.h"
#include "core/registry/registry.h"
#include "core/staff/queries.h"
#include "core/town/town_pack.h"

/* León's pack in a folder of its own, with "{from}" replaced by "{to}" in pack.yaml. STR_NONE after a failure. */
static struct str changed_pack(struct test *t, const char *from, const char *to)
{
	struct pack_files files;
	struct arena *a = t->arena;
	struct str folder = arena_printf(a, "%.*s/leon", STR_FMT(test_folder_new(t)));
	struct err *e = pack_read_folder(a, "packs/leon", &files);
	if (e) return STR_NONE;
	mkdir(arena_cz(a, folder), 0700);
	for (size_t i = 0; i < files.count; i++) {
		struct str text = files.items[i].text,
				   path = arena_printf(a, "%.*s/%.*s", STR_FMT(folder), STR_FMT(files.items[i].path));
		ptrdiff_t at = str_eq(files.items[i].path, STR("pack.yaml")) ? str_find(text, str_of(from)) : -1;
		if (at >= 0)
			text = arena_printf(a, "%.*s%s%.*s", (int)at, text.p, to,
				STR_FMT(str_slice(text, (size_t)at + strlen(from), text.n)));
		ptrdiff_t slash = str_find_char(files.items[i].path, '/');
		if (slash >= 0)
			mkdir(arena_cz(a,
					  arena_printf(a, "%.*s/%.*s", STR_FMT(folder), (int)slash, files.items[i].path.p)),
				0700);
		FILE *f = fopen(arena_cz(a, path), "wb");
		if (!f) return STR_NONE;
		fwrite(text.p, 1, text.n, f);
		fclose(f);
	}
	return folder;
}

TEST(town_is_made_once_and_from_a_sound_pack)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	struct err *again = town_create(t->arena, &tt.options, STR("packs/leon"), INSTANT_NONE);
	CHECK(again && again->code == ERR_CONFLICT);
	struct town_options options = tt.options;
	options.folder = arena_printf(t->arena, "%.*s/other", STR_FMT(tt.folder));
	struct err *unsound = town_create(t->arena, &options,
		changed_pack(t, "zone: America/Mexico_City", "zone: America/Nowhere"), INSTANT_NONE);
	CHECK(unsound && unsound->code == ERR_INVALID);
	struct stat st;
	CHECK(stat(arena_cz(t->arena, options.folder), &st) != 0); /* nothing is left of it */
}

TEST(town_of_a_pack_with_an_error_keeps_the_one_in_force)
{
	struct test_town tt;
	int64_t version;
	if (!test_town_open(t, &tt)) return;
	int64_t before = town_pack_version(tt.town);
	CHECK_ERR(town_pack_load(tt.town, t->arena,
				  changed_pack(t, "zone: America/Mexico_City", "zone: America/Nowhere"), &version),
		ERR_INVALID);
	CHECK_INT(town_pack_version(tt.town), before);
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM pack_version"), 1);
}

TEST(town_pack_versions_stay_with_their_cases)
{
	struct test_town tt;
	int64_t first = 0, second = 0, back = 0;
	if (!test_town_open(t, &tt)) return;
	int64_t before = town_pack_version(tt.town);
	int64_t old_case = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	CHECK_OK(town_pack_load(tt.town, t->arena, STR("packs/leon/"), &first));
	CHECK_INT(first, before); /* the same content is no new version */
	struct str changed = changed_pack(t, "full_name: {es: Municipio de León",
		"full_name: {es: Municipio de León de los Aldama");
	CHECK_OK(town_pack_load(tt.town, t->arena, changed, &second));
	CHECK(second != before);
	CHECK_INT(town_pack_version(tt.town), second);
	CHECK_STR(text_in(town_pack(tt.town)->full_name, STR("es")), "Municipio de León de los Aldama");
	int64_t new_case = test_file(&tt, &(struct test_filing){ 0 }).case_id;
	CHECK_STR(text_in(test_record(&tt, old_case).pack->full_name, STR("es")), "Municipio de León");
	CHECK_STR(text_in(test_record(&tt, new_case).pack->full_name, STR("es")),
		"Municipio de León de los Aldama");
	/* What was in force before can be put in force again, also over a restart. */
	CHECK_OK(town_pack_load(tt.town, t->arena, STR("packs/leon"), &back));
	CHECK_INT(back, before);
	CHECK_INT(town_pack_version(tt.town), before);
	CHECK(test_town_reopen(&tt));
	CHECK_INT(town_pack_version(tt.town), before);
	CHECK_STR(text_in(test_record(&tt, new_case).pack->full_name, STR("es")),
		"Municipio de León de los Aldama");
}

struct loader {
	struct test_town *tt;
	struct str folders[2];
	bool failed;
};

static void *load_often(void *input)
{
	struct loader *loader = input;
	struct arena *a = arena_new(256 * 1024 * 1024);
	for (int i = 0; i < 6; i++) {
		int64_t version;
		arena_reset(a);
		struct town *town = town_hold(loader->tt->town, a);
		if (town_pack_load(town, a, loader->folders[i % 2], &version)) loader->failed = true;
		if (town_department_id(town, STR("desarrollo-urbano")) == 0) loader->failed = true;
		if (!str_eq(town_pack(town)->slug, STR("leon"))) loader->failed = true;
	}
	arena_free(a);
	return NULL;
}

/* Two loads at once, and readers meanwhile: under the sanitizers this shows what is shared and should not be. */
TEST(town_packs_may_be_loaded_at_the_same_time)
{
	enum { THREADS = 3 };
	struct test_town tt;
	pthread_t threads[THREADS];
	struct loader loaders[THREADS];
	if (!test_town_open(t, &tt)) return;
	struct str changed = changed_pack(t, "full_name: {es: Municipio de León", "full_name: {es: Otro nombre");
	for (int i = 0; i < THREADS; i++) {
		loaders[i] = (struct loader){ &tt, { STR("packs/leon"), changed }, false };
		CHECK(!pthread_create(&threads[i], NULL, load_often, &loaders[i]));
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		if (loaders[i].failed) test_fail(t, __FILE__, __LINE__, "loader %d failed", i);
	}
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM pack_version"), 2);
}

/* What the command line does beside a running server: here it is a second opening of the same town. */
TEST(town_takes_over_what_another_loaded)
{
	struct test_town tt;
	struct town *other;
	int64_t version = 0;
	bool changed = true;
	if (!test_town_open(t, &tt)) return;
	CHECK_OK(town_refresh(tt.town, tt.db, t->arena, &changed));
	CHECK(!changed);
	CHECK_OK(town_open(t->arena, &tt.options, &other));
	struct str folder = changed_pack(t, "full_name: {es: Municipio de León", "full_name: {es: Otro nombre");
	struct err *e = town_pack_load(other, t->arena, folder, &version);
	town_close(other);
	CHECK_OK(e);
	struct town *early = town_hold(tt.town, t->arena); /* a request that is under way */
	CHECK_OK(town_refresh(tt.town, tt.db, t->arena, &changed));
	CHECK(changed);
	struct town *late = town_hold(tt.town, t->arena);
	CHECK_STR(text_in(town_pack(early)->full_name, STR("es")), "Municipio de León");
	CHECK_STR(text_in(town_pack(late)->full_name, STR("es")), "Otro nombre");
	CHECK_INT(town_pack_version(late), version);
	CHECK_OK(town_refresh(tt.town, tt.db, t->arena, &changed));
	CHECK(!changed);
}

TEST(town_takes_over_keys_that_were_rotated)
{
	struct test_town tt;
	struct keyring *keyring;
	const struct key *rotated, *active;
	bool changed = false;
	if (!test_town_open(t, &tt)) return;
	struct arena *a = arena_new(1024 * 1024);
	struct str folder = arena_printf(a, "%.*s/keys", STR_FMT(tt.options.folder));
	struct err *e = keyring_open_to_change(a, folder, STR_NONE, &keyring);
	e = e ? e : keyring_rotate(keyring, a, KEY_CSRF, STR(""), town_now(tt.town), &rotated);
	struct str id = e ? STR_NONE : arena_str(t->arena, rotated->id);
	CHECK_OK(err_copy(t->arena, e));
	arena_free(a); /* lets go of the folder: the refresh would wait */
	struct town *early = town_hold(tt.town, t->arena);
	CHECK_OK(town_refresh(tt.town, tt.db, t->arena, &changed));
	CHECK(changed);
	struct town *late = town_hold(tt.town, t->arena);
	CHECK_OK(keyring_active(late->keyring, t->arena, KEY_CSRF, STR_NONE, &active));
	CHECK(str_eq(active->id, id));
	CHECK_OK(keyring_active(early->keyring, t->arena, KEY_CSRF, STR_NONE, &active));
	CHECK(!str_eq(active->id, id));
}

/* A key folder that cannot be read leaves the keys as they were, is said once, and is taken over when it is good. */
TEST(town_keeps_what_it_has_when_the_new_is_unsound)
{
	struct test_town tt;
	bool changed = true;
	if (!test_town_open(t, &tt)) return;
	struct str path = arena_printf(t->arena, "%.*s/keys/csrf-0123456789abcdef.key",
		STR_FMT(tt.options.folder));
	FILE *f = fopen(path.p, "w");
	CHECK(f && chmod(path.p, 0600) == 0 && fputs("{", f) >= 0 && fclose(f) == 0);
	CHECK_ERR(town_refresh(tt.town, tt.db, t->arena, &changed), ERR_INVALID);
	CHECK(!changed);
	CHECK_OK(town_refresh(tt.town, tt.db, t->arena, &changed));
	CHECK(!changed);
	const struct key *active;
	struct town *held = town_hold(tt.town, t->arena);
	CHECK_OK(keyring_active(held->keyring, t->arena, KEY_CSRF, STR_NONE, &active));
	CHECK(remove(path.p) == 0);
	CHECK_OK(town_refresh(tt.town, tt.db, t->arena, &changed));
	CHECK(!changed); /* as it was before: nothing to take over */
}

/* What goes out of force is freed with its last holder: after a thousand changes there is as much as after ten. */
TEST(town_keeps_no_more_than_is_held)
{
	enum { ROUNDS = 1000 };
	struct test_town tt;
	int64_t version = 0;
	if (!test_town_open(t, &tt)) return;
	struct str folder = changed_pack(t, "full_name: {es: Municipio de León", "full_name: {es: Otro nombre");
	CHECK_OK(town_pack_load(tt.town, t->arena, folder, &version));
	int64_t first = test_number(&tt, "SELECT min(id) FROM pack_version");
	struct arena *a = arena_new(64 * 1024 * 1024);
	int failed = 0;
	struct err *e = NULL;
	for (int i = 0; !e && !failed && i < ROUNDS; i++) {
		bool changed = false;
		struct town *held = town_hold(tt.town, a);
		int64_t before = town_pack_version(held);
		struct str sql = arena_printf(a,
			"PRAGMA synchronous = OFF; UPDATE town_setting SET value = '%lld' WHERE name = 'pack_version'",
			(long long)(i % 2 ? version : first));
		failed += !test_write(&tt, sql.p);
		e = err_copy(t->arena, town_refresh(held, tt.db, a, &changed));
		failed += !changed || town_pack_version(held) != before || town_stats(held).editions > 3;
		arena_reset(a);
	}
	arena_free(a);
	CHECK_OK(e);
	CHECK_INT(failed, 0);
	CHECK_INT(town_stats(tt.town).editions, 2); /* the current one, and that of the opening */
	CHECK_INT(town_stats(tt.town).pack_versions, 2);
}

/* Versions that nobody uses any more are kept up to a limit, and the one used last is not built again. */
TEST(town_forgets_versions_that_nobody_uses)
{
	enum { VERSIONS = TOWN_PACKS_IDLE + 8 };
	struct test_town tt;
	const struct pack *pack;
	if (!test_town_open(t, &tt)) return;
	int64_t first = test_number(&tt, "SELECT min(id) FROM pack_version");
	for (int i = 1; i < VERSIONS; i++)
		CHECK(test_write(&tt,
			arena_printf(t->arena,
				"INSERT INTO pack_version (id, checksum, loaded_at) VALUES (%lld, '%d', 0);"
				"INSERT INTO pack_file (pack_version_id, path, content)"
				" SELECT %lld, path, content FROM pack_file WHERE pack_version_id = %lld"
				" AND path NOT LIKE 'procedures/%%';",
				(long long)first + i, i, (long long)first + i, (long long)first)
				.p));
	struct arena *a = arena_new(256 * 1024 * 1024);
	struct err *e = NULL;
	for (int i = 1; !e && i < VERSIONS; i++)
		e = town_pack_of(tt.town, tt.db, a, first + i, &pack);
	int64_t in_use = town_stats(tt.town).pack_versions;
	e = err_copy(t->arena, e);
	arena_free(a);
	CHECK_OK(e);
	CHECK_INT(in_use, VERSIONS);
	CHECK_INT(town_stats(tt.town).pack_versions, TOWN_PACKS_IDLE + 1);
}

TEST(town_simulated_clock_stands_and_only_goes_forward)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	CHECK(tt.town->is_simulated);
	int64_t start = town_now(tt.town).ms;
	CHECK_INT(start, INT64_C(1780416000000));
	CHECK(test_town_forward(&tt, 60));
	CHECK_INT(town_now(tt.town).ms, start + 3600 * 1000);
	CHECK_ERR(town_clock_set(tt.town, t->arena, (struct instant){ start }), ERR_USAGE);
	CHECK(test_town_reopen(&tt));
	CHECK_INT(town_now(tt.town).ms, start + 3600 * 1000);
	CHECK_STR(town_origin(tt.town, t->arena), "leon.example/registro/simulado");
	CHECK_STR(town_printed_address(tt.town, t->arena, "/verificar"), "leon.example/verificar");
}

TEST(town_live_has_no_clock_to_set)
{
	struct test_town tt;
	struct town *live = NULL;
	if (!test_town_open(t, &tt)) return;
	struct town_options options = tt.options;
	options.folder = arena_printf(t->arena, "%.*s/live", STR_FMT(tt.folder));
	CHECK_OK(town_create(t->arena, &options, STR("packs/leon"), INSTANT_NONE));
	CHECK_OK(town_open(t->arena, &options, &live));
	bool is_simulated = live->is_simulated;
	struct err *e = town_clock_set(live, t->arena, (struct instant){ INT64_C(4000000000000) });
	struct str origin = town_origin(live, t->arena);
	town_close(live);
	CHECK(!is_simulated);
	CHECK(e && e->code == ERR_USAGE);
	CHECK_STR(origin, "leon.example/registro");
}

TEST(town_looks_up_departments)
{
	struct test_town tt;
	if (!test_town_open(t, &tt)) return;
	int64_t id = town_department_id(tt.town, STR("catastro"));
	CHECK(id > 0);
	CHECK_STR(town_department_slug(tt.town, id), "catastro");
	CHECK_INT(town_department_id(tt.town, STR("marcianos")), 0);
	CHECK(str_is_none(town_department_slug(tt.town, 999)));
}

/* Two municipalities in one program: numbers, keys and rows are each one's own. */
TEST(town_two_share_nothing)
{
	struct test_town tt, other;
	if (!test_town_open(t, &tt) || !test_town_open(t, &other)) return;
	CHECK_STR(test_file(&tt, &(struct test_filing){ 0 }).number, "AN-2026-000001");
	CHECK_STR(test_file(&tt, &(struct test_filing){ 0 }).number, "AN-2026-000002");
	CHECK_STR(test_file(&other, &(struct test_filing){ 0 }).number, "AN-2026-000001");
	CHECK_INT(test_number(&tt, "SELECT count(*) FROM cases"), 2);
	CHECK_INT(test_number(&other, "SELECT count(*) FROM cases"), 1);
	CHECK(test_audit(&tt) && test_audit(&other));
}
