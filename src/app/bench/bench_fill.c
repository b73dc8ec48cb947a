/* Makes the town that a bench measures: installation, accounts, cases, files sent beforehand, and bench.json. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/account.h"
#include "app/bench/bench.h"
#include "app/demo/papers.h"
#include "app/demo/people.h"
#include "app/installation.h"
#include "core/file/file.h"
#include "core/session/session.h"
#include "mod/api/queries.h"

enum { FILES_A_COMMIT = 200, PEOPLE = 500, JSON_MAX = 1024 * 1024 };
#define PASSWORD "bench-ventanilla-2026"
#define FROM "2026-05-25T08:00:00-06:00"
#define TO "2026-11-24T10:42:00-06:00"

struct making {
	struct arena *arena;
	const struct bench_fill *options;
	struct town *town;
	int64_t clerk, officer;
	struct str token, session;
	struct bench_cases cases;
	struct file_facts facts;
	int64_t file_id, files; /* of stored_file; how often it was sent */
	struct instant expires;
};

/* --- people ----------------------------------------------------------------------------------------------------------- */

static struct err *session_commit(struct tx *tx, void *input)
{
	struct making *m = input;
	return session_open(tx, m->town, m->clerk, STR(""), &m->session);
}

static struct err *make_accounts(struct making *m)
{
	struct account clerk = { .login = STR("ana"),
		.name = STR("Ana Belén Rocha"),
		.post = STR("Analista"),
		.password = STR(PASSWORD),
		.department = STR(""),
		.roles = { STR("clerk"), STR("counter") },
		.role_count = 2 };
	struct account officer = clerk;
	officer.login = STR("omar");
	officer.name = STR("Omar Villaseñor");
	officer.roles[0] = STR("officer");
	officer.role_count = 1;
	TRY(account_add(m->town, m->arena, &clerk, &m->clerk));
	TRY(account_add(m->town, m->arena, &officer, &m->officer));
	return account_token(m->town, m->arena, STR("ana"), STR("bench"), 3650, &m->token);
}

/* --- files that were sent before --------------------------------------------------------------------------------------- */

static struct err *file_commit(struct tx *tx, void *input)
{
	struct making *m = input;
	return file_record(tx, m->town, &m->facts, MEDIA_PDF, FILE_OWN, &m->file_id);
}

/* Codes that lie in the order of their sending, as the API's do, and that tests/bench/file.lua can make too. */
static struct str file_code(struct arena *a, int64_t n) { return arena_printf(a, "BENCH%08X", (uint32_t)n); }

static struct err *uses_commit(struct tx *tx, void *input)
{
	struct making *m = input;
	m->expires = (struct instant){ tx->now.ms + INT64_C(3650) * 24 * 3600 * 1000 };
	for (int i = 0; i < FILES_A_COMMIT; i++) {
		int64_t id;
		TRY(api_file_insert(tx->db, tx->arena,
			&(struct api_file_insert_in){ .code = file_code(tx->arena, m->files + i),
				.staff_id = m->clerk,
				.file_id = m->file_id,
				.file_name = STR("documento.pdf"),
				.expires_at = m->expires },
			&id));
	}
	return NULL;
}

/* One file's bytes, sent as often as applications will name one. */
static struct err *send_files(struct making *m)
{
	struct str line = STR("Documento de muestra");
	struct str bytes = paper_pdf(m->arena, &line, 1);
	TRY(file_store(m->town->files, m->arena, bytes, &m->facts));
	TRY(writer_run(m->town->writer, m->arena, file_commit, m));
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct err *e = NULL;
	for (; m->files < m->options->files && !e; m->files += FILES_A_COMMIT) {
		arena_reset(a);
		e = writer_run(m->town->writer, a, uses_commit, m);
	}
	e = err_copy(m->arena, e);
	arena_free(a);
	return e;
}

/* --- bench.json ---------------------------------------------------------------------------------------------------------- */

