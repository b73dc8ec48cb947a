#include "app/account.h"
#include "app/demo/acts.h"
#include "app/demo/demo.h"
#include "core/codes/code.h"
#include "core/job/job.h"
#include "core/job/queries.h"
#include "core/mail/mail.h"

/* Five weeks. */
#define RECENT_MS (INT64_C(35) * 24 * 3600 * 1000)
#define MAILS_FOLDER "correo"
enum { WORK_ARENA_MAX = 512 * 1024 * 1024, PROCEDURES_MAX = 200, CODES_SHOWN = 3 };

struct demo_account {
	const char *login, *name, *post, *role;
	const char *department; /* whose cases they see, by its id in the pack; "": all */
};
static const struct demo_account leon_accounts[] = {
	{ "ana", "Ana Belén Rocha", "Analista de Desarrollo Urbano", "clerk", "desarrollo-urbano" },
	{ "irma", "Irma Solís", "Analista de Desarrollo Urbano", "clerk", "desarrollo-urbano" },
	{ "celia", "Celia Ponce", "Analista de Catastro", "clerk", "catastro" },
	{ "omar", "Omar Villaseñor", "Director de Desarrollo Urbano", "officer", "" },
	{ "carmen", "Carmen Lira", "Ventanilla", "counter", "" },
	{ "julio", "Julio Bravo", "Caja", "cashier", "" },
	{ "admin", "Alma Reyes", "Sistemas", "administrator", "" },
	{ 0 },
};
static const struct demo_account barakaldo_accounts[] = {
	{ "ana", "Ana Larrea", "Administrativa", "clerk", "" },
	{ "omar", "Omar Zabala", "Jefe de sección", "officer", "" },
	{ "carmen", "Carmen Ugarte", "Servicio de Atención Ciudadana", "counter", "" },
	{ "julio", "Julio Prieto", "Tesorería", "cashier", "" },
	{ "admin", "Alma Elorza", "Sistemas", "administrator", "" },
	{ 0 },
};

struct demo_town {
	const char *slug, *hosts[2];
	const char *public_host;
	const char *start, *end; /* of the virtual time that has passed when it opens */
	int share;               /* of the cases, in percent */
	uint64_t seed;
	const struct demo_account *accounts;
};
static const struct demo_town demo_towns[] = {
	{ "leon", { "127.0.0.1", "localhost" }, "127.0.0.1", "2026-05-25T08:00:00-06:00",
		"2026-11-24T10:42:00-06:00", 100, 1576, leon_accounts },
	{ "barakaldo", { "barakaldo.localhost", NULL }, "barakaldo.localhost", "2026-09-01T08:00:00+02:00",
		"2026-11-24T10:42:00+01:00", 10, 1500, barakaldo_accounts },
};

struct making {
	struct arena *arena, *work;
	struct town *town;
	const struct demo_town *plan;
	struct buf *out;
	struct story_staff staff;
	struct dice dice;
	struct acting acting;
	const struct procedure *procedures[PROCEDURES_MAX];
	size_t procedure_count;
	struct story *stories;
	int story_count;
	struct planned *next; /* what happens, in order of time */
	struct mail_settings mail;
	struct instant mails_from; /* older notices would only make a heap of files */
};

struct planned {
	struct instant at;
	enum act act;
	struct story *story;
	struct planned *next;
};

static void note_staff(struct story_staff *staff, const struct demo_account *row, int64_t id)
{
	if (strcmp(row->role, "clerk") == 0) {
		must(staff->clerk_count < STORY_CLERKS_MAX);
		staff->clerks[staff->clerk_count++] = (struct story_clerk){ id, str_of(row->department) };
	}
	if (strcmp(row->role, "officer") == 0) staff->officer = id;
	if (strcmp(row->role, "counter") == 0) staff->counter = id;
	if (strcmp(row->role, "cashier") == 0) staff->cashier = id;
}

static struct err *make_accounts(struct making *m)
{
	for (const struct demo_account *row = m->plan->accounts; row->login; row++) {
		struct account account = { .login = str_of(row->login),
			.name = str_of(row->name),
			.post = str_of(row->post),
			.password = STR(DEMO_PASSWORD),
			.department = str_of(row->department),
			.roles = { str_of(row->role) },
			.role_count = 1 };
		int64_t id;
		TRY(account_add(m->town, m->arena, &account, &id));
		note_staff(&m->staff, row, id);
	}
	const struct offices *offices = &town_pack(m->town)->offices;
	m->staff.office = offices->count > 0 ? offices->items[0].id : STR("");
	return NULL;
}

/* --- what happens ------------------------------------------------------------------------------------------------- */

