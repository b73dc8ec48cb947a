#include <errno.h>
#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/case/test_town.h"
#include "core/document/issue.h"
#include "core/draft/draft_file.h"
#include "core/file/file.h"
#include "core/job/job.h"
#include "core/job/test_jobs.h"
#include "core/notice/notice.h"
#include "core/keyring/test_folder.h"
#include "core/pdf/test_samples.h"
#include "core/registry/registry.h"
#include "core/staff/queries.h"

/* The list of src/app, as far as this layer goes. */
const struct module *const modules[] = { &file_module, &draft_module, &document_module, &notice_module,
	&test_jobs_module, &test_outside_module, NULL };

enum { SMALL_ARENA = 64 * 1024 * 1024 };

#define SLUG "alineamiento-y-numero-oficial"
#define START_MS INT64_C(1780416000000) /* 2026-06-02T10:00:00-06:00 */

/* --- one town is made, and copied for every test: its keys take the longest -------------------------------------- */

static char template_path[300];

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static void remove_template(void) { nftw(template_path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

static struct str in(struct arena *a, struct str folder, const char *name)
{
	return arena_printf(a, "%.*s/%s", STR_FMT(folder), name);
}

static const struct str hosts[] = { { "leon.example", 12 } };

static struct town_options options_of(struct str folder, const struct press *press)
{
	return (struct town_options){ .folder = folder,
		.hosts = hosts,
		.host_count = 1,
		.public_url = STR("https://leon.example"),
		.press = press };
}

static struct err *make_template(struct arena *a)
{
	const char *temp = getenv("TMPDIR");
	if (template_path[0]) return NULL;
	struct str path = arena_printf(a, "%s/ventanilla-town-XXXXXX", temp ? temp : "/tmp");
	must(path.n < sizeof template_path && mkdtemp((char *)path.p));
	memcpy(template_path, path.p, path.n + 1);
	atexit(remove_template);
	struct town_options options = options_of(in(a, path, "town"), NULL);
	return town_create(a, &options, STR("packs/leon"), (struct instant){ START_MS });
}

static bool copy_file(const char *from, const char *to)
{
	char bytes[64 * 1024];
	FILE *source = fopen(from, "rb"), *target = fopen(to, "wb");
	bool good = source && target && !fchmod(fileno(target), 0600);
	for (size_t n = 1; good && n > 0;) {
		n = fread(bytes, 1, sizeof bytes, source);
		good = fwrite(bytes, 1, n, target) == n;
	}
	if (source) fclose(source);
	if (target) good &= fclose(target) == 0;
	return good;
}

static const char *copy_target;

static int copy_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	char to[600];
	(void)st;
	(void)walk;
	int n = snprintf(to, sizeof to, "%s%s", copy_target, path + strlen(template_path) + strlen("/town"));
	if (n < 0 || (size_t)n >= sizeof to) return 1;
	if (type == FTW_D) return mkdir(to, 0700) && errno != EEXIST;
	return !copy_file(path, to);
}

/* --- staff ---------------------------------------------------------------------------------------------------------- */

static struct err *add_one(struct tx *tx, struct test_town *tt, const char *login, const char *role,
	const char *department, int64_t *ret)
{
	TRY(staff_insert(tx->db, tx->arena,
		&(struct staff_insert_in){ .login = str_of(login),
			.display_name = arena_printf(tx->arena, "Persona %s", login),
			.post = str_of(role),
			.password_hash = STR("none"),
			.created_at = tx->now },
		ret));
	TRY(staff_role_insert(tx->db, tx->arena,
		&(struct staff_role_insert_in){ .staff_id = *ret, .role = str_of(role) }, NULL));
	return scope_grant_insert(tx->db, tx->arena,
		&(struct scope_grant_insert_in){ .staff_id = *ret,
			.department_id = town_department_id(tt->town, str_of(department)),
			.compartment = STR("ordinary") },
		NULL);
}

static struct err *add_staff(struct tx *tx, void *input)
{
	struct test_town *tt = input;
	TRY(add_one(tx, tt, "ana", "clerk", "desarrollo-urbano", &tt->clerk));
	TRY(add_one(tx, tt, "otto", "clerk", "catastro", &tt->other_clerk));
	TRY(add_one(tx, tt, "omar", "officer", "desarrollo-urbano", &tt->officer));
	return add_one(tx, tt, "julio", "cashier", "desarrollo-urbano", &tt->cashier);
}

/* --- opening ---------------------------------------------------------------------------------------------------------- */

/* What has to be closed: it outlives the test's function. */
struct test_town_open {
	struct town *town;
	struct db *db;
};

static void close_town(void *state)
{
	struct test_town_open *open = state;
	db_close(open->db);
	town_close(open->town);
	*open = (struct test_town_open){ 0 };
}

static struct err *open_town(struct test_town *tt)
{
	TRY(town_open(tt->arena, &tt->options, &tt->open->town));
	TRY(town_connect(tt->open->town, tt->arena, &tt->open->db));
	tt->town = tt->open->town;
	tt->db = tt->open->db;
	return NULL;
}

static struct err *prepare(struct test_town *tt)
{
	TRY(make_template(tt->arena));
	tt->folder = test_folder_new(tt->t);
	struct str town = in(tt->arena, tt->folder, "town"),
			   from = arena_printf(tt->arena, "%s/town", template_path);
	copy_target = arena_cz(tt->arena, town);
	if (nftw(arena_cz(tt->arena, from), copy_entry, 16, FTW_PHYS))
		return ERR(tt->arena, ERR_UNAVAILABLE, NULL, "cannot copy the town");
	tt->options = options_of(town, tt->press);
	/* Closed before its folder is removed: what is deferred last runs first. */
	tt->open = ARENA_NEW(tt->arena, struct test_town_open);
	arena_defer(tt->arena, close_town, tt->open);
	TRY(open_town(tt));
	return writer_run(tt->town->writer, tt->arena, add_staff, tt);
}

static bool fails(struct test_town *tt, struct err *e, const char *what)
{
	if (e) test_fail(tt->t, __FILE__, __LINE__, "%s: %s (%s)", what, e->detail, e->key ? e->key : "");
	return e != NULL;
}

bool test_town_open(struct test *t, struct test_town *ret)
{
	*ret = (struct test_town){ .t = t, .arena = t->arena, .press = sample_press(t) };
	return ret->press && !fails(ret, prepare(ret), "opening a town");
}

bool test_town_reopen(struct test_town *tt)
{
	close_town(tt->open);
	return !fails(tt, open_town(tt), "opening it again");
}

bool test_town_forward(struct test_town *tt, int64_t minutes)
{
	struct instant to = { town_now(tt->town).ms + minutes * 60000 };
	return !fails(tt, town_clock_set(tt->town, tt->arena, to), "the clock");
}

/* --- filing ------------------------------------------------------------------------------------------------------------ */

static const char *or_else(const char *given, const char *usual) { return given ? given : usual; }

static struct str sample_json(struct arena *a, const struct test_filing *f)
{
	const char *curp = or_else(f->curp, "");
	struct str id = curp[0] ? arena_printf(a, "\"curp\":\"%s\",", curp) : STR("");
	struct str files = f->with_files ? STR("")
									 : STR("\"identificacion\":[{\"name\":\"ine.pdf\"}],"
										   "\"documento_predio\":[{\"name\":\"contrato.pdf\"}],");
	struct str notice = f->mail ? arena_printf(a, "\"aviso\":\"mail\",\"correo\":\"%s\"", f->mail)
								: STR("\"aviso\":\"counter\"");
	return arena_printf(a,
		"{\"nombre\":\"%s\",\"apellidos\":\"%s\",%.*s%.*s\"calidad\":\"propietario\",\"tipo_titular\":\"fisica\","
		"\"domicilio\":{\"street\":\"%s\",\"number\":\"12\",\"neighbourhood\":\"Centro\",\"postal_code\":\"37000\"},"
		"\"frente\":%s,\"hoy_hay\":\"casa\",\"motivo\":[\"agua\"],%.*s}",
		or_else(f->given, "Solicitante"), or_else(f->surnames, "de Muestra"), STR_FMT(id), STR_FMT(files),
		or_else(f->street, "Calle de Ejemplo"), or_else(f->front, "8.5"), STR_FMT(notice));
}

static struct err *sample_answers(struct test_town *tt, const struct test_filing *f, struct answers **ret)
{
	const struct pack *pack = town_pack(tt->town);
	const struct procedure *p = pack_procedure(pack, STR(SLUG));
	struct answers *answers = answers_new(tt->arena, pack, p, zone_date(tt->town->zone, town_now(tt->town)));
	struct json *tree;
	TRY(json_parse(tt->arena, sample_json(tt->arena, f), &tree));
	TRY(answers_from_json(answers, tree));
	*ret = answers;
	return NULL;
}

struct draft_making {
	struct test_town *tt;
	const struct test_filing *filing;
	int64_t id;
	struct answers *answers;
	struct upload uploads[2];
};

static struct err *find_draft(struct draft_making *m, struct db *db, struct arena *a, struct str cookie,
	struct draft *ret)
{
	bool found;
	TRY(draft_of_cookie(m->tt->town, db, a, STR(SLUG), cookie, ret, &found));
	return found ? NULL : ERR(a, ERR_NOT_FOUND, NULL, "no draft");
}

static struct err *make_draft(struct tx *tx, void *input)
{
	static const char *const fields[] = { "identificacion", "documento_predio" };
	struct draft_making *m = input;
	struct draft draft;
	struct str cookie;
	struct draft_start start = { .town = m->tt->town,
		.pack_version = town_pack_version(m->tt->town),
		.slug = STR(SLUG),
		.lang = STR("es"),
		.channel = STR("web") };
	TRY(draft_start(tx, &start, &m->id, &cookie));
	TRY(find_draft(m, tx->db, tx->arena, cookie, &draft));
	TRY(draft_store(tx, &draft, m->answers, NULL, false));
	for (int i = 0; i < 2; i++)
		TRY(draft_attach(tx, m->tt->town, &draft, procedure_field(draft.procedure, str_of(fields[i])),
			&m->uploads[i], MEDIA_PDF));
	return draft_read(&draft, m->tt->town, tx->db, tx->arena, tx->now, &m->answers);
}

static struct err *store_files(struct draft_making *m)
{
	struct str bytes[] = { str_of(or_else(m->filing->file_bytes, "%PDF-1.7 uno")), STR("%PDF-1.7 dos") };
	for (int i = 0; i < 2; i++) {
		TRY(file_store(m->tt->town->files, m->tt->arena, bytes[i], &m->uploads[i].facts));
		m->uploads[i].file_name = i ? STR("contrato.pdf") : STR("ine.pdf");
	}
	return NULL;
}

int64_t test_draft(struct test_town *tt, const struct test_filing *f, struct answers **ret_answers)
{
	struct test_filing filing = *f;
	filing.with_files = true;
	struct draft_making m = { .tt = tt, .filing = &filing };
	if (fails(tt, sample_answers(tt, &filing, &m.answers), "answers") || fails(tt, store_files(&m), "files"))
		return 0;
	if (fails(tt, writer_run(tt->town->writer, tt->arena, make_draft, &m), "the draft")) return 0;
	*ret_answers = m.answers;
	return m.id;
}

struct filing_run {
	struct filing filing;
	struct filed filed;
};

static struct err *run_filing(struct tx *tx, void *input)
{
	struct filing_run *run = input;
	return filing_record(tx, &run->filing, &run->filed);
}

struct err *test_file_draft(struct test_town *tt, int64_t draft, const struct answers *answers,
	struct filed *ret)
{
	struct filing_run run = { .filing = { .town = tt->town,
								  .pack_version = town_pack_version(tt->town),
								  .procedure = answers->procedure,
								  .answers = answers,
								  .lang = STR("es"),
								  .by = case_by_citizen,
								  .draft_id = draft } };
	TRY(writer_run(tt->town->writer, tt->arena, run_filing, &run));
	*ret = run.filed;
	return NULL;
}

struct filed test_file(struct test_town *tt, const struct test_filing *f)
{
	struct answers *answers = NULL;
	struct filed filed = { 0 };
	int64_t draft = 0;
	struct err *e = NULL;
	if (f->with_files)
		draft = test_draft(tt, f, &answers);
	else
		e = sample_answers(tt, f, &answers);
	if (f->with_files && !draft) return filed;
	if (!e && answers_check(answers, tt->arena).errors)
		e = ERR(tt->arena, ERR_INVALID, NULL, "the sample has errors");
	if (!e) e = test_file_draft(tt, draft, answers, &filed);
	fails(tt, e, "filing");
	return filed;
}

/* --- steps ---------------------------------------------------------------------------------------------------------------- */

struct err *test_take(struct tx *tx, struct test_step *s) { return case_take(tx, &s->step, s->assignee); }
struct err *test_ask(struct tx *tx, struct test_step *s)
{
	return case_ask_correction(tx, &s->step, s->text, s->items);
}
struct err *test_answer(struct tx *tx, struct test_step *s)
{
	return case_answer_correction(tx, &s->step, s->answers);
}
struct err *test_decide(struct tx *tx, struct test_step *s)
{
	return case_decide(tx, &s->step, s->outcome, s->text, s->answers);
}
struct err *test_return(struct tx *tx, struct test_step *s) { return case_return(tx, &s->step, s->text); }
struct err *test_sign(struct tx *tx, struct test_step *s) { return case_sign(tx, &s->step); }
struct err *test_pay(struct tx *tx, struct test_step *s)
{
	return case_pay(tx, &s->step, s->folio, s->amount, STR("efectivo"));
}
struct err *test_deliver(struct tx *tx, struct test_step *s) { return case_deliver(tx, &s->step); }
struct err *test_withdraw(struct tx *tx, struct test_step *s) { return case_withdraw(tx, &s->step); }
struct err *test_say(struct tx *tx, struct test_step *s) { return case_say(tx, &s->step, s->kind, s->text); }
struct err *test_revoke(struct tx *tx, struct test_step *s)
{
	return document_revoke_issued(tx, &s->step, s->document, s->text);
}

struct case_record test_record(struct test_town *tt, int64_t case_id)
{
	struct case_record c = { 0 };
	fails(tt, case_load(tt->town, tt->db, tt->arena, case_id, &c), "loading the case");
	return c;
}

struct test_step test_step_now(struct test_town *tt, int64_t case_id, int64_t staff_id)
{
	struct case_record c = test_record(tt, case_id);
	struct case_by by = staff_id
		? (struct case_by){ .as = WHO_STAFF, .staff_id = staff_id, .channel = STR("counter") }
		: case_by_citizen;
	return (struct test_step){ .step = { tt->town, case_id, c.row.revision, by },
		.assignee = staff_id,
		.amount = c.row.fee };
}

struct step_run {
	test_step_fn *fn;
	struct test_step *step;
};

static struct err *run_step(struct tx *tx, void *input)
{
	struct step_run *run = input;
	return run->fn(tx, run->step);
}

struct err *test_run(struct test_town *tt, test_step_fn *fn, struct test_step *s)
{
	struct step_run run = { fn, s };
	return writer_run(tt->town->writer, tt->arena, run_step, &run);
}

bool test_do(struct test_town *tt, test_step_fn *fn, struct test_step *s)
{
	return !fails(tt, test_run(tt, fn, s), "a step");
}

struct answers *test_decision(struct test_town *tt, int64_t case_id)
{
	struct case_record c = test_record(tt, case_id);
	struct json *tree;
	struct err *e = json_parse(tt->arena,
		STR("{\"numero_oficial\":\"123\",\"frente_medido\":12,\"ancho_calle\":12,\"ancho_banqueta\":1.8,"
			"\"tiene_restriccion\":false}"),
		&tree);
	e = e ? e : answers_from_json(c.answers, tree);
	fails(tt, e, "the decision");
	return c.answers;
}

bool test_approve(struct test_town *tt, int64_t case_id)
{
	struct test_step take = test_step_now(tt, case_id, tt->clerk);
	if (!test_do(tt, test_take, &take)) return false;
	struct test_step decide = test_step_now(tt, case_id, tt->clerk);
	decide.outcome = OUTCOME_APPROVED;
	decide.text = STR("");
	decide.answers = test_decision(tt, case_id);
	if (!test_do(tt, test_decide, &decide)) return false;
	struct test_step sign = test_step_now(tt, case_id, tt->officer);
	return test_do(tt, test_sign, &sign);
}

/* --- looking ---------------------------------------------------------------------------------------------------------------- */

static sqlite3_stmt *ask(struct test_town *tt, const char *sql, sqlite3 **ret)
{
	sqlite3_stmt *s = NULL;
	const char *path = arena_cz(tt->arena, in(tt->arena, tt->options.folder, "town.db"));
	bool good = sqlite3_open_v2(path, ret, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(*ret, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW;
	if (!good) test_fail(tt->t, __FILE__, __LINE__, "%s: %s", sql, sqlite3_errmsg(*ret));
	return s;
}

int64_t test_number(struct test_town *tt, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = ask(tt, sql, &db);
	int64_t n = s && sqlite3_data_count(s) ? sqlite3_column_int64(s, 0) : -1;
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

struct str test_text(struct test_town *tt, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = ask(tt, sql, &db);
	const unsigned char *text = s && sqlite3_data_count(s) ? sqlite3_column_text(s, 0) : NULL;
	struct str copy = text
		? arena_str(tt->arena, (struct str){ (const char *)text, (size_t)sqlite3_column_bytes(s, 0) })
		: STR_NONE;
	sqlite3_finalize(s);
	sqlite3_close(db);
	return copy;
}

bool test_write(struct test_town *tt, const char *sql)
{
	sqlite3 *db = NULL;
	const char *path = arena_cz(tt->arena, in(tt->arena, tt->options.folder, "town.db"));
	bool good = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
		sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
	if (!good) test_fail(tt->t, __FILE__, __LINE__, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
	return good;
}

int test_drain(struct test_town *tt)
{
	int ran = -1;
	fails(tt, jobs_drain(tt->town, tt->arena, &ran), "the jobs");
	return ran;
}

bool test_audit(struct test_town *tt)
{
	int64_t entries;
	return !fails(tt, registry_audit(tt->db, tt->arena, &entries), "the registry's audit");
}