/* Who will file by the API. */
static void add_people(const struct making *m, struct json_writer *w)
{
	struct dice dice = dice_of(2026);
	json_key(w, STR("people"));
	json_open(w, '[');
	for (int i = 0; i < PEOPLE; i++) {
		struct person p = person_draw(&dice, m->arena, town_pack(m->town), i);
		json_open(w, '{');
		json_field(w, STR("nombre"), p.given);
		json_field(w, STR("apellidos"), p.surnames);
		json_field(w, STR("curp"), p.curp);
		json_field(w, STR("correo"), p.mail);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static struct str describe(const struct making *m)
{
	struct buf *out = ARENA_NEW(m->arena, struct buf);
	*out = buf_new(m->arena, JSON_MAX);
	struct json_writer w = json_writer(out);
	json_open(&w, '{');
	json_field(&w, STR("token"), m->token);
	json_field(&w, STR("session"), m->session);
	json_key(&w, STR("cases"));
	json_add_int(&w, m->options->cases);
	json_key(&w, STR("files"));
	json_add_int(&w, m->files);
	json_key(&w, STR("numbers"));
	json_open(&w, '[');
	for (size_t i = 0; i < m->cases.number_count; i++)
		json_add_text(&w, m->cases.numbers[i]);
	json_close(&w, ']');
	add_people(m, &w);
	json_close(&w, '}');
	return buf_str(out);
}

struct err *bench_write(struct arena *a, struct str path, struct str text)
{
	int fd = open(arena_cz(a, path), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) return ERR(a, ERR_UNAVAILABLE, NULL, "%.*s: %s", STR_FMT(path), strerror(errno));
	ssize_t n = write(fd, text.p, text.n);
	close(fd);
	return n == (ssize_t)text.n ? NULL : ERR(a, ERR_UNAVAILABLE, NULL, "cannot write %.*s", STR_FMT(path));
}

/* --- all of it -------------------------------------------------------------------------------------------------------------- */

static struct err *fill(struct making *m, struct buf *out)
{
	struct instant from, to;
	must(instant_parse(STR(FROM), &from) && instant_parse(STR(TO), &to));
	TRY(make_accounts(m));
	int64_t begun = monotonic_us();
	m->cases = (struct bench_cases){ .town = m->town,
		.arena = m->arena,
		.count = m->options->cases,
		.clerk_id = m->clerk,
		.keeps_jobs = m->options->keeps_jobs,
		.from = from,
		.to = to };
	TRY(bench_cases_file(&m->cases));
	double s = (double)(monotonic_us() - begun) / 1e6;
	buf_printf(out, "%lld cases in %.1f s, %.0f a second\n", (long long)m->options->cases, s,
		(double)m->options->cases / s);
	TRY(town_clock_set(m->town, m->arena, to));
	TRY(writer_run(m->town->writer, m->arena, session_commit, m));
	if (m->options->files > 0) TRY(send_files(m));
	return bench_write(m->arena, arena_printf(m->arena, "%.*s/bench.json", STR_FMT(m->options->data)),
		describe(m));
}

struct err *bench_fill(struct arena *a, const struct bench_fill *o, struct buf *out)
{
	struct installation_town *entry = ARENA_NEW(a, struct installation_town);
	static struct str hosts[] = { { "127.0.0.1", 9 }, { "localhost", 9 } };
	entry->hosts = hosts;
	entry->host_count = 2;
	entry->folder = STR("leon");
	entry->public_url = arena_printf(a, "http://127.0.0.1:%d", o->port);
	struct town_options options = { .folder = arena_printf(a, "%.*s/leon", STR_FMT(o->data)),
		.hosts = entry->hosts,
		.host_count = entry->host_count,
		.public_url = entry->public_url };
	struct instant start;
	must(instant_parse(STR(FROM), &start));
	if (mkdir(arena_cz(a, o->data), 0700) != 0 && errno != EEXIST)
		return ERR(a, ERR_UNAVAILABLE, NULL, "%.*s: %s", STR_FMT(o->data), strerror(errno));
	TRY(town_create(a, &options, arena_printf(a, "%.*s/leon", STR_FMT(o->packs)), start));
	struct making m = { .arena = a, .options = o };
	TRY(town_open(a, &options, &m.town));
	struct err *e = err_copy(a, fill(&m, out));
	town_close(m.town);
	return e ? e : installation_add(a, o->data, entry);
}