static struct err *find_procedures(struct making *m)
{
	const struct procedures *all = &town_pack(m->town)->procedures;
	for (size_t i = 0; i < all->count && m->procedure_count < PROCEDURES_MAX; i++) {
		const struct procedure *p = all->items[i];
		if (p->is_online && p->form.pages.count > 0) m->procedures[m->procedure_count++] = p;
	}
	if (m->procedure_count == 0)
		return ERR(m->arena, ERR_INVALID, NULL, "the pack has no procedure that can be filed online");
	return NULL;
}

/* The procedures that the town calls most used are, and in that order. */
static const struct procedure *draw_procedure(struct making *m)
{
	static const int weights[] = { 3, 40, 16, 12, 9, 8, 6 }; /* by rank; 0: none */
	int sum = 0;
	for (int pass = 0; pass < 2; pass++) {
		int64_t left = pass == 1 ? dice_below(&m->dice, sum) : 0;
		for (size_t i = 0; i < m->procedure_count; i++) {
			int rank = m->procedures[i]->most_used;
			int weight = weights[rank > 0 && rank < (int)(sizeof(weights) / sizeof(weights[0])) ? rank : 0];
			sum += pass == 0 ? weight : 0;
			left -= pass == 1 ? weight : 0;
			if (pass == 1 && left < 0) return m->procedures[i];
		}
	}
	return m->procedures[0];
}

static void plan(struct making *m, struct story *story, enum act act, struct instant at)
{
	struct planned *p = ARENA_NEW(m->arena, struct planned);
	*p = (struct planned){ at, act, story, NULL };
	struct planned **place = &m->next;
	while (*place && (*place)->at.ms <= at.ms)
		place = &(*place)->next;
	p->next = *place;
	*place = p;
}

/* Filings are spread over the time, at hours when people do such things. */
static void plan_filings(struct making *m, struct instant start, struct instant end, int count)
{
	m->stories = ARENA_ARRAY(m->arena, struct story, (size_t)count);
	int64_t slot = (end.ms - start.ms) / count;
	for (int i = 0; i < count; i++) {
		const struct procedure *p = draw_procedure(m);
		struct story *story = &m->stories[m->story_count++];
		struct instant at = { start.ms + slot * i + dice_below(&m->dice, slot) };
		*story = story_draw(&m->dice, i + 1, p, &m->staff, end.ms - at.ms < RECENT_MS);
		struct date day = zone_date(m->town->zone, at);
		at.ms = zone_day_start(m->town->zone, day).ms + dice_between(&m->dice, 7 * 60, 22 * 60) * 60000;
		if (story->is_at_counter) at = story_office_time(&m->dice, m->town, at);
		if (at.ms >= start.ms) plan(m, story, ACT_BEGIN, at);
	}
}

static struct err *run_planned(struct making *m, const struct planned *now)
{
	int ran;
	arena_reset(m->work);
	TRY(town_clock_set(m->town, m->work, now->at));
	m->town->mail = now->at.ms >= m->mails_from.ms ? &m->mail : NULL;
	TRY(act_run(&m->acting, m->work, now->story, now->act));
	TRY(jobs_drain(m->town, m->work, &ran));
	struct instant at;
	enum act next = story_next(&m->dice, m->town, now->story, now->act, now->at, &at);
	if (next != ACT_NONE) plan(m, now->story, next, at);
	return NULL;
}

/* A demonstration with a job that gave up is not shown to anyone. */
static struct err *check_jobs(struct making *m)
{
	struct db *db;
	struct job_dead_list_rows dead;
	TRY(town_connect(m->town, m->arena, &db));
	struct err *e = job_dead_list(db, m->arena, &dead);
	db_close(db);
	TRY(e);
	if (dead.count == 0) return NULL;
	return ERR(m->arena, ERR_INTERNAL, NULL, "%zu jobs gave up, the first %.*s: %.*s", dead.count,
		STR_FMT(dead.items[0].kind), STR_FMT(dead.items[0].last_error));
}

static struct err *run_all(struct making *m, struct instant end)
{
	while (m->next && m->next->at.ms < end.ms) {
		struct planned *now = m->next;
		m->next = now->next;
		TRY(run_planned(m, now));
	}
	int ran;
	TRY(town_clock_set(m->town, m->work, end));
	TRY(jobs_drain(m->town, m->work, &ran));
	return check_jobs(m);
}

/* --- what is printed -------------------------------------------------------------------------------------------------- */

