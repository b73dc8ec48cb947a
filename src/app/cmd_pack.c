/* `ventanilla pack check|test|load`: a municipality's folder of definitions. */
#include "app/service.h"
#include "core/case/case_clock.h"
#include "core/clock/from_pack.h"
#include "core/town/town_pack.h"

enum { FINDINGS_TEXT_MAX = 512 * 1024, DUE_ARENA_MAX = 16 * 1024 * 1024 };

static struct str last_part(struct str path)
{
	struct str part = STR("");
	while (!str_is_none(path)) {
		struct str next = str_cut(&path, '/');
		if (!str_is_empty(next)) part = next;
	}
	return part;
}

static bool regime_known(struct str name) { return regime_find(name) != NULL; }

/* When an answer to what was filed on a day is due at the latest: filed at noon, under the pack's own calendar. */
static struct err *due_in(struct arena *a, const struct pack *pack, const struct procedure *p,
	struct date filed, struct deadline *ret, bool *ret_has)
{
	struct zone *zone;
	struct work_calendar *calendar;
	struct deadline_term term;
	const struct regime *regime = regime_find(str_is_empty(p->regime) ? pack->regime : p->regime);
	TRY(zone_load(a, pack->zone, &zone));
	TRY(calendar_from_pack(a, &pack->calendar, pack->languages.items[0], &calendar));
	*ret_has = regime && case_term_of_span(&p->sheet.term, &term);
	if (!*ret_has) return NULL;
	struct instant at = zone_instant(zone, filed, 12, 0, 0);
	struct deadline_input in = { .regime = regime,
		.calendar = calendar,
		.zone = zone,
		.term = term,
		.start = START_FILING,
		.started = at,
		.now = at };
	return deadline_compute(a, &in, ret);
}

static bool due_date(const struct pack *pack, const struct procedure *p, struct date filed, struct date *ret)
{
	struct arena *a = arena_new(DUE_ARENA_MAX);
	struct deadline deadline;
	bool has = false;
	struct err *e = due_in(a, pack, p, filed, &deadline, &has);
	has = has && !e;
	if (has) *ret = deadline.due;
	arena_free(a);
	return has;
}

static const struct pack_options pack_checks = { .regime_known = regime_known, .due_date = due_date };

static void print_findings(struct findings *findings)
{
	struct buf text = buf_new(findings->arena, FINDINGS_TEXT_MAX);
	findings_sort(findings);
	findings_print(findings, &text);
	call_print(buf_str(&text));
}

static struct err *build(struct arena *a, struct str folder, struct findings *findings, struct pack **ret)
{
	struct pack_files files;
	TRY(pack_read_folder(a, arena_cz(a, folder), &files));
	return pack_build(a, last_part(folder), files, &pack_checks, findings, ret);
}

static struct err *run_check(struct command_call *call)
{
	int errors = 0;
	for (int i = 0; i < call->argument_count; i++) {
		struct findings findings = findings_new(call->arena);
		struct pack *pack;
		TRY(build(call->arena, call->arguments[i], &findings, &pack));
		print_findings(&findings);
		call_printf("%.*s: %d errors, %d warnings\n", STR_FMT(call->arguments[i]), findings.errors,
			findings.warnings);
		errors += findings.errors;
	}
	return errors == 0 ? NULL : ERR(call->arena, ERR_INVALID, NULL, "%d errors", errors);
}

static struct err *run_test(struct command_call *call)
{
	struct pack_test_result sum = { 0 };
	for (int i = 0; i < call->argument_count; i++) {
		struct findings findings = findings_new(call->arena);
		struct pack *pack = NULL;
		TRY(build(call->arena, call->arguments[i], &findings, &pack));
		if (pack) {
			struct pack_test_result result = pack_test(pack, &pack_checks, &findings);
			sum.passed += result.passed;
			sum.failed += result.failed;
			sum.skipped += result.skipped;
		} else {
			sum.failed++; /* a pack with errors: none of its tests could run */
		}
		print_findings(&findings);
	}
	if (sum.skipped > 0) call_printf("%d skipped\n", sum.skipped);
	call_printf("%d passed, %d failed\n", sum.passed, sum.failed);
	return sum.failed == 0 ? NULL : ERR(call->arena, ERR_INVALID, NULL, "%d tests failed", sum.failed);
}

static struct err *run_load(struct command_call *call)
{
	struct town *town;
	int64_t version = 0;
	TRY(service_town(call, &town));
	int64_t before = town_pack_version(town);
	struct err *e = town_pack_load(town, call->arena, call->arguments[0], &version);
	if (!e)
		call_printf(version == before ? "Version %lld has this content already.\n"
									  : "Loaded as version %lld.\n",
			(long long)version);
	town_close(town);
	return e;
}

static const struct command_option load_options[] = { OPTION_DATA, OPTION_TOWN, { 0 } };

const struct command pack_commands[] = {
	{ "pack check", "FOLDER…", 1, COMMAND_ARGUMENTS_MAX,
		"Checks pack folders and tells every error with its place", NULL, NULL, run_check },
	{ "pack test", "FOLDER…", 1, COMMAND_ARGUMENTS_MAX,
		"Runs the tests that the procedures of pack folders carry", NULL, NULL, run_test },
	{ "pack load", "FOLDER", 1, 1, "Checks a pack folder and makes it the municipality's newest version",
		"Open cases stay on the version they were filed under. A running server takes it over within seconds.",
		load_options, run_load },
	{ 0 },
};