static void say_codes(struct making *m)
{
	int shown = 0;
	for (int i = m->story_count - 1; i >= 0 && shown < CODES_SHOWN; i--) {
		const struct story *s = &m->stories[i];
		if (!s->case_id) continue;
		buf_printf(m->out, "  %-18.*s status code %.*s   key %.*s\n", STR_FMT(s->number),
			STR_FMT(code_format(m->arena, s->status_code)), STR_FMT(code_format(m->arena, s->key)));
		shown++;
	}
}

static struct err *say_town(struct making *m, int port)
{
	struct str token;
	TRY(account_token(m->town, m->arena, STR("omar"), STR("demo"), 365, &token));
	buf_printf(m->out, "\n%.*s   http://%s:%d/\n", STR_FMT(text_in(town_pack(m->town)->name, STR("es"))),
		m->plan->public_host, port);
	buf_printf(m->out, "  staff: http://%s:%d/oficina   password of all: %s\n", m->plan->public_host, port,
		DEMO_PASSWORD);
	for (const struct demo_account *row = m->plan->accounts; row->login; row++)
		buf_printf(m->out, "    %-8s %-14s %s\n", row->login, row->role, row->name);
	buf_printf(m->out, "  API token (omar's rights): %.*s\n", STR_FMT(token));
	say_codes(m);
	buf_printf(m->out, "  mails to citizens: %s/%s/*.eml in the data folder\n", MAILS_FOLDER, m->plan->slug);
	return NULL;
}

/* --- towns -------------------------------------------------------------------------------------------------------------- */

static struct err *fill_town(struct making *m, int cases, int port)
{
	struct instant start, end;
	must(instant_parse(str_of(m->plan->start), &start) && instant_parse(str_of(m->plan->end), &end));
	m->mails_from = (struct instant){ end.ms - RECENT_MS };
	TRY(find_procedures(m));
	TRY(make_accounts(m));
	plan_filings(m, start, end, cases * m->plan->share / 100 + 1);
	TRY(run_all(m, end));
	return say_town(m, port);
}

static struct err *make_town(struct arena *a, const struct demo_options *o,
	const struct demo_town *plan_of_town, const struct press *press, struct buf *out)
{
	struct installation_town *entry = ARENA_NEW(a, struct installation_town);
	struct str folder = arena_printf(a, "%.*s/%s", STR_FMT(o->data), plan_of_town->slug);
	entry->hosts = ARENA_ARRAY(a, struct str, 2);
	for (int i = 0; i < 2 && plan_of_town->hosts[i]; i++)
		entry->hosts[entry->host_count++] = str_of(plan_of_town->hosts[i]);
	entry->folder = str_of(plan_of_town->slug);
	entry->public_url = arena_printf(a, "http://%s:%d", plan_of_town->public_host, o->port);
	struct town_options options = { .folder = folder,
		.hosts = entry->hosts,
		.host_count = entry->host_count,
		.public_url = entry->public_url,
		.press = press };
	struct str pack = arena_printf(a, "%.*s/%s", STR_FMT(o->packs), plan_of_town->slug);
	struct instant start;
	must(instant_parse(str_of(plan_of_town->start), &start));
	TRY(town_create(a, &options, pack, start));
	entry->has_mail = true;
	entry->mail = (struct mail_settings){ .folder = arena_printf(a, "%s/%s", MAILS_FOLDER,
											  plan_of_town->slug),
		.from = arena_printf(a, "avisos@%s.example", plan_of_town->slug),
		.reply_to = arena_printf(a, "ventanilla@%s.example", plan_of_town->slug) };
	struct making m = { .arena = a,
		.mail = entry->mail,
		.plan = plan_of_town,
		.out = out,
		.dice = dice_of(plan_of_town->seed) };
	m.mail.folder = arena_printf(a, "%.*s/%.*s", STR_FMT(o->data), STR_FMT(entry->mail.folder));
	TRY(town_open(a, &options, &m.town));
	m.work = arena_new(WORK_ARENA_MAX);
	m.acting = (struct acting){ m.town, &m.dice, &m.staff, a };
	struct err *e = fill_town(&m, o->cases, o->port);
	e = err_copy(a, e);
	town_close(m.town);
	arena_free(m.work);
	return e ? err_wrap(a, e, "making %s", plan_of_town->slug) : installation_add(a, o->data, entry);
}

struct err *demo_make(struct arena *a, const struct demo_options *options, struct buf *out)
{
	struct installation none = { 0 };
	struct press *press;
	TRY(installation_press(&none, a, &press));
	for (size_t i = 0; i < sizeof(demo_towns) / sizeof(demo_towns[0]); i++)
		TRY(make_town(a, options, &demo_towns[i], press, out));
	return NULL;
}
